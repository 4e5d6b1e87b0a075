package compare

import (
	"strings"
	"testing"
	"time"

	"parley/models"
	"parley/sim"
)

// Each shipped policy that moves guests where it sees fit is for a group of figures, and
// each figure is of one.
func TestAims(t *testing.T) {
	groups := map[string]bool{}
	for _, m := range sim.Measures() {
		r := measure(m)
		if r.Group == "" || r.Definition == "" {
			t.Errorf("%s: got the group %q and the definition %q", m.Key, r.Group, r.Definition)
		}
		if strings.Contains(r.Source, "[") {
			t.Errorf("%s: its source %q is a reference that only docs/figures.md resolves", m.Key, r.Source)
		}
		groups[r.Group] = true
	}
	for name, aim := range aims {
		if !groups[aim] {
			t.Errorf("%s is for %q, which is no group of figures", name, aim)
		}
	}
	for _, name := range models.Names() {
		if _, is := aims[name]; !is && name != "shop" && name != "talk" && name != "evacuate" && name != "gossip" {
			t.Errorf("nobody says what %s is for", name)
		}
	}
	p := load(t, "gossip+power_saving")
	if got := p.aim(); got != forEnergy {
		t.Errorf("%s: got the aim %q, want %q", p.Name, got, forEnergy)
	}
}

// A policy keeps its texts, with the values of its parameters in them.
func TestTexts(t *testing.T) {
	p := load(t, "agility[gap=0.31]")
	if len(p.Texts) != 1 || !strings.Contains(p.Texts[0], "gap(0.31).") {
		t.Errorf("got the texts %q", p.Texts)
	}
}

func TestOff(t *testing.T) {
	o := options(t, "none")
	if got := off(o.Scenario.Power); got != "" {
		t.Errorf("hosts that are never off: got %q", got)
	}
	o.Scenario.Power.Off, o.Scenario.Power.After, o.Scenario.Power.Shutdown = "empty", 5*time.Minute, 90*time.Second
	if got, want := off(o.Scenario.Power), "turns a host off 6 min 30 s after its last guest has left"; !strings.Contains(got, want) {
		t.Errorf("got %q, want %q in it", got, want)
	}
}
