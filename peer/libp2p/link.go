package libp2p

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	p2p "github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/net/swarm"

	"parley/lcc"
	"parley/peer"
)

const (
	protocolID = "/parley/frames/1"
	// hello opens a stream in both directions: a peer that does not answer
	// it does not speak this protocol, or its gater has refused us.
	hello = "parley frames 1\n"

	queueMax     = 256
	dialWithin   = 5 * time.Second
	helloWithin  = 5 * time.Second
	writeWithin  = 10 * time.Second
	bodyWithin   = 10 * time.Second // of a frame whose length has come
	backoffFirst = 200 * time.Millisecond
	backoffLast  = 10 * time.Second
)

// link keeps a connection and an outgoing stream to one listed peer.
type link struct {
	host  *Host
	id    p2p.ID
	queue chan peer.Frame
	kick  chan struct{} // holds one wish to try at once

	mu sync.Mutex
	up bool
}

func newLink(h *Host, id p2p.ID) *link {
	return &link{host: h, id: id, queue: make(chan peer.Frame, queueMax), kick: make(chan struct{}, 1)}
}

func (l *link) peer() lcc.PeerID { return lcc.PeerID(l.id.String()) }

func (l *link) tryNow() {
	select {
	case l.kick <- struct{}{}:
	default:
	}
}

// send queues a frame, or says at once that it cannot be carried.
func (l *link) send(f peer.Frame) {
	l.mu.Lock()
	full := false
	up := l.up
	if up {
		select {
		case l.queue <- f:
		default:
			full = true
		}
	}
	l.mu.Unlock()
	switch {
	case !up:
		l.host.fail(l.peer(), f, lcc.ReasonUnreachable, "not connected")
	case full:
		l.host.fail(l.peer(), f, lcc.ReasonBusy, fmt.Sprintf("%d frames wait already", queueMax))
	}
}

// keep connects, writes frames until the stream breaks, and begins again.
func (l *link) keep(ctx context.Context) {
	backoff := backoffFirst
	for ctx.Err() == nil {
		stream, err := l.connect(ctx)
		if err == nil {
			backoff = backoffFirst
			l.setUp(true)
			err = l.write(ctx, stream)
			// The other side learns that the stream is over; nothing more
			// can be done about one that does not close.
			_ = stream.Reset()
			l.setUp(false)
			l.drain()
		}
		if ctx.Err() != nil {
			return
		}
		l.host.o.Logger.Debug("no connection to a peer; it is tried again", "peer", l.id, "error", err, "after", backoff)
		select {
		case <-ctx.Done():
		case <-l.kick:
		case <-time.After(backoff/2 + rand.N(backoff)): // not all peers at one moment
		}
		backoff = min(2*backoff, backoffLast)
	}
}

func (l *link) connect(ctx context.Context) (network.Stream, error) {
	dial, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	// This loop has its own pauses; those of libp2p grow to minutes, and a
	// peer that is back should be found in seconds.
	if s, ok := l.host.host.Network().(*swarm.Swarm); ok {
		s.Backoff().Clear(l.id)
	}
	if err := l.host.host.Connect(dial, p2p.AddrInfo{ID: l.id}); err != nil {
		return nil, err
	}
	stream, err := l.host.host.NewStream(dial, l.id, protocolID)
	if err != nil {
		return nil, err
	}
	if err := greet(stream); err != nil {
		return nil, errors.Join(err, stream.Reset())
	}
	return stream, nil
}

// greet says hello and waits for the answer.
func greet(stream network.Stream) error {
	if err := stream.SetDeadline(time.Now().Add(helloWithin)); err != nil {
		return err
	}
	if _, err := io.WriteString(stream, hello); err != nil {
		return err
	}
	if err := expectHello(stream); err != nil {
		return err
	}
	return stream.SetDeadline(time.Time{})
}

func expectHello(r io.Reader) error {
	answer := make([]byte, len(hello))
	if _, err := io.ReadFull(r, answer); err != nil {
		return fmt.Errorf("no hello: %w", err)
	}
	if string(answer) != hello {
		return errors.New("the peer says hello in another version: bring both to the same one")
	}
	return nil
}

