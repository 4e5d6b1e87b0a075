package hostagent

// This file estimates the CPU demand of guests. When the processors are full, CPU use
// does not show by how much demand exceeds capacity: two guests of one core each on one
// core use half a core each, and ten guests use one core together.

// From crowdedFrom of the capacity on, part of the time that guests wait for a core
// counts as demand, and at full capacity all of it. Below, waiting does not mean that
// the guest needs another host: processors are free, and the guest waits for the
// scheduler, its quota or the core that it is pinned to.
const crowdedFrom = 0.9

// crowding is how much of the guests' waiting counts as demand, from 0 to 1.
type crowding float64

// crowdingOf returns the crowding of a host with this CPU use and capacity.
func crowdingOf(used, capacity float64) crowding {
	if capacity <= 0 {
		return 0
	}
	return crowding(min(1, max(0, (used/capacity-crowdedFrom)/(1-crowdedFrom))))
}

// Crowding is how much of the time that guests wait for a core counts as demand, from 0 to
// 1, on a host of which so many cores are used.
func Crowding(used, cores float64) float64 { return float64(crowdingOf(used, cores)) }

// demand estimates how many cores a guest would use if it never waited: at least what
// it uses, and otherwise at most what it has.
func (w crowding) demand(t *tracked) float64 { return w.wanted(t.use.mean, t) }

// wanted is the demand of a guest that uses this much.
func (w crowding) wanted(use float64, t *tracked) float64 {
	wants := use + float64(w)*t.waits.mean*t.guest.Declared.CPU
	return max(use, min(wants, t.guest.Declared.CPU))
}

// crowd computes how full the processors are, from use and not from demand.
func (l *loads) crowd() {
	used := l.machine.Used.CPU
	if !l.machine.Known {
		used = 0
		for t := range l.running() {
			used += t.use.mean
		}
	}
	l.crowding = crowdingOf(used, l.platform.Capacity.CPU)
}
