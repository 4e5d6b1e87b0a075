package chain

import (
	"time"

	"parley/models/publish/bundle"
)

// outlook computes the state of a policy on this host, without side effects.
type outlook struct {
	self     string
	now      time.Time
	state    *state
	head     *head
	objects  *objects
	roster   *listing
	checks   *checks
	switcher *switcher
}

func (f *Follower) outlook() outlook {
	return outlook{f.o.Self, f.turn.now, &f.state, &f.head, &f.objects, &f.roster, &f.checks, &f.switcher}
}

// phase is the state of a policy on this host, and the reason.
type phase struct {
	state  PolicyState
	adopt  bool // the active policy has the same files: adopt it without a switch
	ready  bool // nothing prevents the switch
	code   bundle.Code
	detail string
	until  time.Time
}

func (o outlook) phase(w wanted) phase {
	a := o.state.find(w.policy.Name)
	switch {
	case !bundle.Matches(o.state.Labels, w.policy.Targets):
		return phase{state: StateNotTargeted}
	case a != nil && a.digest == w.digest:
		return o.phaseHere(*a, w)
	case a != nil && a.content == w.content && !o.head.expired(o.now):
		return phase{state: StateActive, adopt: true}
	}
	if why := o.roster.haltedBy(w, o.state, o.self); why != "" {
		return phase{state: StateHalted, code: bundle.Halted, detail: why}
	}
	return o.phaseOutside(w)
}

// phaseHere returns the phase of a policy that is active, or about to be.
func (o outlook) phaseHere(a active, w wanted) phase {
	switch c := o.checks.known[a.digest]; {
	case o.switcher.isEnacted(a):
	case !o.objects.hasFiles(a.Policy):
		return phase{state: StateFetching}
	case c == nil || c.asked:
		return phase{state: StateChecking}
	default:
		return phase{state: StateSwitching, detail: o.switcher.err}
	}
	if a.Trial {
		return phase{state: StateTrial, until: o.state.trialEnd(w, o.now)}
	}
	return phase{state: StateActive}
}

// phaseOutside returns the phase of a policy that is not active.
func (o outlook) phaseOutside(w wanted) phase {
	c := o.checks.known[w.digest]
	turn := o.state.turn(w, o.self, o.now)
	switch {
	case c != nil && c.err != nil:
		code, detail := reason(c.err)
		return phase{state: StateRefused, code: code, detail: detail}
	case !o.objects.hasFiles(w.policy):
		return phase{state: StateFetching}
	case o.head.expired(o.now):
		return phase{state: StateWaiting, code: bundle.Expired, detail: "the release has expired"}
	case turn.After(o.now):
		return phase{state: StateWaiting, until: turn}
	case c == nil || c.asked:
		return phase{state: StateChecking}
	}
	return phase{state: StateSwitching, ready: true}
}

// wish returns the policies to enact, by name; it is unknown while one of them is being
// checked.
func (o outlook) wish() (wish []placed, policies []Text, known bool) {
	for _, a := range o.state.Active {
		if !o.objects.hasFiles(a.Policy) {
			continue // lost on disk: it follows when they are fetched
		}
		if c := o.checks.known[a.digest]; c == nil || c.asked {
			return nil, nil, false
		}
		wish = append(wish, placed{a.Policy.Name, a.digest, a.content, a.Version})
		policies = append(policies, o.objects.text(a.Policy))
	}
	return wish, policies, true
}

func (o outlook) status(w wanted) PolicyStatus {
	p := o.phase(w)
	s := PolicyStatus{
		Name: w.policy.Name, State: p.state, Digest: w.digest, Code: p.code, Detail: p.detail, Until: p.until,
		Stage: o.state.stage(w, o.now), Commit: plain(w.policy.Source.Commit), Dirty: w.policy.Source.Dirty,
	}
	for _, e := range w.policy.Files {
		s.Models = append(s.Models, e.Path)
	}
	if on, ok := o.switcher.placedAs(w.policy.Name); ok {
		s.Active, s.ActiveVersion = on.digest, on.version
	}
	return s
}
