package libp2p

import (
	"sync"
	"testing"
	"time"

	"parley/lcc"
	"parley/peer"
)

// runner drives the core of a peer over a host, as the daemon does: one goroutine
// takes what comes and carries out what follows from it.
type runner struct {
	t       testing.TB
	host    *Host // set before start
	core    *peer.Core
	stepped func(peer.Event) // told of each event when its effects are carried out; may be nil
	began   time.Time

	mu     sync.Mutex
	queue  []peer.Event
	filled chan struct{} // holds one value while there may be events
	ended  chan struct{}
	done   chan struct{}
}

func newRunner(t testing.TB, o peer.Options) *runner {
	t.Helper()
	core, err := peer.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return &runner{t: t, core: core, began: time.Now(), filled: make(chan struct{}, 1), ended: make(chan struct{}), done: make(chan struct{})}
}

// put never blocks: the host calls it from Send too.
func (r *runner) put(ev peer.Event) {
	r.mu.Lock()
	r.queue = append(r.queue, ev)
	r.mu.Unlock()
	select {
	case r.filled <- struct{}{}:
	default:
	}
}

func (r *runner) take() []peer.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	events := r.queue
	r.queue = nil
	return events
}

func (r *runner) start() { go r.run() }

// stop ends the loop and the host.
func (r *runner) stop() {
	close(r.ended)
	<-r.done
	if err := r.host.Close(); err != nil {
		r.t.Errorf("close: %v", err)
	}
}

func (r *runner) run() {
	defer close(r.done)
	alarm := time.NewTimer(time.Hour)
	defer alarm.Stop()
	for {
		select {
		case <-r.ended:
			return
		case <-alarm.C:
			r.step(alarm, peer.Woken{})
		case <-r.filled:
			for _, ev := range r.take() {
				r.step(alarm, ev)
			}
		}
	}
}

func (r *runner) step(alarm *time.Timer, ev peer.Event) {
	effects, err := r.core.Step(r.now(), ev)
	if err != nil {
		r.t.Error(err)
	}
	for _, effect := range effects {
		switch e := effect.(type) {
		case peer.Transmit:
			r.host.Send(e.To, e.Frame)
		case peer.Publish:
			r.host.Publish(e.Advert)
		case peer.Alarm:
			alarm.Stop()
			if e.At != 0 {
				alarm.Reset(time.Duration(e.At - r.now()))
			}
		}
	}
	if r.stepped != nil {
		r.stepped(ev)
	}
}

func (r *runner) now() lcc.Instant { return lcc.Instant(time.Since(r.began)) + 1 }
