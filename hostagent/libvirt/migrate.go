//go:build cgo && libvirt_dlopen

package libvirt

import (
	"context"
	"errors"
	"fmt"
	"time"

	lv "libvirt.org/go/libvirt"
	"libvirt.org/go/libvirtxml"

	"parley/hostagent"
)

// Migrate migrates a domain live, from daemon to daemon. At the end of the context the
// call is abandoned and the migration continues until Abort: libvirt offers no other
// way to leave a migration than to wait for it.
func (p *Platform) Migrate(ctx context.Context, m hostagent.Migration, progress func(hostagent.Progress)) (hostagent.Migrated, error) {
	fail := func(err error) (hostagent.Migrated, error) {
		return hostagent.Migrated{}, fmt.Errorf("libvirt: migrate %s to %s: %w", m.Guest, m.Endpoint, err)
	}
	daemon, migrateURI, err := splitEndpoint(m.Endpoint)
	if err != nil {
		return fail(err)
	}
	move, err := p.begin(m.Guest)
	if err != nil {
		return fail(err)
	}
	if err := p.mayMove(ctx, m.Guest); err != nil {
		p.finish(m.Guest)
		return fail(err)
	}
	began := time.Now()
	over := make(chan outcome, 1)
	go func() {
		err := p.transfer(m, daemon, migrateURI)
		var o outcome
		if err == nil {
			o.migrated = move.result(began)
		}
		o.err = err
		p.finish(m.Guest)
		over <- o
		p.changes.Raise()
	}()
	migrated, err := p.watch(ctx, m, move, progress, over)
	if err != nil {
		return fail(err)
	}
	return migrated, nil
}

// outcome is how a migration ended.
type outcome struct {
	migrated hostagent.Migrated
	err      error
}

// mayMove checks preconditions up front, because libvirt reports them late or with
// unclear messages.
func (p *Platform) mayMove(ctx context.Context, guest hostagent.GuestID) error {
	_, err := onGuest(ctx, p, guest, "check whether the guest can be migrated", func(domain *lv.Domain) (none struct{}, _ error) {
		job, err := domain.GetJobStats(0)
		if err == nil && job.OperationSet && job.Operation == lv.DOMAIN_JOB_OPERATION_MIGRATION_OUT {
			return none, errors.New("it is being migrated already")
		}
		text, err := domain.GetXMLDesc(0)
		if err != nil {
			return none, err
		}
		var xml libvirtxml.Domain
		if err := xml.Unmarshal(text); err != nil {
			return none, err
		}
		d, err := describe(text, p.o.shared)
		if err != nil {
			return none, err
		}
		why := d.ineligible
		if why == "" {
			why, err = obstacle(domain, &xml)
		}
		if why != "" {
			err = errors.New(why)
		}
		return none, err
	})
	return err
}

// transfer is the migration itself. It does not use call, because its duration is not
// bounded.
func (p *Platform) transfer(m hostagent.Migration, daemon, migrateURI string) error {
	s, err := p.acquire()
	if err != nil {
		return err
	}
	defer s.release()
	domain, err := s.conn.LookupDomainByUUIDString(string(m.Guest))
	if err != nil {
		return err
	}
	defer p.free(domain)
	persistent, err := domain.IsPersistent()
	if err != nil {
		return err
	}
	unmark, err := p.mark(domain, m, persistent)
	if err != nil {
		return err
	}
	unpack, err := p.pack(domain, persistent)
	if err != nil {
		unmark()
		return err
	}
	flags := lv.MIGRATE_LIVE | lv.MIGRATE_PEER2PEER
	if persistent {
		// Otherwise a definition stays behind that somebody could start.
		flags |= lv.MIGRATE_PERSIST_DEST | lv.MIGRATE_UNDEFINE_SOURCE
	}
	if m.Force {
		flags |= lv.MIGRATE_AUTO_CONVERGE
	}
	params := &lv.DomainMigrateParameters{URISet: migrateURI != "", URI: migrateURI}
	if bandwidth := pick(m.BandwidthMax, p.o.BandwidthMax); bandwidth > 0 {
		params.BandwidthSet, params.Bandwidth = true, uint64(max(1, bandwidth>>20)) // MiB/s
	}
	if err := domain.MigrateToURI3(daemon, params, flags); err != nil {
		unpack()
		unmark()
		return explain(err)
	}
	return nil
}

// pick returns the first of two numbers that is set.
func pick[T ~int64](first, second T) T {
	if first > 0 {
		return first
	}
	return second
}

// Abort stops a migration away from here. The guest may have moved anyway.
func (p *Platform) Abort(ctx context.Context, guest hostagent.GuestID) error {
	_, err := onGuest(ctx, p, guest, "abort the migration of "+string(guest), func(domain *lv.Domain) (none struct{}, _ error) {
		return none, domain.AbortJob()
	})
	if err != nil {
		return fmt.Errorf("libvirt: %w", err)
	}
	return nil
}
