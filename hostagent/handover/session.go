package handover

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"parley/hostagent"
	"parley/hostagent/handover/stages"
)

const (
	// windowBytes is how many bytes of parts one end may send before the other has read
	// them: what a connection may take of the memory of its reader.
	windowBytes = 4 << 20
	// frameCost is charged for each frame of a part beside its bytes.
	frameCost  = 64
	beatEvery  = 10 * time.Second
	silentFor  = time.Minute     // then the connection is given up
	closeSoon  = 5 * time.Second // for what is still to be sent when a connection is closed
	outMost    = 64              // messages that wait to be sent
	roundSlack = 64 << 20        // bytes of a round beside twice what the guest may use
)

// session is one connection about one move. The reader never waits for a platform, so
// that messages are read whatever the parts do.
type session struct {
	conn  hostagent.Conn
	heard func(message) // called by the reader
	ended func(error)   // called once
	limit *rate.Limiter // of what is sent; nil: none

	writing sync.Mutex // held while bytes are written
	out     chan []byte
	allow   chan struct{} // holds one value while bytes are owed
	work    sync.WaitGroup
	over    chan struct{} // closed once nothing more is read or sent
	done    chan struct{} // closed once the goroutines have returned

	mu      sync.Mutex
	changed sync.Cond
	err     error // why nothing more is read or sent
	closing bool
	credit  int // bytes that may be sent
	allowed int // bytes that may be received
	owed    int // bytes that were read and not allowed again
	most    int64
	taken   int64 // bytes in the round
	queue   []frame
	sent    int64 // bytes of parts
	seen    time.Time
}

// newSession makes a session, which does nothing yet.
func newSession(conn hostagent.Conn) *session {
	s := &session{
		conn: conn, out: make(chan []byte, outMost), allow: make(chan struct{}, 1),
		over: make(chan struct{}), done: make(chan struct{}), credit: windowBytes, allowed: windowBytes, most: roundSlack, seen: time.Now(),
	}
	s.changed.L = &s.mu
	return s
}

// start begins the goroutines of a session; r has what was read of the connection before.
func (s *session) start(r *bufio.Reader) {
	s.work.Go(func() { s.stop(s.read(r)) })
	s.work.Go(s.write)
	go func() {
		s.work.Wait()
		close(s.done)
		s.ended(s.err)
	}()
}

// stop ends a session at once; the first reason counts.
func (s *session) stop(why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		if why == nil {
			why = io.EOF
		}
		s.err = why
		close(s.over)
		_ = s.conn.Close() // whatever is in the way, it is over
	}
	s.changed.Broadcast()
}

// close ends a session once what it has to say is sent.
func (s *session) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closing {
		s.closing = true
		close(s.out)
	}
}

// bound says how much a round may have.
func (s *session) bound(declared hostagent.Resources, memoryMax int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.most = roundSlack + 2*(max(declared.MemoryBytes, memoryMax)+declared.DiskBytes)
}

// say queues a message; a peer that does not read what is said to it is given up.
func (s *session) say(m message) {
	data, err := encode(m)
	if err != nil {
		s.stop(fmt.Errorf("a message to the other host: %w", err))
		return
	}
	s.post(appendFrame(nil, frameMessage, nil, data))
}

func (s *session) post(data []byte) {
	s.mu.Lock()
	if s.closing || s.err != nil {
		s.mu.Unlock()
		return
	}
	select {
	case s.out <- data:
		s.mu.Unlock()
	default:
		s.mu.Unlock()
		s.stop(errors.New("the other host does not read what it is told"))
	}
}

// write sends what is queued, and a sign of life.
func (s *session) write() {
	beats := time.NewTicker(beatEvery)
	defer beats.Stop()
	for {
		select {
		case data, open := <-s.out:
			if !open {
				if s.conn.SetDeadline(time.Now().Add(closeSoon)) == nil {
					_ = s.conn.CloseWrite() // the other side sees the end either way
				}
				s.stop(errClosed)
				return
			}
			if err := s.put(data); err != nil {
				s.stop(err)
				return
			}
		case <-beats.C:
			if err := s.beat(); err != nil {
				s.stop(err)
				return
			}
		case <-s.allow:
			if err := s.put(appendFrame(nil, frameCredit, []uint32{s.pay()}, nil)); err != nil {
				s.stop(err)
				return
			}
		case <-s.over:
			return
		}
	}
}

// errClosed is why a session ended that this end has closed.
var errClosed = errors.New("the connection was closed")

