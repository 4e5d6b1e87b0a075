package sim

import (
	"time"
)

// Figures are the measures by which a run is judged. docs/figures.md defines each.
type Figures struct {
	EnergyKWh float64 `json:"energy_kwh"`
	NoPower   bool    `json:"no_power,omitempty"` // a host has no curve of its power: energy and ESV are not known
	SLATAH    float64 `json:"slatah"`             // share of active host time with demand above capacity
	PDM       float64 `json:"pdm"`                // share of the requested CPU that was lost during migrations
	SLAV      float64 `json:"slav"`               // SLATAH x PDM
	Unserved  float64 `json:"unserved"`           // share of the requested CPU

	Deviation      float64 `json:"deviation"`       // of the hosts' CPU load, mean over the ticks after Warm
	DeviationFirst float64 `json:"deviation_first"` // at the first tick
	DeviationLast  float64 `json:"deviation_last"`  // at the last tick
	LoadMax        float64 `json:"load_max"`        // the highest CPU load of a host at any tick, as demanded
	HotTicks       int     `json:"hot_ticks"`       // ticks of hosts above 80 %
	OverTicks      int     `json:"over_ticks"`      // ticks of hosts above 100 %
	Overload       float64 `json:"overload_s"`      // seconds of guests on hosts above 100 %, weighted by priority
	Relief         float64 `json:"relief_s"`        // mean seconds from when a host exceeds its level of overload until it is back below
	HostsEmpty     float64 `json:"hosts_empty"`     // hosts without guests, mean over time

	Migrations int     `json:"migrations"`
	PingPongs  int     `json:"ping_pongs"` // of these, back to a host that the guest left within the hour before
	MovedGiB   float64 `json:"moved_gib"`  // memory of the moved guests
	SentGiB    float64 `json:"sent_gib"`   // bytes that their migrations sent
	Downtime   float64 `json:"downtime_s"` // sum, in seconds

	Messages    int     `json:"messages"` // of models
	PerHostHour float64 `json:"messages_host_hour"`
	Adverts     int     `json:"adverts"`       // as received
	BytesHost   float64 `json:"bytes_host"`    // of all frames and adverts, sent, per host; with Site.Wire
	Refused     int     `json:"deals_refused"` // by the ledger of a target or source
	Failed      int     `json:"deals_failed"`  // aborted or stuck at their source
	Done        int     `json:"deals_done"`
	Boots       int     `json:"boots"`
}

// moveSums sum up migrations.
type moveSums struct {
	pingPongs int
	memory    int64
	sent      int64
	downtime  time.Duration
}

type dealSums struct{ refused, failed, done int }

// reliefs are the durations of overloads.
type reliefs struct {
	sum    time.Duration
	number int
}

func (r *reliefs) add(d time.Duration) {
	r.sum += d
	r.number++
}

// moved records a migration that has ended, and says whether it is a ping-pong.
func (s *account) moved(g *siteGuest, m Move) (pingPong bool) {
	s.result.Moves = append(s.result.Moves, m)
	s.moves.memory += g.Declared.MemoryBytes
	s.moves.sent += m.Bytes
	s.moves.downtime += m.Downtime
	left, was := g.trail.homes[m.To]
	if pingPong = was && m.At-left <= time.Hour; pingPong {
		s.moves.pingPongs++
	}
	if g.trail.homes == nil {
		g.trail.homes = map[string]time.Duration{}
	}
	g.trail.homes[m.From] = m.At
	return pingPong
}

func (s *account) figures() Figures {
	f := Figures{
		EnergyKWh: s.sum.joules / 3.6e6,
		SLATAH:    ratio(s.sum.violated, s.sum.active),
		PDM:       ratio(s.sum.degraded, s.sum.requested),
		Unserved:  ratio(s.sum.unserved, s.sum.requested),
		Overload:  s.sum.overload,
		Relief:    ratio(s.relief.sum.Seconds(), float64(s.relief.number)),

		Migrations: len(s.result.Moves), PingPongs: s.moves.pingPongs,
		MovedGiB: float64(s.moves.memory) / (1 << 30), SentGiB: float64(s.moves.sent) / (1 << 30),
		Downtime: s.moves.downtime.Seconds(),

		Messages: s.result.Messages, Adverts: s.adverts.sent,
		Refused: s.deals.refused, Failed: s.deals.failed, Done: s.deals.done,
	}
	f.SLAV = f.SLATAH * f.PDM
	hosts, ran := float64(len(s.hosts)), s.result.Ran.Hours()
	f.PerHostHour = ratio(float64(f.Messages), hosts*ran)
	f.BytesHost = float64(s.frames.bytes+s.adverts.bytes) / hosts
	f.HostsEmpty = ratio(s.sum.empty, s.result.Ran.Seconds())
	for _, h := range s.hosts {
		f.Boots += h.power.boots
		f.NoPower = f.NoPower || len(h.Curve) == 0
	}
	s.overTicks(&f)
	return f
}

func (s *account) overTicks(f *Figures) {
	if len(s.ticks) == 0 {
		return
	}
	f.DeviationFirst, f.DeviationLast = s.ticks[0].deviation, s.ticks[len(s.ticks)-1].deviation
	warm := min(int(s.o.Warm/s.o.Tick), len(s.ticks)-1)
	for i, t := range s.ticks {
		f.LoadMax = max(f.LoadMax, t.greatest)
		f.HotTicks += t.hot
		f.OverTicks += t.over
		if i >= warm {
			f.Deviation += t.deviation / float64(len(s.ticks)-warm)
		}
	}
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}
