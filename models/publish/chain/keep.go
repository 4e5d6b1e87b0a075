package chain

import (
	"fmt"
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
	if ref := f.state.Roster; ref != f.roster.ref {
		if data, ok := f.objects.had[ref.Digest]; ok { // else it was lost on disk, and is fetched again
			f.roster.take(ref, data, f.turn, f.o.Self)
		}
	}
	f.turn.out = append(f.turn.out, f.keep.after...)
	f.keep.after = nil
	if f.spread && len(f.intake.queue) == 0 && f.state.Head != nil {
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
	f.objects.forget(f.state.needs(&f.head))
	for digest, c := range f.checks.known {
		if !c.asked && !f.state.mayEnact(digest, &f.head) {
			delete(f.checks.known, digest)
		}
	}
}

// adoptRoster takes the roster of the head, as soon as it is there.
func (f *Follower) adoptRoster() {
	ref := f.head.Roster
	if f.head.Version == 0 || len(f.intake.queue) > 0 || f.state.Roster == ref || f.roster.bad == ref.Digest {
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
		f.roster.bad = ref.Digest
		f.refusals.add("", f.head.Version, err)
		return
	}
	f.state.Roster = ref
	f.keep.change()
}
