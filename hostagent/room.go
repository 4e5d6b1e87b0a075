package hostagent

import (
	"maps"
	"math"
	"slices"
)

// room computes what this host has left beside its guests, the reservations of its
// deals and the guests that arrive without a deal.
type room struct {
	*turn
	load    *loads
	book    *book
	permits *permits
	undealt map[GuestID]undealt // guests that arrive without a deal (admission.go)
}

func share(used, capacity float64) float64 {
	switch {
	case capacity > 0:
		return round(used / capacity)
	case used > 0:
		return 1
	}
	return 0
}

// round rounds to a thousandth. Models see nothing finer, so that noise below it wakes
// none and messages stay short.
func round(v float64) float64 { return math.Round(v*1000) / 1000 }

// shareOf returns the share of the fuller resource.
func (l *loads) shareOf(r Resources) float64 {
	return max(share(r.CPU, l.platform.Capacity.CPU), share(float64(r.MemoryBytes), float64(l.platform.Capacity.MemoryBytes)))
}

// loadOf returns the share of one resource; false for one that guests do not declare.
func (l *loads) loadOf(r Resources, resource string) (float64, bool) {
	switch resource {
	case "cpu":
		return share(r.CPU, l.platform.Capacity.CPU), true
	case "memory":
		return share(float64(r.MemoryBytes), float64(l.platform.Capacity.MemoryBytes)), true
	}
	return 0, false
}

// used returns what the guests that are here are expected to take: the sum of their
// mean CPU demands plus a multiple of the deviation of that sum; memory as declared,
// because a guest may take all of it at any time.
func (l *loads) used() Resources { return l.usedWithout("") }

// meanUse returns what the guests that are here use, without deviations: a forecast
// must not be based on another forecast.
func (l *loads) meanUse() Resources {
	sum := l.used()
	sum.CPU = l.other.mean
	if !l.machine.Known {
		sum.CPU = 0
	}
	for t := range l.running() {
		sum.CPU += l.crowding.demand(t)
	}
	return sum
}

func (l *loads) usedWithout(guest GuestID) Resources {
	var sum Resources
	variance := 0.0
	for t := range l.running() {
		if t.guest.ID != guest {
			sum.CPU += l.crowding.demand(t)
			variance += t.use.variance
			sum.MemoryBytes += t.guest.Declared.MemoryBytes
			sum.DiskBytes += t.guest.Declared.DiskBytes
		}
	}
	if l.machine.Known {
		sum.CPU += l.other.mean
		variance += l.other.variance
		if guest == "" {
			sum.MemoryBytes = max(sum.MemoryBytes, l.machine.Used.MemoryBytes)
		}
	}
	sum.CPU = round(sum.CPU + l.config.Deviations*math.Sqrt(variance))
	return sum
}

// reserved returns what is not here yet but may come: reservations of deals, and guests
// without a deal.
func (rm *room) reserved() Resources {
	var sum Resources
	for _, d := range rm.book.sortedDeals() {
		if d.side == TargetSide && !rm.load.isHere(d.guest) {
			sum = plus(sum, d.need)
		}
	}
	for _, t := range rm.load.byID {
		if t.guest.State == Incoming && rm.book.dealOf(t.guest.ID) == nil {
			sum = plus(sum, t.guest.Declared)
		}
	}
	for _, guest := range slices.Sorted(maps.Keys(rm.undealt)) {
		if rm.load.guests[guest] == nil {
			sum = plus(sum, rm.undealt[guest].need)
		}
	}
	return sum
}

// leaving returns what the guests take that are moving to other hosts.
func (rm *room) leaving() Resources {
	var sum Resources
	for _, d := range rm.book.sortedDeals() {
		if d.side == SourceSide && rm.load.isHere(d.guest) {
			sum = plus(sum, d.need)
		}
	}
	return sum
}

// loadedWith returns what is used and reserved, plus more.
func (rm *room) loadedWith(more Resources) Resources {
	return plus(plus(rm.load.used(), rm.reserved()), more)
}

// loadedWithout returns what is used once the guest and all departing guests are gone.
func (rm *room) loadedWithout(t *tracked) Resources {
	rest := rm.load.usedWithout(t.guest.ID)
	leaving := rm.leaving()
	if d := rm.book.dealOf(t.guest.ID); d != nil && d.side == SourceSide {
		leaving = minus(leaving, d.need)
	}
	return minus(rest, leaving)
}

func plus(a, b Resources) Resources {
	return Resources{CPU: a.CPU + b.CPU, MemoryBytes: a.MemoryBytes + b.MemoryBytes, DiskBytes: a.DiskBytes + b.DiskBytes}
}

// most returns the greater of each resource.
func most(a, b Resources) Resources {
	return Resources{CPU: max(a.CPU, b.CPU), MemoryBytes: max(a.MemoryBytes, b.MemoryBytes), DiskBytes: max(a.DiskBytes, b.DiskBytes)}
}

// minus does not go below zero: forecasts of a sum and of its parts differ.
func minus(a, b Resources) Resources {
	return Resources{
		CPU: max(0, a.CPU-b.CPU), MemoryBytes: max(0, a.MemoryBytes-b.MemoryBytes), DiskBytes: max(0, a.DiskBytes-b.DiskBytes),
	}
}

// yielding returns what is reserved for offers that give way to an operator's move.
func (rm *room) yielding() Resources {
	var sum Resources
	for _, d := range rm.book.sortedDeals() {
		if d.givesWay() && !rm.load.isHere(d.guest) {
			sum = plus(sum, d.need)
		}
	}
	return sum
}

// taken returns what is used and reserved; for an operator's move, without the offers
// that give way to it.
func (rm *room) taken(operator bool) Resources {
	taken := rm.loadedWith(Resources{})
	if operator {
		taken = minus(taken, rm.yielding())
	}
	return taken
}

// fitsFor says whether this much more fits into the host's room.
func (rm *room) fitsFor(operator bool, more Resources) bool {
	return rm.load.holds(plus(rm.taken(operator), more))
}

// fits says whether this much more fits into the host's room, per resource.
func (rm *room) fits(more Resources) bool {
	return rm.fitsFor(false, more)
}

// holds says whether the host's capacity covers this much CPU and memory. Disk counts
// only for a guest that takes some (diskFits).
func (l *loads) holds(with Resources) bool {
	// The tolerance, half a thousandth of a core, is below what is measured.
	return with.CPU <= l.platform.Capacity.CPU+0.0005 && with.MemoryBytes <= l.platform.Capacity.MemoryBytes
}
