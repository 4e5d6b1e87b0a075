package scenario

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"time"

	"parley/hostagent"
	"parley/hostagent/hours"
	"parley/internal/spell"
	"parley/lcc"
	"parley/peer"
	"parley/sim"
	"parley/sim/trace"
)

// Site draws the site of a seed, whose hosts enact the policies.
func (s *Scenario) Site(seed uint64, policies []*lcc.Model) (sim.Site, error) {
	o := sim.Site{
		Policies: policies, Seed: seed, Config: s.Agent.config(),
		Peer:    peer.Options{AdvertEvery: s.Agent.AdvertEvery, AdvertGap: s.Agent.AdvertGap},
		Network: sim.Network(s.Network), Groups: sim.Groups(s.Groups),
		Migration: sim.Migration{
			Rate: float64(s.Migration.Rate), Unshared: s.Migration.Unshared, Downtime: s.Migration.Downtime, Pause: s.Migration.Pause,
			SourceCost: s.Migration.SourceCost, TargetCost: s.Migration.TargetCost,
		},
		Power: sim.Power(s.Power),
		Faults: sim.Faults{Agents: s.Faults.Agents, Hosts: s.Faults.Hosts, Partitions: s.Faults.Partitions, Within: s.Faults.Within,
			Orders: s.Faults.Orders, Failing: s.Faults.Failing, Hands: s.Faults.Hands, Ends: s.Faults.Ends, Drift: s.Faults.Drift,
			Skew: s.Faults.Skew, Late: s.Faults.Late},
		Waits: s.Waits,
		Limit: s.Run.Limit, Quiet: s.Run.Quiet, Tick: s.Run.Tick, Warm: s.Run.Warm, StartWithin: s.Run.StartWithin,
	}
	for _, f := range s.Faults.Schedule {
		o.Faults.Schedule = append(o.Faults.Schedule, sim.Fault{At: f.At, For: f.For, Kind: f.Kind, Hosts: f.Hosts,
			Network: sim.Network(f.Network)})
	}
	s.addStory(&o)
	o.Hosts = s.hosts()
	// Guests have a separate random stream, so that additional draws of a policy or a
	// fault do not change them.
	chance := rand.New(rand.NewPCG(seed, 0x73636e72))
	for i := range s.Guests {
		guests, err := s.draw(i, &o, chance)
		if err != nil {
			return o, err
		}
		o.Guests = append(o.Guests, guests...)
	}
	return o, nil
}

func (a Agent) config() hostagent.Config {
	config := hostagent.DefaultConfig()
	config.Tuning = a.Tuning
	config.Moves.Survive = a.Survive
	config.Moves.Windows, _ = hours.Read(a.Windows) // the check of the scenario has said what is wrong
	return config
}

// hosts lists the hosts; the kinds with Alternate take turns.
func (s *Scenario) hosts() (list []sim.SiteHost) {
	most := 0
	for _, h := range s.Hosts {
		most = max(most, h.count())
	}
	for i := range most {
		for _, h := range s.Hosts {
			if h.Alternate && i < h.count() {
				list = append(list, h.host(i))
			}
		}
	}
	for _, h := range s.Hosts {
		for i := range h.count() {
			if !h.Alternate {
				list = append(list, h.host(i))
			}
		}
	}
	return list
}

func (h Hosts) count() int { return max(1, h.Count) }

func (h Hosts) host(i int) sim.SiteHost {
	return sim.SiteHost{
		Name:     numbered(h.Name, i, h.Count),
		Capacity: hostagent.Resources{CPU: h.Cores, MemoryBytes: int64(h.Memory), DiskBytes: int64(h.Disk)},
		Takes:    sim.Takes{Kinds: h.Kinds, Offers: slices.Sorted(slices.Values(h.Offers))},
		Labels:   h.Labels, Group: h.Group, Refuse: h.Refuse, Curve: h.Power, Link: float64(h.Link),
		Foreign: h.Arrival == "allow", Unchecked: h.Arrival == "unchecked",
	}
}

// numbered is the name of one of several: with a number from 1, padded to equal width
// so that names sort by number.
func numbered(name string, i, count int) string {
	if count == 0 {
		return name
	}
	return fmt.Sprintf("%s%0*d", name, len(fmt.Sprint(count)), i+1)
}

// draw makes the guests of one entry.
func (s *Scenario) draw(entry int, o *sim.Site, chance *rand.Rand) ([]sim.SiteGuest, error) {
	g := s.Guests[entry]
	series, err := s.series(entry)
	if err != nil {
		return nil, err
	}
	count := g.number(len(o.Hosts))
	if series != nil && g.Count == 0 && g.PerHost == 0 {
		count = len(series)
	}
	if series != nil && count > len(series) {
		return nil, s.wrong([]any{"guests", entry, "count"}, "%d guests, but %s has the loads of %d", count, g.Load.File, len(series))
	}
	zones := g.Load.zones(chance)
	limit := cmp.Or(o.Limit, sim.DefaultLimit)
	guests := make([]sim.SiteGuest, count)
	for i := range guests {
		size := g.size(i, count, chance)
		if series != nil {
			size.Memory = atLeast(size.Memory, series[i].Memory)
		}
		guest := sim.SiteGuest{
			Name: g.named(i, count), Host: g.Host, Kind: g.Kind, Needs: slices.Sorted(slices.Values(g.Needs)),
			Declared:  hostagent.Resources{CPU: size.Cores, MemoryBytes: int64(size.Memory), DiskBytes: int64(g.Disk)},
			DirtyRate: float64(g.DirtyRate), WorkingSet: float64(g.WorkingSet), MIPS: g.MIPS,
			Rules: g.rules(size), Quota: g.Quota, Starts: g.Starts, Ends: g.Ends, Absent: g.Absent,
		}
		if len(g.Priority) > 0 {
			guest.Priority = g.Priority[chance.IntN(len(g.Priority))]
		}
		switch {
		case series != nil:
			guest.Load = g.Load.follow(&series[i], size.Cores)
		case zones != nil:
			guest.Load = zones[i%len(zones)]
		default:
			guest.Load = g.Load.draw(size.Cores, chance, limit)
		}
		guests[i] = guest
	}
	return guests, s.place(entry, o, guests, chance)
}

