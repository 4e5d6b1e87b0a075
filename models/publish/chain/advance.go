package chain

import (
	"slices"
	"strings"
	"time"

	"parley/models/publish/bundle"
)

// offer is a release and the peer that has it; from "": the operator.
type offer struct {
	from   string
	signed bundle.Signed
}

const (
	queueMost   = 64   // releases of peers that wait while one is being kept
	archiveMost = 4096 // releases of the operator
)

// intake holds the releases that wait to be accepted.
type intake struct {
	queue   []offer
	later   *offer // made in the future by this host's clock
	laterAt time.Time
	ahead   uint64 // the latest version with credible evidence
}

// enqueue makes a release wait until those before it are kept.
func (i *intake) enqueue(o offer) {
	most := queueMost
	if o.from == "" {
		most = archiveMost
	}
	waits := slices.ContainsFunc(i.queue, func(q offer) bool { return q.signed.Digest() == o.signed.Digest() && q.from == o.from })
	if len(i.queue) < most && !waits {
		i.queue = append(i.queue, o)
	}
}

// handedIn handles an archive. It skips known releases, so an operator may hand in the
// whole chain.
func (f *Follower) handedIn(ev Handed) {
	for digest, data := range ev.Objects {
		f.objects.hand(digest, data)
	}
	for i, s := range ev.Releases {
		r, err := s.Release()
		had := err == nil && r.Version <= f.state.Anchor.Version && !f.head.misses(f.state.Anchor, r.Version, s.Digest())
		if had && i < len(ev.Releases)-1 {
			continue
		}
		f.intake.enqueue(offer{"", s})
	}
}

// advanceReleases handles the waiting releases one by one.
func (f *Follower) advanceReleases() {
	if f.intake.later != nil && !f.turn.wait(f.intake.laterAt) && f.keep.settled() {
		o := *f.intake.later
		f.intake.later = nil
		f.offered(o)
	}
	for f.keep.settled() && len(f.intake.queue) > 0 {
		o := f.intake.queue[0]
		f.intake.queue = f.intake.queue[1:]
		if !f.offered(o) {
			f.intake.queue = slices.DeleteFunc(f.intake.queue, func(q offer) bool { return q.from == o.from })
		}
	}
}

// offered handles a release that a peer or the operator has: it accepts it, queues it,
// requests it, or refuses it. It returns false for a refused one.
func (f *Follower) offered(o offer) bool {
	r, err := o.signed.Release()
	at := f.state.Anchor
	switch {
	case err != nil:
		return f.refuseRelease(o, 0, err)
	case r.Publisher != at.Publisher:
		f.refusals.add(o.from, r.Version, bundle.Refuse(bundle.OtherPublisher, "a release of %s, where one of %s is expected", r.Publisher,
			at.Publisher))
		return false
	case f.head.misses(f.state.Anchor, r.Version, o.signed.Digest()):
		return f.complete(o, r)
	case r.Version <= at.Version:
		return f.behind(o, r)
	case !f.keep.settled():
		f.hear(o, r)
	case r.Version == at.Version+1:
		return f.follows(o)
	default:
		f.beyond(o, r)
	}
	return true
}

// complete accepts the release at the anchor. It requires valid signatures too, because
// other hosts will ask for the release.
func (f *Follower) complete(o offer, r bundle.Release) bool {
	switch {
	case !f.state.Anchor.Vouches(o.signed):
		return f.refuseRelease(o, r.Version, bundle.Refuse(bundle.NoQuorum, "release %d of %s without enough valid signatures", r.Version,
			r.Publisher))
	case f.keep.settled():
		f.accept(o, r, f.state.Anchor)
	default:
		f.intake.enqueue(o)
	}
	return true
}

// hear queues a release that arrives while another is being kept.
func (f *Follower) hear(o offer, r bundle.Release) {
	if o.from == "" || r.Version == f.state.Anchor.Version+1 && f.state.Anchor.Vouches(o.signed) {
		f.intake.enqueue(o)
		return
	}
	f.beyond(o, r)
}

// beyond handles a release that does not follow yet: it requests those in between.
// After a change of keys it may be valid although the known keys do not vouch for it,
// so the only conclusion is that its sender may have more.
func (f *Follower) beyond(o offer, r bundle.Release) {
	if f.state.Anchor.Vouches(o.signed) {
		f.intake.ahead = max(f.intake.ahead, r.Version)
	}
	f.peers.claims(o.from, r.Version)
	if o.from == "" {
		_, _, err := f.state.Anchor.Next(o.signed)
		f.refusals.add("", r.Version, err)
	}
}

