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

// progressEvery is how often a migration under way is looked at.
const progressEvery = 500 * time.Millisecond

// Migrate moves a domain live, from daemon to daemon. The flags are those of
// DESIGN 4: without PERSIST_DEST and UNDEFINE_SOURCE a definition would stay
// behind that somebody could start. At the context's end the call is given up
// and the migration goes on until Abort.
func (p *Platform) Migrate(ctx context.Context, m hostagent.Migration, progress func(hostagent.Progress)) (hostagent.Migrated, error) {
	conn, err := p.connection()
	if err != nil {
		return hostagent.Migrated{}, err
	}
	daemon, migrateURI, err := splitEndpoint(m.Endpoint)
	if err != nil {
		return hostagent.Migrated{}, err
	}
	domain, err := p.lookup(ctx, conn, m.Guest)
	if err != nil {
		return hostagent.Migrated{}, err
	}
	p.setMoving(m.Guest, true)
	began := time.Now()
	over := make(chan error, 1)
	go func() {
		// Left behind when the context ends: libvirt has no way to leave a
		// migration alone but to wait for it.
		err := p.migrate(domain, m, daemon, migrateURI)
		p.setMoving(m.Guest, false)
		if freed := domain.Free(); freed != nil {
			p.o.Logger.Debug("freeing a domain", "error", freed)
		}
		p.changed()
		over <- err
	}()
	if err := p.watch(ctx, conn, m, progress, over); err != nil {
		return hostagent.Migrated{}, fmt.Errorf("libvirt: migrate %s to %s: %w", m.Guest, daemon, err)
	}
	return p.result(m.Guest, time.Since(began)), nil
}

func (p *Platform) lookup(ctx context.Context, conn *lv.Connect, guest hostagent.GuestID) (*lv.Domain, error) {
	bounded, cancel := context.WithTimeout(ctx, p.o.Timeout)
	defer cancel()
	domain, err := call(bounded, p, "look up guest "+string(guest), func() (*lv.Domain, error) {
		return conn.LookupDomainByUUIDString(string(guest))
	})
	if err != nil {
		return nil, fmt.Errorf("libvirt: %w", err)
	}
	return domain, nil
}

func (p *Platform) setMoving(guest hostagent.GuestID, moving bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if moving {
		p.moving[guest] = true
		delete(p.completed, guest)
		return
	}
	delete(p.moving, guest)
}

// migrate marks the guest as moved, so that the mark travels, and takes the
// mark back if it stays.
func (p *Platform) migrate(domain *lv.Domain, m hostagent.Migration, daemon, migrateURI string) error {
	persistent, err := domain.IsPersistent()
	if err != nil {
		return err
	}
	flags := lv.MIGRATE_LIVE | lv.MIGRATE_PEER2PEER
	affects := lv.DOMAIN_AFFECT_LIVE
	if persistent {
		flags |= lv.MIGRATE_PERSIST_DEST | lv.MIGRATE_UNDEFINE_SOURCE
		affects |= lv.DOMAIN_AFFECT_CONFIG
	}
	before, err := domain.GetMetadata(lv.DOMAIN_METADATA_ELEMENT, metadataURI, lv.DOMAIN_AFFECT_LIVE)
	if err != nil {
		before = "" // there is none yet
	}
	if !m.MovedAt.IsZero() {
		text, err := markText(m.MovedAt)
		if err != nil {
			return err
		}
		if err := domain.SetMetadata(lv.DOMAIN_METADATA_ELEMENT, text, metadataKey, metadataURI, affects); err != nil {
			return fmt.Errorf("mark the guest as moved: %w", err)
		}
	}
	params := &lv.DomainMigrateParameters{URISet: migrateURI != "", URI: migrateURI}
	bandwidth := m.BandwidthMax
	if bandwidth == 0 {
		bandwidth = p.o.BandwidthMax
	}
	if bandwidth > 0 {
		params.BandwidthSet, params.Bandwidth = true, uint64(max(1, bandwidth>>20))
	}
	err = domain.MigrateToURI3(daemon, params, flags)
	if err != nil && !m.MovedAt.IsZero() {
		if unmarked := domain.SetMetadata(lv.DOMAIN_METADATA_ELEMENT, before, metadataKey, metadataURI, affects); unmarked != nil {
			p.o.Logger.Debug("taking back the mark of a guest that stays", "guest", m.Guest, "error", unmarked)
		}
	}
	return explain(err)
}

