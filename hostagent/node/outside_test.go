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
	step := func(ev Event) []Effect { t.Helper(); return drive(t, n, now, ev) }
	look := look(0)
	look.Observation.Guests = []hostagent.Guest{{ID: "g1", Name: "web", State: hostagent.Running}}
	step(look)
	step(peer.Outsiders{List: []peer.Outsider{{Peer: "south", Why: "of another owner"}}})
	step(peer.Link{Peer: "b", Up: true})
	order := func(id uint64, to hostagent.HostID) string {
		t.Helper()
		for _, e := range step(hostagent.Ordered{ID: id, Order: hostagent.MoveGuest{Guest: "g1", Target: to}}) {
			if done, ok := e.(hostagent.OrderDone); ok {
				return done.Err
			}
		}
		return "begun"
	}
	for range 20 { // two incarnations in turn
		step(peer.Greeted{Peer: "b", Life: 7})
		step(peer.Greeted{Peer: "b", Life: 9})
		now += lcc.Instant(time.Second)
	}
	if got := order(1, "b"); !strings.Contains(got, "two agents run with the key") {
		t.Errorf("an operator's move there: %q", got)
	}
	if got := order(2, "south"); got != "of another owner" {
		t.Errorf("a move to another owner's host: %q", got)
	}
	now += lcc.Instant(3 * time.Minute)
	step(Woken{})
	if got := order(3, "b"); strings.Contains(got, "two agents") {
		t.Errorf("after one agent was left: %q", got)
	}
}
