package report

import (
	"fmt"
	"strings"
	"testing"
)

// compared is a comparison of one measure, with a policy for each list of values.
func compared(m Measure, policies ...[]float64) Comparison {
	c := Comparison{Measures: []Measure{m}}
	for i, values := range policies {
		p := Policy{Name: fmt.Sprintf("p%d", i)}
		for seed, v := range values {
			p.Runs = append(p.Runs, Run{Seed: uint64(seed), Values: map[string]float64{m.Key: v}})
		}
		c.Policies = append(c.Policies, p)
	}
	return c
}

// An interval that reaches below what is possible does not give an axis below it; what is
// negative in a run has its place.
func TestAxisBeginsAtZero(t *testing.T) {
	c := compared(Measure{Key: "m"}, []float64{0, 0, 30})
	figures := c.Figures()
	if f := figures[0][0]; f.Mean-f.Half >= 0 {
		t.Fatalf("the interval %v ±%v is not below 0", f.Mean, f.Half)
	}
	card := c.card(0, figures)
	if first := card.Ticks[0]; first.Label != "0" || first.At != 0 {
		t.Errorf("got the first tick %+v, want 0 at the left edge", first)
	}
	if whisker := card.Rows[0].Whisker; !strings.HasPrefix(whisker, "M0 ") {
		t.Errorf("got the whisker %s, want one that begins at 0", whisker)
	}
	if said := card.Rows[0].Tip; !strings.Contains(said, "95 % interval 0 to ") {
		t.Errorf("got %q, want an interval from 0", said)
	}
	c = compared(Measure{Key: "m"}, []float64{-3, 4})
	if first := c.card(0, c.Figures()).Ticks[0]; !strings.HasPrefix(first.Label, "−") {
		t.Errorf("with a negative value: got the first tick %+v", first)
	}
}

// Ticks are at round values, and their labels have room.
func TestTicks(t *testing.T) {
	for high, want := range map[float64]string{
		1: "0 0.2 0.4 0.6 0.8 1.0", 20.9: "0 5 10 15 20", 0.0000027: "0 1.0×10⁻⁶ 2.0×10⁻⁶", 28391961: "0 10,000,000 20,000,000",
		3.2e12: "0 2,000,000,000,000",
	} {
		var got []string
		for _, tick := range (axis{0, high, 0, 100}).fitted(stripChars) {
			got = append(got, tick.Label)
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("up to %v: got %s, want %s", high, text, want)
		}
	}
}

// What differs in nothing is told, and not drawn.
func TestAlikeIsTold(t *testing.T) {
	m := Measure{Key: "m", Unit: "s"}
	for name, c := range map[string]struct {
		policies [][]float64
		want     string
	}{
		"zero":                     {[][]float64{{0, 0}, {0, 0}}, "0 in all runs"},
		"the same":                 {[][]float64{{2, 2}, {2, 2}}, "2 ±0 s under each policy"},
		"the same for each seed":   {[][]float64{{1, 3}, {1, 3}}, "2 ±13 s under each policy"},
		"the same mean only":       {[][]float64{{1, 3}, {2, 2}}, ""},
		"another":                  {[][]float64{{1, 1}, {2, 2}}, ""},
		"one policy":               {[][]float64{{1, 1}}, ""},
		"one policy, always zero":  {[][]float64{{0, 0}}, "0 in all runs"},
		"a single run of a policy": {[][]float64{{4}, {4}}, "4 s under each policy"},
	} {
		compared := compared(m, c.policies...)
		if got, told := compared.alikeEverywhere(0, compared.Figures()); got != c.want || told != (c.want != "") {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// Groups that a policy is for come first, and the table has the main figures of each.
func TestGroups(t *testing.T) {
	c := Comparison{Policies: []Policy{{Name: "none"}, {Name: "even", Aim: "Load"}, {Name: "odd", Aim: "Nothing that is measured"}}}
	for i, group := range []string{"Energy", "Energy", "Load", "Load", "Talk", "Talk", "Talk", "Energy"} {
		c.Measures = append(c.Measures, Measure{Key: fmt.Sprintf("m%d", i), Group: group, Main: i%2 == 0})
	}
	if got, want := fmt.Sprint(c.grouped()), "[[2 3] [0 1 7] [4 5 6]]"; got != want {
		t.Errorf("got the groups %s, want %s", got, want)
	}
	var keys []string
	for _, column := range c.mainTable(c.grouped(), c.Figures()).Columns {
		keys = append(keys, column.Key)
	}
	if got, want := strings.Join(keys, " "), "m2 m0 m4 m6"; got != want {
		t.Errorf("got the main figures %s, want %s", got, want)
	}
	c.Measures = c.Measures[:3]
	if got := len(c.mainTable(c.grouped(), c.Figures()).Columns); got != 3 {
		t.Errorf("few measures are all main: got %d of 3", got)
	}
}
