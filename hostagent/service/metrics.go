package service

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/internal/version"
	"parley/lcc"
	"parley/peer"
)

// metrics are what Prometheus scrapes, in base units (docs/metrics.md). Names of guests
// and hosts are not labels: their number is unbounded.
type metrics struct {
	registry *prometheus.Registry

	load                     *prometheus.GaugeVec
	capacity, used, reserved amount
	loadKnown, platformUp    prometheus.Gauge
	guests                   *prometheus.GaugeVec
	inFlight                 prometheus.Gauge
	avoided                  avoidedMetrics
	outcomes                 outcomeMetrics
	peers                    *prometheus.GaugeVec
	settings                 settingsMetrics
	spare                    spareMetrics

	deals     *prometheus.CounterVec
	migration *prometheus.HistogramVec
	downtime  *prometheus.HistogramVec
	bytes     *prometheus.CounterVec
	admitted  *prometheus.CounterVec
	messages  *prometheus.CounterVec
	syncs     prometheus.Histogram
	journal   prometheus.Counter
	full      prometheus.Gauge
	steps     prometheus.Histogram
	waiting   prometheus.Gauge
	heldBack  prometheus.Gauge
	kept      prometheus.Gauge
	dropped   prometheus.CounterFunc

	chains   chainMetrics
	problems *prometheus.GaugeVec
	network  networkMetrics
	lives    *prometheus.CounterVec
	doubled  prometheus.Gauge
	twin     prometheus.Gauge
}

// chainMetrics are the metrics of the publishers' chains.
type chainMetrics struct {
	release, inForce *prometheus.GaugeVec
	refusals         *prometheus.CounterVec
}

// avoidedMetrics are the metrics of what is left alone for a while.
type avoidedMetrics struct{ targets, duels prometheus.Gauge }

// settingsMetrics are the metrics of what an operator has set.
type settingsMetrics struct{ drained, paused prometheus.Gauge }

// spareMetrics are the metrics of what has no place elsewhere if this host fails.
type spareMetrics struct{ guests, cores, bytes prometheus.Gauge }

// amount is one amount of each resource; a metric has one unit.
type amount struct{ cores, bytes, disk prometheus.Gauge }

func (a amount) set(cores float64, bytes, disk int64) {
	a.cores.Set(cores)
	a.bytes.Set(float64(bytes))
	a.disk.Set(float64(disk))
}

