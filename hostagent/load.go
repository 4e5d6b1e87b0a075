package hostagent

import (
	"maps"
	"slices"
	"strings"
	"time"

	"parley/lcc"
)

// tracked is a guest as it was measured over several looks.
type tracked struct {
	guest   Guest
	use     forecast // CPU, cores
	cpuTime time.Duration
	delay   time.Duration // Guest.Delay at that look
	waits   forecast      // share of its processors' time that they waited for a core
	at      lcc.Instant   // when cpuTime was handed in
	wall    time.Time     // when it was looked at
}

// shownGuest is what models can find out about a guest.
type shownGuest struct {
	id    GuestID
	state GuestState
	need  Resources
	stays bool
	ranks int // its priority
}

func (c *Core) observed(ev Observed) {
	c.seen, c.lookErr, c.wall = true, "", ev.Wall
	c.looks++
	c.recollection.look(c.now, ev.Wall)
	c.recall()
	c.countCrash()
	c.platform = ev.Observation
	c.trackAll(ev.Observation.Guests)
	c.forgetMoves()
	c.expireUndealt()
	c.expireAvoided()
	c.foreignMoves.pass(c.now, c.config)
	c.measureOther(ev.Machine)
	c.crowd()
	c.pressure = ev.Pressure
	c.foresee()
	c.afterLook()
	c.keepSample()
}

// forgetMoves drops moves that are older than a cool-down.
func (c *Core) forgetMoves() {
	maps.DeleteFunc(c.movedAway, func(_ GuestID, at time.Time) bool { return !c.within(at, c.config.ReturnAfter) })
	for _, moves := range []map[GuestID]lcc.Instant{c.recommended, c.movedIn} {
		for id, at := range moves {
			if c.now-at > lcc.Instant(c.config.Cooldown) {
				delete(moves, id)
			}
		}
	}
}

func (c *Core) unobserved(ev Unobserved) {
	changed := c.seen
	c.seen, c.lookErr = false, ev.Err
	c.looks++
	c.levels.forget()
	c.steady = 0 // the next look that succeeds changes every answer
	if changed {
		c.emit(Changed{Names: loadNames()})
	}
}

// trackAll measures the guests that are here and forgets the others.
func (c *Core) trackAll(guests []Guest) {
	was := c.guests
	c.guests = make(map[GuestID]*tracked, len(guests))
	c.byID = c.byID[:0]
	for _, g := range guests {
		if c.guests[g.ID] != nil {
			continue // a platform shows a guest once
		}
		t := was[g.ID]
		if t == nil {
			t = c.newcomer(g)
		}
		c.guests[g.ID] = t
		c.byID = append(c.byID, t)
		c.measure(t, g)
	}
	slices.SortFunc(c.byID, func(a, b *tracked) int { return strings.Compare(string(a.guest.ID), string(b.guest.ID)) })
	c.measuredAll = c.allMeasured()
	c.watchForeignMoves()
}

// newcomer is a guest that was not here at the last look. One that comes by a
// deal counts with the CPU use that its deal declared until it was measured.
func (c *Core) newcomer(g Guest) *tracked {
	t := &tracked{cpuTime: g.CPUTime, delay: g.Delay, at: c.now, wall: c.wall}
	if d := c.dealOf(g.ID); d != nil && d.side == TargetSide {
		t.use = forecast{mean: d.need.CPU, known: true}
	}
	return t
}

// measure takes a guest's CPU use from the difference of two looks. It is never
// more than the guest's processors can have used.
func (c *Core) measure(t *tracked, g Guest) {
	was := t.guest.State
	t.guest = g
	dt := c.between(t)
	switch {
	case was != g.State || g.CPUTime < t.cpuTime:
		// It began to run, or anew: count from here.
	case g.State == Running && dt >= c.config.SampleEvery/2:
		cores := float64(g.CPUTime-t.cpuTime) / float64(dt)
		if g.Declared.CPU > 0 {
			cores = min(cores, g.Declared.CPU)
		}
		t.use.add(cores, dt, c.config.Smoothing)
		if g.Declared.CPU > 0 && g.Delay >= t.delay {
			t.waits.add(float64(g.Delay-t.delay)/float64(dt)/g.Declared.CPU, dt, c.config.Smoothing)
		}
	default:
		return // looks in quick succession would say little about a rate
	}
	t.cpuTime, t.delay, t.at, t.wall = g.CPUTime, g.Delay, c.now, c.wall
}

// between is the time between two looks at a guest. The looks themselves tell
// it best, since they may wait for different times before they are handed in;
// but a wall clock that was set in between is not believed.
func (c *Core) between(t *tracked) time.Duration {
	handed := time.Duration(c.now - t.at)
	looked := c.wall.Sub(t.wall)
	if t.wall.IsZero() || c.wall.IsZero() || looked <= 0 || (looked-handed).Abs() > c.config.SampleEvery {
		return handed
	}
	return looked
}

// foresee takes the load since the last look into the forecast of the next half
// hour. A time without looks is left out.
func (c *Core) foresee() {
	since := time.Duration(c.now - c.foreseenAt)
	c.foreseenAt = c.now
	if c.known() && since <= foreseeMost*c.config.SampleEvery {
		c.horizon.add(c.load(c.meanUse()), since)
	}
}

// foreseeMost is how many samples may be missed before a time counts as unseen.
const foreseeMost = 4

// measureOther takes what the machine uses beside its guests.
func (c *Core) measureOther(m MachineLoad) {
	c.machine = m
	if !m.Known {
		return
	}
	guests := 0.0
	for _, t := range c.running() {
		guests += t.use.mean
	}
	c.other.add(max(0, m.Used.CPU-guests), c.config.SampleEvery, c.config.Smoothing)
}

// keepSample notes the load for the levels, and says when an answer of the
// vocabulary may have become another one.
func (c *Core) keepSample() {
	begins := c.levels.looks == 0 || c.now-c.sampledAt >= lcc.Instant(c.config.SampleEvery)/2
	if begins {
		c.sampledAt = c.now
	}
	load := c.load(c.used())
	c.levels.add(load, begins)
	if begins && c.steady <= c.config.HoldSamples {
		c.steady++ // a level may begin to hold though nothing moves
	}
	shown := c.show()
	if !slices.Equal(shown, c.shown) || load != c.shownLoad {
		c.steady = 0
	}
	c.shown, c.shownLoad = shown, load
	if c.steady <= c.config.HoldSamples {
		c.emit(Changed{Names: loadNames()})
	}
}

func (c *Core) show() []shownGuest {
	shown := make([]shownGuest, 0, len(c.guests))
	for _, t := range c.byID {
		shown = append(shown, shownGuest{t.guest.ID, t.guest.State, c.need(t), c.whyNotMove(t) != "", c.rules(t).Priority})
	}
	return shown
}

// known says whether the load can be spoken of: the platform is seen, and each
// guest was measured.
func (c *Core) known() bool {
	return c.seen && c.measuredAll
}

// allMeasured says whether each guest that runs here was measured.
func (c *Core) allMeasured() bool {
	for _, t := range c.byID {
		if t.guest.State == Running && !t.use.known {
			return false
		}
	}
	return true
}
