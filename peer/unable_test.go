package peer

import (
	"slices"
	"strings"
	"testing"
	"time"

	"parley/lcc"
	"parley/lcc/vocabulary"
)

// givingModel has a giver that offers two things, one after the other, to a taker that
// it finds, and a taker that needs the host's action for it.
const givingModel = `
r(giver, initial).
r(idle, initial).
r(taker, necessary).
a(giver, G) ::
    offer => a(taker, T) then
    (
        (taken <= a(taker, T) then more => a(taker, T) then enough <= a(taker, T))
        or (null <- failed(T, Why) and k(lost(Why)))
        or (null <- timeout(60))
    )
a(idle, T) :: a(taker, T)
a(taker, T) ::
    offer <= a(giver, G) then hold(G) then taken => a(giver, G) then
    more <= a(giver, G) then enough => a(giver, G) then a(idle, T)
`

// giving is a world in which bob takes what alice and carl give.
func giving(t *testing.T) (*net, *lcc.Model) {
	t.Helper()
	vocabulary := &vocabulary.Set{Predicates: []vocabulary.Signature{{Name: "hold", Acts: true,
		Params: []vocabulary.Param{{Name: "Of", Mode: vocabulary.In}}}}}
	model, diagnostics := lcc.Compile("giving", []byte(givingModel), vocabulary)
	if model == nil {
		t.Fatal(diagnostics)
	}
	n, _ := newNet(t, "alice", "bob", "carl")
	return n, model
}

func starts(role string) []lcc.Start { return []lcc.Start{{Role: lcc.Atom(role)}} }

// plays returns the roles of another peer that a peer knows.
func (n *net) plays(at, of lcc.PeerID) (roles []string) {
	for _, known := range n.peers[at].core.Known() {
		for _, play := range known.Plays {
			for _, role := range play.Roles {
				if known.Peer == of {
					roles = append(roles, role.String())
				}
			}
		}
	}
	return roles
}

// TestUnableIsNotAdvertised: a role that needs an action that the host does not carry
// out is still played but not advertised, also when the model is enacted only then;
// when the host carries it out again, the role is advertised again.
func TestUnableIsNotAdvertised(t *testing.T) {
	for _, enactedFirst := range []bool{true, false} {
		n, model := giving(t)
		if !enactedFirst {
			n.step("bob", Unable{Action: "hold", Why: "it is drained"})
		}
		n.step("bob", Enact{Model: model, Start: starts("idle")})
		n.pass(time.Second)
		if enactedFirst {
			if got := n.plays("alice", "bob"); !slices.Contains(got, "taker") {
				t.Fatalf("at first: got that bob plays %v, want taker, too", got)
			}
			n.step("bob", Unable{Action: "hold", Why: "it is drained"})
			n.pass(time.Second)
		}
		if got := n.plays("alice", "bob"); slices.Contains(got, "taker") {
			t.Errorf("while it cannot, enacted first %v: got that bob plays %v, want not taker", enactedFirst, got)
		}
		n.step("alice", Enact{Model: model, Start: starts("giver")})
		n.pass(time.Second)
		if len(n.log) != 0 {
			t.Errorf("got %v, want that alice waits for somebody who can", n.log)
		}
		n.step("bob", Unable{Action: "hold"})
		n.pass(time.Second)
		n.has("alice send offer", "bob receive offer")
	}
}

// TestUnableRefuses: a message to such a role is refused with the reason; an unrelated
// action that is not carried out closes nothing.
func TestUnableRefuses(t *testing.T) {
	n, model := giving(t)
	n.step("bob", Enact{Model: model, Start: starts("idle")})
	n.pass(time.Second)
	n.step("bob", Unable{Action: "other", Why: "it has none"})
	n.pass(time.Second)
	n.step("bob", Unable{Action: "hold", Why: "it is drained"})
	n.step("alice", Enact{Model: model, Start: starts("giver")}) // before it knows of that
	said := ""
	for len(n.queue) > 0 {
		if r := n.queue[0].frame.Receipt; r != nil && n.queue[0].to == "alice" {
			said = r.Reason.String()
		}
		n.deliver(0)
	}
	if want := "refused: the role taker takes nothing new: it is drained"; said != want {
		t.Errorf("receipt: got %q, want %q", said, want)
	}
	n.has("alice ended done")
}

// TestUnableEndsWhatRuns: a running conversation continues to its end.
func TestUnableEndsWhatRuns(t *testing.T) {
	n, model := giving(t)
	n.step("bob", Enact{Model: model, Start: starts("idle")})
	n.pass(time.Second)
	n.step("alice", Enact{Model: model, Start: starts("giver")})
	var asked Solve
	for len(n.queue) > 0 {
		f := n.queue[0]
		if f.frame.Message == nil || f.to != "bob" {
			n.deliver(0)
			continue
		}
		n.queue = n.queue[1:]
		effects, err := n.peers["bob"].core.Step(n.now, Arrived{From: f.from, Frame: f.frame})
		if err != nil {
			t.Fatal(err)
		}
		for _, effect := range effects {
			if solve, ok := effect.(Solve); ok {
				asked = solve
			}
		}
	}
	n.step("bob", Unable{Action: "hold", Why: "it is drained"})
	n.step("bob", Solved{Model: asked.Model, Request: asked.Request, Answer: lcc.Answer{Truth: lcc.True}})
	n.settle()
	n.has("alice receive taken", "bob receive more", "alice receive enough", "alice ended done")
	if log := strings.Join(n.log, "\n"); strings.Contains(log, "lost") {
		t.Errorf("got\n%s\nwant that nothing is lost", log)
	}
}
