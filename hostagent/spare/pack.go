package spare

import (
	"slices"
	"strings"
)

// scale weighs cores and memory by what a host of the site has on average, free and used.
type scale struct{ cores, memory float64 }

func scaleOf(hosts []Host) scale {
	var s scale
	for _, h := range hosts {
		need := needOf(h)
		s.cores += max(0, h.Free.Cores) + need.Cores
		s.memory += float64(max(0, h.Free.MemoryBytes) + need.MemoryBytes)
	}
	n := float64(max(1, len(hosts)))
	return scale{cores: s.cores / n, memory: s.memory / n}
}

// of returns the share of the fuller resource.
func (s scale) of(r Room) float64 { return max(s.ofCores(r), s.ofMemory(r)) }

func (s scale) ofCores(r Room) float64 {
	if s.cores == 0 {
		return 0
	}
	return r.Cores / s.cores
}

func (s scale) ofMemory(r Room) float64 {
	if s.memory == 0 {
		return 0
	}
	return float64(r.MemoryBytes) / s.memory
}

// item is a guest that needs a place.
type item struct {
	guest *Guest
	from  string
	takes int // hosts that it would fit on if it were the only one
}

// bin is a host that takes guests.
type bin struct {
	host *Host
	left Room
	came []*Guest
	// picky says that a guest there has a rule about others. Most are not, and to ask each for
	// its rules takes most of the time.
	picky bool
}

// refuses says why the host does not take a guest; "" if it does.
func (b *bin) refuses(g *Guest) Why {
	switch {
	case b.host.Drained:
		return WhyDrained
	case b.host.Closed:
		return WhyClosed
	case !slices.Contains(b.host.Kinds, g.Kind):
		return WhyKind
	case !within(g.Needs, b.host.Offers):
		return WhyNeeds
	case len(b.host.Networks) > 0 && !within(g.Networks, b.host.Networks):
		return WhyNetwork
	case !within(g.Requires, b.host.Labels):
		return WhyLabel
	case overlap(g.Avoids, b.host.Labels):
		return WhyAvoided
	case b.keepsApart(g):
		return WhyApart
	case b.isCrowded(g):
		return WhyCrowded
	case !g.Need.in(b.left):
		return WhyRoom
	}
	return ""
}

// accepts says whether the host takes a guest. Room, which costs least, is looked at first.
func (b *bin) accepts(g *Guest) bool { return g.Need.in(b.left) && b.refuses(g) == "" }

func (b *bin) keepsApart(g *Guest) bool {
	if !b.picky && !keepsAway(g) {
		return false
	}
	for other := range b.guests() {
		if apart(other, g) {
			return true
		}
	}
	return false
}

// keepsAway says whether a guest has a rule about others on its host.
func keepsAway(g *Guest) bool { return len(g.Apart)+len(g.AtMost) > 0 }

func apart(a, b *Guest) bool { return overlap(a.Apart, b.Labels) || overlap(b.Apart, a.Labels) }

func (b *bin) put(g *Guest) {
	b.left = b.left.Minus(g.Need)
	b.came = append(b.came, g)
	b.picky = b.picky || keepsAway(g)
}

func (b *bin) take(g *Guest) {
	b.left = b.left.Plus(g.Need)
	b.came = b.came[:len(b.came)-1]
}

