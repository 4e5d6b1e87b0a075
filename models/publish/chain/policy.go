package chain

import (
	"slices"
	"time"

	"parley/models/publish/bundle"
)

// wanted is a policy of the head.
type wanted struct {
	policy          bundle.Policy
	digest, content bundle.Digest
}

// PolicyState says how far a host is with a policy.
type PolicyState string

// The states of a policy.
const (
	StateActive      PolicyState = "active"
	StateTrial       PolicyState = "trial"        // active, and watched
	StateWaiting     PolicyState = "waiting"      // for its turn in the trial, or for a release that has not expired
	StateFetching    PolicyState = "fetching"     // its files
	StateChecking    PolicyState = "checking"     // whether this host may and can enact it
	StateSwitching   PolicyState = "switching"    // at the end of the negotiations under way
	StateRefused     PolicyState = "refused"      // by this host
	StateHalted      PolicyState = "halted"       // found bad on trial, here or elsewhere
	StateNotTargeted PolicyState = "not_targeted" // meant for other hosts
)

// phase is how far this host is with a policy, and why.
type phase struct {
	state  PolicyState
	adopt  bool // what is active has the same files: it is taken as it is
	ready  bool // nothing keeps it from being switched to
	code   bundle.Code
	detail string
	until  time.Time
}

// phase looks and changes nothing.
func (f *Follower) phase(w wanted) phase {
	a := f.state.find(w.policy.Name)
	switch {
	case !bundle.Matches(f.state.Labels, w.policy.Targets):
		return phase{state: StateNotTargeted}
	case a != nil && a.digest == w.digest:
		return f.phaseHere(*a, w)
	case a != nil && a.content == w.content && !f.head.expired(f.turn.now):
		return phase{state: StateActive, adopt: true}
	}
	if why := f.haltedBy(w); why != "" {
		return phase{state: StateHalted, code: bundle.Halted, detail: why}
	}
	return f.phaseOutside(w)
}

// phaseHere is of a policy that is active, or about to be.
func (f *Follower) phaseHere(a active, w wanted) phase {
	switch c := f.checks[a.digest]; {
	case f.isEnacted(a):
	case !f.objects.hasFiles(a.Policy):
		return phase{state: StateFetching}
	case c == nil || c.asked:
		return phase{state: StateChecking}
	default:
		return phase{state: StateSwitching, detail: f.switchErr}
	}
	if a.Trial {
		return phase{state: StateTrial, until: f.state.trialEnd(w, f.turn.now)}
	}
	return phase{state: StateActive}
}

// phaseOutside is of a policy that is not active.
func (f *Follower) phaseOutside(w wanted) phase {
	c := f.checks[w.digest]
	turn := f.state.turn(w, f.o.Self, f.turn.now)
	switch {
	case c != nil && c.err != nil:
		code, detail := reason(c.err)
		return phase{state: StateRefused, code: code, detail: detail}
	case !f.objects.hasFiles(w.policy):
		return phase{state: StateFetching}
	case f.head.expired(f.turn.now):
		return phase{state: StateWaiting, code: bundle.Expired, detail: "the release has expired"}
	case turn.After(f.turn.now):
		return phase{state: StateWaiting, until: turn}
	case c == nil || c.asked:
		return phase{state: StateChecking}
	}
	return phase{state: StateSwitching, ready: true}
}

// decidePolicies brings what is active nearer to what the head wants. Of a release that has
// expired nothing is begun, and nothing that is active is ended for its sake.
func (f *Follower) decidePolicies() {
	f.judgeActive()
	if f.head.Version == 0 || len(f.queue) > 0 || f.head.expired(f.turn.now) {
		return
	}
	f.clampSeen()
	for _, w := range f.head.wanted {
		f.decidePolicy(w)
	}
	for _, a := range slices.Clone(f.state.Active) {
		if !slices.ContainsFunc(f.head.wanted, func(w wanted) bool { return w.policy.Name == a.Policy.Name }) {
			f.turnOff(a.Policy.Name)
		}
	}
}

func (f *Follower) decidePolicy(w wanted) {
	p := f.phase(w)
	a := f.state.find(w.policy.Name)
	switch {
	case p.state == StateNotTargeted:
		f.turnOff(w.policy.Name)
	case p.adopt:
		f.adopt(*a, w)
	case p.ready:
		f.enact(w)
	case a != nil && a.digest == w.digest:
		f.watch(*a, w)
	case p.state == StateWaiting:
		f.turn.wait(p.until)
	case p.state == StateChecking:
		f.check(w.policy, w.digest)
	}
}

// enact makes a policy active: it is switched to once that is durable.
func (f *Follower) enact(w wanted) {
	next := active{Policy: w.policy, Version: f.head.Version, Trial: f.state.trialEnd(w, f.turn.now).After(f.turn.now)}
	if last := f.state.find(w.policy.Name); last != nil && next.Trial {
		next.Before = last.proven()
	}
	f.state.put(next)
	f.keep.change()
}

// proven is what there is to go back to: what was itself on trial is not.
func (a active) proven() *before {
	if a.Trial {
		return a.Before
	}
	return &before{a.Policy, a.Version}
}

// adopt takes over what has changed around files that are the same. A trial that was
// under way goes on where the release still has one.
func (f *Follower) adopt(a active, w wanted) {
	a.Policy, a.Version = w.policy, f.head.Version
	a.Trial = a.Trial && f.state.trialEnd(w, f.turn.now).After(f.turn.now)
	if !a.Trial {
		a.Before = nil
	}
	// The same files were checked under another digest.
	if c := f.checks[a.digest]; c != nil && !c.asked {
		f.checks[w.digest] = c
	}
	f.state.put(a)
	f.keep.change()
}

func (f *Follower) turnOff(name string) {
	if f.state.find(name) != nil {
		f.state.remove(name)
		f.keep.change()
	}
}

// goBack makes active what was so before a trial, or nothing.
func (f *Follower) goBack(a active) {
	f.turnOff(a.Policy.Name)
	if a.Before != nil {
		f.state.put(active{Policy: a.Before.Policy, Version: a.Before.Version})
	}
	f.keep.change()
}

func (f *Follower) labelled(labels []string) {
	labels = slices.Clone(labels)
	slices.Sort(labels)
	labels = slices.Compact(labels)
	if !slices.Equal(labels, f.state.Labels) {
		f.state.Labels = labels
		f.keep.change()
	}
}
