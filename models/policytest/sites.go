package policytest

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"parley/hostagent"
	"parley/lcc"
	"parley/sim"
)

// Uneven is a site of equal hosts whose guests are mostly on the first ones.
func Uneven(model *lcc.Model, hosts, guests int, seed uint64) sim.Site {
	chance := rand.New(rand.NewPCG(seed, 1))
	s := sim.Site{Policies: []*lcc.Model{model}, Seed: seed, Config: hostagent.DefaultConfig()}
	s.Config.Cooldown = 2 * time.Minute
	capacity := hostagent.Resources{CPU: 16, MemoryBytes: 64 << 30}
	room := make([]hostagent.Resources, hosts)
	for i := range hosts {
		s.Hosts = append(s.Hosts, sim.SiteHost{Name: fmt.Sprintf("host%02d", i), Capacity: capacity})
		room[i] = capacity
	}
	for i := range guests {
		vcpus := float64(int(1) << chance.IntN(3))
		g := sim.SiteGuest{
			Name: fmt.Sprintf("guest%03d", i), CPU: vcpus * (0.15 + 0.6*chance.Float64()),
			Declared: hostagent.Resources{CPU: vcpus, MemoryBytes: int64(vcpus) << 30},
		}
		at := int(math.Pow(chance.Float64(), 2.2) * float64(hosts))
		for room[at].CPU < g.CPU || room[at].MemoryBytes < g.Declared.MemoryBytes {
			at = (at + 1) % hosts
		}
		room[at].CPU -= g.CPU
		room[at].MemoryBytes -= g.Declared.MemoryBytes
		g.Host = s.Hosts[at].Name
		s.Guests = append(s.Guests, g)
	}
	return s
}

// Alike is a site of hosts with the same load, with four guests each.
func Alike(model *lcc.Model, hosts int, seed uint64, load float64) sim.Site {
	s := sim.Site{Policies: []*lcc.Model{model}, Seed: seed, Config: hostagent.DefaultConfig()}
	s.Config.Cooldown = 2 * time.Minute
	for i := range hosts {
		h := sim.SiteHost{Name: fmt.Sprintf("host%02d", i), Capacity: hostagent.Resources{CPU: 16, MemoryBytes: 64 << 30}}
		s.Hosts = append(s.Hosts, h)
		for k := range 4 {
			s.Guests = append(s.Guests, sim.SiteGuest{
				Name: fmt.Sprintf("guest%02d-%d", i, k), Host: h.Name, CPU: 16 * load / 4,
				Declared: hostagent.Resources{CPU: 8, MemoryBytes: 4 << 30},
			})
		}
	}
	return s
}

// Ranked gives a third of the guests a high priority and a third a low one.
func Ranked(s sim.Site) sim.Site {
	for i := range s.Guests {
		s.Guests[i].Priority = []int{0, 50, -50}[i%3]
	}
	return s
}

// Swinging is a site whose guests vary their CPU use over six hours, each with its own
// phase, and with noise.
func Swinging(model *lcc.Model, seed uint64) sim.Site {
	s := Ranked(Uneven(model, 8, 56, seed))
	chance := rand.New(rand.NewPCG(seed, 3))
	for i := range s.Guests {
		g := &s.Guests[i]
		phase, base, noise := chance.Float64()*2*math.Pi, 0.25+0.4*chance.Float64(), 0.0
		load := &sim.Samples{Step: 5 * time.Minute, Cores: g.Declared.CPU}
		for k := range 6 * 12 {
			noise = 0.9*noise + 0.08*chance.NormFloat64()
			share := base + 0.25*math.Sin(phase+float64(k)/72*2*math.Pi) + noise
			load.Values = append(load.Values, float32(min(1, max(0.02, share))))
		}
		g.Load = load
	}
	s.Limit, s.Quiet = 6*time.Hour, -1
	s.Config.Cooldown = hostagent.DefaultConfig().Cooldown
	s.Config.ReturnAfter = time.Second // the policies handle that themselves
	return s
}

// Trouble adds faults: lost and duplicated messages, and, during the first deals,
// agents that end, a host that stops, and a network partition.
func Trouble(s sim.Site) sim.Site {
	chance := rand.New(rand.NewPCG(s.Seed, 2))
	s.Network = sim.Network{Loss: 0.1, Duplicate: 0.05, Jitter: 20 * time.Millisecond}
	fault := func(kind string, lasts time.Duration, hosts ...string) {
		s.Faults.Schedule = append(s.Faults.Schedule, sim.Fault{
			Kind: kind, Hosts: hosts, For: lasts, At: 14*time.Second + time.Duration(chance.Int64N(int64(time.Minute))),
		})
	}
	for range 6 {
		fault("agent", 10*time.Second, s.Hosts[chance.IntN(len(s.Hosts))].Name)
	}
	fault("host", time.Minute, s.Hosts[chance.IntN(len(s.Hosts))].Name)
	var half []string
	for _, h := range s.Hosts[len(s.Hosts)/2:] {
		half = append(half, h.Name)
	}
	fault("partition", 30*time.Second, half...)
	return s
}

// Average returns the share of all cores that the guests of a site use at a time.
func Average(s sim.Site, at time.Duration) float64 {
	var used, all float64
	for _, g := range s.Guests {
		cores := g.CPU
		if g.Load != nil {
			cores = g.Load.At(at)
		}
		used += cores
	}
	for _, h := range s.Hosts {
		all += h.Capacity.CPU
	}
	return used / all
}

// Counted gives each guest a counter: guests of four sorts execute different numbers of
// instructions in a second of CPU time.
func Counted(s sim.Site) sim.Site {
	for i := range s.Guests {
		s.Guests[i].MIPS = []float64{1000, 2500, 600, 1600}[i%4]
	}
	return s
}

// Executed returns the millions of instructions a second that the guests of each host want
// to execute at the beginning, after these moves.
func Executed(s sim.Site, moves ...sim.Move) []float64 {
	at := map[string]string{}
	for _, m := range moves {
		at[m.Guest] = m.To
	}
	sums := make([]float64, len(s.Hosts))
	for i, h := range s.Hosts {
		for _, g := range s.Guests {
			cores := g.CPU
			if g.Load != nil {
				cores = g.Load.At(0)
			}
			if cmp.Or(at[g.Name], g.Host) == h.Name {
				sums[i] += cores * g.MIPS
			}
		}
	}
	return sums
}
