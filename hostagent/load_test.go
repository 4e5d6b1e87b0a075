package hostagent

import (
	"math"
	"testing"
	"time"

	"parley/lcc"
)

// TestForecast: the mean follows a step to 63 % in the smoothing time, and the
// deviation of an unsteady guest stays far above that of a steady one.
func TestForecast(t *testing.T) {
	var step forecast
	step.add(0, 0, 10*time.Second)
	for range 10 {
		step.add(1, time.Second, 10*time.Second)
	}
	if want := 1 - math.Exp(-1); math.Abs(step.mean-want) > 1e-9 {
		t.Errorf("mean after one smoothing time: got %g, want %g", step.mean, want)
	}
	var steady, restless forecast
	for i := range 300 {
		steady.add(0.5, 5*time.Second, 15*time.Second)
		restless.add(float64(i/20%2), 5*time.Second, 15*time.Second)
	}
	if steady.variance != 0 {
		t.Errorf("variance of a steady guest: got %g, want 0", steady.variance)
	}
	if restless.variance < 0.01 {
		t.Errorf("variance of a restless guest: got %g, want it to show", restless.variance)
	}
}

// TestTrack: CPU use is the difference of two looks that are not too close; a restarted
// guest is counted from its restart.
func TestTrack(t *testing.T) {
	c := newCore(t, configWith(func(c *Config) { c.SampleEvery, c.Smoothing, c.Deviations = time.Second, 0, 0 }))
	capacity := Resources{CPU: 4, MemoryBytes: 4 << 30}
	cpu := func(at, cpuTime time.Duration) float64 {
		look(t, c, at, capacity, Guest{ID: "g", State: Running, CPUTime: cpuTime, Declared: Resources{CPU: 4, MemoryBytes: 1 << 30}})
		return c.Status().Guests[0].CPU
	}
	for _, step := range []struct {
		at, cpuTime time.Duration
		want        float64
	}{
		{0, time.Hour, 0},
		{time.Second, time.Hour + 2*time.Second, 2},
		{1100 * time.Millisecond, time.Hour + 2*time.Second, 2},
		{2 * time.Second, time.Hour + 3*time.Second, 1},
		{3 * time.Second, time.Second, 1},
		{4 * time.Second, 4 * time.Second, 3},
	} {
		if got := cpu(step.at, step.cpuTime); got != step.want {
			t.Errorf("CPU use at %v: got %g, want %g", step.at, got, step.want)
		}
	}
}

// TestLateLooks: neither a look that waited before it was passed in nor a clock that
// was set makes a guest look busier.
func TestLateLooks(t *testing.T) {
	c := newCore(t, configWith(func(c *Config) { c.SampleEvery, c.Smoothing, c.Deviations = time.Second, 0, 0 }))
	began := time.Unix(1_700_000_000, 0)
	for _, step := range []struct {
		looked, handed, set time.Duration
		want                float64
	}{
		{0, 900 * time.Millisecond, 0, 0},
		{time.Second, time.Second, 0, 1.5},
		{2 * time.Second, 2900 * time.Millisecond, 0, 1.5},
		{3 * time.Second, 3 * time.Second, 0, 1.5},
		{4 * time.Second, 4 * time.Second, time.Hour, 1.5},
		{5 * time.Second, 5 * time.Second, -time.Hour, 1.5},
	} {
		_, err := c.Step(lcc.Instant(step.handed), Observed{Wall: began.Add(step.looked + step.set), Observation: Observation{
			Capacity: Resources{CPU: 8, MemoryBytes: 8 << 30}, Guests: []Guest{guestOf("g", 1.5, 1, step.looked)},
		}})
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Status().Guests[0].CPU; got != step.want {
			t.Errorf("CPU use by the look at %v: got %g, want %g", step.looked, got, step.want)
		}
	}
}

