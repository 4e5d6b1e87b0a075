package chain

import (
	"slices"

	"parley/models/publish/bundle"
)

// check is the driver's verdict on the policy with a digest.
type check struct {
	asked bool
	again bool // the pending question is out of date
	err   error
}

// checks holds the driver's verdicts on policies, and the pending questions.
type checks struct {
	turn  *turn
	known map[bundle.Digest]*check
}

// ask asks the driver about a policy, once.
func (c *checks) ask(p bundle.Policy, digest bundle.Digest, objects *objects) {
	if c.known[digest] != nil {
		return
	}
	c.known[digest] = &check{asked: true}
	c.turn.emit(Check{objects.text(p)})
}

// again discards the verdicts on policies.
func (c *checks) again() {
	for digest, one := range c.known {
		if one.asked {
			one.again = true
		} else {
			delete(c.known, digest)
		}
	}
}

// mayEnact reports whether a policy is wanted, active, or the fallback of a trial.
func (s *state) mayEnact(digest bundle.Digest, of *head) bool {
	return of.has(digest) ||
		slices.ContainsFunc(s.Active, func(a active) bool {
			return a.digest == digest || a.Before != nil && a.Before.Policy.Digest() == digest
		})
}

// judgeActive has active policies checked that were not checked since the start or the
// last Recheck, and ends those that were refused.
func (f *Follower) judgeActive() {
	for _, a := range slices.Clone(f.state.Active) {
		c := f.checks.known[a.digest]
		switch {
		case c == nil && f.objects.hasFiles(a.Policy):
			f.checks.ask(a.Policy, a.digest, &f.objects)
		case c != nil && c.err != nil:
			f.state.goBack(a)
			f.keep.change()
		}
	}
}

func (f *Follower) checked(ev Checked) {
	c := f.checks.known[ev.Digest]
	if c == nil || !c.asked {
		return // of a release that is in force no longer
	}
	if c.again {
		delete(f.checks.known, ev.Digest)
		return
	}
	c.asked, c.err = false, ev.Err
	if ev.Err == nil {
		return
	}
	if bundle.CodeOf(ev.Err) == "" {
		c.err = bundle.Refuse(bundle.NotChecked, "%v", ev.Err)
	}
	f.refusals.add("", f.head.Version, c.err)
	code, detail := reason(c.err)
	f.keep.note(NotePolicy, "policy %s %s is refused: %s: %s", ev.Policy, ev.Digest.Short(), code, detail)
}

// same has what was found of a policy count for one with the same files.
func (c *checks) same(digest, as bundle.Digest) {
	if one := c.known[digest]; one != nil && !one.asked {
		c.known[as] = one
	}
}
