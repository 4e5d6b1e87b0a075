package service

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"parley/lcc"
	"parley/models/publish/chain"
	"parley/peer/libp2p"
)

// showNetwork sets the gauges of peers' violations and of refused connections of
// unknown peers.
func (m *metrics) showNetwork(conduct []libp2p.Conduct, refused uint64) {
	kinds, banned := map[string]uint64{}, 0
	for _, c := range conduct {
		for _, k := range c.Kinds {
			kinds[k.Kind] += k.N
		}
		if c.BannedUntil.After(time.Now()) {
			banned++
		}
	}
	for kind, n := range kinds {
		m.conduct.WithLabelValues(kind).Set(float64(n))
	}
	m.banned.Set(float64(banned))
	m.strangers.Set(float64(refused))
}

// showChains sets the gauges of the publishers' chains.
func (m *metrics) showChains(list []chain.Status) {
	m.inForce.Reset()
	for _, c := range list {
		m.release.WithLabelValues(c.Publisher).Set(float64(c.Version))
		for _, p := range c.Policies {
			m.inForce.WithLabelValues(c.Publisher, string(p.State)).Inc()
		}
		m.inForce.WithLabelValues(c.Publisher, "expired").Set(flag(c.Expired))
		m.inForce.WithLabelValues(c.Publisher, "stale").Set(flag(c.Stale))
		m.inForce.WithLabelValues(c.Publisher, "alarm").Set(flag(c.Alarm != ""))
	}
}

// Metrics returns the registry after it has set the gauges to the present status.
func (s *Service) Metrics(ctx context.Context) (*prometheus.Registry, error) {
	err := s.inLoop(ctx, func(lcc.Instant) error {
		events, heldBack := s.inbox.waiting(time.Now())
		s.metrics.show(s.status(), events)
		s.metrics.heldBack.Set(float64(heldBack))
		s.metrics.kept.Set(flag(s.policies.quarantine.active(time.Now())))
		return nil
	})
	s.metrics.showNetwork(s.network.Conduct(), s.network.Refused())
	if chains, err := s.publishers.status(ctx); err == nil {
		s.metrics.showChains(chains)
	}
	return s.metrics.registry, err
}
