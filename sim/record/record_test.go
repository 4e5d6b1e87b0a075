package record

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/past"
	"parley/hostagent/site"
	"parley/sim"
	"parley/sim/scenario"
)

var began = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// span is a time in which a guest was on a host, in minutes since the beginning.
type span struct {
	guest    string
	from, to int
	cpu      uint16
}

// block is what a host saw from one minute to another.
func block(host string, from, to int, spans ...span) past.Block {
	b := past.Block{
		Start: began.Unix() + int64(from)*60, Step: 300, Samples: (to - from) / 5,
		Host: past.Host{Name: host, Cores: 8, Memory: 16 << 30, Kinds: []string{"vm"}, Labels: []string{"rack=a"}, Power: []float64{100, 200}},
	}
	for _, s := range spans {
		g := past.Series{Guest: past.Guest{ID: "id-" + s.guest, Name: s.guest, Kind: "vm", Cores: 2, Memory: 2 << 30, Apart: []string{"app=x"}}}
		for at := from; at < to; at += 5 {
			v := past.Absent
			if s.from <= at && at < s.to {
				v = s.cpu
			}
			g.CPU, g.Memory = append(g.CPU, v), append(g.Memory, v)
		}
		b.Guests = append(b.Guests, g)
	}
	return b
}

// told is four hours of two hosts: a moves from h1 to h2 at two hours, b is there from one to
// two hours and again from three on, c is only on h2 when that looks again.
func told() Site {
	return Site{Begin: began.Add(-24 * time.Hour), End: began.Add(24 * time.Hour), Hosts: []Host{
		{Name: "h1", ID: "p1", Kept: true, Blocks: []past.Block{
			block("h1", 0, 60, span{"a", 0, 60, 500}),
			// It does not look for half an hour.
			block("h1", 90, 240, span{"a", 90, 120, 500}, span{"b", 180, 240, 100}),
		}, Models: []site.PastModel{{Name: "agility.lcc", Digest: "x", Text: "own text"}}},
		{Name: "h2", ID: "p2", Kept: true, Blocks: []past.Block{
			block("h2", 30, 240, span{"a", 125, 240, 1000}, span{"b", 60, 120, 100}, span{"c", 30, 240, 250}),
		}, Models: []site.PastModel{{Name: "agility.lcc", Digest: "x", Text: "own text"}}, Deals: []site.PastDeal{
			{At: began.Add(2 * time.Hour), Deal: "d", Source: "p1", Target: "p2"},
			{At: began.Add(time.Hour), Deal: "e", Source: "p1", Target: "p9", Drain: true},
			{At: began.Add(-48 * time.Hour), Deal: "earlier"},
		}},
		{Name: "h3", ID: "p3", Silent: "it did not answer: no answer within 2s"},
		{Name: "h4", ID: "p4"},
	}}
}

func TestLives(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	summary, err := Write(dir, told())
	if err != nil {
		t.Fatal(err)
	}
	if summary.Hosts != 2 || summary.Guests != 3 || summary.Came != 2 || summary.Went != 1 || summary.Moved != 1 || summary.Ordered != 1 ||
		summary.Lasts != 4*time.Hour || summary.Step != 5*time.Minute || !summary.Begin.Equal(began) {
		t.Errorf("got %+v", summary)
	}
	notes := strings.Join(summary.Notes, "\n")
	for _, want := range []string{"h3: it did not answer: no answer within 2s.", "h4 keeps no loads"} {
		if !strings.Contains(notes, want) {
			t.Errorf("got the notes %q, want %q", notes, want)
		}
	}
	s, err := scenario.Open(dir, scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := s.Site(1, nil)
	if err != nil {
		t.Fatal(err)
	}
	guests := map[string]sim.SiteGuest{}
	for _, g := range drawn.Guests {
		guests[g.Name] = g
	}
	if len(guests) != 4 {
		t.Fatalf("got %d guests, want a, b twice and c", len(guests))
	}
	for _, want := range []struct {
		name, host   string
		starts, ends time.Duration
		at           time.Duration
		cores        float64
	}{
		{"a", "h1", 0, 0, 75 * time.Minute, 1}, // between what h1 saw before and after
		{"a", "h1", 0, 0, 3 * time.Hour, 2},
		{"b", "h2", time.Hour, 2 * time.Hour, 90 * time.Minute, 0.2},
		{"b-2", "h1", 3 * time.Hour, 0, 210 * time.Minute, 0.2},
		{"c", "h2", 0, 0, 0, 0.5}, // nobody looked before
	} {
		g := guests[want.name]
		if g.Host != want.host || g.Starts != want.starts || g.Ends != want.ends || math.Abs(g.Load.At(want.at)-want.cores) > 1e-6 ||
			g.Declared.MemoryBytes != 2<<30 || len(g.Rules.Apart) != 1 {
			t.Errorf("got %+v with %v cores at %v, want %+v", g, g.Load.At(want.at), want.at, want)
		}
	}
	if s.Policies[0] != "agility.lcc" || drawn.Limit != 4*time.Hour || drawn.Hosts[1].Curve[1] != 200 {
		t.Errorf("got %v for %v on %+v", s.Policies, drawn.Limit, drawn.Hosts)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "agility.lcc")); err != nil || string(text) != "own text" {
		t.Errorf("got the text %q, %v", text, err)
	}
	deals, err := os.ReadFile(filepath.Join(dir, DealsFile))
	if err != nil || !bytes.Contains(deals, []byte(`"source":"h1","target":"h2"`)) || bytes.Count(deals, []byte("\n")) != 2 {
		t.Errorf("got the deals\n%s%v", deals, err)
	}
}

