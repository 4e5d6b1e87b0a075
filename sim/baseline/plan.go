package baseline

import (
	"cmp"
	"math"
	"slices"
)

// move is a planned migration.
type move struct {
	*guest
	to *host
}

// plan returns the migrations of a tick. It plans by simulation: it moves guests to
// their new hosts at once, and back at the end. Three quirks of CloudSim are kept,
// since they affect its measurements:
//
//   - The price of a guest is the power after everything that is planned for the
//     host, less the power at its last look.
//   - A host that is off has the price of one that idles.
//   - A guest that leaves an overloaded host for one that is then emptied moves
//     to two hosts at once; that counts as two migrations.
func (r *run) plan() []move {
	saved := make([][]place, len(r.hosts))
	overloaded := make([]bool, len(r.hosts))
	closed := make([]bool, len(r.hosts)) // neither to be emptied nor to receive guests of emptied hosts
	for i, h := range r.hosts {
		saved[i] = slices.Clone(h.places)
		overloaded[i] = r.overloaded(h, nil)
		closed[i] = overloaded[i] || h.used == 0
	}
	moves := r.settle(r.relieve(overloaded), overloaded, false)
	moves = append(moves, r.empty(closed)...)
	for i, h := range r.hosts {
		h.places = saved[i]
		h.share()
	}
	return moves
}

// relieve removes guests from overloaded hosts, those with the least memory first.
func (r *run) relieve(overloaded []bool) []*guest {
	var leaving []*guest
	for i, h := range r.hosts {
		for over := overloaded[i]; over && len(h.places) > 0; over = r.overloaded(h, nil) {
			least := slices.MinFunc(h.places, func(a, b place) int { return cmp.Compare(a.MemoryMB, b.MemoryMB) })
			leaving = append(leaving, least.guest)
			h.remove(least.guest)
		}
	}
	return leaving
}

// settle places guests, those with the largest demand first, on hosts that are not
// closed. A guest without a place stays out; with all set, it undoes the other
// placements, and there are no moves.
func (r *run) settle(guests []*guest, closed []bool, all bool) []move {
	slices.SortStableFunc(guests, func(a, b *guest) int { return cmp.Compare(b.demand, a.demand) })
	var moves []move
	for _, g := range guests {
		to := r.cheapest(g, closed)
		if to != nil {
			to.add(g, false)
			moves = append(moves, move{g, to})
			continue
		}
		if all {
			for _, m := range moves {
				m.to.remove(m.guest)
			}
			return nil
		}
	}
	return moves
}

// cheapest is the host that is not closed, has room, would not be overloaded, and whose
// power grows least; nil if there is none.
func (r *run) cheapest(g *guest, closed []bool) *host {
	var found *host
	least := math.MaxFloat64
	for i, h := range r.hosts {
		if closed[i] || h.MIPS < g.demand || h.free < g.demand {
			continue
		}
		price := h.Curve.Watts((h.allocated+g.demand)/h.Capacity()) - h.Curve.Watts(h.usage())
		if price >= least || h.allocated != 0 && r.overloaded(h, g) {
			continue
		}
		found, least = h, price
	}
	return found
}

// empty plans to empty the least used host, then the next one, until none is left. A
// host that receives guests in this phase is not emptied itself.
func (r *run) empty(closed []bool) []move {
	var moves []move
	done := slices.Clone(closed)
	for {
		h := r.leastUsed(done)
		if h == nil {
			return moves
		}
		done[h.index], closed[h.index] = true, true
		guests := make([]*guest, len(h.places))
		for i, p := range h.places {
			guests[i] = p.guest
		}
		emptied := r.settle(guests, closed, true)
		for _, m := range emptied {
			done[m.to.index] = true
		}
		moves = append(moves, emptied...)
	}
}

func (r *run) leastUsed(done []bool) *host {
	var found *host
	least := 1.0
	for i, h := range r.hosts {
		if u := h.usage(); !done[i] && u > 0 && u < least && len(h.places) > 0 {
			found, least = h, u
		}
	}
	return found
}
