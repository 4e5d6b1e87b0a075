package libvirt

import "time"

// pace looks after a migration under way: it lets the guest stand still for
// longer, step by step, where shorter does not get it away, and notices when it
// does not get on. QEMU switches as soon as what is left fits into the downtime
// that it is allowed, so the first step costs the guest least.
type pace struct {
	downtimeMax time.Duration
	stallMax    time.Duration // without progress, after which it is given up
	step        int           // of the downtime, from 1; 0 before it was set
	iteration   int           // at which the step began
	least       int64         // bytes that were left at the best moment
	leastAt     time.Time
	begun       bool
}

const (
	downtimeSteps = 5
	// stepIterations is how many rounds over the memory a step lasts. The
	// first round sends everything and says nothing about convergence.
	stepIterations = 2
	// progressLeast is by which share what is left must fall to count.
	progressLeast = 0.05
)

// look takes in how far a migration is, and returns the downtime to be set now
// (0: none), and whether it is stalled.
func (p *pace) look(now time.Time, iteration int, remaining int64) (downtime time.Duration, stalled bool) {
	switch {
	case p.step == 0:
		p.step, p.iteration = 1, 1
		downtime = p.downtime()
	case p.step < downtimeSteps && iteration >= p.iteration+stepIterations:
		p.step, p.iteration = p.step+1, iteration
		downtime = p.downtime()
	}
	if !p.begun || float64(remaining) < float64(p.least)*(1-progressLeast) {
		p.least, p.leastAt, p.begun = remaining, now, true
	}
	return downtime, p.stallMax > 0 && now.Sub(p.leastAt) > p.stallMax
}

func (p *pace) downtime() time.Duration {
	return max(time.Millisecond, p.downtimeMax*time.Duration(p.step)/downtimeSteps)
}
