package agility_test

import (
	"fmt"
	"testing"
	"time"

	"parley/internal/race"
	"parley/lcc"
	"parley/models/policytest"
)

// full is a host of many guests, each of which is worth a move to every other host, and all of
// those refuse each of them.
type full struct {
	lcc.EmptyWorld
	hosts  []lcc.Player
	guests []lcc.Answer // of guest/2 in the first place, kind/2 of each guest behind it
	kinds  map[lcc.Term]lcc.Term
}

// newFull has guests of two kinds where it is mixed: the last one is of another kind.
func newFull(hosts, guests int, mixed bool) *full {
	w := &full{kinds: map[lcc.Term]lcc.Term{}}
	for i := range hosts {
		id := fmt.Sprintf("h%03d", i)
		w.hosts = append(w.hosts, lcc.Player{Peer: lcc.PeerID(id), Role: lcc.NewTerm("underloaded", lcc.Float(0.3)), ID: lcc.String(id)})
	}
	list := lcc.Answer{Truth: lcc.True}
	for i := range guests {
		id := lcc.String(fmt.Sprintf("g%03d", i))
		list.Solutions = append(list.Solutions, []lcc.Term{id, lcc.NewTerm("need", lcc.Float(0.2), lcc.Int(1024))})
		w.kinds[id] = lcc.Atom("vm")
		if mixed && i == guests-1 {
			w.kinds[id] = lcc.Atom("container")
		}
	}
	w.guests = []lcc.Answer{list}
	return w
}

func (w *full) Players(_ lcc.Digest, role lcc.Term) ([]lcc.Player, lcc.Truth) {
	if name, _, _ := lcc.Name(role); name == "underloaded" {
		return w.hosts, lcc.True
	}
	return nil, lcc.True
}

func (w *full) Ask(goal lcc.Term) (lcc.Answer, bool) {
	yes := func(args ...lcc.Term) (lcc.Answer, bool) {
		return lcc.Answer{Truth: lcc.True, Solutions: [][]lcc.Term{args}}, true
	}
	name, args, _ := lcc.Name(goal)
	switch name {
	case "lasting":
		return yes(lcc.Float(0.9), lcc.Float(0.9))
	case "capacity":
		return yes(lcc.NewTerm("room", lcc.Float(16), lcc.Int(65536)))
	case "guest":
		return w.guests[0], true
	case "kind":
		return yes(args[0], w.kinds[args[0]])
	case "worth":
		return yes(args[0], args[1], lcc.Float(1))
	}
	return lcc.Answer{}, false
}

// TestRefusedByAll: a host whose guests nobody takes asks every other host. What it considers
// each time grows neither with the refusals times the hosts nor with its guests times the hosts,
// so that it stays within the limit of the calculus; it passes over each host after the second
// refusal of a kind, and rests when nobody is left.
func TestRefusedByAll(t *testing.T) {
	for _, c := range []struct {
		hosts, guests int
		mixed         bool
		asked         int
	}{
		{hosts: 100, guests: 12, asked: 200},
		{hosts: 80, guests: 12, mixed: true, asked: 240},
		{hosts: 130, guests: 12, asked: 260},
	} {
		t.Run(fmt.Sprintf("%d hosts, %d guests", c.hosts, c.guests), func(t *testing.T) {
			if testing.Short() && c.hosts > 100 || race.Detector {
				t.Skip("hundreds of refusals, in one goroutine")
			}
			t.Parallel()
			asked := map[string]int{}
			e, err := lcc.New(policytest.Policy(t, "agility"), lcc.Options{Self: "full", World: newFull(c.hosts, c.guests, c.mixed)})
			if err != nil {
				t.Fatal(err)
			}
			now, alarm, seq := lcc.Instant(0), lcc.Instant(0), uint64(0)
			queue := []lcc.Event{lcc.Start{Role: lcc.Atom("idle")}}
			for len(queue) > 0 {
				ev := queue[0]
				queue = queue[1:]
				effects, err := e.Step(now, ev)
				if err != nil {
					t.Fatal(err)
				}
				for _, effect := range effects {
					switch effect := effect.(type) {
					case lcc.Finish:
						t.Fatalf("after %d questions its role ended: %s", total(asked), effect.Reason)
					case lcc.Alarm:
						alarm = effect.At
					case lcc.Send:
						m := effect.Message
						asked[string(m.To.Peer)]++
						seq++
						queue = append(queue, lcc.Received{Message: lcc.Message{
							ID: lcc.MessageID{Peer: m.To.Peer, Agent: 1, Seq: seq}, Model: m.Model, Conversation: m.Conversation,
							From: lcc.Party{Peer: m.To.Peer, Agent: 1, Role: m.To.Role}, To: m.From, Body: lcc.NewTerm("refuse", lcc.Atom("full")),
						}})
					}
				}
				if len(queue) == 0 && alarm != 0 && alarm-now < lcc.Instant(20*time.Second) { // then it has nobody to ask until it forgets
					now, alarm = max(now, alarm), 0
					queue = append(queue, lcc.Woken{})
				}
			}
			if got := total(asked); got != c.asked || len(asked) != c.hosts {
				t.Errorf("got %d questions to %d hosts, want %d to all %d", got, len(asked), c.asked, c.hosts)
			}
		})
	}
}

func total(counts map[string]int) (sum int) {
	for _, n := range counts {
		sum += n
	}
	return sum
}
