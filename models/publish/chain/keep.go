package chain

import (
	"fmt"
	"slices"
	"time"

	"parley/models/publish/bundle"
)

// keeping is how what is believed becomes durable. Changes are counted: what depends
// on them waits until the last is kept.
type keeping struct {
	changed, sent, kept uint64
	busy                bool
	release             *bundle.Signed // taken, and not kept yet
	retry               time.Time      // not before, after a failure
	err                 string
	after               []Effect // to follow once all is kept
	durable             durable
}

// durable is the place in the chain that a crash does not undo.
type durable struct {
	anchor bundle.Anchor
	head   bundle.Release
}

// retryKeep is when a disk that failed is tried again.
const retryKeep = 10 * time.Second

// afterMost bounds what waits for a disk that fails for long.
const afterMost = 256

// change notes that the state is to be kept.
func (k *keeping) change() { k.changed++ }

// settled says whether all that is believed is durable.
func (k *keeping) settled() bool { return k.changed == k.kept }

// then has an effect follow once what is believed now is durable.
func (k *keeping) then(e Effect) {
	k.after = append(k.after, e)
	k.after = k.after[max(0, len(k.after)-afterMost):]
}

// note is then for the history.
func (k *keeping) note(kind, format string, args ...any) {
	k.then(Note{kind, fmt.Sprintf(format, args...)})
}

// persist keeps what has changed, or lets follow what waited for that.
func (f *Follower) persist() {
	switch {
	case f.keep.settled():
		f.follow()
	case f.keep.busy || f.turn.wait(f.keep.retry):
	default:
		f.keep.busy, f.keep.sent = true, f.keep.changed
		f.turn.emit(Keep{State: f.state.seal(), Release: f.keep.release, Version: f.state.Anchor.Version})
	}
}

// follow lets go what waited. The roster comes before all else: it says who may
// connect.
func (f *Follower) follow() {
	if f.state.Roster != f.rosterRef {
		f.inForce()
	}
	f.turn.out = append(f.turn.out, f.keep.after...)
	f.keep.after = nil
	if f.spread && len(f.queue) == 0 && f.state.Head != nil {
		f.spread = false
		f.turn.emit(Spread{bundle.Notice{Head: f.state.Head.Encode()}})
	}
	f.spreadHalts()
}

func (f *Follower) kept(ev Kept) error {
	if !f.keep.busy {
		return fmt.Errorf("chain: Kept without a Keep")
	}
	f.keep.busy = false
	f.keep.err = ev.Err
	if ev.Err != "" {
		f.keep.retry = f.turn.now.Add(retryKeep)
		return nil
	}
	// A release is taken only when all before is kept, so it was a part of this.
	f.keep.kept, f.keep.release = f.keep.sent, nil
	f.keep.durable = durable{f.state.Anchor, f.head.Release}
	f.forget()
	return nil
}

// forget drops what nothing names any more.
func (f *Follower) forget() {
	f.objects.forget(f.needs())
	for digest, c := range f.checks {
		if !c.asked && !f.mayEnact(digest) {
			delete(f.checks, digest)
		}
	}
}

// adoptRoster takes the roster of the head, as soon as it is there.
func (f *Follower) adoptRoster() {
	ref := f.head.Roster
	if f.head.Version == 0 || len(f.queue) > 0 || f.state.Roster == ref || f.badRoster == ref.Digest {
		return
	}
	data, ok := f.objects.had[ref.Digest]
	if !ok {
		return
	}
	roster, err := bundle.DecodeRoster(data)
	if err == nil {
		err = roster.CheckNames()
	}
	if err != nil {
		f.badRoster = ref.Digest
		f.refusals.add("", f.head.Version, err)
		return
	}
	f.state.Roster = ref
	f.keep.change()
}

// inForce tells the driver of the roster.
func (f *Follower) inForce() {
	data, ok := f.objects.had[f.state.Roster.Digest]
	if !ok {
		return // lost on disk: it is fetched again
	}
	next, err := bundle.DecodeRoster(data)
	if err != nil {
		return // it was read before it was kept
	}
	last := f.roster
	f.roster, f.rosterRef = next, f.state.Roster
	f.turn.emit(Roster{next})
	if f.quietly {
		f.quietly = false
		return
	}
	f.turn.emit(Note{NoteRoster, rosterText(last, next, f.o.Self)})
}

// rosterText says who came and who went.
func rosterText(last, next bundle.Roster, self string) string {
	came, went := newcomers(last, next), newcomers(next, last)
	text := fmt.Sprintf("the roster has %d hosts", len(next.Hosts))
	if len(came) > 0 {
		text += "; new: " + some(came)
	}
	if len(went) > 0 {
		text += "; gone: " + some(went)
	}
	if _, ok := next.Find(self); !ok {
		text += "; this host is not in the roster"
	}
	return text
}

// newcomers returns the names of hosts that an earlier roster did not have.
func newcomers(last, next bundle.Roster) (names []string) {
	for _, h := range next.Hosts {
		if _, ok := last.Find(h.ID); !ok {
			names = append(names, h.Name)
		}
	}
	slices.Sort(names)
	return names
}
