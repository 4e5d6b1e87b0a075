package ondisk

import (
	"fmt"
	"math"
	"slices"
	"time"

	"parley/hostagent"
	"parley/internal/hostname"
)

// Guest is a guest, and the content of its file.
type Guest struct {
	// Name is the guest's id as well. It is written like the name of a host.
	Name string `json:"name"`
	// Kind is what it is; "" is a virtual machine.
	Kind       hostagent.Kind `json:"kind,omitempty"`
	Processors float64        `json:"processors"`
	Memory     int64          `json:"memory_bytes"`
	// Needs is what a target must offer, sorted; Disk what its volumes take, in bytes.
	Needs []string `json:"needs,omitempty"`
	Disk  int64    `json:"disk_bytes,omitempty"`
	// CPU are the cores that the guest wants, one after the other, each for Every, and
	// then from the first again. It gets at most its processors.
	CPU   []float64     `json:"cpu_cores"`
	Every time.Duration `json:"every_ns,omitempty"`
	// Dirty is how much of its memory it writes per second.
	Dirty int64 `json:"dirty_bytes_per_second,omitempty"`
	// Ineligible says why the guest cannot be migrated; "" if it can.
	Ineligible string          `json:"ineligible,omitempty"`
	Started    time.Time       `json:"started"`
	MovedAt    time.Time       `json:"moved_at,omitzero"`
	Rules      hostagent.Rules `json:"rules"`
}

// Validate returns what is wrong with a guest.
func (g Guest) Validate() error {
	if err := hostname.Check(g.Name); err != nil {
		return fmt.Errorf("the guest's name: write it like that of a host: %w", err)
	}
	switch {
	case !(g.Processors > 0) || math.IsInf(g.Processors, 0):
		return fmt.Errorf("guest %s: its processors are %g: give a number above 0", g.Name, g.Processors)
	case g.Memory <= 0:
		return fmt.Errorf("guest %s: its memory is %d bytes: give a number above 0", g.Name, g.Memory)
	case !slices.Contains(hostagent.Kinds(), g.Kind.Known()):
		return fmt.Errorf("guest %s: its kind is %q: write vm, container or process", g.Name, g.Kind)
	case g.Disk < 0:
		return fmt.Errorf("guest %s: its volumes take %d bytes: give 0 or more", g.Name, g.Disk)
	case g.Dirty < 0:
		return fmt.Errorf("guest %s: it writes %d bytes per second: give 0 or more", g.Name, g.Dirty)
	case len(g.CPU) > 1 && g.Every <= 0:
		return fmt.Errorf("guest %s: its CPU use changes: say after which time", g.Name)
	}
	for _, cores := range g.CPU {
		if !(cores >= 0) || math.IsInf(cores, 0) {
			return fmt.Errorf("guest %s: its CPU use is %g: give cores, 0 or more", g.Name, cores)
		}
	}
	return g.Rules.Validate()
}

func (g Guest) id() hostagent.GuestID { return hostagent.GuestID(g.Name) }

func (g Guest) declared() hostagent.Resources {
	return hostagent.Resources{CPU: g.Processors, MemoryBytes: g.Memory, DiskBytes: g.Disk}
}

// wants returns the cores that the guest wants at a moment.
func (g Guest) wants(at time.Time) float64 {
	if len(g.CPU) == 0 {
		return 0
	}
	turn := 0
	if g.Every > 0 {
		turn = int(max(0, at.Sub(g.Started))/g.Every) % len(g.CPU)
	}
	return min(g.CPU[turn], g.Processors)
}

func (g Guest) shown(state hostagent.GuestState) hostagent.Guest {
	return hostagent.Guest{
		ID: g.id(), Kind: g.Kind.Known(), Name: g.Name, State: state, Declared: g.declared(), MemoryBytes: g.Memory, Needs: g.Needs,
		Ineligible: g.Ineligible, MovedAt: g.MovedAt, Rules: g.Rules, DirtyRate: g.Dirty, DirtyKnown: true,
	}
}
