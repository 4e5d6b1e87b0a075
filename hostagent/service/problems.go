package service

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"parley/hostagent"
	"parley/hostagent/site"
	"parley/models/publish/bundle"
	"parley/models/publish/chain"
)

// problems are what a person should know of this host. Each says what to do.
func (n seen) problems() (list []site.Problem) {
	s := n.status
	add := func(kind site.Kind, about, format string, args ...any) {
		list = append(list, site.Problem{Kind: kind, About: about, Text: fmt.Sprintf(format, args...)})
	}
	for _, d := range n.persons {
		add(site.NeedsPerson, d.Name, "%s: look at both hosts (`parley explain %s`), then `parley forget %s`", d.Reason, d.Name, d.Name)
	}
	named := slices.ContainsFunc(n.chains, func(c chain.Status) bool { return slices.ContainsFunc(c.Policies, quarantined) })
	if s.Policy.Quarantined && !named {
		add(site.Quarantined, "", "%s: publish another version of the policy", cmp.Or(s.Policy.Error,
			"a policy is not enacted, because the agent died while it enacted it"))
	}
	if s.Platform.Error != "" {
		add(site.Platform, "", "the guests cannot be looked at: %s: `parley doctor` says what to do", s.Platform.Error)
	} else if !s.Load.Known {
		add(site.LoadUnknown, "", "the load is not known yet, and no deal begins: if that lasts, run `parley doctor`")
	}
	for _, kind := range slices.Sorted(maps.Keys(s.Platform.Unseen)) {
		add(site.Platform, kind, "guests of the kind %s cannot be looked at: %s: `parley doctor` says what to do", kind, s.Platform.Unseen[kind])
	}
	if spare := s.Load.Spare; spare.Guests > 0 {
		add(site.RoomMissing, "", "%s: %d hosts are known: make room on them, or have fewer guests (`parley survive %s`)", spare.Text,
			spare.Hosts, s.Host)
	}
	for _, g := range s.Guests {
		why := cmp.Or(g.Blocked, g.Foreseen)
		if s.Drained && why.Is() {
			add(site.DrainStuck, g.Name, "does not leave the drained host: %s: make room elsewhere, or see `parley explain %s`", why.Detail, g.Name)
		}
	}
	for _, d := range s.Duels {
		add(site.Duel, d.Name, "was moved back %d times, the last time %s, and policies leave it alone until %s: find who moves it "+
			"(`parley explain %s`), and have one of them stop", d.Times, hostagent.Mover(d.By), d.Until.Local().Format(time.TimeOnly), d.Name)
	}
	for _, c := range n.chains {
		list = append(list, chainProblems(c)...)
	}
	if s.Rejected.Why != "" {
		add(site.Configuration, "", "the configuration is refused, and an older one is in force: %s: correct it, then reload the agent",
			s.Rejected.Why)
	}
	if s.SafeStart != "" {
		add(site.Configuration, "start", "%s", s.SafeStart)
	}
	for _, fault := range s.RosterFaults {
		add(site.Configuration, "roster", "%s", fault)
	}
	if s.Twin != "" {
		add(site.Doubled, "", "%s", s.Twin)
	}
	if n := s.Audit.Dropped; n > 0 {
		add(site.Audit, "", "%d entries of the audit were lost since the start: the disk is full or too slow", n)
	}
	if len(s.Audit.Faults) > 0 {
		add(site.Audit, "chain", "the audit is inconsistent: see `parley history --verify`")
	}
	return list
}

// chainProblems are those of a publisher and its policies.
func chainProblems(c chain.Status) (list []site.Problem) {
	add := func(kind site.Kind, about, format string, args ...any) {
		list = append(list, site.Problem{Kind: kind, About: about, Text: fmt.Sprintf(format, args...)})
	}
	if c.Alarm != "" {
		add(site.Publisher, c.Publisher, "%s: find out who signed it, and publish a newer release", c.Alarm)
	}
	if c.Error != "" {
		add(site.Publisher, c.Publisher+"/state", "%s", c.Error)
	}
	switch {
	case c.Version == 0:
		add(site.Lags, c.Publisher, "no release has arrived yet: publish one (`parley policy publish`)")
	case c.RosterMissing, c.Hosts > 0 && !c.Listed:
		add(site.Publisher, c.Publisher+"/roster", "the roster no longer lists this host: stop its agent, or add it again (`parley cluster add`)")
	}
	if c.Lagging > 0 && c.Version > 0 {
		add(site.Lags, c.Publisher, "release %d is announced, and release %d is in force: if that lasts, see whether a host that has it can be "+
			"reached (`parley doctor`)", c.Lagging, c.Version)
	}
	if c.Expired {
		add(site.Lags, c.Publisher+"/expired", "the release has expired since %s, and nothing new is begun: publish another one",
			c.Expires.Local().Format(time.DateTime))
	}
	if c.Stale {
		add(site.Lags, c.Publisher+"/heartbeat", "the latest heartbeat is of %s: see whether `parley policy heartbeat` runs, and whether "+
			"this host reaches the others", c.Beat.Local().Format(time.DateTime))
	}
	for _, p := range c.Policies {
		switch {
		case quarantined(p):
			add(site.Quarantined, p.Name, "%s: publish another version of the policy", p.Detail)
		case p.State == chain.StateRefused, p.State == chain.StateHalted:
			add(site.Refused, p.Name, "%s: %s: `parley explain %s` says why", p.Code, p.Detail, p.Name)
		}
	}
	return list
}

func quarantined(p chain.PolicyStatus) bool { return p.Code == bundle.Quarantined }
