package ondisk

import (
	"testing"
	"time"

	"parley/hostagent"
)

// A guest wants what its course says, for as long as it has been there.
func TestCourse(t *testing.T) {
	begin := time.Unix(1_700_000_000, 0)
	g := Guest{Name: "g", Processors: 2, Memory: 1, CPU: []float64{0.5, 3, 1}, Every: time.Minute, Started: begin}
	for age, want := range map[time.Duration]float64{
		-time.Hour: 0.5, 0: 0.5, 59 * time.Second: 0.5, time.Minute: 2, 2 * time.Minute: 1, 3 * time.Minute: 0.5, 100 * time.Minute: 2,
	} {
		if got := g.wants(begin.Add(age)); got != want {
			t.Errorf("at the age of %v: got %g cores, want %g", age, got, want)
		}
	}
}

// TestUse: what guests have used rises with time, is shared where the host has too
// little, and what is missing is shown as a wait.
func TestUse(t *testing.T) {
	begin := time.Now()
	p := &Platform{capacity: hostagent.Resources{CPU: 2}, used: map[string]*used{}, counted: begin.Add(-10 * time.Second)}
	busy := []Guest{
		{Name: "a", Processors: 4, CPU: []float64{3}}, {Name: "b", Processors: 4, CPU: []float64{1}}, {Name: "idle", Processors: 1},
	}
	for _, g := range busy {
		p.used[g.Name] = &used{guest: g}
	}
	p.count(busy[1:]) // a has left
	if p.used["a"] != nil {
		t.Error("a guest that has left is still counted")
	}
	b, idle := p.used["b"], p.used["idle"]
	near := func(got, want time.Duration) bool { return got > want-time.Second/4 && got < want+time.Second }
	if !near(b.CPU, 5*time.Second) || !near(b.Delay, 5*time.Second) {
		t.Errorf("with half of what all want: got %v of CPU and %v of waiting, want 5 s each", b.CPU, b.Delay)
	}
	if idle.CPU != 0 || idle.Delay != 0 {
		t.Errorf("a guest that wants nothing: got %+v, want nothing", idle.Used)
	}
}
