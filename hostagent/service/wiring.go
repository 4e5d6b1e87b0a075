package service

import (
	"context"
	"log/slog"

	"parley/hostagent"
	"parley/hostagent/node"
	"parley/lcc"
	"parley/peer"
	"parley/peer/libp2p"
)

// Identity returns the peer id of a configured host; its key is made when it is
// not there yet.
func Identity(config Config) (lcc.PeerID, error) {
	key, err := libp2p.LoadOrCreateKey(config.Key)
	if err != nil {
		return "", err
	}
	return libp2p.KeyID(key)
}

// openNetwork opens the peer's end of the network as configured.
func openNetwork(config Config, life uint64, log *slog.Logger, events func(peer.Event)) (*libp2p.Host, error) {
	key, err := libp2p.LoadOrCreateKey(config.Key)
	if err != nil {
		return nil, err
	}
	var peers []libp2p.Address
	for _, p := range config.Peers {
		peers = append(peers, libp2p.Address{ID: lcc.PeerID(p.ID), Multiaddrs: p.Addresses})
	}
	return libp2p.New(libp2p.Options{
		Key: key, Life: life, Listen: config.Listen, Peers: peers,
		Group: config.Group, MDNS: config.MDNS, Events: events, Logger: log,
	})
}

// hostConfig is the core's part of the configuration.
func hostConfig(c Config) hostagent.Config {
	return hostagent.Config{
		SampleEvery: c.SampleEvery, Smoothing: c.Smoothing, HoldSamples: c.HoldSamples, Hysteresis: c.Hysteresis,
		Cooldown: c.Cooldown, OfferTTL: c.OfferTTL,
		DowntimeMax: c.Platform.DowntimeMax, BandwidthMax: c.Platform.BandwidthMax,
	}
}

// seen remembers what a person should be told once and not at every look.
type seen struct {
	blind      bool
	ineligible map[hostagent.GuestID]string
}

// note tells when the platform is lost or is back, and which guests cannot be
// moved and why.
func (s *seen) note(ev node.Event, log *slog.Logger) {
	switch ev := ev.(type) {
	case hostagent.Unobserved:
		if !s.blind {
			log.Error("the platform cannot be seen: no deal is begun until it is back", "error", ev.Err)
		}
		s.blind = true
	case hostagent.Observed:
		if s.blind {
			log.Info("the platform is seen again")
		}
		s.blind = false
		now := map[hostagent.GuestID]string{}
		for _, g := range ev.Observation.Guests {
			if g.Ineligible == "" {
				continue
			}
			now[g.ID] = g.Ineligible
			if s.ineligible[g.ID] != g.Ineligible {
				log.Warn("a guest cannot be moved", "guest", g.Name, "reason", g.Ineligible)
			}
		}
		s.ineligible = now
	}
}

// levelOf says how loudly a record is logged.
func levelOf(kind lcc.RecordKind) slog.Level {
	switch kind {
	case lcc.RecordPark, lcc.RecordEnter:
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

func modelAttrs(r *peer.Record) []slog.Attr {
	attrs := []slog.Attr{slog.String("role", r.Record.Role.String())}
	if r.Record.Term != nil {
		attrs = append(attrs, slog.String("term", r.Record.Term.String()))
	}
	if r.Record.Peer != "" {
		attrs = append(attrs, slog.String("peer", string(r.Record.Peer)))
	}
	return attrs
}

// name is what people call a host.
func (s *Service) name(id hostagent.HostID) string {
	if lcc.PeerID(id) == s.network.ID() {
		return s.config.Host
	}
	for _, p := range s.config.Peers {
		if p.ID == string(id) && p.Name != "" {
			return p.Name
		}
	}
	return string(id)
}

// Status asks the loop how things stand.
func (s *Service) Status(ctx context.Context) (status Status, err error) {
	err = s.do(ctx, func(lcc.Instant) error {
		status = s.status()
		return nil
	})
	return status, err
}

func (s *Service) status() Status {
	host := s.node.Host().Status()
	status := Status{
		Host: s.config.Host, PeerID: string(s.network.ID()), Addresses: s.network.Addrs(), Since: s.began,
		Platform: PlatformStatus{Kind: s.platform.Name(), Error: host.LookErr},
		Policy:   PolicyStatus{File: s.policy.file, Error: s.policy.err, Models: []ModelStatus{}},
		Load:     loadStatus(host),
		Guests:   []GuestStatus{}, Peers: []PeerStatus{},
		Deals: append([]DealStatus{}, s.history.inFlight...), History: append([]DealStatus{}, s.history.ended...),
	}
	for _, g := range host.Guests {
		status.Guests = append(status.Guests, GuestStatus{
			ID: string(g.ID), Name: g.Name, State: string(g.State), CPU: g.CPU,
			Memory: g.Declared.MemoryBytes, Ineligible: g.Ineligible,
		})
	}
	for _, m := range s.node.Peer().Enacted() {
		d := m.Model.Digest()
		status.Policy.Models = append(status.Policy.Models, ModelStatus{
			Name: m.Model.Name(), Digest: fullDigest(d), Roles: texts(m.Roles),
		})
	}
	known := map[string]peer.Known{}
	for _, k := range s.node.Peer().Known() {
		known[string(k.Peer)] = k
	}
	for _, p := range s.config.Peers {
		if p.ID == status.PeerID {
			continue
		}
		k := known[p.ID]
		one := PeerStatus{ID: p.ID, Name: p.Name, Connected: k.Linked, Suspected: k.Suspected}
		for _, play := range k.Plays {
			one.Roles = append(one.Roles, texts(play.Roles)...)
		}
		status.Peers = append(status.Peers, one)
	}
	return status
}

func loadStatus(h hostagent.Status) LoadStatus {
	load := LoadStatus{
		Known: h.Known, CapacityCPU: h.Capacity.CPU, CapacityMemory: h.Capacity.MemoryBytes,
		UsedCPU: h.Used.CPU, UsedMemory: h.Used.MemoryBytes,
		ReservedCPU: h.Promised.CPU, ReservedMemory: h.Promised.MemoryBytes,
	}
	if h.Capacity.CPU > 0 {
		load.CPU = h.Used.CPU / h.Capacity.CPU
	}
	if h.Capacity.MemoryBytes > 0 {
		load.Memory = float64(h.Used.MemoryBytes) / float64(h.Capacity.MemoryBytes)
	}
	return load
}

func texts(terms []lcc.Term) []string {
	list := make([]string, len(terms))
	for i, t := range terms {
		list[i] = t.String()
	}
	return list
}
