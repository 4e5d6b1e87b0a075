package process

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"parley/hostagent"
	"parley/hostagent/handover"
	"parley/hostagent/journal"
)

// journalAbove is the size from which on the journal of moves is compacted.
const journalAbove = 1 << 20

// Platform runs the cooperative processes of a host, and carries them to other hosts.
type Platform struct {
	of      *supervisor
	mover   *handover.Mover
	journal *journal.File
}

var (
	_ hostagent.Carrier = (*Platform)(nil)
	_ hostagent.Runner  = (*Platform)(nil)
)

// Open becomes the platform of the guests of a directory. It fails while another process
// is.
func Open(o Options) (_ *Platform, err error) {
	s, err := supervise(o)
	if err != nil {
		return nil, err
	}
	p := &Platform{of: s}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	p.journal, err = journal.Open(filepath.Join(s.options.Dir, "moves"), journal.Options{
		Above: journalAbove, Keep: handover.Keep,
		Warn: func(err error) {
			s.log.Warn("the journal of moves of processes", "event", "moves_journal", "error", err)
		},
	})
	if err != nil {
		return nil, fmt.Errorf("the journal of moves of processes: %w", err)
	}
	p.mover, err = handover.Open(handover.Options{
		Platform: moves{s}, Kind: hostagent.Process, Journal: p.journal, Logger: s.log, Changed: s.changes.Raise,
	})
	if err != nil {
		return nil, errors.Join(err, p.journal.Close())
	}
	p.mover.Start()
	return p, nil
}

// Name returns "process".
func (p *Platform) Name() string { return "process" }

// Observe implements hostagent.Platform.
func (p *Platform) Observe(ctx context.Context) (hostagent.Observation, error) {
	seen, err := p.of.Observe(ctx)
	if err != nil {
		return seen, err
	}
	seen.Endpoints = map[hostagent.Kind]string{hostagent.Process: p.mover.Endpoint()}
	seen.Guests = p.mover.Show(seen.Guests)
	return seen, nil
}

// Migrate implements hostagent.Platform.
func (p *Platform) Migrate(ctx context.Context, m hostagent.Migration, progress func(hostagent.Progress)) (hostagent.Migrated, error) {
	return p.mover.Migrate(ctx, m, progress)
}

// Abort implements hostagent.Platform.
func (p *Platform) Abort(ctx context.Context, guest hostagent.GuestID) error {
	return p.mover.Abort(ctx, guest)
}

// SetRules implements hostagent.Platform.
func (p *Platform) SetRules(ctx context.Context, guest hostagent.GuestID, rules hostagent.Rules) error {
	return p.of.SetRules(ctx, guest, rules)
}

// Changes implements hostagent.Platform.
func (p *Platform) Changes() <-chan struct{} { return p.of.Changes() }

// SetAdmission implements hostagent.Admitter.
func (p *Platform) SetAdmission(ask hostagent.Admission) { p.mover.SetAdmission(ask) }

// Settle implements hostagent.Settler.
func (p *Platform) Settle(guest hostagent.GuestID, here bool) error {
	return p.mover.Settle(guest, here)
}

// SetDial implements hostagent.Carrier.
func (p *Platform) SetDial(dial hostagent.Dial) { p.mover.SetDial(dial) }

// Arrive implements hostagent.Carrier.
func (p *Platform) Arrive(ctx context.Context, from hostagent.HostID, conn hostagent.Conn) {
	p.mover.Arrive(ctx, from, conn)
}

// Launch implements hostagent.Runner.
func (p *Platform) Launch(ctx context.Context, l hostagent.Launch) (hostagent.GuestID, error) {
	return p.of.Launch(ctx, l)
}

// Suspend implements hostagent.Runner.
func (p *Platform) Suspend(ctx context.Context, guest hostagent.GuestID) error {
	return p.of.Suspend(ctx, guest)
}

// Resume implements hostagent.Runner.
func (p *Platform) Resume(ctx context.Context, guest hostagent.GuestID) error {
	return p.of.Resume(ctx, guest)
}

// Stop implements hostagent.Runner.
func (p *Platform) Stop(ctx context.Context, guest hostagent.GuestID) error {
	return p.of.Stop(ctx, guest)
}

// Launched implements hostagent.Runner.
func (p *Platform) Launched() []hostagent.Launched { return p.of.Launched() }

// Close ends moves as far as they can be undone, and the supervision. The programs run on,
// and connect to the next agent.
func (p *Platform) Close() error {
	return errors.Join(p.mover.Close(), p.journal.Close(), p.of.Close())
}