func (s *session) beat() error {
	s.mu.Lock()
	silent := time.Since(s.seen)
	s.mu.Unlock()
	if silent > silentFor {
		return fmt.Errorf("nothing came from the other host for %v", silent.Round(time.Second))
	}
	return s.put(appendFrame(nil, frameBeat, nil, nil))
}

// pay is how many more bytes the other end may send.
func (s *session) pay() uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.owed
	s.allowed, s.owed = s.allowed+n, 0
	return uint32(n)
}

func (s *session) put(data []byte) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	_, err := s.conn.Write(data)
	return err
}

// read takes frames until the connection ends.
func (s *session) read(r *bufio.Reader) error {
	for {
		f, err := readFrame(r)
		if err != nil {
			return err
		}
		s.mu.Lock()
		s.seen = time.Now()
		s.mu.Unlock()
		switch f.kind {
		case frameMessage:
			m, err := decode[message](f.body)
			if err != nil {
				return err
			}
			m.Code, m.Why = m.Code[:min(len(m.Code), whyBytes)], m.Why[:min(len(m.Why), whyBytes)]
			if m.Saying == stages.Round {
				s.mu.Lock()
				s.taken = 0
				s.mu.Unlock()
			}
			s.heard(m)
		case frameCredit:
			if err := s.earn(f.number()); err != nil {
				return err
			}
		case framePart, frameData, frameEnd, frameRound:
			if err := s.take(f); err != nil {
				return err
			}
		case frameBeat:
		default:
			return protocol("a frame %q in the middle of a connection", f.kind)
		}
	}
}

func (s *session) earn(bytes uint32) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if bytes > windowBytes || s.credit+int(bytes) > windowBytes {
		return protocol("it allows more bytes than the window has")
	}
	s.credit += int(bytes)
	s.changed.Broadcast()
	return nil
}

func cost(f frame) int { return len(f.body) + frameCost }

// take queues a frame of a part.
func (s *session) take(f frame) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.allowed -= cost(f)
	s.taken += int64(len(f.body))
	switch {
	case s.allowed < 0:
		return protocol("it sends more than it may before it is read")
	case s.taken > s.most:
		return protocol("a round has more than %d bytes, twice what the guest may use", s.most)
	}
	s.queue = append(s.queue, f)
	s.changed.Broadcast()
	return nil
}

// next waits for the first frame in the queue. The caller holds mu.
func (s *session) next(ctx context.Context) (*frame, error) {
	for len(s.queue) == 0 {
		if err := s.ending(ctx); err != nil {
			return nil, err
		}
		s.changed.Wait()
	}
	return &s.queue[0], nil
}

func (s *session) ending(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	if s.err != nil {
		return fmt.Errorf("the connection ended: %w", s.err)
	}
	return nil
}

// drop takes the first frame from the queue, and allows the other end to send as much
// again. The caller holds mu.
func (s *session) drop() {
	s.give(cost(s.queue[0]))
	s.queue[0].body = nil
	if s.queue = s.queue[1:]; len(s.queue) == 0 {
		s.queue = nil
	}
}

func (s *session) give(bytes int) {
	s.owed += bytes
	if s.owed < windowBytes/4 {
		return
	}
	select {
	case s.allow <- struct{}{}:
	default: // it is to be paid already
	}
}

// send writes a frame of a part once the other end has room for it and the bandwidth
// allows it.
func (s *session) send(ctx context.Context, kind byte, number uint32, body []byte) error {
	size := frameCost + len(body)
	if kind != frameRound {
		size += 4
	}
	if s.limit != nil {
		if err := s.limit.WaitN(ctx, len(body)); err != nil {
			return err
		}
	}
	defer s.wake(ctx)()
	s.mu.Lock()
	for s.credit < size {
		if err := s.ending(ctx); err != nil {
			s.mu.Unlock()
			return err
		}
		s.changed.Wait()
	}
	err := s.ending(ctx)
	if err == nil {
		s.credit -= size
		s.sent += int64(len(body))
	}
	s.mu.Unlock()
	if err != nil {
		return err
	}
	var numbers []uint32
	if kind != frameRound {
		numbers = []uint32{number}
	}
	return s.put(appendFrame(make([]byte, 0, headBytes+size), kind, numbers, body))
}

// wake has whoever waits look again when the context ends.
func (s *session) wake(ctx context.Context) (stop func() bool) {
	return context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.changed.Broadcast()
	})
}

// transferred is how many bytes of parts were sent.
func (s *session) transferred() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent
}
