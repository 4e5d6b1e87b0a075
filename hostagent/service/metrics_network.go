package service

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"parley/hostagent/site"
	"parley/lcc"
	"parley/models/publish/chain"
	"parley/peer/libp2p"
)

// networkMetrics are the metrics of peers' misconduct and of refused connections.
type networkMetrics struct {
	conduct   *prometheus.CounterVec
	banned    prometheus.Gauge
	strangers prometheus.Counter

	mu   sync.Mutex // metrics are asked for by several goroutines
	had  map[string]uint64
	shut uint64 // of strangers
}

// show brings the metrics to what the network has counted.
func (m *networkMetrics) show(conduct []libp2p.Conduct, counts libp2p.Counts) {
	banned := 0
	for _, c := range conduct {
		if c.BannedUntil.After(time.Now()) {
			banned++
		}
	}
	m.banned.Set(float64(banned))
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.had == nil {
		m.had = map[string]uint64{}
	}
	for _, k := range counts.Misconduct {
		// Two that ask at once may come in the other order than they asked the network.
		before := m.had[k.Kind]
		m.had[k.Kind] = max(k.N, before)
		m.conduct.WithLabelValues(k.Kind).Add(float64(max(k.N, before) - before))
	}
	before := m.shut
	m.shut = max(counts.Refused, before)
	m.strangers.Add(float64(m.shut - before))
}

// showChains sets the gauges of the publishers' chains.
func (m *metrics) showChains(list []chain.Status) {
	m.chains.inForce.Reset()
	for _, c := range list {
		m.chains.release.WithLabelValues(c.Publisher).Set(float64(c.Version))
		for _, p := range c.Policies {
			m.chains.inForce.WithLabelValues(c.Publisher, string(p.State)).Inc()
		}
		m.chains.inForce.WithLabelValues(c.Publisher, "expired").Set(flag(c.Expired))
		m.chains.inForce.WithLabelValues(c.Publisher, "stale").Set(flag(c.Stale))
		m.chains.inForce.WithLabelValues(c.Publisher, "alarm").Set(flag(c.Alarm != ""))
	}
}

// showProblems counts the problems of each kind.
func (m *metrics) showProblems(list []site.Problem) {
	count := map[site.Kind]int{}
	for _, p := range list {
		count[p.Kind]++
	}
	for _, kind := range site.Kinds() {
		m.problems.WithLabelValues(string(kind)).Set(float64(count[kind]))
	}
}

// Metrics returns the registry after it has set the gauges to the present status.
func (s *Service) Metrics(ctx context.Context) (*prometheus.Registry, error) {
	now, err := see(ctx, s)
	if err == nil {
		err = s.inLoop(ctx, func(lcc.Instant) error {
			events, heldBack := s.inbox.waiting(time.Now())
			s.metrics.show(now.status, events)
			s.metrics.heldBack.Set(float64(heldBack))
			s.metrics.kept.Set(flag(now.status.Policy.Quarantined))
			return nil
		})
		s.metrics.showChains(now.chains)
		s.metrics.showProblems(now.problems())
	}
	s.metrics.network.show(s.network.Conduct(), s.network.Counts())
	return s.metrics.registry, err
}
