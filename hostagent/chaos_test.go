package hostagent

import (
	"errors"
	"flag"
	"fmt"
	"sort"
	"strings"
	"testing"
	"time"

	"parley/lcc"
)

var (
	seeds     = flag.Int("seeds", 300, "how many random worlds TestChaos runs")
	firstSeed = flag.Uint64("seed", 1, "first seed")
)

func sortedKeys[K ~string, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	return keys
}

// TestChaos makes models and operators issue arbitrary requests while messages are
// lost, duplicated, delayed and reordered, agents crash, clocks drift, journals fail,
// platforms cannot be seen, migrations fail and aborts come too late. The invariants
// hold after every event; some time after the last fault no deal is open and nothing is
// reserved.
func TestChaos(t *testing.T) { chaosOf(t, chaos) }

// TestChaosOfKinds is TestChaos with guests of every kind, on hosts of which each takes
// some, while single kinds cannot be seen, and with a host of an earlier version.
func TestChaosOfKinds(t *testing.T) {
	chaosOf(t, func(t *testing.T, seed uint64) map[DealState]int { return chaosWith(t, seed, (*world).mixKinds) })
}

func chaosOf(t *testing.T, chaos func(*testing.T, uint64) map[DealState]int) {
	total := map[DealState]int{}
	if testing.Short() {
		*seeds = min(*seeds, 100)
	}
	for i := range *seeds {
		seed := *firstSeed + uint64(i)
		ok := t.Run(fmt.Sprint(seed), func(t *testing.T) {
			for state, n := range chaos(t, seed) {
				total[state] += n
			}
		})
		if !ok {
			t.Fatalf("again: go test ./hostagent -run %s -seeds 1 -seed %d", t.Name(), seed)
		}
	}
	t.Logf("ends of deals at their sources: %v", total)
	if *seeds >= 100 && (total[Done] == 0 || total[Aborted] == 0 || total[Refused] == 0) {
		t.Errorf("ends of deals: got %v, want every kind: the faults do not reach what they should", total)
	}
}

func chaos(t *testing.T, seed uint64) map[DealState]int { return chaosWith(t, seed, func(*world) {}) }

// mixKinds gives hosts and guests kinds, needs and disk. The first host takes all, the
// last is of an earlier version in half of the worlds.
func (w *world) mixKinds() {
	w.unseeing = true
	for i, id := range w.order {
		h := w.hosts[id]
		h.capacity.DiskBytes = 4 << 30
		switch {
		case i == 0:
			all(h)
		case i == len(w.order)-1 && w.chance.IntN(2) == 0:
			h.early = true
		default:
			h.kinds = Kinds()[w.chance.IntN(3):]
			if w.chance.IntN(2) == 0 {
				h.offers = []string{"criu=4.2"}
			}
		}
		for _, g := range h.sorted() {
			if len(h.kinds) > 0 {
				g.kind = h.kinds[w.chance.IntN(len(h.kinds))]
			}
			if g.kind == Container {
				g.disk = int64(1+w.chance.IntN(2)) << 30
				g.needs = h.offers
			}
		}
	}
}

