package process

import (
	"context"
	"errors"
	"path/filepath"

	"parley/hostagent"
	"parley/hostagent/handover"
)

// Platform runs the cooperative processes of a host, and carries them to other hosts.
type Platform struct {
	*handover.Mover
	of *supervisor
}

var (
	_ hostagent.Carrier = (*Platform)(nil)
	_ hostagent.Runner  = (*Platform)(nil)
)

// Open becomes the platform of the guests of a directory. It fails while another process
// is.
func Open(o Options) (*Platform, error) {
	s, err := supervise(o)
	if err != nil {
		return nil, err
	}
	mover, err := handover.OpenFile(filepath.Join(s.options.Dir, "moves"), handover.Options{
		Platform: moves{s}, Kind: hostagent.Process, Logger: s.log, Changed: s.changes.Raise,
	})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	mover.Start()
	return &Platform{Mover: mover, of: s}, nil
}

// Name returns "process".
func (p *Platform) Name() string { return "process" }

// Observe implements hostagent.Platform.
func (p *Platform) Observe(ctx context.Context) (hostagent.Observation, error) {
	seen, err := p.of.Observe(ctx)
	if err != nil {
		return seen, err
	}
	seen.Endpoints = map[hostagent.Kind]string{hostagent.Process: p.Endpoint()}
	seen.Guests = p.Show(seen.Guests)
	return seen, nil
}

// SetRules implements hostagent.Platform.
func (p *Platform) SetRules(ctx context.Context, guest hostagent.GuestID, rules hostagent.Rules) error {
	return p.of.SetRules(ctx, guest, rules)
}

// Changes implements hostagent.Platform.
func (p *Platform) Changes() <-chan struct{} { return p.of.Changes() }

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
	return errors.Join(p.Mover.Close(), p.of.Close())
}
