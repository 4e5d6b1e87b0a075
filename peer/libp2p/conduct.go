package libp2p

import (
	"cmp"
	"fmt"
	"log/slog"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	p2p "github.com/libp2p/go-libp2p/core/peer"

	"parley/lcc"
)

// Conduct is a listed peer's misbehaviour since this host started.
type Conduct struct {
	Peer        lcc.PeerID
	Kinds       []Count   // by name
	Score       float64   // current: 0 is clean, at 100 the peer is banned
	BannedUntil time.Time // zero: not banned
}

// Count is the number of events of one kind.
type Count struct {
	Kind string
	N    uint64
}

// Kinds of misbehaviour that this package itself detects.
const (
	kindMalformed = "malformed" // cannot be decoded
	kindOversized = "oversized" // announced or sent more than the maximum
	kindTruncated = "truncated" // ended in the middle
	kindFlood     = "flood"     // persistently exceeds its allowance
	kindForged    = "forged"    // a wrong signature or name
	kindReplayed  = "replayed"  // resent something long past
	kindSlow      = "slow"      // does not read or write in time
	kindHello     = "hello"     // sends no hello, or a wrong one
)

const (
	banAt     = 100.0
	scoreHalf = 5 * time.Minute // half-life of a score
	kindsMax  = 32              // kinds tracked for one peer
)

// weight returns what one event adds to a score. Honest mistakes stay far below a ban:
// one bad frame after an upgrade, or a peer of another version or a stalled one that
// retries every ten seconds for any length of time. Hundreds of events in a second, or
// a forgery, reach it at once.
func weight(kind string) float64 {
	switch kind {
	case kindFlood:
		return 0.5
	case kindHello, kindSlow, kindTruncated:
		return 1
	case kindMalformed, kindReplayed:
		return 5
	case kindForged:
		return 60 // GossipSub itself may stop reading from a peer after the second
	}
	return 10
}

// conduct keeps the scores of listed peers.
type conduct struct {
	log    *slog.Logger
	banFor time.Duration

	mu    sync.RWMutex
	peers map[p2p.ID]*offender
	total map[string]uint64 // by kind, of all peers since the start
}

type offender struct {
	score  float64
	at     time.Time // time of the score
	counts map[string]uint64
	banned time.Time // end of the ban
}

func newConduct(log *slog.Logger, banFor time.Duration) *conduct {
	c := &conduct{log: log, banFor: banFor, peers: map[p2p.ID]*offender{}, total: map[string]uint64{}}
	for _, kind := range []string{kindMalformed, kindOversized, kindTruncated, kindFlood, kindForged, kindReplayed, kindSlow, kindHello} {
		c.total[kind] = 0
	}
	return c
}

// blame counts an event and reports whether it gets the peer banned now.
func (c *conduct) blame(id p2p.ID, kind string) bool {
	now := time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.total[kind]++
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
	// The peer returns with half a score, so a quick repetition bans it again soon.
	o.score = banAt / 2
	c.log.Warn("a peer was banned for its conduct; check the agent there: bring it to the same version as this one, or remove the host "+
		"from the roster if it is not to be trusted", "event", "peer_banned",
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

// bannedUntil returns the end of a peer's ban; zero when it is not banned.
func (c *conduct) bannedUntil(id p2p.ID) time.Time {
	c.mu.RLock()
	defer c.mu.RUnlock()
	o := c.peers[id]
	if o == nil || !time.Now().Before(o.banned) {
		return time.Time{}
	}
	return o.banned
}

// score returns the penalty in a peer's GossipSub score: at a ban GossipSub reads
// nothing from it.
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

// keep drops peers that are no longer listed, except those with a running ban: removing
// and adding a host must not lift it.
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

// Blame counts misbehaviour of a peer. A kind that this package does not know weighs a
// tenth of a ban. Blame ignores peers that are not listed, because they cannot connect.
func (h *Host) Blame(id lcc.PeerID, kind string) {
	if decoded, ok := h.roster.Load().names[id]; ok {
		h.blame(decoded, kind)
	}
}

// blame never blocks, because it is called from within libp2p.
func (h *Host) blame(id p2p.ID, kind string) {
	if h.roster.member(id) == nil {
		return
	}
	h.o.Logger.Debug("misconduct of a peer", "event", "peer_misconduct", "peer", id, "kind", kind)
	if h.conduct.blame(id, kind) {
		h.janitor.evict()
	}
}

// Conduct returns the misbehaviour of peers, by id.
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
	return fmt.Errorf("the peer is banned for its conduct until %s", until.Format(time.TimeOnly))
}

// totals returns how often peers misbehaved since the start, by kind.
func (c *conduct) totals() (list []Count) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	for _, kind := range slices.Sorted(maps.Keys(c.total)) {
		list = append(list, Count{kind, c.total[kind]})
	}
	return list
}
