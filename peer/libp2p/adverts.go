package libp2p

import (
	"context"
	"sync"
	"time"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	p2p "github.com/libp2p/go-libp2p/core/peer"

	"parley/peer"
)

// origins are the peers that gossip comes from, whoever brings it.
type origins struct {
	mu   sync.Mutex
	each map[p2p.ID]*origin
}

// origin is what one peer published.
type origin struct {
	adverts, notices bucket
	latest           position // of the adverts of the greatest incarnation that were let through
	lower            position // the same of a lower one
	lowerAt          time.Time
}

// position orders the adverts of one peer.
type position struct{ incarnation, seq uint64 }

// published is what one peer may publish of each, adverts and notices. The core
// of a peer publishes at most five adverts a second.
var published = allowance{perSecond: 10, burst: 20}

// longPast is by how many adverts one may come late. No honest way is so much
// longer than another.
const longPast = 16

// lowerFor is how long a lower incarnation of a peer keeps its place from another.
const lowerFor = 20 * time.Second

func newOrigins() origins { return origins{each: map[p2p.ID]*origin{}} }

// with runs a function on what is known of a peer.
func (o *origins) with(id p2p.ID, f func(*origin)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	one := o.each[id]
	if one == nil {
		one = &origin{}
		o.each[id] = one
	}
	f(one)
}

func (o *origins) keep(listed func(p2p.ID) bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for id := range o.each {
		if !listed(id) {
			delete(o.each, id)
		}
	}
}

// takes says whether a peer may publish one more, and blames it where not.
func (g *gossip) takes(from p2p.ID, which func(*origin) *bucket) (ok bool) {
	g.origins.with(from, func(o *origin) { ok = which(o).take(time.Now(), published, 1) })
	if !ok {
		g.host.blame(from, kindFlood)
	}
	return ok
}

// judgeAdvert accepts an advert that its own peer signed and that is newer than
// what was heard; rejects what cannot be honest; ignores what is only late, or
// of a peer that the roster does not have in this group.
func (g *gossip) judgeAdvert(_ context.Context, by p2p.ID, m *pubsub.Message) pubsub.ValidationResult {
	from := m.GetFrom()
	if from == g.host.self {
		return pubsub.ValidationAccept // GossipSub lets in what we published, and nothing else of that name
	}
	member := g.host.roster.member(from)
	switch {
	case member == nil || !member.near || !g.host.allowed(from):
		return pubsub.ValidationIgnore
	case !g.takes(from, func(o *origin) *bucket { return &o.adverts }):
		return pubsub.ValidationIgnore
	case len(m.Data) > peer.AdvertBytes:
		return g.reject(from, by, kindOversized)
	}
	advert, err := peer.DecodeAdvert(m.Data)
	switch {
	case err != nil:
		return g.reject(from, by, kindMalformed)
	case advert.Peer != member.name:
		return g.reject(from, by, kindForged)
	case !g.newest(from, by, position{advert.Incarnation, advert.Seq}):
		return pubsub.ValidationIgnore
	}
	m.ValidatorData = advert
	return pubsub.ValidationAccept
}

// reject blames who signed a message. Who only brings it may be of a version that
// can read it: GossipSub would take that for its fault.
func (g *gossip) reject(from, by p2p.ID, kind string) pubsub.ValidationResult {
	g.host.blame(from, kind)
	if by != from {
		return pubsub.ValidationIgnore
	}
	return pubsub.ValidationReject
}

// newest says whether an advert is newer than what was heard of its incarnation. The
// greatest one and one that is lower are let through: which of them counts is for the
// core of each peer, which asks for a proof. One that is long past is blamed on who brings it: it was kept for that.
func (g *gossip) newest(from, by p2p.ID, at position) (ok bool) {
	var past bool
	g.origins.with(from, func(o *origin) { ok, past = o.newest(at, time.Now()) })
	if past {
		g.host.blame(by, kindReplayed)
	}
	return ok
}

func (o *origin) newest(at position, now time.Time) (ok, past bool) {
	last := &o.latest
	switch {
	case at.incarnation > last.incarnation:
		o.lower, o.lowerAt, *last = *last, time.Time{}, at
		return true, false
	case at.incarnation < last.incarnation:
		last = &o.lower
		if at.incarnation != last.incarnation {
			if now.Sub(o.lowerAt) < lowerFor {
				return false, false // kept ones of many runs are no news
			}
			*last = position{incarnation: at.incarnation}
		}
	}
	ok = at.seq > last.seq
	past = at.seq+longPast <= last.seq
	if ok {
		*last = at
		if last == &o.lower {
			o.lowerAt = now
		}
	}
	return ok, past
}
