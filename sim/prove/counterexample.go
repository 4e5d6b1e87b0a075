package prove

import (
	"fmt"
	"io"
	"strings"

	"parley/sim"
	"parley/sim/scenario"
)

// Counterexample is a run in which a property does not hold.
type Counterexample struct {
	Property   Property
	Why        string
	Loads      [][]int // of the guests of each host at the beginning, in tenths of a host
	Deviations []string
	Site       sim.Site // with the deviations and with the expectations that are not met
}

func (s *search) counterexample(b branch, out outcome) *Counterexample {
	p := s.places[b.site]
	c := &Counterexample{Property: out.fault.Property, Why: out.fault.Why, Loads: p.layout, Site: s.site(b)}
	if out.fault.unguarded {
		c.Site = unguarded(c.Site)
	}
	for _, d := range b.deviations {
		c.Deviations = append(c.Deviations, d.String())
	}
	c.Site.Expect = out.fault.expects
	return c
}

// Sequence runs it again, and returns who said and did what.
func (c *Counterexample) Sequence() (list []sim.Entry) {
	site := c.Site
	site.OnEntry = func(e sim.Entry) {
		switch e.Kind {
		case "send", "receive", "migrate", "moved", "kept", "deal", "fault", "order":
			list = append(list, e)
		}
	}
	_, _ = site.Run() // the entries up to an error are what is asked for
	return list
}

// Write writes it as a scenario; policy is what its key policies names.
func (c *Counterexample) Write(w io.Writer, policy string) error {
	return scenario.WriteRun(w, scenario.Case{
		Title: fmt.Sprintf("%s: %s", policy, c.Property), Note: c.note(), Policy: policy, Site: c.Site,
	})
}

func (c *Counterexample) note() string {
	note := c.Property.Words() + "; here: " + c.Why + "."
	if len(c.Deviations) > 0 {
		note += " Deviations: " + strings.Join(c.Deviations, "; ") + "."
	}
	return note
}