func newMetrics(dropped func() uint64) *metrics {
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
	}
	gauges := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels)
	}
	amounts := func(name, help string) amount {
		return amount{
			gauge(name+"_cpu_cores", help+", in cores."), gauge(name+"_memory_bytes", help+", in bytes."),
			gauge(name+"_disk_bytes", help+", of disk for volumes, in bytes."),
		}
	}
	counters := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
	}
	options := func(name, help string, from, factor float64, count int) prometheus.HistogramOpts {
		return prometheus.HistogramOpts{Name: name, Help: help, Buckets: prometheus.ExponentialBuckets(from, factor, count)}
	}
	seconds := func(name, help string, from, factor float64, count int) prometheus.Histogram {
		return prometheus.NewHistogram(options(name, help, from, factor, count))
	}
	ofKind := func(name, help string, from, factor float64, count int) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(options(name, help, from, factor, count), []string{"kind"})
	}
	m := &metrics{
		registry:   prometheus.NewRegistry(),
		load:       gauges("parley_load_ratio", "Forecast load, as a share of the capacity.", "resource"),
		capacity:   amounts("parley_capacity", "What guests may use"),
		used:       amounts("parley_used", "What guests use: processors as forecast, memory as declared"),
		reserved:   amounts("parley_reserved", "Room that is reserved for guests that are not here yet"),
		loadKnown:  gauge("parley_load_known", "1 when the load is known, 0 when no deal is begun since it is not."),
		platformUp: gauge("parley_platform_up", "1 when the last look at the platform succeeded."),
		guests:     gauges("parley_guests", "Guests that the platform shows here, by kind.", "kind"),
		inFlight:   gauge("parley_deals_in_flight", "Deals that have not ended."),
		avoided: avoidedMetrics{
			targets: gauge("parley_targets_backed_off", "Targets to which nothing is moved for a while, since migrations to them fail."),
			duels:   gauge("parley_duels", "Guests that policies leave alone for a while, since somebody moves them back."),
		},
		outcomes: outcomeMetrics{
			measured: counters("parley_outcomes_total", "Moves away from here whose outcome was measured, by the time after them.", "after"),
			expected: counters("parley_relief_expected_cores_total", "What these moves were expected to relieve this host of, in cores.",
				"after"),
			relief: counters("parley_relief_measured_cores_total", "What these moves have relieved this host of, in cores.", "after"),
		},
		peers: gauges("parley_peers", "Listed peers, by state: connected, suspected or away.", "state"),
		settings: settingsMetrics{
			drained: gauge("parley_drained", "1 when the operator has drained this host."),
			paused:  gauge("parley_paused", "1 when the operator has paused this host."),
		},
		spare: spareMetrics{
			guests: gauge("parley_spare_room_missing_guests", "Guests that have no place elsewhere if this host fails."),
			cores:  gauge("parley_spare_room_missing_cpu_cores", "What these guests use, in cores."),
			bytes:  gauge("parley_spare_room_missing_memory_bytes", "Memory of these guests, in bytes."),
		},
		deals: counters("parley_deals_total", "Deals that have come to a state, by side and the code of the reason.", "side", "state",
			"code"),
		migration: ofKind("parley_migration_duration_seconds", "How long finished migrations away from here took, by kind.", 0.25, 2, 12),
		downtime:  ofKind("parley_migration_downtime_seconds", "How long guests stood still at the switch, by kind.", 0.005, 2, 12),
		bytes:     counters("parley_migration_bytes_total", "Bytes that finished migrations away from here have sent, by kind.", "kind"),
		admitted: counters("parley_arrivals_total", "Migrations that the arrival check was asked about, by answer and the code of the refusal.",
			"admitted", "code"),
		messages: counters("parley_messages_total", "Messages of the models, by direction: send or receive.", "direction"),
		syncs:    seconds("parley_journal_sync_seconds", "How long it took until a record of the journal was durable.", 0.0001, 2, 16),
		journal:  counter("parley_journal_failures_total", "Records that could not be made durable."),
		full:     gauge("parley_journal_full", "1 when the disk is full and no deal is begun."),
		steps:    seconds("parley_step_seconds", "How long the host took for one event.", 0.00001, 4, 10),
		waiting:  gauge("parley_events_waiting", "Events that wait for the host."),
		heldBack: gauge("parley_peers_held_back", "Peers whose frames wait because they have used their share of this host's time."),
		kept:     gauge("parley_policy_quarantined", "1 while the policy is not enacted since the agent died with it."),
		chains: chainMetrics{
			release:  gauges("parley_release", "Version of the release in force, by publisher.", "publisher"),
			inForce:  gauges("parley_policies", "Policies of a publisher, by state.", "publisher", "state"),
			refusals: counters("parley_policy_refusals_total", "Objects and notices of publishers that were refused, by code.", "code"),
		},
		problems: gauges("parley_problems", "What a person should know of this host, by kind.", "kind"),
		network: networkMetrics{
			conduct:   counters("parley_peer_misconduct_total", "What peers did wrong, by kind.", "kind"),
			banned:    gauge("parley_peers_banned", "Peers whose connections are refused for a while."),
			strangers: counter("parley_strangers_refused_total", "Connections of hosts that are not listed, which were refused."),
		},
		lives: counters("parley_peer_incarnations_total",
			"Incarnations of peers that were not expected, by kind: older, taken, doubled or single.", "kind"),
		doubled: gauge("parley_peers_doubled", "Peers of which two agents run with one key."),
		twin:    gauge("parley_key_doubled", "1 while another agent runs with the key of this host."),
		dropped: prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "parley_audit_dropped_total",
			Help: "Entries of the audit that were lost."},
			func() float64 { return float64(dropped()) }),
	}
	m.begin()
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "parley_build_info", Help: "Always 1; the labels name the build.", ConstLabels: prometheus.Labels{"version": version.Current()},
	})
	build.Set(1)
	m.registry.MustRegister(m.load, m.capacity.cores, m.capacity.bytes, m.used.cores, m.used.bytes, m.reserved.cores, m.reserved.bytes,
		m.capacity.disk, m.used.disk, m.reserved.disk,
		m.loadKnown, m.platformUp, m.guests, m.inFlight, m.avoided.targets, m.avoided.duels,
		m.outcomes.measured, m.outcomes.expected, m.outcomes.relief,
		m.peers, m.settings.drained, m.settings.paused, m.spare.guests, m.spare.cores, m.spare.bytes,
		m.deals, m.migration, m.downtime, m.bytes, m.admitted, m.messages, m.syncs, m.journal, m.full, m.steps, m.waiting, m.heldBack,
		m.kept, m.dropped, build,
		m.chains.release, m.chains.inForce, m.chains.refusals, m.problems,
		m.network.conduct, m.network.banned, m.network.strangers, m.lives, m.doubled, m.twin,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// begin makes the series that alerts are written about, so that their first count is an
// increase: the other labels have too many values, and come with what they count.
func (m *metrics) begin() {
	for _, kind := range []peer.IncarnationKind{peer.IncarnationOlder, peer.IncarnationTaken, peer.IncarnationDoubled,
		peer.IncarnationSingle} {
		m.lives.WithLabelValues(string(kind))
	}
	for _, side := range []hostagent.Side{hostagent.SourceSide, hostagent.TargetSide} {
		m.deals.WithLabelValues(string(side), string(hostagent.Done), "")
		m.deals.WithLabelValues(string(side), string(hostagent.Stuck), string(hostagent.CodeUnclear))
		m.deals.WithLabelValues(string(side), string(hostagent.Aborted), string(hostagent.CodeMoveFailed))
	}
	m.guests.WithLabelValues(string(hostagent.VM))
	m.migration.WithLabelValues(string(hostagent.VM))
	m.downtime.WithLabelValues(string(hostagent.VM))
	m.bytes.WithLabelValues(string(hostagent.VM))
	m.admitted.WithLabelValues("true", "")
	m.admitted.WithLabelValues("false", string(hostagent.CodeNoDeal))
	for _, direction := range []lcc.RecordKind{lcc.RecordSend, lcc.RecordReceive} {
		m.messages.WithLabelValues(string(direction))
	}
	m.outcomes.begin()
	for _, kind := range hostagent.Misconduct() {
		m.network.conduct.WithLabelValues(kind)
	}
}

func flag(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// show sets the gauges to the present status.
func (m *metrics) show(s api.Status, waiting int) {
	m.load.WithLabelValues("cpu").Set(s.Load.CPU)
	m.load.WithLabelValues("memory").Set(s.Load.Memory)
	m.capacity.set(s.Load.CapacityCPU, s.Load.CapacityMemory, s.Load.CapacityDisk)
	m.used.set(s.Load.UsedCPU, s.Load.UsedMemory, s.Load.UsedDisk)
	m.reserved.set(s.Load.ReservedCPU, s.Load.ReservedMemory, s.Load.ReservedDisk)
	m.loadKnown.Set(flag(s.Load.Known))
	m.platformUp.Set(flag(s.Platform.Error == "" && len(s.Platform.Unseen) == 0))
	m.guests.Reset()
	m.guests.WithLabelValues(string(hostagent.VM))
	for _, g := range s.Guests {
		m.guests.WithLabelValues(g.Kind).Inc()
	}
	m.inFlight.Set(float64(len(s.Deals)))
	whole := 0
	for _, b := range s.BackOff {
		if b.Whole {
			whole++
		}
	}
	m.avoided.targets.Set(float64(whole))
	m.avoided.duels.Set(float64(len(s.Duels)))
	m.settings.drained.Set(flag(s.Drained))
	m.settings.paused.Set(flag(s.Paused))
	m.spare.guests.Set(float64(s.Load.Spare.Guests))
	m.spare.cores.Set(s.Load.Spare.MissingCPU)
	m.spare.bytes.Set(float64(s.Load.Spare.MissingMemory))
	states, doubled := map[string]float64{"connected": 0, "suspected": 0, "away": 0}, 0
	for _, p := range s.Peers {
		if p.Incarnations == api.Doubled {
			doubled++
		}
		switch {
		case p.Suspected:
			states["suspected"]++
		case p.Connected:
			states["connected"]++
		default:
			states["away"]++
		}
	}
	for state, n := range states {
		m.peers.WithLabelValues(state).Set(n)
	}
	m.doubled.Set(float64(doubled))
	m.twin.Set(flag(s.Twin != ""))
	m.waiting.Set(float64(waiting))
}

// note counts a change of a deal.
func (m *metrics) note(story hostagent.DealChanged) {
	m.deals.WithLabelValues(string(story.Side), string(story.State), string(story.Code)).Inc()
	if story.State == hostagent.Done && story.Side == hostagent.SourceSide && story.Migrated.Total > 0 {
		kind := string(story.Kind.Known())
		m.migration.WithLabelValues(kind).Observe(story.Migrated.Total.Seconds())
		m.downtime.WithLabelValues(kind).Observe(story.Migrated.Downtime.Seconds())
		m.bytes.WithLabelValues(kind).Add(float64(story.Migrated.Bytes))
	}
}
