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

// switchPolicies has the driver enact what is active, once that is durable.
func (f *Follower) switchPolicies() {
	if f.busy || !f.keep.settled() {
		return
	}
	wish, policies, ok := f.wish()
	if !ok {
		return
	}
	same := func(a, b placed) bool { return a.name == b.name && a.content == b.content }
	if slices.EqualFunc(wish, f.enacted, same) {
		f.enacted, f.switchErr = wish, ""
		return
	}
	// What failed waits; what a later release wants instead need not.
	if slices.EqualFunc(wish, f.switching, same) && f.turn.wait(f.switchAt) {
		return
	}
	files := map[bundle.Digest][]byte{}
	for _, p := range policies {
		for _, e := range p.Files {
			files[e.Digest] = f.objects.had[e.Digest]
		}
	}
	f.busy, f.switching = true, wish
	f.turn.emit(Switch{Policies: policies, Files: files})
}

// wish returns what is to be enacted, by name; it is not known while something of it
// is being checked.
func (f *Follower) wish() (wish []placed, policies []bundle.Policy, known bool) {
	for _, a := range f.state.Active {
		if !f.objects.hasFiles(a.Policy) {
			continue // lost on disk: it comes when they are fetched
		}
		if c := f.checks[a.digest]; c == nil || c.asked {
			return nil, nil, false
		}
		wish = append(wish, placed{a.Policy.Name, a.digest, a.content, a.Version})
		policies = append(policies, a.Policy)
	}
	return wish, policies, true
}

const retrySwitch = time.Minute

func (f *Follower) switched(ev Switched) error {
	if !f.busy {
		return fmt.Errorf("chain: Switched without a Switch")
	}
	f.busy = false
	if f.switchErr = ev.Err; ev.Err != "" {
		f.switchAt = f.turn.now.Add(retrySwitch)
		f.turn.emit(Note{NotePolicy, "the switch of policies failed, and is tried again: " + plain(ev.Err)})
		return nil
	}
	last := f.enacted
	f.enacted = f.switching
	f.noteSwitch(last, f.enacted)
	f.measure()
	return nil
}

// noteSwitch says what came and what went.
func (f *Follower) noteSwitch(last, next []placed) {
	for _, p := range next {
		if slices.ContainsFunc(last, func(o placed) bool { return o.name == p.name && o.content == p.content }) {
			continue
		}
		how := "in force"
		if a := f.state.find(p.name); a != nil && a.digest == p.digest && a.Trial {
			how = "on trial"
		}
		f.turn.emit(Note{NotePolicy, fmt.Sprintf("policy %s %s of release %d is %s", p.name, p.digest.Short(), p.version, how)})
	}
	for _, p := range last {
		if !slices.ContainsFunc(next, func(o placed) bool { return o.name == p.name }) {
			f.turn.emit(Note{NotePolicy, fmt.Sprintf("policy %s %s is off", p.name, p.digest.Short())})
		}
	}
}

// isEnacted says whether the driver has switched to what is active under a name.
func (f *Follower) isEnacted(a active) bool {
	p, ok := f.placedAs(a.Policy.Name)
	return ok && p.content == a.content
}

func (f *Follower) placedAs(name string) (placed, bool) {
	i, ok := slices.BinarySearchFunc(f.enacted, name, func(p placed, name string) int { return cmp.Compare(p.name, name) })
	if !ok {
		return placed{}, false
	}
	return f.enacted[i], true
}
