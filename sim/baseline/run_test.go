package baseline

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"parley/sim/trace"
)

// constant returns guests with constant loads.
func constant(loads ...float64) []trace.Series {
	var all []trace.Series
	for _, load := range loads {
		all = append(all, trace.Series{Step: Period, CPU: []float64{load, load}})
	}
	return all
}

// random returns guests with random loads of whole percents.
func random(n int) []trace.Series {
	chance := rand.New(rand.NewPCG(1, 2))
	var all []trace.Series
	for range n {
		s := trace.Series{Step: Period}
		level := chance.Float64()
		for range 288 {
			s.CPU = append(s.CPU, math.Floor(100*level*chance.Float64())/100)
		}
		all = append(all, s)
	}
	return all
}

func TestShare(t *testing.T) {
	h := g5(2660, 1000)
	near(t, "enough for all", h.places[0].allocated+h.places[1].allocated, 3660)
	near(t, "free", h.free, 5320-3660)

	h = g5(3000, 1000)
	near(t, "more than a core", h.places[0].allocated, 2660)
	near(t, "demand", h.demand, 4000)

	h = g5(2400, 2400, 1200)
	for i, want := range []float64{2128, 2128, 1064} {
		near(t, "cut alike", h.places[i].allocated, want)
	}
	near(t, "nothing free", h.free, 0)

	h = g5(1000, 2000)
	h.places[0].migrating = true
	h.add(&guest{Guest: &guestTypes[0], demand: 500, migrating: true}, true)
	near(t, "at the source", h.places[0].allocated, 900)
	near(t, "at the target", h.places[2].allocated, 50)
	near(t, "free is what nobody asked for", h.free, 5320-3050)
}

// Two idle guests are initially on separate hosts, and on one after a tick.
func TestEmptyingTheLeastUsed(t *testing.T) {
	r, err := newRun(Options{Series: constant(0.1, 0.1), Policy: THRMMT, Safety: 0.8, Hosts: 4})
	if err != nil {
		t.Fatal(err)
	}
	a, b := r.guests[0], r.guests[1]
	if a.home == b.home {
		t.Fatal("both on one host at the start")
	}
	busier := a.home
	r.day()
	if a.home != busier || b.home != busier {
		t.Errorf("guests on hosts %d and %d, want both on %d", a.home.index, b.home.index, busier.index)
	}
	if f := r.meter.Figures(); f.Migrations != 1 {
		t.Errorf("migrations: got %d, want 1: the load never changes", f.Migrations)
	}
}

// The guest with the least memory leaves an overloaded host, until the test passes.
func TestRelieve(t *testing.T) {
	h := g5(2000, 1500, 1000) // 870, 1740, 1740 MB; 85 %
	r := &run{hosts: []*host{h}, overloaded: above(0.5)}
	var memory []int
	for _, g := range r.relieve([]bool{true}) {
		memory = append(memory, g.MemoryMB)
	}
	if want := []int{870}; !reflect.DeepEqual(memory, want) {
		t.Errorf("left: got guests of %v MB, want %v", memory, want)
	}
	if len(h.places) != 2 || h.demand != 2500 {
		t.Errorf("stayed: got %d guests that ask for %v, want 2 and 2500", len(h.places), h.demand)
	}
}

func TestSettleAllOrNone(t *testing.T) {
	r := &run{hosts: []*host{g5(4000)}, overloaded: above(0.9)}
	guests := []*guest{{Guest: &guestTypes[3], demand: 400}, {Guest: &guestTypes[2], demand: 700}}
	if moves := r.settle(guests, []bool{false}, true); len(moves) != 0 || len(r.hosts[0].places) != 1 {
		t.Errorf("700 fits and 400 not: got %v with %d guests on the host, want none placed", moves, len(r.hosts[0].places))
	}
	moves := r.settle(guests, []bool{false}, false)
	if len(moves) != 1 || moves[0].demand != 700 {
		t.Errorf("got %d moves, want the largest guest alone", len(moves))
	}
}

