package site

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"parley/internal/spell"
)

// Condition is something about a site that can be waited for.
type Condition struct {
	kind, about string
}

// conditions are the kinds of conditions, each with what follows its "=".
var conditions = map[string]string{"active": "POLICY", "empty": "HOST", "done": "DEAL"}

// ParseCondition reads a condition: active=POLICY, empty=HOST or done=DEAL.
func ParseCondition(text string) (Condition, error) {
	kind, about, _ := strings.Cut(text, "=")
	if conditions[kind] == "" || about == "" {
		err := fmt.Errorf("%q is no condition: give active=POLICY, empty=HOST or done=DEAL", text)
		if meant := spell.Nearest(kind, []string{"active", "empty", "done"}); meant != "" && meant != kind {
			err = fmt.Errorf("%w: did you mean %s=%s?", err, meant, conditions[meant])
		}
		return Condition{}, err
	}
	return Condition{kind, about}, nil
}

// Outcome says how a condition stands.
type Outcome struct {
	Met  bool
	Text string // what holds, or what it waits for
}

// ErrNever says that a condition will not be met by waiting.
var ErrNever = errors.New("waiting does not help")

// Check says how the condition stands in a report. The error is about a name that the site
// does not have, or wraps ErrNever.
func (c Condition) Check(r Report) (Outcome, error) {
	switch c.kind {
	case "active":
		return c.active(r)
	case "empty":
		return c.empty(r)
	}
	return c.done(r)
}

// active is met when every host that the policy targets enacts its newest version.
func (c Condition) active(r Report) (Outcome, error) {
	newest := r.newest()
	var names []string
	from := map[string]bool{} // publishers that have it
	for _, h := range r.Hosts {
		for _, p := range h.Policies {
			names = append(names, p.Name)
			from[p.Publisher] = from[p.Publisher] || p.Name == c.about
		}
	}
	if !slices.Contains(names, c.about) {
		if len(r.Silent()) > 0 {
			return Outcome{Text: "no host that answers has the policy; " + waitsFor(nil, r.Silent())}, nil
		}
		return Outcome{}, absent("policy", c.about, names, "parley policy status")
	}
	var waiting []string
	active := 0
	for _, h := range r.Hosts {
		for _, one := range h.Releases {
			if from[one.Publisher] && one.Version < newest[one.Publisher] {
				waiting = append(waiting, fmt.Sprintf("%s has release %d of %d", h.Host, one.Version, newest[one.Publisher]))
			}
		}
		for _, p := range h.Policies {
			switch {
			case p.Name != c.about:
			case p.State == "refused" || p.State == "halted":
				return Outcome{}, fmt.Errorf("%s: %s is %s: %s: %w", h.Host, p.Name, p.State, p.Detail, ErrNever)
			case p.State == "active":
				active++
			case p.State != "not_targeted":
				waiting = append(waiting, h.Host+" "+p.State)
			}
		}
	}
	if len(waiting)+len(r.Silent()) > 0 {
		return Outcome{Text: waitsFor(waiting, r.Silent())}, nil
	}
	return Outcome{Met: true, Text: fmt.Sprintf("%s is active on %d of %d hosts, all that it targets", c.about, active, len(r.Hosts))}, nil
}

// newest returns the newest release of each publisher that a host has.
func (r Report) newest() map[string]uint64 {
	newest := map[string]uint64{}
	for _, h := range r.Hosts {
		for _, one := range h.Releases {
			newest[one.Publisher] = max(newest[one.Publisher], one.Version)
		}
	}
	return newest
}

// absent says that the site has no such thing, and which name was meant.
func absent(what, name string, names []string, lists string) error {
	if meant := spell.Nearest(name, names); meant != "" {
		return fmt.Errorf("no host has a %s %q: did you mean %q?", what, name, meant)
	}
	return fmt.Errorf("no host has a %s %q: `%s` lists them", what, name, lists)
}

// empty is met when a host has answered and shows no guest.
func (c Condition) empty(r Report) (Outcome, error) {
	h, ok := r.Find(c.about)
	if !ok {
		var names []string
		for _, h := range r.Hosts {
			names = append(names, h.Host)
		}
		if meant := spell.Nearest(c.about, names); meant != "" {
			return Outcome{}, fmt.Errorf("the site has no host %q: did you mean %q?", c.about, meant)
		}
		return Outcome{}, fmt.Errorf("the site has no host %q: `parley status --site` lists them", c.about)
	}
	if h.Silent != "" {
		return Outcome{Text: waitsFor(nil, []Host{h})}, nil
	}
	if len(h.Guests) == 0 {
		return Outcome{Met: true, Text: h.Host + " has no guest"}, nil
	}
	var names []string
	for _, g := range h.Guests {
		names = append(names, g.Name)
	}
	text := fmt.Sprintf("%s has %s", h.Host, few(names))
	if !h.Drained {
		text += "; it is not drained: `parley drain` on it empties it"
	}
	return Outcome{Text: text}, nil
}

// done is met when a deal has ended with the guest at its target. Its id may be shortened.
func (c Condition) done(r Report) (Outcome, error) {
	var found *Deal
	for _, h := range r.Hosts {
		for _, d := range slices.Concat(h.Ended, h.Deals) {
			if hasPrefixFold(d.Deal, c.about) && (found == nil || d.Side == sideSource) {
				if found != nil && found.Deal != d.Deal {
					return Outcome{}, fmt.Errorf("%q is the beginning of several deals: give more of its id", c.about)
				}
				found = &d
			}
		}
	}
	if found == nil {
		if silent := r.Silent(); len(silent) > 0 {
			return Outcome{Text: "no host that answers knows the deal; " + waitsFor(nil, silent)}, nil
		}
		return Outcome{}, fmt.Errorf("no host knows a deal %q in flight or among its last ones: `parley history` has all", c.about)
	}
	text := fmt.Sprintf("deal %s of %s from %s to %s", brief(found.Deal), found.Name, found.Source, found.Target)
	switch found.State {
	case "done":
		return Outcome{Met: true, Text: text + " is done"}, nil
	case "refused", "expired", "withdrawn", "aborted", "stuck":
		return Outcome{}, fmt.Errorf("%s has ended as %s: %s: %w", text, found.State, found.Reason, ErrNever)
	}
	return Outcome{Text: text + " is " + found.State}, nil
}

// waitsFor lists what a condition waits for.
func waitsFor(list []string, silent []Host) string {
	for _, h := range silent {
		list = append(list, h.Host+" does not answer")
	}
	return few(list)
}

// few lists some of many names.
func few(names []string) string {
	const most = 5
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
