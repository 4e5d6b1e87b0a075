package chain

import (
	"fmt"
	"time"

	"parley/models/publish/bundle"
)

// keeping makes the accepted state durable. It counts changes; consequences wait until
// the last change is kept.
type keeping struct {
	changed, sent, kept uint64
	busy                bool
	release             *bundle.Signed // accepted, and not kept yet
	retry               time.Time      // earliest retry after a failure
	err                 string
	after               []Effect // to be emitted once everything is kept
	durable             durable
}

// durable is the position in the chain that a crash cannot undo.
type durable struct {
	anchor bundle.Anchor
	head   bundle.Release
}

// retryKeep is the delay of a retry after a disk failure.
const retryKeep = 10 * time.Second

// afterMost bounds the effects that wait for a failing disk.
const afterMost = 256

// change records that the state must be kept.
func (k *keeping) change() { k.changed++ }

// settled reports whether the whole state is durable.
func (k *keeping) settled() bool { return k.changed == k.kept }

// then emits an effect once the current state is durable.
func (k *keeping) then(e Effect) {
	k.after = append(k.after, e)
	k.after = k.after[max(0, len(k.after)-afterMost):]
}

// note is then with a Note.
func (k *keeping) note(kind, format string, args ...any) {
	k.then(Note{kind, fmt.Sprintf(format, args...)})
}

// persist keeps changes, or emits the effects that waited for that.
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

// follow emits the waiting effects. The roster comes first, because it says who may
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
	// A release is accepted only when all earlier changes are kept, so it was part of
	// this Keep.
	f.keep.kept, f.keep.release = f.keep.sent, nil
	f.keep.durable = durable{f.state.Anchor, f.head.Release}
	f.forget()
	return nil
}

// forget drops what is no longer named.
func (f *Follower) forget() {
	f.objects.forget(f.state.needs(&f.head))
	for digest, c := range f.checks.known {
		if !c.asked && !f.state.mayEnact(digest, &f.head) {
			delete(f.checks.known, digest)
		}
	}
}

// adoptRoster adopts the roster of the head as soon as it is here.
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
