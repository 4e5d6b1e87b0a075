package hostagent

import (
	"testing"
	"time"
)

// Points at equal steps, and values between and beyond them.
func TestCurve(t *testing.T) {
	for _, c := range []struct {
		curve Curve
		load  float64
		want  float64
	}{
		{Curve{100, 200}, 0, 100}, {Curve{100, 200}, 0.25, 125}, {Curve{100, 200}, 1, 200}, {Curve{100, 200}, 1.7, 200}, {Curve{100, 200}, -1, 100},
		{Curve{10, 30, 40}, 0.5, 30}, {Curve{10, 30, 40}, 0.75, 35}, {nil, 0.5, 0}, {Curve{7}, 0.5, 0},
	} {
		if got := c.curve.Watts(c.load); got != c.want {
			t.Errorf("%v at %g: got %g W, want %g", c.curve, c.load, got, c.want)
		}
	}
}

func TestAskPower(t *testing.T) {
	capacity := Resources{CPU: 4, MemoryBytes: 16 << 30}
	c := newCore(t, configWith(func(c *Config) { c.Power, c.Smoothing = []float64{100, 140, 160}, time.Millisecond }))
	look(t, c, 0, capacity)
	look(t, c, 5*time.Second, capacity)
	if got := asked(t, c, "power", "_"); got != "yes, 0.0" {
		t.Errorf("power of a host without guests: got %s, want 0: it counts as asleep", got)
	}
	look(t, c, 10*time.Second, capacity, guestOf("a", 1, 2, 10*time.Second))
	look(t, c, 15*time.Second, capacity, guestOf("a", 1, 2, 15*time.Second))
	for _, q := range []struct {
		name string
		args []any
		want string
	}{
		{"power", []any{"_"}, "yes, 120.0"},                      // a quarter of its cores
		{"powerWith", []any{"need(1, 1024)", "_"}, "yes, 140.0"}, // half of them
		{"powerWith", []any{"nothing", "_"}, "no"},
		{"powerFull", []any{"_"}, "yes, 160.0"},
		{"loadWith", []any{"cpu", "need(1, 1024)", "_"}, "yes, 0.5"},
		{"loadWith", []any{"memory", "need(1, 2048)", "_"}, "yes, 0.25"},
		{"loadWith", []any{"network", "need(1, 2048)", "_"}, "no"},
		{"loadWithout", []any{"cpu", `"a"`, "_"}, "yes, 0.0"},
		{"loadWithout", []any{"memory", `"a"`, "_"}, "yes, 0.0"},
		{"loadWithout", []any{"cpu", `"b"`, "_"}, "no"},
	} {
		if got := asked(t, c, q.name, q.args...); got != q.want {
			t.Errorf("%s%v: got %s, want %s", q.name, q.args, got, q.want)
		}
	}
	c = newCore(t, DefaultConfig())
	look(t, c, 0, capacity)
	look(t, c, 5*time.Second, capacity)
	for _, name := range []string{"power", "powerFull"} {
		if got := asked(t, c, name, "_"); got != "no" {
			t.Errorf("%s without a curve: got %s, want no answer", name, got)
		}
	}
	for _, power := range [][]float64{{100}, {100, -1}} {
		if err := (configWith(func(c *Config) { c.Power = power })).Validate(); err == nil {
			t.Errorf("the curve %v was accepted", power)
		}
	}
}

// A model may not move a guest back that has left, long after it could be moved on from
// its new host.
func TestReturnAfter(t *testing.T) {
	c := newCore(t, configWith(func(c *Config) { c.Cooldown = time.Second }))
	if got := c.Config().ReturnAfter; got != time.Hour {
		t.Errorf("got %v, want an hour where nothing is said", got)
	}
	c.wall = time.Unix(1_700_000_000, 0)
	c.past.movedAway["a"] = c.wall.Add(-10 * time.Minute)
	if !c.within(c.past.movedAway["a"], c.config.ReturnAfter) || c.cooling(c.past.movedAway["a"]) {
		t.Error("ten minutes ago is past the cool-down, and within the hour")
	}
}
