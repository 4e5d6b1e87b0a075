package chain

import (
	"crypto/rand"
	"testing"
	"time"

	"parley/models/publish/bundle"
)

// beaten is a follower, with whoever has the key of its publisher's heartbeats.
type beaten struct {
	t    *testing.T
	f    *Follower
	beat bundle.Private
	now  time.Time
}

func newBeaten(t *testing.T) *beaten {
	t.Helper()
	owner, err := bundle.NewPrivate(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	beat, err := bundle.NewPrivate(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	root := bundle.Root{
		Version: 1, Threshold: 1,
		Keys:  []bundle.Key{{Name: "ann", Public: owner.Public()}},
		Beats: []bundle.Key{{Name: "beat", Public: beat.Public()}},
	}
	f, err := New(Options{
		Anchor: bundle.Anchor{Publisher: "north", Root: root}, Self: "me",
		Verify: func(string, []byte, []byte) bool { return true }, Sign: func([]byte) []byte { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	b := &beaten{t: t, f: f, beat: beat, now: time.Unix(1_800_000_000, 0)}
	b.step(Started{})
	b.step(Peers{IDs: []string{"p1", "p2", "p3"}})
	return b
}

// step hands in an event, answers each pull with nothing, and counts them.
func (b *beaten) step(ev Event) (pulls int) {
	b.t.Helper()
	effects, err := b.f.Step(b.now, ev)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, e := range effects {
		switch e := e.(type) {
		case Pull:
			pulls += 1 + b.step(Pulled{From: e.From})
		case Keep:
			pulls += b.step(Kept{})
		}
	}
	return pulls
}

// minutes lets time pass; before each minute the key says something.
func (b *beaten) minutes(n int, before func(minute int)) (pulls int) {
	b.t.Helper()
	for minute := range n {
		if before != nil {
			before(minute)
		}
		for range 60 {
			b.now = b.now.Add(time.Second)
			pulls += b.step(Woken{})
		}
	}
	return pulls
}

func (b *beaten) says(from string, version uint64) {
	b.t.Helper()
	h := bundle.Heartbeat{Publisher: "north", Version: version, Digest: bundle.DigestOf([]byte("x")), At: b.now.Unix()}
	b.step(Beat{From: from, Heartbeat: h.Sign(b.beat)})
}

// The key of heartbeats can do nothing else: what it says of releases to come is believed
// one ahead and for a while, and costs a few questions in an hour.
func TestHeartbeatsOfReleasesToComeAreBelievedForAWhile(t *testing.T) {
	quiet := newBeaten(t).minutes(30, nil)
	b := newBeaten(t)
	pulls := b.minutes(30, func(minute int) {
		b.says([]string{"p1", "p2", "p3"}[minute%3], 1<<63+uint64(minute))
		if got := b.f.Status().Lagging; minute < 9 && got != 1 || minute > 11 && got != 0 {
			t.Errorf("in minute %d this host lags behind release %d", minute, got)
		}
	})
	if pulls > quiet+8 {
		t.Errorf("%d pulls in half an hour of such heartbeats, want at most %d: as many as without, and a few at the first", pulls, quiet+8)
	}
}
