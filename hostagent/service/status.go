package service

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/recall"
	"parley/lcc"
	"parley/peer"
)

// This file assembles the status.

// Status asks the loop for the present status.
func (s *Service) Status(ctx context.Context) (status api.Status, err error) {
	err = s.inLoop(ctx, func(lcc.Instant) error {
		status = s.status()
		return nil
	})
	status.Platform.Ended = s.runs.ended()
	return status, err
}

func (s *Service) status() api.Status {
	host := s.node.Host().Status()
	status := api.Status{
		Host: s.config.Host, PeerID: string(s.network.ID()), Addresses: s.network.Addrs(), Since: s.began,
		Mode: s.config.Mode, Paused: host.Settings.Paused || host.Settings.Halted != "", Drained: host.Settings.Drained,
		Drain:  s.names.drain(host),
		Labels: append([]string{}, host.Labels...), Idle: s.names.refusal(host.Idle), Twin: twinText(s.network.Twin()),
		SafeStart: s.policies.safe.text(),
		Rejected:  s.rejected, RosterFaults: s.names.faults(s.config.Labels),
		Platform: platformStatus(s.platform.Name(), host),
		Policy:   api.PolicyStatus{File: s.policies.policy.file, Error: s.policies.policy.err, Models: []api.ModelStatus{}},
		Load:     loadStatus(host), Power: s.config.Power,
		Guests: []api.GuestStatus{}, Peers: []api.PeerStatus{},
		Deals: s.names.deals(s.records.history.inFlight), History: s.names.deals(s.records.history.ended),
		Audit: s.audit.status(),
	}
	status.Policy.Quarantined = s.policies.quarantine.active(time.Now())
	if s.publishers.driver != nil && len(s.policies.policy.enacted) == 0 {
		status.Policy.Error = "no signed policy is in force here yet: `parley policy status` shows the state"
	}
	under := map[string]hostagent.DealStatus{}
	for _, d := range host.Deals {
		under[string(d.Deal)+string(d.Side)] = d
	}
	for i, d := range status.Deals {
		progress := under[d.Deal+d.Side].Progress
		status.Deals[i].Transferred, status.Deals[i].Remaining = progress.TransferredBytes, progress.RemainingBytes
		status.Deals[i].Stage = progress.Stage
	}
	guests := make(map[hostagent.GuestID]string, len(host.Guests))
	for _, g := range host.Guests {
		guests[g.ID] = g.Name
		status.Guests = append(status.Guests, api.GuestStatus{
			ID: string(g.ID), Name: g.Name, Kind: string(g.Kind), State: string(g.State), CPU: g.CPU,
			Memory: g.Declared.MemoryBytes, Processors: g.Declared.CPU, Ineligible: g.Ineligible, Fault: g.Fault,
			Rules: guestRules(g.Rules), Unmoved: s.names.refusal(g.Unmoved), Recommended: g.Recommended, Blocked: s.names.refusal(g.Blocked),
			Foreseen: s.names.refusal(g.Foreseen), DirtyRate: g.DirtyRate, Needs: g.Needs, Disk: g.Declared.DiskBytes,
		})
	}
	status.Load.Spare = spareStatus(s.node.Host().SpareStatus(), s.names)
	status.BackOff, status.Duels = s.names.backOffs(host.Failing, guests), s.names.duels(host.Duels, guests)
	for _, m := range s.node.Peer().Enacted() {
		d := m.Model.Digest()
		status.Policy.Models = append(status.Policy.Models, api.ModelStatus{
			Name: m.Model.Name(), Digest: fullDigest(d), Roles: texts(m.Roles),
		})
	}
	known := map[string]peer.Known{}
	for _, k := range s.node.Peer().Known() {
		known[string(k.Peer)] = k
	}
	members := s.names.members()
	for _, m := range members.list {
		k := known[string(m.id)]
		one := api.PeerStatus{
			ID: string(m.id), Name: members.called(m), Addresses: m.addresses, Publisher: m.publisher,
			Connected: k.Linked, Suspected: k.Suspected, Incarnations: string(k.Lives),
		}
		for _, play := range k.Plays {
			one.Roles = append(one.Roles, texts(play.Roles)...)
		}
		status.Peers = append(status.Peers, one)
	}
	return status
}

// platformStatus shows one endpoint: the platforms of one host are reached at one
// address, or need none.
func platformStatus(name string, h hostagent.Status) api.PlatformStatus {
	status := api.PlatformStatus{Kind: name, Error: h.LookErr, Offers: h.Offers}
	for _, kind := range hostagent.Kinds() {
		if at := h.Endpoints[kind]; at != "" {
			if strings.Contains(at, "://") { // one that carries its guests itself has no address
				status.Endpoint = cmp.Or(status.Endpoint, at)
			}
			status.Kinds = append(status.Kinds, string(kind))
		}
		if why, unseen := h.Unseen[kind]; unseen {
			if status.Unseen == nil {
				status.Unseen = map[string]string{}
			}
			status.Unseen[string(kind)] = why
		}
	}
	if slices.Equal(status.Kinds, []string{string(hostagent.VM)}) {
		status.Kinds = nil
	}
	return status
}

func loadStatus(h hostagent.Status) api.LoadStatus {
	load := api.LoadStatus{
		Known: h.Known, CapacityCPU: h.Capacity.CPU, CapacityMemory: h.Capacity.MemoryBytes, MachineMemory: h.Reserve,
		UsedCPU: h.Used.CPU, UsedMemory: h.Used.MemoryBytes,
		ReservedCPU: h.Reserved.CPU, ReservedMemory: h.Reserved.MemoryBytes,
		CapacityDisk: h.Capacity.DiskBytes, UsedDisk: h.Used.DiskBytes, ReservedDisk: h.Reserved.DiskBytes,
	}
	if h.Capacity.CPU > 0 {
		load.CPU = h.Used.CPU / h.Capacity.CPU
	}
	if h.Capacity.MemoryBytes > 0 {
		load.Memory = float64(h.Used.MemoryBytes) / float64(h.Capacity.MemoryBytes)
	}
	return load
}

// texts renders roles for people and programs, without the tokens of deals.
func texts(terms []lcc.Term) []string {
	list := make([]string, len(terms))
	for i, t := range terms {
		list[i] = recall.HideTokens(t).String()
	}
	return list
}
