package baseline

import (
	"fmt"
	"math"
	"time"

	"parley/sim/power"
)

// The rhythm of the experiment: the first tick comes a period after the guests
// began to work, and that is a moment after the start. The last one is LastTick;
// nothing is counted after the migrations that it began.
const (
	Period    = 300 * time.Second
	FirstTick = Period + 100*time.Millisecond
	LastTick  = FirstTick + 286*Period
)

const (
	hostsDefault         = 800
	migrationMBPerSecond = 62.5 // half of the 1 Gbit/s link
	hostMemoryMB         = 65536
	// placementMemoryMB is what CloudSim's hosts have. It matters only while
	// guests are placed first fit: later the memory of a guest counts for
	// nothing there.
	placementMemoryMB = 4096
)

// Host is a host of the experiment.
type Host struct {
	Kind     string // G4 or G5
	Cores    int
	MIPS     float64 // of one core
	MemoryMB int     // so much that it is no constraint, as in the paper
	Curve    power.Curve
}

// Capacity returns the MIPS of all cores.
func (h *Host) Capacity() float64 { return float64(h.Cores) * h.MIPS }

// Guest is a guest of the experiment, with one virtual CPU.
type Guest struct {
	MIPS     float64 // what a load of 1 asks for
	MemoryMB int
}

// MigrationTime returns how long a migration of the guest takes, however many
// there are.
func (g *Guest) MigrationTime() time.Duration {
	return time.Duration(math.Round(float64(g.MemoryMB)/migrationMBPerSecond*1000)) * time.Millisecond
}

// guestTypes are those of the experiment: the first quarter of the guests is of
// the first type, and so on.
var guestTypes = [4]Guest{{2500, 870}, {2000, 1740}, {1000, 1740}, {500, 613}}

// Fleet is a site: who is there, and who is where at the start.
type Fleet struct {
	Hosts     []Host
	Guests    []Guest
	Placement []int // the host of each guest, by its place in Hosts
}

// NewFleet makes the site of the experiment for so many guests and hosts (0: 800),
// the even ones G4, the odd ones G5. Each guest reserves its full MIPS and is
// placed, in order, on the host whose power grows least, measured as CloudSim
// does: against the idle host. It is an error if a guest finds no place.
func NewFleet(guests, hosts int) (*Fleet, error) {
	f := emptyFleet(guests, hosts)
	return f, f.place(func(h *Host, reserved, mips float64) float64 {
		return h.Curve.Watts((reserved+mips)/h.Capacity()) - h.Curve.Watts(0)
	})
}

// firstFitFleet is the same site with each guest on the first host that has room,
// as CloudSim places guests that are never migrated.
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

// place puts each guest on the host with room where it costs least; of those
// that cost the same, on the first.
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
			return fmt.Errorf("baseline: none of %d hosts has room for guest %d of %d, which needs a core of %v MIPS and %d MB; give more hosts or fewer guests",
				len(f.Hosts), i, len(f.Guests), guest.MIPS, guest.MemoryMB)
		}
		reserved[found] += guest.MIPS
		memory[found] += guest.MemoryMB
		f.Placement = append(f.Placement, found)
	}
	return nil
}
