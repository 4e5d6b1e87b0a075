package chain

import (
	"fmt"
	"time"

	"parley/models/publish/bundle"
)

// beat takes in a heartbeat: the publisher is there, and says what its latest release
// is.
func (f *Follower) beat(from string, h bundle.Heartbeat) {
	at := f.state.Anchor
	switch {
	case h.Publisher != at.Publisher:
		f.refusals.add(from, h.Version, bundle.Refuse(bundle.OtherPublisher, "a heartbeat of %s", plain(h.Publisher)))
	case h.Version < at.Version:
		// It is late, and perhaps signed by a key that counts no more.
		if from == "" {
			f.refusals.add("", h.Version, bundle.Refuse(bundle.Rollback, "a heartbeat of release %d of %s, and %d is in force", h.Version, h.Publisher, at.Version))
		}
	case h.Version == at.Version && h.At <= f.state.lastBeat(f.turn.now):
		// It was heard of already.
	case h.Check(at.Root) != nil:
		f.wrongBeat(from, h, h.Check(at.Root))
	case moment(h.At).After(f.turn.now.Add(skewMost)):
		f.refusals.add(from, h.Version, bundle.Refuse(bundle.NotYet, "a heartbeat of %s of %s, and it is %s here: one of the clocks is wrong", h.Publisher, stamp(moment(h.At)), stamp(f.turn.now)))
	case h.Version == at.Version && h.Digest != at.Digest:
		f.refusals.add(from, h.Version, bundle.Refuse(bundle.Equivocation, "a heartbeat of %s speaks of another release %d than the one in force", h.Publisher, h.Version))
	default:
		f.heardBeat(from, h)
	}
}

// wrongBeat refuses a heartbeat that no key of the root has signed. After a change of
// keys it may be right: whoever has it may have more.
func (f *Follower) wrongBeat(from string, h bundle.Heartbeat, err error) {
	f.refusals.add(from, h.Version, err)
	if h.Version == f.state.Anchor.Version {
		f.turn.blame(from, bundle.CodeOf(err))
		return
	}
	if p := f.peers[from]; p != nil {
		p.claimed = max(p.claimed, h.Version)
	}
}

func (f *Follower) heardBeat(from string, h bundle.Heartbeat) {
	switch at := f.state.Anchor; {
	case h.Version > at.Version:
		f.heardAhead(from, h)
	default:
		f.state.Beat = h.At
		// Some loss in a crash does no harm: not each is written to disk.
		if h.At >= f.beatKept+60 || f.stale {
			f.beatKept = h.At
			f.keep.change()
		}
	}
	if from == "" {
		f.turn.emit(Spread{bundle.Notice{Heartbeat: &h}})
	}
}

// rumour is that a release beyond the one in force exists, as a heartbeat says. The key
// of heartbeats must be able to do nothing else: it is believed one release ahead, once
// for each release in force, and for a while.
type rumour struct {
	base  uint64    // the release in force when it was heard
	until time.Time // it is believed
}

const (
	rumourFor   = 10 * time.Minute
	rumourSeek  = 10 * time.Second // after its beginning, others than who brought it are asked
	rumourAgain = time.Hour        // after its end, before another about the same release counts
)

// heard takes in that a later release than the one in force was spoken of, and says
// whether that is news.
func (r *rumour) heard(base uint64, now time.Time) bool {
	if r.base == base && !r.until.IsZero() && now.Before(r.until.Add(rumourAgain)) {
		return false
	}
	r.base, r.until = base, now.Add(rumourFor)
	return true
}

// ahead is the release that is believed to exist beyond the one in force; 0: none.
func (r *rumour) ahead(base uint64, now time.Time) uint64 {
	if r.base != base || !now.Before(r.until) {
		return 0
	}
	return base + 1
}

// sought says whether hosts are asked for the release that is believed to exist.
func (r *rumour) sought(base uint64, now time.Time) bool {
	return r.ahead(base, now) > 0 && now.Before(r.until.Add(rumourSeek-rumourFor))
}

// heardAhead takes in a heartbeat of a release that is not here. It is asked for at once
// and for some seconds; heads are spread, and pulled each minute, whatever heartbeats say.
func (f *Follower) heardAhead(from string, h bundle.Heartbeat) {
	if f.lateBeat == nil || h.Version == f.state.Anchor.Version+1 {
		f.lateBeat = &h
	}
	at := f.state.Anchor.Version
	if p := f.peers[from]; f.rumour.heard(at, f.turn.now) && p != nil {
		p.claimed = max(p.claimed, at+1)
	}
}

// beatAgain takes a heartbeat that came before its release.
func (f *Follower) beatAgain() {
	if h := f.lateBeat; h != nil && h.Version <= f.state.Anchor.Version {
		f.lateBeat = nil
		if h.Check(f.state.Anchor.Root) == nil && h.Digest == f.state.Anchor.Digest && h.At > f.state.lastBeat(f.turn.now) {
			f.state.Beat = h.At
		}
	}
}

// watchHeartbeat says whether the time of the release is over, and whether anything was heard
// of the publisher lately.
func (f *Follower) watchHeartbeat() {
	r := f.keep.durable.head
	if r.Version == 0 || len(f.queue) > 0 && f.keep.err == "" {
		return // while it catches up it would say so of releases in between
	}
	why := ""
	if !f.turn.wait(moment(r.Expires)) {
		why = fmt.Sprintf("release %d of %s has expired at %s: what runs is finished, and nothing new is begun until a newer one is published", r.Version, r.Publisher, stamp(moment(r.Expires)))
	}
	if why != f.holding {
		f.holding = why
		f.turn.emit(Hold{why})
		if why == "" {
			why = fmt.Sprintf("release %d of %s has not expired", r.Version, r.Publisher)
		}
		f.turn.emit(Note{NoteExpired, why})
	}
	f.watchSilence(r)
}

func (f *Follower) watchSilence(r bundle.Release) {
	last := moment(f.state.lastBeat(f.turn.now))
	if made := moment(r.Created); made.After(last) && !made.After(f.turn.now.Add(skewMost)) {
		last = made
	}
	stale := r.StaleAfter > 0 && !f.turn.wait(last.Add(seconds(r.StaleAfter)))
	if stale == f.stale {
		return
	}
	f.stale = stale
	if stale {
		f.turn.emit(Note{NoteStale, fmt.Sprintf("nothing was heard of %s since %s: what is in force may be out of date", r.Publisher, stamp(last))})
		return
	}
	f.turn.emit(Note{NoteFresh, fmt.Sprintf("%s was heard of again at %s", r.Publisher, stamp(last))})
}
