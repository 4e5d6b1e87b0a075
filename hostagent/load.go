package hostagent

import (
	"math"
	"sort"
	"time"

	"parley/lcc"
)

// historyMax is how many samples of the load are kept, and so the most that a
// level may be told to hold.
const historyMax = 64

// tracked is a guest as it was measured over several looks.
type tracked struct {
	guest  Guest
	use    meanLoad // CPU, cores
	lastAt lcc.Instant
}

// departure remembers that a guest was moved away, so that it is not taken
// back at once.
type departure struct{ at lcc.Instant }

// meanLoad is an exponentially weighted moving average of irregular samples.
type meanLoad struct {
	value float64
	known bool
}

// add takes in a sample that holds for the time dt that has passed.
func (m *meanLoad) add(value float64, dt, smoothing time.Duration) {
	if !m.known {
		m.value, m.known = value, true
		return
	}
	weight := 1 - math.Exp(-float64(dt)/float64(smoothing))
	m.value += weight * (value - m.value)
}

// sample is the host's load at one look, as shares of its capacity.
type sample struct {
	at          lcc.Instant
	cpu, memory float64
}

func (s sample) load() float64 { return max(s.cpu, s.memory) }

func (c *Core) observed(ev Observed) {
	c.seen, c.lookErr, c.wall = true, "", ev.Wall
	c.platform = ev.Observation
	present := map[GuestID]bool{}
	for _, g := range ev.Observation.Guests {
		present[g.ID] = true
		c.track(g)
	}
	for id := range c.guests {
		if !present[id] {
			delete(c.guests, id)
		}
	}
	for id, d := range c.left {
		if c.config.Cooldown < 0 || c.now-d.at > lcc.Instant(c.config.Cooldown) {
			delete(c.left, id)
		}
	}
	if ev.Machine.Known {
		dt := c.config.SampleEvery
		c.machine.add(ev.Machine.Used.CPU, dt, c.config.Smoothing)
	}
	c.look()
	c.keepSample()
	c.emit(Changed{Names: loadNames()})
}

func (c *Core) unobserved(ev Unobserved) {
	c.seen, c.lookErr = false, ev.Err
	// What is not known must not look like what was: the holds begin anew.
	c.samples = nil
	c.emit(Changed{Names: loadNames()})
}

// track measures a guest's CPU use from the difference of two looks. A guest
// that arrived by a deal counts with the use that its deal declared until it
// was measured here.
func (c *Core) track(g Guest) {
	t := c.guests[g.ID]
	if t == nil {
		t = &tracked{}
		c.guests[g.ID] = t
		if d := c.dealOf(g.ID); d != nil && d.side == TargetSide {
			t.use = meanLoad{d.need.CPU, true}
		}
	} else if dt := time.Duration(c.now - t.lastAt); dt > 0 && g.State == Running && t.guest.State == Running && g.CPUTime >= t.guest.CPUTime {
		if dt < c.config.SampleEvery/4 {
			// Two looks in quick succession say little about a rate: wait.
			keep, at := t.guest.CPUTime, t.lastAt
			t.guest = g
			t.guest.CPUTime, t.lastAt = keep, at
			return
		}
		t.use.add(float64(g.CPUTime-t.guest.CPUTime)/float64(dt), dt, c.config.Smoothing)
	}
	t.guest, t.lastAt = g, c.now
}

// keepSample notes the load; looks in quick succession are one sample.
func (c *Core) keepSample() {
	used := c.used()
	s := sample{
		at:     c.now,
		cpu:    share(used.CPU, c.platform.Capacity.CPU),
		memory: share(float64(used.MemoryBytes), float64(c.platform.Capacity.MemoryBytes)),
	}
	if n := len(c.samples); n > 1 && c.now-c.samples[n-2].at < lcc.Instant(c.config.SampleEvery)/2 {
		s.at = c.samples[n-1].at
		c.samples[n-1] = s
		return
	}
	c.samples = append(c.samples, s)
	if len(c.samples) > historyMax {
		c.samples = c.samples[1:]
	}
}

func share(used, capacity float64) float64 {
	if capacity <= 0 {
		if used > 0 {
			return 1
		}
		return 0
	}
	return used / capacity
}

