package chain

import (
	"slices"
	"time"

	"parley/models/publish/bundle"
)

// pulls asks peers for releases, one at a time.
type pulls struct {
	turn  *turn
	peers *peers
	every time.Duration

	asks    []ask
	pull    pull
	answer  *answer
	regular time.Time // the next that is asked although none was heard of
	after   time.Time // none before, after one that brought nothing
}

// place is where in the chain this host is, as far as it matters for asking.
type place struct {
	version uint64 // of the release that is believed
	had     bool   // and here
	lags    bool   // there is one that is not here, as far as this host can know
	waits   bool   // for a release whose time has not come
	idle    bool   // nothing waits to be taken or kept
}

// from is the version whose followers are asked for.
func (p place) from() uint64 {
	if !p.had && p.version > 0 {
		return p.version - 1
	}
	return p.version
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
	pullMost    = 32 // releases of one answer
	answerAfter = 30 * time.Second
	asksMost    = 8
	newAsked    = 3 // of the peers that come at one time
	askWithin   = 2 * time.Second
	pullPause   = time.Second // after a pull that brought nothing
)

// met has a few peers that are new be asked soon what they have: where a network was
// parted, either side learns so what the other had.
func (p *pulls) met(fresh []string) {
	for range min(newAsked, len(fresh), asksMost-len(p.asks)) {
		id := p.turn.draw(fresh)
		fresh = slices.DeleteFunc(fresh, func(other string) bool { return other == id })
		p.asks = append(p.asks, ask{id, p.turn.now.Add(p.turn.jitter(askWithin / 2))})
	}
}

// seek asks for releases: at once where this host lags, now and then where it may.
func (p *pulls) seek(at place) {
	if !p.judge(at) || !at.idle || len(p.peers.ids) == 0 {
		return
	}
	if id, ok := p.whom(at); ok {
		p.begin(id, true, at.from())
		return
	}
	if id, ok := p.dueAsk(); ok {
		// From one version earlier on: so it shows its head where that is another one.
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

// whom returns a peer that claimed more than there is here, or any where this host
// knows that it lags.
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

// dueAsk returns a new peer that is still here.
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

// pulled takes the answer to a question, and returns the releases that count.
func (p *pulls) pulled(ev Pulled, at place) []bundle.Signed {
	if p.pull.id == "" || ev.From != p.pull.id {
		return nil // of a question that was given up
	}
	asked := p.pull
	p.pull = pull{}
	if ev.Err != "" {
		p.leaveAlone(asked.id)
		return nil
	}
	p.answer = &answer{asked.id, at.version, asked.needed, at.had}
	return ev.Releases[:min(len(ev.Releases), pullMost)]
}

// judge says whether a new question may be asked, after what came of the last.
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
		// An answer is bounded, by its bytes too: there may be more where this came from.
		p.asks = slices.Insert(p.asks, 0, ask{a.id, p.turn.now})[:min(len(p.asks)+1, asksMost)]
	case !got && a.needed:
		p.leaveAlone(a.id)
	}
	return true
}

// leaveAlone asks nobody for a moment, and a peer that brought nothing for longer.
func (p *pulls) leaveAlone(id string) {
	p.after = p.turn.now.Add(pullPause)
	p.peers.leaveAlone(id)
}

// moments are those that questions wait for.
func (p *pulls) moments() []*time.Time {
	list := []*time.Time{&p.pull.until, &p.regular, &p.after}
	for i := range p.asks {
		list = append(list, &p.asks[i].at)
	}
	return list
}
