package node

import (
	"testing"
	"time"

	"parley/hostagent"
	"parley/lcc"
	"parley/peer"
)

// taking is a model with a role that takes guests and one that does not.
const taking = `
r(idle, initial).
r(open, necessary).
r(watching, necessary).
r(asking, auxiliary).
a(idle, ID) :: a(open, ID) par a(watching, ID)
a(open, ID) ::
    ask(G, Need) <= a(asking, S) then
    ((yes(D) => a(asking, S) <- reserve(G, Need, S, D)) or no => a(asking, S)) then a(open, ID)
a(watching, ID) :: hello <= a(asking, _) then a(watching, ID)
a(asking, ID) :: ask(g, need(1, 1)) => a(open, T) then (yes(_) <= a(open, T) or no <= a(open, T)) then hello => a(watching, T)
`

// While its operator drains or pauses a host others do not hear that it plays a role
// that takes guests. Of other roles they do.
func TestDrainedHostIsNotFound(t *testing.T) {
	model, diagnostics := lcc.Compile("taking", []byte(taking), hostagent.Vocabulary())
	if model == nil {
		t.Fatal(diagnostics)
	}
	n := newNode(t)
	now := lcc.Instant(1)
	drive(t, n, now, look(0))
	offered := map[string]bool{}
	hear := func(effects []Effect) {
		for _, e := range effects {
			publish, ok := e.Peer.(peer.Publish)
			if !ok {
				continue
			}
			clear(offered)
			for _, play := range publish.Advert.Plays {
				for _, role := range play.Roles {
					offered[role.String()] = true
				}
			}
		}
	}
	hear(drivePeer(t, n, now, peer.Enact{Model: model, Start: []lcc.Start{{Role: lcc.Atom("idle")}}}))
	for i, c := range []struct {
		name string
		set  hostagent.Settings
		open bool
	}{
		{"at first", hostagent.Settings{}, true},
		{"drained", hostagent.Settings{Drained: true}, false},
		{"neither", hostagent.Settings{}, true},
		{"paused", hostagent.Settings{Paused: true}, false},
	} {
		now += lcc.Instant(time.Second)
		hear(drive(t, n, now, hostagent.Ordered{ID: uint64(i), Order: hostagent.Set{Settings: c.set}}))
		now += lcc.Instant(time.Second)
		hear(wake(t, n, now))
		if offered["open"] != c.open || !offered["watching"] {
			t.Errorf("%s: got that it plays %v, want open %v, and watching", c.name, offered, c.open)
		}
	}
}
