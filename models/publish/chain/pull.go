package chain

import (
	"slices"
	"time"

	"parley/models/publish/bundle"
)

// pulls requests releases from peers, one request at a time.
type pulls struct {
	turn  *turn
	peers *peers
	every time.Duration

	asks    []ask
	pull    pull
	answer  *answer
	regular time.Time // the next request without a known reason
	after   time.Time // earliest next request, after one that brought nothing
}

// place is this host's position in the chain, as far as requests depend on it.
type place struct {
	version uint64 // of the accepted release
	had     bool   // that release is here
	lags    bool   // a later release exists, as far as this host knows
	waits   bool   // for a release from the future
	idle    bool   // nothing waits to be accepted or kept
}

// from returns the version after which releases are requested.
func (p place) from() uint64 {
	if !p.had && p.version > 0 {
		return p.version - 1
	}
	return p.version
}

// ask is a scheduled request to a new peer.
type ask struct {
	id string
	at time.Time
}

// pull is the pending request for releases.
type pull struct {
	id     string // "": none
	until  time.Time
	needed bool // this host knows that it lags
}

// answer is an answered pull whose result is not known yet.
type answer struct {
	id      string
	version uint64 // of the chain, before the pull
	needed  bool
	had     bool // the head
}

const (
	answerAfter = 30 * time.Second
	asksMost    = 8
	newAsked    = 3 // of the peers that connect together
	askWithin   = 2 * time.Second
	pullPause   = time.Second // after a pull that brought nothing
)

// met schedules requests to a few new peers: after a network partition, both sides so
// learn what the other has.
func (p *pulls) met(fresh []string) {
	for range min(newAsked, len(fresh), asksMost-len(p.asks)) {
		id := p.turn.draw(fresh)
		fresh = slices.DeleteFunc(fresh, func(other string) bool { return other == id })
		p.asks = append(p.asks, ask{id, p.turn.now.Add(p.turn.jitter(askWithin / 2))})
	}
}

// seek requests releases: at once when this host lags, otherwise now and then.
func (p *pulls) seek(at place) {
	if !p.judge(at) || !at.idle || len(p.peers.ids) == 0 {
		return
	}
	if id, ok := p.whom(at); ok {
		p.begin(id, true, at.from())
		return
	}
	if id, ok := p.dueAsk(); ok {
		// From one version earlier: so the peer shows its head if that differs.
		p.begin(id, false, max(at.version, 1)-1)
		return
	}
	if p.regular.IsZero() {
		p.regular = p.turn.now.Add(p.turn.jitter(p.every))
	}
	if p.turn.wait(p.regular) {
		return
	}
	p.regular = time.Time{}
	if ready := p.peers.ready(); len(ready) > 0 {
		p.begin(p.turn.draw(ready), false, at.from())
		return
	}
	p.regular = p.turn.now.Add(p.turn.jitter(p.every))
	p.turn.wait(p.regular)
}

func (p *pulls) begin(id string, needed bool, after uint64) {
	p.pull = pull{id, p.turn.now.Add(answerAfter), needed}
	p.turn.wait(p.pull.until)
	p.turn.emit(Pull{From: id, After: after})
}

// whom returns a peer that claimed a later version, or any peer when this host knows
// that it lags.
func (p *pulls) whom(at place) (string, bool) {
	if at.waits {
		return "", false
	}
	var claiming, others []string
	var soonest time.Time
	for _, id := range p.peers.ids {
		one := p.peers.known[id]
		claims := one.claimed > at.version
		switch {
		case !claims && !at.lags:
		case one.noPullUntil.After(p.turn.now):
			if soonest.IsZero() || one.noPullUntil.Before(soonest) {
				soonest = one.noPullUntil
			}
		case claims:
			claiming = append(claiming, id)
		default:
			others = append(others, id)
		}
	}
	list := claiming
	if len(list) == 0 {
		list = others
	}
	if len(list) == 0 {
		p.turn.wait(soonest)
		return "", false
	}
	if p.turn.wait(p.after) {
		return "", false
	}
	return p.turn.draw(list), true
}

// dueAsk returns a new peer, still connected, whose request is due.
func (p *pulls) dueAsk() (string, bool) {
	for len(p.asks) > 0 {
		if p.turn.wait(p.asks[0].at) {
			return "", false
		}
		id := p.asks[0].id
		p.asks = p.asks[1:]
		if one := p.peers.known[id]; one != nil && one.here && !one.noPullUntil.After(p.turn.now) {
			return id, true
		}
	}
	return "", false
}

// pulled handles the answer to a request, and returns the releases that count.
func (p *pulls) pulled(ev Pulled, at place) []bundle.Signed {
	if p.pull.id == "" || ev.From != p.pull.id {
		return nil // of a request that was given up
	}
	asked := p.pull
	p.pull = pull{}
	if ev.Err != "" {
		p.leaveAlone(asked.id)
		return nil
	}
	p.answer = &answer{asked.id, at.version, asked.needed, at.had}
	return ev.Releases[:min(len(ev.Releases), bundle.ReleasesMost)]
}

// judge evaluates the last answer, and reports whether a new request may be sent.
func (p *pulls) judge(at place) bool {
	if p.pull.id != "" {
		if p.turn.wait(p.pull.until) {
			return false
		}
		p.leaveAlone(p.pull.id)
		p.pull = pull{}
	}
	if p.answer == nil {
		return true
	}
	if !at.idle {
		return false
	}
	a := *p.answer
	p.answer = nil
	got := at.version > a.version || !a.had && at.had
	switch {
	case got && p.peers.brought(a.id):
		// An answer is bounded, by its bytes too, so the peer may have more.
		p.asks = slices.Insert(p.asks, 0, ask{a.id, p.turn.now})[:min(len(p.asks)+1, asksMost)]
	case !got && a.needed:
		p.leaveAlone(a.id)
	}
	return true
}

// leaveAlone pauses all requests shortly, and puts a peer that brought nothing into
// back-off.
func (p *pulls) leaveAlone(id string) {
	p.after = p.turn.now.Add(pullPause)
	p.peers.leaveAlone(id)
}

// moments returns pointers to the times of the requests.
func (p *pulls) moments() []*time.Time {
	list := []*time.Time{&p.pull.until, &p.regular, &p.after}
	for i := range p.asks {
		list = append(list, &p.asks[i].at)
	}
	return list
}
