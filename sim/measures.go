package sim

import (
	"math"
	"strings"
)

// Measure is one figure of a run, for tables and charts.
type Measure struct {
	Key    string
	Name   string
	Unit   string
	Doc    string
	Better int // -1: less is better; 1: more is better; 0: neither
	Digits int
	Of     func(Figures) float64 // NaN: not known
	Kind   Kind
}

// Kind has what is special about a measure.
type Kind uint8

// The kinds of measures. A Sum adds up over the run, so that only runs of the same span
// can be compared. Effort is what acting costs: a site without a policy has the least.
// Main figures are those of a summary.
const (
	Sum Kind = 1 << iota
	Effort
	Main
)

// Measures lists the figures in the order in which tables show them.
// docs/figures.md defines each, with its source.
func Measures() []Measure {
	count := func(of func(Figures) int) func(Figures) float64 {
		return func(f Figures) float64 { return float64(of(f)) }
	}
	powered := func(of func(Figures) float64) func(Figures) float64 {
		return func(f Figures) float64 {
			if f.NoPower {
				return math.NaN()
			}
			return of(f)
		}
	}
	return []Measure{
		{"energy", "energy", "kWh", "energy that all hosts used, if the power of each is given", -1, 2,
			powered(func(f Figures) float64 { return f.EnergyKWh }), Sum | Main},
		{"unserved", "unserved", "%", "share of the CPU that guests wanted and did not get", -1, 3,
			func(f Figures) float64 { return 100 * f.Unserved }, Main},
		{"slatah", "SLATAH", "%", "share of the time of active hosts in which more was wanted than they have", -1, 3,
			func(f Figures) float64 { return 100 * f.SLATAH }, 0},
		{"pdm", "PDM", "%", "share of the CPU that guests wanted and lost because they moved", -1, 3,
			func(f Figures) float64 { return 100 * f.PDM }, Effort},
		{"slav", "SLAV", "%", "SLATAH x PDM", -1, 5, func(f Figures) float64 { return 100 * f.SLAV }, Effort},
		{"esv", "ESV", "kWh %", "energy x SLAV", -1, 4, powered(func(f Figures) float64 { return 100 * f.EnergyKWh * f.SLAV }), Sum | Effort},
		{"deviation", "deviation", "", "standard deviation of the hosts' CPU load, mean over time", -1, 4,
			func(f Figures) float64 { return f.Deviation }, Main},
		{"deviation_first", "deviation, first", "", "at the beginning", 0, 4, func(f Figures) float64 { return f.DeviationFirst }, 0},
		{"deviation_last", "deviation, last", "", "at the end", -1, 4, func(f Figures) float64 { return f.DeviationLast }, 0},
		{"load_max", "greatest load", "", "of a host at any tick", -1, 3, func(f Figures) float64 { return f.LoadMax }, 0},
		{"hot_ticks", "host-ticks > 80 %", "", "ticks of hosts with more than four fifths wanted", -1, 0,
			count(func(f Figures) int { return f.HotTicks }), Sum},
		{"over_ticks", "host-ticks > 100 %", "", "ticks of hosts with more wanted than they have", -1, 0,
			count(func(f Figures) int { return f.OverTicks }), Sum},
		{"overload", "overload", "guest h", "time of guests on overloaded hosts, weighted by priority", -1, 2,
			func(f Figures) float64 { return f.Overload / 3600 }, Sum | Main},
		{"relief", "relief", "s", "mean time from when a host passes its high level until it is back", -1, 0,
			func(f Figures) float64 { return f.Relief }, 0},
		{"hosts_empty", "empty hosts", "", "without guests, mean over time", 0, 1, func(f Figures) float64 { return f.HostsEmpty }, 0},
		{"migrations", "migrations", "", "guests that were moved", -1, 0,
			count(func(f Figures) int { return f.Migrations }), Sum | Effort | Main},
		{"ping_pongs", "ping-pongs", "", "back to a host that was left within an hour", -1, 0,
			count(func(f Figures) int { return f.PingPongs }), Sum | Effort},
		{"moved_gib", "memory moved", "GiB", "memory of the guests that were moved", -1, 1,
			func(f Figures) float64 { return f.MovedGiB }, Sum | Effort},
		{"sent_gib", "bytes sent", "GiB", "what their migrations sent", -1, 1,
			func(f Figures) float64 { return f.SentGiB }, Sum | Effort},
		{"downtime", "downtime", "s", "sum over all migrations", -1, 1, func(f Figures) float64 { return f.Downtime }, Sum | Effort},
		{"messages", "messages", "", "of models", -1, 0, count(func(f Figures) int { return f.Messages }), Sum | Effort},
		{"messages_host_hour", "messages/host/h", "", "of models, a host and hour", -1, 2,
			func(f Figures) float64 { return f.PerHostHour }, Effort | Main},
		{"adverts", "adverts", "", "that were heard", -1, 0, count(func(f Figures) int { return f.Adverts }), Sum | Effort},
		{"bytes_host", "bytes/host", "B", "frames and adverts sent, a host", -1, 0,
			func(f Figures) float64 { return f.BytesHost }, Sum | Effort},
		{"deals_done", "deals done", "", "whose guest moved", 0, 0, count(func(f Figures) int { return f.Done }), Sum},
		{"deals_refused", "deals refused", "", "by a ledger", -1, 0, count(func(f Figures) int { return f.Refused }), Sum | Effort},
		{"deals_failed", "deals failed", "", "aborted or stuck", -1, 0, count(func(f Figures) int { return f.Failed }), Sum | Effort},
		{"boots", "boots", "", "of hosts that slept", -1, 0, count(func(f Figures) int { return f.Boots }), Sum | Effort},
	}
}

// MeasureKeys lists all measures, for errors.
func MeasureKeys() string {
	var keys []string
	for _, m := range Measures() {
		keys = append(keys, m.Key)
	}
	return strings.Join(keys, ", ")
}
