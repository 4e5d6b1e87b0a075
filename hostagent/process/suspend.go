package process

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/hostagent"
	"parley/hostagent/process/protocol"
)

// standing is a suspension in flight.
type standing struct {
	n    int
	why  protocol.Purpose
	at   time.Time     // when the program said that it stands
	over chan struct{} // closed when m or err is set
	m    *protocol.Suspended
	err  error
}

func (s *standing) stood(m *protocol.Suspended) {
	s.m = m
	close(s.over)
}

func (s *standing) fail(why error) {
	s.err = why
	close(s.over)
}

// errOvertaken is why a checkpoint fails that a move or an order overtakes.
var errOvertaken = errors.New("a move or an order comes before its checkpoint")

// overtake ends a checkpoint that the program has not come to yet: its next safe point is
// for whoever waits for the turn. The caller holds mu.
func (g *guest) overtake() {
	if s := g.standing; s != nil && s.why == protocol.ForCheckpoint && g.at == protocol.AtRunning {
		g.standing = nil
		s.fail(errOvertaken)
	}
}

// turnOf waits for the turn of a guest, and returns it with what gives the turn back. It does
// not wait for a checkpoint that the program has not come to.
func (p *supervisor) turnOf(ctx context.Context, id hostagent.GuestID) (*guest, func(), error) {
	p.mu.Lock()
	if g := p.guests[id]; g != nil {
		g.overtake()
	}
	p.mu.Unlock()
	return p.lastTurnOf(ctx, id)
}

// lastTurnOf is turnOf for a checkpoint, which waits for all others: that one may be a move's.
func (p *supervisor) lastTurnOf(ctx context.Context, id hostagent.GuestID) (*guest, func(), error) {
	p.mu.Lock()
	err := p.usable(ctx)
	g := p.guests[id]
	p.mu.Unlock()
	if err == nil && g == nil {
		err = fmt.Errorf("no process %s is on host %s", id, p.options.Host)
	}
	if err != nil {
		return nil, nil, err
	}
	select {
	case g.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, context.Cause(ctx)
	case <-p.ended.Done():
		return nil, nil, errClosed
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.guests[id] != g {
		<-g.turn
		return nil, nil, fmt.Errorf("no process %s is on host %s any more", id, p.options.Host)
	}
	return g, func() { <-g.turn }, nil
}

// stood is a program that stands.
type stood struct {
	*checkpoint                 // its state, which is durable
	since       time.Time       // when it said so
	conns       []protocol.Conn // that are to move with it
}

// suspend has the program of a guest stand. The caller has the guest's turn, and lets it
// continue or writes into the record why not.
func (p *supervisor) suspend(ctx context.Context, g *guest, why protocol.Purpose) (stood, error) {
	s, err := p.ask(g, why)
	if err != nil {
		return stood{}, err
	}
	timer := time.NewTimer(p.options.SuspendWithin)
	defer timer.Stop()
	var gaveUp error
	select {
	case <-s.over:
	case <-ctx.Done():
		gaveUp = context.Cause(ctx)
	case <-p.ended.Done():
		gaveUp = errClosed
	case <-timer.C:
		gaveUp = fmt.Errorf("it did not come to a safe point within %v: does its program call Point often enough?", p.options.SuspendWithin)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if g.standing == s {
		g.standing = nil
		s.fail(gaveUp) // it is resumed as soon as it stands
	}
	if s.err != nil {
		return stood{}, s.err
	}
	if gaveUp != nil {
		p.resumeHere(g, s.n)
		return stood{}, gaveUp
	}
	return stood{&checkpoint{N: s.n, Bytes: s.m.State, Files: s.m.Files, At: p.now()}, s.at, s.m.Conns}, nil
}

func (p *supervisor) ask(g *guest, why protocol.Purpose) (*standing, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if g.rec.State != running {
		return nil, errors.New("it does not run: it is " + string(g.rec.State))
	}
	if not := g.whyNot(); not != "" {
		return nil, errors.New(not)
	}
	if g.at != protocol.AtRunning {
		return nil, errors.New("its program is still starting or stopping")
	}
	g.n++
	g.standing = &standing{n: g.n, why: why, over: make(chan struct{})}
	g.link.send(&protocol.Suspend{N: g.n, For: why}, "")
	return g.standing, nil
}

// resumeHere lets a program that stands continue. The caller holds mu; the record says that
// the guest runs here.
func (p *supervisor) resumeHere(g *guest, n int) {
	if g.link == nil || g.rec.State != running {
		return // its next hello says that it stands
	}
	if err := p.thaw(g); err != nil {
		p.log.Error("connections of a program are lost", "event", "connections_lost", "guest", g.rec.Spec.Name, "error", err)
	}
	g.at = protocol.AtRunning
	g.beat = p.now()
	g.link.send(&protocol.Resume{N: n}, "")
}

// checkpoint keeps the state of a guest, which continues.
func (p *supervisor) checkpoint(ctx context.Context, id hostagent.GuestID) error {
	g, release, err := p.lastTurnOf(ctx, id)
	if err != nil {
		return err
	}
	defer release()
	c, err := p.suspend(ctx, g, protocol.ForCheckpoint)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	before := g.rec.Checkpoint
	g.rec.Checkpoint = c.checkpoint
	if err = p.store.write(g.rec); err != nil {
		g.rec.Checkpoint = before
	}
	p.resumeHere(g, c.N)
	return err
}

// continues lets a guest that was suspended or frozen run on here: its program continues,
// or starts again from the state. The caller has the guest's turn and holds mu.
func (p *supervisor) continues(g *guest) error {
	before := *g.rec
	g.rec.State, g.rec.Move = running, ""
	if err := p.store.write(g.rec); err != nil {
		*g.rec = before
		return err
	}
	p.changes.Raise()
	switch {
	case g.link != nil && g.at == protocol.AtSuspended:
		p.resumeHere(g, g.stands)
	case g.rec.Process.PID == 0:
		g.restartAt = p.now() // from the state
	}
	return nil // a program that connects later is resumed then
}
