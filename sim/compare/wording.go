package compare

import (
	"fmt"
	"strings"

	"parley/docs"
	"parley/sim"
	"parley/sim/report"
	"parley/sim/scenario"
)

// measure describes a figure, with its group and definition from docs/figures.md.
func measure(m sim.Measure) report.Measure {
	out := report.Measure{
		Key: m.Key, Name: m.Name, Unit: m.Unit, Doc: m.Doc, Better: m.Better, Digits: m.Digits,
		Sum: m.Kind&sim.Sum != 0, Effort: m.Kind&sim.Effort != 0, Main: m.Kind&sim.Main != 0,
	}
	for _, f := range docs.Figures() {
		if f.Key == m.Key {
			out.Group, out.Definition, out.Source = f.Group, f.What, strings.ReplaceAll(f.Source, "[BB12]", bb12)
		}
	}
	return out
}

// bb12 is what docs/figures.md calls [BB12], for readers who do not have that page.
const bb12 = "Beloglazov and Buyya, Concurrency and Computation: Practice and Experience 24 (2012), 1397-1420"

// The groups of figures that policies are for, as docs/figures.md names them.
const (
	forEnergy = "Energy and service"
	forLoad   = "Load"
)

// aims says for which figures a shipped policy is. evacuate and gossip are for none.
var aims = map[string]string{
	"agility": forLoad, "power_saving": forEnergy, "seed": forLoad, "vickrey": forLoad, "forward": forLoad, "search": forLoad,
	"priority": forLoad, "swap": forLoad, "sample": forLoad, "contract_net": forLoad, "sender_initiated": forLoad,
	"load_by_mips": forLoad, "by_priority": forLoad,
}

// aim is the group of figures that a policy is for; "": unknown.
func (p Policy) aim() string {
	for _, m := range p.Models {
		if aim := aims[m.Name()]; aim != "" {
			return aim
		}
	}
	return ""
}

// Evens says whether a shipped policy is there to make loads even.
func Evens(p Policy) bool { return p.aim() == forLoad }

// off says when a host that a chart shows as off is off; "": never for lack of work.
func off(p scenario.Power) string {
	switch p.Off {
	case "empty":
		return fmt.Sprintf("The scenario turns a host off %s after its last guest has left, whatever the policy: one that begins without "+
			"guests is soon off under each of them.", report.Span(p.After+p.Shutdown))
	case "idle":
		return "The scenario counts a host as off while its guests want nothing, whatever the policy."
	}
	return ""
}
