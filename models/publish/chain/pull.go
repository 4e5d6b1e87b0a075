package chain

import (
	"slices"
	"time"
)

// peer is another host as one that can be asked. Who has brought nothing is kept in
// mind while it is left alone, so that to come anew is no way around that.
type peer struct {
	here           bool
	claimed        uint64        // a version that it let on to have; 0: none
	noPullUntil    time.Time     // it is asked for no releases before
	pullBackoff    time.Duration // how long it was left alone last
	noObjectsUntil time.Time     // it is asked for no objects before
	objectBackoff  time.Duration
	liar           bool // it sent an object that was another one
}

// ask is a question to a peer that is new, when its time has come.
type ask struct {
	id string
	at time.Time
}

// pull is the question for releases that is under way.
type pull struct {
	id     string // "": none
	until  time.Time
	needed bool // this host knows that it lags
}

// answer is a pull that was answered, until it is known what it was worth.
type answer struct {
	id      string
	version uint64 // of the chain, before
	needed  bool
	had     bool // the head
}

const (
	peersMost   = 4096
	pullMost    = 32 // releases of one answer
	answerAfter = 30 * time.Second
	asksMost    = 8
	newAsked    = 3 // of the peers that come at one time
	askWithin   = 2 * time.Second
	pullPause   = time.Second // after a pull that brought nothing
	quietLeast  = 5 * time.Second
	quietMost   = 10 * time.Minute
)

// met replaces the list of peers. A few of those that are new are asked soon what they
// have: where a network was parted, either side learns so what the other had.
func (f *Follower) met(ids []string) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == "" || len(id) > 128 || id == f.o.Self })
	slices.Sort(ids)
	ids = slices.Compact(ids)
	ids = ids[:min(len(ids), peersMost)]
	var fresh []string
	for _, id := range ids {
		if p := f.peers[id]; p == nil {
			f.peers[id] = &peer{}
			fresh = append(fresh, id)
		} else if !p.here {
			fresh = append(fresh, id)
		}
	}
	tooMany := len(f.peers) > 2*peersMost
	for id, p := range f.peers {
		_, p.here = slices.BinarySearch(ids, id)
		if !p.here && (tooMany || !p.noPullUntil.After(f.turn.now)) {
			delete(f.peers, id)
		}
	}
	f.ids = ids
	for range min(newAsked, len(fresh), asksMost-len(f.asks)) {
		id := f.turn.draw(fresh)
		fresh = slices.DeleteFunc(fresh, func(other string) bool { return other == id })
		f.asks = append(f.asks, ask{id, f.turn.now.Add(f.turn.jitter(askWithin / 2))})
	}
}

// lags says whether there is a release that this host does not have, as far as it can
// know. One whose time has not come is not asked for again.
func (f *Follower) lags() bool {
	at := f.state.Anchor
	return f.later == nil && (f.ahead > at.Version || f.rumour.sought(at.Version, f.turn.now) || f.head.Version == 0 && at.Version > 0)
}

// pullReleases asks for releases: at once where this host lags, now and then where it may.
func (f *Follower) pullReleases() {
	if !f.judgePull() || len(f.queue) > 0 || !f.keep.settled() || len(f.ids) == 0 {
		return
	}
	if id, ok := f.whomToPull(); ok {
		f.pullFrom(id, true, f.after())
		return
	}
	if id, ok := f.dueAsk(); ok {
		// From one version earlier on: so it shows its head where that is another one.
		f.pullFrom(id, false, max(f.state.Anchor.Version, 1)-1)
		return
	}
	if f.pullNext.IsZero() {
		f.pullNext = f.turn.now.Add(f.turn.jitter(f.o.PullEvery))
	}
	if f.turn.wait(f.pullNext) {
		return
	}
	f.pullNext = time.Time{}
	if ready := f.ready(); len(ready) > 0 {
		f.pullFrom(f.turn.draw(ready), false, f.after())
		return
	}
	f.pullNext = f.turn.now.Add(f.turn.jitter(f.o.PullEvery))
	f.turn.wait(f.pullNext)
}

