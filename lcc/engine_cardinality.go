package lcc

import "fmt"

// This file honours the cardinalities of role declarations,
// r(role, kind, min, max). They count peers and not agents, because what a
// peer knows of the others is which roles they play: a shop with a hundred
// conversations is one shopkeeper. They are looked at where they can be, with
// what this peer knows: where a partner is discovered and where a role is
// entered. Two peers that enter at one moment do not know of each other yet,
// so a model that must never have two of something asks for it in messages.

// cardinality is how many peers are to play a role; Max is -1 where any
// number may, Min 0 where nobody needs to.
type cardinality struct{ min, max int }

var anyNumber = cardinality{0, -1}

// quorum says whether as many peers are known to play a role as its
// declaration asks for. One is enough where it asks for none, because a send
// needs somebody.
func (c cardinality) quorum(players []Player) bool {
	return c.min <= 1 || countPeers(players, c.min) >= c.min
}

// countPeers counts the peers among players, each once although it may play
// the role with several arguments; most is where counting may stop.
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

// full says whether an agent may not enter the role of a clause now.
func (l *look) full(a *agent, c *clause) bool {
	if c.cardinality.max < 0 || a.plays(c.role) {
		return false
	}
	a.depend("player")
	return l.crowded(c)
}

// crowded says whether as many other peers are known to play a role as its
// declaration allows. A peer that plays it already may go on to.
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
