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

// decidePolicies brings what is active nearer to what the head wants. Of a release that has
// expired nothing is begun, and nothing that is active is ended for its sake.
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

// proven is what there is to go back to: what was itself on trial is not.
func (a active) proven() *before {
	if a.Trial {
		return a.Before
	}
	return &before{a.Policy, a.Version}
}

// enact makes a policy active: it is switched to once that is durable.
func (s *state) enact(w wanted, version uint64, now time.Time) {
	next := active{Policy: w.policy, Version: version, Trial: s.trialEnd(w, now).After(now)}
	if last := s.find(w.policy.Name); last != nil && next.Trial {
		next.Before = last.proven()
	}
	s.put(next)
}

// adopt takes over what has changed around files that are the same. A trial that was
// under way goes on where the release still has one.
func (s *state) adopt(a active, w wanted, version uint64, now time.Time) {
	a.Policy, a.Version = w.policy, version
	a.Trial = a.Trial && s.trialEnd(w, now).After(now)
	if !a.Trial {
		a.Before = nil
	}
	s.put(a)
}

// turnOff says whether a policy was active.
func (s *state) turnOff(name string) bool {
	if s.find(name) == nil {
		return false
	}
	s.remove(name)
	return true
}

// goBack makes active what was so before a trial, or nothing.
func (s *state) goBack(a active) {
	s.remove(a.Policy.Name)
	if a.Before != nil {
		s.put(active{Policy: a.Before.Policy, Version: a.Before.Version})
	}
}
