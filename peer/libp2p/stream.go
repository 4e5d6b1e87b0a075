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
	bodyWithin = 10 * time.Second // of a frame whose length has come
)

// inbound are the streams of frames that peers have opened to us, each peer's
// oldest first.
type inbound struct {
	mu   sync.Mutex
	open map[p2p.ID][]network.Stream
}

// inboundMax bounds the streams of one peer: one, and one that is just being
// replaced.
const inboundMax = 2

func (in *inbound) add(id p2p.ID, stream network.Stream) {
	in.mu.Lock()
	defer in.mu.Unlock()
	open := append(in.open[id], stream)
	if len(open) > inboundMax {
		_ = open[0].Reset() // left over from before: the newest counts
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

// admit says whether a peer may have one more stream; where not, it is reset.
// What comes of it is counted among the goroutines that Close waits for: call
// running.Done at its end.
func (h *Host) admit(stream network.Stream) bool {
	id := stream.Conn().RemotePeer()
	open := h.links.enter()
	if open && h.allowed(id) {
		if h.meters.of(id).take(streams, 1) {
			return true
		}
		h.blame(id, kindFlood)
	}
	_ = stream.Reset() // it is over, whatever the other side thinks
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

// fault is an error that the other side is to blame for.
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
	h.links.tryNow(id) // it is there: a link of ours need not wait
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
			return errNotListed // since it began
		}
		h.o.Events(peer.Arrived{From: name, Frame: frame, Size: bytes})
	}
}

// rest waits and says whether the host still runs. Meanwhile the stream is not
// read, so that the other side has to wait too.
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
	// A kept stream may be silent for as long as it likes between frames.
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

// readBody reads what a length announced. A deadline is set only for what has
// not come yet: it costs as much as a small frame.
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
			err = io.ErrUnexpectedEOF // the length has come, so something is missing
		}
		return nil, truncated(err)
	}
	return data, stream.SetReadDeadline(time.Time{})
}

// truncated blames who ends in the middle, or is too slow.
func truncated(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fault{kindTruncated, errors.New("the stream ends in the middle of a frame")}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fault{kindSlow, fmt.Errorf("the rest of a frame did not come within %v", bodyWithin)}
	}
	return err
}
