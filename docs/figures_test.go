package docs_test

import (
	"regexp"
	"strings"
	"testing"

	"parley/docs"
	"parley/sim"
)

// figures.md defines every figure with its unit, and none that there is not.
func TestFiguresDefined(t *testing.T) {
	units := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\|(.*?)\\| .+ \\|.*\\|$").FindAllStringSubmatch(page(t, "figures.md"), -1) {
		if _, twice := units[row[1]]; twice {
			t.Errorf("figures.md defines %s twice", row[1])
		}
		units[row[1]] = strings.TrimSpace(row[2])
	}
	for _, m := range sim.Measures() {
		unit, defined := units[m.Key]
		switch {
		case !defined:
			t.Errorf("figures.md does not define %s", m.Key)
		case unit != m.Unit:
			t.Errorf("figures.md: the unit of %s: got %q, want %q", m.Key, unit, m.Unit)
		}
		delete(units, m.Key)
	}
	for key := range units {
		t.Errorf("figures.md defines %s, which is no figure", key)
	}
}

// The page of a comparison takes groups and definitions from here.
func TestFiguresAreRead(t *testing.T) {
	var keys, groups []string
	for _, f := range docs.Figures() {
		keys = append(keys, f.Key)
		if len(groups) == 0 || groups[len(groups)-1] != f.Group {
			groups = append(groups, f.Group)
		}
		if f.What == "" {
			t.Errorf("%s has no definition", f.Key)
		}
	}
	if got, want := strings.Join(keys, ", "), sim.MeasureKeys(); got != want {
		t.Errorf("got the figures %s, want %s", got, want)
	}
	if got, want := strings.Join(groups, ", "), "Energy and service, Load, Migrations, Negotiation"; got != want {
		t.Errorf("got the groups %s, want %s", got, want)
	}
}
