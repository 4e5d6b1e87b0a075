package peer

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/lcc"
)

// version returns a text that differs between versions by a fact: a caller that tells a
// witness how its call ended.
func version(t *testing.T, number int) *lcc.Model {
	t.Helper()
	model, diagnostics := lcc.Compile("calls", fmt.Appendf(nil, `
r(caller, initial). r(echo, necessary). r(witness, necessary).
version(%d).
a(caller, C) ::
    one => a(echo, E) then
    (
        (one <= a(echo, E) then two => a(echo, E) then
            ((two <= a(echo, E) then said(well) => a(witness, _))
            or (null <- failed(E, Why) then said(Why) => a(witness, _))
            or (null <- timeout(60))))
        or (null <- failed(E, Why) then said(Why) => a(witness, _))
        or (null <- timeout(60))
    )
a(echo, E) ::
    one <= a(caller, C) then one => a(caller, C) then
    ((two <= a(caller, C) then two => a(caller, C)) or (null <- failed(C)) or (null <- timeout(60)))
a(witness, W) :: said(_) <= a(caller, _)
`, number), nil)
	if model == nil {
		t.Fatal(diagnostics)
	}
	return model
}

func offers(m *lcc.Model) Enact { return Enact{Model: m, Subscribe: []string{"echo", "witness"}} }

// until delivers until the log has a line.
func (n *net) until(line string) {
	n.t.Helper()
	for !strings.Contains(strings.Join(n.log, "\n"), line) {
		if len(n.queue) == 0 {
			n.t.Fatalf("got %v, want a line %q", n.log, line)
		}
		n.deliver(0)
	}
}

// TestRetire: a model that is being left finishes what has begun, then rests, and
// begins nothing new.
func TestRetire(t *testing.T) {
	n, _ := newNet(t, "alice", "bob", "carl")
	old := version(t, 1)
	bob := n.peers["bob"].core
	n.step("bob", offers(old))
	n.step("carl", offers(old))
	n.settle()
	n.step("alice", Enact{Model: old, Start: caller()})
	n.until("receive one")
	callee := lcc.PeerID("bob")
	if strings.Contains(strings.Join(n.log, "\n"), "carl receive one") {
		callee = "carl"
	}
	core := n.peers[callee].core
	if core.Resting(old.Digest()) || n.peers["alice"].core.Resting(old.Digest()) {
		t.Error("in the middle of a call: got that it rests")
	}
	n.step(callee, Retire{Models: []lcc.Digest{old.Digest(), version(t, 9).Digest()}})
	n.settle()
	n.has("alice receive two", "alice send said(well)", "alice ended done", string(callee)+" ended done")
	if !core.Resting(old.Digest()) || !bob.Resting(version(t, 9).Digest()) {
		t.Error("after the call: got that it does not rest")
	}
	n.pass(time.Second)
	for range 3 { // of the two only the other one is found
		n.log = nil
		n.step("alice", Enact{Model: old, Start: caller()})
		n.settle()
		n.has("alice send said(well)")
		if strings.Contains(strings.Join(n.log, "\n"), string(callee)+" receive one") {
			t.Errorf("got %v, want that %s, which leaves the model, is not called", n.log, callee)
		}
	}
	n.step(callee, Enact{Model: old})
	n.pass(time.Second)
	if got := len(core.Enacted()); got != 1 {
		t.Errorf("enacted again: got %d models, want 1", got)
	}
	for _, k := range n.peers["alice"].core.Known() {
		if k.Peer == callee && (len(k.Plays) != 1 || len(k.Plays[0].Roles) != 2) {
			t.Errorf("enacted again: got %v advertised, want both roles", k.Plays)
		}
	}
}

// TestRetiredBeginsNothing: a caller with an old advert gets the reply that no agent
// plays the role.
func TestRetiredBeginsNothing(t *testing.T) {
	n, _ := newNet(t, "alice", "bob", "carl")
	old := version(t, 1)
	n.step("bob", offers(old))
	n.step("carl", Enact{Model: old, Subscribe: []string{"witness"}})
	n.settle()
	n.step("bob", Retire{Models: []lcc.Digest{old.Digest()}})
	n.queue = nil // alice does not know of it
	n.step("alice", Enact{Model: old, Start: caller()})
	n.settle()
	n.has("carl receive said(not_playing)", "alice ended done")
}

// TestVersionsMeet: one partner has the new policy and the other the old one: to both
// texts that is a partner that failed, and no error.
func TestVersionsMeet(t *testing.T) {
	old, fresh := version(t, 1), version(t, 2)
	for _, c := range []struct {
		name      string
		enacts    *lcc.Model // by alice, who calls
		witnesses *lcc.Model
	}{{"the caller is behind", old, old}, {"the caller is ahead", fresh, fresh}} {
		n, _ := newNet(t, "alice", "bob", "carl")
		n.step("carl", Enact{Model: c.witnesses, Subscribe: []string{"witness"}})
		n.step("bob", offers(c.enacts))
		n.settle()
		// bob's other version is in force, and alice does not know of it.
		other := fresh
		if c.enacts == fresh {
			other = old
		}
		n.step("bob", offers(other))
		n.step("bob", Retire{Models: []lcc.Digest{c.enacts.Digest()}})
		n.step("bob", Withdraw{Model: c.enacts.Digest()})
		n.queue = nil
		n.step("alice", Enact{Model: c.enacts, Start: caller()})
		n.settle()
		n.has("alice ended done", "carl receive said(other_model)")
	}
}

// TestVersionChangesMeanwhile: a switch during a call is a partner that failed, too.
func TestVersionChangesMeanwhile(t *testing.T) {
	n, _ := newNet(t, "alice", "bob", "carl")
	old := version(t, 1)
	n.step("bob", offers(old))
	n.step("carl", Enact{Model: old, Subscribe: []string{"witness"}})
	n.settle()
	n.step("alice", Enact{Model: old, Start: caller()})
	n.until("alice receive one")
	n.step("bob", Withdraw{Model: old.Digest()})
	n.step("bob", offers(version(t, 2)))
	n.settle()
	n.pass(time.Minute)
	n.has("alice ended done")
	if log := strings.Join(n.log, "\n"); !strings.Contains(log, "said(other_model)") && !strings.Contains(log, "said(failed)") {
		t.Errorf("got %v, want that alice says how it failed", n.log)
	}
}
