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
	round       int           // the last that was seen
	least       int64         // the least that was left at the begin of a round
	leastAt     time.Time
	leastRound  int
	begun       bool
}

const (
	// The first step is half of what is allowed: should the agent end in the
	// middle, nobody raises it, and the migration must still get away.
	downtimeSteps = 3
	// stepIterations is how many rounds over the memory a step lasts. The
	// first round sends everything and says nothing about convergence.
	stepIterations = 2
	// stallRounds is how many rounds without progress there must be, however
	// long they take.
	stallRounds = 3
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
	// Within a round what is left falls to nothing and rises again at the
	// next: only the begins of rounds can be compared.
	begins := !p.begun || iteration != p.round
	p.round = iteration
	if begins && (!p.begun || float64(remaining) < float64(p.least)*(1-progressLeast)) {
		p.least, p.leastAt, p.leastRound, p.begun = remaining, now, iteration, true
	}
	stalled = p.stallMax > 0 && now.Sub(p.leastAt) > p.stallMax && iteration >= p.leastRound+stallRounds
	return downtime, stalled
}

func (p *pace) downtime() time.Duration {
	return max(time.Millisecond, p.downtimeMax*time.Duration(p.step+1)/(downtimeSteps+1))
}