// behind handles a release that is not ahead: it is merely old, or of another history.
func (f *Follower) behind(o offer, r bundle.Release) bool {
	recorded, known := f.state.record(r.Version)
	if known && recorded != o.signed.Digest() {
		at := bundle.Anchor{Publisher: r.Publisher, Root: f.state.Anchor.Root, Version: r.Version, Digest: recorded}
		_, _, err := at.Next(o.signed)
		return f.contradicted(o, r, err)
	}
	if o.from == "" && r.Version < f.state.Anchor.Version {
		_, _, err := f.state.Anchor.Next(o.signed)
		f.refusals.add("", r.Version, err)
		return false
	}
	return true
}

// follows accepts the next release, or refuses it.
func (f *Follower) follows(o offer) bool {
	r, next, err := f.state.Anchor.Next(o.signed)
	switch {
	case bundle.CodeOf(err) == bundle.Fork:
		r, _ = o.signed.Release()
		return f.contradicted(o, r, err)
	case err != nil:
		return f.refuseRelease(o, f.state.Anchor.Version+1, err)
	case moment(r.Created).After(f.turn.now.Add(skewMost)):
		f.postpone(o, r)
		return false
	}
	f.accept(o, r, next)
	return true
}

// postpone keeps a release that was made in the future for later: its clock or this
// host's clock is wrong.
func (f *Follower) postpone(o offer, r bundle.Release) {
	known := f.intake.later != nil && f.intake.later.signed.Digest() == o.signed.Digest()
	f.intake.later, f.intake.laterAt = &o, moment(r.Created).Add(-skewMost)
	if !known {
		f.refusals.add(o.from, r.Version, bundle.Refuse(bundle.NotYet, "release %d of %s was made at %s, and it is %s here: one of the clocks "+
			"is wrong; it is taken when its time has come",
			r.Version, r.Publisher, stamp(moment(r.Created)), stamp(f.turn.now)))
	}
}

// accept makes a release the current one.
func (f *Follower) accept(o offer, r bundle.Release, next bundle.Anchor) {
	first := uint64(0) // the release since which a policy that is new here exists
	if at := f.state.Anchor; next.Version > at.Version {
		first = r.Version
		if at.Version > 0 {
			f.state.Past = append(slices.Clone(f.state.Past), at.Digest)
			f.state.Past = f.state.Past[max(0, len(f.state.Past)-pastMost):]
		}
		if o.from == "" {
			f.state.Alarm = "" // the operator has reacted
		}
	}
	f.state.Anchor, f.state.Head, f.head.source, f.intake.later = next, &o.signed, o.from, nil
	f.head.set(r)
	f.state.firstSeen(f.head.wanted, first, f.turn.now)
	f.state.dropHalts(&f.head)
	f.peers.wake()
	f.keep.release = &o.signed
	f.spread = o.from == ""
	f.keep.change()
	f.keep.note(NoteRelease, "release %d of %s%s", r.Version, r.Publisher, quoted(r.Note))
	if r.Root != nil {
		f.keep.note(NoteRelease, "root %d of %s: %d of %d keys must sign", r.Root.Version, r.Publisher, r.Root.Threshold, len(r.Root.Keys))
	}
	if beat := f.heart.again(next); beat > f.state.lastBeat(f.turn.now) {
		f.state.Beat = beat
	}
}

// contradicted refuses a release of another history. When enough keys have signed it,
// that is an alarm, and its sender is not blamed, because it may honestly trust that
// release.
func (f *Follower) contradicted(o offer, r bundle.Release, err error) bool {
	if !f.state.Anchor.Vouches(o.signed) {
		return f.refuseRelease(o, r.Version, bundle.Refuse(bundle.NoQuorum,
			"a release %d of %s that contradicts the one in force, without enough valid signatures", r.Version, r.Publisher))
	}
	digest := o.signed.Digest()
	if !slices.Contains(f.state.Forks, digest) && len(f.state.Forks) < forksMost {
		f.state.Forks = append(slices.Clone(f.state.Forks), digest)
		_, f.state.Alarm = reason(err)
		f.turn.emit(Note{NoteAlarm, f.state.Alarm})
		f.keep.change()
	}
	f.refusals.add(o.from, r.Version, err)
	return false
}

// refuseRelease refuses an invalid release, and blames its sender when no honest peer
// would have kept it. It returns false.
func (f *Follower) refuseRelease(o offer, version uint64, err error) bool {
	f.refusals.add(o.from, version, err)
	code := bundle.CodeOf(err)
	// A release with enough signatures came from the publisher, whatever is wrong with
	// it; but missing signatures of the new keys were removed on the way.
	if code == bundle.NoQuorumNew || !f.state.Anchor.Vouches(o.signed) {
		f.turn.blame(o.from, code)
	}
	return false
}

// reason splits a refusal into code and detail, without unprintable characters.
func reason(err error) (bundle.Code, string) {
	code := bundle.CodeOf(err)
	return code, plain(strings.TrimPrefix(err.Error(), string(code)+": "))
}
