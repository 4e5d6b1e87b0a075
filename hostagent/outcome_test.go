package hostagent

import (
	"math"
	"testing"
	"time"

	"parley/lcc"
)

// balance returns a world with a guest of two cores that has just moved from a to b, by a deal
// of a model. Both hosts have eight cores.
func balance(t *testing.T) (w *world, a, b *testHost) {
	t.Helper()
	w = newWorld(t, 1)
	a, b = w.addHost("a", Resources{CPU: 8, MemoryBytes: 16 << 30}), w.addHost("b", Resources{CPU: 8, MemoryBytes: 16 << 30})
	for _, h := range []*testHost{a, b} {
		h.core.wire.signer = keys{h.id}
	}
	a.guests["web"] = &testGuest{id: "web", state: Running, cores: 2, memory: 1 << 30, counted: w.now}
	a.guests["db"] = &testGuest{id: "db", state: Running, cores: 3, memory: 1 << 30, counted: w.now}
	w.run(3 * time.Minute)
	w.deal(b, a, "web")
	w.run(10 * time.Second)
	if b.guests["web"] == nil {
		t.Fatalf("the guest has not moved:\n%v", w.log)
	}
	return w, a, b
}

// deal moves a guest by a deal of models.
func (w *world) deal(target, source *testHost, guest GuestID) {
	need := lcc.NewTerm("need", lcc.Float(2), lcc.Int(1024))
	w.askTerm(target, lcc.NewTerm("reserve", lcc.String(guest), need, lcc.String(source.id), &lcc.Var{Name: "D"}))
	w.run(50 * time.Millisecond)
	w.askTerm(source, lcc.NewTerm("migrate", w.offered, lcc.String(guest), lcc.String(target.id)))
}

func (w *world) restart(h *testHost) {
	w.crash(h)
	w.start(h)
	h.core.wire.signer = keys{h.id}
}

func about(a, b float64) bool { return math.Abs(a-b) < 0.05 }

// Both ends expect the same of a move and measure the same after five minutes and after an
// hour: what the guest wants, what it takes from the source and brings to the target.
func TestOutcome(t *testing.T) {
	for name, c := range map[string]struct {
		cores float64 // of the guest after the move
		worth float64
	}{
		"as expected":          {2, 0.25 * (0.375 - 0.25 + 0.25) * 8},
		"the guest falls idle": {0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w, a, b := balance(t)
			b.guests["web"].cores = c.cores
			w.run(6 * time.Minute)
			w.run(time.Hour)
			for _, h := range []*testHost{a, b} {
				if len(h.measured) != 2 {
					t.Fatalf("%s: got %d measurements, want two", h.id, len(h.measured))
				}
				e := h.measured[1].Expected
				if !about(e.CPU, 2) || !about(e.Source.Load, 5.0/8) || !about(e.Source.Relief, 0.25) || !about(e.Target.Load, 0) ||
					!about(e.Target.Relief, -0.25) || e.Total <= 0 || !about(e.Worth, 0.25*(0.625-0.25)*8) {
					t.Errorf("%s expects %+v", h.id, *e)
				}
				for i, o := range h.measured[1].Measured {
					if o.After != measuredAfter[i] || !about(o.CPU, c.cores) || !about(o.Source.Load, 0.375) ||
						!about(o.Source.Relief, c.cores/8) || !about(o.Target.Relief, -c.cores/8) || !about(o.Worth, c.worth) {
						t.Errorf("%s measures %+v", h.id, o)
					}
				}
				if h.signed[kindOutcome] != 2 {
					t.Errorf("%s has %d signed outcomes of the other end, want two", h.id, h.signed[kindOutcome])
				}
				if r := lastDeal(h); len(r.Measured) != 2 || r.Expected == nil {
					t.Errorf("%s has in its journal %+v", h.id, r)
				}
			}
		})
	}
}

// lastDeal is the latest record of a deal in a host's journal.
func lastDeal(h *testHost) (last HistoryEntry) {
	for _, data := range h.records {
		if r, ok := ReadHistory(data); ok {
			last = r
		}
	}
	return last
}

// A lost message is told again, a restart loses no deal, and of a guest that has moved on
// nothing is measured.
func TestOutcomeAfterTrouble(t *testing.T) {
	for name, c := range map[string]struct {
		trouble func(*world, *testHost, *testHost)
		want    []time.Duration // what is measured at each end
	}{
		"lost messages": {func(w *world, _, _ *testHost) { w.lose[kindOutcome] = 3 }, measuredAfter[:]},
		"restarts of both": {func(w *world, a, b *testHost) {
			w.run(8 * time.Minute)
			for _, h := range []*testHost{a, b} {
				w.restart(h)
			}
		}, measuredAfter[:]},
		"a restart before the first": {func(w *world, _, b *testHost) {
			w.run(time.Minute)
			w.restart(b)
		}, measuredAfter[:]},
		"the guest moves back": {func(w *world, a, b *testHost) {
			w.run(2 * time.Minute)
			w.endGuest(b, "web")
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w, a, b := balance(t)
			c.trouble(w, a, b)
			w.run(80 * time.Minute)
			for _, h := range []*testHost{a, b} {
				var got []Outcome
				if len(h.measured) > 0 {
					got = h.measured[len(h.measured)-1].Measured
				}
				if len(got) != len(c.want) {
					t.Fatalf("%s: got %+v, want %v", h.id, got, c.want)
				}
				for i, o := range got {
					if o.After != c.want[i] || !about(o.CPU, 2) || !about(o.Source.Relief, 0.25) {
						t.Errorf("%s measures %+v", h.id, o)
					}
				}
			}
		})
	}
}
