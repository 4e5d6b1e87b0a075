package sim

import "strings"

// Measure is one figure of a run, for tables and charts.
type Measure struct {
	Key    string
	Name   string
	Unit   string
	Doc    string
	Better int // -1: less is better; 1: more is better; 0: neither
	Digits int
	Of     func(Figures) float64
}

// Measures lists the figures in the order in which tables show them.
// docs/figures.md defines each, with its source.
func Measures() []Measure {
	count := func(of func(Figures) int) func(Figures) float64 {
		return func(f Figures) float64 { return float64(of(f)) }
	}
	return []Measure{
		{"energy", "energy", "kWh", "energy that all hosts used", -1, 2, func(f Figures) float64 { return f.EnergyKWh }},
		{"unserved", "unserved", "%", "share of the CPU that guests wanted and did not get", -1, 3,
			func(f Figures) float64 { return 100 * f.Unserved }},
		{"slatah", "SLATAH", "%", "share of the time of active hosts in which more was wanted than they have", -1, 3,
			func(f Figures) float64 { return 100 * f.SLATAH }},
		{"pdm", "PDM", "%", "share of the CPU that guests wanted and lost because they moved", -1, 3,
			func(f Figures) float64 { return 100 * f.PDM }},
		{"slav", "SLAV", "%", "SLATAH x PDM", -1, 5, func(f Figures) float64 { return 100 * f.SLAV }},
		{"esv", "ESV", "kWh %", "energy x SLAV", -1, 4, func(f Figures) float64 { return 100 * f.ESV }},
		{"deviation", "deviation", "", "standard deviation of the hosts' CPU load, mean over time", -1, 4,
			func(f Figures) float64 { return f.Deviation }},
		{"deviation_first", "deviation, first", "", "at the beginning", 0, 4, func(f Figures) float64 { return f.DeviationFirst }},
		{"deviation_last", "deviation, last", "", "at the end", -1, 4, func(f Figures) float64 { return f.DeviationLast }},
		{"load_max", "greatest load", "", "of a host at any tick", -1, 3, func(f Figures) float64 { return f.LoadMax }},
		{"hot_ticks", "host-ticks > 80 %", "", "ticks of hosts with more than four fifths wanted", -1, 0,
			count(func(f Figures) int { return f.HotTicks })},
		{"over_ticks", "host-ticks > 100 %", "", "ticks of hosts with more wanted than they have", -1, 0,
			count(func(f Figures) int { return f.OverTicks })},
		{"overload", "overload", "guest h", "time of guests on overloaded hosts, weighted by priority", -1, 2,
			func(f Figures) float64 { return f.Overload / 3600 }},
		{"relief", "relief", "s", "mean time from when a host passes its high level until it is back", -1, 0,
			func(f Figures) float64 { return f.Relief }},
		{"hosts_empty", "empty hosts", "", "without guests, mean over time", 0, 1, func(f Figures) float64 { return f.HostsEmpty }},
		{"migrations", "migrations", "", "guests that were moved", -1, 0, count(func(f Figures) int { return f.Migrations })},
		{"ping_pongs", "ping-pongs", "", "back to a host that was left within an hour", -1, 0, count(func(f Figures) int { return f.PingPongs })},
		{"moved_gib", "memory moved", "GiB", "memory of the guests that were moved", -1, 1, func(f Figures) float64 { return f.MovedGiB }},
		{"sent_gib", "bytes sent", "GiB", "what their migrations sent", -1, 1, func(f Figures) float64 { return f.SentGiB }},
		{"downtime", "downtime", "s", "sum over all migrations", -1, 1, func(f Figures) float64 { return f.Downtime }},
		{"messages", "messages", "", "of models", -1, 0, count(func(f Figures) int { return f.Messages })},
		{"messages_host_hour", "messages/host/h", "", "of models, a host and hour", -1, 2, func(f Figures) float64 { return f.PerHostHour }},
		{"adverts", "adverts", "", "that were heard", -1, 0, count(func(f Figures) int { return f.Adverts })},
		{"bytes_host", "bytes/host", "B", "frames and adverts sent, a host", -1, 0, func(f Figures) float64 { return f.BytesHost }},
		{"deals_done", "deals done", "", "whose guest moved", 0, 0, count(func(f Figures) int { return f.Done })},
		{"deals_refused", "deals refused", "", "by a ledger", -1, 0, count(func(f Figures) int { return f.Refused })},
		{"deals_failed", "deals failed", "", "aborted or stuck", -1, 0, count(func(f Figures) int { return f.Failed })},
		{"boots", "boots", "", "of hosts that slept", -1, 0, count(func(f Figures) int { return f.Boots })},
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
