package libp2p

import (
	"cmp"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"sync"
	"time"

	p2p "github.com/libp2p/go-libp2p/core/peer"

	"parley/lcc"
)

// Conduct is what a listed peer did wrong since this host started.
type Conduct struct {
	Peer        lcc.PeerID
	Kinds       []Count   // by name
	Score       float64   // now: 0 is clean, at 100 the peer is banned
	BannedUntil time.Time // zero: it is not banned
}

// Count is how often something was done.
type Count struct {
	Kind string
	N    uint64
}

// What this package itself blames a peer for.
const (
	kindMalformed = "malformed" // what it sent cannot be read
	kindOversized = "oversized" // it announced or sent more than there may be
	kindTruncated = "truncated" // it ended in the middle
	kindFlood     = "flood"     // it sends more than its allowance, and goes on
	kindForged    = "forged"    // a signature or a name is not what it says
	kindReplayed  = "replayed"  // it sent again what is long past
	kindSlow      = "slow"      // it does not read or write in time
	kindHello     = "hello"     // it says no hello, or another one
)

const (
	banAt     = 100.0
	scoreHalf = 5 * time.Minute // after which half of a score is forgiven
	kindsMax  = 32              // kinds remembered of one peer
)

// weight is what doing something once adds to a score. An honest mistake stays
// far below a ban: one bad frame after an upgrade, or a peer of another version
// or a stalled one that tries again every ten seconds, for as long as it likes.
// What comes in hundreds in a second, or is forged, reaches it at once.
func weight(kind string) float64 {
	switch kind {
	case kindFlood:
		return 0.5
	case kindHello, kindSlow, kindTruncated:
		return 1
	case kindMalformed, kindReplayed:
		return 5
	case kindForged:
		return 60 // GossipSub itself may read nothing more of a peer after the second
	}
	return 10
}

// conduct keeps the score of listed peers.
type conduct struct {
	log    *slog.Logger
	banFor time.Duration

	mu    sync.RWMutex
	peers map[p2p.ID]*offender
}

type offender struct {
	score  float64
	at     time.Time // when the score was that
	counts map[string]uint64
	banned time.Time // until when
}

func newConduct(log *slog.Logger, banFor time.Duration) *conduct {
	return &conduct{log: log, banFor: banFor, peers: map[p2p.ID]*offender{}}
}

// blame counts what a peer did and says whether it is banned for that now.
func (c *conduct) blame(id p2p.ID, kind string) bool {
	now := time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	o := c.peers[id]
	if o == nil {
		o = &offender{at: now, counts: map[string]uint64{}}
		c.peers[id] = o
	}
	if _, known := o.counts[kind]; known || len(o.counts) < kindsMax {
		o.counts[kind]++
	}
	o.score, o.at = o.scoreAt(now)+weight(kind), now
	if o.score < banAt || now.Before(o.banned) {
		return false
	}
	o.banned = now.Add(c.banFor)
	// It comes back with half of a score: who begins again at once is out
	// again soon.
	o.score = banAt / 2
	c.log.Warn("a peer was shut out for its conduct; look at the agent there: bring it to the same version as this one, or remove the host from the roster if it is not to be trusted", "event", "peer_banned",
		"peer", id, "latest", kind, "counts", o.kinds(), "until", o.banned.Format(time.RFC3339))
	return true
}

func (o *offender) scoreAt(now time.Time) float64 {
	return o.score * math.Exp2(-now.Sub(o.at).Seconds()/scoreHalf.Seconds())
}

func (o *offender) kinds() (list []Count) {
	for kind, n := range o.counts {
		list = append(list, Count{kind, n})
	}
	slices.SortFunc(list, func(a, b Count) int { return cmp.Compare(a.Kind, b.Kind) })
	return list
}

// bannedUntil is zero where a peer is not banned.
func (c *conduct) bannedUntil(id p2p.ID) time.Time {
	c.mu.RLock()
	defer c.mu.RUnlock()
	o := c.peers[id]
	if o == nil || !time.Now().Before(o.banned) {
		return time.Time{}
	}
	return o.banned
}

// score is what GossipSub takes off a peer's own score: at a ban nothing of it
// is read.
func (c *conduct) score(id p2p.ID) float64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	o := c.peers[id]
	if o == nil {
		return 0
	}
	now := time.Now()
	if now.Before(o.banned) {
		return banAt
	}
	return o.scoreAt(now)
}

// keep forgets peers that are no longer listed, except for bans that last: a
// host does not come clean by being removed and added.
func (c *conduct) keep(listed func(p2p.ID) bool) {
	now := time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, o := range c.peers {
		if !listed(id) && !now.Before(o.banned) {
			delete(c.peers, id)
		}
	}
}

// Blame counts something that a peer did wrong. Kinds that this package does
// not know weigh a tenth of a ban each. A peer that is not listed is not
// blamed: it cannot be connected.
func (h *Host) Blame(id lcc.PeerID, kind string) {
	if decoded, ok := h.roster.Load().names[id]; ok {
		h.blame(decoded, kind)
	}
}

// blame never blocks: it is called from within libp2p.
func (h *Host) blame(id p2p.ID, kind string) {
	if h.roster.member(id) == nil {
		return
	}
	h.o.Logger.Debug("a peer did wrong", "event", "peer_misconduct", "peer", id, "kind", kind)
	if h.conduct.blame(id, kind) {
		h.janitor.evict()
	}
}

// Conduct returns what peers did wrong, by their ids.
func (h *Host) Conduct() []Conduct {
	c := h.conduct
	now := time.Now()
	c.mu.RLock()
	defer c.mu.RUnlock()
	list := make([]Conduct, 0, len(c.peers))
	for id, o := range c.peers {
		one := Conduct{Peer: nameOf(id), Kinds: o.kinds(), Score: o.scoreAt(now)}
		if now.Before(o.banned) {
			one.BannedUntil = o.banned
		}
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b Conduct) int { return cmp.Compare(a.Peer, b.Peer) })
	return list
}

func banned(until time.Time) error {
	return fmt.Errorf("the peer is shut out for its conduct until %s", until.Format(time.TimeOnly))
}