// TestMachine: what the machine uses beside its guests counts as load.
func TestMachine(t *testing.T) {
	c := newCore(t, configWith(func(c *Config) { c.SampleEvery = time.Second }))
	for i := range 3 {
		at := time.Duration(i) * time.Second
		_, err := c.Step(lcc.Instant(at)+1, Observed{
			Observation: Observation{Capacity: Resources{CPU: 8, MemoryBytes: 8 << 30}, Guests: []Guest{guestOf("g", 2, 1, at)}},
			Machine:     MachineLoad{Known: i > 0, Used: Resources{CPU: 3, MemoryBytes: 6 << 30}, Total: Resources{CPU: 8, MemoryBytes: 8 << 30}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if got, want := c.Status().Used, (Resources{CPU: 3, MemoryBytes: 6 << 30}); got != want {
		t.Errorf("used: got %+v, want %+v", got, want)
	}
}

// TestDeclaredUntilMeasured: a guest that arrived by a deal counts with what its source
// measured, so that a target does not look idle and take the next guest.
func TestDeclaredUntilMeasured(t *testing.T) {
	w := newWorld(t, 1)
	a, b := w.addHost("a", Resources{CPU: 8, MemoryBytes: 16 << 30}), w.addHost("b", Resources{CPU: 8, MemoryBytes: 16 << 30})
	a.guests["g"] = &testGuest{id: "g", state: Running, cores: 3, memory: 1 << 30, counted: w.now}
	w.run(3 * time.Second)
	w.askTerm(b, lcc.NewTerm("reserve", lcc.String("g"), lcc.NewTerm("need", lcc.Float(3), lcc.Int(1024)), lcc.String("a"),
		&lcc.Var{Name: "D"}))
	w.run(100 * time.Millisecond)
	if got := asked(t, b.core, "loadWith", "need(0, 0)", "_"); got != "yes, 0.375" {
		t.Errorf("load with what is held: got %s, want yes, 0.375", got)
	}
	if got := asked(t, b.core, "load", "_"); got != "yes, 0.0" {
		t.Errorf("load without what is held: got %s, want yes, 0.0", got)
	}
	w.askTerm(a, lcc.NewTerm("migrate", w.offered, lcc.String("g"), lcc.String("b")))
	w.run(3100 * time.Millisecond)
	if state := b.guests["g"].state; state != Running {
		t.Fatalf("guest at its new host: got state %q, want it to have just arrived", state)
	}
	for range 3 {
		if got := asked(t, b.core, "load", "_"); got != "yes, 0.375" {
			t.Errorf("load once the guest is here: got %s, want yes, 0.375", got)
		}
		w.run(time.Second)
	}
}

// TestChangedWhenItDid: models are woken by changes, including a level that takes
// effect while nothing changes, and not otherwise.
func TestChangedWhenItDid(t *testing.T) {
	c := newCore(t, configWith(func(c *Config) {
		c.SampleEvery, c.HoldSamples, c.Smoothing, c.Deviations = time.Second, 4, time.Second, 0
	}))
	capacity := Resources{CPU: 4, MemoryBytes: 4 << 30}
	changed := func(at int, cores float64) bool {
		moment := time.Duration(at) * time.Second
		for _, e := range look(t, c, moment, capacity, Guest{
			ID: "g", State: Running, CPUTime: time.Duration(cores * float64(moment)), Declared: Resources{CPU: 4, MemoryBytes: 1 << 30},
		}) {
			if _, ok := e.(Changed); ok {
				return true
			}
		}
		return false
	}
	held := -1
	for at := range 150 {
		did := changed(at, 3.8)
		holds := asked(t, c, "overloaded", "_") != "no" && asked(t, c, "overloaded", "_") != "later"
		if holds && held < 0 {
			held = at
			if !did {
				t.Errorf("look %d: overloaded began to hold: got no Changed, want one", at)
			}
		}
		// At first the range that is expected to last narrows. At look 128 the host has been
		// crowded for twice as long as at the last such change. A level may take effect
		// during the looks after a change.
		const after = 4
		if want := at >= 128 && at <= 128+after; at > int(courseKnown/time.Second)+after && did != want {
			t.Errorf("look %d: Changed: got %v, want %v", at, did, want)
		}
	}
	if held < 0 {
		t.Error("overloaded never held")
	}
	if !changed(150, 3.9) {
		t.Error("the load changed: got no Changed, want one")
	}
	for at := 151; changed(at, 3.9); at++ {
		if at > 190 {
			t.Fatal("a steady load: got a Changed at each look, want rest")
		}
	}
	for _, want := range []bool{true, false} {
		effects, err := c.Step(lcc.Instant(200*time.Second), Unobserved{Err: "gone"})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(effects) > 0; got != want {
			t.Errorf("the platform is gone: got a Changed %v, want %v", got, want)
		}
	}
	if !changed(201, 3.9) {
		t.Error("the platform is observed again: got no Changed, want one")
	}
}

// BenchmarkObserved is one look at a host with 20 guests, of which the simulator does
// millions.
func BenchmarkObserved(b *testing.B) {
	c, err := New(Options{Self: "me", Config: configWith(func(c *Config) { c.SampleEvery = time.Second })})
	if err != nil {
		b.Fatal(err)
	}
	guests := make([]Guest, 20)
	at := time.Duration(0)
	for b.Loop() {
		at += time.Second
		for i := range guests {
			guests[i] = guestOf(GuestID([]byte{'a' + byte(i)}), 0.1*float64(i), 1, at)
		}
		seen := Observation{Capacity: Resources{CPU: 64, MemoryBytes: 64 << 30}, Guests: guests}
		if _, err := c.Step(lcc.Instant(at), Observed{Observation: seen}); err != nil {
			b.Fatal(err)
		}
	}
}
