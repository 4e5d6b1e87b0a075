package scenario

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"parley/internal/spell"
	"parley/internal/yamlfile"
	"parley/sim"
)

// Happening is an act of people or machines at a time; see sim.Happening.
type Happening struct {
	At     time.Duration `yaml:"at"`
	When   *Trigger      `yaml:"when"`
	Every  time.Duration `yaml:"every"`
	Until  time.Duration `yaml:"until"`
	Do     string        `yaml:"do"`
	Hosts  []string      `yaml:"hosts"`
	Guest  string        `yaml:"guest"`
	To     string        `yaml:"to"`
	For    time.Duration `yaml:"for"`
	Within time.Duration `yaml:"within"`
	Force  bool          `yaml:"force"`
	Memory Bytes         `yaml:"memory"`
	Cores  float64       `yaml:"cores"`
	Share  *float64      `yaml:"share"`
}

// Trigger is a moment in a migration of a guest.
type Trigger struct {
	Guest string        `yaml:"guest"`
	Is    string        `yaml:"is"`
	After time.Duration `yaml:"after"`
}

// Balancer moves guests without a deal.
type Balancer struct {
	Rule   string        `yaml:"rule"`
	After  time.Duration `yaml:"after"`
	Every  time.Duration `yaml:"every"`
	From   time.Duration `yaml:"from"`
	Until  time.Duration `yaml:"until"`
	Guests []string      `yaml:"guests"`
}

// Failing says which migrations fail.
type Failing struct {
	Guests []string      `yaml:"guests"`
	From   []string      `yaml:"from"`
	To     []string      `yaml:"to"`
	How    string        `yaml:"how"`
	After  time.Duration `yaml:"after"`
	Why    string        `yaml:"why"`
	Chance float64       `yaml:"chance"`
	Nth    int           `yaml:"nth"`
	Since  time.Duration `yaml:"since"`
	Until  time.Duration `yaml:"until"`
}

// Expectation is an assertion about the run.
type Expectation struct {
	Guest  string        `yaml:"guest"`
	Host   string        `yaml:"host"`
	On     []string      `yaml:"on"`
	Gone   bool          `yaml:"gone"`
	Empty  bool          `yaml:"empty"`
	Told   string        `yaml:"told"`
	Says   string        `yaml:"says"`
	Number string        `yaml:"number"`
	Least  *float64      `yaml:"least"`
	Most   *float64      `yaml:"most"`
	By     time.Duration `yaml:"by"`
	At     time.Duration `yaml:"at"`
	From   time.Duration `yaml:"from"`
	Until  time.Duration `yaml:"until"`
	Known  string        `yaml:"known_to_fail"`
}

func (h Happening) sim() sim.Happening {
	return sim.Happening{
		At: h.At, When: (*sim.Trigger)(h.When), Every: h.Every, Until: h.Until, Do: h.Do, Hosts: h.Hosts, Guest: h.Guest, To: h.To,
		For: h.For, Within: h.Within, Force: h.Force, Memory: int64(h.Memory), Cores: h.Cores, Share: h.Share,
	}
}

func (e Expectation) sim() sim.Expectation { return sim.Expectation(e) }

// addStory adds the happenings and expectations to a site.
func (s *Scenario) addStory(o *sim.Site) {
	for _, h := range s.Schedule {
		o.Schedule = append(o.Schedule, h.sim())
	}
	for _, b := range s.Balancers {
		o.Balancers = append(o.Balancers, sim.Balancer(b))
	}
	for _, f := range s.Failing {
		o.Failing = append(o.Failing, sim.Failing(f))
	}
	for _, e := range s.Expect {
		o.Expect = append(o.Expect, e.sim())
	}
}

// checkStory checks the happenings and expectations: each one alone, and the names in
// it.
func (s *Scenario) checkStory() (found yamlfile.Faults) {
	if len(s.Schedule)+len(s.Balancers)+len(s.Failing)+len(s.Expect) == 0 {
		return nil
	}
	hosts, guests := s.names()
	say := func(section string, i int, key, why string) {
		if why != "" {
			found = append(found, faultAt([]any{section, i, key}, "%s", why))
		}
	}
	know := func(section string, i int, key string, there map[string]bool, what string, list ...string) {
		for _, name := range list {
			if name != "" && there != nil && !there[name] {
				found = append(found, faultAt([]any{section, i, key}, "there is no %s %q%s", what, name, nearest(name, there)))
				found[len(found)-1].Relies = []string{what + "s"}
			}
		}
	}
	for i, h := range s.Schedule {
		key, why := h.sim().Wrong()
		if near := spell.Nearest(h.Do, strings.Split(sim.HappeningKinds(), ", ")); key == "do" && near != "" {
			why = fmt.Sprintf("%q: did you mean %q?", h.Do, near)
		}
		say("schedule", i, key, why)
		know("schedule", i, "hosts", hosts, "host", h.Hosts...)
		know("schedule", i, "to", hosts, "host", h.To)
		know("schedule", i, "guest", guests, "guest", h.Guest)
		if h.When != nil {
			know("schedule", i, "when", guests, "guest", h.When.Guest)
		}
	}
	for i, b := range s.Balancers {
		key, why := sim.Balancer(b).Wrong()
		say("balancers", i, key, why)
		know("balancers", i, "guests", guests, "guest", b.Guests...)
	}
	for i, f := range s.Failing {
		key, why := sim.Failing(f).Wrong()
		say("failing", i, key, why)
		know("failing", i, "from", hosts, "host", f.From...)
		know("failing", i, "to", hosts, "host", f.To...)
	}
	for i, e := range s.Expect {
		key, why := e.sim().Wrong()
		say("expect", i, key, why)
		know("expect", i, "host", hosts, "host", e.Host)
		know("expect", i, "on", hosts, "host", e.On...)
		know("expect", i, "guest", guests, "guest", e.Guest)
	}
	return found
}

// nearest suggests the most similar name.
func nearest(name string, there map[string]bool) string {
	meant := spell.Nearest(name, slices.Sorted(maps.Keys(there)))
	if meant == "" {
		return ""
	}
	return fmt.Sprintf(": did you mean %q?", meant)
}

// names are those of all hosts and guests; nil for the guests if a trace decides their
// number: then the site checks their names when it is drawn.
func (s *Scenario) names() (hosts, guests map[string]bool) {
	hosts, guests = map[string]bool{}, map[string]bool{}
	list := s.hosts()
	for _, h := range list {
		hosts[h.Name] = true
	}
	for _, g := range s.Guests {
		if g.Load.Kind == "trace" && g.Count == 0 && g.PerHost == 0 {
			return hosts, nil
		}
		count := g.number(len(list))
		for i := range count {
			guests[g.named(i, count)] = true
		}
	}
	return hosts, guests
}
