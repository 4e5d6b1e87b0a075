package chain

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"parley/models/bundle"
)

// wanted is a policy of the head.
type wanted struct {
	policy          bundle.Policy
	digest, content bundle.Digest
}

// check is what the driver found of a policy, under its digest.
type check struct {
	asked bool
	again bool // what was asked is out of date
	err   error
}

// placed is a policy that was switched to.
type placed struct {
	name            string
	digest, content bundle.Digest
	version         uint64
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
	case a != nil && a.content == w.content && !f.expired():
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
	case !f.hasFiles(a.Policy):
		return phase{state: StateFetching}
	case c == nil || c.asked:
		return phase{state: StateChecking}
	default:
		return phase{state: StateSwitching, detail: f.switchErr}
	}
	if a.Trial {
		return phase{state: StateTrial, until: f.trialEnd(w)}
	}
	return phase{state: StateActive}
}

// phaseOutside is of a policy that is not active.
func (f *Follower) phaseOutside(w wanted) phase {
	c := f.checks[w.digest]
	turn := f.turn(w)
	switch {
	case c != nil && c.err != nil:
		code, detail := reason(c.err)
		return phase{state: StateRefused, code: code, detail: detail}
	case !f.hasFiles(w.policy):
		return phase{state: StateFetching}
	case f.expired():
		return phase{state: StateWaiting, code: bundle.Expired, detail: "the release has expired"}
	case turn.After(f.now):
		return phase{state: StateWaiting, until: turn}
	case c == nil || c.asked:
		return phase{state: StateChecking}
	}
	return phase{state: StateSwitching, ready: true}
}

// expired says whether the time of the head is over.
func (f *Follower) expired() bool { return !moment(f.head.Expires).After(f.now) }

// weigh brings what is active nearer to what the head wants. Of a release that has
// expired nothing is begun, and nothing that is active is ended for its sake.
func (f *Follower) weigh() {
	f.judgeActive()
	if f.head.Version == 0 || len(f.queue) > 0 || f.expired() {
		return
	}
	f.clampSeen()
	for _, w := range f.wanted {
		f.weighOne(w)
	}
	for _, a := range slices.Clone(f.state.Active) {
		if !slices.ContainsFunc(f.wanted, func(w wanted) bool { return w.policy.Name == a.Policy.Name }) {
			f.turnOff(a.Policy.Name)
		}
	}
}

func (f *Follower) weighOne(w wanted) {
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
		f.wait(p.until)
	case p.state == StateChecking:
		f.check(w.policy, w.digest)
	}
}

// enact makes a policy active: it is switched to once that is durable.
func (f *Follower) enact(w wanted) {
	next := active{Policy: w.policy, Version: f.head.Version, Trial: f.trialEnd(w).After(f.now)}
	if last := f.state.find(w.policy.Name); last != nil && next.Trial {
		next.Before = last.proven()
	}
	f.state.put(next)
	f.change()
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
	a.Trial = a.Trial && f.trialEnd(w).After(f.now)
	if !a.Trial {
		a.Before = nil
	}
	// The same files were checked under another digest.
	if c := f.checks[a.digest]; c != nil && !c.asked {
		f.checks[w.digest] = c
	}
	f.state.put(a)
	f.change()
}

func (f *Follower) turnOff(name string) {
	if f.state.find(name) != nil {
		f.state.remove(name)
		f.change()
	}
}

// goBack makes active what was so before a trial, or nothing.
func (f *Follower) goBack(a active) {
	f.turnOff(a.Policy.Name)
	if a.Before != nil {
		f.state.put(active{Policy: a.Before.Policy, Version: a.Before.Version})
	}
	f.change()
}

// judgeActive has what is active checked, where it was not since the start or since
// what this host accepts has changed, and ends what was refused then.
func (f *Follower) judgeActive() {
	for _, a := range slices.Clone(f.state.Active) {
		c := f.checks[a.digest]
		switch {
		case c == nil && f.hasFiles(a.Policy):
			f.check(a.Policy, a.digest)
		case c != nil && c.err != nil:
			f.goBack(a)
		}
	}
}

// mayEnact says whether a policy is wanted, active, or what there is to go back to.
func (f *Follower) mayEnact(digest bundle.Digest) bool {
	return slices.ContainsFunc(f.wanted, func(w wanted) bool { return w.digest == digest }) ||
		slices.ContainsFunc(f.state.Active, func(a active) bool {
			return a.digest == digest || a.Before != nil && a.Before.Policy.Digest() == digest
		})
}

func (f *Follower) hasFiles(p bundle.Policy) bool {
	for _, e := range p.Files {
		if _, ok := f.objects[e.Digest]; !ok {
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
		files[e.Path] = f.objects[e.Digest]
	}
	f.emit(Check{Policy: p, Files: files})
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
	f.refuse("", f.head.Version, c.err)
	code, detail := reason(c.err)
	f.note(NotePolicy, "policy %s %s is refused: %s: %s", ev.Policy, ev.Digest.Short(), code, detail)
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

func (f *Follower) labelled(labels []string) {
	labels = slices.Clone(labels)
	slices.Sort(labels)
	labels = slices.Compact(labels)
	if !slices.Equal(labels, f.state.Labels) {
		f.state.Labels = labels
		f.change()
	}
}

// switchOver has the driver enact what is active, once that is durable.
func (f *Follower) switchOver() {
	if f.busy || !f.settled() {
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
	if f.wait(f.switchAt) {
		return
	}
	files := map[bundle.Digest][]byte{}
	for _, p := range policies {
		for _, e := range p.Files {
			files[e.Digest] = f.objects[e.Digest]
		}
	}
	f.busy, f.switching = true, wish
	f.emit(Switch{Policies: policies, Files: files})
}

// wish returns what is to be enacted, by name; it is not known while something of it
// is being checked.
func (f *Follower) wish() (wish []placed, policies []bundle.Policy, known bool) {
	for _, a := range f.state.Active {
		if !f.hasFiles(a.Policy) {
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
		f.switchAt = f.now.Add(retrySwitch)
		f.emit(Note{NotePolicy, "the switch of policies failed, and is tried again: " + plain(ev.Err)})
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
		f.emit(Note{NotePolicy, fmt.Sprintf("policy %s %s of release %d is %s", p.name, p.digest.Short(), p.version, how)})
	}
	for _, p := range last {
		if !slices.ContainsFunc(next, func(o placed) bool { return o.name == p.name }) {
			f.emit(Note{NotePolicy, fmt.Sprintf("policy %s %s is off", p.name, p.digest.Short())})
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
