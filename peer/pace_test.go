package peer

import (
	"testing"
	"time"

	"parley/lcc"
)

// TestPace: in a large group a peer advertises less often and waits longer for the
// others; when the group is small again both return to normal.
func TestPace(t *testing.T) {
	n, model := newNet(t, "a")
	core := n.peers["a"].core
	step := func(at time.Duration, ev Event) (published bool) {
		t.Helper()
		effects, err := core.Step(lcc.Instant(at)+1, ev)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range effects {
			if _, ok := e.(Publish); ok {
				published = true
			}
		}
		return published
	}
	count := func(from, to time.Duration) (times int) {
		for at := from; at < to; at += 100 * time.Millisecond {
			if step(at, Woken{}) {
				times++
			}
		}
		return times
	}
	suspected := func() bool { return core.Known()[0].Suspected }
	step(0, Enact{Model: model, Subscribe: []string{"echo"}})
	step(0, Grouped{Hosts: 2})
	if got := count(0, time.Minute); got < 12 || got > 14 {
		t.Errorf("of two hosts: got %d adverts in a minute, want one every 5 s or somewhat less", got)
	}
	step(time.Minute, Grouped{Hosts: 128})
	step(time.Minute, Heard{Advert{Peer: "b", Incarnation: 1, Seq: 1}})
	if got := count(time.Minute, 2*time.Minute); got < 3 || got > 5 {
		t.Errorf("of 128 hosts: got %d adverts in a minute, want one every 20 s or somewhat less", got)
	}
	if suspected() {
		t.Error("a host of a large group is suspected after a minute: its adverts come every 20 s")
	}
	count(2*time.Minute, 2*time.Minute+15*time.Second)
	if !suspected() {
		t.Error("a host that has missed three adverts is not suspected")
	}
	step(3*time.Minute, Heard{Advert{Peer: "b", Incarnation: 1, Seq: 2}})
	step(3*time.Minute, Grouped{Hosts: 3})
	if got := count(3*time.Minute, 4*time.Minute); got < 12 || got > 15 {
		t.Errorf("of three hosts: got %d adverts in a minute, want one every 5 s again", got)
	}
	if !suspected() {
		t.Error("a host that has been silent for a minute is not suspected: its group is small again")
	}
}
