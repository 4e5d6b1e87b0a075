package sim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"parley/hostagent"
	"parley/lcc"
)

// Happening is something that people or machines do to a site.
type Happening struct {
	// At is the time; with When, the time from which the trigger counts.
	At time.Duration
	// When is a moment of a migration that triggers it; nil: it happens at At.
	When *Trigger
	// Every repeats it at this interval; 0: once. Until ends the repetition; 0: never.
	Every, Until time.Duration
	// Do is what happens, one of HappeningKinds.
	Do string
	// Hosts are the hosts to which it applies.
	Hosts []string
	// Guest is the guest to which it applies.
	Guest string
	// To is the host that a guest is to move to; "" with migrate: the agent chooses.
	To string
	// For is how long agents or hosts are away; with maintain, For is how long the work
	// on each host takes, and Within bounds its drain.
	For, Within time.Duration
	Force       bool // with drain and migrate
	// Memory and Cores are the guest's new declared resources, and Share is the part of
	// its cores that it wants; 0 or nil: unchanged.
	Memory int64
	Cores  float64
	Share  *float64
}

// Trigger is a moment in a migration of a guest.
type Trigger struct {
	Guest string
	Is    string // "migrating": it has begun; "moved": the guest runs at its target; "kept": it failed
	After time.Duration
}

// needs are the keys that a kind of happening needs.
type needs struct{ hosts, guest, to, long bool }

var happenings = map[string]needs{
	"drain": {hosts: true}, "undrain": {hosts: true}, "pause": {hosts: true}, "resume": {hosts: true},
	"recommend": {hosts: true}, "act": {hosts: true},
	"migrate": {guest: true}, "forget": {guest: true},
	"pin": {guest: true}, "unpin": {guest: true}, "ignore": {guest: true}, "unignore": {guest: true},
	"move": {guest: true, to: true}, "start": {guest: true, to: true}, "end": {guest: true}, "grow": {guest: true},
	"restart_agent": {hosts: true, long: true}, "reboot": {hosts: true, long: true}, "maintain": {hosts: true, long: true},
}

// HappeningKinds lists all kinds, for errors.
func HappeningKinds() string {
	return strings.Join(slices.Sorted(maps.Keys(happenings)), ", ")
}

// Wrong describes what is invalid in a happening, and in which key; "": nothing.
func (p Happening) Wrong() (key, why string) {
	kind, known := happenings[p.Do]
	for _, c := range []struct {
		bad      bool
		key, why string
	}{
		{!known, "do", fmt.Sprintf("%q: give %s", p.Do, HappeningKinds())},
		{p.At < 0, "at", "give a time of 0 or more"},
		{p.Every < 0 || p.Every > 0 && p.Every < time.Second, "every", "give a second or more"},
		{p.Every > 0 && p.When != nil, "every", "give every or when, and not both"},
		{p.Until != 0 && (p.Every == 0 || p.Until < p.At), "until", "it ends a repetition, and is not before at"},
		{known && kind.hosts != (len(p.Hosts) > 0), "hosts", demand(kind.hosts, p.Do, "the hosts that it is about")},
		{known && kind.guest != (p.Guest != ""), "guest", demand(kind.guest, p.Do, "the guest that it is about")},
		{known && kind.to && p.To == "", "to", demand(true, p.Do, "the host where the guest is to be")},
		{known && !kind.to && p.Do != "migrate" && p.To != "", "to", demand(false, p.Do, "")},
		{known && kind.long != (p.For > 0), "for", demand(kind.long, p.Do, "how long it takes, above 0")},
		{p.Within < 0 || p.Within > 0 && p.Do != "maintain", "within", "it is for maintain: how long a drain is waited for"},
		{p.Memory < 0 || !(p.Cores >= 0) || p.Share != nil && !(*p.Share >= 0), "do", "memory, cores and share are not negative"},
		{p.Do != "grow" && (p.Memory > 0 || p.Cores > 0 || p.Share != nil), "do", "memory, cores and share are for grow"},
		{p.Do == "grow" && p.Memory == 0 && p.Cores == 0 && p.Share == nil, "do", "give memory, cores or share to grow"},
		{p.Force && p.Do != "drain" && p.Do != "migrate", "force", "it is for drain and migrate"},
		{p.When != nil && !slices.Contains([]string{"migrating", "moved", "kept"}, p.When.Is), "when",
			"give a guest, and is: migrating, moved or kept"},
		{p.When != nil && (p.When.Guest == "" || p.When.After < 0), "when", "give a guest, and after of 0 or more"},
	} {
		if c.bad {
			return c.key, c.why
		}
	}
	return "", ""
}

