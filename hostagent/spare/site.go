package spare

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Room is an amount of what guests take.
type Room struct {
	Cores       float64 `json:"cpu_cores"`
	MemoryBytes int64   `json:"memory_bytes"`
	DiskBytes   int64   `json:"disk_bytes,omitempty"` // of volumes of their own
}

// Plus returns the sum of two amounts.
func (r Room) Plus(o Room) Room {
	return Room{r.Cores + o.Cores, r.MemoryBytes + o.MemoryBytes, r.DiskBytes + o.DiskBytes}
}

// Minus returns the difference of two amounts, which may be below zero.
func (r Room) Minus(o Room) Room {
	return Room{r.Cores - o.Cores, r.MemoryBytes - o.MemoryBytes, r.DiskBytes - o.DiskBytes}
}

// tolerance, half a thousandth of a core, is below what is measured.
const tolerance = 0.0005

// in says whether this much goes into what is left. Who takes no disk fits where none is left.
func (r Room) in(left Room) bool {
	return r.Cores <= left.Cores+tolerance && r.MemoryBytes <= left.MemoryBytes && (r.DiskBytes <= left.DiskBytes || r.DiskBytes == 0)
}

// exceeds says whether it is more than another amount, of one resource at least.
func (r Room) exceeds(o Room) bool { return !r.in(o) }

// Limit says that at most so many guests with a label may be on a host.
type Limit struct {
	Label string `json:"label" cbor:"1,keyasint"`
	Most  int    `json:"most" cbor:"2,keyasint"`
}

// Guest is what a host would have to take over.
type Guest struct {
	ID       string   `json:"id"`
	Name     string   `json:"name,omitempty"`
	Need     Room     `json:"need"`
	Kind     string   `json:"kind"`               // such as vm
	Needs    []string `json:"needs,omitempty"`    // what a host must offer
	Networks []string `json:"networks,omitempty"` // that a host must have, if its networks are known
	Labels   []string `json:"labels,omitempty"`   // of the guest, each "key=value"
	Requires []string `json:"requires,omitempty"` // labels that a host must have
	Apart    []string `json:"apart,omitempty"`    // labels of guests: none may be on the same host
	Avoids   []string `json:"avoids,omitempty"`   // labels that a host must not have
	AtMost   []Limit  `json:"at_most,omitempty"`
	// Ineligible says in words why it cannot be migrated, and so perhaps not started elsewhere;
	// it has a place in a plan all the same.
	Ineligible string `json:"ineligible,omitempty"`
}

// Host is a host with its guests, as others know it.
type Host struct {
	ID   string `json:"id"`
	Free Room   `json:"free"` // beside its guests, its reservations and what it keeps for itself
	// Drained says that it takes no guest by its operator's order, and Closed that it takes none
	// for another reason. Its own guests count.
	Drained  bool     `json:"drained,omitempty"`
	Closed   bool     `json:"closed,omitempty"`
	Labels   []string `json:"labels,omitempty"`   // of the host
	Kinds    []string `json:"kinds,omitempty"`    // of guests that it takes
	Offers   []string `json:"offers,omitempty"`   // what guests may need
	Networks []string `json:"networks,omitempty"` // empty: not known
	Guests   []Guest  `json:"guests,omitempty"`
	// Coming are guests of other hosts for which room is reserved, which Free leaves out.
	Coming []Guest `json:"coming,omitempty"`
}

// Validate returns what is wrong with hosts that others have described.
func Validate(hosts []Host) error {
	seen := map[string]bool{}
	for _, h := range hosts {
		switch {
		case h.ID == "":
			return fmt.Errorf("a host has no id: give each host its own")
		case seen[h.ID]:
			return fmt.Errorf("the host %s is there twice: give each host once", h.ID)
		case math.IsNaN(h.Free.Cores) || math.IsInf(h.Free.Cores, 0):
			return fmt.Errorf("the host %s has %g cores left: give a number", h.ID, h.Free.Cores)
		}
		seen[h.ID] = true
		for _, g := range slices.Concat(h.Guests, h.Coming) {
			if n := g.Need; !(n.Cores >= 0) || math.IsInf(n.Cores, 0) || n.MemoryBytes < 0 || n.DiskBytes < 0 {
				return fmt.Errorf("the guest %s on the host %s needs %g cores, %d bytes of memory and %d of disk: give numbers from 0",
					g.ID, h.ID, n.Cores, n.MemoryBytes, n.DiskBytes)
			}
		}
	}
	return nil
}

// Move returns the hosts as they are once the guest is on another host. From is "" for a
// guest that no host has now, and to for one that none has then. The hosts that were handed in
// stay as they are.
func Move(hosts []Host, guest Guest, from, to string) ([]Host, error) {
	target := slices.IndexFunc(hosts, func(h Host) bool { return h.ID == to })
	if target < 0 && to != "" || from == to {
		return nil, fmt.Errorf("the guest %s cannot move from %q to %q: give another host among the %d that are known", guest.ID, from, to,
			len(hosts))
	}
	after := slices.Clone(hosts)
	if to != "" {
		after[target].Guests = append(slices.Clone(after[target].Guests), guest)
		after[target].Free = after[target].Free.Minus(guest.Need)
	}
	if from == "" {
		return after, nil
	}
	for i := range after {
		h := &after[i]
		at := slices.IndexFunc(h.Guests, func(g Guest) bool { return g.ID == guest.ID })
		if h.ID == from && at >= 0 {
			h.Free = h.Free.Plus(h.Guests[at].Need)
			h.Guests = slices.Delete(slices.Clone(h.Guests), at, at+1)
			return after, nil
		}
	}
	return nil, fmt.Errorf("the guest %s is not on the host %s: give the host that has it", guest.ID, from)
}

// without returns the hosts as they are without what is reserved for a guest; for "", without
// all reservations.
func without(hosts []Host, guest string) []Host {
	after := slices.Clone(hosts)
	for i := range after {
		h := &after[i]
		var coming []Guest
		for _, g := range h.Coming {
			if guest == "" || g.ID == guest {
				h.Free = h.Free.Plus(g.Need)
			} else {
				coming = append(coming, g)
			}
		}
		h.Coming = coming
	}
	return after
}

// Settled returns the hosts as they are once the guests that are coming are there, and no longer
// where they were.
func Settled(hosts []Host) []Host {
	after := slices.Clone(hosts)
	for i := range after {
		h := &after[i]
		for _, g := range h.Coming {
			for k := range after {
				if at := slices.IndexFunc(after[k].Guests, func(o Guest) bool { return o.ID == g.ID }); at >= 0 && k != i {
					after[k].Free = after[k].Free.Plus(after[k].Guests[at].Need)
					after[k].Guests = slices.Delete(slices.Clone(after[k].Guests), at, at+1)
				}
			}
			h.Guests = append(slices.Clip(h.Guests), g)
		}
		h.Coming = nil
	}
	return after
}

// arrived returns the hosts as if each guest that is coming were there, and also where it
// is now: whether its move succeeds or not, no host has more guests or less room.
func arrived(hosts []Host) []Host {
	after := slices.Clone(hosts)
	for i := range after {
		after[i].Guests = slices.Concat(after[i].Guests, after[i].Coming)
	}
	return after
}

// byID returns the hosts in an order that does not depend on who lists them.
func byID(hosts []Host) []Host {
	return slices.SortedFunc(slices.Values(hosts), func(a, b Host) int { return strings.Compare(a.ID, b.ID) })
}
