package libvirt

import (
	"testing"
	"time"
)

// A migration that does not converge is allowed a longer downtime, up to the maximum.
func TestPaceSteps(t *testing.T) {
	p := pace{downtimeMax: 500 * time.Millisecond, stallMax: time.Minute}
	now := time.Unix(0, 0)
	var set []time.Duration
	for iteration := range 40 {
		downtime, stalled := p.look(now, iteration, int64(1<<30-iteration<<20))
		if downtime > 0 {
			set = append(set, downtime)
		}
		if stalled {
			t.Fatal("it got on, and counts as stalled")
		}
		now = now.Add(time.Second)
	}
	if len(set) != downtimeSteps || set[0] != 250*time.Millisecond || set[downtimeSteps-1] != 500*time.Millisecond {
		t.Errorf("downtimes: got %v, want %d steps from a half up to 500ms", set, downtimeSteps)
	}
}

// A migration whose remainder does not decrease is stalled after StallMax, also if it
// decreases by almost nothing.
func TestPaceStalls(t *testing.T) {
	p := pace{downtimeMax: 500 * time.Millisecond, stallMax: time.Minute}
	now := time.Unix(0, 0)
	left := int64(1 << 30)
	for second := range 200 {
		if second < 30 {
			left /= 2
		} else {
			left -= 1
		}
		_, stalled := p.look(now.Add(time.Duration(second)*time.Second), second, max(left, 1000))
		if stalled != (second > 20+60) && second < 70 || second > 100 && !stalled {
			t.Fatalf("after %d s: stalled is %v", second, stalled)
		}
	}
}

// A large guest whose rounds take minutes makes progress as long as each round begins
// with less than the previous one: the remainder within a round says nothing.
func TestPaceOfLongRounds(t *testing.T) {
	p := pace{downtimeMax: 500 * time.Millisecond, stallMax: time.Minute}
	now := time.Unix(0, 0)
	left := 64 << 30
	for round := range 6 {
		for part := 10; part >= 0; part-- {
			if _, stalled := p.look(now, round, int64(left/10*part)); stalled {
				t.Fatalf("round %d counts as stalled", round)
			}
			now = now.Add(30 * time.Second)
		}
		left = left / 10 * 3
	}
}