// used is what the guests that run here take: CPU as measured, or as the
// machine says; memory as declared, because a guest may take all of it at any
// moment.
func (c *Core) used() Resources {
	var sum Resources
	for _, t := range c.running() {
		sum.CPU += t.use.value
		sum.MemoryBytes += t.guest.Declared.MemoryBytes
	}
	if c.machine.known {
		sum.CPU = c.machine.value
	}
	return sum
}

// promised is what is not here yet but may come: holds of deals, and guests
// that come without one.
func (c *Core) promised() Resources {
	var sum Resources
	for _, d := range c.sortedDeals() {
		if d.side == TargetSide && !c.runsHere(d.guest) {
			sum.CPU += d.need.CPU
			sum.MemoryBytes += d.need.MemoryBytes
		}
	}
	for _, t := range c.sortedGuests() {
		if t.guest.State == Incoming && c.dealOf(t.guest.ID) == nil {
			sum.CPU += t.guest.Declared.CPU
			sum.MemoryBytes += t.guest.Declared.MemoryBytes
		}
	}
	return sum
}

// loadWith is the share of the fuller resource with so much more on the host.
func (c *Core) loadWith(more Resources) float64 {
	used, promised := c.used(), c.promised()
	return max(
		share(used.CPU+promised.CPU+more.CPU, c.platform.Capacity.CPU),
		share(float64(used.MemoryBytes+promised.MemoryBytes+more.MemoryBytes), float64(c.platform.Capacity.MemoryBytes)),
	)
}

// fits says whether so much more keeps within the host's room, per resource.
func (c *Core) fits(more Resources) bool { return c.loadWith(more) <= 1 }

// known says whether the load can be spoken of: it was looked at twice, or
// there is nothing to measure.
func (c *Core) known() bool {
	if !c.seen || len(c.samples) == 0 {
		return false
	}
	for _, t := range c.running() {
		if !t.use.known {
			return false
		}
	}
	return true
}

// above replays the samples: a level begins to be passed when HoldSamples in a
// row lie beyond it, and ends when one comes back by the hysteresis. sign is 1
// for above the level and -1 for below it.
func (c *Core) beyond(level float64, sign float64) bool {
	holds, run := false, 0
	for _, s := range c.samples {
		distance := sign * (s.load() - level)
		switch {
		case distance > 0:
			run++
		case distance <= -c.config.Hysteresis:
			run, holds = 0, false
		default:
			run = 0
		}
		if run >= c.config.HoldSamples {
			holds = true
		}
	}
	return holds
}

func (c *Core) sortedGuests() []*tracked {
	list := make([]*tracked, 0, len(c.guests))
	for _, t := range c.guests {
		list = append(list, t)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].guest.ID < list[j].guest.ID })
	return list
}

func (c *Core) running() (list []*tracked) {
	for _, t := range c.sortedGuests() {
		if t.guest.State != Incoming {
			list = append(list, t)
		}
	}
	return list
}

func (c *Core) runsHere(id GuestID) bool {
	t := c.guests[id]
	return t != nil && t.guest.State == Running
}

// movable are the guests that may be offered now, the greatest CPU use first.
func (c *Core) movable() (list []*tracked) {
	if !c.known() || c.count(SourceSide) >= c.config.MovesOut {
		return nil
	}
	for _, t := range c.running() {
		if c.whyNotMove(t) == "" {
			list = append(list, t)
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].use.value > list[j].use.value })
	return list
}

// whyNotMove says what keeps a guest where it is; "" when nothing does.
func (c *Core) whyNotMove(t *tracked) string {
	switch {
	case t.guest.State != Running:
		return "it is " + string(t.guest.State)
	case t.guest.Ineligible != "":
		return t.guest.Ineligible
	case c.dealOf(t.guest.ID) != nil:
		return "it is in a deal"
	case c.config.Cooldown > 0 && c.wall.Sub(t.guest.MovedAt) < c.config.Cooldown && !t.guest.MovedAt.IsZero():
		return "it was moved less than " + c.config.Cooldown.String() + " ago"
	}
	return ""
}

func (t *tracked) need() Resources {
	return Resources{CPU: t.use.value, MemoryBytes: t.guest.Declared.MemoryBytes}
}
