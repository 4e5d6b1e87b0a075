package sim

import (
	"errors"
	"time"
)

// Network says how frames travel. Its zero value delivers each in a millisecond.
type Network struct {
	Latency   time.Duration // default 1 ms
	Jitter    time.Duration // uniform random addition to Latency, up to this
	Loss      float64       // share of frames that are lost, 0 to 1
	Duplicate float64       // share that come twice
	Reorder   float64       // share that is delayed by up to ten times the latency, so that later frames overtake it
}

func (n Network) withDefaults() (Network, error) {
	for _, share := range []float64{n.Loss, n.Duplicate, n.Reorder} {
		if !(share >= 0 && share <= 1) {
			return n, errors.New("sim: network: loss, duplicate and reorder are shares from 0 to 1")
		}
	}
	if n.Latency < 0 || n.Jitter < 0 {
		return n, errors.New("sim: network: latency and jitter are not negative")
	}
	if n.Latency == 0 {
		n.Latency = time.Millisecond
	}
	return n, nil
}

// plain says whether every frame takes the same time and none is lost: then no random
// numbers are drawn.
func (n Network) plain() bool {
	return n.Jitter == 0 && n.Loss == 0 && n.Duplicate == 0 && n.Reorder == 0
}

// carry plans the arrivals of a frame: none, one or two.
func (w *world) carry(n Network, arrive func() error) {
	if n.plain() {
		w.plan(n.Latency, arrive)
		return
	}
	copies := 1
	if w.chance.Float64() < n.Loss {
		copies = 0
	} else if w.chance.Float64() < n.Duplicate {
		copies = 2
	}
	for range copies {
		delay := n.Latency
		if n.Jitter > 0 {
			delay += time.Duration(w.chance.Int64N(int64(n.Jitter)))
		}
		if n.Reorder > 0 && w.chance.Float64() < n.Reorder {
			delay += time.Duration(w.chance.Int64N(int64(10 * n.Latency)))
		}
		w.plan(delay, arrive)
	}
}