// The same answers give the same bytes, and an earlier record is replaced; something else is
// not.
func TestWriteTwice(t *testing.T) {
	first, second := t.TempDir(), t.TempDir()
	for _, dir := range []string{first, second, first} {
		if _, err := Write(dir, told()); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{scenario.InDirectory, LoadsFile, DealsFile} {
		a, errA := os.ReadFile(filepath.Join(first, name))
		b, errB := os.ReadFile(filepath.Join(second, name))
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Errorf("%s differs: %v %v", name, errA, errB)
		}
	}
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "thesis.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(other, told()); err == nil || !strings.Contains(err.Error(), "give another directory") {
		t.Errorf("got %v, want that the directory has something else", err)
	}
}

// A host may have promised more than it declares; hosts that differ are told.
func TestOddHosts(t *testing.T) {
	s := told()
	s.Hosts[0].Blocks[0].Guests[0].Guest.Memory = 64 << 30
	s.Hosts[0].Blocks[1].Guests[0].Guest.Memory = 64 << 30
	s.Hosts[1].Blocks[0].Guests[0].Guest.Memory = 64 << 30
	tuning := hostagent.DefaultConfig().Tuning
	tuning.High, tuning.SampleEvery, tuning.HoldSamples = 0.7, 20*time.Second, 6
	s.Hosts[0].Tuning, s.Hosts[1].Tuning = &tuning, &tuning
	s.Hosts[1].Models = nil
	s.Hosts = append(s.Hosts, Host{Name: "h5", ID: "p5", Kept: true, Models: s.Hosts[0].Models, Tuning: &hostagent.Tuning{}})
	dir := t.TempDir()
	summary, err := Write(dir, s)
	if err != nil {
		t.Fatal(err)
	}
	notes := strings.Join(summary.Notes, "\n")
	for _, want := range []string{
		"h1 has 64.0 GiB of memory here", "enact something else", "are configured otherwise", "h5 has no loads of that time",
	} {
		if !strings.Contains(notes, want) {
			t.Errorf("got the notes %q, want %q", notes, want)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, scenario.InDirectory))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"  high: 0.7\n", "  sample_every: 1m0s\n", "  hold_samples: 2\n"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

func TestNothingKept(t *testing.T) {
	if _, err := Write(t.TempDir(), Site{Hosts: []Host{{Name: "h", Kept: true}}}); err == nil || !strings.Contains(err.Error(), "loads_for") {
		t.Errorf("got %v, want what to do", err)
	}
}

// Straight lines between the values have the means that were recorded.
func TestSharpenedKeepsMeans(t *testing.T) {
	means := []float32{0.5, 0.5, 1.5, 0.5, 0.75, 1, 1}
	v := sharpened(means, 2)
	for i := 1; i < len(v)-1; i++ {
		if got := (v[i-1] + 6*v[i] + v[i+1]) / 8; math.Abs(float64(got-means[i])) > 1e-6 {
			t.Errorf("step %d: got the mean %v of %v, want %v", i, got, v, means[i])
		}
	}
	if v[2] < 1.7 || v[6] != 1 && math.Abs(float64(v[6]-1)) > 0.01 {
		t.Errorf("got %v, want a sharper peak and an end as it was", v)
	}
	for _, v := range sharpened([]float32{0, 0, 1, 0, 1, 1, 0}, 1) {
		if v < 0 || v > 1 {
			t.Errorf("got %v, want what the guest has at most", v)
		}
	}
}
