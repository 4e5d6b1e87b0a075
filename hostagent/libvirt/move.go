//go:build cgo && libvirt_dlopen

package libvirt

import (
	"context"
	"errors"
	"time"

	lv "libvirt.org/go/libvirt"

	"parley/hostagent"
)

const (
	// progressEvery is how often a migration under way is looked at, besides
	// at each of its iterations; startEvery until it runs, when its downtime
	// can be limited.
	progressEvery = 500 * time.Millisecond
	startEvery    = 20 * time.Millisecond
	// statsWithin is how long the event with a migration's cost may come
	// after the answer to the migration: they travel on different ways.
	statsWithin = 2 * time.Second
)

// move is a migration away from here that this process began.
type move struct {
	completed chan hostagent.Migrated // holds one
	iterated  chan struct{}           // holds one
}

// begin claims a guest for a migration.
func (p *Platform) begin(guest hostagent.GuestID) (*move, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.moving[guest] != nil {
		return nil, errors.New("it is being migrated already")
	}
	m := &move{completed: make(chan hostagent.Migrated, 1), iterated: make(chan struct{}, 1)}
	p.moving[guest] = m
	return m, nil
}

func (p *Platform) finish(guest hostagent.GuestID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.moving, guest)
}

// moveOf is the migration that an event speaks of; nil when it is not ours.
func (p *Platform) moveOf(domain *lv.Domain) *move {
	uuid, err := domain.GetUUIDString()
	if err != nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.moving[hostagent.GuestID(uuid)]
}

// iterated hears that a migration goes over the memory once more.
func (p *Platform) iterated(domain *lv.Domain) {
	if m := p.moveOf(domain); m != nil {
		select {
		case m.iterated <- struct{}{}:
		default:
		}
	}
}

// jobCompleted keeps what libvirt says of a migration at its end: afterwards
// the domain is no longer known here and cannot be asked.
func (p *Platform) jobCompleted(domain *lv.Domain, e *lv.DomainEventJobCompleted) {
	m := p.moveOf(domain)
	if m == nil || e.Info.OperationSet && e.Info.Operation != lv.DOMAIN_JOB_OPERATION_MIGRATION_OUT {
		return
	}
	select {
	case m.completed <- hostagent.Migrated{
		Total:    time.Duration(e.Info.TimeElapsed) * time.Millisecond,
		Downtime: time.Duration(e.Info.Downtime) * time.Millisecond,
		Bytes:    int64(e.Info.DataProcessed),
	}:
	default:
	}
}

// result is what the migration cost: as libvirt measured it, or where its
// event did not come, how long the call took.
func (m *move) result(began time.Time) hostagent.Migrated {
	took := time.Since(began)
	timer := time.NewTimer(statsWithin)
	defer timer.Stop()
	select {
	case done := <-m.completed:
		if done.Total == 0 {
			done.Total = took
		}
		return done
	case <-timer.C:
		return hostagent.Migrated{Total: took}
	}
}

// watch waits for the end of a migration, sets its downtime limit once it runs
// and reports how far it is.
func (p *Platform) watch(ctx context.Context, m hostagent.Migration, move *move, progress func(hostagent.Progress), over <-chan outcome) (hostagent.Migrated, error) {
	downtime := pick(m.DowntimeMax, p.o.DowntimeMax)
	ticker := time.NewTicker(startEvery)
	defer ticker.Stop()
	limited := false
	for {
		select {
		case o := <-over:
			return o.migrated, o.err
		case <-ctx.Done():
			return hostagent.Migrated{}, ctx.Err()
		case <-move.iterated:
		case <-ticker.C:
		}
		// An error here is that of a migration which has not begun or is
		// over: its own end says more.
		job, err := p.lookAtMove(ctx, m.Guest, limited, downtime)
		if err != nil || job == nil {
			continue
		}
		if !limited {
			limited = true
			ticker.Reset(progressEvery)
		}
		if progress != nil {
			progress(hostagent.Progress{
				TransferredBytes: int64(job.DataProcessed), RemainingBytes: int64(job.DataRemaining), Iteration: int(job.MemIteration),
			})
		}
	}
}

// lookAtMove returns how far a migration is, nil when none is under way, and
// limits its downtime first unless that is done.
func (p *Platform) lookAtMove(ctx context.Context, guest hostagent.GuestID, limited bool, downtime time.Duration) (*lv.DomainJobInfo, error) {
	return onGuest(ctx, p, guest, "ask how far the migration is", func(domain *lv.Domain) (*lv.DomainJobInfo, error) {
		job, err := domain.GetJobStats(0)
		if err != nil || !job.OperationSet || job.Operation != lv.DOMAIN_JOB_OPERATION_MIGRATION_OUT {
			return nil, err
		}
		if !limited {
			err = domain.MigrateSetMaxDowntime(uint64(downtime.Milliseconds()), 0)
		}
		return job, err
	})
}
