package lcc

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"parley/lcc/syntax"
	"parley/lcc/vocabulary"
)

// anythingText uses every kind of event.
const anythingText = `
	a(hub, ID) ::
		( ask(X) <= a(S, P) <- X > 1 then ( yes(X) => a(asker, P) or no => a(asker, P) <- known(tired) ) then a(hub, ID) )
		or ( null <- hot(N) and act(N, R) then a(worker(R), ID) )
		or ( a(idle, ID) <- not hot(_) )
		or ( null <- timeout(3) then a(hub, ID) )
	a(worker(R), ID) ::
		( job(R) => a(asker, W) par done <= a(asker, V) ) then
		( null <- failed(W, Why) then k(why(Why)) then a(hub, ID)
		  or act(R, Z) <- ok(Q) <= a(asker, W) then a(hub, ID)
		  or null <- timeout(2) and retract(why(Y)) then a(hub, ID)
		  or null <- timeout(5) then a(hub, ID) )
	a(idle, ID) ::
		( hello <= a(asker, A) then k(tired) then hello => a(asker, A) then a(hub, ID) )
		or ( null <- cold then a(nested(C), ID) then got(C) => a(asker, _) then a(idle, ID) )
	a(nested(C), ID) :: count(C) <= a(asker, A) or ( null <- timeout(1) and C = none )
	a(asker, ID) :: ask(2) => a(hub, H) then ( yes(X) <= a(hub, H) or no <= a(hub, H) or null <- timeout(4) )`

// anyWorld gives the answers that the test drew.
type anyWorld struct {
	answers map[string]Answer
	players []Player
}

func (w *anyWorld) Ask(goal Term) (Answer, bool) {
	name, _, _ := Name(goal)
	a, ok := w.answers[name]
	return a, ok
}

func (w *anyWorld) Players(Digest, Term) ([]Player, Truth) { return w.players, True }

// anyRun is an engine with the state derived from its effects alone.
type anyRun struct {
	engine   *Engine
	world    *anyWorld
	now      Instant
	received map[MessageID]int // 0: waits, 1: taken, 2: bounced
	sent     []Message
	asked    []RequestID
	roles    []Term
	n        uint64
}

func (r *anyRun) step(t *rapid.T, ev Event) {
	effects, err := r.engine.Step(r.now, ev)
	if err != nil {
		t.Fatalf("got the error %v at %#v", err, ev)
	}
	for _, effect := range effects {
		switch e := effect.(type) {
		case Send:
			r.sent = append(r.sent, e.Message)
		case Solve:
			r.asked = append(r.asked, e.Request)
		case Advertise:
			r.roles = e.Roles
		case Deliver:
			if r.received[e.Message] != 0 {
				t.Fatalf("got %s taken, want that only of one that waits", e.Message)
			}
			r.received[e.Message] = 1
		case Bounce:
			state, known := r.received[e.Message]
			if !known || state == 2 || state == 1 && e.Reason.Code != ReasonFailed {
				t.Fatalf("got %s back with %s in state %d", e.Message, e.Reason, state)
			}
			r.received[e.Message] = 2
		case Finish:
			if e.Reason.Code == ReasonLimit || e.Reason.Code == ReasonType {
				t.Fatalf("got an agent ended by %s", e.Reason)
			}
		}
	}
}

func (r *anyRun) message(t *rapid.T) Message {
	r.n++
	peer := rapid.SampledFrom([]PeerID{"x", "y", "z"}).Draw(t, "peer")
	id := MessageID{peer, 1, r.n}
	r.received[id] = 0
	bodies := []Term{
		NewTerm("ask", Int(2)), NewTerm("ask", Int(0)), NewTerm("ask", Atom("odd")), Atom("done"), Atom("hello"),
		NewTerm("ok", Int(1)), NewTerm("count", Int(4)), NewTerm("yes", Int(2)), Atom("no"),
	}
	return Message{
		ID: id, Conversation: ConversationID(fmt.Sprint(rapid.IntRange(0, 5).Draw(t, "conversation"))),
		From: Party{peer, 1, rapid.SampledFrom([]Term{Atom("asker"), Atom("hub")}).Draw(t, "from")},
		To: Party{"p", AgentID(rapid.IntRange(0, 4).Draw(t, "to")), rapid.SampledFrom([]Term{
			Atom("hub"), NewTerm("worker", &Var{Name: "R"}), Atom("idle"), Atom("nested"), Atom("asker"),
		}).Draw(t, "role")},
		Body: rapid.SampledFrom(bodies).Draw(t, "body"),
	}
}

