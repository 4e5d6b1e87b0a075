//go:build cgo && libvirt_dlopen

package libvirt

import (
	"context"
	"errors"
	"fmt"
	"time"

	lv "libvirt.org/go/libvirt"

	"parley/hostagent"
)

const (
	// progressEvery is how often a migration in flight is checked, besides at each of
	// its iterations; startEvery applies until it runs, when its downtime can be
	// limited.
	progressEvery = 500 * time.Millisecond
	startEvery    = 20 * time.Millisecond
	// statsWithin is how long after the end of the migration call the event with its
	// cost may come: the two are delivered separately.
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

// moveOf returns the migration that an event refers to; nil if this process did not
// begin it.
func (p *Platform) moveOf(domain *lv.Domain) *move {
	uuid, err := domain.GetUUIDString()
	if err != nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.moving[hostagent.GuestID(uuid)]
}

// iterated handles the event that a migration starts another pass over the memory.
func (p *Platform) iterated(domain *lv.Domain) {
	if m := p.moveOf(domain); m != nil {
		select {
		case m.iterated <- struct{}{}:
		default:
		}
	}
}

// jobCompleted keeps libvirt's statistics of a migration at its end: afterwards the
// domain is unknown here and cannot be asked.
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

// result returns the cost of the migration as libvirt measured it or, if its event did
// not come, the duration of the call.
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

// watch waits for the end of a migration, controls its pace and reports its progress. A
// migration without progress is aborted; the next look shows where the guest is then.
func (p *Platform) watch(ctx context.Context, m hostagent.Migration, move *move, progress func(hostagent.Progress),
	over <-chan outcome) (hostagent.Migrated, error) {
	pace := &pace{downtimeMax: pick(m.DowntimeMax, p.o.DowntimeMax), stallMax: p.o.StallMax}
	ticker := time.NewTicker(startEvery)
	defer ticker.Stop()
	var stalled error
	for {
		select {
		case o := <-over:
			if o.err != nil && stalled != nil {
				o.err = errors.Join(stalled, o.err)
			}
			return o.migrated, o.err
		case <-ctx.Done():
			return hostagent.Migrated{}, ctx.Err()
		case <-move.iterated:
		case <-ticker.C:
		}
		// On an error the migration has not begun or is over: its own end says more.
		job, stands, err := p.lookAtMove(ctx, m.Guest, pace)
		if err != nil || job == nil {
			continue
		}
		ticker.Reset(progressEvery)
		if stands && stalled == nil {
			stalled = fmt.Errorf("it made no progress for %v: the guest writes to its memory at %d MiB/s", p.o.StallMax,
				int64(job.MemDirtyRate)*int64(job.MemPageSize)>>20)
			if err := p.Abort(ctx, m.Guest); err != nil {
				p.o.Logger.Warn("aborting a migration that makes no progress", "event", "migration_abort_failed", "guest", m.Guest, "error", err)
			}
		}
		if progress != nil {
			progress(hostagent.Progress{
				TransferredBytes: int64(job.DataProcessed), RemainingBytes: int64(job.DataRemaining), Iteration: int(job.MemIteration),
				DirtyRate: int64(job.MemDirtyRate) * int64(job.MemPageSize), Elapsed: time.Duration(job.TimeElapsed) * time.Millisecond,
				Downtime: time.Duration(job.Downtime) * time.Millisecond,
			})
		}
	}
}

// lookAtMove returns the state of a migration, nil if none is in flight, and whether it
// is stalled; it sets the downtime that the pace allows.
func (p *Platform) lookAtMove(ctx context.Context, guest hostagent.GuestID, pace *pace) (job *lv.DomainJobInfo, stands bool, err error) {
	job, err = onGuest(ctx, p, guest, "ask for the progress of the migration", func(domain *lv.Domain) (*lv.DomainJobInfo, error) {
		job, err := domain.GetJobStats(0)
		if err != nil || !job.OperationSet || job.Operation != lv.DOMAIN_JOB_OPERATION_MIGRATION_OUT {
			return nil, err
		}
		return job, nil
	})
	if err != nil || job == nil {
		return job, false, err
	}
	downtime, stands := pace.look(time.Now(), int(job.MemIteration), int64(job.DataRemaining))
	if downtime > 0 {
		_, err = onGuest(ctx, p, guest, "limit the downtime", func(domain *lv.Domain) (none struct{}, _ error) {
			return none, domain.MigrateSetMaxDowntime(uint64(downtime.Milliseconds()), 0)
		})
	}
	return job, stands, err
}
