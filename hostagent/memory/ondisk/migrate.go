package ondisk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"parley/hostagent"
	"parley/hostagent/memory"
)

// move is a migration in flight. It belongs to the platform, not to the call that
// requested it: it continues when no caller waits.
type move struct {
	of      *Platform
	spec    hostagent.Migration
	guest   string
	target  string
	rounds  *memory.Precopy
	conn    net.Conn
	stopped chan struct{} // closed by stop

	why      error // guarded by of.mu, set before stopped is closed
	switched bool  // guarded by of.mu: too late to stop

	ended    chan struct{} // closed when migrated and err are set
	migrated hostagent.Migrated
	err      error

	// progress is called with reporting held, so that no call is in progress once
	// Migrate has removed it.
	reporting sync.Mutex
	progress  func(hostagent.Progress)
}

// stop ends the migration unless it is too late. The caller holds of.mu.
func (m *move) stop(why error) bool {
	if m.switched {
		return false
	}
	if m.why == nil {
		m.why = why
		close(m.stopped)
	}
	return true
}

// Migrate implements hostagent.Platform. When the context ends the migration continues:
// Abort stops it.
func (p *Platform) Migrate(ctx context.Context, spec hostagent.Migration, progress func(hostagent.Progress)) (hostagent.Migrated, error) {
	m, err := p.begin(ctx, spec, progress)
	if err != nil {
		return hostagent.Migrated{}, fmt.Errorf("migrate guest %s from host %s: %w", spec.Guest, p.host, err)
	}
	select {
	case <-m.ended:
		return m.migrated, m.err
	case <-ctx.Done():
		m.reporting.Lock()
		m.progress = nil
		m.reporting.Unlock()
		return hostagent.Migrated{}, fmt.Errorf("migrate guest %s from host %s: stopped waiting: %w", spec.Guest, p.host, context.Cause(ctx))
	}
}

// begin checks, asks the target and starts to copy.
func (p *Platform) begin(ctx context.Context, spec hostagent.Migration, progress func(hostagent.Progress)) (*move, error) {
	m, g, err := p.register(ctx, spec, progress)
	if err != nil {
		return nil, err
	}
	if err := m.askTarget(ctx, g); err != nil {
		p.mu.Lock()
		delete(p.moves, m.guest)
		p.mu.Unlock()
		p.work.Done()
		return nil, err
	}
	go func() {
		defer p.work.Done()
		m.run()
	}()
	return m, nil
}

// register makes the move, which counts as work from then on; no other of the same guest
// can begin.
func (p *Platform) register(ctx context.Context, spec hostagent.Migration, progress func(hostagent.Progress)) (*move, Guest, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.usable(ctx); err != nil {
		return nil, Guest{}, err
	}
	target, err := p.hostAt(spec.Endpoint)
	if err != nil {
		return nil, Guest{}, err
	}
	g, err := p.find(spec.Guest)
	switch {
	case err != nil:
		return nil, Guest{}, err
	case p.moves[g.Name] != nil:
		return nil, Guest{}, errors.New("a migration of it is in flight")
	case g.Ineligible != "":
		return nil, Guest{}, fmt.Errorf("it cannot be migrated: %s", g.Ineligible)
	}
	m := &move{
		of: p, spec: spec, guest: g.Name, target: target, progress: progress,
		rounds:  memory.NewPrecopy(g.Memory+g.Disk, g.Dirty, p.link, spec),
		stopped: make(chan struct{}), ended: make(chan struct{}),
	}
	m.rounds.Stages = g.Kind.Known() != hostagent.VM
	p.moves[g.Name] = m
	p.work.Add(1)
	return m, g, nil
}

