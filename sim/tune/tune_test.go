package tune

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"parley/models"
	"parley/sim/compare"
	"parley/sim/scenario"
)

func TestFronts(t *testing.T) {
	points := []point{{1, 5}, {2, 2}, {5, 1}, {3, 3}, {5, 5}, {2, 2}, {math.Inf(1), 0}}
	want := [][]int{{0, 1, 2, 5, 6}, {3}, {4}}
	if got := fronts(points); !reflect.DeepEqual(got, want) {
		t.Errorf("got the fronts %v, want %v", got, want)
	}
	if got := balanced(points, []int{0, 1, 2}); got != 1 {
		t.Errorf("got %d as nearest to all goals, want 1", got)
	}
}

// Of a front that has no room the ends stay, and what is far from others.
func TestBestKeepsTheEndsOfAFront(t *testing.T) {
	points := []point{{0, 10}, {1, 9}, {1.1, 8.9}, {5, 5}, {10, 0}, {11, 11}}
	if got := best(points, 3); !reflect.DeepEqual(got, []int{0, 3, 4}) {
		t.Errorf("got %v, want the two ends and the one in the middle", got)
	}
	if got := best(points, 6); len(got) != 6 {
		t.Errorf("got %v, want all", got)
	}
}

func TestRounds(t *testing.T) {
	for _, c := range []struct {
		n, seeds int
		want     []round
	}{
		{40, 9, []round{{1, 40}, {3, 14}, {9, 6}}},
		{40, 1, []round{{1, 40}, {1, 14}}},
		{5, 9, []round{{9, 5}}},
		{40, 100, []round{{12, 40}, {34, 14}, {100, 6}}},
	} {
		if got := rounds(c.n, c.seeds); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%d candidates, %d seeds: got %v, want %v", c.n, c.seeds, got, c.want)
		}
	}
}

