package hostagent

import (
	"math"
	"slices"
	"strings"
	"time"

	"parley/lcc"
)

// tracked is a guest as measured over several looks.
type tracked struct {
	guest   Guest
	use     forecast // CPU, cores
	course  course   // its demand during the last half hour, cores
	sample  float64  // its demand in the last sample, cores
	cpuTime time.Duration
	delay   time.Duration // Guest.Delay at that look
	waits   forecast      // share of its processors' time spent waiting for a core
	counted Count         // Guest.Instructions at that look
	mips    forecast      // millions of instructions per second; unknown without a counter
	at      lcc.Instant   // when cpuTime was passed in
	wall    time.Time     // when the platform was looked at
	told    told          // what a model was told of it
	unseen  bool          // its kind could not be looked at: guest is as it was before
	joined  *Rules        // its rules and those of the configuration; nil: not asked since the last look
}

// loads holds what was measured here: the platform, its guests and the machine, and the
// load derived from that. It does not depend on deals.
type loads struct {
	*turn
	seen        bool // the last look succeeded
	lookErr     string
	looks       uint64 // looks so far, including failed ones
	measuredAll bool   // each guest that runs here was measured
	platform    Observation
	guests      map[GuestID]*tracked
	earlier     map[GuestID]*tracked // at the look before
	byID        []*tracked           // the values of guests, sorted
	machine     MachineLoad
	other       forecast // CPU use of the machine other than its guests
	otherCourse course
	crowding    crowding // how much waiting counts as demand (demand.go)
	pressure    Pressure
	horizon     horizon
	foreseenAt  lcc.Instant // when the forecast last took in a look
	levels      levels
	// crowdedSince is when this host became crowded; 0: it is not.
	crowdedSince lcc.Instant
	measured     float64 // bytes per second that migrations achieved (price.go)
}

func newLoads(t *turn) *loads {
	return &loads{
		turn: t, guests: map[GuestID]*tracked{}, earlier: map[GuestID]*tracked{},
		horizon: horizon{coverage: t.config.Coverage},
		levels:  levels{hold: t.config.HoldSamples, hysteresis: t.config.Hysteresis},
	}
}

// trackAll measures the guests that are here and forgets the others, except those of a
// kind that could not be looked at: they count as they were before. A guest that was
// not here at the last look counts with what expected returns for it until it is
// measured.
func (l *loads) trackAll(guests []Guest, expected func(GuestID) forecast) {
	was := l.guests
	l.guests, l.earlier = l.earlier, was // maps are slow to make, and a host looks every few seconds
	clear(l.guests)
	l.byID = l.byID[:0]
	for _, g := range guests {
		if l.guests[g.ID] != nil {
			continue // the platform listed the guest twice
		}
		g.Kind = g.Kind.Known()
		t := was[g.ID]
		if t == nil {
			t = &tracked{cpuTime: g.CPUTime, delay: g.Delay, counted: g.Instructions, at: l.now, wall: l.wall, use: expected(g.ID)}
			t.course = courseOf(t.use)
		}
		l.guests[g.ID] = t
		l.byID = append(l.byID, t)
		l.measure(t, g)
		t.unseen = false
	}
	for id, t := range was {
		if _, unseen := l.platform.Unseen[t.guest.Kind]; unseen && l.guests[id] == nil {
			t.unseen = true
			l.guests[id] = t
			l.byID = append(l.byID, t)
		}
	}
	slices.SortFunc(l.byID, func(a, b *tracked) int { return strings.Compare(string(a.guest.ID), string(b.guest.ID)) })
	l.measuredAll = l.allMeasured()
}