func chaosWith(t *testing.T, seed uint64, mix func(*world)) map[DealState]int {
	w := newWorld(t, seed)
	w.loud = true
	w.latencySpread = 200 * time.Millisecond
	w.overlap = time.Duration(w.chance.Int64N(int64(1500 * time.Millisecond)))
	w.lookTime = time.Duration(w.chance.Int64N(int64(800 * time.Millisecond)))
	w.config.Cooldown, w.config.ReturnAfter = 5*time.Second, 5*time.Second
	w.lateAborts = w.chance.Float64() * 0.5
	if w.chance.IntN(2) == 0 {
		w.config.MovesOut, w.config.MovesIn = 2, 1
	}
	const guests = 6
	for i := range 3 {
		h := w.addHost(HostID(fmt.Sprintf("h%d", i)), Resources{CPU: 8, MemoryBytes: 5 << 30})
		for j := range 2 {
			id := GuestID(fmt.Sprintf("g%d%d", i, j))
			h.guests[id] = &testGuest{id: id, state: Running, cores: 1, memory: int64(1+w.chance.IntN(2)) << 30, counted: w.now}
		}
		h.drift = (w.chance.Float64() - 0.5) / 50
	}
	mix(w)
	w.run(5 * time.Second)
	for range 60 {
		w.loss, w.duplicate = w.chance.Float64()*0.4, w.chance.Float64()*0.4
		w.moveTime = time.Duration(w.chance.Int64N(int64(6 * time.Second)))
		w.beginTime = 10 * time.Millisecond
		if w.chance.IntN(3) == 0 {
			w.beginTime = time.Duration(w.chance.Int64N(int64(25 * time.Second)))
		}
		w.disturb()
		w.tryDeal()
		w.tryOrder()
		w.tryRogue()
		w.run(time.Duration(w.chance.Int64N(int64(3 * time.Second))))
	}
	w.loss, w.duplicate = 0, 0
	for _, id := range w.order {
		h := w.hosts[id]
		h.blind, h.failing, h.unseen = false, false, nil
		if w.up(h) && h.sick != nil {
			w.crash(h) // a person repairs the disk and restarts the agent
		}
		h.sick = nil
		if !w.up(h) {
			w.start(h)
		}
		w.step(h, Ordered{ID: 1, Order: Set{}}) // end the drain
	}
	w.lateAborts = 0
	w.run(5 * time.Minute)
	w.checkRest(guests)
	ends := map[DealState]int{}
	for _, id := range w.order {
		for _, stories := range w.hosts[id].outcome {
			if last := stories[len(stories)-1]; last.Side == SourceSide {
				ends[last.State]++
			}
		}
	}
	return ends
}

// disturb causes a fault, or ends it.
func (w *world) disturb() {
	h := w.hosts[w.order[w.chance.IntN(len(w.order))]]
	if w.unseeing && w.chance.IntN(4) == 0 {
		if h.unseen = nil; w.chance.IntN(2) == 0 && !h.early {
			h.unseen = map[Kind]string{Kinds()[w.chance.IntN(3)]: "it is gone"}
		}
		return
	}
	switch w.chance.IntN(15) {
	case 14:
		if w.chance.IntN(4) == 0 {
			w.note("the journal of %s fails", h.id)
			h.sick = errors.New("no space left on device")
		}
	case 12, 13:
		w.step(h, Reachable{Host: w.order[w.chance.IntN(len(w.order))], Up: w.chance.IntN(2) == 0})
	case 0, 1:
		if w.up(h) {
			w.note("%s crashes", h.id)
			w.crash(h)
		}
	case 2, 3, 4:
		if !w.up(h) {
			w.note("%s starts", h.id)
			h.sick = nil
			w.start(h)
		}
	case 5:
		h.failing = !h.failing
	case 6:
		h.blind = true
	case 7, 8:
		h.blind = false
	}
}

// tryDeal makes two models begin a deal, or something that only looks like one.
func (w *world) tryDeal() {
	source, target := w.hosts[w.order[w.chance.IntN(3)]], w.hosts[w.order[w.chance.IntN(3)]]
	if !w.up(source) || !w.up(target) || len(source.guests) == 0 {
		return
	}
	guests := source.sorted()
	g := guests[w.chance.IntN(len(guests))]
	id := w.askTerm(target, lcc.NewTerm("reserve", lcc.String(g.id),
		lcc.NewTerm("need", lcc.Float(1), lcc.Int(g.memory/mebibyte)), lcc.String(source.id), &lcc.Var{Name: "D"}))
	incarnation := target.incarnation
	w.after(100*time.Millisecond, func() {
		if target.incarnation != incarnation || !w.up(source) {
			return
		}
		answer, ok := target.answered[id]
		if !ok || answer.Truth != lcc.True {
			return
		}
		deal := answer.Solutions[0][3]
		switch w.chance.IntN(10) {
		case 0: // the source does not commit
		case 1:
			w.askTerm(target, lcc.NewTerm("release", deal))
		case 2: // the offer has expired when it is committed to
			w.after(11*time.Second, func() {
				w.askTerm(source, lcc.NewTerm("migrate", deal, lcc.String(g.id), lcc.String(target.id)))
			})
		default:
			w.askTerm(source, lcc.NewTerm("migrate", deal, lcc.String(g.id), lcc.String(target.id)))
		}
	})
}

