package libp2p

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	p2p "github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/net/swarm"

	"parley/lcc"
	"parley/peer"
)

const (
	queueMax     = 256
	packetEnough = 16 << 10 // bytes that are written without waiting for more
	dialsMax     = 16       // concurrent; others wait for their turn
	dialWithin   = 10 * time.Second
	writeWithin  = 10 * time.Second // at least half of it, for each frame
	backoffFirst = 200 * time.Millisecond
	backoffLast  = 10 * time.Second
	restAfter    = 2 * time.Second // pause after a failed dial on demand
	yieldFor     = 2 * time.Second // to the other side, which dials first
)

// link keeps an outgoing stream to one listed peer: a standing link for as long as the
// peer is listed, any other from the first frame until no frame went either way for
// Options.IdleAfter.
type link struct {
	host  *Host
	id    p2p.ID
	name  lcc.PeerID
	meter *meter
	queue chan *peer.Frame
	kick  chan struct{} // requests an immediate retry; capacity 1
	after <-chan struct{}
	ended chan struct{} // closed at the end; the peer's next link waits for it

	deadline time.Time // of the stream's writes; owned by run

	ctx    context.Context // ends when the peer is no longer listed
	cancel context.CancelFunc

	packet []byte       // being written, with its frames; owned by the goroutine
	packed []peer.Frame // that writes

	mu       sync.Mutex
	standing bool
	away     error // why no frame is queued now; nil: frames are queued
}

func (l *link) tryNow() {
	select {
	case l.kick <- struct{}{}:
	default:
	}
}

// offer queues a frame, or returns why it cannot be sent.
func (l *link) offer(f peer.Frame) lcc.Reason {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.away != nil {
		return lcc.Reason{Code: lcc.ReasonUnreachable, Detail: l.away.Error()}
	}
	select {
	case l.queue <- &f:
		return lcc.Reason{}
	default:
		return lcc.Reason{Code: lcc.ReasonBusy, Detail: fmt.Sprintf("%d frames wait already", queueMax)}
	}
}

// run connects, writes frames until the stream breaks, and starts again when the link
// is a standing one.
func (l *link) run() {
	defer close(l.ended)
	if l.after != nil {
		<-l.after // so that Link events of the peer stay in order
	}
	l.yield()
	backoff := backoffFirst
	for l.ctx.Err() == nil {
		up, err := l.once()
		if err == nil {
			return // idle and removed
		}
		l.refuse(err)
		l.host.reportLink(l.id, l.name, false)
		l.drain(err)
		if up {
			backoff = backoffFirst
		}
		l.host.o.Logger.Debug("no connection to a peer", "event", "connection_failed", "peer", l.id, "error", err)
		if !l.pause(up, backoff) && l.leave() {
			return
		}
		backoff = min(2*backoff, backoffLast)
	}
	err := errors.New("the peer was taken off the roster, or this host is stopping")
	l.refuse(err)
	l.drain(err)
}

// yield lets the other side dial first when it is its turn: two hosts that learn of
// each other at the same moment would both dial and keep two connections.
func (l *link) yield() {
	if !l.stands() || !l.yields() || l.host.hasConn(l.id) {
		return
	}
	timer := time.NewTimer(yieldFor)
	defer timer.Stop()
	select {
	case <-l.ctx.Done():
	case <-l.kick: // its stream has come, or the roster changed
	case <-timer.C:
	}
}

// yields reports whether this host of the two lets the other one dial first.
func (l *link) yields() bool { return l.host.self > l.id }

// once connects and writes. It returns whether the link came up and why it ended; nil:
// it was idle and has been removed.
func (l *link) once() (up bool, err error) {
	if until := l.host.conduct.bannedUntil(l.id); !until.IsZero() {
		return false, banned(until)
	}
	stream, err := l.connect()
	if err != nil {
		return false, err
	}
	l.refuse(nil)
	l.host.reportLink(l.id, l.name, true)
	if err := l.write(stream); err != nil {
		// The other side learns that the stream has ended; a failed reset cannot be
		// handled any further.
		_ = stream.Reset()
		return true, err
	}
	_ = stream.Close()
	return true, nil
}

// pause waits before the next try. It returns false when there is no next try unless
// the roster requires one.
func (l *link) pause(up bool, backoff time.Duration) bool {
	wait := backoff/2 + rand.N(backoff) // jitter, so that not all peers retry together
	if l.yields() {
		wait += yieldFor // a connection breaks for both sides at one moment
	}
	stands := l.stands()
	if !stands {
		if up {
			return false // the next frame dials again
		}
		wait = restAfter
	}
	if until := l.host.conduct.bannedUntil(l.id); stands && !until.IsZero() {
		wait = time.Until(until)
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-l.ctx.Done():
	case <-l.kick:
	case <-timer.C:
	}
	return l.stands()
}

func (l *link) stands() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.standing
}

