package spare

import "slices"

// stepsMost bounds a search, and looksMost the hosts that are looked at in all its steps: beyond
// them a failure counts as one that is not survived.
const (
	stepsMost = 2000
	looksMost = 20_000
)

// search tries hosts for each guest until all have a place, or the bound is reached.
func (p *packing) search() (Plan, bool) {
	if p.hopeless() {
		return Plan{}, false
	}
	s := searching{packing: p, items: p.ordered(try{size: scale.of, fewer: true}), bins: p.bins()}
	if !s.from(0) {
		return Plan{}, false
	}
	plan := Plan{Failed: p.failed, Takes: s.takes}
	plan.sorted()
	return plan, true
}

// hopeless says whether no order can place all guests: one fits nowhere, or all together
// need more than is left.
func (p *packing) hopeless() bool {
	var need, left Room
	for _, it := range p.items {
		if it.takes == 0 {
			return true
		}
		need = need.Plus(it.guest.Need)
	}
	for _, h := range p.hosts {
		if !h.Closed && !h.Drained {
			left = left.Plus(Room{max(0, h.Free.Cores) + tolerance, max(0, h.Free.MemoryBytes), max(0, h.Free.DiskBytes)})
		}
	}
	return !need.in(left)
}

// searching is a search in progress.
type searching struct {
	*packing
	items []item
	bins  []*bin
	takes []Take
	steps int
}

// from places the guests from one on, and says whether it could.
func (s *searching) from(i int) bool {
	if i == len(s.items) {
		return true
	}
	it := s.items[i]
	fitting := slices.DeleteFunc(slices.Clone(s.bins), func(b *bin) bool { return !b.accepts(it.guest) })
	slices.SortStableFunc(fitting, func(a, b *bin) int { return compare(s.of(a.left), s.of(b.left)) })
	for _, b := range fitting {
		if s.steps++; s.steps > min(stepsMost, looksMost/len(s.bins)) {
			return false
		}
		b.put(it.guest)
		s.takes = append(s.takes, Take{Guest: it.guest.ID, From: it.from, To: b.host.ID})
		if s.from(i + 1) {
			return true
		}
		s.takes = s.takes[:len(s.takes)-1]
		b.take(it.guest)
	}
	return false
}
