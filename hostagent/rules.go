package hostagent

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"parley/internal/label"
)

// Rules say where a guest may go and whether it may move at all. They come from the
// guest itself (its platform stores them, so that they travel with it) and from the
// configuration of its host. Lists are sorted and without duplicates.
type Rules struct {
	Pinned   bool     `yaml:"pin"`      // the guest is not moved
	Ignored  bool     `yaml:"ignore"`   // Parley leaves it alone: it only counts as load
	Priority int      `yaml:"priority"` // -100 to 100; guests with a lower priority are moved first
	Labels   []string `yaml:"labels"`   // of the guest, each "key=value"
	Requires []string `yaml:"requires"` // labels that a host must have
	Near     []string `yaml:"near"`     // labels of guests: one must be at the target
	Apart    []string `yaml:"apart"`    // labels of guests: none may be at the target
	Avoids   []string `yaml:"avoids"`   // labels that a host must not have
	AtMost   []string `yaml:"at_most"`  // each "key=value:n": at most n guests with that label on its host
}

// RulesFor are rules for the guests of a host whose names match a pattern of
// path.Match and which are of a kind; they are added to the guests' own rules. Without a
// pattern they are for all names, without a kind for all kinds, and one of the two is
// given.
type RulesFor struct {
	Guests string `yaml:"guests"`
	Kind   Kind   `yaml:"kind" jsonschema:"enum=vm,enum=container,enum=process"`
	Rules  `yaml:",inline"`
}

// forGuest says whether the rules are for a guest. An invalid pattern, which was refused
// with the configuration, is for nobody.
func (f RulesFor) forGuest(g Guest) bool {
	named := f.Guests == ""
	if !named {
		ok, err := path.Match(f.Guests, g.Name)
		named = ok && err == nil
	}
	return named && (f.Kind == "" || f.Kind == g.Kind.Known())
}

const priorityMost = 100

// Validate returns what is wrong with the rules.
func (r Rules) Validate() error {
	if r.Priority < -priorityMost || r.Priority > priorityMost {
		return fmt.Errorf("priority is %d: give -%d to %d", r.Priority, priorityMost, priorityMost)
	}
	for _, list := range []struct {
		name    string
		entries []string
	}{{"labels", r.Labels}, {"requires", r.Requires}, {"near", r.Near}, {"apart", r.Apart}, {"avoids", r.Avoids}} {
		if err := label.CheckAll(list.entries); err != nil {
			return fmt.Errorf("%s: %w", list.name, err)
		}
	}
	if err := checkLimits(r.AtMost); err != nil {
		return fmt.Errorf("at_most: %w", err)
	}
	return nil
}

// lists are the lists of the rules.
func (r *Rules) lists() []*[]string {
	return []*[]string{&r.Labels, &r.Requires, &r.Near, &r.Apart, &r.Avoids, &r.AtMost}
}

// with returns rules to whose lists those of others are added.
func (r Rules) with(others Rules) Rules {
	add := others.lists()
	for i, list := range r.lists() {
		*list = union(*list, *add[i])
	}
	return r
}

// rules returns a guest's rules together with those that this host's configuration
// adds. They are joined once a look: there can be a thousand, and each guest is held against
// its neighbours.
func (l *loads) rules(t *tracked) Rules {
	if len(l.config.Rules) == 0 {
		return t.guest.Rules
	}
	if t.joined == nil {
		r := joined(l.config.Rules, t.guest)
		t.joined = &r
	}
	return *t.joined
}

func joined(of []RulesFor, g Guest) Rules {
	r := g.Rules
	for _, f := range of {
		if !f.forGuest(g) {
			continue
		}
		r.Pinned = r.Pinned || f.Rules.Pinned
		r.Ignored = r.Ignored || f.Rules.Ignored
		if f.Rules.Priority != 0 {
			r.Priority = f.Rules.Priority
		}
		r = r.with(f.Rules)
	}
	return r
}

func union(a, b []string) []string {
	if len(b) == 0 {
		return a
	}
	all := append(slices.Clone(a), b...)
	slices.Sort(all)
	return slices.Compact(all)
}

// lacksLabels says which label required by a guest a host lacks.
func lacksLabels(r Rules, labels []string) Refusal {
	for _, label := range r.Requires {
		if !slices.Contains(labels, label) {
			return Refusal{CodeLabel, "the guest requires a host with the label " + label}
		}
	}
	return Refusal{}
}

// forbids says why a described guest may not come to this host: no platform for its
// kind, something that it needs, a missing network or file, or a rule, considering the guests that are here, on their way here or with a
// reservation. A draining host cannot keep guests together, so a guest that leaves it
// need not be near others.
func (rm *room) forbids(d *deal, p payload) Refusal {
	if why := rm.load.lacks(p.Nature); why.Is() {
		return why
	}
	for _, network := range p.Networks {
		if len(rm.load.platform.Networks) > 0 && !slices.Contains(rm.load.platform.Networks, network) {
			return Refusal{CodeNetwork, "the guest is connected to " + network + ", which is not on this host"}
		}
	}
	if p.Nature.missing != "" {
		return Refusal{CodeFile, "the guest needs the file " + p.Nature.missing + ", which is not on this host"}
	}
	if why := fitsLabels(p.Rules, rm.config.Labels); why.Is() {
		return why
	}
	here := rm.neighbours(d)
	for _, other := range here {
		switch {
		case overlap(p.Rules.Apart, other.rules.Labels):
			return Refusal{CodeApart, "the guest must be apart from " + other.name + ", which is here"}
		case overlap(other.rules.Apart, p.Rules.Labels):
			return Refusal{CodeApart, other.name + ", which is here, must be apart from the guest"}
		}
	}
	if why := crowded(p.Rules, here); why.Is() {
		return why
	}
	if !p.Draining && !rm.nearby(d, p.Rules) {
		return Refusal{CodeNear, "the guest must be near one with the label " + strings.Join(p.Rules.Near, " or ") + ", and none is here"}
	}
	return Refusal{}
}

// nearby says whether a guest would be near a guest that it is to be near.
func (rm *room) nearby(d *deal, r Rules) bool {
	return len(r.Near) == 0 || slices.ContainsFunc(rm.neighbours(d), func(n neighbour) bool { return overlap(r.Near, n.rules.Labels) })
}

// neighbour is a guest that is or will be here.
type neighbour struct {
	name  string
	rules Rules
}

func (rm *room) neighbours(except *deal) (list []neighbour) {
	for _, t := range rm.load.byID {
		if except == nil || t.guest.ID != except.guest {
			list = append(list, neighbour{t.guest.Name, rm.load.rules(t)})
		}
	}
	for _, d := range rm.book.sortedDeals() {
		if d.side == TargetSide && d != except && rm.load.guests[d.guest] == nil {
			list = append(list, neighbour{d.name, d.rules})
		}
	}
	return list
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// leftBehind returns another guest of this host that would lose the last guest that it
// is to be near; "" if there is none.
func (l *loads) leftBehind(t *tracked) string {
	labels := l.rules(t).Labels
	if len(labels) == 0 {
		return ""
	}
	for _, other := range l.byID {
		near := l.rules(other).Near
		if other == t || !overlap(near, labels) {
			continue
		}
		alone := !slices.ContainsFunc(l.byID, func(third *tracked) bool {
			return third != t && third != other && overlap(near, l.rules(third).Labels)
		})
		if alone {
			return other.guest.Name
		}
	}
	return ""
}
