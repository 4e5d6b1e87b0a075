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
	w.addHost("a", Resources{8, 16 << 30}).guests["g"] = &testGuest{id: "g", state: Running, cores: 1, memory: 1 << 30, counted: w.now}
	w.addHost("b", Resources{8, 2 << 30})
	w.run(3 * time.Second)
	return w
}

// strike begins the deal: what is to go wrong is set up before.
func strike(w *world) {
	a, b := w.hosts["a"], w.hosts["b"]
	w.offered = nil
	w.askTerm(b, lcc.NewTerm("reserve", lcc.String("g"), lcc.NewTerm("need", lcc.Float(1), lcc.Int(1024)), lcc.String("a"), &lcc.Var{Name: "D"}))
	w.after(20*time.Millisecond, func() {
		if w.offered != nil && w.up(a) {
			w.askTerm(a, lcc.NewTerm("migrate", w.offered, lcc.String("g"), lcc.String("b")))
		}
	})
}

// events is how many appointments the deal takes when all goes well.
func events(t *testing.T) int {
	w := twoHosts(t)
	strike(w)
	n := 0
	for end := w.now + lcc.Instant(4*time.Second); len(w.agenda) > 0 && w.agenda[0].at <= end; n++ {
		w.one()
	}
	if w.hosts["b"].guests["g"] == nil {
		t.Fatal("the deal without faults did not move the guest")
	}
	return n
}

// one lets the next thing happen.
func (w *world) one() {
	next := heap.Pop(&w.agenda).(appointment)
	w.now = next.at
	next.do()
	w.check()
}

// TestEveryCrash crashes the agent of either host after each event of a deal,
// with each kind of message lost or all of them doubled, and starts it again
// soon or late. Whatever it is, the guest runs once, and soon nothing is open.
func TestEveryCrash(t *testing.T) {
	total := events(t)
	ends := map[DealState]int{}
	for at := range total {
		for _, victim := range []HostID{"a", "b"} {
			for _, fault := range []string{"", kindCommit, kindArmed, kindWhere, kindHere, kindCancel, kindRefuse, "double"} {
				for _, down := range []time.Duration{100 * time.Millisecond, 8 * time.Second} {
					crashed(t, at, victim, fault, down, ends)
				}
			}
		}
	}
	t.Logf("%d crash points; ends of deals: %v", total, ends)
	if ends[Done] == 0 || ends[Aborted] == 0 || ends[Expired] == 0 {
		t.Errorf("ends: got %v, want every kind", ends)
	}
	if ends[Stuck] > 0 {
		t.Errorf("deals that need a person although both hosts came back: got %d, want 0", ends[Stuck])
	}
}

func crashed(t *testing.T, at int, victim HostID, fault string, down time.Duration, ends map[DealState]int) {
	w := twoHosts(t)
	w.note("crash of %s after %d events, fault %q, for %v", victim, at, fault, down)
	switch fault {
	case "":
	case "double":
		w.duplicate = 1
	default:
		w.lose[fault] = 1
	}
	strike(w)
	for range at {
		w.one()
	}
	h := w.hosts[victim]
	w.crash(h)
	w.run(down)
	w.start(h)
	w.run(2 * time.Minute)
	w.checkRest(1)
	for _, id := range w.order {
		for _, deal := range sortedKeys(w.hosts[id].outcome) {
			stories := w.hosts[id].outcome[deal]
			ends[stories[len(stories)-1].State]++
		}
	}
	// Afterwards the hosts deal as if nothing had been.
	if len(w.hosts["a"].guests) == 1 {
		w.lose, w.duplicate = map[string]int{}, 0
		strike(w)
		w.run(30 * time.Second)
		if w.hosts["b"].guests["g"] == nil {
			w.fail("a deal after the crash of %s did not move the guest", victim)
		}
	}
}
