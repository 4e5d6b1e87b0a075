package sim

import (
	"container/heap"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"parley/lcc"
)

// world is the agenda, the clock and the chance of a run.
type world struct {
	now    lcc.Instant
	seq    uint64
	agenda agenda
	chance *rand.Rand
	events int // handled so far
}

// entry is something that happens at an instant. Entries of one instant happen
// in the order in which they were planned.
type entry struct {
	at  lcc.Instant
	seq uint64
	do  func() error
}

type agenda []entry

func (a agenda) Len() int { return len(a) }
func (a agenda) Less(i, j int) bool {
	return a[i].at < a[j].at || a[i].at == a[j].at && a[i].seq < a[j].seq
}
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *agenda) Push(x any)   { *a = append(*a, x.(entry)) }
func (a *agenda) Pop() any {
	old := *a
	last := old[len(old)-1]
	old[len(old)-1] = entry{}
	*a = old[:len(old)-1]
	return last
}

func newWorld(seed uint64) *world {
	return &world{now: 1, chance: rand.New(rand.NewPCG(seed, 0x7061726c6579))}
}

// plan has something happen after a delay.
func (w *world) plan(after time.Duration, do func() error) {
	w.planAt(w.now+lcc.Instant(max(0, after)), do)
}

func (w *world) planAt(at lcc.Instant, do func() error) {
	w.seq++
	heap.Push(&w.agenda, entry{max(at, w.now), w.seq, do})
}

// eventsMax bounds a run: one that passes it has run wild.
const eventsMax = 50_000_000

// run handles events until none is left, the limit of virtual time, or until
// done says so.
func (w *world) run(limit lcc.Instant, done func() bool) error {
	for len(w.agenda) > 0 && w.agenda[0].at <= limit {
		e := heap.Pop(&w.agenda).(entry)
		w.now = e.at
		if w.events++; w.events > eventsMax {
			return fmt.Errorf("sim: more than %d events before %v of virtual time", eventsMax, time.Duration(w.now))
		}
		if err := e.do(); err != nil {
			return err
		}
		if done != nil && done() {
			return nil
		}
	}
	return nil
}

// Network says how frames travel. Its zero value carries each in a millisecond.
type Network struct {
	Latency   time.Duration // default 1 ms
	Jitter    time.Duration // up to this much more, evenly
	Loss      float64       // share of frames that are lost, 0 to 1
	Duplicate float64       // share that come twice
}

func (n Network) withDefaults() (Network, error) {
	if n.Latency < 0 || n.Jitter < 0 || n.Loss < 0 || n.Loss > 1 || n.Duplicate < 0 || n.Duplicate > 1 {
		return n, errors.New("sim: network: latency and jitter are positive, loss and duplicate are shares from 0 to 1")
	}
	if n.Latency == 0 {
		n.Latency = time.Millisecond
	}
	return n, nil
}

// carry plans the arrivals of something that is sent: none, one or two.
func (w *world) carry(n Network, arrive func() error) {
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
		w.plan(delay, arrive)
	}
}

// seed draws a seed for a core.
func (w *world) seed() (bytes [32]byte) {
	for i := range bytes {
		bytes[i] = byte(w.chance.Uint32())
	}
	return bytes
}