func TestSpan(t *testing.T) {
	for text, want := range map[string]Span{
		"gap=0.05:0.5":    {"gap", 0.05, 0.5, false},
		" high = 1 : 8":   {"high", 1, 8, true},
		"delta=-0.5:0.5":  {"delta", -0.5, 0.5, false},
		"patience=1:60.0": {"patience", 1, 60, false},
	} {
		if got, err := ParseSpan(text); err != nil || got != want {
			t.Errorf("%s: got %v and %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "gap", "gap=1", "gap=2:1", "gap=1:1", "=1:2", "gap=a:2", "gap=1:inf", "gap=1:2:3"} {
		if got, err := ParseSpan(text); err == nil {
			t.Errorf("%q: got %v, want an error", text, got)
		}
	}
	for _, c := range []struct {
		value float64
		whole bool
		want  string
	}{{0.12, false, "x=0.03:0.48"}, {0.8, false, "x=0.2:1.0"}, {5, true, "x=1:20"}, {30, false, "x=7.5:120.0"}} {
		if got, ok := Around("x", c.value, c.whole); !ok || got.String() != c.want {
			t.Errorf("around %v: got %v, want %s", c.value, got, c.want)
		}
	}
	for _, value := range []float64{0, -1} {
		if got, ok := Around("x", value, false); ok {
			t.Errorf("around %v: got %v, want none", value, got)
		}
	}
}

// Each of n equal parts of a span has one candidate, and the same seed draws the same.
func TestSampleCoversTheSpan(t *testing.T) {
	spans := []Span{{"a", 0, 10, false}, {"b", 1, 1000, false}}
	got := sample(spans, 10, 3)
	parts := map[string]bool{}
	for _, values := range got {
		var a, b float64
		fmt.Sscan(values[0]+" "+values[1], &a, &b)
		parts[fmt.Sprint("a", int(min(9, a)))] = true
		parts[fmt.Sprint("b", int(min(9, math.Log10(b)/3*10+1e-2)))] = true
	}
	if len(got) != 10 || len(parts) != 20 {
		t.Errorf("got %d candidates in the parts %v, want one in each part of both spans", len(got), parts)
	}
	if again := sample(spans, 10, 3); !reflect.DeepEqual(again, got) {
		t.Error("the same seed drew other candidates")
	}
	if few := sample([]Span{{"a", 1, 3, true}}, 50, 1); len(few) != 3 {
		t.Errorf("got %v, want each of the three values once", few)
	}
}

// The first host has all guests, and a policy with too high a threshold leaves it so.
const uneven = `
title: Uneven
hosts: [{name: host, count: 2, cores: 16, memory: 64 GiB}]
guests: [{name: guest, count: 8, host: host1, sizes: [{cores: 4, memory: 4 GiB}], load: {kind: constant, share: 0.7}}]
run: {limit: 20m}
`

func options(t *testing.T, text, policy string, spans ...string) Options {
	t.Helper()
	s, err := scenario.Read(strings.NewReader(text), "uneven.yaml", scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o := Options{
		Scenario: s, Policy: policy, Candidates: 12, Seeds: []uint64{1, 2, 3}, Sampling: 1,
		Goals: []string{"deviation", "energy", "migrations"},
		Text: func(name string) ([]byte, error) {
			text, ok := models.Text(name)
			if !ok {
				return nil, fmt.Errorf("no model %s", name)
			}
			return text, nil
		},
	}
	for _, text := range spans {
		span, err := ParseSpan(text)
		if err != nil {
			t.Fatal(err)
		}
		o.Spans = append(o.Spans, span)
	}
	return o
}

func nothingKept(*compare.Options) error { return nil }

func searched(t *testing.T, o Options, open func(*compare.Options) error) *Result {
	t.Helper()
	p, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	last := 0.0
	found, err := p.Search(t.Context(), open, func(share float64) {
		if share < last || share > 1.0001 {
			t.Errorf("got the progress %v after %v", share, last)
		}
		last = share
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// The front has the candidate that evens the load, and the one that does not move, and
// tells the goal that the scenario does not measure.
func TestSearch(t *testing.T) {
	o := options(t, uneven, "agility", "gap=0.05:3.0")
	found := searched(t, o, nothingKept)
	if !reflect.DeepEqual(found.Front.Goals, []string{"deviation", "migrations"}) || !reflect.DeepEqual(found.Left, []string{"energy"}) {
		t.Errorf("got the goals %v without %v", found.Front.Goals, found.Left)
	}
	least, most, onFront := math.Inf(1), 0.0, 0
	for _, p := range found.Front.Points {
		if p.On {
			onFront++
			least, most = min(least, p.Values["migrations"]), max(most, p.Values["migrations"])
			if p.Seeds != 3 || !p.Last {
				t.Errorf("%s is on the front with %d seeds", p.Name, p.Seeds)
			}
			if !p.AsItIs && !strings.HasPrefix(p.Facts, "gap(") {
				t.Errorf("%s: got the facts %q", p.Name, p.Facts)
			}
		}
	}
	if least != 0 || most < 1 || onFront < 2 {
		t.Errorf("got a front of %d with %v to %v migrations, want one that moves none and one that moves some", onFront, least, most)
	}
	c := found.Run.Comparison(found.Results)
	c.Front = &found.Front
	if err := c.Check(); err != nil || c.Policies[0].Name != "agility" {
		t.Errorf("got %v, and %s first; want a comparison with the text as it is", err, c.Policies[0].Name)
	}
	if again := searched(t, o, nothingKept); !reflect.DeepEqual(again.Front, found.Front) || again.Balanced != found.Balanced {
		t.Error("the same search found another front")
	}
}

// A search that was cancelled continues from the runs that it kept, to the same front.
func TestSearchContinues(t *testing.T) {
	o := options(t, uneven, "agility", "gap=0.05:3.0")
	want := searched(t, o, nothingKept)
	name := filepath.Join(t.TempDir(), "runs.jsonl")
	ctx, cancel := context.WithCancel(t.Context())
	finished := 0
	keep := func(after func()) func(*compare.Options) error {
		return func(all *compare.Options) error {
			k, err := compare.OpenKeep(name, *all, "1.2.3")
			if err != nil {
				return err
			}
			t.Cleanup(func() { k.Close() })
			all.Kept = k.Kept
			all.Finished = func(r compare.Result) error {
				if err := k.Add(all.Policies[r.Policy].Name, r); err != nil {
					return err // it was closed below
				}
				finished++
				if after(); ctx.Err() != nil {
					return k.Close()
				}
				return nil
			}
			return nil
		}
	}
	p, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Search(ctx, keep(func() {
		if finished == 7 {
			cancel()
		}
	}), func(float64) {})
	if err == nil {
		t.Fatal("a search that was cancelled has a result")
	}
	before := finished
	ctx = t.Context()
	got := searched(t, o, keep(func() {}))
	if !reflect.DeepEqual(got.Front, want.Front) {
		t.Error("the continued search found another front")
	}
	if finished > p.Runs() || before < 7 {
		t.Errorf("%d runs before and %d in all of %d: finished runs ran again", before, finished, p.Runs())
	}
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []struct {
		policy, span, want string
	}{
		{"agility", "gpa=0.1:1.0", "did you mean gap?"},
		{"agility", "counts=1:2", "no parameter counts that is a number"},
		{"nothing", "", "no model nothing"},
		{"shop", "", "nothing to tune"},
	} {
		var spans []string
		if c.span != "" {
			spans = []string{c.span}
		}
		if _, err := New(options(t, uneven, c.policy, spans...)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s: got %v, want %q", c.policy, c.span, err, c.want)
		}
	}
	if _, err := New(options(t, uneven, "agility", "gap=0.1:1.0", "gap=0.1:2.0")); err == nil {
		t.Error("a range twice: got no error")
	}
	if p, err := New(options(t, uneven, "agility")); err != nil || len(p.Spans()) < 5 || p.Candidates() < 10 {
		t.Errorf("without ranges: got %v and %v", p, err)
	}
}
