package libp2p

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	p2p "github.com/libp2p/go-libp2p/core/peer"

	"parley/peer"
)

const (
	bodyWithin = 10 * time.Second // for the body of a frame after its length
)

// inbound holds the streams of frames that peers have opened to us, oldest first for
// each peer.
type inbound struct {
	mu   sync.Mutex
	open map[p2p.ID][]network.Stream
}

// inboundMax bounds the streams of one peer: one, and one that is being replaced.
const inboundMax = 2

func (in *inbound) add(id p2p.ID, stream network.Stream) {
	in.mu.Lock()
	defer in.mu.Unlock()
	open := append(in.open[id], stream)
	if len(open) > inboundMax {
		_ = open[0].Reset() // a leftover: the newest counts
		open = open[1:]
	}
	in.open[id] = open
}

func (in *inbound) remove(id p2p.ID, stream network.Stream) {
	in.mu.Lock()
	defer in.mu.Unlock()
	left := slices.DeleteFunc(in.open[id], func(s network.Stream) bool { return s == stream })
	if len(left) == 0 {
		delete(in.open, id)
		return
	}
	in.open[id] = left
}

// admit reports whether a peer may have one more stream; otherwise it resets the
// stream. Close waits for admitted streams: call running.Done at the end.
func (h *Host) admit(stream network.Stream) bool {
	id := stream.Conn().RemotePeer()
	open := h.links.enter()
	if open && h.allowed(id) {
		if h.meters.of(id).take(streams, 1) {
			return true
		}
		h.blame(id, kindFlood)
	}
	_ = stream.Reset() // it has ended, whatever Reset returns
	if open {
		h.running.Done()
	}
	return false
}

// serve reads the frames of one incoming stream.
func (h *Host) serve(stream network.Stream) {
	if !h.admit(stream) {
		return
	}
	defer h.running.Done()
	id := stream.Conn().RemotePeer()
	meter := h.meters.of(id)
	meter.hold(&meter.streams, 1)
	defer meter.hold(&meter.streams, -1)
	h.inbound.add(id, stream)
	err := h.readFrames(stream, id, meter)
	_ = stream.Reset()
	h.inbound.remove(id, stream)
	kind := misconduct(err)
	if h.ctx.Err() != nil || kind == "" && (errors.Is(err, io.EOF) || errors.Is(err, network.ErrReset)) {
		return
	}
	h.o.Logger.Warn("a stream of a peer was closed", "event", "stream_closed", "peer", id, "error", err)
	if kind != "" {
		h.blame(id, kind)
	}
}

// fault is an error that is blamed on the other side.
type fault struct {
	kind string
	error
}

func (f fault) Unwrap() error { return f.error }

func misconduct(err error) string {
	if f := (fault{}); errors.As(err, &f) {
		return f.kind
	}
	return ""
}

func (h *Host) readFrames(stream network.Stream, id p2p.ID, meter *meter) error {
	if err := h.answerHello(stream); err != nil {
		return err
	}
	h.links.tryNow(id) // it is reachable: a link of ours need not wait
	name := nameOf(id)
	r := bufio.NewReader(stream)
	for {
		frame, bytes, err := readFrame(r, stream)
		if err != nil {
			return err
		}
		if wait := meter.owe(frames, 1); wait > 0 && !h.rest(wait) {
			return h.ctx.Err()
		}
		if h.roster.member(id) == nil {
			return errNotListed // since the stream began
		}
		h.o.Events(peer.Arrived{From: name, Frame: frame, Size: bytes})
	}
}

// rest waits and reports whether the host still runs. Meanwhile the stream is not read,
// so that the sender has to wait too.
func (h *Host) rest(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-h.ctx.Done():
		return false
	}
}

func readFrame(r *bufio.Reader, stream network.Stream) (frame peer.Frame, bytes int, err error) {
	// A kept stream may be silent for any time between frames.
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return peer.Frame{}, 0, truncated(err)
	}
	size := binary.BigEndian.Uint32(head[:])
	if size > peer.FrameBytes {
		return peer.Frame{}, 0, fault{kindOversized, fmt.Errorf("it announces a frame of %d bytes, more than %d", size, peer.FrameBytes)}
	}
	data, err := readBody(r, stream, int(size))
	if err != nil {
		return peer.Frame{}, 0, err
	}
	frame, err = peer.DecodeFrame(data)
	if err != nil {
		return peer.Frame{}, 0, fault{kindMalformed, err}
	}
	return frame, int(size), nil
}

// readBody reads a body of the announced length. It sets a deadline only for bytes that
// have not arrived yet, because that costs as much as a small frame.
func readBody(r *bufio.Reader, stream network.Stream, size int) ([]byte, error) {
	data := make([]byte, size)
	if r.Buffered() >= size {
		_, err := io.ReadFull(r, data)
		return data, err
	}
	if err := stream.SetReadDeadline(time.Now().Add(bodyWithin)); err != nil {
		return nil, err
	}
	if _, err := io.ReadFull(r, data); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF // the length has arrived, so the body is incomplete
		}
		return nil, truncated(err)
	}
	return data, stream.SetReadDeadline(time.Time{})
}

// truncated blames a peer that ends in the middle or is too slow.
func truncated(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fault{kindTruncated, errors.New("the stream ends in the middle of a frame")}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fault{kindSlow, fmt.Errorf("the rest of a frame did not come within %v", bodyWithin)}
	}
	return err
}
