package service

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"parley/hostagent"
)

// mover carries out migrations, each in a goroutine that ends with one Moved.
type mover struct {
	platform hostagent.Platform
	timeout  time.Duration // of one call other than Migrate
	post     func(hostagent.Event)
	running  sync.WaitGroup
}

// start begins a migration. At the deadline it is aborted; whether the guest had moved
// by then is for the next look to say.
func (m *mover) start(ctx context.Context, e hostagent.StartMove) {
	m.running.Go(func() {
		bounded, cancel := context.WithTimeout(ctx, e.Deadline)
		defer cancel()
		migrated, err := m.platform.Migrate(bounded, e.Move, func(p hostagent.Progress) {
			m.post(hostagent.Progressed{Deal: e.Deal, Progress: p})
		})
		moved := hostagent.Moved{Deal: e.Deal, Migrated: migrated}
		if err != nil {
			moved.Err, moved.NotLetIn = err.Error(), errors.Is(err, hostagent.ErrNotLetIn)
			if errors.Is(bounded.Err(), context.DeadlineExceeded) {
				moved.Err = fmt.Sprintf("gave up after %v: %v", e.Deadline, err)
				if err := m.abort(ctx, e.Move.Guest); err != nil {
					moved.Err += fmt.Sprintf("; and it could not be aborted: %v", err)
				}
			}
		}
		m.post(moved)
	})
}

// abortSoon asks the platform to stop a migration; the Moved of the migration itself
// reports its outcome.
func (m *mover) abortSoon(ctx context.Context, guest hostagent.GuestID, failed func(error)) {
	m.running.Go(func() {
		if err := m.abort(ctx, guest); err != nil {
			failed(err)
		}
	})
}

func (m *mover) abort(ctx context.Context, guest hostagent.GuestID) error {
	bounded, cancel := context.WithTimeout(ctx, m.timeout)
	defer cancel()
	return m.platform.Abort(bounded, guest)
}
