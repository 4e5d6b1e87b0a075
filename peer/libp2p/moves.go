package libp2p

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	p2p "github.com/libp2p/go-libp2p/core/peer"

	"parley/lcc"
)

// This file carries guests: streams of bytes between two hosts' platforms, which bound
// what they say to each other themselves.

const (
	moveID       = "/parley/move/1"
	movesOfOne   = 8  // streams of one peer to us at a time
	movesOfAll   = 64 // streams of all peers to us at a time
	moveOpenSoon = 20 * time.Second
)

// Stream is a connection with a listed peer for a guest that is carried. Each method is
// safe for concurrent use with the others.
type Stream struct {
	of   network.MuxedStream
	over context.CancelFunc
}

// Read implements io.Reader.
func (s *Stream) Read(b []byte) (int, error) { return s.of.Read(b) }

// Write implements io.Writer.
func (s *Stream) Write(b []byte) (int, error) { return s.of.Write(b) }

// SetDeadline bounds reads and writes.
func (s *Stream) SetDeadline(t time.Time) error { return s.of.SetDeadline(t) }

// CloseWrite says that nothing more is written here.
func (s *Stream) CloseWrite() error { return s.of.CloseWrite() }

// Close closes the stream for both directions; what was written is still sent.
func (s *Stream) Close() error {
	s.over()
	return s.of.Close()
}

// carried counts the streams of moves that peers have opened to us.
type carried struct {
	mu   sync.Mutex
	each map[p2p.ID]int
	all  int
}

func (c *carried) enter(id p2p.ID) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.each[id] >= movesOfOne || c.all >= movesOfAll {
		return false
	}
	c.each[id]++
	c.all++
	return true
}

func (c *carried) leave(id p2p.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all--
	if c.each[id]--; c.each[id] == 0 {
		delete(c.each, id)
	}
}

// DialMove opens a stream from a host to a listed peer for a guest that is carried, and
// connects to the peer when necessary.
func DialMove(ctx context.Context, h *Host, to lcc.PeerID) (*Stream, error) {
	id, err := h.resolve(to)
	if err != nil {
		return nil, fmt.Errorf("carry a guest to %s: %w", to, err)
	}
	ctx, cancel := context.WithTimeout(ctx, moveOpenSoon)
	defer cancel()
	stream, err := openMove(ctx, h, id)
	if err != nil {
		return nil, fmt.Errorf("carry a guest to %s: %w", to, err)
	}
	return streamOf(h, stream), nil
}

func openMove(ctx context.Context, h *Host, id p2p.ID) (network.Stream, error) {
	if err := h.dial(ctx, id); err != nil {
		return nil, err
	}
	return h.host.NewStream(ctx, id, moveID)
}

// streamOf ends a stream with the host, and keeps its connection from being taken for
// idle.
func streamOf(h *Host, stream network.Stream) *Stream {
	meter := h.meters.of(stream.Conn().RemotePeer())
	meter.hold(&meter.streams, 1)
	ctx, over := context.WithCancel(h.ctx)
	context.AfterFunc(ctx, func() {
		meter.hold(&meter.streams, -1)
		meter.touch(time.Now())
		if h.ctx.Err() != nil {
			_ = stream.Reset() // the host is closed
		}
	})
	return &Stream{stream, over}
}

// serveMove hands a stream that a listed peer has opened to the platform.
func (c *carried) serve(h *Host, stream network.Stream) {
	if !h.admit(stream) {
		return
	}
	defer h.running.Done()
	id := stream.Conn().RemotePeer()
	if !c.enter(id) {
		_ = stream.Reset() // it may come again once one has ended
		h.o.Logger.Warn("too many guests come at one time", "event", "moves_refused", "peer", id)
		return
	}
	defer c.leave(id)
	s := streamOf(h, stream)
	h.o.Carry(h.roster.nameOf(id), s)
	if err := s.Close(); err != nil && !errors.Is(err, network.ErrReset) {
		_ = stream.Reset()
	}
}
