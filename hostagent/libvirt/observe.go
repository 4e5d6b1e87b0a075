//go:build cgo && libvirt_dlopen

package libvirt

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"time"

	lv "libvirt.org/go/libvirt"

	"parley/hostagent"
)

// Observe looks at all active domains.
func (p *Platform) Observe(ctx context.Context) (hostagent.Observation, error) {
	ctx, cancel := context.WithTimeout(ctx, p.o.Timeout)
	defer cancel()
	seen, err := call(ctx, p, "look at the guests", func() (hostagent.Observation, error) {
		s, err := p.acquire()
		if err != nil {
			return hostagent.Observation{}, err
		}
		defer s.release()
		seen, err := p.observe(s.conn)
		if broken(err) {
			p.lost(s, err)
		}
		return seen, err
	})
	if err != nil {
		return hostagent.Observation{}, fmt.Errorf("libvirt: %w", err)
	}
	return seen, nil
}

func (p *Platform) observe(conn *lv.Connect) (hostagent.Observation, error) {
	seen := hostagent.Observation{Capacity: p.o.Capacity, Endpoints: map[hostagent.Kind]string{hostagent.VM: p.endpoint}}
	if seen.Capacity.CPU == 0 || seen.Capacity.MemoryBytes == 0 {
		node, err := conn.GetNodeInfo()
		if err != nil {
			return seen, err
		}
		if seen.Capacity.CPU == 0 {
			seen.Capacity.CPU = float64(node.Cpus)
		}
		if seen.Capacity.MemoryBytes == 0 {
			seen.Capacity.MemoryBytes, seen.ReserveBytes = hostagent.DivideMemory(int64(node.Memory)<<10, p.o.Reserve)
		}
	}
	wanted := lv.DOMAIN_STATS_STATE | lv.DOMAIN_STATS_CPU_TOTAL | lv.DOMAIN_STATS_BALLOON | lv.DOMAIN_STATS_VCPU
	if p.o.DirtyEvery > 0 {
		wanted |= lv.DOMAIN_STATS_DIRTYRATE
	}
	stats, err := conn.GetAllDomainStats(nil, wanted,
		lv.CONNECT_GET_ALL_DOMAINS_STATS_ACTIVE|lv.CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT)
	if err != nil {
		return seen, err
	}
	defer func() {
		for _, s := range stats {
			p.free(s.Domain)
		}
	}()
	guests := map[*lv.Domain]hostagent.Guest{}
	for _, s := range stats {
		guest, err := p.guest(s)
		switch {
		case gone(err):
			continue // it ended between two calls
		case err != nil:
			return seen, err
		}
		guests[s.Domain] = guest
		seen.Guests = append(seen.Guests, guest)
	}
	if p.o.DirtyEvery > 0 {
		p.measureDirty(stats, guests)
	}
	seen.Networks = networksHere(conn)
	p.inspector.note(seen.Guests)
	sort.Slice(seen.Guests, func(i, j int) bool { return seen.Guests[i].ID < seen.Guests[j].ID })
	return seen, nil
}

func (p *Platform) guest(s lv.DomainStats) (hostagent.Guest, error) {
	uuid, err := s.Domain.GetUUIDString()
	if err != nil {
		return hostagent.Guest{}, err
	}
	name, err := s.Domain.GetName()
	if err != nil {
		return hostagent.Guest{}, err
	}
	text, err := s.Domain.GetXMLDesc(0)
	if err != nil {
		return hostagent.Guest{}, err
	}
	d, err := describe(text, p.o.shared)
	if err != nil {
		return hostagent.Guest{}, fmt.Errorf("guest %s: %w", name, err)
	}
	g := hostagent.Guest{
		ID: hostagent.GuestID(uuid), Name: name, Declared: p.o.declared(d), MemoryMaxBytes: p.o.memoryMax(d),
		MemoryBytes: d.declared.MemoryBytes, Ineligible: d.ineligible, MovedAt: d.mark.moved, Rules: d.mark.rules, Networks: d.networks,
		Files: d.files,
	}
	if s.Cpu != nil && s.Cpu.TimeSet {
		g.CPUTime = time.Duration(s.Cpu.Time)
	}
	if s.Balloon != nil && s.Balloon.CurrentSet {
		g.MemoryBytes = int64(s.Balloon.Current) << 10
	}
	dirtied(s, &g)
	for _, vcpu := range s.Vcpu {
		if vcpu.DelaySet {
			g.Delay += time.Duration(vcpu.Delay)
		}
	}
	g.State, g.Leaving = p.state(s, g.ID)
	return g, nil
}

// networksHere returns the active networks and the bridges of the host; none if they
// are unknown.
func networksHere(conn *lv.Connect) (names []string) {
	list, err := conn.ListAllNetworks(lv.CONNECT_LIST_NETWORKS_ACTIVE)
	if err != nil {
		return nil
	}
	names = bridges("/sys")
	for i := range list {
		if name, err := list[i].GetName(); err == nil {
			names = append(names, "the network "+name)
		}
		// A failure to free the handle is harmless: only its name was read.
		_ = list[i].Free()
	}
	slices.Sort(names)
	return names
}

// state distinguishes a guest that runs here from one that is migrating here: both are
// paused around the switchover, and the job shows the direction.
func (p *Platform) state(s lv.DomainStats, id hostagent.GuestID) (state hostagent.GuestState, leaving bool) {
	if s.State == nil || !s.State.StateSet {
		return hostagent.Paused, false
	}
	p.mu.Lock()
	leaving = p.moving[id] != nil
	p.mu.Unlock()
	job, err := s.Domain.GetJobStats(0) // without an answer the state alone counts
	outgoing := err == nil && job.OperationSet && job.Operation == lv.DOMAIN_JOB_OPERATION_MIGRATION_OUT
	incoming := err == nil && job.OperationSet && job.Operation == lv.DOMAIN_JOB_OPERATION_MIGRATION_IN
	leaving = leaving || outgoing
	switch {
	case s.State.State != lv.DOMAIN_PAUSED, leaving:
		return hostagent.Running, leaving
	case incoming:
		return hostagent.Incoming, false
	}
	switch lv.DomainPausedReason(s.State.Reason) {
	case lv.DOMAIN_PAUSED_MIGRATION, lv.DOMAIN_PAUSED_STARTING_UP:
		return hostagent.Incoming, false
	}
	return hostagent.Paused, false
}
