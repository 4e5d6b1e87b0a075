package libp2p

import (
	"context"
	"sync"

	p2p "github.com/libp2p/go-libp2p/core/peer"

	"parley/lcc"
	"parley/peer"
)

// links holds the standing and the on-demand links of a host. It also knows whether the
// host is closed, because nothing may start then. It is safe for concurrent use.
type links struct {
	open    func(id p2p.ID, after <-chan struct{}) *link // creates and starts one; nil: not listed
	running *sync.WaitGroup

	mu      sync.RWMutex
	byPeer  map[p2p.ID]*link
	leaving map[p2p.ID]<-chan struct{} // ended channels of the links to peers that were removed from the roster
	lastUp  map[p2p.ID]bool            // the last Link event
	closed  bool
}

func newLinks(running *sync.WaitGroup, open func(p2p.ID, <-chan struct{}) *link) *links {
	return &links{
		open: open, running: running,
		byPeer: map[p2p.ID]*link{}, leaving: map[p2p.ID]<-chan struct{}{}, lastUp: map[p2p.ID]bool{},
	}
}

// relink applies a roster to the links: links to hosts that are no longer listed end,
// and standing ones start.
func (k *links) relink(r *listed) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for id, l := range k.byPeer {
		m := r.hosts[id]
		l.mu.Lock()
		l.standing = m != nil && m.standing
		l.mu.Unlock()
		if m == nil {
			l.cancel()
			delete(k.byPeer, id)
			k.leaving[id] = l.ended
		}
		l.tryNow() // the addresses may have changed
	}
	for id, ended := range k.leaving {
		select {
		case <-ended:
			delete(k.leaving, id)
		default:
		}
	}
	for id, m := range r.hosts {
		if m.standing && k.byPeer[id] == nil {
			k.begin(id)
		}
	}
}

// begin creates the link to a listed peer; k.mu is held. It returns nil when the peer
// is not listed or the host is closed.
func (k *links) begin(id p2p.ID) *link {
	if k.closed {
		return nil
	}
	l := k.open(id, k.leaving[id])
	if l == nil {
		return nil
	}
	delete(k.leaving, id)
	k.byPeer[id] = l
	return l
}

// meet starts the link to a peer unless there is one.
func (k *links) meet(id p2p.ID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.byPeer[id] == nil {
		k.begin(id)
	}
}

// leave removes a link that is not needed, and reports whether it did.
func (k *links) leave(l *link) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if l.stands() || len(l.queue) > 0 {
		return false
	}
	if k.byPeer[l.id] == l {
		delete(k.byPeer, l.id)
	}
	return true
}

// queue adds a frame to the queue of a peer, or says why it cannot.
func (k *links) queue(id p2p.ID, frame peer.Frame) lcc.Reason {
	// A link is removed only under the write lock, so a link found here stays as long
	// as a frame waits in it.
	k.mu.RLock()
	if l := k.byPeer[id]; l != nil {
		defer k.mu.RUnlock()
		return l.offer(frame)
	}
	k.mu.RUnlock()
	k.mu.Lock()
	defer k.mu.Unlock()
	l := k.byPeer[id]
	if l == nil {
		l = k.begin(id)
	}
	if l == nil {
		return lcc.Reason{Code: lcc.ReasonUnreachable, Detail: errNotListed.Error()}
	}
	return l.offer(frame)
}

// note records whether a peer counts as connected, and reports whether that is a
// change.
func (k *links) note(id p2p.ID, up bool) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	said, known := k.lastUp[id]
	k.lastUp[id] = up
	return !known || said != up
}

// has reports whether there is a link to a peer.
func (k *links) has(id p2p.ID) bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.byPeer[id] != nil
}

// tryNow makes a link retry at once.
func (k *links) tryNow(id p2p.ID) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if l := k.byPeer[id]; l != nil {
		l.tryNow()
	}
}

// enter counts work that Close waits for, until running.Done; false: the host is
// closed.
func (k *links) enter() bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if !k.closed {
		k.running.Add(1)
	}
	return !k.closed
}

// goes starts a goroutine that Close waits for, unless the host is closed.
func (k *links) goes(f func()) {
	if !k.enter() {
		return
	}
	go func() {
		defer k.running.Done()
		f()
	}()
}

// close prevents any other start.
func (k *links) close() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.closed = true
}

// openLink creates and starts the link to a peer; nil: it is not listed.
func (h *Host) openLink(id p2p.ID, after <-chan struct{}) *link {
	m := h.roster.member(id)
	if m == nil {
		return nil
	}
	ctx, cancel := context.WithCancel(h.ctx)
	l := &link{
		host: h, id: id, name: m.name, standing: m.standing, meter: h.meters.of(id),
		queue: make(chan *peer.Frame, queueMax), kick: make(chan struct{}, 1),
		after: after, ended: make(chan struct{}),
		ctx: ctx, cancel: cancel,
	}
	h.running.Go(func() {
		defer cancel()
		l.run()
	})
	return l
}

// Send queues a frame for a peer, and connects to it when necessary. It never blocks; a
// frame that cannot be sent comes back through Events.
func (h *Host) Send(to lcc.PeerID, frame peer.Frame) {
	id, err := h.resolve(to)
	if err != nil {
		h.fail(to, frame, lcc.ReasonUnreachable, err.Error())
		return
	}
	if reason := h.links.queue(id, frame); reason.Code != "" {
		h.fail(to, frame, reason.Code, reason.Detail)
	}
}

func (h *Host) fail(to lcc.PeerID, frame peer.Frame, code lcc.ReasonCode, detail string) {
	h.o.Events(peer.SendFailed{To: to, Frame: frame, Reason: lcc.Reason{Code: code, Detail: detail}})
}

// reportLink emits Link when a peer becomes or ceases to be connected. A link that ends
// because it is idle emits nothing, because the peer is still available.
func (h *Host) reportLink(id p2p.ID, name lcc.PeerID, up bool) {
	if h.links.note(id, up) {
		h.o.Events(peer.Link{Peer: name, Up: up})
	}
}