func (r *anyRun) event(t *rapid.T) Event {
	switch rapid.IntRange(0, 9).Draw(t, "event") {
	case 0:
		return Start{Role: rapid.SampledFrom([]Term{Atom("hub"), Atom("asker"), NewTerm("worker", Int(1)), Atom("idle")}).Draw(t, "start")}
	case 1:
		return Subscribe{Role: "hub"}
	case 2, 3, 4:
		return Received{r.message(t)}
	case 5:
		if len(r.asked) > 0 {
			request := r.asked[0]
			r.asked = r.asked[1:]
			answer := Answer{Truth: Truth(rapid.IntRange(0, 1).Draw(t, "achieved"))}
			if rapid.Bool().Draw(t, "with") {
				answer.Solutions = [][]Term{{Int(1), Int(rapid.Int64Range(1, 2).Draw(t, "result"))}}
			}
			return Solved{request, answer}
		}
	case 6:
		r.world.answers = map[string]Answer{}
		for _, name := range []string{"hot", "cold"} {
			a := Answer{Truth: Truth(rapid.IntRange(0, 2).Draw(t, name))}
			if name == "hot" && a.Truth == True {
				a.Solutions = [][]Term{{Int(1)}, {Int(2)}}
			}
			r.world.answers[name] = a
		}
		r.world.players = nil
		if rapid.Bool().Draw(t, "players") {
			r.world.players = []Player{{Peer: "x", Role: Atom("asker")}, {Peer: "y", Role: Atom("hub")}}
		}
		return Changed{Names: []string{"hot", "cold", "player"}}
	case 7:
		r.now += Instant(rapid.Int64Range(0, 6e9).Draw(t, "time"))
	case 8:
		if len(r.sent) > 0 {
			m := r.sent[rapid.IntRange(0, len(r.sent)-1).Draw(t, "lost")]
			return Undelivered{Message: m.ID, To: m.To.Peer, Reason: Reason{Code: ReasonUnreachable}}
		}
	case 9:
		return Suspected{Peer: rapid.SampledFrom([]PeerID{"x", "y"}).Draw(t, "who"), Suspected: rapid.Bool().Draw(t, "suspected")}
	}
	return Woken{}
}

// TestAnythingMayHappen applies random events in random order: no step returns an
// error, every message is taken or bounced exactly once, the adverts match the played
// roles, and nothing remains when all agents have ended.
func TestAnythingMayHappen(t *testing.T) {
	vocabulary := &vocabulary.Set{Predicates: []vocabulary.Signature{{Name: "act", Acts: true,
		Params: []vocabulary.Param{{Mode: vocabulary.In}, {Mode: vocabulary.Out}}}}}
	file, errs := syntax.Parse("anything", []byte(anythingText))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	model := lower("anything", []byte(anythingText), file, vocabulary)
	rapid.Check(t, func(t *rapid.T) {
		world := &anyWorld{}
		e, err := New(model, Options{Self: "p", World: world, Records: rapid.Bool().Draw(t, "records"), Limits: Limits{MailboxMessages: 5}})
		if err != nil {
			t.Fatal(err)
		}
		r := &anyRun{engine: e, world: world, received: map[MessageID]int{}}
		for range rapid.IntRange(1, 60).Draw(t, "events") {
			r.step(t, r.event(t))
			r.checkRoles(t)
		}
		r.step(t, Stop{})
		for id, state := range r.received {
			if state == 0 {
				t.Fatalf("got no word of %s, want it taken or back", id)
			}
		}
		if len(e.agents.byID) > 0 || len(e.conversations) > 0 || len(e.alarms) > 0 || len(e.agents.begunBy) > 0 {
			t.Fatalf("got %v, %v, %v, %v left behind", e.agents.byID, e.conversations, e.alarms, e.agents.begunBy)
		}
		for name, agents := range e.waiting {
			if len(agents) > 0 {
				t.Fatalf("got agents left waiting for %s", name)
			}
		}
	})
}

// checkRoles compares the latest advert with the roles of the agents.
func (r *anyRun) checkRoles(t *rapid.T) {
	played := map[string]bool{}
	for role := range r.engine.subscribed {
		played[role] = true
	}
	for _, a := range r.engine.agents.byID {
		for _, role := range a.roles(newMeter(), nil) {
			played[role.String()] = true
		}
	}
	announced := map[string]bool{}
	for _, role := range r.roles {
		announced[role.String()] = true
	}
	if fmt.Sprint(played) != fmt.Sprint(announced) {
		t.Fatalf("got %v advertised, want %v", announced, played)
	}
}
