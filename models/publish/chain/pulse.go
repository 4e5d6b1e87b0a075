package chain

import (
	"fmt"
	"time"

	"parley/models/publish/bundle"
)

// pulse is what heartbeats say of the publisher: whether it is there, and which release
// it speaks of.
type pulse struct {
	turn    *turn
	holding string            // why models are suspended; "": they are not
	stale   bool              // nothing was heard for too long
	late    *bundle.Heartbeat // it came before its release
	rumour  rumour
	kept    int64 // the heartbeat that is on disk
}

// watch says whether the time of the release is over, and whether anything was heard
// of the publisher lately.
func (p *pulse) watch(r bundle.Release, beat int64) {
	why := ""
	if !p.turn.wait(moment(r.Expires)) {
		why = fmt.Sprintf("release %d of %s has expired at %s: what runs is finished, and nothing new is begun until a newer one is published", r.Version, r.Publisher, stamp(moment(r.Expires)))
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
		p.turn.emit(Note{NoteStale, fmt.Sprintf("nothing was heard of %s since %s: what is in force may be out of date", r.Publisher, stamp(last))})
		return
	}
	p.turn.emit(Note{NoteFresh, fmt.Sprintf("%s was heard of again at %s", r.Publisher, stamp(last))})
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

// heardAhead takes in a heartbeat of a release that is not here, and says whether that is
// news. It is asked for at once and for some seconds; heads are spread, and pulled each
// minute, whatever heartbeats say.
func (p *pulse) heardAhead(h bundle.Heartbeat, at uint64) bool {
	if p.late == nil || h.Version == at+1 {
		p.late = &h
	}
	return p.rumour.heard(at, p.turn.now)
}

// again returns a heartbeat that came before its release; 0: there is none.
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