// leave removes the link from the host when neither the roster nor a waiting frame
// needs it.
func (l *link) leave() bool {
	return l.host.links.leave(l)
}

// refuse says why frames are rejected from now on; nil: they are accepted.
func (l *link) refuse(why error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.away = why
}

// drain returns the queued frames.
func (l *link) drain(why error) {
	for {
		select {
		case f := <-l.queue:
			l.host.fail(l.name, *f, lcc.ReasonUnreachable, why.Error())
		default:
			return
		}
	}
}

func (l *link) connect() (network.Stream, error) {
	if err := l.host.dial(l.ctx, l.id); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(l.ctx, dialWithin)
	defer cancel()
	stream, err := l.host.host.NewStream(ctx, l.id, protocols...)
	if err != nil {
		return nil, err
	}
	if err := l.host.greet(stream); err != nil {
		return nil, errors.Join(err, stream.Reset())
	}
	return stream, nil
}

// dial connects to a peer at one of its known addresses. Concurrent dials are few, and
// waiting for a turn does not count against a dial's timeout: when a whole site starts
// on one processor, more concurrent dials would all time out.
func (h *Host) dial(ctx context.Context, id p2p.ID) error {
	if h.hasConn(id) {
		return nil
	}
	select {
	case h.dials <- struct{}{}:
		defer func() { <-h.dials }()
	case <-ctx.Done():
		return fmt.Errorf("%d dials are in progress: %w", dialsMax, ctx.Err())
	}
	if h.hasConn(id) {
		return nil // it dialled meanwhile
	}
	ctx, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	// Links have their own back-off. Those of libp2p grow to minutes, and a peer that
	// has returned should be found in seconds.
	if s, ok := h.host.Network().(*swarm.Swarm); ok {
		s.Backoff().Clear(id)
	}
	err := h.host.Connect(ctx, p2p.AddrInfo{ID: id, Addrs: h.addresses(id)})
	if err != nil {
		return unreached(err)
	}
	h.book.reached(id)
	return nil
}

func (h *Host) hasConn(id p2p.ID) bool {
	return h.host.Network().Connectedness(id) == network.Connected
}

// write sends frames until the stream breaks; nil: until the link was idle and has been
// removed. The other side sends nothing on this stream after its hello, so a read that
// returns means that the stream has ended.
func (l *link) write(stream network.Stream) error {
	l.deadline = time.Time{}
	over := make(chan error, 1)
	l.host.running.Go(func() { // ends with the stream, which once closes
		_, err := stream.Read(make([]byte, 1))
		over <- errors.Join(errors.New("the peer closed the stream"), err)
	})
	idle := time.NewTimer(l.host.o.IdleAfter)
	defer idle.Stop()
	for {
		select {
		case <-l.ctx.Done():
			return l.ctx.Err()
		case err := <-over:
			return err
		case f := <-l.queue:
			if err := l.writeFrames(stream, *f); err != nil {
				return err
			}
		case <-idle.C:
			left := l.host.o.IdleAfter - l.meter.idle()
			if left <= 0 && l.leave() {
				return nil
			}
			idle.Reset(max(left, l.host.o.IdleAfter/10))
		}
	}
}

// writeFrames writes a frame together with those that wait behind it, because a receipt
// is mostly followed or preceded by an answer.
func (l *link) writeFrames(stream network.Stream, first peer.Frame) error {
	l.packet, l.packed = l.packet[:0], l.packed[:0]
	l.pack(first)
	for len(l.packet) < packetEnough {
		select {
		case f := <-l.queue:
			l.pack(*f)
			continue
		default:
		}
		break
	}
	now := time.Now()
	l.meter.touch(now)
	var err error
	if now.Sub(l.deadline) > -writeWithin/2 {
		// Setting a deadline costs as much as a small frame, so one serves several.
		l.deadline = now.Add(writeWithin)
		err = stream.SetWriteDeadline(l.deadline)
	}
	if err == nil {
		_, err = stream.Write(l.packet)
	}
	if err != nil {
		if errors.Is(err, os.ErrDeadlineExceeded) {
			l.host.blame(l.id, kindSlow)
		}
		for _, f := range l.packed {
			l.host.fail(l.name, f, lcc.ReasonUnreachable, err.Error())
		}
	}
	clear(l.packed) // do not retain the written frames
	return err
}

// pack adds a frame to the packet. A frame that cannot be sent is returned.
func (l *link) pack(f peer.Frame) {
	at := len(l.packet)
	packet, err := peer.AppendFrame(append(l.packet, 0, 0, 0, 0), f)
	if err != nil {
		l.host.fail(l.name, f, lcc.ReasonTooLarge, err.Error())
		return
	}
	binary.BigEndian.PutUint32(packet[at:], uint32(len(packet)-at-4))
	l.packet = packet
	l.packed = append(l.packed, f)
}
