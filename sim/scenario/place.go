package scenario

import (
	"math"
	"math/rand/v2"
	"slices"

	"parley/hostagent"
	"parley/internal/bytesize"
	"parley/sim"
)

// place assigns guests to their initial hosts.
func (s *Scenario) place(entry int, o *sim.Site, guests []sim.SiteGuest, chance *rand.Rand) error {
	p := placing{
		hosts:  o.Hosts,
		memory: make([]int64, len(o.Hosts)), disk: make([]int64, len(o.Hosts)), cores: make([]float64, len(o.Hosts)), chance: chance,
	}
	index := map[string]int{}
	for i, h := range o.Hosts {
		index[h.Name] = i
	}
	for _, g := range o.Guests {
		p.take(index[g.Host], g)
	}
	// Who comes later to a host of its own needs no room there now.
	later := s.Guests[entry].Host != "" && (s.Guests[entry].Absent || s.Guests[entry].Starts > 0)
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
				at = index[host]
				if why := o.Hosts[at].Lacks(guests[i]); why != "" {
					return s.wrong([]any{"guests", entry, "host"}, "%s: add it to the kinds or offers of that host", why)
				}
				if later {
					break
				}
				if guests[i].Declared.DiskBytes > o.Hosts[at].Capacity.DiskBytes-p.disk[at] {
					return s.wrong([]any{"guests", entry, "host"}, "%s has no %s of disk left for the volumes of %s: give it more disk", host,
						bytesize.Text(guests[i].Declared.DiskBytes), guests[i].Name)
				}
				if !p.room(at, guests[i]) {
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
			what := "the labels, the cores"
			if g := guests[i]; g.Kind.Known() != hostagent.VM || len(g.Needs) > 0 || g.Declared.DiskBytes > 0 {
				what = "the kind, the offers, the disk, " + what
			}
			return s.wrong([]any{"guests", entry}, "no host has %s and %s of memory left for %s: write fewer or smaller "+
				"guests, or more hosts", what, bytesize.Text(guests[i].Declared.MemoryBytes), guests[i].Name)
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
	disk   []int64
	cores  []float64 // as declared
	chance *rand.Rand
}

func (p *placing) take(at int, g sim.SiteGuest) {
	if g.Absent || g.Starts > 0 {
		return
	}
	p.memory[at] += g.Declared.MemoryBytes
	p.disk[at] += g.Declared.DiskBytes
	p.cores[at] += g.Declared.CPU
}

// fits says whether a guest can begin on a host: it takes its kind, has what it needs and
// the labels, the disk and the memory.
func (p *placing) fits(at int, g sim.SiteGuest) bool {
	for _, label := range g.Rules.Requires {
		if !slices.Contains(p.hosts[at].Labels, label) {
			return false
		}
	}
	return p.hosts[at].Lacks(g) == "" && p.room(at, g)
}

func (p *placing) room(at int, g sim.SiteGuest) bool {
	room := p.hosts[at].Capacity
	return p.memory[at]+g.Declared.MemoryBytes <= room.MemoryBytes &&
		(g.Declared.DiskBytes == 0 || p.disk[at]+g.Declared.DiskBytes <= room.DiskBytes)
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
