package libvirt

import "time"

// pace controls a migration in flight: it raises the allowed downtime step by step if
// the migration does not converge, and detects that it makes no progress. QEMU switches
// over as soon as the rest fits into the allowed downtime, so the first step costs the
// guest least.
type pace struct {
	downtimeMax time.Duration
	stallMax    time.Duration // without progress, until the migration is stalled
	step        int           // of the downtime, from 1; 0 before the first
	iteration   int           // iteration at which the step began
	round       int           // the latest round seen
	least       int64         // the least that remained at the start of a round
	leastAt     time.Time
	leastRound  int
	begun       bool
}

const (
	// The first step is half of the maximum: if the agent ends during the migration,
	// nothing raises the downtime, and the migration must still converge.
	downtimeSteps = 3
	// stepIterations is how many rounds over the memory a step lasts. The first round
	// sends everything and says nothing about convergence.
	stepIterations = 2
	// stallRounds is the minimum number of rounds without progress, however long they
	// take.
	stallRounds = 3
	// progressLeast is the relative decrease of the remainder that counts as progress.
	progressLeast = 0.05
)

// look takes in the state of a migration, and returns the downtime to set now (0:
// none), and whether the migration is stalled.
func (p *pace) look(now time.Time, iteration int, remaining int64) (downtime time.Duration, stalled bool) {
	switch {
	case p.step == 0:
		p.step, p.iteration = 1, 1
		downtime = p.downtime()
	case p.step < downtimeSteps && iteration >= p.iteration+stepIterations:
		p.step, p.iteration = p.step+1, iteration
		downtime = p.downtime()
	}
	// The remainder falls to zero within a round and rises again at the next: only the
	// starts of rounds are comparable.
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
