package sim

import (
	"fmt"
	"math/rand/v2"
	"path"
	"slices"
	"time"

	"parley/hostagent"
)

// Failing says which migrations fail, and how.
type Failing struct {
	Guests   []string // patterns of names, such as web-*; none: all
	From, To []string // hosts; none: any
	// How is "breaks": it ends with an error After it began; "refuses": the platform
	// does not begin it; "stalls": the guest writes too fast for it to converge;
	// "misreports": it continues, but its call returns an error, After it began or at its
	// end.
	How    string
	After  time.Duration
	Why    string  // the platform's error text; default: by How
	Chance float64 // of each migration; default 1
	Nth    int     // only this one of those that match, from 1; 0: all of them
	Since  time.Duration
	Until  time.Duration // 0: to the end
}

// FailingKinds lists the ways in which migrations fail.
func FailingKinds() []string { return []string{"breaks", "refuses", "stalls", "misreports"} }

// Wrong describes what is invalid, and in which key; "": nothing.
func (f Failing) Wrong() (key, why string) {
	switch {
	case !slices.Contains(FailingKinds(), f.How):
		return "how", fmt.Sprintf("%q: give breaks, refuses, stalls or misreports", f.How)
	case f.After < 0 || f.After > 0 && f.How != "breaks" && f.How != "misreports":
		return "after", "a time of 0 or more, with breaks and misreports"
	case !(f.Chance >= 0 && f.Chance <= 1):
		return "chance", fmt.Sprintf("%g: give a share from 0 to 1", f.Chance)
	case f.Nth < 0:
		return "nth", fmt.Sprintf("%d: count from 1, or leave it out: all that match", f.Nth)
	case f.Since < 0 || f.Until != 0 && f.Until < f.Since:
		return "until", "the time begins at 0 or later, and ends after that"
	}
	for _, pattern := range f.Guests {
		if _, err := path.Match(pattern, ""); err != nil {
			return "guests", fmt.Sprintf("%q: give names or patterns such as web-*", pattern)
		}
	}
	return "", ""
}

// failures are the Failing entries of a site.
type failures struct {
	list   []Failing
	seen   map[int]int // of each entry with Nth: migrations that matched
	chance *rand.Rand  // separate, so that other draws do not change
}

func newFailures(o Site) (failures, error) {
	f := failures{list: o.Failing, seen: map[int]int{}, chance: rand.New(rand.NewPCG(o.Seed, 0x6661696c))}
	for i, one := range o.Failing {
		if key, why := one.Wrong(); why != "" {
			return f, fmt.Errorf("sim: failing %d: %s: %s", i+1, key, why)
		}
	}
	return f, nil
}

// of returns the failure of a migration that begins now; nil: it does not fail.
func (f *failures) of(guest, from, to string, at time.Duration) *Failing {
	for i := range f.list {
		one := &f.list[i]
		if at < one.Since || one.Until > 0 && at >= one.Until || !among(one.From, from) || !among(one.To, to) || !matches(one.Guests, guest) {
			continue
		}
		if one.Nth > 0 {
			if f.seen[i]++; f.seen[i] != one.Nth {
				continue
			}
		}
		if one.Chance == 0 || f.chance.Float64() < one.Chance {
			return one
		}
	}
	return nil
}

func among(list []string, name string) bool { return len(list) == 0 || slices.Contains(list, name) }

func matches(patterns []string, name string) bool {
	return len(patterns) == 0 || slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, _ := path.Match(pattern, name) // Wrong has checked the pattern
		return ok
	})
}

func (f *Failing) text() string {
	if f.Why != "" {
		return f.Why
	}
	return map[string]string{
		"breaks":     "internal error: the connection to the target broke",
		"refuses":    "Requested operation is not valid: the guest cannot be migrated",
		"misreports": "the connection to the platform was reset",
	}[f.How]
}

// beginFailing applies a failure to a migration that has begun.
func (s *migrations) beginFailing(m *move, f *Failing) {
	switch f.How {
	case "breaks":
		s.plan(f.After, func() error {
			if m.guest.move == m {
				s.cancel(m, f.text())
			}
			return nil
		})
	case "stalls":
		m.stalls = true
	case "misreports":
		m.misreports = f.text()
		if f.After > 0 {
			s.agents.laterHost(m.from, f.After, func() hostagent.Event { return s.report(m, hostagent.Migrated{}) })
		}
	}
}

// report is the result of the call that requested a migration.
func (s *migrations) report(m *move, done hostagent.Migrated) hostagent.Event {
	m.reported = true
	if m.misreports != "" {
		return hostagent.Moved{Deal: m.deal, Err: m.misreports}
	}
	return hostagent.Moved{Deal: m.deal, Migrated: done}
}