// tryOrder makes an operator give an order.
func (w *world) tryOrder() {
	h := w.hosts[w.order[w.chance.IntN(3)]]
	guests := h.sorted()
	if !w.up(h) || len(guests) == 0 {
		return
	}
	var order Order
	settings := h.core.Settings()
	switch w.chance.IntN(12) {
	case 0, 1, 2:
		order = MoveGuest{Guest: guests[w.chance.IntN(len(guests))].id, Target: w.order[w.chance.IntN(3)], Force: w.chance.IntN(4) == 0}
	case 3:
		order = MoveGuest{Guest: guests[w.chance.IntN(len(guests))].id}
	case 4:
		settings.Drained = !settings.Drained
		order = Set{settings}
	case 5:
		settings.Paused = !settings.Paused
		order = Set{settings}
	case 6:
		order = Foresee{Force: w.chance.IntN(4) == 0}
	case 7:
		order = Foresee{Guest: guests[w.chance.IntN(len(guests))].id, Target: w.order[w.chance.IntN(3)]}
	default:
		return
	}
	h.act++
	w.step(h, Ordered{ID: uint64(h.act), Order: order})
}

// tryRogue makes a platform migrate a guest without a deal, or with a used one.
func (w *world) tryRogue() {
	source, target := w.hosts[w.order[w.chance.IntN(3)]], w.hosts[w.order[w.chance.IntN(3)]]
	guests := source.sorted()
	if w.chance.IntN(4) != 0 || source == target || len(guests) == 0 {
		return
	}
	m := &testMove{source: source, target: target, incarnation: -1, spec: Migration{Guest: guests[w.chance.IntN(len(guests))].id}}
	if n := len(w.moves); n > 0 && w.chance.IntN(2) == 0 {
		old := w.moves[w.chance.IntN(n)]
		m.spec.Guest, m.spec.Deal, m.spec.Token, m.target = old.spec.Guest, old.spec.Deal, old.spec.Token, old.target
		m.source = old.source
	}
	for _, other := range w.moves {
		if other.spec.Guest == m.spec.Guest && !other.over {
			return // a platform runs one migration of a guest at a time
		}
	}
	if m.target != nil && w.up(m.target) && m.spec.Token == "" && m.target.core.book.dealOf(m.spec.Guest) != nil {
		return // without a token it looks like the deal's own migration
	}
	w.moves = append(w.moves, m)
	w.beginMove(m)
}

// TestRepeatable: the same seed gives the same run.
func TestRepeatable(t *testing.T) {
	run := func() string {
		w := newWorld(t, 42)
		w.loud, w.loss, w.latencySpread = true, 0.2, 100*time.Millisecond
		for _, id := range []HostID{"h0", "h1", "h2"} {
			h := w.addHost(id, Resources{CPU: 8, MemoryBytes: 8 << 30})
			for _, name := range []string{"x", "y"} {
				g := GuestID(string(id) + name)
				h.guests[g] = &testGuest{id: g, state: Running, cores: 1, memory: 1 << 30, counted: w.now}
			}
		}
		for range 30 {
			w.run(time.Second)
			w.tryDeal()
		}
		return strings.Join(w.log, "\n")
	}
	first := run()
	if !strings.Contains(first, "done") {
		t.Fatal("no deal was done: the run shows nothing")
	}
	for range 5 {
		if again := run(); again != first {
			t.Fatalf("two runs of one seed differ:\n%s\n\n%s", first, again)
		}
	}
}