// explain adds to libvirt's words what an operator can do.
func explain(err error) error {
	var lerr lv.Error
	if err == nil || !errors.As(err, &lerr) {
		return err
	}
	hint := map[lv.ErrorNumber]string{
		lv.ERR_MIGRATE_UNSAFE:       "put the guest's disks on shared storage with cache='none', or pin the guest",
		lv.ERR_OPERATION_ABORTED:    "the migration was aborted; the guest stays where it is",
		lv.ERR_CPU_INCOMPATIBLE:     "give the guest a CPU model that both hosts have, or label the hosts",
		lv.ERR_OPERATION_FAILED:     "look at libvirtd's log on both hosts; is migrate_uri of the target reachable from here?",
		lv.ERR_AUTH_FAILED:          "this host may not talk to the target's libvirtd: check its certificates",
		lv.ERR_NO_CONNECT:           "the target's libvirtd cannot be reached: check platform.endpoint there",
		lv.ERR_SYSTEM_ERROR:         "the target's libvirtd cannot be reached: check platform.endpoint and the firewall there",
		lv.ERR_ARGUMENT_UNSUPPORTED: "the libvirt on one side is too old for this guest",
	}[lerr.Code]
	if hint == "" {
		return err
	}
	return fmt.Errorf("%w (%s)", err, hint)
}

// watch waits for the end of a migration, sets its downtime limit once it runs
// and reports how far it is.
func (p *Platform) watch(ctx context.Context, conn *lv.Connect, m hostagent.Migration, progress func(hostagent.Progress), over <-chan error) error {
	// A handle of its own: the other one belongs to the migration.
	domain, err := p.lookup(ctx, conn, m.Guest)
	if err != nil {
		domain = nil // it may be gone already
	} else {
		defer func() {
			if freed := domain.Free(); freed != nil {
				p.o.Logger.Debug("freeing a domain", "error", freed)
			}
		}()
	}
	downtime := m.DowntimeMax
	if downtime == 0 {
		downtime = p.o.DowntimeMax
	}
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	limited := false
	for {
		select {
		case err := <-over:
			return err
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
		if domain == nil {
			continue
		}
		bounded, cancel := context.WithTimeout(ctx, p.o.Timeout)
		job, err := call(bounded, p, "ask how far the migration is", func() (*lv.DomainJobInfo, error) { return domain.GetJobStats(0) })
		running := err == nil && job.OperationSet && job.Operation == lv.DOMAIN_JOB_OPERATION_MIGRATION_OUT
		if running && !limited {
			_, err := call(bounded, p, "limit the downtime", func() (struct{}, error) {
				return struct{}{}, domain.MigrateSetMaxDowntime(uint64(downtime.Milliseconds()), 0)
			})
			limited = err == nil
			if limited {
				ticker.Reset(progressEvery)
			}
		}
		cancel()
		if running && progress != nil {
			progress(hostagent.Progress{
				TransferredBytes: int64(job.DataProcessed), RemainingBytes: int64(job.DataRemaining), Iteration: int(job.MemIteration),
			})
		}
	}
}

// jobCompleted keeps what libvirt says of a migration at its end: afterwards
// the domain is no longer known here and cannot be asked.
func (p *Platform) jobCompleted(domain *lv.Domain, e *lv.DomainEventJobCompleted) {
	uuid, err := domain.GetUUIDString()
	if err != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	id := hostagent.GuestID(uuid)
	if !p.moving[id] {
		return
	}
	p.completed[id] = hostagent.Migrated{
		Total:    time.Duration(e.Info.TimeElapsed) * time.Millisecond,
		Downtime: time.Duration(e.Info.Downtime) * time.Millisecond,
		Bytes:    int64(e.Info.DataProcessed),
	}
}

// result is what the migration cost: as libvirt measured it, or where its
// event did not come, how long the call took.
func (p *Platform) result(guest hostagent.GuestID, took time.Duration) hostagent.Migrated {
	p.mu.Lock()
	defer p.mu.Unlock()
	done, ok := p.completed[guest]
	delete(p.completed, guest)
	if !ok || done.Total == 0 {
		done.Total = took
	}
	return done
}

// Abort stops a migration away from here.
func (p *Platform) Abort(ctx context.Context, guest hostagent.GuestID) error {
	ctx, cancel := context.WithTimeout(ctx, p.o.Timeout)
	defer cancel()
	conn, err := p.connection()
	if err != nil {
		return err
	}
	domain, err := p.lookup(ctx, conn, guest)
	if err != nil {
		return err
	}
	_, err = call(ctx, p, "abort the migration of "+string(guest), func() (struct{}, error) {
		defer func() {
			if freed := domain.Free(); freed != nil {
				p.o.Logger.Debug("freeing a domain", "error", freed)
			}
		}()
		return struct{}{}, domain.AbortJob()
	})
	if err != nil {
		return fmt.Errorf("libvirt: %w", err)
	}
	return nil
}
