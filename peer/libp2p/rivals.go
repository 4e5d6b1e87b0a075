package libp2p

import (
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	p2p "github.com/libp2p/go-libp2p/core/peer"

	"parley/peer"
)

// This file detects two processes with one key, such as those of a machine and its
// clone. Each says hello over its own connection and may then stay silent; gossip keeps
// one stream for each id and so hears only one of the two. So when the connections of
// one peer name different incarnations, this host asks all of them repeatedly: a stale
// connection of an ended process does not answer.

// compareEvery is the interval of these questions.
const compareEvery = 5 * time.Second

// rivals holds the incarnations that the connections of each peer named.
type rivals struct {
	mu    sync.Mutex
	lives map[p2p.ID]map[string]uint64 // by the id of the connection
	busy  map[p2p.ID]bool              // they are being asked
}

func newRivals() *rivals {
	return &rivals{lives: map[p2p.ID]map[string]uint64{}, busy: map[p2p.ID]bool{}}
}

// said records the incarnation at the other end of a connection, and reports whether to
// start asking the peer's connections.
func (r *rivals) said(conn network.Conn, incarnation uint64) bool {
	id := conn.RemotePeer()
	r.mu.Lock()
	defer r.mu.Unlock()
	if conn.IsClosed() {
		return false // ended will not be called any more
	}
	if r.lives[id] == nil {
		r.lives[id] = map[string]uint64{}
	}
	r.lives[id][conn.ID()] = incarnation
	if r.busy[id] || !r.differ(id) {
		return false
	}
	r.busy[id] = true
	return true
}

// differ reports whether the connections of a peer name different incarnations; r.mu is
// held.
func (r *rivals) differ(id p2p.ID) bool {
	var first uint64
	for _, incarnation := range r.lives[id] {
		if first != 0 && incarnation != first {
			return true
		}
		first = incarnation
	}
	return false
}

// ended removes a connection.
func (r *rivals) ended(conn network.Conn) {
	id := conn.RemotePeer()
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.lives[id], conn.ID())
	if len(r.lives[id]) == 0 {
		delete(r.lives, id)
	}
}

// goesOn reports whether the connections of a peer must still be asked.
func (r *rivals) goesOn(id p2p.ID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.differ(id) {
		return true
	}
	delete(r.busy, id)
	return false
}

// met handles the incarnation that a hello named.
func (h *Host) met(conn network.Conn, incarnation uint64) {
	h.o.Events(peer.Greeted{Peer: nameOf(conn.RemotePeer()), Incarnation: incarnation})
	if h.rivals.said(conn, incarnation) {
		h.links.goes(func() { h.compare(conn.RemotePeer()) })
	}
}

// compare asks all connections of a peer for their incarnation, as long as they differ.
// Each answer proves that its process runs, and is shown to the other one.
func (h *Host) compare(id p2p.ID) {
	c := comparison{h, id, map[uint64]alive{}, map[uint64]witness{}}
	for h.rivals.goesOn(id) {
		for _, conn := range h.host.Network().ConnsToPeer(id) {
			c.ask(conn)
		}
		if !h.rest(compareEvery) {
			return
		}
	}
}

// comparison holds the answers of the processes of one peer.
type comparison struct {
	host    *Host
	id      p2p.ID
	answers map[uint64]alive   // the last one, by incarnation
	shown   map[uint64]witness // by incarnation: the signature of its challenge by another one, to be shown to it
}

func (c *comparison) ask(conn network.Conn) {
	h := c.host
	incarnation := h.rivals.of(conn)
	other := c.other(incarnation)
	answer, err := h.askLife(conn, other.own, c.shown[incarnation])
	if err != nil {
		h.o.Logger.Debug("a connection did not say which incarnation of a peer is there", "event", "incarnation_unanswered", "peer", c.id,
			"error", err)
		if kind := misconduct(err); kind != "" {
			h.blame(c.id, kind)
		}
		return
	}
	if len(c.answers) >= livesMost && c.answers[answer.incarnation].incarnation == 0 {
		clear(c.answers)
		clear(c.shown)
	}
	c.answers[answer.incarnation] = answer
	if other.incarnation != 0 && other.incarnation != answer.incarnation {
		c.shown[other.incarnation] = answer.witness
	}
	h.met(conn, answer.incarnation)
}

// livesMost bounds the incarnations that are tracked for a peer.
const livesMost = 8

// other returns the answer of the greatest other incarnation.
func (c *comparison) other(incarnation uint64) (other alive) {
	for _, a := range c.answers {
		if a.incarnation != incarnation && a.incarnation > other.incarnation {
			other = a
		}
	}
	return other
}

// of returns the incarnation that a connection named; 0: none.
func (r *rivals) of(conn network.Conn) uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lives[conn.RemotePeer()][conn.ID()]
}
