package lcc

import "testing"

// TestStepLeavesWorkToTheNext: a Step that has used its budget leaves agents to the
// next one, and forgets none.
func TestStepLeavesWorkToTheNext(t *testing.T) {
	const most = 200
	model := compileText(t, `
r(waiter, initial).
a(waiter, W) :: null <- ready(N) and down(N) then done(N) => a(other, "q")
r(other, necessary).
a(other, O) :: done(_) <= a(waiter, _)
down(N) :- N =< 0.
down(N) :- N > 0, M is N - 1, down(M).
`)
	world := &switchWorld{}
	e, err := New(model, Options{Self: "p", World: world, Limits: Limits{StepsPerTurn: most}})
	if err != nil {
		t.Fatal(err)
	}
	const agents = 20
	for range agents {
		step(t, e, Start{Role: Atom("waiter")})
	}
	world.on = true
	sent, steps, now := 0, 0, Instant(10)
	var ev Event = Changed{Names: []string{"ready"}}
	for ; ; steps++ {
		before := e.Spent()
		effects, err := e.Step(now, ev)
		if err != nil {
			t.Fatal(err)
		}
		if spent := e.Spent() - before; spent > 3*most {
			t.Errorf("a Step took %d reductions, want some %d", spent, most)
		}
		ev = nil
		for _, effect := range effects {
			switch effect := effect.(type) {
			case Send:
				sent++
			case Alarm:
				if effect.At != 0 {
					now, ev = effect.At, Woken{}
				}
			}
		}
		if ev == nil {
			break
		}
	}
	if sent != agents || steps < 2 {
		t.Errorf("got %d agents done in %d steps, want %d in several", sent, steps, agents)
	}
}

// switchWorld answers ready when it is on.
type switchWorld struct{ on bool }

func (w *switchWorld) Ask(goal Term) (Answer, bool) {
	if !w.on {
		return Answer{}, true
	}
	return Answer{Truth: True, Solutions: [][]Term{{Int(10)}}}, true
}

func (w *switchWorld) Players(Digest, Term) ([]Player, Truth) { return nil, False }