// number is how many guests an entry has on a site of this many hosts, if no trace
// decides.
func (g Guests) number(hosts int) int {
	if g.PerHost > 0 {
		return int(math.Round(g.PerHost * float64(hosts)))
	}
	return max(1, g.Count)
}

// named is the name of one guest of an entry.
func (g Guests) named(i, count int) string {
	return numbered(g.Name, i, max(g.Count, count*min(1, count-1)))
}

func (g Guests) rules(size Size) hostagent.Rules {
	once := func(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }
	of := g.Rules
	return hostagent.Rules{
		Pinned: g.Pinned, Ignored: g.Ignored,
		Labels: once(of.Labels), Requires: once(slices.Concat(of.Requires, size.Requires)), Near: once(of.Near), Apart: once(of.Apart),
		Avoids: once(of.Avoids), AtMost: once(of.AtMost),
	}
}

func (g Guests) size(i, count int, chance *rand.Rand) Size {
	if g.SizesInTurn {
		part := (count + len(g.Sizes) - 1) / len(g.Sizes)
		return g.Sizes[i/part]
	}
	sum := 0.0
	for _, size := range g.Sizes {
		sum += size.weight()
	}
	at := chance.Float64() * sum
	for _, size := range g.Sizes[:len(g.Sizes)-1] {
		if at -= size.weight(); at < 0 {
			return size
		}
	}
	return g.Sizes[len(g.Sizes)-1]
}

func (z Size) weight() float64 {
	if z.Weight == 0 {
		return 1
	}
	return z.Weight
}

// tracePath is the path of an entry's trace: beside the scenario, or in the directory
// of traces; "" if its load is not a trace.
func (s *Scenario) tracePath(entry int) (string, error) {
	l := s.Guests[entry].Load
	if l.Kind != "trace" {
		return "", nil
	}
	path := filepath.Join(s.dir, l.File)
	if filepath.IsAbs(l.File) {
		path = l.File
	} else if !exists(path) {
		if s.data == "" {
			return "", s.wrong([]any{"guests", entry, "load", "file"},
				"there is no %s: set PARLEY_DATA to the directory of the traces, or give --data (docs/scenarios.md says where to get them)", path)
		}
		beside := path
		if path = filepath.Join(s.data, l.File); !exists(path) {
			return "", s.wrong([]any{"guests", entry, "load", "file"},
				"there is no %s, and no %s in the directory of the traces: PARLEY_DATA or --data names it (docs/scenarios.md says where to get them)",
				beside, path)
		}
	}
	return path, nil
}

// series reads the trace of an entry; nil if its load is not a trace.
func (s *Scenario) series(entry int) ([]trace.Series, error) {
	path, err := s.tracePath(entry)
	if path == "" || err != nil {
		return nil, err
	}
	series, err := s.traces.open(path)
	if err != nil {
		return nil, s.wrong([]any{"guests", entry, "load", "file"}, "%v", err)
	}
	name := s.Guests[entry].Load.Series
	if name == "" {
		return series, nil
	}
	i, found := slices.BinarySearchFunc(series, name, func(one trace.Series, name string) int { return cmp.Compare(one.Name, name) })
	if found {
		return series[i : i+1], nil
	}
	names := make([]string, len(series))
	for i, one := range series {
		names[i] = one.Name
	}
	near := ""
	if nearest := spell.Nearest(name, names); nearest != "" {
		near = fmt.Sprintf("; did you mean %q?", nearest)
	}
	return nil, s.wrong([]any{"guests", entry, "load", "series"}, "%s has no series %q%s", s.Guests[entry].Load.File, name, near)
}

// atLeast is a guest's declared memory: at least the most that its trace used.
func atLeast(declared Bytes, used []float64) Bytes {
	for _, bytes := range used {
		declared = max(declared, Bytes(math.Ceil(bytes)))
	}
	return declared
}

// follow is the load of a guest by a trace: a PlanetLab day has shares of the guest's
// processors, a table has cores.
func (l Load) follow(t *trace.Series, cores float64) sim.Load {
	if l.table() {
		cores = 1
	}
	if l.Scale != 0 {
		cores *= l.Scale
	}
	values := make([]float32, len(t.CPU))
	for i, v := range t.CPU {
		values[i] = float32(v)
	}
	step := t.Step
	if step == 0 {
		step = time.Hour
	}
	return &sim.Samples{Start: t.Start, Step: step, Values: values, Cores: cores}
}

func (l Load) table() bool { return trace.Table(l.File) }
