package memory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"parley/hostagent"
)

// move is a migration in flight. It belongs to the site, not to the call that requested
// it: it continues when no caller waits.
type move struct {
	spec     hostagent.Migration
	source   *Platform
	target   *Platform
	guest    *guest
	stopped  chan struct{} // closed by stop
	why      error         // guarded by site.mu, set before stopped is closed
	switched bool          // guarded by site.mu: too late to stop
	ended    chan struct{} // closed when migrated and err are set
	migrated hostagent.Migrated
	err      error

	// progress is called with reporting held, so that no call is in progress once
	// Migrate has removed it.
	reporting sync.Mutex
	progress  func(hostagent.Progress)
}

// stop ends the migration unless it is too late. The caller holds site.mu.
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
		return hostagent.Migrated{}, fmt.Errorf("migrate guest %s from host %s: %w", spec.Guest, p.name, err)
	}
	select {
	case <-m.ended:
		return m.migrated, m.err
	case <-ctx.Done():
		m.reporting.Lock()
		m.progress = nil
		m.reporting.Unlock()
		return hostagent.Migrated{}, fmt.Errorf("migrate guest %s from host %s: stopped waiting: %w", spec.Guest, p.name, context.Cause(ctx))
	}
}

// begin checks, asks the target's agent and shows the guest as incoming there.
func (p *Platform) begin(ctx context.Context, spec hostagent.Migration, progress func(hostagent.Progress)) (*move, error) {
	p.site.mu.Lock()
	defer p.site.mu.Unlock()
	if err := p.usable(ctx); err != nil {
		return nil, err
	}
	m := &move{spec: spec, source: p, stopped: make(chan struct{}), ended: make(chan struct{}), progress: progress}
	if err := m.check(); err != nil {
		return nil, err
	}
	g := m.guest
	g.move = m // from here on no other migration of it can begin
	if ask := m.target.admission; ask != nil {
		spec := g.spec
		p.site.mu.Unlock()
		why := ask(ctx, hostagent.AdmissionAsked{
			Guest: spec.ID, Kind: spec.Kind.Known(), Deal: m.spec.Deal, Token: m.spec.Token, Need: spec.Declared, Rules: spec.Rules,
		})
		p.site.mu.Lock()
		if why.Is() {
			g.move = nil
			return nil, fmt.Errorf("host %s refuses it: %w: %s", m.target.name, hostagent.ErrNotLetIn, why)
		}
	}
	// The state may have changed while the agent was asked.
	if err := m.recheck(); err != nil {
		g.move = nil
		return nil, err
	}
	m.target.guests[spec.Guest] = &guest{spec: g.spec, started: g.started, state: hostagent.Incoming, movedAt: g.movedAt}
	m.target.changes.Raise()
	p.moves.Go(m.run)
	return m, nil
}

func (m *move) check() error {
	var err error
	if m.target, err = m.source.site.at(m.spec.Endpoint); err != nil {
		return err
	}
	g := m.source.guests[m.spec.Guest]
	switch {
	case m.target == m.source:
		return errors.New("it is on that host already")
	case g == nil || g.state != hostagent.Running:
		return errors.New("no such guest runs here")
	case g.move != nil:
		return errors.New("a migration of it is in flight")
	case g.spec.Ineligible != "":
		return fmt.Errorf("it cannot be migrated: %s", g.spec.Ineligible)
	case m.target.guests[m.spec.Guest] != nil:
		return fmt.Errorf("host %s has a guest of this id", m.target.name)
	case !slices.Contains(m.target.kinds, g.spec.Kind.Known()):
		return fmt.Errorf("host %s has no guests of the kind %s: %w", m.target.name, g.spec.Kind.Known(), hostagent.ErrNotLetIn)
	case m.target.fault == Refuses:
		return fmt.Errorf("host %s lets no guest in: %w", m.target.name, hostagent.ErrNotLetIn)
	}
	m.guest = g
	return nil
}

func (m *move) recheck() error {
	switch {
	case m.why != nil:
		return m.why
	case m.source.closed || m.target.closed:
		return errClosed
	case m.source.guests[m.spec.Guest] != m.guest:
		return errors.New("no such guest runs here")
	case m.target.guests[m.spec.Guest] != nil:
		return fmt.Errorf("host %s has a guest of this id", m.target.name)
	}
	return nil
}

