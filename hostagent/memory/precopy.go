package memory

import (
	"time"

	"parley/hostagent"
)

// roundMin is the minimum duration of a round, and so of the interval between progress
// reports: a round has a cost even if little is dirty.
const roundMin = time.Millisecond

// The stages of a move.
const (
	stageCopy   = "copy"
	stageSwitch = "switch"
)

// Precopy computes a live migration: rounds that each send what was dirtied during the
// previous one, until the rest can be sent within the downtime. A guest that dirties
// faster than the link carries is copied without end; balancing never slows a guest down
// to make it converge.
type Precopy struct {
	Memory      int64 // bytes, all sent in the first round
	Dirty       int64 // bytes per second
	Bandwidth   int64 // bytes per second
	DowntimeMax time.Duration
	// Stages makes the reports and the cost name stages, as moves of containers and
	// processes do.
	Stages bool

	cost      hostagent.Migrated
	remaining int64
	rounds    int
}

// NewPrecopy returns the migration of a guest over a link. What the migration says of
// bandwidth and downtime comes before the link's.
func NewPrecopy(memory, dirty int64, link Link, spec hostagent.Migration) *Precopy {
	p := &Precopy{Memory: memory, Dirty: dirty, Bandwidth: link.BandwidthBytes, DowntimeMax: link.DowntimeMax, remaining: memory}
	if spec.BandwidthMax > 0 {
		p.Bandwidth = min(p.Bandwidth, spec.BandwidthMax)
	}
	if spec.DowntimeMax > 0 {
		p.DowntimeMax = spec.DowntimeMax
	}
	return p
}

// Round is how long the next round takes.
func (p *Precopy) Round() time.Duration { return max(roundMin, p.transfer()) }

// Count counts the round that has ended, and says whether it was the last one: then the
// guest may be switched over, and Cost has the whole cost.
func (p *Precopy) Count() (report hostagent.Progress, last bool) {
	round := p.Round()
	p.rounds++
	p.cost.Total += round
	p.cost.Bytes += p.remaining
	p.remaining = min(p.Memory, int64(float64(p.Dirty)*round.Seconds()))
	report = hostagent.Progress{TransferredBytes: p.cost.Bytes, RemainingBytes: p.remaining, Iteration: p.rounds}
	if p.Stages {
		report.Stage = stageCopy
	}
	rest := p.transfer()
	if rest > p.DowntimeMax {
		return report, false
	}
	p.cost.Downtime = max(rest, roundMin)
	if p.Stages {
		p.cost.Stages = []hostagent.StageTime{{Stage: stageCopy, Took: p.cost.Total}, {Stage: stageSwitch, Took: p.cost.Downtime}}
	}
	p.cost.Total += p.cost.Downtime
	p.cost.Bytes += p.remaining
	return report, true
}

// Cost is the cost of the rounds so far.
func (p *Precopy) Cost() hostagent.Migrated { return p.cost }

func (p *Precopy) transfer() time.Duration {
	return time.Duration(float64(p.remaining) / float64(p.Bandwidth) * float64(time.Second))
}
