package sim

import (
	"slices"
	"time"

	"parley/lcc"
)

// Course is the state of a run at each tick.
type Course struct {
	Step       time.Duration
	Hosts      []string
	Load       [][]float32 // of each tick, of each host: demand as a share of its capacity; -1 while it is off or down
	On         []float64   // hosts that are neither off nor down
	Watts      []float64   // of all hosts, mean since the tick before; none if a host has no curve of its power
	Overloaded []float64   // hosts above 100 %
	Deviation  []float64   // of the loads
	Migrations []float64   // since the tick before
	Messages   []float64   // since the tick before
}

// shownLoad is the load of a host as a chart shows it.
func (s *account) shownLoad(h *siteHost, load float64) float32 {
	asleep := s.o.Power.Off == "empty" && h.power.emptied != 0 && s.now >= s.o.Power.asleepAt(h.power.emptied)
	if h.down || asleep || s.o.Power.Off == "idle" && load == 0 {
		return -1
	}
	return float32(load)
}

func (s *account) keepCourse(seen tickSeen, loads []float32) {
	c := s.result.Course
	if c == nil {
		c = &Course{Step: s.o.Tick}
		for _, h := range s.hosts {
			c.Hosts = append(c.Hosts, h.Name)
		}
		s.result.Course = c
	}
	c.Load = append(c.Load, loads)
	c.On = append(c.On, float64(on(loads)))
	if !slices.ContainsFunc(s.hosts, func(h *siteHost) bool { return len(h.Curve) == 0 }) {
		c.Watts = append(c.Watts, s.wattsSince(len(c.Watts) == 0))
	}
	c.Overloaded = append(c.Overloaded, float64(seen.over))
	c.Deviation = append(c.Deviation, seen.deviation)
	c.Migrations = append(c.Migrations, float64(len(s.result.Moves)-s.reported.moves))
	c.Messages = append(c.Messages, float64(s.result.Messages-s.reported.messages))
	s.reported = courseReported{s.sum.joules, len(s.result.Moves), s.result.Messages}
}

func on(loads []float32) (hosts int) {
	for _, load := range loads {
		if load >= 0 {
			hosts++
		}
	}
	return hosts
}

// wattsSince is the mean power of all hosts since the last tick; at the first tick, the
// present power.
func (s *account) wattsSince(first bool) (watts float64) {
	if !first {
		return (s.sum.joules - s.reported.joules) / s.o.Tick.Seconds()
	}
	for _, h := range s.hosts {
		load := h.used.taken / h.Capacity.CPU
		watts += h.joules(s.o.Power, s.now, s.now+lcc.Instant(time.Second), load, load)
	}
	return watts
}

// courseReported has the sums up to the last tick.
type courseReported struct {
	joules          float64
	moves, messages int
}
