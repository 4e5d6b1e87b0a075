package hostagent

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/lcc"
)

// covered passes a series of five-minute loads through a horizon, and returns the share
// of the following half hours that was below the forecasts, and the mean excess of the
// forecasts. The first hours are left out.
func covered(h *horizon, series []float64) (share, headroom float64) {
	n := 0
	for i, load := range series {
		h.add(load, horizonStep)
		if i < 24 || i+horizonSteps >= len(series) {
			continue
		}
		for _, later := range series[i+1 : i+1+horizonSteps] {
			n++
			if later <= h.forecast() {
				share++
			}
			headroom += h.forecast() - later
		}
	}
	return share / float64(n), headroom / float64(n)
}

// On different kinds of load the forecast covers the wanted share without being far
// above.
func TestHorizonCovers(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 1))
	walk := 0.5
	for name, c := range map[string]struct {
		load        func(i int) float64
		headroomMax float64
	}{
		"constant": {func(int) float64 { return 0.4 }, 0.001},
		"noise":    {func(int) float64 { return 0.4 + 0.1*chance.NormFloat64() }, 0.25},
		"a day":    {func(i int) float64 { return 0.5 + 0.3*math.Sin(float64(i)/288*2*math.Pi) }, 0.25},
		"steps":    {func(i int) float64 { return 0.2 + 0.5*float64(i/40%2) }, 0.45},
		"a walk": {func(int) float64 {
			walk = min(1, max(0, walk+0.03*chance.NormFloat64()))
			return walk
		}, 0.3},
	} {
		h := &horizon{coverage: 0.9}
		series := make([]float64, 2000)
		for i := range series {
			series[i] = c.load(i)
		}
		share, headroom := covered(h, series)
		if share < 0.84 || headroom > c.headroomMax {
			t.Errorf("%s: %.3f of the time was covered with a head-room of %.3f, want 0.84 at least and at most %.3f", name, share, headroom,
				c.headroomMax)
		}
	}
}

// The forecast does not depend on the number of looks.
func TestHorizonOfManyLooks(t *testing.T) {
	once, often := &horizon{coverage: 0.9}, &horizon{coverage: 0.9}
	for i := range 300 {
		load := float64(i % 7)
		once.add(load, horizonStep)
		for range 60 {
			often.add(load, horizonStep/60)
		}
	}
	if math.Abs(once.forecast()-often.forecast()) > 1e-9 || once.confidence() != often.confidence() {
		t.Errorf("got %g and %g, want the same", once.forecast(), often.forecast())
	}
}

func TestConfidenceGrows(t *testing.T) {
	h := &horizon{coverage: 0.9}
	if h.confidence() != 0 {
		t.Errorf("before anything was seen: got %g, want 0", h.confidence())
	}
	for range 100 {
		h.add(0.5, horizonStep)
	}
	if h.confidence() < 0.95 {
		t.Errorf("after eight constant hours: got %g, want nearly 1", h.confidence())
	}
}

// TestPlanetLab forecasts a day of PlanetLab's traces and compares the head-room with
// that of the last value.
func TestPlanetLab(t *testing.T) {
	series := planetLab(t)
	n, share, headroom := 0.0, 0.0, 0.0
	for _, one := range series {
		s, h := covered(&horizon{coverage: 0.9}, one)
		share, headroom, n = share+s, headroom+h, n+1
	}
	share, headroom = share/n, headroom/n
	t.Logf("%g machines: the forecast covers %.3f of the next half hours with %.1f points of head-room on average", n, share, 100*headroom)
	if share < 0.85 || headroom > 0.15 {
		t.Errorf("got a coverage of %.3f with %.1f points of head-room, want 0.85 at least and at most 15", share, 100*headroom)
	}
}

func planetLab(t *testing.T) (series [][]float64) {
	dir := os.Getenv("PARLEY_DATA")
	if dir == "" {
		t.Skip("set PARLEY_DATA to a directory with planetlab-20110303.tar.gz: the traces of PlanetLab that CloudSim publishes in its " +
			"examples, one file a machine")
	}
	file, err := os.Open(filepath.Join(dir, "planetlab-20110303.tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	for archive := tar.NewReader(unzipped); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return series
		}
		if err != nil {
			t.Fatal(err)
		}
		if header.Typeflag != tar.TypeReg {
			continue
		}
		text, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		var one []float64
		for field := range strings.FieldsSeq(string(text)) {
			if percent, err := strconv.ParseFloat(field, 64); err == nil {
				one = append(one, percent/100)
			}
		}
		if len(one) > 100 {
			series = append(series, one)
		}
	}
}

// The answers of models about forecasts, pressure and contention.
func TestAskForecast(t *testing.T) {
	c := newCore(t, configWith(func(c *Config) { c.SampleEvery, c.Deviations = time.Second, 0 }))
	capacity := Resources{CPU: 4, MemoryBytes: 4 << 30}
	if got := asked(t, c, "forecast", "_"); got != "later" {
		t.Errorf("forecast before anything was seen: got %s, want later", got)
	}
	var delay time.Duration
	for second := range 901 {
		at := time.Duration(second) * time.Second
		delay += 100 * time.Millisecond
		g := guestOf("g", 2, 1, at)
		g.Delay = delay
		_, err := c.Step(lcc.Instant(at)+1, Observed{
			Wall: time.Unix(1_700_000_000, int64(at)), Observation: Observation{Capacity: capacity, Guests: []Guest{g}},
			Pressure: Pressure{Known: true, CPU: 0.25, Memory: 0.5, IO: 0.125, Steal: 0.0625, Network: 0.75, Disk: 0.5},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for question, want := range map[[2]string]string{
		{"forecast", ""}: "0.5", {"pressure", "cpu"}: "0.25", {"pressure", "memory"}: "0.5", {"pressure", "io"}: "0.125",
		{"pressure", "steal"}: "0.063", {"load", "network"}: "0.75", {"load", "disk"}: "0.5", {"stability", `"g"`}: "1.0", {"contention", `"g"`}: "0.025",
	} {
		var got string
		if question[1] == "" {
			got = asked(t, c, question[0], "_")
		} else {
			got = asked(t, c, question[0], question[1], "_")
		}
		if !strings.Contains(got, want) {
			t.Errorf("%v: got %s, want %s", question, got, want)
		}
	}
}
