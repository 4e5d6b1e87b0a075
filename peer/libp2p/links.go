package libp2p

import (
	"context"

	p2p "github.com/libp2p/go-libp2p/core/peer"

	"parley/lcc"
	"parley/peer"
)

// relink brings the links to what the roster says: those of hosts that are no
// longer listed end, and those that stand begin.
func (h *Host) relink() {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.roster.Load()
	for id, l := range h.links {
		m := r.hosts[id]
		l.mu.Lock()
		l.standing = m != nil && m.standing
		l.mu.Unlock()
		if m == nil {
			l.cancel()
			delete(h.links, id)
			h.leaving[id] = l.ended
		}
		l.tryNow() // the addresses may be others
	}
	for id, ended := range h.leaving {
		select {
		case <-ended:
			delete(h.leaving, id)
		default:
		}
	}
	for id, m := range r.hosts {
		if m.standing && h.links[id] == nil {
			h.begin(id)
		}
	}
}

// begin makes the link to a listed peer; h.mu is held. It returns nil where the
// peer is not listed or the host is closed.
func (h *Host) begin(id p2p.ID) *link {
	m := h.member(id)
	if m == nil || h.closed {
		return nil
	}
	ctx, cancel := context.WithCancel(h.ctx)
	l := &link{
		host: h, id: id, name: m.name, standing: m.standing, meter: h.meters.of(id),
		queue: make(chan peer.Frame, queueMax), kick: make(chan struct{}, 1),
		after: h.leaving[id], ended: make(chan struct{}),
		ctx: ctx, cancel: cancel,
	}
	delete(h.leaving, id)
	h.links[id] = l
	h.running.Go(func() {
		defer cancel()
		l.run()
	})
	return l
}

// Send puts a frame into the queue of a peer, and connects to it where it has
// to. It never blocks; a frame that cannot be carried comes back through Events.
func (h *Host) Send(to lcc.PeerID, frame peer.Frame) {
	id, err := h.resolve(to)
	if err != nil {
		h.fail(to, frame, lcc.ReasonUnreachable, err.Error())
		return
	}
	if reason := h.queue(id, frame); reason.Code != "" {
		h.fail(to, frame, reason.Code, reason.Detail)
	}
}

func (h *Host) queue(id p2p.ID, frame peer.Frame) lcc.Reason {
	// A link is left under the write lock only, so one that is found here
	// stays for as long as a frame waits in it.
	h.mu.RLock()
	if l := h.links[id]; l != nil {
		defer h.mu.RUnlock()
		return l.offer(frame)
	}
	h.mu.RUnlock()
	h.mu.Lock()
	defer h.mu.Unlock()
	l := h.links[id]
	if l == nil {
		l = h.begin(id)
	}
	if l == nil {
		return lcc.Reason{Code: lcc.ReasonUnreachable, Detail: errNotListed.Error()}
	}
	return l.offer(frame)
}

func (h *Host) fail(to lcc.PeerID, frame peer.Frame, code lcc.ReasonCode, detail string) {
	h.o.Events(peer.SendFailed{To: to, Frame: frame, Reason: lcc.Reason{Code: code, Detail: detail}})
}

// tell emits Link when the peer begins or ceases to count as connected. A link
// that ends because it is idle tells nothing: the peer is there.
func (h *Host) tell(id p2p.ID, name lcc.PeerID, up bool) {
	h.mu.Lock()
	said, known := h.told[id]
	h.told[id] = up
	h.mu.Unlock()
	if !known || said != up {
		h.o.Events(peer.Link{Peer: name, Up: up})
	}
}

// linked says whether this host has a link to a peer.
func (h *Host) linked(id p2p.ID) bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.links[id] != nil
}

// tryNow has a link look for its peer at once.
func (h *Host) tryNow(id p2p.ID) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if l := h.links[id]; l != nil {
		l.tryNow()
	}
}

// begins starts a goroutine that Close waits for; false: the host is closed.
func (h *Host) begins(f func()) bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if h.closed {
		return false
	}
	h.running.Go(f)
	return true
}
