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

// PolicyState is the state of a policy on a host.
type PolicyState string

// The states of a policy.
const (
	StateActive      PolicyState = "active"
	StateTrial       PolicyState = "trial"        // active, and guarded
	StateWaiting     PolicyState = "waiting"      // for its stage in the trial, or for an unexpired release
	StateFetching    PolicyState = "fetching"     // its files
	StateChecking    PolicyState = "checking"     // whether this host may and can enact it
	StateSwitching   PolicyState = "switching"    // at the end of the running negotiations
	StateRefused     PolicyState = "refused"      // by this host
	StateHalted      PolicyState = "halted"       // found bad on trial, here or by other hosts
	StateNotTargeted PolicyState = "not_targeted" // for other hosts
)

// PolicyStates returns all states of a policy on a host.
func PolicyStates() []PolicyState {
	return []PolicyState{
		StateActive, StateTrial, StateWaiting, StateFetching, StateChecking, StateSwitching, StateRefused, StateHalted, StateNotTargeted,
	}
}

// decidePolicies brings the active policies closer to the head. An expired release
// starts nothing and ends nothing.
func (f *Follower) decidePolicies() {
	f.judgeActive()
	if f.head.Version == 0 || len(f.intake.queue) > 0 || f.head.expired(f.turn.now) {
		return
	}
	if f.state.clampSeen(f.turn.now) {
		f.keep.change()
	}
	for _, w := range f.head.wanted {
		f.decidePolicy(w)
	}
	for _, a := range slices.Clone(f.state.Active) {
		if !slices.ContainsFunc(f.head.wanted, func(w wanted) bool { return w.policy.Name == a.Policy.Name }) {
			if f.state.turnOff(a.Policy.Name) {
				f.keep.change()
			}
		}
	}
}

func (f *Follower) decidePolicy(w wanted) {
	p := f.outlook().phase(w)
	a := f.state.find(w.policy.Name)
	switch {
	case p.state == StateNotTargeted:
		if f.state.turnOff(w.policy.Name) {
			f.keep.change()
		}
	case p.adopt:
		f.checks.same(a.digest, w.digest)
		f.state.adopt(*a, w, f.head.Version, f.turn.now)
		f.keep.change()
	case p.ready:
		f.state.enact(w, f.head.Version, f.turn.now)
		f.keep.change()
	case a != nil && a.digest == w.digest:
		f.watch(*a, w)
	case p.state == StateWaiting:
		f.turn.wait(p.until)
	case p.state == StateChecking:
		f.checks.ask(w.policy, w.digest, &f.objects)
	}
}

// proven returns the fallback: a policy that is itself on trial is none.
func (a active) proven() *before {
	if a.Trial {
		return a.Before
	}
	return &before{a.Policy, a.Version}
}

// enact makes a policy active; the switch follows once that is durable.
func (s *state) enact(w wanted, version uint64, now time.Time) {
	next := active{Policy: w.policy, Version: version, Trial: s.trialEnd(w, now).After(now)}
	if last := s.find(w.policy.Name); last != nil && next.Trial {
		next.Before = last.proven()
	}
	s.put(next)
}

// adopt takes over changes around unchanged files. A running trial continues when the
// release still has one.
func (s *state) adopt(a active, w wanted, version uint64, now time.Time) {
	a.Policy, a.Version = w.policy, version
	a.Trial = a.Trial && s.trialEnd(w, now).After(now)
	if !a.Trial {
		a.Before = nil
	}
	s.put(a)
}

// turnOff removes a policy, and reports whether it was active.
func (s *state) turnOff(name string) bool {
	if s.find(name) == nil {
		return false
	}
	s.remove(name)
	return true
}

// goBack reactivates the policy before a trial, if any.
func (s *state) goBack(a active) {
	s.remove(a.Policy.Name)
	if a.Before != nil {
		s.put(active{Policy: a.Before.Policy, Version: a.Before.Version})
	}
}
