package libp2p

import (
	"context"
	"sync"
	"time"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	p2p "github.com/libp2p/go-libp2p/core/peer"

	"parley/peer"
)

// origins tracks the peers that originate gossip, whoever forwards it.
type origins struct {
	mu   sync.Mutex
	each map[p2p.ID]*origin
}

// origin tracks the publications of one peer.
type origin struct {
	adverts, notices bucket
	latest           position // of the last accepted advert of the greatest incarnation
	lower            position // the same for a lower incarnation
	lowerAt          time.Time
}

// position orders the adverts of one peer.
type position struct{ incarnation, seq uint64 }

// published limits what one peer may publish, separately for adverts and notices. The
// core of a peer publishes at most five adverts a second.
var published = allowance{perSecond: 10, burst: 20}

// longPast is how many adverts late an advert may arrive. Paths of honest peers do not
// differ by more.
const longPast = 16

// lowerFor is how long a lower incarnation of a peer is kept before another may replace
// it.
const lowerFor = 20 * time.Second

func newOrigins() origins { return origins{each: map[p2p.ID]*origin{}} }

// with calls f with the origin of a peer.
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

// takes reports whether a peer may publish one more message, and blames it otherwise.
func (g *gossip) takes(from p2p.ID, which func(*origin) *bucket) (ok bool) {
	g.origins.with(from, func(o *origin) { ok = which(o).take(time.Now(), published, 1) })
	if !ok {
		g.host.blame(from, kindFlood)
	}
	return ok
}

// judgeAdvert accepts an advert that its own peer signed and that is newer than the
// known one. It rejects what no honest peer sends, and ignores an advert that is late,
// or from a peer that is not in this group's roster.
func (g *gossip) judgeAdvert(_ context.Context, by p2p.ID, m *pubsub.Message) pubsub.ValidationResult {
	from := m.GetFrom()
	if from == g.host.self {
		return pubsub.ValidationAccept // GossipSub passes our own publications, and rejects others under our name
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

// reject blames the signer of a message. A forwarder may run a version that accepts it,
// and GossipSub would blame the forwarder.
func (g *gossip) reject(from, by p2p.ID, kind string) pubsub.ValidationResult {
	g.host.blame(from, kind)
	if by != from {
		return pubsub.ValidationIgnore
	}
	return pubsub.ValidationReject
}

// newest reports whether an advert is newer than the known one of its incarnation. The
// greatest incarnation and one lower one pass: the core of each peer decides which of
// them counts, and asks for a proof. An advert far in the past is blamed on its
// forwarder, who must have kept it.
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
				return false, false // replayed adverts of many runs are no news
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
