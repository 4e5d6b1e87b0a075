package hostagent

import (
	"math"
	"slices"
	"sort"
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

// forecast is a mean of irregular samples that follows in the time that the
// configuration calls smoothing, and a variance that follows slowly: 0.05 for
// each 5 min, which told steady from unsteady guests best.
type forecast struct {
	mean, variance float64
	known          bool
}

const slowWeight, slowEvery = 0.05, 5 * time.Minute

// add takes in a sample that holds for the time dt that has passed.
func (f *forecast) add(value float64, dt, smoothing time.Duration) {
	if !f.known {
		f.mean, f.known = value, true
		return
	}
	off := value - f.mean
	f.mean += (1 - math.Exp(-float64(dt)/float64(smoothing))) * off
	slow := 1 - math.Pow(1-slowWeight, float64(dt)/float64(slowEvery))
	f.variance = (1 - slow) * (f.variance + slow*off*off)
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

func share(used, capacity float64) float64 {
	switch {
	case capacity > 0:
		return round(used / capacity)
	case used > 0:
		return 1
	}
	return 0
}

// round keeps a thousandth. What models see is no finer, so that noise below
// it wakes nobody and messages stay short.
func round(v float64) float64 { return math.Round(v*1000) / 1000 }

// load is the share of the fuller resource.
func (c *Core) load(r Resources) float64 {
	return max(share(r.CPU, c.platform.Capacity.CPU), share(float64(r.MemoryBytes), float64(c.platform.Capacity.MemoryBytes)))
}

// used is what the guests that are here are expected to take: the sum of the
// means of their CPU use and a multiple of the deviation of that sum; memory
// as declared, because a guest may take all of it at any moment.
func (c *Core) used() Resources { return c.usedWithout("") }

func (c *Core) usedWithout(guest GuestID) Resources {
	var sum Resources
	variance := 0.0
	for _, t := range c.running() {
		if t.guest.ID != guest {
			sum.CPU += t.use.mean
			variance += t.use.variance
			sum.MemoryBytes += t.guest.Declared.MemoryBytes
		}
	}
	if c.machine.Known {
		sum.CPU += c.other.mean
		variance += c.other.variance
		if guest == "" {
			sum.MemoryBytes = max(sum.MemoryBytes, c.machine.Used.MemoryBytes)
		}
	}
	sum.CPU = round(sum.CPU + c.config.Deviations*math.Sqrt(variance))
	return sum
}

// promised is what is not here yet but may come: holds of deals, and guests
// that come without one.
func (c *Core) promised() Resources {
	var sum Resources
	for _, d := range c.sortedDeals() {
		if d.side == TargetSide && !c.isHere(d.guest) {
			sum = plus(sum, d.need)
		}
	}
	for _, t := range c.sortedGuests() {
		if t.guest.State == Incoming && c.dealOf(t.guest.ID) == nil {
			sum = plus(sum, t.guest.Declared)
		}
	}
	return sum
}

// leaving is what guests take that are under way to other hosts.
func (c *Core) leaving() Resources {
	var sum Resources
	for _, d := range c.sortedDeals() {
		if d.side == SourceSide && c.isHere(d.guest) {
			sum = plus(sum, d.need)
		}
	}
	return sum
}

// with is what is used and promised, and so much more.
func (c *Core) with(more Resources) Resources {
	return plus(plus(c.used(), c.promised()), more)
}

// without is what is used once a guest and those under way are gone.
func (c *Core) without(t *tracked) Resources {
	rest := c.usedWithout(t.guest.ID)
	leaving := c.leaving()
	if d := c.dealOf(t.guest.ID); d != nil && d.side == SourceSide {
		leaving = minus(leaving, d.need)
	}
	return minus(rest, leaving)
}

func plus(a, b Resources) Resources {
	return Resources{a.CPU + b.CPU, a.MemoryBytes + b.MemoryBytes}
}

// minus does not go below zero: forecasts of a sum and of its parts differ.
func minus(a, b Resources) Resources {
	return Resources{max(0, a.CPU-b.CPU), max(0, a.MemoryBytes-b.MemoryBytes)}
}

// fits says whether so much more keeps within the host's room, per resource.
func (c *Core) fits(more Resources) bool {
	with := c.with(more)
	// A thousandth of a core is below what is measured.
	return with.CPU <= c.platform.Capacity.CPU+0.0005 && with.MemoryBytes <= c.platform.Capacity.MemoryBytes
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

func (c *Core) sortedGuests() []*tracked {
	list := make([]*tracked, 0, len(c.guests))
	for _, t := range c.guests {
		list = append(list, t)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].guest.ID < list[j].guest.ID })
	return list
}

// running are the guests that take room here; one that is paused does.
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

func (c *Core) isHere(id GuestID) bool {
	t := c.guests[id]
	return t != nil && t.guest.State != Incoming
}

// need is what a guest needs elsewhere: its forecast, no finer than models see
// it, and all the memory that it may take.
func (c *Core) need(t *tracked) Resources {
	return Resources{
		CPU:         round(t.use.mean + c.config.Deviations*math.Sqrt(t.use.variance)),
		MemoryBytes: t.guest.Declared.MemoryBytes,
	}
}

// movable are the guests that may be offered now, the greatest CPU use first.
func (c *Core) movable() (list []*tracked) {
	if !c.known() || c.count(SourceSide) >= c.config.MovesOut {
		return nil
	}
	for _, t := range c.sortedGuests() {
		if c.whyNotMove(t) == "" {
			list = append(list, t)
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return c.need(list[i]).CPU > c.need(list[j]).CPU })
	return list
}

// whyNotMove says what keeps a guest where it is; "" when nothing does.
func (c *Core) whyNotMove(t *tracked) string {
	came, byDeal := c.came[t.guest.ID]
	switch {
	case t.guest.State != Running:
		return "it is " + string(t.guest.State)
	case t.guest.Ineligible != "":
		return t.guest.Ineligible
	case c.stuck[t.guest.ID]:
		return "an earlier deal about it needs a person: settle it and start the agent again"
	case c.dealOf(t.guest.ID) != nil:
		return "it is in a deal"
	case c.cooling(t.guest.MovedAt) || byDeal && c.now-came < lcc.Instant(c.config.Cooldown):
		return "it was moved less than " + c.config.Cooldown.String() + " ago"
	}
	return ""
}

// cooling says whether a moment of the wall clock is less than a cool-down
// ago. Other hosts' clocks may be ahead; one that is far ahead is not believed.
func (c *Core) cooling(moved time.Time) bool {
	ago := c.wall.Sub(moved)
	return !moved.IsZero() && ago < c.config.Cooldown && ago > -c.config.Cooldown
}