func TestDeletedInStockOnly(t *testing.T) {
	series := constant(0.5, 0.5)
	series[1].CPU = []float64{0.5, 0, 0.5, 0, 0, 0.5}
	for _, stock := range []bool{false, true} {
		result, err := Run(Options{Series: series, Policy: DVFS, Stock: stock})
		if err != nil {
			t.Fatal(err)
		}
		if want := map[bool]int{false: 0, true: 1}[stock]; result.Deleted != want {
			t.Errorf("stock %v: got %d deleted, want %d: one sample of 0 %% is not enough, two are", stock, result.Deleted, want)
		}
	}
}

func TestNeverOff(t *testing.T) {
	result, err := Run(Options{Series: constant(0, 0.5), Policy: NeverOff, Hosts: 2})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "kWh", result.EnergyKWh, (117+135)*LastTick.Hours()/1000)
}

// Under every policy, a guest is on exactly one host, its home, and none is lost; the
// same options give the same result.
func TestDayKeepsItsGuests(t *testing.T) {
	series := random(60)
	for _, policy := range Policies {
		var results [2]Result
		for i := range results {
			o := Options{Series: series, Policy: policy, Safety: safeties[policy], Hosts: 40}
			r, err := newRun(o)
			if err != nil {
				t.Fatal(err)
			}
			r.day()
			checkPlaces(t, policy, r)
			if results[i], err = Run(o); err != nil {
				t.Fatal(err)
			}
		}
		if results[0] != results[1] {
			t.Errorf("%s: two runs differ: %+v and %+v", policy, results[0], results[1])
		}
		if moves := policy != NeverOff && policy != DVFS; moves != (results[0].Migrations > 0) {
			t.Errorf("%s: %d migrations", policy, results[0].Migrations)
		}
	}
}

func checkPlaces(t *testing.T, policy Policy, r *run) {
	t.Helper()
	count := make([]int, len(r.guests))
	for _, h := range r.hosts {
		var allocated float64
		for _, p := range h.places {
			count[p.index]++
			allocated += p.allocated
			if p.home != h || p.migrating || p.incoming {
				t.Errorf("%s: guest %d on host %d is at home on host %d, migrating %v", policy, p.index, h.index, p.home.index, p.migrating)
			}
		}
		if allocated > h.Capacity()+1e-6 {
			t.Errorf("%s: host %d of %v MIPS gives %v", policy, h.index, h.Capacity(), allocated)
		}
	}
	for i, n := range count {
		if n != 1 {
			t.Errorf("%s: guest %d is on %d hosts", policy, i, n)
		}
	}
}

func TestOptions(t *testing.T) {
	good := constant(0.1)
	for name, c := range map[string]struct {
		o    Options
		want string
	}{
		"policy":    {Options{Series: good, Policy: "RANDOM"}, `there is no policy "RANDOM"; choose one of never off, DVFS, THR-MMT, IQR-MMT, MAD-MMT, LR-MMT`},
		"safety":    {Options{Series: good, Policy: DVFS, Safety: 1}, "DVFS cannot have the safety parameter 1; leave it 0"},
		"negative":  {Options{Series: good, Safety: -1}, "LR-MMT cannot have the safety parameter -1; leave it 0"},
		"nan":       {Options{Series: good, Safety: math.NaN()}, "LR-MMT cannot have the safety parameter NaN"},
		"hosts":     {Options{Series: good, Hosts: -1}, "-1 hosts; give 0 (which is 800) or more"},
		"no guest":  {Options{}, "no guest; give a series for each"},
		"one load":  {Options{Series: []trace.Series{{Name: "a", CPU: []float64{1}}}}, `guest "a" has no load over time`},
		"late":      {Options{Series: []trace.Series{{Name: "a", Start: time.Second, Step: 1, CPU: []float64{1, 1}}}}, `guest "a" has no load over time; wanted two samples or more from time 0`},
		"cores":     {Options{Series: constant(0.5, 1.5)}, "has a load of 1.5 in sample 0; wanted shares of its CPU from 0 to 1"},
		"too small": {Options{Series: constant(0.5, 0.5, 0.5), Hosts: 1}, "none of 1 hosts has room for guest 0 of 3"},
	} {
		if _, err := Run(c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
	if result, err := Run(Options{Series: good}); err != nil || result.Policy != LRMMT || result.Safety != 1.2 {
		t.Errorf("options with a series only: got %+v, %v, want LR-MMT 1.2", result, err)
	}
}
