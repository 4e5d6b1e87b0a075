package service

import (
	"time"

	"parley/hostagent"
	"parley/models/publish/chain"
)

// trial accumulates what the guards of policies on trial compare. The loop owns it.
type trial struct {
	sum  chain.Sample
	last time.Time
}

// looked accounts for the time since the last look at the host.
func (t *trial) looked(now time.Time, h hostagent.Status, high float64) {
	since := now.Sub(t.last).Seconds()
	first := t.last.IsZero()
	t.last = now
	if first || since <= 0 || since > 600 {
		return // a suspended host has no known load
	}
	t.sum.Seconds += since
	t.sum.GuestSeconds += since * float64(len(h.Guests))
	if h.Known && overloaded(h, high) {
		t.sum.OverloadSeconds += since
	}
}

func overloaded(h hostagent.Status, high float64) bool { return max(h.CPU, h.Memory) > high }

// noteDeal counts the end of a deal at its source, since the policy made the source's host
// move.
func (t *trial) noteDeal(story hostagent.DealChanged) {
	if story.Operator || story.Side != hostagent.SourceSide {
		return
	}
	switch story.State {
	case hostagent.Done:
		t.sum.Migrations++
		t.sum.Done++
	case hostagent.Aborted, hostagent.Stuck, hostagent.Expired:
		t.sum.Failed++
	}
}

func (t *trial) sample() chain.Sample { return t.sum }
