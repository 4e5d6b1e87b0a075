package prove

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"parley/hostagent"
	"parley/lcc"
	"parley/sim"
)

// Shape is a number of hosts and of guests.
type Shape struct {
	Hosts  int `json:"hosts"`
	Guests int `json:"guests"`
}

// Shapes lists all shapes of some numbers of hosts and of guests, in their order.
func Shapes(hosts, guests []int) (list []Shape) {
	for _, h := range hosts {
		for _, g := range guests {
			list = append(list, Shape{h, g})
		}
	}
	return list
}

// layout has the loads of the guests of each host, in tenths of a host.
type layout [][]int

const (
	tenths      = 10 // a host's load
	guestTenths = 6  // the largest guest's load
)

// layouts lists the placements of a shape. Hosts are alike, and guests of the same load are:
// placements that differ by names alone are there once.
func layouts(s Shape) (list []layout) {
	at := make(layout, s.Hosts)
	var place func(left, size, host int)
	// Guests are placed by falling size, those of one size on rising hosts.
	place = func(left, size, host int) {
		if left == 0 {
			if l := at.sorted(); same(l, at) {
				list = append(list, l)
			}
			return
		}
		for ; size >= 1; size, host = size-1, 0 {
			for ; host < s.Hosts; host++ {
				if sum(at[host])+size > tenths {
					continue
				}
				at[host] = append(at[host], size)
				place(left-1, size, host)
				at[host] = at[host][:len(at[host])-1]
			}
		}
	}
	place(s.Guests, guestTenths, 0)
	return list
}

// sorted is a copy with the hosts of the greatest load first.
func (l layout) sorted() layout {
	out := make(layout, len(l))
	for i, guests := range l {
		out[i] = slices.Clone(guests)
	}
	slices.SortStableFunc(out, func(a, b []int) int {
		return cmp.Or(cmp.Compare(sum(b), sum(a)), slices.Compare(b, a))
	})
	return out
}

func sum(list []int) (n int) {
	for _, one := range list {
		n += one
	}
	return n
}

func same(a, b layout) bool {
	return slices.EqualFunc(a, b, func(x, y []int) bool { return slices.Equal(x, y) })
}

// thin takes at most so many, at even distances.
func thin[T any](list []T, most int) []T {
	if len(list) <= most {
		return list
	}
	out := make([]T, most)
	for i := range out {
		out[i] = list[i*len(list)/most]
	}
	return out
}

// The times of a run: it ends when nothing happens for quiet, or at the limit.
const (
	quiet = 3 * time.Minute
	limit = 20 * time.Minute
)

// seed is that of all runs.
const seed = 1

// site is the site of a layout. Guests have no cool-down: it would hide most of what a policy
// does.
func (l layout) site(policies []*lcc.Model, aim aim) sim.Site {
	config := hostagent.DefaultConfig()
	config.Cooldown = 0
	s := sim.Site{Policies: policies, Seed: seed, Config: config, Quiet: quiet, Limit: limit, StartWithin: 1}
	for i := range l {
		h := sim.SiteHost{Name: hostName(i), Capacity: hostagent.Resources{CPU: tenths, MemoryBytes: 1 << 40}}
		if aim.leaves != "" && i == aim.leaver {
			h.Labels = []string{aim.leaves}
		}
		s.Hosts = append(s.Hosts, h)
	}
	for i, guests := range l {
		for _, size := range guests {
			s.Guests = append(s.Guests, sim.SiteGuest{
				Name: fmt.Sprintf("guest%d", len(s.Guests)+1), Host: hostName(i), CPU: float64(size), MIPS: 1000,
				Declared: hostagent.Resources{CPU: float64(size), MemoryBytes: 1 << 30},
			})
		}
	}
	return s
}

// unguarded is a site whose hosts let guests return at once.
func unguarded(s sim.Site) sim.Site {
	s.Config.ReturnAfter = 0
	return s
}

func hostName(i int) string { return fmt.Sprintf("host%d", i+1) }