func within(all, in []string) bool {
	return !slices.ContainsFunc(all, func(s string) bool { return !slices.Contains(in, s) })
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// packing is the search for places after a failure.
type packing struct {
	scale
	failed []string
	hosts  []*Host // that are left
	items  []item
	picky  map[string]bool // hosts with a guest that has a rule about others
}

// pack returns the best plan of those that it tries. Hosts are sorted.
func pack(hosts []Host, failed []string) Plan {
	p := packing{scale: scaleOf(hosts), failed: failed, picky: map[string]bool{}}
	for i := range hosts {
		h := &hosts[i]
		if slices.ContainsFunc(h.Guests, func(g Guest) bool { return keepsAway(&g) }) {
			p.picky[h.ID] = true
		}
		if !slices.Contains(failed, h.ID) {
			p.hosts = append(p.hosts, h)
			continue
		}
		for j := range h.Guests {
			p.items = append(p.items, item{guest: &h.Guests[j], from: h.ID})
		}
	}
	var best Plan
	var left []*bin // by the best plan
	for i, try := range tries {
		if i == 1 {
			p.countTakers() // most failures need no second try
		}
		plan, bins := p.place(try)
		if i == 0 || p.of(plan.Lacks) < p.of(best.Lacks) {
			best, left = plan, bins
		}
		if best.Fits() {
			return best
		}
	}
	if plan, found := p.search(); found {
		return plan
	}
	p.reason(&best, left)
	return best
}

// reason says of each guest of a plan without a place why no host takes it.
func (p *packing) reason(plan *Plan, left []*bin) {
	for i := range plan.Missing {
		m := &plan.Missing[i]
		at := slices.IndexFunc(p.items, func(it item) bool { return it.guest.ID == m.Guest && it.from == m.From })
		m.Why = reasons(left, p.items[at].guest)
	}
}

func (p *packing) countTakers() {
	bins := p.bins()
	for i := range p.items {
		for _, b := range bins {
			if b.accepts(p.items[i].guest) {
				p.items[i].takes++
			}
		}
	}
}

func (p *packing) bins() []*bin {
	bins := make([]*bin, len(p.hosts))
	for i, h := range p.hosts {
		bins[i] = &bin{host: h, left: h.Free, picky: p.picky[h.ID]}
	}
	return bins
}

// try is an order of guests and a choice of hosts.
type try struct {
	size  func(scale, Room) float64 // the greater first
	fewer bool                      // guests that fit on fewer hosts come before
	even  bool                      // the host with most left takes a guest, not that with least
}

// tries are made until one places all guests. The first leaves large gaps for large guests;
// an even one serves where rules, not sizes, decide.
var tries = []try{
	{size: scale.of}, {size: scale.of, fewer: true}, {size: scale.ofMemory}, {size: scale.ofCores}, {size: scale.of, even: true},
}

// ordered returns the guests in the order of a try.
func (p *packing) ordered(t try) []item {
	return slices.SortedFunc(slices.Values(p.items), func(a, b item) int {
		if t.fewer && a.takes != b.takes {
			return a.takes - b.takes
		}
		if c := compare(t.size(p.scale, b.guest.Need), t.size(p.scale, a.guest.Need)); c != 0 {
			return c
		}
		return strings.Compare(a.guest.ID+"\x00"+a.from, b.guest.ID+"\x00"+b.from)
	})
}

// place gives each guest in turn to the host that suits it best.
func (p *packing) place(t try) (Plan, []*bin) {
	plan, bins := Plan{Failed: p.failed}, p.bins()
	for _, it := range p.ordered(t) {
		var best *bin
		bestLeft := 0.0
		for _, b := range bins {
			if !b.accepts(it.guest) {
				continue
			}
			left := p.of(b.left)
			if best == nil || t.even && left > bestLeft || !t.even && left < bestLeft {
				best, bestLeft = b, left
			}
		}
		if best == nil {
			plan.Missing = append(plan.Missing, Missing{Guest: it.guest.ID, Name: it.guest.Name, From: it.from})
			plan.Lacks = plan.Lacks.Plus(it.guest.Need)
			continue
		}
		best.put(it.guest)
		plan.Takes = append(plan.Takes, Take{Guest: it.guest.ID, From: it.from, To: best.host.ID})
	}
	plan.sorted()
	return plan, bins
}

// reasons counts why no host takes a guest.
func reasons(bins []*bin, g *Guest) map[Why]int {
	why := map[Why]int{}
	for _, b := range bins {
		why[b.refuses(g)]++
	}
	return why
}