func demand(needed bool, do, what string) string {
	if needed {
		return fmt.Sprintf("%s needs it: %s", do, what)
	}
	return fmt.Sprintf("it is not for %s", do)
}

// waiting is a happening that waits for a migration.
type waiting struct {
	what Happening
	from lcc.Instant
}

// planSchedule plans the happenings.
func (s *site) planSchedule() error {
	for i, p := range s.o.Schedule {
		if err := p.fits(s.scene); err != nil {
			return fmt.Errorf("sim: schedule %d: %w", i+1, err)
		}
		switch {
		case p.When != nil:
			s.waiting = append(s.waiting, waiting{p, s.now + lcc.Instant(p.At)})
		case p.Every > 0:
			s.plan(p.At, func() error { return s.again(p) })
		default:
			s.happensIn(p.At, p)
		}
	}
	return nil
}

// fits checks a happening against the hosts and guests of this site.
func (p Happening) fits(s *scene) error {
	if key, why := p.Wrong(); why != "" {
		return fmt.Errorf("%s: %s", key, why)
	}
	hosts, guests := slices.Clone(p.Hosts), []string{p.Guest}
	if p.To != "" {
		hosts = append(hosts, p.To)
	}
	if p.When != nil {
		guests = append(guests, p.When.Guest)
	}
	for _, name := range hosts {
		if s.byName[lcc.PeerID(name)] == nil {
			return fmt.Errorf("there is no host %q", name)
		}
	}
	for _, name := range guests {
		if name != "" && s.named[hostagent.GuestID(name)] == nil {
			return fmt.Errorf("there is no guest %q", name)
		}
	}
	return nil
}

func (s *site) happensIn(after time.Duration, p Happening) {
	s.open++
	s.plan(after, func() error {
		s.open--
		return s.happens(p)
	})
}

func (s *site) again(p Happening) error {
	if p.Until > 0 && s.since() > p.Until {
		return nil
	}
	s.plan(p.Every, func() error { return s.again(p) })
	return s.happens(p)
}

func (s *site) happens(p Happening) error {
	s.last = s.now
	switch p.Do {
	case "drain", "undrain", "pause", "resume":
		return s.operators.orderSettings(p)
	case "recommend", "act":
		return s.operators.orderMode(p)
	case "migrate":
		return s.operators.orderMove(p)
	case "forget":
		return s.operators.orderForget(p)
	case "pin", "unpin", "ignore", "unignore":
		return s.operators.orderRules(p)
	case "move":
		return s.migrations.byHand(s.about(p), s.on(p.To), "somebody")
	case "start":
		return s.begins(s.about(p), s.on(p.To))
	case "end":
		return s.ends(s.about(p))
	case "grow":
		return s.grow(s.about(p), p)
	case "maintain":
		return s.operators.maintain(p)
	}
	for _, name := range p.Hosts {
		away := s.crash // restart_agent
		if p.Do == "reboot" {
			away = s.stop
		}
		if err := away(s.on(name), p.For); err != nil {
			return err
		}
	}
	return nil
}

// noticed triggers the happenings that wait for this moment of a guest.
func (s *site) noticed(g *siteGuest, is string) {
	list := s.waiting
	if len(list) == 0 {
		return
	}
	s.waiting = nil
	for _, w := range list {
		if w.what.When.Guest != g.Name || w.what.When.Is != is || s.now < w.from {
			s.waiting = append(s.waiting, w)
			continue
		}
		s.happensIn(w.what.When.After, w.what)
	}
}