// askTarget connects to the target and asks whether the guest may come.
func (m *move) askTarget(ctx context.Context, g Guest) error {
	ctx, cancel := context.WithTimeout(ctx, 2*askWithin)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", m.of.site.socket(m.target))
	if err != nil {
		return fmt.Errorf("host %s does not answer: does its agent run? %w", m.target, err)
	}
	// The end of the context closes the connection, and so ends what waits for it.
	release := context.AfterFunc(ctx, func() { _ = conn.Close() })
	var answer answers
	err = send(conn, asks{Guest: g, Deal: m.spec.Deal, Token: m.spec.Token})
	if err == nil {
		err = receive(conn, &answer)
	}
	switch {
	case !release():
		err = context.Cause(ctx)
	case errors.Is(err, io.EOF):
		err = errors.New("it has closed the connection: look at its agent's log")
	case err == nil && answer.why().Is():
		err = fmt.Errorf("%w: %s", hostagent.ErrNotLetIn, answer.why())
	}
	if err != nil {
		_ = conn.Close() // the first error counts
		return fmt.Errorf("host %s: %w", m.target, err)
	}
	m.conn = conn
	return nil
}

// run copies and switches over, or leaves the guest where it is.
func (m *move) run() {
	broken := make(chan struct{})
	m.of.work.Go(func() {
		untilClosed(m.conn)
		close(broken)
	})
	err := m.precopy(broken)
	if err == nil {
		err = m.switchOver()
	}
	_ = m.conn.Close() // nothing is sent on it any more
	m.end(err)
}

// precopy lasts as long as the rounds of the migration.
func (m *move) precopy(broken <-chan struct{}) error {
	for {
		timer := time.NewTimer(m.of.link.Real(m.rounds.Round()))
		select {
		case <-m.stopped:
			timer.Stop()
			return m.stopReason()
		case <-broken:
			timer.Stop()
			return errors.New("the connection to the target broke")
		case <-timer.C:
		}
		report, last := m.rounds.Count()
		m.report(report)
		if last {
			return nil
		}
	}
}

func (m *move) stopReason() error {
	m.of.mu.Lock()
	defer m.of.mu.Unlock()
	return m.why
}

func (m *move) report(p hostagent.Progress) {
	m.reporting.Lock()
	defer m.reporting.Unlock()
	if m.progress != nil {
		m.progress(p)
	}
}

// switchOver makes the guest run at the target. What was written into the guest during
// the migration goes with it.
func (m *move) switchOver() error {
	p := m.of
	p.mu.Lock()
	if m.why != nil {
		p.mu.Unlock()
		return m.why
	}
	m.switched = true
	p.mu.Unlock()
	// The guest is paused; the migration cannot be stopped any more.
	<-time.NewTimer(p.link.Real(m.rounds.Cost().Downtime)).C
	p.mu.Lock()
	defer p.mu.Unlock()
	g, err := p.find(m.spec.Guest)
	if err != nil {
		return err
	}
	if !m.spec.MovedAt.IsZero() {
		g.MovedAt = m.spec.MovedAt
		if err := p.site.write(p.host, g); err != nil {
			return err
		}
	}
	return p.site.switchOver(m.guest, p.host, m.target)
}

// end makes the outcome known.
func (m *move) end(err error) {
	if err != nil {
		m.err = fmt.Errorf("migrate guest %s from host %s to host %s: %w", m.guest, m.of.host, m.target, err)
	} else {
		m.migrated = m.rounds.Cost()
	}
	m.of.mu.Lock()
	defer m.of.mu.Unlock()
	delete(m.of.moves, m.guest)
	m.of.changes.Raise()
	close(m.ended)
}

// Abort implements hostagent.Platform.
func (p *Platform) Abort(ctx context.Context, id hostagent.GuestID) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	fail := func(why error) error {
		return fmt.Errorf("abort the migration of guest %s from host %s: %w", id, p.host, why)
	}
	if err := p.usable(ctx); err != nil {
		return fail(err)
	}
	switch m := p.moves[string(id)]; {
	case m == nil:
		return fail(errors.New("none is in flight"))
	case !m.stop(errors.New("it was aborted")):
		return fail(errors.New("too late, it has switched"))
	}
	return nil
}
