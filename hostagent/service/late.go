package service

import (
	"context"
	"fmt"
	"sync"

	"parley/hostagent"
)

// Late is a platform that may not be there yet when the agent starts: every
// look tries to open it, and until one succeeds says why it cannot be seen. The
// agent runs meanwhile, answers its operator and its peers, and begins no deal.
type Late struct {
	name string
	open func() (hostagent.Platform, error)

	mu        sync.Mutex
	inner     hostagent.Platform // nil until it was opened
	closed    bool
	changes   chan struct{}
	stop      chan struct{}
	forwarder sync.WaitGroup
}

// NewLate returns a platform that open opens. It is not opened before the first
// look.
func NewLate(name string, open func() (hostagent.Platform, error)) *Late {
	return &Late{name: name, open: open, changes: make(chan struct{}, 1), stop: make(chan struct{})}
}

// Name is that of the platform.
func (l *Late) Name() string { return l.name }

// Changes gets what the platform notices once it is there.
func (l *Late) Changes() <-chan struct{} { return l.changes }

// platform returns the platform, opened if it can be.
func (l *Late) platform() (hostagent.Platform, error) {
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
	l.forwarder.Go(func() { l.forward(inner.Changes()) })
	return inner, nil
}

func (l *Late) forward(from <-chan struct{}) {
	for {
		select {
		case _, open := <-from:
			if !open {
				return
			}
			signal(l.changes)
		case <-l.stop:
			return
		}
	}
}

// Observe looks, and opens the platform first where that is still to be done.
func (l *Late) Observe(ctx context.Context) (hostagent.Observation, error) {
	p, err := l.platform()
	if err != nil {
		return hostagent.Observation{}, err
	}
	return p.Observe(ctx)
}

// Migrate moves a guest.
func (l *Late) Migrate(ctx context.Context, m hostagent.Migration, progress func(hostagent.Progress)) (hostagent.Migrated, error) {
	p, err := l.platform()
	if err != nil {
		return hostagent.Migrated{}, err
	}
	return p.Migrate(ctx, m, progress)
}

// Abort stops a migration.
func (l *Late) Abort(ctx context.Context, guest hostagent.GuestID) error {
	p, err := l.platform()
	if err != nil {
		return err
	}
	return p.Abort(ctx, guest)
}

// SetRules writes a guest's rules into it.
func (l *Late) SetRules(ctx context.Context, guest hostagent.GuestID, rules hostagent.Rules) error {
	p, err := l.platform()
	if err != nil {
		return err
	}
	return p.SetRules(ctx, guest, rules)
}

// Close closes the platform if it was opened.
func (l *Late) Close() error {
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
	close(l.changes)
	if inner == nil {
		return nil
	}
	return inner.Close()
}
