package chain

import (
	"fmt"
	"time"

	"parley/models/publish/bundle"
)

// pulse tracks the heartbeats of the publisher: whether it is alive, and which release
// it names.
type pulse struct {
	turn    *turn
	holding string            // why models are suspended; "": they are not
	stale   bool              // no heartbeat for too long
	late    *bundle.Heartbeat // a heartbeat that arrived before its release
	rumour  rumour
	kept    int64 // the heartbeat on disk
}

// watch checks whether the release has expired, and whether a recent heartbeat arrived.
func (p *pulse) watch(r bundle.Release, beat int64) {
	why := ""
	if !p.turn.wait(moment(r.Expires)) {
		why = fmt.Sprintf("release %d of %s has expired at %s: what runs is finished, and nothing new is begun until a newer one is published",
			r.Version, r.Publisher, stamp(moment(r.Expires)))
	}
	if why != p.holding {
		p.holding = why
		p.turn.emit(Hold{why})
		if why == "" {
			why = fmt.Sprintf("release %d of %s has not expired", r.Version, r.Publisher)
		}
		p.turn.emit(Note{NoteExpired, why})
	}
	p.watchSilence(r, moment(beat))
}

func (p *pulse) watchSilence(r bundle.Release, last time.Time) {
	if made := moment(r.Created); made.After(last) && !made.After(p.turn.now.Add(skewMost)) {
		last = made
	}
	stale := r.StaleAfter > 0 && !p.turn.wait(last.Add(seconds(r.StaleAfter)))
	if stale == p.stale {
		return
	}
	p.stale = stale
	if stale {
		p.turn.emit(Note{NoteStale, fmt.Sprintf("nothing was heard of %s since %s: what is in force may be out of date", r.Publisher,
			stamp(last))})
		return
	}
	p.turn.emit(Note{NoteFresh, fmt.Sprintf("%s was heard of again at %s", r.Publisher, stamp(last))})
}

// rumour is the existence of a release after the one in force, as a heartbeat claims.
// The heartbeat key must not have more power than that: a rumour is accepted for one
// release ahead, once for each release in force, and for a limited time.
type rumour struct {
	base  uint64    // the release in force when it was heard
	until time.Time // end of acceptance
}

const (
	rumourFor   = 10 * time.Minute
	rumourSeek  = 10 * time.Second // time in which peers other than its sender are asked
	rumourAgain = time.Hour        // after its end, before another about the same release counts
)

// heard handles a claim about a release after the one in force, and reports whether it
// is news.
func (r *rumour) heard(base uint64, now time.Time) bool {
	if r.base == base && !r.until.IsZero() && now.Before(r.until.Add(rumourAgain)) {
		return false
	}
	r.base, r.until = base, now.Add(rumourFor)
	return true
}

// ahead returns the release that presumably exists after the one in force; 0: none.
func (r *rumour) ahead(base uint64, now time.Time) uint64 {
	if r.base != base || !now.Before(r.until) {
		return 0
	}
	return base + 1
}

// sought reports whether to ask peers for that release.
func (r *rumour) sought(base uint64, now time.Time) bool {
	return r.ahead(base, now) > 0 && now.Before(r.until.Add(rumourSeek-rumourFor))
}

// heardAhead handles a heartbeat of a release that is not here, and reports whether it
// is news. That release is requested at once and for some seconds; heads are also
// spread, and pulled each minute, independently of heartbeats.
func (p *pulse) heardAhead(h bundle.Heartbeat, at uint64) bool {
	if p.late == nil || h.Version == at+1 {
		p.late = &h
	}
	return p.rumour.heard(at, p.turn.now)
}

// again returns the time of a heartbeat that arrived before its release; 0: none.
func (p *pulse) again(at bundle.Anchor) int64 {
	h := p.late
	if h == nil || h.Version > at.Version {
		return 0
	}
	p.late = nil
	if h.Check(at.Root) != nil || h.Digest != at.Digest {
		return 0
	}
	return h.At
}
