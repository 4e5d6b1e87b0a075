package sim

import (
	"math"
	"time"

	"parley/lcc"
)

// account sums up what happens to a site. Each host is counted when something
// about its guests changes, at each tick and at each look: in between, demands
// go in straight lines, and what follows from them is taken to do so too.
type account struct {
	*scene
	frames, adverts traffic
	sum             sums
	ticks           []tickSeen
	moves           moveSums
	deals           dealSums
	relief          reliefs
	told            courseTold
}

type traffic struct{ sent, bytes int }

// sums are integrals over time, of all hosts.
type sums struct {
	joules    float64
	requested float64 // core seconds
	unserved  float64 // core seconds that were wanted and not got
	degraded  float64 // core seconds of these that guests lost while they moved
	active    float64 // seconds of hosts with demand
	violated  float64 // seconds of these with more demand than capacity
	overload  float64 // seconds of guests on such hosts, weighted by priority
	empty     float64 // seconds of hosts without guests
}

// hostUse is a host as it was last counted.
type hostUse struct {
	at       lcc.Instant
	wanted   float64     // cores that its guests want
	taken    float64     // cores that it is asked for: less for a guest that is leaving, more for one that comes
	served   float64     // cores that its guests get
	lost     float64     // cores that guests lose because they move
	weight   float64     // of its guests, by priority
	above    lcc.Instant // since when it is above the level of overload; 0: it is not
	messages int
}

// count brings the account of a host up to now.
func (s *account) count(h *siteHost) {
	before := h.used
	if before.at == s.now {
		return
	}
	dt := time.Duration(s.now - before.at).Seconds()
	scaleWas := before.scale(h)
	s.runs(h, scaleWas, dt/2)
	s.recount(h)
	after := h.used
	s.runs(h, after.scale(h), dt/2)
	sum := &s.sum
	sum.requested += dt * (before.wanted + after.wanted) / 2
	sum.unserved += dt * (before.wanted - before.served + after.wanted - after.served) / 2
	sum.degraded += dt * (before.lost + after.lost) / 2
	over := dt * shareAbove(before.wanted, after.wanted, h.Capacity.CPU)
	sum.violated += over
	sum.overload += over * after.weight
	if before.wanted > 0 || after.wanted > 0 {
		sum.active += dt
	}
	if len(h.here)+len(h.coming) == 0 {
		sum.empty += dt
	}
	sum.joules += h.joules(s.o.Power, before.at, s.now, before.taken/h.Capacity.CPU, after.taken/h.Capacity.CPU)
}

// runs has the guests of a host run for some seconds, with the part of their demand
// that the host has for them; for the rest their processors wait.
func (s *account) runs(h *siteHost, part, seconds float64) {
	for _, g := range h.here {
		got := time.Duration(g.cpu.demand * s.keeps(g) * part * seconds * 1e9)
		g.cpu.time += got
		if s.o.Waits && !h.down {
			g.cpu.waited += time.Duration((g.cpu.demand*s.keeps(g)*(1-part) + g.cpu.throttled) * seconds * 1e9)
		}
	}
}

// keeps is the share of its CPU that a guest keeps: it loses some while it moves.
func (s *account) keeps(g *siteGuest) float64 {
	switch {
	case g.at.down:
		return 0
	case g.move != nil:
		return 1 - s.o.Migration.SourceCost
	}
	return 1
}

func (u *hostUse) scale(h *siteHost) float64 {
	if u.taken <= h.Capacity.CPU {
		return 1
	}
	return h.Capacity.CPU / u.taken
}

// recount looks at what a host's guests want now; what was until now must have
// been counted.
func (s *account) recount(h *siteHost) {
	u := hostUse{at: s.now, above: h.used.above, messages: h.used.messages}
	t := s.since()
	for _, g := range h.here {
		g.cpu.demand, g.cpu.throttled = g.wants(t)
		u.wanted += g.cpu.demand
		u.taken += g.cpu.demand * s.keeps(g)
		if g.move != nil {
			u.lost += g.cpu.demand * (1 - s.keeps(g))
		}
		u.weight += 1 + float64(g.Priority)/100
	}
	own := u.taken
	for _, g := range h.coming {
		u.taken += g.cpu.demand * s.o.Migration.TargetCost
	}
	u.served = own * u.scale(h)
	switch empty := len(h.here)+len(h.coming) == 0; {
	case !empty:
		h.power.emptied = 0
	case h.power.emptied == 0:
		h.power.emptied = s.now
	}
	high := h.config.High
	if high == 0 {
		high = 0.8
	}
	switch load := u.wanted / h.Capacity.CPU; {
	case load > high && u.above == 0:
		u.above = s.now
	case load <= high && u.above != 0:
		s.relief.add(time.Duration(s.now - u.above))
		u.above = 0
	}
	h.used = u
}

// shareAbove is the share of a time in which a value that goes in a straight line
// from one to another is above a limit.
func shareAbove(from, to, limit float64) float64 {
	switch {
	case from > limit && to > limit:
		return 1
	case from <= limit && to <= limit:
		return 0
	}
	return (max(from, to) - limit) / math.Abs(to-from)
}

// begin counts all hosts for the first time, and plans the ticks.
func (s *account) begin() {
	for _, h := range s.hosts {
		s.recount(h)
	}
	s.planAt(1, s.tick)
}

// tickSeen is what one tick saw.
type tickSeen struct {
	deviation, greatest, mean float64
	hot, over                 int // hosts above 80 and 100 %
}

// tick takes down the state of the site, and plans the next tick.
func (s *account) tick() error {
	var sum, squares float64
	var seen tickSeen
	var loads []float32
	if s.o.Course {
		loads = make([]float32, 0, len(s.hosts))
	}
	for _, h := range s.hosts {
		s.count(h)
		load := h.used.wanted / h.Capacity.CPU
		sum += load
		squares += load * load
		seen.greatest = max(seen.greatest, load)
		if load > 0.8 {
			seen.hot++
		}
		if load > 1 {
			seen.over++
		}
		if s.o.Course {
			loads = append(loads, s.shownLoad(h, load))
		}
	}
	n := float64(len(s.hosts))
	seen.mean = sum / n
	seen.deviation = math.Sqrt(max(0, squares/n-seen.mean*seen.mean))
	s.ticks = append(s.ticks, seen)
	if s.o.Course {
		s.keepCourse(seen, loads)
	}
	if s.o.Progress != nil {
		if err := s.o.Progress(s.since()); err != nil {
			return err
		}
	}
	if next := s.since() + s.o.Tick; next <= s.o.Limit {
		s.plan(s.o.Tick, s.tick)
	}
	return nil
}

// finish counts what the end of the run cuts off.
func (s *account) finish() {
	s.result.Ran, s.result.Guests = s.since(), len(s.guests)
	for _, h := range s.hosts {
		s.count(h)
		if h.used.above != 0 {
			s.relief.add(time.Duration(s.now - h.used.above))
		}
	}
	s.result.Figures = s.figures()
}
