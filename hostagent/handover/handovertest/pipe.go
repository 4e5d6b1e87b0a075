// Package handovertest connects platforms that carry their guests without a network.
package handovertest

import (
	"context"
	"io"
	"os"
	"sync"
	"time"

	"parley/hostagent"
)

// Wire connects two platforms in one process: each dials the other, whatever host is
// named.
func Wire(a, b hostagent.Carrier, nameA, nameB hostagent.HostID) {
	a.SetDial(Dial(b, nameA))
	b.SetDial(Dial(a, nameB))
}

// Arriver is the part of hostagent.Carrier that serves connections.
type Arriver interface {
	Arrive(ctx context.Context, from hostagent.HostID, conn hostagent.Conn)
}

// Dial is how the host from reaches a platform.
func Dial(to Arriver, from hostagent.HostID) hostagent.Dial {
	return func(ctx context.Context, _ hostagent.HostID) (hostagent.Conn, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		near, far := Pipe()
		go func() {
			defer far.Close()
			to.Arrive(context.WithoutCancel(ctx), from, far)
		}()
		return near, nil
	}
}

// pipeBytes is what is on its way in one direction at most.
const pipeBytes = 256 << 10

// Pipe returns the two ends of a connection in memory.
func Pipe() (hostagent.Conn, hostagent.Conn) {
	there, back := newHalf(), newHalf()
	return &end{in: back, out: there}, &end{in: there, out: back}
}

// half is one direction.
type half struct {
	mu      sync.Mutex
	changed sync.Cond
	data    []byte
	ended   bool // nothing more is written
	broken  bool // nothing more is read
}

func newHalf() *half {
	h := &half{}
	h.changed.L = &h.mu
	return h
}

type end struct {
	in, out *half
	mu      sync.Mutex
	timer   *time.Timer
	at      time.Time
}

func (e *end) late() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return !e.at.IsZero() && !time.Now().Before(e.at)
}

// Read implements io.Reader.
func (e *end) Read(b []byte) (int, error) {
	h := e.in
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		switch {
		case h.broken:
			return 0, io.ErrClosedPipe
		case len(h.data) > 0:
			n := copy(b, h.data)
			h.data = h.data[n:]
			h.changed.Broadcast()
			return n, nil
		case h.ended:
			return 0, io.EOF
		case e.late():
			return 0, os.ErrDeadlineExceeded
		}
		h.changed.Wait()
	}
}

// Write implements io.Writer.
func (e *end) Write(b []byte) (written int, err error) {
	h := e.out
	h.mu.Lock()
	defer h.mu.Unlock()
	for len(b) > 0 {
		switch room := pipeBytes - len(h.data); {
		case h.broken || h.ended:
			return written, io.ErrClosedPipe
		case e.late():
			return written, os.ErrDeadlineExceeded
		case room > 0:
			n := min(room, len(b))
			h.data = append(h.data, b[:n]...)
			written += n
			b = b[n:]
			h.changed.Broadcast()
		default:
			h.changed.Wait()
		}
	}
	return written, nil
}

// CloseWrite implements hostagent.Conn.
func (e *end) CloseWrite() error {
	e.out.change(func(h *half) { h.ended = true })
	return nil
}

// Close ends both directions; what was written before is still read.
func (e *end) Close() error {
	e.out.change(func(h *half) { h.ended = true })
	e.in.change(func(h *half) { h.broken = true })
	return nil
}

func (h *half) change(how func(*half)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	how(h)
	h.changed.Broadcast()
}

// SetDeadline implements hostagent.Conn.
func (e *end) SetDeadline(at time.Time) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.at = at
	if e.timer != nil {
		e.timer.Stop()
	}
	if !at.IsZero() {
		e.timer = time.AfterFunc(time.Until(at), func() {
			e.in.change(func(*half) {})
			e.out.change(func(*half) {})
		})
	}
	return nil
}
