package scenario

import (
	"math"
	"math/rand/v2"
	"slices"

	"parley/internal/bytesize"
	"parley/sim"
)

// place assigns guests to their initial hosts.
func (s *Scenario) place(entry int, o *sim.Site, guests []sim.SiteGuest, chance *rand.Rand) error {
	p := placing{hosts: o.Hosts, memory: make([]int64, len(o.Hosts)), cores: make([]float64, len(o.Hosts)), chance: chance}
	index := map[string]int{}
	for i, h := range o.Hosts {
		index[h.Name] = i
	}
	for _, g := range o.Guests {
		p.take(index[g.Host], g)
	}
	for i := range guests {
		var at int
		switch s.Guests[entry].Place {
		case "spread":
			at = p.least(guests[i])
		case "skewed":
			at = p.from(int(math.Pow(chance.Float64(), 2.2)*float64(len(o.Hosts))), guests[i])
		case "round_robin":
			at = p.from(i%len(o.Hosts), guests[i])
		case "blocks":
			at = p.from(i*len(o.Hosts)/len(guests), guests[i])
		case "power":
			at = p.cheapest(guests[i])
		default:
			if host := s.Guests[entry].Host; host != "" {
				if at = index[host]; !p.room(at, guests[i]) {
					return s.wrong([]any{"guests", entry, "host"},
						"%s has no %s of memory left for %s: its guests have %s of %s; write fewer or smaller guests, or another host", host,
						bytesize.Text(guests[i].Declared.MemoryBytes), guests[i].Name, bytesize.Text(p.memory[at]),
						bytesize.Text(o.Hosts[at].Capacity.MemoryBytes))
				}
				break
			}
			at = p.from(chance.IntN(len(o.Hosts)), guests[i])
		}
		if at < 0 {
			return s.wrong([]any{"guests", entry}, "no host has the labels, the cores and %s of memory left for %s: write fewer or smaller "+
				"guests, or more hosts", bytesize.Text(guests[i].Declared.MemoryBytes), guests[i].Name)
		}
		guests[i].Host = o.Hosts[at].Name
		p.take(at, guests[i])
	}
	return nil
}

// placing is the state of the placement so far.
type placing struct {
	hosts  []sim.SiteHost
	memory []int64
	cores  []float64 // as declared
	chance *rand.Rand
}

func (p *placing) take(at int, g sim.SiteGuest) {
	p.memory[at] += g.Declared.MemoryBytes
	p.cores[at] += g.Declared.CPU
}

// fits says whether a guest can begin on a host: it has the labels and the memory.
func (p *placing) fits(at int, g sim.SiteGuest) bool {
	for _, label := range g.Rules.Requires {
		if !slices.Contains(p.hosts[at].Labels, label) {
			return false
		}
	}
	return p.room(at, g)
}

func (p *placing) room(at int, g sim.SiteGuest) bool {
	return p.memory[at]+g.Declared.MemoryBytes <= p.hosts[at].Capacity.MemoryBytes
}

// from is the first host that fits, searched cyclically from an index.
func (p *placing) from(at int, g sim.SiteGuest) int {
	for i := range p.hosts {
		if next := (at + i) % len(p.hosts); p.fits(next, g) {
			return next
		}
	}
	return -1
}

// least is the host with the smallest share of its cores declared.
func (p *placing) least(g sim.SiteGuest) int {
	best, least := -1, math.Inf(1)
	for i, h := range p.hosts {
		if part := p.cores[i] / h.Capacity.CPU; part < least && p.fits(i, g) {
			best, least = i, part
		}
	}
	return best
}

// cheapest is, of the hosts that fit, the one whose power is least above its idle power
// when all its guests, including this one, use what they declare: CloudSim's initial
// placement, which spreads guests.
func (p *placing) cheapest(g sim.SiteGuest) int {
	best, least := -1, math.Inf(1)
	for i, h := range p.hosts {
		after := (p.cores[i] + g.Declared.CPU) / h.Capacity.CPU
		if after > 1 || !p.fits(i, g) {
			continue
		}
		if more := h.Watts(after) - h.Watts(0); more < least-1e-9 {
			best, least = i, more
		}
	}
	return best
}