// write carries frames until the stream breaks. The other side sends nothing on
// this stream after its hello, so a read that returns means that it is over.
func (l *link) write(ctx context.Context, stream network.Stream) error {
	over := make(chan error, 1)
	l.host.running.Go(func() {
		_, err := stream.Read(make([]byte, 1))
		over <- errors.Join(errors.New("the peer closed the stream"), err)
	})
	// Reset, which ends that read, is called by keep.
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-over:
			return err
		case f := <-l.queue:
			if err := l.writeFrame(stream, f); err != nil {
				return err
			}
		}
	}
}

func (l *link) writeFrame(stream network.Stream, f peer.Frame) error {
	data, err := peer.EncodeFrame(f)
	if err != nil {
		l.host.fail(l.peer(), f, lcc.ReasonTooLarge, err.Error())
		return nil
	}
	err = stream.SetWriteDeadline(time.Now().Add(writeWithin))
	if err == nil {
		packet := binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(data)), uint32(len(data)))
		_, err = stream.Write(append(packet, data...))
	}
	if err != nil {
		l.host.fail(l.peer(), f, lcc.ReasonUnreachable, err.Error())
	}
	return err
}

// setUp tells when the peer begins or ceases to count as connected.
func (l *link) setUp(up bool) {
	l.mu.Lock()
	l.up = up
	l.mu.Unlock()
	l.host.o.Events(peer.Link{Peer: l.peer(), Up: up})
}

// drain hands back what waited for a stream that broke.
func (l *link) drain() {
	for {
		select {
		case f := <-l.queue:
			l.host.fail(l.peer(), f, lcc.ReasonUnreachable, "the connection broke")
		default:
			return
		}
	}
}

// inbound are the streams that peers have opened to us, each peer's oldest
// first.
type inbound struct {
	mu      sync.Mutex
	open    map[p2p.ID][]network.Stream
	running sync.WaitGroup
}

// inboundMax bounds the streams of one peer: one, and one that is just being
// replaced.
const inboundMax = 2

// serve reads the frames of one incoming stream.
func (h *Host) serve(stream network.Stream) {
	id := stream.Conn().RemotePeer()
	h.inbound.mu.Lock()
	if open := h.inbound.open[id]; len(open) >= inboundMax {
		_ = open[0].Reset() // left over from before: the newest counts
	}
	h.inbound.open[id] = append(h.inbound.open[id], stream)
	h.inbound.running.Add(1)
	h.inbound.mu.Unlock()
	err := h.readFrames(stream, lcc.PeerID(id.String()))
	_ = stream.Reset() // it is over, whatever the other side thinks
	if !errors.Is(err, io.EOF) && !errors.Is(err, network.ErrReset) {
		h.o.Logger.Warn("a stream of a peer was closed", "peer", id, "error", err)
	}
	h.inbound.mu.Lock()
	h.inbound.open[id] = slices.DeleteFunc(h.inbound.open[id], func(s network.Stream) bool { return s == stream })
	h.inbound.mu.Unlock()
	h.inbound.running.Done()
}

func (h *Host) readFrames(stream network.Stream, from lcc.PeerID) error {
	if err := stream.SetDeadline(time.Now().Add(helloWithin)); err != nil {
		return err
	}
	if err := expectHello(stream); err != nil {
		return err
	}
	if _, err := io.WriteString(stream, hello); err != nil {
		return err
	}
	r := bufio.NewReader(stream)
	head := make([]byte, 4)
	for {
		// A kept stream may be silent for as long as it likes between frames.
		if err := stream.SetDeadline(time.Time{}); err != nil {
			return err
		}
		if _, err := io.ReadFull(r, head); err != nil {
			return err
		}
		size := binary.BigEndian.Uint32(head)
		if size > peer.FrameBytes {
			return fmt.Errorf("it announces a frame of %d bytes, more than %d", size, peer.FrameBytes)
		}
		if err := stream.SetReadDeadline(time.Now().Add(bodyWithin)); err != nil {
			return err
		}
		data := make([]byte, size)
		if _, err := io.ReadFull(r, data); err != nil {
			return err
		}
		frame, err := peer.DecodeFrame(data)
		if err != nil {
			return err
		}
		h.o.Events(peer.Arrived{From: from, Frame: frame})
	}
}