// measure derives a guest's CPU use from the difference of two looks, bounded by the
// guest's processors.
func (l *loads) measure(t *tracked, g Guest) {
	was := t.guest.State
	t.guest, t.joined = g, nil
	dt := l.between(t)
	switch {
	case was != g.State || g.CPUTime < t.cpuTime:
		// It began to run, or restarted: count from here.
	case g.State == Running && dt >= l.config.SampleEvery/2:
		cores := float64(g.CPUTime-t.cpuTime) / float64(dt)
		if g.Declared.CPU > 0 {
			cores = min(cores, g.Declared.CPU)
		}
		t.use.add(cores, dt, l.config.Smoothing)
		if g.Declared.CPU > 0 && g.Delay >= t.delay {
			t.waits.add(float64(g.Delay-t.delay)/float64(dt)/g.Declared.CPU, dt, l.config.Smoothing)
		}
		t.sample = l.crowding.wanted(cores, t)
		t.course.add(t.sample, dt, courseTime(l.config.SampleEvery))
		t.countInstructions(g.Instructions, dt, l.config.Smoothing)
	default:
		return // looks in quick succession say little about a rate
	}
	t.cpuTime, t.delay, t.at, t.wall = g.CPUTime, g.Delay, l.now, l.wall
	t.counted = g.Instructions
}

// countInstructions takes in how far the counter has gone in the time dt. A counter that
// is missing or was reset says nothing.
func (t *tracked) countInstructions(now Count, dt, smoothing time.Duration) {
	switch {
	case !now.Known:
		t.mips = forecast{}
	case t.counted.Known && now.N >= t.counted.N:
		t.mips.add(float64(now.N-t.counted.N)/1e6/dt.Seconds(), dt, smoothing)
	}
}

// isCounted says whether it is known how many instructions the guest executes.
func (t *tracked) isCounted() bool { return t.mips.known && !t.unseen }

// shownMIPS is what models see: two digits, so that noise wakes none.
func (t *tracked) shownMIPS() float64 {
	if t.mips.mean <= 0 {
		return 0
	}
	unit := math.Pow(10, math.Floor(math.Log10(t.mips.mean))-1)
	return round(math.Round(t.mips.mean/unit) * unit)
}

// between returns the time between two looks at a guest. It prefers the wall-clock
// times of the looks, because a look may wait before it is passed in; but not if the
// wall clock was set in between.
func (l *loads) between(t *tracked) time.Duration {
	handed := time.Duration(l.now - t.at)
	looked := l.wall.Sub(t.wall)
	if t.wall.IsZero() || l.wall.IsZero() || looked <= 0 || (looked-handed).Abs() > l.config.SampleEvery {
		return handed
	}
	return looked
}

// foresee adds the load since the last look to the forecast of the next half hour. A
// time without looks is left out.
func (l *loads) foresee() {
	since := time.Duration(l.now - l.foreseenAt)
	l.foreseenAt = l.now
	if l.known() && since <= foreseeMost*l.config.SampleEvery {
		l.horizon.add(l.shareOf(l.meanUse()), since)
	}
}

// foreseeMost is how many samples may be missed before a time counts as not seen.
const foreseeMost = 4

// measureOther records what the machine uses beside its guests.
func (l *loads) measureOther(m MachineLoad) {
	l.machine = m
	if !m.Known {
		return
	}
	guests := 0.0
	for t := range l.running() {
		guests += t.use.mean
	}
	l.other.add(max(0, m.Used.CPU-guests), l.config.SampleEvery, l.config.Smoothing)
	l.otherCourse.add(max(0, m.Used.CPU-guests), l.config.SampleEvery, courseTime(l.config.SampleEvery))
}

// sees says whether the last look showed the guests of a kind.
func (l *loads) sees(kind Kind) bool { return !l.blind(kind).Is() }

// known says whether the load is known: the platform is seen, and each running guest
// was measured.
func (l *loads) known() bool {
	return l.seen && l.measuredAll
}

// allMeasured says whether each guest that runs here was measured.
func (l *loads) allMeasured() bool {
	for _, t := range l.byID {
		if t.guest.State == Running && !t.use.known {
			return false
		}
	}
	return true
}
