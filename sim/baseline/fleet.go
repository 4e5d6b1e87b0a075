package baseline

import (
	"fmt"
	"math"
	"time"

	"parley/sim/power"
)

// The timing of the experiment: the first tick is one period after the guests begin to
// work, shortly after the start. LastTick is the last one; nothing is counted after the
// migrations that it begins.
const (
	Period    = 300 * time.Second
	FirstTick = Period + 100*time.Millisecond
	LastTick  = FirstTick + 286*Period
)

const (
	hostsDefault         = 800
	migrationMBPerSecond = 62.5 // half of the 1 Gbit/s link
	hostMemoryMB         = 65536
	// placementMemoryMB is the memory of CloudSim's hosts. It matters only for
	// first-fit placement: after that, CloudSim ignores the guests' memory.
	placementMemoryMB = 4096
)

// Host is a host of the experiment.
type Host struct {
	Kind     string // G4 or G5
	Cores    int
	MIPS     float64 // of one core
	MemoryMB int     // large enough not to be a constraint, as in the paper
	Curve    power.Curve
}

// Capacity returns the MIPS of all cores.
func (h *Host) Capacity() float64 { return float64(h.Cores) * h.MIPS }

// Guest is a guest of the experiment, with one virtual CPU.
type Guest struct {
	MIPS     float64 // the demand at a load of 1
	MemoryMB int
}

// MigrationTime returns the duration of a migration of the guest, which does not depend
// on other migrations.
func (g *Guest) MigrationTime() time.Duration {
	return time.Duration(math.Round(float64(g.MemoryMB)/migrationMBPerSecond*1000)) * time.Millisecond
}

// guestTypes are the types of the experiment, each for a quarter of the guests in
// order.
var guestTypes = [4]Guest{{2500, 870}, {2000, 1740}, {1000, 1740}, {500, 613}}

// Fleet is a site: its hosts, its guests and their initial placement.
type Fleet struct {
	Hosts     []Host
	Guests    []Guest
	Placement []int // the host of each guest, as an index of Hosts
}

// NewFleet makes the site of the experiment with this number of guests and hosts (0:
// 800), alternately G4 and G5. Each guest reserves its full MIPS and is placed, in
// order, on the host whose power grows least, measured as in CloudSim: against the idle
// host. It is an error if a guest finds no place.
func NewFleet(guests, hosts int) (*Fleet, error) {
	f := emptyFleet(guests, hosts)
	return f, f.place(func(h *Host, reserved, mips float64) float64 {
		return h.Curve.Watts((reserved+mips)/h.Capacity()) - h.Curve.Watts(0)
	})
}

// firstFitFleet is the same site with each guest on the first host that has room, as
// CloudSim places guests for policies without migration.
func firstFitFleet(guests, hosts int) (*Fleet, error) {
	f := emptyFleet(guests, hosts)
	return f, f.place(func(*Host, float64, float64) float64 { return 0 })
}

func emptyFleet(guests, hosts int) *Fleet {
	if hosts == 0 {
		hosts = hostsDefault
	}
	f := &Fleet{}
	for i := range hosts {
		host := Host{Kind: "G4", Cores: 2, MIPS: 1860, MemoryMB: hostMemoryMB, Curve: power.G4}
		if i%2 == 1 {
			host.Kind, host.MIPS, host.Curve = "G5", 2660, power.G5
		}
		f.Hosts = append(f.Hosts, host)
	}
	quarter := max(1, (guests+len(guestTypes)-1)/len(guestTypes))
	for i := range guests {
		f.Guests = append(f.Guests, guestTypes[i/quarter])
	}
	return f
}

// place puts each guest on the cheapest host with room; on a tie, on the first.
func (f *Fleet) place(cost func(h *Host, reserved, mips float64) float64) error {
	reserved := make([]float64, len(f.Hosts))
	memory := make([]int, len(f.Hosts))
	for i := range f.Guests {
		guest := &f.Guests[i]
		found, least := -1, math.MaxFloat64
		for j := range f.Hosts {
			host := &f.Hosts[j]
			if host.MIPS < guest.MIPS || reserved[j]+guest.MIPS > host.Capacity() || memory[j]+guest.MemoryMB > placementMemoryMB {
				continue
			}
			if c := cost(host, reserved[j], guest.MIPS); c < least {
				found, least = j, c
			}
		}
		if found < 0 {
			return fmt.Errorf("baseline: none of %d hosts has room for guest %d of %d, which needs a core of %v MIPS and %d MB; give more hosts "+
				"or fewer guests",
				len(f.Hosts), i, len(f.Guests), guest.MIPS, guest.MemoryMB)
		}
		reserved[found] += guest.MIPS
		memory[found] += guest.MemoryMB
		f.Placement = append(f.Placement, found)
	}
	return nil
}
