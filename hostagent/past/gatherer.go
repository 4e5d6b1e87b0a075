package past

import (
	"cmp"
	"slices"
	"time"
)

const (
	// Step is how much time one value of a column is the mean of, where Gatherer.Step says
	// nothing.
	Step = 5 * time.Minute
	// LongestBlock is how long a block that a Gatherer makes lasts at most.
	LongestBlock = 2 * time.Hour
)

// Seen is what one look at the platform shows of a guest.
type Seen struct {
	Guest
	CPUTime time.Duration // so far on this host
	Waited  time.Duration // for a processor, so far on this host
	Used    int64         // bytes of memory that it uses now
}

// Gatherer makes blocks of looks. Its zero value is ready. The mean of a step is of what
// the guest wanted between the looks in it; a guest is absent in a step if no two looks in a
// row show it.
type Gatherer struct {
	// Step is how long a step is, in whole seconds; 0: the constant Step.
	Step time.Duration
	// Crowding says which share of the time that guests wait for a processor they would have
	// used, on a host of which so many cores are used; nil: none. A guest that does not get
	// what it wants is known by that.
	Crowding func(used, cores float64) float64

	host   Host
	first  int64 // the number of the first step of the block, since 1970
	now    int64 // the number of the unfinished step; 0: no look yet
	guests map[string]*gathered
	last   time.Time
}

// gathered is what is known of one guest of a block.
type gathered struct {
	Series
	last lastLook
	ran  time.Duration // CPU time that it wanted in the unfinished step
	over time.Duration // the time between looks in which it ran
	used int64
}

// lastLook is what the last look showed of a guest.
type lastLook struct {
	cpu    time.Duration // its CPU time; -1: no look has shown it
	waited time.Duration // for a processor
	shown  bool          // it was there
}

// Look adds a look, and returns the block that is complete with it, if one is.
func (g *Gatherer) Look(at time.Time, host Host, seen []Seen) (done Block, ok bool) {
	step := at.Unix() / int64(g.seconds())
	switch {
	case g.now == 0:
		g.begin(step)
	case step < g.now || step > g.now+1:
		// The clock was set, or nobody looked for a while: what was between is not known.
		done, ok = g.Flush()
		g.begin(step)
	case step > g.now:
		g.endStep()
		g.now = step
		if step%g.blockValues() == 0 {
			done, ok = g.block()
			g.next(step)
		}
	}
	g.host = host
	passed := at.Sub(g.last)
	g.last = at
	for _, one := range g.guests {
		one.last.shown = false
	}
	share := g.crowding(seen, passed)
	for _, s := range seen {
		g.add(s, passed, share)
	}
	for _, one := range g.guests {
		if !one.last.shown {
			one.last.cpu = -1
		}
	}
	return done, ok
}

// seconds is how long a step is.
func (g *Gatherer) seconds() uint32 {
	if g.Step < time.Second {
		return uint32(Step / time.Second)
	}
	return uint32(g.Step / time.Second)
}

// blockValues is how many values a block has at most.
func (g *Gatherer) blockValues() int64 {
	return min(MaxSamples, max(1, int64(LongestBlock/time.Second)/int64(g.seconds())))
}

// crowding is the share of the waiting since the last look that counts.
func (g *Gatherer) crowding(seen []Seen, passed time.Duration) float64 {
	if g.Crowding == nil || passed <= 0 {
		return 0
	}
	var ran time.Duration
	for _, s := range seen {
		if one := g.guests[s.ID]; one != nil && one.last.cpu >= 0 {
			ran += max(0, s.CPUTime-one.last.cpu)
		}
	}
	return g.Crowding(ran.Seconds()/passed.Seconds(), g.host.Cores)
}

func (g *Gatherer) begin(step int64) {
	*g = Gatherer{Step: g.Step, Crowding: g.Crowding, first: step, now: step, guests: map[string]*gathered{}}
}

// next begins the next block, with the guests that are here.
func (g *Gatherer) next(step int64) {
	g.first = step
	for id, one := range g.guests {
		if !one.last.shown {
			delete(g.guests, id)
			continue
		}
		one.CPU, one.Series.Memory = nil, nil
	}
}

func (g *Gatherer) add(s Seen, passed time.Duration, share float64) {
	one := g.guests[s.ID]
	if one == nil {
		one = &gathered{last: lastLook{cpu: -1}}
		for range g.now - g.first {
			one.CPU, one.Series.Memory = append(one.CPU, Absent), append(one.Series.Memory, Absent)
		}
		g.guests[s.ID] = one
	}
	// A counter that is smaller than before began again.
	if ran := s.CPUTime - one.last.cpu; one.last.cpu >= 0 && ran >= 0 && passed > 0 {
		most := time.Duration(s.Cores * float64(passed))
		wanted := ran + time.Duration(share*float64(max(0, s.Waited-one.last.waited)))
		one.ran, one.over = one.ran+max(ran, min(wanted, most)), one.over+passed
	}
	one.Guest, one.last, one.used = s.Guest, lastLook{s.CPUTime, s.Waited, true}, s.Used
}

// endStep appends the values of the step that is over.
func (g *Gatherer) endStep() {
	for _, one := range g.guests {
		cpu, memory := Absent, Absent
		if one.over > 0 {
			cpu = Quantise(one.ran.Seconds() / one.over.Seconds() / one.Cores)
			memory = Quantise(float64(one.used) / float64(one.Guest.Memory))
		}
		one.CPU, one.Series.Memory = append(one.CPU, cpu), append(one.Series.Memory, memory)
		one.ran, one.over = 0, 0
	}
}

// block returns the steps that are over.
func (g *Gatherer) block() (b Block, ok bool) {
	b = Block{
		Step: g.seconds(), Host: g.host, Start: g.first * int64(g.seconds()), Samples: int(g.now - g.first),
	}
	for _, one := range g.guests {
		if slices.ContainsFunc(one.CPU, func(v uint16) bool { return v != Absent }) {
			b.Guests = append(b.Guests, Series{one.Guest, slices.Clone(one.CPU), slices.Clone(one.Series.Memory)})
		}
	}
	slices.SortFunc(b.Guests, func(a, b Series) int { return cmp.Compare(a.ID, b.ID) })
	return b, b.Samples > 0
}

// Flush returns the steps that are over and forgets everything.
func (g *Gatherer) Flush() (b Block, ok bool) {
	b, ok = g.block()
	*g = Gatherer{Step: g.Step, Crowding: g.Crowding}
	return b, ok
}

// Sofar returns the steps of the unfinished block that are over.
func (g *Gatherer) Sofar() (b Block, ok bool) { return g.block() }

// End is when the last step of the block was over.
func (b Block) End() time.Time {
	return time.Unix(b.Start+int64(b.Step)*int64(b.Samples), 0)
}
