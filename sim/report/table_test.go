package report

import (
	"bytes"
	"flag"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jedib0t/go-pretty/v6/text"
)

var rewrite = flag.Bool("rewrite", false, "write what came out into testdata; read the difference afterwards")

// golden compares the output with a file of testdata.
func golden(t *testing.T, name string, render func(io.Writer, Comparison) error, c Comparison) {
	t.Helper()
	var out, again bytes.Buffer
	if err := render(&out, c); err != nil {
		t.Fatal(err)
	}
	if err := render(&again, c); err != nil || !bytes.Equal(out.Bytes(), again.Bytes()) {
		t.Errorf("%s: a second time it came out differently (%v)", name, err)
	}
	path := filepath.Join("testdata", name)
	if *rewrite {
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(out.Bytes(), want) {
		t.Errorf("%s: got\n%s\nwant\n%s\nIf that is right: go test ./sim/report -rewrite", name, out.String(), want)
	}
}

func TestGolden(t *testing.T) {
	small := sample(6, 24, 4)
	small.Policies[2].Runs[3].Values["energy"] = math.NaN()
	for name, c := range map[string]Comparison{
		"small": small, "one_run": sample(3, 6, 1), "empty": {}, "odd": odd(), "one_policy": onePolicy(),
	} {
		golden(t, name+".txt", Text, c)
		golden(t, name+".md", Markdown, c)
		golden(t, name+".csv", CSV, c)
		golden(t, name+".json", JSON, c)
		golden(t, name+"_series.csv", SeriesCSV, c)
		golden(t, name+"_series.jsonl", SeriesJSON, c)
	}
}

func onePolicy() Comparison {
	c := sample(4, 12, 3)
	c.Policies = c.Policies[1:2]
	return c
}

// odd has difficult input: unmeasured values, infinities, differing seeds, and letters
// of many languages.
func odd() Comparison {
	nan, inf := math.NaN(), math.Inf(1)
	return Comparison{
		Title: "Odd \x1b[31m</title><script>alert(1)</script>", Scenario: `a|b.yaml" onload="x`, Note: "tab\there",
		Measures: []Measure{
			{Key: "relief", Name: "Time to relief", Unit: "s", Better: -1},
			{Key: "none", Better: 1},
			{Key: "far", Name: "a|b <i>", Unit: "<&>", Doc: `"]]><script>alert(2)</script>`, Better: -1, Digits: -3},
		},
		Policies: []Policy{
			{Name: "<script>alert(3)</script>", Runs: []Run{
				{Seed: 1, Values: map[string]float64{"relief": inf, "far": 1e300}, Course: &Course{Step: 1, Watts: []float64{nan, inf, -inf}}},
				{Seed: 2, Values: map[string]float64{"relief": 4, "none": nan, "far": -1e-300}}}},
			{Name: "a|b\u202e", Runs: []Run{{Seed: math.MaxUint64, Values: map[string]float64{"relief": -inf, "far": 12345.678}}}},
			{Name: "no runs"},
		},
	}
}

// No row of a table is wider than a terminal, whatever the number of measures.
func TestTextIsSplit(t *testing.T) {
	c := sample(4, 4, 3)
	for _, m := range c.Measures {
		m.Key, m.Name = m.Key+"2", m.Name+" again"
		c.Measures = append(c.Measures, m)
	}
	var out strings.Builder
	if err := Text(&out, c); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(out.String(), "│ policy"); got < 2 {
		t.Errorf("12 measures are in %d table", got)
	}
	for _, line := range strings.Split(out.String(), "\n") {
		if strings.ContainsAny(line, "│┌└├") && len([]rune(line)) > textWidth+1 {
			t.Errorf("%d wide: %s", len([]rune(line)), line)
		}
	}
}

// A text fits the width of its reader, and each measure is in exactly one of its tables.
func TestTextFitsItsWidth(t *testing.T) {
	c := sample(6, 24, 4)
	for _, width := range []int{60, 80, 110, 200} {
		var b strings.Builder
		if err := TextOf(&b, c, width); err != nil {
			t.Fatal(err)
		}
		tables, _, _ := strings.Cut(b.String(), "* best of its column")
		for _, m := range c.Measures {
			if n := strings.Count(tables, " "+m.head()+" "); n != 1 {
				t.Errorf("at %d columns %s heads %d columns, want one", width, m.head(), n)
			}
		}
		written, _, _ := strings.Cut(b.String(), "\nmade by ")
		for line := range strings.Lines(written) {
			if got := text.StringWidth(strings.TrimSuffix(line, "\n")); got > width {
				t.Errorf("at %d columns a line has %d: %s", width, got, line)
			}
		}
		if used := len(strings.Split(tables, "┌")) - 1; used > map[int]int{60: 5, 80: 3, 110: 2, 200: 1}[width] {
			t.Errorf("at %d columns there are %d tables: the width is not used", width, used)
		}
	}
}
