package chain

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"parley/models/publish/bundle"
)

// placed is a policy that was switched to.
type placed struct {
	name            string
	digest, content bundle.Digest
	version         uint64
}

// switcher tracks what the driver enacts.
type switcher struct {
	turn      *turn
	enacted   []placed // by name
	switching []placed
	busy      bool // a Switch is pending
	err       string
	after     time.Time // earliest next Switch, after a failure
}

// switchPolicies makes the driver enact the active policies, once they are durable.
func (f *Follower) switchPolicies() {
	if f.switcher.busy || !f.keep.settled() {
		return
	}
	wish, policies, ok := f.outlook().wish()
	if !ok {
		return
	}
	same := func(a, b placed) bool { return a.name == b.name && a.content == b.content }
	if slices.EqualFunc(wish, f.switcher.enacted, same) {
		f.switcher.enacted, f.switcher.err = wish, ""
		return
	}
	// A failed switch waits, unless a later release wants something else.
	if slices.EqualFunc(wish, f.switcher.switching, same) && f.turn.wait(f.switcher.after) {
		return
	}
	f.switcher.busy, f.switcher.switching = true, wish
	f.turn.emit(Switch{Policies: policies})
}

const retrySwitch = time.Minute

func (f *Follower) switched(ev Switched) error {
	if !f.switcher.busy {
		return fmt.Errorf("chain: Switched without a Switch")
	}
	f.switcher.busy = false
	if f.switcher.err = ev.Err; ev.Err != "" {
		f.switcher.after = f.turn.now.Add(retrySwitch)
		f.turn.emit(Note{NotePolicy, "the switch of policies failed, and is tried again: " + plain(ev.Err)})
		return nil
	}
	last := f.switcher.enacted
	f.switcher.enacted = f.switcher.switching
	f.switcher.note(last, f.state.find)
	f.measure()
	return nil
}

// isEnacted reports whether the driver has switched to the active policy of a name.
func (s *switcher) isEnacted(a active) bool {
	p, ok := s.placedAs(a.Policy.Name)
	return ok && p.content == a.content
}

func (s *switcher) placedAs(name string) (placed, bool) {
	i, ok := slices.BinarySearchFunc(s.enacted, name, func(p placed, name string) int { return cmp.Compare(p.name, name) })
	if !ok {
		return placed{}, false
	}
	return s.enacted[i], true
}

// note reports the added and removed policies.
func (s *switcher) note(last []placed, active func(name string) *active) {
	next := s.enacted
	for _, p := range next {
		if slices.ContainsFunc(last, func(o placed) bool { return o.name == p.name && o.content == p.content }) {
			continue
		}
		how := "in force"
		if a := active(p.name); a != nil && a.digest == p.digest && a.Trial {
			how = "on trial"
		}
		s.turn.emit(Note{NotePolicy, fmt.Sprintf("policy %s %s of release %d is %s", p.name, p.digest.Short(), p.version, how)})
	}
	for _, p := range last {
		if !slices.ContainsFunc(next, func(o placed) bool { return o.name == p.name }) {
			s.turn.emit(Note{NotePolicy, fmt.Sprintf("policy %s %s is off", p.name, p.digest.Short())})
		}
	}
}