// after is the version whose followers are asked for.
func (f *Follower) after() uint64 {
	if at := f.state.Anchor.Version; f.head.Version == 0 && at > 0 {
		return at - 1
	}
	return f.state.Anchor.Version
}

func (f *Follower) pullFrom(id string, needed bool, after uint64) {
	f.pull = pull{id, f.turn.now.Add(answerAfter), needed}
	f.turn.wait(f.pull.until)
	f.turn.emit(Pull{From: id, After: after})
}

// whomToPull returns a peer that promised more than there is here, or any where this
// host knows that it lags.
func (f *Follower) whomToPull() (string, bool) {
	if f.later != nil {
		return "", false
	}
	var promising, others []string
	var soonest time.Time
	for _, id := range f.ids {
		p := f.peers[id]
		promises := p.claimed > f.state.Anchor.Version
		switch {
		case !promises && !f.lags():
		case p.noPullUntil.After(f.turn.now):
			if soonest.IsZero() || p.noPullUntil.Before(soonest) {
				soonest = p.noPullUntil
			}
		case promises:
			promising = append(promising, id)
		default:
			others = append(others, id)
		}
	}
	list := promising
	if len(list) == 0 {
		list = others
	}
	if len(list) == 0 {
		f.turn.wait(soonest)
		return "", false
	}
	if f.turn.wait(f.pullAfter) {
		return "", false
	}
	return f.turn.draw(list), true
}

// dueAsk returns a new peer that is still here.
func (f *Follower) dueAsk() (string, bool) {
	for len(f.asks) > 0 {
		if f.turn.wait(f.asks[0].at) {
			return "", false
		}
		id := f.asks[0].id
		f.asks = f.asks[1:]
		if p := f.peers[id]; p != nil && p.here && !p.noPullUntil.After(f.turn.now) {
			return id, true
		}
	}
	return "", false
}

// ready returns the peers that are not left alone.
func (f *Follower) ready() (list []string) {
	for _, id := range f.ids {
		if !f.peers[id].noPullUntil.After(f.turn.now) {
			list = append(list, id)
		}
	}
	return list
}

func (f *Follower) pulled(ev Pulled) {
	if f.pull.id == "" || ev.From != f.pull.id {
		return // of a question that was given up
	}
	asked := f.pull
	f.pull = pull{}
	if ev.Err != "" {
		f.leaveAlone(asked.id)
		return
	}
	f.answer = &answer{asked.id, f.state.Anchor.Version, asked.needed, f.head.Version > 0}
	for _, s := range ev.Releases[:min(len(ev.Releases), pullMost)] {
		f.enqueue(offer{ev.From, s})
	}
}

// judgePull says whether a new question may be asked, after what came of the last.
func (f *Follower) judgePull() bool {
	if f.pull.id != "" {
		if f.turn.wait(f.pull.until) {
			return false
		}
		f.leaveAlone(f.pull.id)
		f.pull = pull{}
	}
	if f.answer == nil {
		return true
	}
	if len(f.queue) > 0 || !f.keep.settled() {
		return false
	}
	a := *f.answer
	f.answer = nil
	p := f.peers[a.id]
	got := f.state.Anchor.Version > a.version || !a.had && f.head.Version > 0
	switch {
	case got && p != nil:
		p.pullBackoff, p.noPullUntil = 0, time.Time{}
		// An answer is bounded, by its bytes too: there may be more where this came from.
		f.asks = slices.Insert(f.asks, 0, ask{a.id, f.turn.now})[:min(len(f.asks)+1, asksMost)]
	case !got && a.needed:
		f.leaveAlone(a.id)
	}
	return true
}

// leaveAlone does not ask a peer for releases for a while, each time for longer.
func (f *Follower) leaveAlone(id string) {
	f.pullAfter = f.turn.now.Add(pullPause)
	if p := f.peers[id]; p != nil {
		p.claimed = 0
		p.pullBackoff = min(max(2*p.pullBackoff, quietLeast), quietMost)
		p.noPullUntil = f.turn.now.Add(f.turn.jitter(p.pullBackoff))
	}
}
