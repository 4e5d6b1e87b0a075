package libp2p

import (
	"crypto/rand"
	"log/slog"
	"sync"
	"time"

	p2p "github.com/libp2p/go-libp2p/core/peer"
)

// twin tracks another process that runs with this host's key.
type twin struct {
	own challenge // to be signed by the other process
	log *slog.Logger

	mu       sync.Mutex
	latest   Twin
	reported time.Time
}

// Twin is another process with the key of this host.
type Twin struct {
	Incarnation uint64 // 0: not known
	At          time.Time
}

const (
	// twinFor is how long a sign of another process counts.
	twinFor = 2 * time.Minute
	// twinEvery is the interval of the log messages while there are signs.
	twinEvery = 10 * time.Minute
)

func newTwin(log *slog.Logger) *twin {
	t := &twin{log: log}
	_, _ = rand.Read(t.own[:]) // it never fails
	return t
}

// shown handles the alleged signature of another process. It counts only as a signature
// of this process's challenge with this host's key.
func (t *twin) shown(h *Host, w witness, by p2p.ID) {
	if w.incarnation == 0 || w.incarnation == h.o.Incarnation || !h.signer.Verify(nameOf(h.self), w.text(t.own), w.signature[:]) {
		return
	}
	t.seen(w.incarnation, "shown by", by.String())
}

// seen records a sign of the other process, and where it came from.
func (t *twin) seen(incarnation uint64, what, from string) {
	now := time.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if incarnation == 0 && now.Sub(t.latest.At) < twinFor {
		incarnation = t.latest.Incarnation
	}
	t.latest = Twin{incarnation, now}
	if now.Sub(t.reported) < twinEvery {
		return
	}
	t.reported = now
	t.log.Error("another agent runs with the key of this host, such as that of a cloned machine: no policy of the other hosts "+
		"chooses either; stop one of the two, or move its key away, so that it makes one of its own, and list that", "event", "key_doubled",
		"incarnation", incarnation, what, from)
}

// Twin returns the other process with this host's key, when there was a recent sign of
// it.
func (h *Host) Twin() (Twin, bool) {
	h.twin.mu.Lock()
	defer h.twin.mu.Unlock()
	latest := h.twin.latest
	return latest, !latest.At.IsZero() && time.Since(latest.At) < twinFor
}
