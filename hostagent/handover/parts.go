package handover

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// rounds is what lasts of the parts of a connection from round to round. One round is
// in progress at a time.
type rounds struct {
	*session
	number uint32 // of the part that was opened last
}

// out is the source's end of a round.
type out struct {
	ctx     context.Context
	of      *rounds
	part    *part
	stopped func(since time.Time)
}

// Stopped implements Out.
func (o *out) Stopped(since time.Time) { o.stopped(since) }

// Part implements Out.
func (o *out) Part(name string) (Part, error) {
	if len(name) > NameMost {
		return nil, fmt.Errorf("the name of a part has %d bytes, more than %d", len(name), NameMost)
	}
	if o.part != nil {
		if err := o.part.CloseWrite(); err != nil {
			return nil, err
		}
	}
	o.of.number++
	o.of.forget(o.of.number)
	o.part = &part{ctx: o.ctx, session: o.of.session, number: o.of.number}
	return o.part, o.of.send(o.ctx, framePart, o.part.number, []byte(name))
}

// forget drops what came for the parts before.
func (s *session) forget(number uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.queue) > 0 && s.queue[0].kind != frameRound && s.queue[0].number() < number {
		s.drop()
	}
}

// finish says that there are no more parts in this round.
func (o *out) finish() error {
	if o.part != nil {
		if err := o.part.CloseWrite(); err != nil {
			return err
		}
	}
	return o.of.send(o.ctx, frameRound, 0, nil)
}

// in is the target's end of a round.
type in struct {
	ctx  context.Context
	of   *rounds
	part *part
	over bool
}

// Next implements In.
func (i *in) Next() (string, Part, error) {
	if i.over {
		return "", nil, io.EOF
	}
	if i.part != nil {
		if err := i.part.CloseWrite(); err != nil {
			return "", nil, err
		}
		i.part = nil
	}
	s := i.of.session
	defer s.wake(i.ctx)()
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		f, err := s.next(i.ctx)
		if err != nil {
			return "", nil, err
		}
		switch f.kind {
		case frameRound:
			s.drop()
			i.over = true
			return "", nil, io.EOF
		case framePart:
			number, name := f.number(), string(f.body[4:])
			if number != i.of.number+1 {
				return "", nil, protocol("part %d follows part %d", number, i.of.number)
			}
			s.drop()
			i.of.number = number
			i.part = &part{ctx: i.ctx, session: s, number: number}
			return name, i.part, nil
		}
		s.drop()
	}
}

// finish drops what was not read of a round.
func (i *in) finish() error {
	for {
		if _, _, err := i.Next(); err != nil {
			if errors.Is(err, io.EOF) && i.over {
				return nil
			}
			return err
		}
	}
}

// part is one part at either end.
type part struct {
	ctx     context.Context
	session *session
	number  uint32

	closed atomic.Bool // for writing
}

// Read implements io.Reader.
func (p *part) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	s := p.session
	defer s.wake(p.ctx)()
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		f, err := s.next(p.ctx)
		if err != nil {
			return 0, err
		}
		switch {
		case f.kind == frameRound || f.kind == framePart:
			return 0, io.EOF // the source has gone to what follows
		case f.number() > p.number:
			if p.closed.Load() {
				return 0, io.EOF // a later part was opened meanwhile
			}
			return 0, protocol("bytes of part %d, which was not opened", f.number())
		case f.number() < p.number:
			s.drop() // late for a part before
		case f.kind == frameEnd:
			return 0, io.EOF // it stays first, so that the next Read says so too
		case len(f.body) == 4:
			s.drop()
		default:
			n := copy(b, f.body[4:])
			if n == len(f.body)-4 {
				s.drop()
				return n, nil
			}
			// The number stays in front of what is left.
			copy(f.body[n:], f.body[:4])
			f.body = f.body[n:]
			s.give(n)
			return n, nil
		}
	}
}

// Write implements io.Writer.
func (p *part) Write(b []byte) (int, error) {
	written := 0
	for len(b) > 0 {
		n := min(len(b), dataBytes)
		if err := p.session.send(p.ctx, frameData, p.number, b[:n]); err != nil {
			return written, err
		}
		written += n
		b = b[n:]
	}
	return written, nil
}

// CloseWrite implements Part.
func (p *part) CloseWrite() error {
	if p.closed.Swap(true) {
		return nil
	}
	return p.session.send(p.ctx, frameEnd, p.number, nil)
}
