package hostagent

import (
	"maps"
	"math"
	"slices"
)

func share(used, capacity float64) float64 {
	switch {
	case capacity > 0:
		return round(used / capacity)
	case used > 0:
		return 1
	}
	return 0
}

// round keeps a thousandth. What models see is no finer, so that noise below
// it wakes nobody and messages stay short.
func round(v float64) float64 { return math.Round(v*1000) / 1000 }

// load is the share of the fuller resource.
func (c *Core) load(r Resources) float64 {
	return max(share(r.CPU, c.platform.Capacity.CPU), share(float64(r.MemoryBytes), float64(c.platform.Capacity.MemoryBytes)))
}

// loadOf is the share of one resource; false for one that guests do not declare.
func (c *Core) loadOf(r Resources, resource string) (float64, bool) {
	switch resource {
	case "cpu":
		return share(r.CPU, c.platform.Capacity.CPU), true
	case "memory":
		return share(float64(r.MemoryBytes), float64(c.platform.Capacity.MemoryBytes)), true
	}
	return 0, false
}

// used is what the guests that are here are expected to take: the sum of the
// means of the CPU that they want and a multiple of the deviation of that sum; memory
// as declared, because a guest may take all of it at any moment.
func (c *Core) used() Resources { return c.usedWithout("") }

// meanUse is what the guests that are here use, without deviations: what a
// forecast is made of must not be one.
func (c *Core) meanUse() Resources {
	sum := c.used()
	sum.CPU = c.other.mean
	if !c.machine.Known {
		sum.CPU = 0
	}
	for _, t := range c.running() {
		sum.CPU += c.crowding.demand(t)
	}
	return sum
}

func (c *Core) usedWithout(guest GuestID) Resources {
	var sum Resources
	variance := 0.0
	for _, t := range c.running() {
		if t.guest.ID != guest {
			sum.CPU += c.crowding.demand(t)
			variance += t.use.variance
			sum.MemoryBytes += t.guest.Declared.MemoryBytes
		}
	}
	if c.machine.Known {
		sum.CPU += c.other.mean
		variance += c.other.variance
		if guest == "" {
			sum.MemoryBytes = max(sum.MemoryBytes, c.machine.Used.MemoryBytes)
		}
	}
	sum.CPU = round(sum.CPU + c.config.Deviations*math.Sqrt(variance))
	return sum
}

// reserved is what is not here yet but may come: holds of deals, and guests
// that come without one.
func (c *Core) reserved() Resources {
	var sum Resources
	for _, d := range c.sortedDeals() {
		if d.side == TargetSide && !c.isHere(d.guest) {
			sum = plus(sum, d.need)
		}
	}
	for _, t := range c.byID {
		if t.guest.State == Incoming && c.dealOf(t.guest.ID) == nil {
			sum = plus(sum, t.guest.Declared)
		}
	}
	for _, guest := range slices.Sorted(maps.Keys(c.undealt)) {
		if c.guests[guest] == nil {
			sum = plus(sum, c.undealt[guest].need)
		}
	}
	return sum
}

// leaving is what guests take that are under way to other hosts.
func (c *Core) leaving() Resources {
	var sum Resources
	for _, d := range c.sortedDeals() {
		if d.side == SourceSide && c.isHere(d.guest) {
			sum = plus(sum, d.need)
		}
	}
	return sum
}

// loadedWith is what is used and promised, and so much more.
func (c *Core) loadedWith(more Resources) Resources {
	return plus(plus(c.used(), c.reserved()), more)
}

// loadedWithout is what is used once a guest and those under way are gone.
func (c *Core) loadedWithout(t *tracked) Resources {
	rest := c.usedWithout(t.guest.ID)
	leaving := c.leaving()
	if d := c.dealOf(t.guest.ID); d != nil && d.side == SourceSide {
		leaving = minus(leaving, d.need)
	}
	return minus(rest, leaving)
}

func plus(a, b Resources) Resources {
	return Resources{a.CPU + b.CPU, a.MemoryBytes + b.MemoryBytes}
}

// minus does not go below zero: forecasts of a sum and of its parts differ.
func minus(a, b Resources) Resources {
	return Resources{max(0, a.CPU-b.CPU), max(0, a.MemoryBytes-b.MemoryBytes)}
}

// yielding is what is held for offers that give way to an operator's move.
func (c *Core) yielding() Resources {
	var sum Resources
	for _, d := range c.sortedDeals() {
		if d.givesWay() && !c.isHere(d.guest) {
			sum = plus(sum, d.need)
		}
	}
	return sum
}

// taken is what nobody else can have: what is used and promised, but for an
// operator's move what gives way to it.
func (c *Core) taken(operator bool) Resources {
	taken := c.loadedWith(Resources{})
	if operator {
		taken = minus(taken, c.yielding())
	}
	return taken
}

// fitsFor says whether so much more keeps within the host's room.
func (c *Core) fitsFor(operator bool, more Resources) bool {
	return c.holds(plus(c.taken(operator), more))
}

// fits says whether so much more keeps within the host's room, per resource.
func (c *Core) fits(more Resources) bool {
	return c.fitsFor(false, more)
}

// holds says whether a host with nothing else has room for so much.
func (c *Core) holds(with Resources) bool {
	// A thousandth of a core is below what is measured.
	return with.CPU <= c.platform.Capacity.CPU+0.0005 && with.MemoryBytes <= c.platform.Capacity.MemoryBytes
}
