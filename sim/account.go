package sim

import (
	"math"
	"time"

	"parley/lcc"
)

// account sums up the figures of a site. Each host is counted when its guests change,
// at each tick and at each look; in between, demands and what follows from them are
// interpolated linearly.
type account struct {
	*scene
	frames, adverts traffic
	sum             sums
	ticks           []tickSeen
	moves           moveSums
	deals           dealSums
	relief          reliefs
	reported        courseReported
}

type traffic struct{ sent, bytes int }

// sums are integrals over time, over all hosts.
type sums struct {
	joules    float64
	requested float64 // core seconds
	unserved  float64 // core seconds that were wanted but not served
	degraded  float64 // part of unserved that guests lost during migrations
	active    float64 // seconds of hosts with demand
	violated  float64 // part of active with more demand than capacity
	overload  float64 // guest seconds on such hosts, weighted by priority
	empty     float64 // seconds of hosts without guests
}

// hostUse is a host's state at its last count.
type hostUse struct {
	at       lcc.Instant
	wanted   float64     // cores that its guests want
	taken    float64     // cores demanded from it: less for a leaving guest, more for an arriving one
	served   float64     // cores that its guests get
	lost     float64     // cores that guests lose to their migrations
	weight   float64     // of its guests, by priority
	above    lcc.Instant // since when the load is above the level of overload; 0: it is not
	messages int
}

// count adds the time since a host's last count to the sums.
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

// runs credits a host's guests with some seconds of CPU time at the served part of
// their demand; for the rest they wait.
func (s *account) runs(h *siteHost, part, seconds float64) {
	for _, g := range h.here {
		got := time.Duration(g.cpu.demand * s.keeps(g) * part * seconds * 1e9)
		g.cpu.time += got
		if s.o.Waits && !h.down {
			g.cpu.waited += time.Duration((g.cpu.demand*s.keeps(g)*(1-part) + g.cpu.throttled) * seconds * 1e9)
		}
	}
}

// keeps is the share of its CPU demand that a guest keeps: a migration costs some.
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

// recount updates what a host's guests want now; the caller must have counted the time
// before.
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
	switch load, high := u.wanted/h.Capacity.CPU, h.config.High; {
	case load > high && u.above == 0:
		u.above = s.now
	case load <= high && u.above != 0:
		s.relief.add(time.Duration(s.now - u.above))
		u.above = 0
	}
	h.used = u
}

// shareAbove is the share of the time in which a linearly interpolated value is above a
// limit.
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

// tickSeen is the state of the site at one tick.
type tickSeen struct {
	deviation, greatest, mean float64
	hot, over                 int // hosts above 80 and 100 %
}

// tick records the state of the site, and plans the next tick.
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

// finish counts the time from the last counts to the end of the run.
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
