package peer

import (
	"maps"

	"parley/lcc"
)

// This file is what a peer holds against another one: what no honest one sends,
// or not so often. Nobody's models hear of it; the driver keeps the score.

// What a peer is blamed for.
const (
	blameForged   = "forged"   // it speaks for somebody else
	blameReplayed = "replayed" // it sends again, and goes on, what came before
)

// A message may come twice, or be overtaken, when a stream takes the place of
// another: a few at once, and then none for long.
const (
	repeatsAtOnce = 64
	repeatEvery   = lcc.Instant(500_000_000)
	repeatedMax   = 4096 // peers of which that is remembered
)

// misbehaved counts what is refused because it cannot be, and tells of it.
func (c *Core) misbehaved(id lcc.PeerID, kind string) {
	c.refused++
	c.emit(Misbehaved{Peer: id, Kind: kind})
}

// repeats says of each peer when what it sent twice is forgotten.
type repeats map[lcc.PeerID]lcc.Instant

// may counts a message that came before, and says whether that may still be honest.
func (r repeats) may(id lcc.PeerID, now lcc.Instant) bool {
	if len(r) >= repeatedMax {
		maps.DeleteFunc(r, func(_ lcc.PeerID, until lcc.Instant) bool { return until <= now })
	}
	if len(r) >= repeatedMax {
		return true // none of so many peers is told from the others
	}
	// Each puts off the moment at which all is forgotten.
	until := max(r[id], now) + repeatEvery
	if until > now+repeatsAtOnce*repeatEvery {
		return false
	}
	r[id] = until
	return true
}

// shun has a peer chosen by no model, or ends that.
func (c *Core) avoid(ev Avoid) error {
	p := c.players.peer(ev.Peer)
	if p == nil || p.avoided == ev.On {
		return nil
	}
	p.avoided = ev.On
	c.players.changed()
	return c.playersChanged()
}
