// Package lazy opens a platform when it is there, and not before.
package lazy

import (
	"context"
	"fmt"
	"sync"

	"parley/hostagent"
	"parley/hostagent/changes"
)

// Platform is one that may not be there yet when the agent starts. Every look
// tries to open it, and until one succeeds says why it cannot be seen. The agent
// runs meanwhile, answers its operator and its peers, and begins no deal.
type Platform struct {
	name string
	open func() (hostagent.Platform, error)

	mu        sync.Mutex
	inner     hostagent.Platform // nil until it was opened
	closed    bool
	changes   *changes.Signal
	stop      chan struct{}
	forwarder sync.WaitGroup
}

// New returns a platform that open opens. It is not opened before the first
// look.
func New(name string, open func() (hostagent.Platform, error)) *Platform {
	return &Platform{name: name, open: open, changes: changes.New(), stop: make(chan struct{})}
}

// Name is that of the platform.
func (l *Platform) Name() string { return l.name }

// Changes gets what the platform notices once it is there.
func (l *Platform) Changes() <-chan struct{} { return l.changes.C() }

// opened returns the platform, opened if it can be.
func (l *Platform) opened() (hostagent.Platform, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, fmt.Errorf("the platform %s is closed", l.name)
	}
	if l.inner != nil {
		return l.inner, nil
	}
	inner, err := l.open()
	if err != nil {
		return nil, err
	}
	l.inner = inner
	l.forwarder.Go(func() { l.changes.Forward(inner.Changes(), l.stop) })
	return inner, nil
}

// Observe looks, and opens the platform first where that is still to be done.
func (l *Platform) Observe(ctx context.Context) (hostagent.Observation, error) {
	p, err := l.opened()
	if err != nil {
		return hostagent.Observation{}, err
	}
	return p.Observe(ctx)
}

// Migrate moves a guest.
func (l *Platform) Migrate(ctx context.Context, m hostagent.Migration, progress func(hostagent.Progress)) (hostagent.Migrated, error) {
	p, err := l.opened()
	if err != nil {
		return hostagent.Migrated{}, err
	}
	return p.Migrate(ctx, m, progress)
}

// Abort stops a migration.
func (l *Platform) Abort(ctx context.Context, guest hostagent.GuestID) error {
	p, err := l.opened()
	if err != nil {
		return err
	}
	return p.Abort(ctx, guest)
}

// SetRules writes a guest's rules into it.
func (l *Platform) SetRules(ctx context.Context, guest hostagent.GuestID, rules hostagent.Rules) error {
	p, err := l.opened()
	if err != nil {
		return err
	}
	return p.SetRules(ctx, guest, rules)
}

// Close closes the platform if it was opened.
func (l *Platform) Close() error {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return nil
	}
	l.closed = true
	inner := l.inner
	l.mu.Unlock()
	close(l.stop)
	l.forwarder.Wait()
	l.changes.Close()
	if inner == nil {
		return nil
	}
	return inner.Close()
}
