package docs_test

import (
	"regexp"
	"strings"
	"testing"

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