// run copies and switches over, or restores the previous state.
func (m *move) run() {
	downtime, err := m.precopy()
	site := m.source.site
	site.mu.Lock()
	if err == nil && m.why != nil {
		err = m.why
	}
	if err == nil && m.target.closed {
		err = errClosed
	}
	if err != nil {
		m.giveUp(err)
		site.mu.Unlock()
		return
	}
	m.switched = true
	site.mu.Unlock()
	m.wait(downtime) // the guest is paused; the migration cannot be stopped any more
	site.mu.Lock()
	m.arrive()
	site.mu.Unlock()
	if site.overlap > 0 {
		timer := time.NewTimer(site.overlap)
		<-timer.C
	}
	site.mu.Lock()
	defer site.mu.Unlock()
	m.leave()
}

func (m *move) giveUp(err error) {
	m.err = fmt.Errorf("migrate guest %s from host %s to host %s: %w", m.spec.Guest, m.source.name, m.target.name, err)
	m.migrated = hostagent.Migrated{}
	if g := m.target.guests[m.spec.Guest]; g != nil && g.state == hostagent.Incoming {
		delete(m.target.guests, m.spec.Guest)
	}
	m.guest.move = nil
	m.source.changes.Raise()
	m.target.changes.Raise()
	close(m.ended)
}

// arrive makes the guest run at the target.
func (m *move) arrive() {
	m.source.count()
	m.target.count()
	g := m.target.guests[m.spec.Guest]
	g.state = hostagent.Running
	// Changes of the guest during the migration go with it.
	g.spec = m.guest.spec
	if !m.spec.MovedAt.IsZero() {
		g.movedAt = m.spec.MovedAt
	}
	m.target.changes.Raise()
}

// leave removes the guest from the source.
func (m *move) leave() {
	m.source.count()
	if m.source.guests[m.spec.Guest] == m.guest {
		delete(m.source.guests, m.spec.Guest)
	}
	m.guest.move = nil
	m.source.changes.Raise()
	close(m.ended)
}

// precopy lasts as long as the rounds of the migration, and returns the downtime.
func (m *move) precopy() (downtime time.Duration, err error) {
	m.source.site.mu.Lock()
	spec := m.guest.spec
	m.source.site.mu.Unlock()
	rounds := NewPrecopy(spec.Declared.MemoryBytes+spec.Declared.DiskBytes, spec.DirtyBytes, m.link(), m.spec)
	rounds.Stages = spec.Kind.Known() != hostagent.VM
	for {
		if err := m.waitOrFail(rounds.Round()); err != nil {
			return 0, err
		}
		report, last := rounds.Count()
		m.report(report)
		if last {
			m.migrated = rounds.Cost()
			return m.migrated.Downtime, nil
		}
	}
}

func (m *move) link() Link { return m.source.site.link }

// waitOrFail waits for the duration of a round. A stop or a fault of the target ends it
// with an error.
func (m *move) waitOrFail(round time.Duration) error {
	site := m.source.site
	site.mu.Lock()
	fault := m.target.fault
	site.mu.Unlock()
	if fault == Hangs {
		<-m.stopped
		return m.stopReason()
	}
	if fault == Breaks || fault == Gone {
		round /= 2
	}
	timer := time.NewTimer(m.link().Real(round))
	defer timer.Stop()
	select {
	case <-m.stopped:
		return m.stopReason()
	case <-timer.C:
	}
	if fault == Breaks || fault == Gone {
		return errors.New("the connection to the target broke")
	}
	return nil
}

func (m *move) stopReason() error {
	m.source.site.mu.Lock()
	defer m.source.site.mu.Unlock()
	return m.why
}

// wait waits for the downtime.
func (m *move) wait(d time.Duration) {
	timer := time.NewTimer(m.link().Real(d))
	<-timer.C
}

func (m *move) report(p hostagent.Progress) {
	m.reporting.Lock()
	defer m.reporting.Unlock()
	if m.progress != nil {
		m.progress(p)
	}
}

// Abort implements hostagent.Platform.
func (p *Platform) Abort(ctx context.Context, id hostagent.GuestID) error {
	p.site.mu.Lock()
	err := p.usable(ctx)
	var m *move
	if g := p.guests[id]; err == nil && g != nil {
		m = g.move
	}
	stopped := m != nil && m.stop(errors.New("it was aborted"))
	p.site.mu.Unlock()
	switch {
	case err != nil:
		return fmt.Errorf("abort the migration of guest %s from host %s: %w", id, p.name, err)
	case m == nil:
		return fmt.Errorf("abort the migration of guest %s from host %s: none is in flight", id, p.name)
	case !stopped:
		return fmt.Errorf("abort the migration of guest %s from host %s: too late, it has switched", id, p.name)
	}
	return nil
}
