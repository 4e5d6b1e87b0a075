package sim

import (
	"errors"
	"maps"
	"time"

	"parley/lcc"
)

// Network says how frames travel. Its zero value delivers each in a millisecond.
type Network struct {
	Latency   time.Duration // default 1 ms
	Jitter    time.Duration // uniform random addition to Latency, up to this
	Loss      float64       // share of frames that are lost, 0 to 1
	Duplicate float64       // share that come twice
	Reorder   float64       // share that is delayed by up to ten times the latency: later frames overtake it, later messages of models wait
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

// carry plans the arrivals of a frame: none, one or two. Later frames may overtake it.
func carry(w *world, n Network, arrive func() error) {
	if n.plain() {
		w.plan(n.Latency, arrive)
		return
	}
	carried(w, n, nil, arrive)
}

// carryInOrder is carry for a message of a model. Like the stream between two peers, the
// network hands them on in the order in which they were sent: one that overtakes another
// waits for it, for no longer than that takes.
func carryInOrder(w *world, n Network, from, to string, arrive func() error) {
	if n.plain() { // every frame takes the same time
		w.plan(n.Latency, arrive)
		return
	}
	carried(w, n, &lane{from, to}, arrive)
}

// lane is the way of messages from one peer to another.
type lane struct{ from, to string }

// lanes knows until when the messages on a lane take. It forgets lanes without messages.
type lanes struct {
	until map[lane]lcc.Instant
	most  int // lanes before it forgets
}

const lanesLeast = 1024

// begin returns when the last message that was sent on a lane arrives.
func (l *lanes) begin(on lane, now lcc.Instant) lcc.Instant {
	if l.until == nil {
		l.until, l.most = map[lane]lcc.Instant{}, lanesLeast
	}
	if len(l.until) >= l.most {
		maps.DeleteFunc(l.until, func(_ lane, until lcc.Instant) bool { return until <= now })
		l.most = max(lanesLeast, 2*len(l.until))
	}
	return l.until[on]
}

func carried(w *world, n Network, on *lane, arrive func() error) {
	copies := 1
	if w.chance.Float64() < n.Loss {
		copies = 0
	} else if w.chance.Float64() < n.Duplicate {
		copies = 2
	}
	before, first := lcc.Instant(0), lcc.Instant(0)
	if on != nil {
		before = w.lanes.begin(*on, w.now)
	}
	for i := range copies {
		delay := n.Latency
		if n.Jitter > 0 {
			delay += time.Duration(w.chance.Int64N(int64(n.Jitter)))
		}
		if n.Reorder > 0 && w.chance.Float64() < n.Reorder {
			delay += time.Duration(w.chance.Int64N(int64(10 * n.Latency)))
		}
		at := w.now + lcc.Instant(delay)
		at = max(at, before)
		if i == 0 || at < first {
			first = at
		}
		w.planAt(at, arrive)
	}
	if on != nil && copies > 0 {
		w.lanes.until[*on] = first // a message that comes twice holds nothing up
	}
}
