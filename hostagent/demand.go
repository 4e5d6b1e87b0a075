package hostagent

// This file says what guests want of the processors. Where the processors are full,
// what guests use says nothing of how much too full: two guests of a core each on one
// core use half a core each, and so would ten use one core together.

// From crowdedFrom of the capacity on, the time that guests wait for a core counts in
// part, and at full capacity all of it. Below, a wait is no want of another host: the
// processors are free, and what the guest waits for is the scheduler, its own quota
// or a core that it is pinned to.
const crowdedFrom = 0.9

// crowding is how much of the guests' waiting counts as demand, from 0 to 1.
type crowding float64

// crowdingOf is that of a host whose processors are used so far.
func crowdingOf(used, capacity float64) crowding {
	if capacity <= 0 {
		return 0
	}
	return crowding(min(1, max(0, (used/capacity-crowdedFrom)/(1-crowdedFrom))))
}

// demand is how many cores a guest would use if it never waited, as far as that is
// known: never less than it uses, and otherwise never more than it has.
func (w crowding) demand(t *tracked) float64 {
	wants := t.use.mean + float64(w)*t.waits.mean*t.guest.Declared.CPU
	return max(t.use.mean, min(wants, t.guest.Declared.CPU))
}

// crowd looks how full the processors are, by what is used and not by what is wanted.
func (l *loads) crowd() {
	used := l.machine.Used.CPU
	if !l.machine.Known {
		used = 0
		for _, t := range l.running() {
			used += t.use.mean
		}
	}
	l.crowding = crowdingOf(used, l.platform.Capacity.CPU)
}
