package hostagent

import (
	"container/heap"
	"testing"
	"time"

	"parley/lcc"
)

// twoHosts is a world with a guest at a and room for it at b.
func twoHosts(t *testing.T) *world {
	w := newWorld(t, 1)
	w.overlap = 100 * time.Millisecond
	w.loud = true
	a := w.addHost("a", Resources{CPU: 8, MemoryBytes: 16 << 30})
	a.guests["g"] = &testGuest{id: "g", state: Running, cores: 1, memory: 1 << 30, counted: w.now}
	w.addHost("b", Resources{CPU: 8, MemoryBytes: 2 << 30})
	w.run(3 * time.Second)
	return w
}

// strike begins the deal; the faults are set up before.
func strike(w *world) {
	a, b := w.hosts["a"], w.hosts["b"]
	w.offered = nil
	w.askTerm(b, lcc.NewTerm("reserve", lcc.String("g"), lcc.NewTerm("need", lcc.Float(1), lcc.Int(1024)), lcc.String("a"),
		&lcc.Var{Name: "D"}))
	w.after(20*time.Millisecond, func() {
		if w.offered != nil && w.up(a) {
			w.askTerm(a, lcc.NewTerm("migrate", w.offered, lcc.String("g"), lcc.String("b")))
		}
	})
}

// one runs the next event.
func (w *world) one() {
	next := heap.Pop(&w.agenda).(appointment)
	w.now = next.at
	next.do()
	w.check()
}

// strikeOrder is strike for a deal that an operator begins.
func strikeOrder(w *world) {
	w.step(w.hosts["a"], Ordered{ID: 77, Order: MoveGuest{Guest: "g", Target: "b"}})
}

// trouble is the faults of one run: an agent crashes after some events, and one message
// is lost, duplicated or delayed.
type trouble struct {
	at      int
	victim  HostID // "" for none
	down    time.Duration
	message int    // number of the message; -1 for none
	fault   string // lost, doubled, overtaken, last
}

// late is the delay of a message that is overtaken, and of one that comes last.
var late = map[string]time.Duration{"overtaken": 60 * time.Millisecond, "last": 40 * time.Second}

// TestEveryFault crashes the agent of either host after each event of a deal, and
// restarts it soon or late; in each of these runs every single message is lost,
// duplicated, overtaken by later ones, or delivered after everything else. In each case
// the guest runs exactly once, and soon no deal is open.
func TestEveryFault(t *testing.T) {
	t.Run("model", func(t *testing.T) { everyFault(t, strike, 1) })
	// An operator's deal differs in how it begins: each crash point has some of the messages.
	t.Run("operator", func(t *testing.T) { everyFault(t, strikeOrder, 3) })
}

// everyFault runs one in so many of the faults.
func everyFault(t *testing.T, strike func(*world), one int) {
	events, messages := undisturbed(t, strike)
	ends, runs := map[DealState]int{}, 0
	if testing.Short() {
		one = 7
	}
	run := func(x trouble) {
		if (x.at+x.message)%one != 0 {
			return
		}
		runs++
		x.run(t, strike, ends)
	}
	for message := -1; message < messages; message++ {
		for _, fault := range []string{"lost", "doubled", "overtaken", "last"} {
			if message < 0 && fault != "lost" {
				continue
			}
			run(trouble{message: message, fault: fault})
			for at := range events {
				for _, victim := range []HostID{"a", "b"} {
					for _, down := range []time.Duration{100 * time.Millisecond, 8 * time.Second} {
						run(trouble{at, victim, down, message, fault})
					}
				}
			}
		}
	}
	t.Logf("%d crash points of each of two agents, %d messages, %d runs; ends of deals: %v", events, messages, runs, ends)
	if ends[Done] == 0 || ends[Aborted] == 0 || ends[Expired] == 0 {
		t.Errorf("ends: got %v, want every kind", ends)
	}
	if ends[Stuck] > 0 {
		t.Errorf("deals that need a person although both hosts came back: got %d, want 0", ends[Stuck])
	}
}

// undisturbed returns how many events and messages the deal takes without faults.
func undisturbed(t *testing.T, strike func(*world)) (events, messages int) {
	w := twoHosts(t)
	before := w.sent
	strike(w)
	for end := w.now + lcc.Instant(4*time.Second); len(w.agenda) > 0 && w.agenda[0].at <= end; events++ {
		w.one()
	}
	if w.hosts["b"].guests["g"] == nil {
		t.Fatal("the deal without faults did not move the guest")
	}
	return events, w.sent - before
}

func (x trouble) run(t *testing.T, strike func(*world), ends map[DealState]int) {
	w := twoHosts(t)
	w.note("%+v", x)
	first := w.sent
	w.fault = func(message int) (int, time.Duration) {
		if message-first != x.message {
			return 1, 0
		}
		switch x.fault {
		case "lost":
			return 0, 0
		case "doubled":
			return 2, late["overtaken"]
		}
		return 1, late[x.fault]
	}
	strike(w)
	if x.victim != "" {
		for range x.at {
			w.one()
		}
		w.crash(w.hosts[x.victim])
		w.run(x.down)
		w.start(w.hosts[x.victim])
	}
	w.run(3 * time.Minute) // by then a target is retried that has failed once
	w.checkRest(1)
	for _, id := range w.order {
		for _, deal := range sortedKeys(w.hosts[id].outcome) {
			stories := w.hosts[id].outcome[deal]
			ends[stories[len(stories)-1].State]++
		}
	}
	// Afterwards the hosts make deals as before.
	if len(w.hosts["a"].guests) == 1 {
		w.fault = nil
		strike(w)
		w.run(30 * time.Second)
		if w.hosts["b"].guests["g"] == nil {
			w.fail("a deal after %+v did not move the guest", x)
		}
	}
}
