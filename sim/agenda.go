package sim

import (
	"fmt"
	"math/rand/v2"
	"time"

	"parley/lcc"
)

// world is the agenda, the clock and the random numbers of a run.
type world struct {
	now    lcc.Instant
	plans  plans
	agenda agenda
	lanes  lanes
	chance *rand.Rand
	events int // handled so far
	hour   hourCount
}

// plans numbers what is planned.
type plans struct {
	seq uint64
	// follows wraps it; nil: it is not wrapped.
	follows func(do func() error) func() error
}

func (p *plans) entry(at lcc.Instant, order uint64, do func() error) planned {
	if p.follows != nil {
		do = p.follows(do)
	}
	p.seq++
	return planned{at, p.seq | order, do}
}

// hourCount counts the events of an hour of virtual time.
type hourCount struct {
	at, events int
	peers      int // in the world, for the bound on events
}

// planned is an entry of the agenda. Entries of one instant run in the order in which
// they were planned, but for those of planLast.
type planned struct {
	at  lcc.Instant
	seq uint64
	do  func() error
}

// agenda is a 4-ary heap: a day of thousands of hosts has tens of millions of entries,
// and container/heap, which boxes each of them, took a third of the run time.
type agenda []planned

func (e *planned) before(o *planned) bool { return e.at < o.at || e.at == o.at && e.seq < o.seq }

func (a *agenda) push(e planned) {
	h := append(*a, e)
	*a = h
	i := len(h) - 1
	for i > 0 {
		above := (i - 1) / 4
		if !e.before(&h[above]) {
			break
		}
		h[i] = h[above]
		i = above
	}
	h[i] = e
}

func (a *agenda) pop() planned {
	h := *a
	first, e := h[0], h[len(h)-1]
	h[len(h)-1] = planned{}
	h = h[:len(h)-1]
	*a = h
	for i := 0; len(h) > 0; {
		least := 4*i + 1
		for k := least + 1; k < min(4*i+5, len(h)); k++ {
			if h[k].before(&h[least]) {
				least = k
			}
		}
		if least >= len(h) || !h[least].before(&e) {
			h[i] = e
			break
		}
		h[i] = h[least]
		i = least
	}
	return first
}

func newWorld(seed uint64) *world {
	return &world{now: 1, chance: rand.New(rand.NewPCG(seed, 0x7061726c6579))}
}

// plan schedules a function after a delay.
func (w *world) plan(after time.Duration, do func() error) {
	w.planAt(w.now+lcc.Instant(max(0, after)), do)
}

func (w *world) planAt(at lcc.Instant, do func() error) {
	w.agenda.push(w.plans.entry(max(at, w.now), 0, do))
}

// planLast is planAt for what time alone causes: it comes after everything else of its
// instant, so that a message that arrives at the end of a timeout is in time.
func (w *world) planLast(at lcc.Instant, do func() error) {
	w.agenda.push(w.plans.entry(max(at, w.now), last, do))
}

const last = 1 << 63

// eventsMax bounds the events of a run in an hour of virtual time, with an addition for
// each peer. A run beyond it has an endless loop.
const eventsMax = 10_000_000

// run handles events until the agenda is empty, the next event is past the limit of
// virtual time, or done returns true.
func (w *world) run(limit lcc.Instant, done func() bool) error {
	for len(w.agenda) > 0 && w.agenda[0].at <= limit {
		e := w.agenda.pop()
		w.now = e.at
		w.events++
		if hour := int(time.Duration(w.now) / time.Hour); hour != w.hour.at {
			w.hour.at, w.hour.events = hour, 0
		}
		if w.hour.events++; w.hour.events > eventsMax+10_000*w.hour.peers {
			return fmt.Errorf("sim: more than %d events in one hour of virtual time, at %v: does a policy loop?", eventsMax+10_000*w.hour.peers,
				time.Duration(w.now))
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

// seed draws a seed for a core.
func (w *world) seed() (bytes [32]byte) {
	for i := range bytes {
		bytes[i] = byte(w.chance.Uint32())
	}
	return bytes
}
