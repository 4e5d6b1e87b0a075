package process

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/hostagent"
	"parley/hostagent/guestnet"
	"parley/hostagent/process/protocol"
)

var _ hostagent.Runner = (*supervisor)(nil)

// Launch implements hostagent.Runner. It returns once the program has said hello.
func (p *supervisor) Launch(ctx context.Context, l hostagent.Launch) (hostagent.GuestID, error) {
	s := spec{Name: l.Name, Program: l.Program, Args: l.Args, Dir: cmp.Or(l.Dir, "/"), Need: l.Need, Rules: l.Rules}
	if l.Network != nil {
		n, err := guestnet.New(l.Network.Bridge, l.Network.Addresses, l.Network.Gateways)
		if err != nil {
			return "", fmt.Errorf("run %s: its network: %w", l.Program, err)
		}
		s.Network = &n
	}
	if s.Args == nil {
		s.Args = []string{}
	}
	g, err := p.create(ctx, s)
	if err != nil {
		return "", fmt.Errorf("run %s: %w", l.Program, err)
	}
	if err := p.awaitHello(ctx, g); err != nil {
		p.giveUp(g)
		return "", fmt.Errorf("run %s: %w", l.Program, err)
	}
	return g.rec.ID, nil
}

// create makes a guest that runs here and starts its program.
func (p *supervisor) create(ctx context.Context, s spec) (*guest, error) {
	if err := errors.Join(s.validate(), p.fits(s), p.startable(s)); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.usable(ctx); err != nil {
		return nil, err
	}
	for _, g := range p.guests {
		if g.rec.Spec.Name == s.Name && !g.rec.State.ended() {
			return nil, fmt.Errorf("there is a guest %s here: give another --name", s.Name)
		}
	}
	g := newGuest(&record{Version: 1, ID: newID(), Spec: s, State: running}, p.now())
	g.unborn = true
	p.guests[g.rec.ID] = g
	if err := p.launch(g); err != nil {
		p.drop(g.rec.ID)
		return nil, err
	}
	p.changes.Raise()
	return g, nil
}

// fits says why a guest is too large for this host, even alone.
func (p *supervisor) fits(s spec) error {
	most := p.options.Capacity
	switch {
	case most.CPU > 0 && s.Need.CPU > most.CPU:
		return fmt.Errorf("it may use %g cores, and host %s has %g for its guests: give a smaller --cpu", s.Need.CPU, p.options.Host, most.CPU)
	case most.MemoryBytes > 0 && s.Need.MemoryBytes > most.MemoryBytes:
		return fmt.Errorf("it may use %d MiB of memory, and host %s has %d MiB for its guests: give a smaller --memory",
			s.Need.MemoryBytes>>20, p.options.Host, most.MemoryBytes>>20)
	}
	return nil
}

// newID is a random UUID.
func newID() hostagent.GuestID {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return hostagent.GuestID(fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]))
}

// awaitHello waits until the program of a guest is there.
func (p *supervisor) awaitHello(ctx context.Context, g *guest) error {
	p.mu.Lock()
	ready := g.ready
	p.mu.Unlock()
	timer := time.NewTimer(p.options.StartWithin)
	defer timer.Stop()
	ticks := time.NewTicker(p.options.Look)
	defer ticks.Stop()
	for {
		select {
		case <-ready:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-p.ended.Done():
			return errClosed
		case <-timer.C:
			return fmt.Errorf("it has not said hello within %v: is it a program that takes part in its moves (docs/process.md)?%s",
				p.options.StartWithin, p.lastWords(g))
		case <-ticks.C:
			p.mu.Lock()
			gone, why := g.rec.Process.PID == 0, g.rec.Why
			p.mu.Unlock()
			if gone {
				return errors.New(cmp.Or(why, "its program has ended"+p.lastWords(g)))
			}
		}
	}
}

// giveUp ends a guest whose program has never begun.
func (p *supervisor) giveUp(g *guest) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ends(g, failed, "its program did not begin"+p.lastWords(g))
}

// ends ends a guest, and its program. The caller holds mu.
func (p *supervisor) ends(g *guest, as state, why string) {
	if !g.rec.State.ended() {
		g.rec.State, g.rec.Why, g.rec.EndedAt, g.restartAt = as, why, p.now(), time.Time{}
		if err := p.store.write(g.rec); err != nil {
			p.log.Error("the end of a guest cannot be written", "event", "process_end_not_written", "guest", g.rec.Spec.Name, "error", err)
		}
	}
	if g.link != nil {
		g.link.send(&protocol.Leave{Why: why}, "")
	} else {
		g.ending = true
	}
	p.changes.Raise()
}

// Suspend implements hostagent.Runner.
func (p *supervisor) Suspend(ctx context.Context, id hostagent.GuestID) error {
	return p.inTurn(ctx, id, "suspend", func(g *guest) error {
		c, err := p.suspend(ctx, g, protocol.ForOperator)
		if err != nil {
			return err
		}
		if err := p.keeps(g, c.checkpoint, suspended, ""); err != nil {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.resumeHere(g, c.N)
			return err
		}
		return nil
	})
}

// keeps writes that a guest whose program stands is to stand.
func (p *supervisor) keeps(g *guest, c *checkpoint, as state, move string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := *g.rec
	g.rec.Checkpoint, g.rec.State, g.rec.Move = c, as, move
	if err := p.store.write(g.rec); err != nil {
		*g.rec = before
		return err
	}
	p.changes.Raise()
	return nil
}

func (p *supervisor) inTurn(ctx context.Context, id hostagent.GuestID, what string, do func(*guest) error) error {
	g, release, err := p.turnOf(ctx, id)
	if err == nil {
		defer release()
		err = do(g)
	}
	if err != nil {
		return fmt.Errorf("%s process %s: %w", what, id, err)
	}
	return nil
}

// Resume implements hostagent.Runner.
func (p *supervisor) Resume(ctx context.Context, id hostagent.GuestID) error {
	return p.inTurn(ctx, id, "resume", func(g *guest) error {
		p.mu.Lock()
		defer p.mu.Unlock()
		if g.rec.State != suspended {
			return fmt.Errorf("it is %s, and not suspended", g.rec.State)
		}
		return p.continues(g)
	})
}

// Stop implements hostagent.Runner.
func (p *supervisor) Stop(ctx context.Context, id hostagent.GuestID) error {
	return p.inTurn(ctx, id, "stop", func(g *guest) error {
		p.mu.Lock()
		defer p.mu.Unlock()
		switch {
		case g.rec.State == frozen || g.rec.State == incoming:
			return errors.New("it is moving: stop it where it runs afterwards")
		case g.rec.State.ended() && g.rec.Process.PID == 0 && !g.ending:
			p.drop(id)
			return nil
		case g.rec.State.ended():
			g.forgotten, g.ending = true, true
			return nil
		}
		p.ends(g, stopped, "an operator has stopped it")
		return nil
	})
}

// Launched implements hostagent.Runner.
func (p *supervisor) Launched() []hostagent.Launched {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := make([]hostagent.Launched, 0, len(p.guests))
	for _, g := range p.guests {
		if !g.forgotten {
			list = append(list, g.launched())
		}
	}
	slices.SortFunc(list, func(a, b hostagent.Launched) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return list
}
