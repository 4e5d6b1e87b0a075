package chain

import (
	"slices"

	"parley/models/publish/bundle"
)

// check is what the driver found of a policy, under its digest.
type check struct {
	asked bool
	again bool // what was asked is out of date
	err   error
}

// judgeActive has what is active checked, where it was not since the start or since
// what this host accepts has changed, and ends what was refused then.
func (f *Follower) judgeActive() {
	for _, a := range slices.Clone(f.state.Active) {
		c := f.checks[a.digest]
		switch {
		case c == nil && f.objects.hasFiles(a.Policy):
			f.check(a.Policy, a.digest)
		case c != nil && c.err != nil:
			f.goBack(a)
		}
	}
}

// mayEnact says whether a policy is wanted, active, or what there is to go back to.
func (f *Follower) mayEnact(digest bundle.Digest) bool {
	return slices.ContainsFunc(f.head.wanted, func(w wanted) bool { return w.digest == digest }) ||
		slices.ContainsFunc(f.state.Active, func(a active) bool {
			return a.digest == digest || a.Before != nil && a.Before.Policy.Digest() == digest
		})
}

func (f *Follower) hasFiles(p bundle.Policy) bool {
	for _, e := range p.Files {
		if _, ok := f.objects.had[e.Digest]; !ok {
			return false
		}
	}
	return true
}

// check asks the driver about a policy, once.
func (f *Follower) check(p bundle.Policy, digest bundle.Digest) {
	if f.checks[digest] != nil {
		return
	}
	f.checks[digest] = &check{asked: true}
	files := map[string][]byte{}
	for _, e := range p.Files {
		files[e.Path] = f.objects.had[e.Digest]
	}
	f.turn.emit(Check{Policy: p, Files: files})
}

func (f *Follower) checked(ev Checked) {
	c := f.checks[ev.Digest]
	if c == nil || !c.asked {
		return // of a release that is in force no longer
	}
	if c.again {
		delete(f.checks, ev.Digest)
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

// recheck forgets what was found of the policies.
func (f *Follower) recheck() {
	for digest, c := range f.checks {
		if c.asked {
			c.again = true
		} else {
			delete(f.checks, digest)
		}
	}
}
