package peer

import (
	"maps"

	"parley/lcc"
)

// This file detects misbehaviour of another peer: frames that no honest peer sends, or
// not so often. Models do not see it; the driver keeps the score.

// Kinds of misbehaviour.
const (
	blameForged   = "forged"   // it claims another identity
	blameReplayed = "replayed" // it keeps resending old messages
)

// A message may arrive twice or out of order when one stream replaces another: a few at
// a time, and rarely.
const (
	repeatsAtOnce = 64
	repeatEvery   = lcc.Instant(500_000_000)
	repeatedMax   = 4096 // peers that are tracked
)

// misbehaved counts a refused frame and reports its sender.
func (c *Core) misbehaved(id lcc.PeerID, kind string) {
	c.refused++
	c.emit(Misbehaved{Peer: id, Kind: kind})
}

// repeats holds, for each peer, when its repeated messages are forgotten.
type repeats map[lcc.PeerID]lcc.Instant

// may counts a repeated message, and reports whether it may still be honest.
func (r repeats) may(id lcc.PeerID, now lcc.Instant) bool {
	if len(r) >= repeatedMax {
		maps.DeleteFunc(r, func(_ lcc.PeerID, until lcc.Instant) bool { return until <= now })
	}
	if len(r) >= repeatedMax {
		return true // with so many peers no single one can be blamed
	}
	// Each repeat extends the time until all are forgotten.
	until := max(r[id], now) + repeatEvery
	if until > now+repeatsAtOnce*repeatEvery {
		return false
	}
	r[id] = until
	return true
}

// avoid excludes a peer from the choice of every model, or ends that.
func (c *Core) avoid(ev Avoid) error {
	p := c.players.peer(ev.Peer)
	if p == nil || p.avoided == ev.On {
		return nil
	}
	p.avoided = ev.On
	c.players.changed()
	return c.playersChanged()
}
