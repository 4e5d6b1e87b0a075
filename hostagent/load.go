package hostagent

import (
	"slices"
	"time"

	"parley/lcc"
)

// tracked is a guest as it was measured over several looks.
type tracked struct {
	guest   Guest
	use     forecast // CPU, cores
	cpuTime time.Duration
	at      lcc.Instant // of cpuTime
}

// shownGuest is what models can find out about a guest.
type shownGuest struct {
	id    GuestID
	state GuestState
	need  Resources
	stays bool
}

func (c *Core) observed(ev Observed) {
	c.seen, c.lookErr, c.wall = true, "", ev.Wall
	c.looks++
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
	c.forgetMoves()
	c.measureOther(ev.Machine)
	c.look()
	c.keepSample()
}

// forgetMoves drops moves that are older than a cool-down.
func (c *Core) forgetMoves() {
	for _, moves := range []map[GuestID]lcc.Instant{c.left, c.came} {
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
	if changed {
		c.emit(Changed{Names: loadNames()})
	}
}

// track measures a guest's CPU use from the difference of two looks. A guest
// that arrived by a deal counts with the use that its deal declared until it
// was measured here.
func (c *Core) track(g Guest) {
	t := c.guests[g.ID]
	if t == nil {
		t = &tracked{cpuTime: g.CPUTime, at: c.now}
		c.guests[g.ID] = t
		if d := c.dealOf(g.ID); d != nil && d.side == TargetSide {
			t.use = forecast{mean: d.need.CPU, known: true}
		}
	}
	was := t.guest.State
	t.guest = g
	dt := time.Duration(c.now - t.at)
	switch {
	case was != g.State || g.CPUTime < t.cpuTime:
		// It began to run, or anew: count from here.
		t.cpuTime, t.at = g.CPUTime, c.now
	case g.State == Running && dt >= c.config.SampleEvery/2:
		// Looks in quick succession would say little about a rate.
		t.use.add(float64(g.CPUTime-t.cpuTime)/float64(dt), dt, c.config.Smoothing)
		t.cpuTime, t.at = g.CPUTime, c.now
	}
}

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
	for _, t := range c.sortedGuests() {
		shown = append(shown, shownGuest{t.guest.ID, t.guest.State, c.need(t), c.whyNotMove(t) != ""})
	}
	return shown
}

// known says whether the load can be spoken of: the platform is seen, and each
// guest was measured.
func (c *Core) known() bool {
	if !c.seen {
		return false
	}
	for _, t := range c.guests {
		if t.guest.State == Running && !t.use.known {
			return false
		}
	}
	return true
}
