package lcc

import "fmt"

// This file enforces the cardinalities of role declarations, r(role, kind, min, max).
// They count peers and not agents, because a peer knows of the others only which roles
// they play: a shop with a hundred conversations is one shopkeeper. They are checked
// with what this peer knows, when a partner is discovered and when a role is entered.
// Two peers that enter at the same moment do not know of each other yet, so a model
// that must never have two of something has to negotiate that in messages.

// cardinality is the number of peers that may play a role. A max of -1 means no upper
// bound.
type cardinality struct{ min, max int }

var anyNumber = cardinality{0, -1}

// quorum reports whether at least the declared minimum of peers is known to play a
// role. A minimum of 0 counts as 1, because a send needs a receiver.
func (c cardinality) quorum(players []Player) bool {
	return c.min <= 1 || countPeers(players, c.min) >= c.min
}

// countPeers counts the distinct peers among players, which may play the role with
// several arguments. It stops at most.
func countPeers(players []Player, most int) int {
	seen := map[PeerID]bool{}
	for _, p := range players {
		if seen[p.Peer] = true; len(seen) >= most {
			break
		}
	}
	return len(seen)
}

// atMost keeps the players of the first max peers.
func (c cardinality) atMost(players []Player) (kept []Player) {
	if c.max < 0 {
		return players
	}
	seen := map[PeerID]bool{}
	for _, p := range players {
		if len(seen) < c.max {
			seen[p.Peer] = true
		}
		if seen[p.Peer] {
			kept = append(kept, p)
		}
	}
	return kept
}

// full reports whether an agent may not enter the role of a clause now.
func (l *look) full(a *agent, c *clause) bool {
	if c.cardinality.max < 0 || a.plays(c.role) {
		return false
	}
	a.dependDirectly("player")
	return l.crowded(c)
}

// crowded reports whether the declared maximum of other peers already plays a role. A
// peer that plays it already may continue.
func (l *look) crowded(c *clause) bool {
	most := c.cardinality.max
	if most < 0 || l.roles.plays(c.role) {
		return false
	}
	players, _ := l.around.world.Players(l.model.digest, Atom(c.role))
	return countPeers(players, most) >= most
}

func (c *clause) fullReason() Reason {
	return Reason{ReasonBusy, fmt.Sprintf("as many other peers play role %s as its declaration allows: %d", c.role, c.cardinality.max)}
}
