package node

import (
	"strings"
	"testing"
	"time"

	"parley/hostagent"
	"parley/lcc"
	"parley/peer"
)

// No deal begins with a host of which two agents run, not even an operator's, until one
// of them is left; that of the hosts of other owners is as before.
func TestNoDealWithAHostThatRunsTwice(t *testing.T) {
	n := newNode(t)
	now := lcc.Instant(1)
	step := func(ev hostagent.Event) []Effect { t.Helper(); return drive(t, n, now, ev) }
	stepPeer := func(ev peer.Event) { t.Helper(); drivePeer(t, n, now, ev) }
	look := look(0)
	look.Observation.Guests = []hostagent.Guest{{ID: "g1", Name: "web", State: hostagent.Running}}
	step(look)
	stepPeer(peer.Outsiders{List: []peer.Outsider{{Peer: "south", Why: "of another owner"}}})
	stepPeer(peer.Link{Peer: "b", Up: true})
	order := func(id uint64, to hostagent.HostID) string {
		t.Helper()
		for _, e := range step(hostagent.Ordered{ID: id, Order: hostagent.MoveGuest{Guest: "g1", Target: to}}) {
			if done, ok := e.Host.(hostagent.OrderDone); ok {
				return done.Why.Detail
			}
		}
		return "begun"
	}
	for range 20 { // two incarnations in turn
		stepPeer(peer.Greeted{Peer: "b", Incarnation: 7})
		stepPeer(peer.Greeted{Peer: "b", Incarnation: 9})
		now += lcc.Instant(time.Second)
	}
	if got := order(1, "b"); !strings.Contains(got, "two agents run with the key") {
		t.Errorf("an operator's move there: %q", got)
	}
	if got := order(2, "south"); got != "of another owner" {
		t.Errorf("a move to another owner's host: %q", got)
	}
	now += lcc.Instant(3 * time.Minute)
	wake(t, n, now)
	if got := order(3, "b"); strings.Contains(got, "two agents") {
		t.Errorf("after one agent was left: %q", got)
	}
}

// All that a host sends names the same incarnation of it: else whoever hears its models
// and its host agent would take them for two agents with one key.
func TestAllFramesNameTheIncarnation(t *testing.T) {
	n, err := New(Options{Self: "a", Incarnation: 7, Host: hostagent.DefaultConfig()})
	if err != nil {
		t.Fatal(err)
	}
	look := look(0)
	look.Observation.Guests = []hostagent.Guest{{ID: "g1", Name: "web", State: hostagent.Running}}
	drive(t, n, 1, look)
	drivePeer(t, n, 1, peer.Link{Peer: "b", Up: true})
	sent := 0
	for _, e := range drive(t, n, 1, hostagent.Ordered{ID: 1, Order: hostagent.MoveGuest{Guest: "g1", Target: "b"}}) {
		if e, ok := e.Peer.(peer.Transmit); ok {
			if sent++; e.Frame.Incarnation != 7 {
				t.Errorf("a frame names incarnation %d, want 7", e.Frame.Incarnation)
			}
		}
	}
	if sent == 0 {
		t.Error("nothing was sent")
	}
}
