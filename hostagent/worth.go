package hostagent

import (
	"math"
	"math/bits"
	"time"

	"parley/lcc"
)

// This file computes what a move is worth: what it relieves over the time that the relief
// is expected to last, less what it costs. It is pure, and knows of no model: both ends
// compute the same from what they know themselves, in cores, as a mean over half an hour.
//
// A host at the load x makes its guests wait in proportion to x, so x*x/2 of its capacity
// is what is relieved when it gives load away. What may not last counts by the end of its
// range that is worse for the move; a difference whose sign is not certain counts nothing.
//
// Beyond that, a host that is crowded lets guests wait at once. It need not wait for half
// an hour to know that: what has lasted for some time is expected to last as long again.
// So a short crowd is over before a move pays, and a longer one is relieved early.

// span is a range of loads, shares of the capacity of a host.
type span struct{ low, high float64 }

func (s span) mean() float64 { return (s.low + s.high) / 2 }

// differs says whether two ranges are further apart than a hundredth: a range that narrows
// while nothing happens wakes models now and then, and not at each look.
func (s span) differs(from span) bool {
	return math.Abs(s.low-from.low) > 0.01 || math.Abs(s.high-from.high) > 0.01
}

// moveEnd is one end of a move: what lasts there, what is there now, and for how long it has
// been crowded.
type moveEnd struct {
	lasts   span
	now     float64
	crowded time.Duration
}

// mover is the guest of a move, its CPU use as shares of the capacity of the host that
// computes, and what its migration is expected to take.
type mover struct {
	lasts, now float64
	takes      time.Duration
}

// moveEffort is how many cores a migration takes, at both ends together and from the guest,
// for each core that the guest uses, while it lasts.
const moveEffort = 0.3

// worth returns what a move between these ends is worth, as a share of the capacity, over
// the time that a course speaks for.
func worth(source, target moveEnd, guest mover) float64 {
	left := func(of time.Duration) float64 { return max(0, (of-guest.takes).Seconds()) / courseFor.Seconds() }
	sure := guest.lasts * min(
		max(0, source.lasts.low-target.lasts.high-guest.lasts),
		source.lasts.mean()-target.lasts.mean()-guest.lasts,
	)
	relief := crowd(source.now) - crowd(source.now-guest.now) - crowd(target.now+guest.now) + crowd(target.now)
	cost := moveEffort * guest.now * guest.takes.Seconds() / courseFor.Seconds()
	return sure*left(courseFor) + crowdWeight*relief*left(min(source.crowded, courseFor)) - cost
}

// crowdWeight is how much more waiting for a processor that is busy counts than running
// beside others: the one is felt at once.
const crowdWeight = 10

// crowd returns how much of the load waits, or is about to.
func crowd(load float64) float64 { return max(0, load-crowdedFrom) }

// lasting returns what is expected to last of the CPU load, as a range, with the guests in
// flight where they go.
func (re *recommended) lasting() span {
	gone, come := re.shift(true)
	come = plus(come, re.room.reserved())
	return re.load.lasting(gone.CPU+re.room.leaving().CPU, come.CPU)
}

// lasting is the sum of the courses, less and plus what is in flight.
func (l *loads) lasting(gone, come float64) span {
	mean, variance := come-gone, 0.0
	known := courseTime(l.config.SampleEvery)
	for t := range l.running() {
		mean += t.course.mean
		variance += t.course.expected(t.guest.Declared.CPU, known)
	}
	if l.machine.Known {
		mean += l.otherCourse.mean
		variance += l.otherCourse.variance
	}
	off := courseDeviations * math.Sqrt(variance)
	return span{share(max(0, mean-off), l.platform.Capacity.CPU), share(max(0, mean+off), l.platform.Capacity.CPU)}
}

// courseDeviations is how many standard deviations the range of what lasts is wide to
// either side.
const courseDeviations = 3.0

// noteCrowd stores since when this host is crowded by the forecast of its guests' demand.
func (l *loads) noteCrowd() {
	switch {
	case share(l.used().CPU, l.platform.Capacity.CPU) <= crowdedFrom:
		l.crowdedSince = 0
	case l.crowdedSince == 0:
		l.crowdedSince = max(1, l.now-lcc.Instant(l.config.SampleEvery))
	}
}

// crowdedFor returns for how long this host has been crowded.
func (l *loads) crowdedFor() time.Duration {
	if l.crowdedSince == 0 {
		return 0
	}
	return time.Duration(l.now - l.crowdedSince)
}

// crowdDoublings is how often the time has doubled that this host has been crowded, from one
// sample on: so often models are woken to see that a move is worth more.
func (l *loads) crowdDoublings() int {
	return bits.Len64(uint64(min(l.crowdedFor(), courseFor) / max(1, l.config.SampleEvery)))
}

// here is this host as an end of a move, as models see it.
func (re *recommended) here() moveEnd {
	return moveEnd{
		lasts: re.lasting(), crowded: re.load.crowdedFor(),
		now: share(max(0, re.loadedWith(Resources{}).CPU-re.room.leaving().CPU), re.load.platform.Capacity.CPU),
	}
}

// there is a host of which only one load is known.
func there(load float64) moveEnd { return moveEnd{lasts: span{load, load}, now: load} }

// worthAway returns what it is worth to move a guest from here to a host at that load.
func (re *recommended) worthAway(t *tracked, load float64) float64 {
	capacity := re.load.platform.Capacity.CPU
	guest := mover{
		lasts: share(t.course.mean, capacity), now: share(re.load.crowding.demand(t), capacity), takes: re.load.moveTakes(t),
	}
	return round(worth(re.here(), there(load), guest) * capacity)
}

// worthHere returns what it is worth to move a guest that needs this much to here, from a
// host at that load.
func (re *recommended) worthHere(need Resources, load float64) float64 {
	capacity := re.load.platform.Capacity.CPU
	cpu := share(need.CPU, capacity)
	source := there(load)
	source.crowded = courseFor
	return round(worth(source, re.here(), mover{lasts: cpu, now: cpu, takes: re.load.transfer(need.MemoryBytes)}) * capacity)
}

// moveTakes returns how long a guest's migration is expected to take, by its measured dirty rate
// where that is known.
func (l *loads) moveTakes(t *tracked) time.Duration {
	if p, known := l.price(t); known && p.Converges {
		return p.Total
	}
	return l.transfer(t.guest.Declared.MemoryBytes)
}
