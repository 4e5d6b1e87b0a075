package scenario

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/sim"
)

// site draws the site of a text.
func site(t *testing.T, text string) sim.Site {
	t.Helper()
	s, err := Read(strings.NewReader(text), filepath.Join(t.TempDir(), "test.yaml"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	site, err := s.Site(1, nil)
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// guests draws guests with 2 cores each and a load, on a host with room for them.
func guests(t *testing.T, count int, load string) []sim.SiteGuest {
	t.Helper()
	return site(t, fmt.Sprintf(`
hosts: [{name: h, cores: 1000, memory: 1 TiB}]
guests: [{name: g, count: %d, sizes: [{cores: 2, memory: 1 MiB}], load: {%s}}]
run: {limit: 24h}
`, count, load)).Guests
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// The deterministic loads are functions of time.
func TestLoadShapes(t *testing.T) {
	type at struct {
		time time.Duration
		want float64 // cores, of 2
	}
	const h, m = time.Hour, time.Minute
	for _, c := range []struct {
		load string
		want []at
	}{
		{"share: 0.3", []at{{0, 0.6}, {9 * h, 0.6}}},
		{"kind: constant, share: 1.5", []at{{0, 3}, {9 * h, 3}}},
		{"kind: wave, mean: 0.5, swing: 0.25", []at{{0, 1}, {6 * h, 1.5}, {12 * h, 1}, {18 * h, 0.5}, {24 * h, 1}, {30 * h, 1.5}}},
		{"kind: wave, mean: 0.1, swing: 0.5, period: 4h", []at{{h, 1.2}, {3 * h, 0}}},
		{"kind: crowd, part: 1, share: 0.1, high: 0.9, at: 1h, rise: 10m, hold: 30m", []at{
			{0, 0.2}, {h, 0.2}, {h + 5*m, 1}, {h + 10*m, 1.8}, {h + 40*m, 1.8}, {h + 45*m, 1}, {h + 50*m, 0.2}, {9 * h, 0.2},
		}},
		{"kind: crowd, part: 1, share: 0.1, high: 0.9, at: 1h, hold: 30m", []at{{h, 0.2}, {h + m, 1.8}, {h + 29*m, 1.8}, {h + 30*m, 0.2}}},
		{"kind: sawtooth, share: 0.2, high: 0.8, period: 10m", []at{{0, 0.4}, {5 * m, 1}, {9 * m, 1.48}, {10 * m, 0.4}, {15 * m, 1}}},
		{"kind: spots, part: 1, share: 0.1, high: 0.9", []at{{0, 1.8}, {30 * m, 1.8}, {5 * h, 1.8}}},
		{"kind: walk, mean: 0.4", []at{{0, 0.8}, {7 * h, 0.8}}},
	} {
		for _, g := range guests(t, 3, c.load) {
			for _, at := range c.want {
				near(t, fmt.Sprintf("%s of %s at %v", c.load, g.Name, at.time), g.Load.At(at.time), at.want, 1e-6)
			}
		}
	}
}

// Random loads have the requested mean and spread.
func TestLoadsByChance(t *testing.T) {
	const n = 2000
	moments := func(load string, at time.Duration) (mean, deviation float64) {
		var sum, squares float64
		for _, g := range guests(t, n, load) {
			v := g.Load.At(at) / 2
			if v < 0 || v > 1 {
				t.Fatalf("%s: got a share of %v, want one from 0 to 1", load, v)
			}
			sum += v
			squares += v * v
		}
		mean = sum / n
		return mean, math.Sqrt(squares/n - mean*mean)
	}
	for _, c := range []struct {
		load            string
		at              time.Duration
		mean, deviation float64
	}{
		{"kind: beta, a: 2, b: 3", 0, 0.4, 0.2},
		{"kind: walk, mean: 0.5, swing: 0.1", 0, 0.5, 0.1},
		{"kind: walk, mean: 0.5, swing: 0.1", 7 * time.Hour, 0.5, 0.1},
		{"kind: wave, mean: 0.5, swing: 0.2, phase: random", 3 * time.Hour, 0.5, 0.2 / math.Sqrt2},
		{"kind: sawtooth, share: 0, high: 1, period: 10m, phase: random", time.Hour, 0.5, 1 / math.Sqrt(12)},
		{"kind: crowd, part: 0.3, share: 0, high: 1, at: 1h, rise: 1m, hold: 1h", 90 * time.Minute, 0.3, math.Sqrt(0.3 * 0.7)},
		{"kind: crowd, share: 0, high: 1, at: 1h, rise: 1m, hold: 1h", 90 * time.Minute, 0.2, 0.4},
		{"kind: spots, part: 0.25, share: 0, high: 1", 5 * time.Hour, 0.25, math.Sqrt(0.25 * 0.75)},
	} {
		mean, deviation := moments(c.load, c.at)
		near(t, c.load+": mean", mean, c.mean, 0.03)
		near(t, c.load+": deviation", deviation, c.deviation, 0.03)
	}
}

// A walk has a slow decay: a high value is still high after a step, but not after a
// day.
func TestWalkRemembers(t *testing.T) {
	correlation := func(after time.Duration) (sum float64) {
		all := guests(t, 500, "kind: walk, mean: 0.5, swing: 0.1")
		for _, g := range all {
			sum += (g.Load.At(2*time.Hour)/2 - 0.5) * (g.Load.At(2*time.Hour+after)/2 - 0.5) / 0.01 / float64(len(all))
		}
		return sum
	}
	near(t, "correlation after a step", correlation(5*time.Minute), 11.0/12, 0.1)
	near(t, "correlation after an hour", correlation(time.Hour), math.Pow(11.0/12, 12), 0.1)
	near(t, "correlation after ten hours", correlation(10*time.Hour), 0, 0.1)
}

// People walk into two corners, of which each is the same part of a map of any size; nobody
// is lost on the way.
func TestZones(t *testing.T) {
	for _, side := range []int{10, 20} {
		zones := guests(t, side*side, fmt.Sprintf("kind: zones, side: %d, clients: 10000, scale: 0.001", side))
		total := func(at time.Duration, in func(row, column int) bool) (sum float64) {
			for i, g := range zones {
				if in(10*(i/side)/side, 10*(i%side)/side) {
					sum += g.Load.At(at)
				}
			}
			return sum
		}
		all := func(int, int) bool { return true }
		upperLeft := func(row, column int) bool { return row < 4 && column < 4 }
		lowerRight := func(row, column int) bool { return row >= 8 && column >= 6 }
		for _, at := range []time.Duration{0, 5 * time.Minute, 15 * time.Minute, time.Hour} {
			near(t, fmt.Sprintf("cores of all people at %v", at), total(at, all), 10, 1e-4)
		}
		near(t, "upper left at first", total(0, upperLeft), 1.6, 0.2)
		near(t, "lower right at first", total(0, lowerRight), 0.8, 0.2)
		near(t, "upper left at last", total(time.Hour, upperLeft), 10*upperLeftPart, 0.2)
		near(t, "lower right at last", total(time.Hour, lowerRight), 10*(1-upperLeftPart), 0.2)
	}
}

// A table has cores, and its series have their own beginnings; a PlanetLab day has
// shares of the guest's processors.
func TestTraces(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("table.csv", "time,guest,cpu\n0,a,1\n60,a,3\n120,b,2\n180,b,0\n")
	if err := os.Mkdir(filepath.Join(dir, "day"), 0o755); err != nil {
		t.Fatal(err)
	}
	write("day/a", strings.Repeat("50\n", 288))
	draw := func(load string) []sim.SiteGuest {
		t.Helper()
		text := "hosts: [{name: h, cores: 9, memory: 1 GiB}]\nguests: [{name: g, sizes: [{cores: 4, memory: 1 MiB}], load: {kind: trace, " +
			load + "}}]\n"
		// The trace is not beside the scenario but in the directory of data.
		s, err := Read(strings.NewReader(text), filepath.Join(t.TempDir(), "test.yaml"), Options{Data: dir})
		if err != nil {
			t.Fatal(err)
		}
		site, err := s.Site(1, nil)
		if err != nil {
			t.Fatal(err)
		}
		return site.Guests
	}
	table := draw("file: table.csv")
	if len(table) != 2 || table[0].Name != "g1" {
		t.Fatalf("got %d guests, the first %q, want one for each series: g1, g2", len(table), table[0].Name)
	}
	near(t, "a at half a minute", table[0].Load.At(30*time.Second), 2, 1e-6)
	near(t, "b before its first sample", table[1].Load.At(0), 2, 1e-6)
	near(t, "b half a minute after it", table[1].Load.At(150*time.Second), 1, 1e-6)
	near(t, "b after its last sample", table[1].Load.At(time.Hour), 0, 1e-6)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte("time,guest,cpu\n0,a,1\n0,b,2\n60,b,4\n")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	write("table.csv.gz", packed.String())
	if one := draw("file: table.csv.gz, series: b"); len(one) != 1 || one[0].Name != "g" || one[0].Load.At(30*time.Second) != 3 {
		t.Errorf("got %+v, want one guest with 3 cores: the load of b", one)
	}
	near(t, "half of 4 cores", draw("file: day")[0].Load.At(time.Hour), 2, 1e-6)
	near(t, "scaled", draw("file: day, scale: 3")[0].Load.At(time.Hour), 6, 1e-6)
	if all := draw("file: day"); len(all) != 1 || all[0].Name != "g" {
		t.Errorf("got %d guests, want one of the name g", len(all))
	}
}
