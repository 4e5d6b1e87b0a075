package hostagent

import (
	"math"
	"time"
)

// Price is what a migration is expected to cost.
type Price struct {
	Total    time.Duration // from its begin to the switch
	Downtime time.Duration // how long the guest will stand still
	Bytes    int64         // sent over the network
	// Converges says whether the guest gets away at all: one that writes to
	// its memory faster than it can be sent does not.
	Converges bool
}

// roundsMax bounds the rounds that are reckoned with; a migration that needs more
// does not get on.
const roundsMax = 50

// PriceOf reckons with the rounds of pre-copy (Clark and others, Live Migration
// of Virtual Machines, NSDI 2005): the first sends all memory, each following
// what was written during the one before it, until what is left can be sent
// within the downtime. Memory in bytes, dirtyRate and bandwidth in bytes per
// second. What is never written, such as zero pages, makes it cheaper than this.
func PriceOf(memoryBytes, dirtyRate, bandwidth int64, downtimeMax time.Duration) Price {
	if memoryBytes <= 0 || bandwidth <= 0 {
		return Price{Converges: memoryBytes <= 0}
	}
	var p Price
	left := float64(memoryBytes)
	seconds, sent := 0.0, 0.0
	for range roundsMax {
		if took := left / float64(bandwidth); took <= downtimeMax.Seconds() {
			p.Downtime = time.Duration(took * float64(time.Second))
			seconds, sent = seconds+took, sent+left
			p.Converges = true
			break
		}
		took := left / float64(bandwidth)
		seconds, sent = seconds+took, sent+left
		left = math.Min(float64(memoryBytes), float64(dirtyRate)*took)
	}
	p.Total, p.Bytes = time.Duration(seconds*float64(time.Second)), int64(sent)
	return p
}

const (
	// bandwidthGuess is what is reckoned with before a migration was seen: a
	// gigabit per second.
	bandwidthGuess = 125 << 20
	downtimeGuess  = 300 * time.Millisecond
)

// price is what a guest's migration away from here would cost; ok is false while
// it is not known how fast the guest writes to its memory.
func (l *loads) price(t *tracked) (p Price, ok bool) {
	if !t.guest.DirtyKnown {
		return Price{}, false
	}
	downtime := l.config.DowntimeMax
	if downtime == 0 {
		downtime = downtimeGuess
	}
	return PriceOf(t.guest.Declared.MemoryBytes, t.guest.DirtyRate, l.bandwidth(), downtime), true
}

// bandwidth is what a migration gets: as limited, else as the best before it
// got.
func (l *loads) bandwidth() int64 {
	switch {
	case l.config.BandwidthMax > 0:
		return l.config.BandwidthMax
	}
	return max(bandwidthGuess, int64(l.measured))
}

// learn learns from a migration what the network carries.
func (l *loads) learn(m Migrated) {
	if m.Total <= 0 || m.Bytes <= 0 {
		return
	}
	rate := float64(m.Bytes) / m.Total.Seconds()
	// A small or mostly empty guest says nothing about what a network can
	// carry: only more than was reckoned with is learnt from.
	l.measured = max(l.measured, rate)
}
