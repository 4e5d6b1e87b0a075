package hostagent

import (
	"math"
	"time"
)

// Price is the expected cost of a migration.
type Price struct {
	Total    time.Duration // from its start to the switchover
	Downtime time.Duration // how long the guest will be paused
	Bytes    int64         // sent over the network
	// Converges says whether the migration can finish: it cannot if the guest writes to
	// its memory faster than the network can send it.
	Converges bool
}

// roundsMax bounds the simulated rounds; a migration that needs more does not converge.
const roundsMax = 50

// PriceOf simulates the rounds of pre-copy (Clark and others, Live Migration of Virtual
// Machines, NSDI 2005): the first round sends all memory, each further round what was
// written during the previous one, until the rest can be sent within the downtime.
// Memory is in bytes, dirtyRate and bandwidth in bytes per second. Memory that was
// never written, such as zero pages, makes the migration cheaper than this.
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
	// bandwidthGuess is assumed before any migration was seen: about a gigabit per
	// second.
	bandwidthGuess = 125 << 20
	downtimeGuess  = 300 * time.Millisecond
)

// price returns the expected cost of migrating a guest away from here; ok is false
// while the guest's dirty rate is unknown.
func (l *loads) price(t *tracked) (p Price, ok bool) {
	if !t.guest.DirtyKnown {
		return Price{}, false
	}
	downtime := l.config.Platform.DowntimeMax
	if downtime == 0 {
		downtime = downtimeGuess
	}
	return PriceOf(t.guest.Declared.MemoryBytes+t.guest.Declared.DiskBytes, t.guest.DirtyRate, l.bandwidth(), downtime), true
}

// told returns the price of a guest's move as people and other hosts are told it; nil: it is
// not known. Before the first move from here the bandwidth is a guess, and what follows from
// that can be wrong by ten times: good enough to decide by, and nothing to tell.
func (l *loads) told(t *tracked) *Price {
	p, known := l.price(t)
	if !known || l.config.Platform.BandwidthMax == 0 && l.measured == 0 {
		return nil
	}
	return &p
}

// bandwidth returns what a migration gets: the configured limit, otherwise the best
// rate so far.
func (l *loads) bandwidth() int64 {
	switch {
	case l.config.Platform.BandwidthMax > 0:
		return l.config.Platform.BandwidthMax
	}
	return max(bandwidthGuess, int64(l.measured))
}

// transfer returns how long so much memory takes at that bandwidth, sent once.
func (l *loads) transfer(bytes int64) time.Duration {
	return time.Duration(float64(bytes) / float64(l.bandwidth()) * float64(time.Second))
}

// learn learns the network's bandwidth from a migration.
func (l *loads) learn(m Migrated) {
	if m.Total <= 0 || m.Bytes <= 0 {
		return
	}
	rate := float64(m.Bytes) / m.Total.Seconds()
	// A small or mostly empty guest says nothing about the bandwidth of a network: only
	// a higher rate is learnt.
	l.measured = max(l.measured, rate)
}
