package report

import (
	"math"
	"strings"
	"testing"
)

func runs(seed uint64, values ...float64) []Run {
	var out []Run
	for i, v := range values {
		out = append(out, Run{Seed: seed + uint64(i), Values: map[string]float64{"x": v}})
	}
	return out
}

func TestChance(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	// t 2.8586 with 27.890 degrees of freedom; the density was integrated by hand.
	a := []float64{27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4}
	b := []float64{27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 24.5}
	for _, c := range []struct {
		name string
		a, b []Run
		want float64
	}{
		// Differences 1 to 5: t 4.2426 with 4 degrees of freedom.
		{"same seeds", runs(1, 10, 60, 20, 70, 30), runs(1, 11, 62, 23, 74, 35), 0.0132},
		{"two seeds in common", runs(1, 10, 60, 20), runs(2, 61, 23, 5, 5), 0.2952},
		{"strangers", runs(1, a...), runs(100, b...), 0.0080},
		{"one seed", runs(1, 4), runs(1, 5), nan},
		{"nothing", nil, runs(1, 5, 6), nan},
		{"alike", runs(1, 4, 5), runs(1, 4, 5), 1},
		{"always one more", runs(1, 4, 5), runs(1, 5, 6), 0},
		{"never", runs(1, 4, 5), runs(1, inf, inf), nan},
		{"one seed in common", runs(1, 4, 5, nan), runs(1, 5, nan, 6), 0.2929},
	} {
		if got := chance(Policy{Runs: c.a}, Policy{Runs: c.b}, "x"); !near(math.Round(got*1e4)/1e4, c.want) {
			t.Errorf("%s: got %.4f, want %.4f", c.name, got, c.want)
		}
	}
}

func TestHolm(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		p, mean []float64
		want    []int
	}{
		{[]float64{nan, 0.01, 0.02, 0.04}, []float64{5, 6, 4, 7}, []int{0, 1, -1, 1}},
		{[]float64{nan, 0.03, 0.01, 0.04}, []float64{5, 6, 4, 7}, []int{0, 0, -1, 0}}, // 0.03 is more than 5 % / 2
		{[]float64{nan, 0.02, nan, 0.9}, []float64{5, 6, 4, 7}, []int{0, 1, 0, 0}},    // an untested policy costs nothing
		{[]float64{nan, 0.06}, []float64{5, 6}, []int{0, 0}},
	} {
		column := make([]Figure, len(c.p))
		for i := range column {
			column[i].P, column[i].Mean = c.p[i], c.mean[i]
		}
		markDiffering(column)
		for i, want := range c.want {
			if got := column[i].Differs; got != want {
				t.Errorf("p %v: policy %d: got %d, want %d", c.p, i, got, want)
			}
		}
	}
}

func TestBest(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		better int
		means  []float64
		want   []bool
	}{
		{-1, []float64{3, 1, 2}, []bool{false, true, false}},
		{1, []float64{3, 1, 2}, []bool{true, false, false}},
		{0, []float64{3, 1, 2}, []bool{false, false, false}},
		{-1, []float64{1, 1, 2}, []bool{true, true, false}},
		{-1, []float64{2, 2}, []bool{false, false}},
		{-1, []float64{nan, 2}, []bool{false, false}},
		{-1, []float64{nan, inf, 2}, []bool{false, false, true}},
		{1, []float64{inf, 2}, []bool{true, false}},
	} {
		column := make([]Figure, len(c.means))
		for i, v := range c.means {
			column[i].Mean = v
		}
		markBest(column, c.better, make([]bool, len(column)))
		for i, want := range c.want {
			if got := column[i].Best; got != want {
				t.Errorf("better %d of %v: policy %d: got %v, want %v", c.better, c.means, i, got, want)
			}
		}
	}
}

func TestFigures(t *testing.T) {
	c := Comparison{
		Measures: []Measure{{Key: "x", Better: -1}},
		Policies: []Policy{{Name: "a", Runs: runs(1, 10, 60, 20, 70, 30)}, {Name: "b", Runs: runs(1, 5, 54, 13, 62, 21)}},
	}
	f := c.Figures()
	if a := f[0][0]; a.Mean != 38 || !math.IsNaN(a.Change) || !math.IsNaN(a.P) || a.Best || a.Differs != 0 {
		t.Errorf("the first policy: got %+v", a)
	}
	// 7 less of 38; over the seeds the policies overlap, seed by seed they do not.
	if b := f[1][0]; b.Mean != 31 || !near(b.Change, -7.0/38) || !b.Best || b.Differs != -1 || b.Mean+b.Half < 38 {
		t.Errorf("the second policy: got %+v", b)
	}
}

// A policy that does nothing is not the best in what acting costs, and what only
// rounding tells apart is neither the best nor different.
func TestBestIsEarned(t *testing.T) {
	of := func(name string, idle bool, moves, energy float64) Policy {
		p := Policy{Name: name, Idle: idle}
		for seed := range uint64(3) {
			p.Runs = append(p.Runs, Run{Seed: seed, Values: map[string]float64{"moves": moves + float64(seed), "energy": energy}})
		}
		return p
	}
	c := Comparison{
		Measures: []Measure{{Key: "moves", Better: -1, Effort: true, Main: true}, {Key: "energy", Better: -1}},
		Policies: []Policy{of("none", true, 0, 0.3), of("few", false, 2, 0.1+0.2), of("many", false, 9, 0.3), of("waits", false, 0, 0.3)},
	}
	figures := c.Figures()
	if got, want := c.uncontested(), "; none, waits do nothing"; !strings.HasPrefix(got, want) {
		t.Errorf("got %q, want %q at its head", got, want)
	}
	for i, want := range []bool{false, true, false, false} {
		if got := figures[i][0].Best; got != want {
			t.Errorf("moves of %s: best is %v, want %v", c.Policies[i].Name, got, want)
		}
	}
	for i, row := range figures {
		if f := row[1]; f.Best || f.Differs != 0 {
			t.Errorf("energy of %s: got best %v and difference %d, want neither", c.Policies[i].Name, f.Best, f.Differs)
		}
	}
	c.Policies = c.Policies[:2]
	if figures = c.Figures(); figures[0][0].Best || figures[1][0].Best {
		t.Error("moves: one policy acts and one does not: want no best")
	}
}
