package sim

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"parley/lcc"
)

// Faults are injected by a schedule and at random.
type Faults struct {
	Schedule []Fault
	Late     []Late // single frames that are late
	// Agents is how many times the agent of a random host ends, and is back ten seconds
	// later; Hosts is how many times a whole host stops, for five minutes; Partitions
	// is how many times the hosts are partitioned for a minute. All happen within
	// Within (default ten minutes), after the first minute.
	Agents, Hosts, Partitions int
	Within                    time.Duration
	// Orders is the number of operators' orders, such as drains and pauses for up to
	// some minutes; Failing is how many hosts or guests have failing migrations for as
	// long; Hands is how many guests are moved by hand; Ends is how many guests their
	// owners end and later start again. All happen within Within too.
	Orders, Failing, Hands, Ends int
	// Drift makes each host's clock too fast or too slow, by up to this share; Skew is
	// the largest error of its time of day.
	Drift float64
	Skew  time.Duration
}

// Fault is a scheduled fault.
type Fault struct {
	At, For time.Duration
	// Kind is "agent": the agents of the hosts end, and are back after For; "host": the
	// hosts stop with their guests, which continue after For; "partition": the hosts
	// cannot reach the other hosts for For; "network": Network holds for For.
	Kind    string
	Hosts   []string
	Network Network
}

const (
	agentBack     = 10 * time.Second
	hostBack      = 5 * time.Minute
	partitionBack = time.Minute
)

func (s *site) planFaults() error {
	for i, f := range s.o.Faults.Schedule {
		if err := s.planFault(f); err != nil {
			return fmt.Errorf("sim: fault %d: %w", i+1, err)
		}
	}
	f := s.o.Faults
	within := f.Within
	if within == 0 {
		within = 10 * time.Minute
	}
	draw := func() (time.Duration, *siteHost) {
		h := s.hosts[s.chance.IntN(len(s.hosts))]
		return time.Minute + time.Duration(s.chance.Int64N(int64(max(1, within-time.Minute)))), h
	}
	for range f.Agents {
		at, h := draw()
		s.plan(at, func() error { return s.crash(h, agentBack) })
	}
	for range f.Hosts {
		at, h := draw()
		s.plan(at, func() error { return s.stop(h, hostBack) })
	}
	for range f.Partitions {
		at, _ := draw()
		part := half(s.hosts, s.chance)
		s.plan(at, func() error { return s.cut(part, partitionBack) })
	}
	return nil
}

// half draws a random part of the hosts, neither none nor all.
func half(hosts []*siteHost, chance *rand.Rand) []*siteHost {
	if len(hosts) < 2 {
		return nil
	}
	var part []*siteHost
	for _, at := range chance.Perm(len(hosts))[:1+chance.IntN(len(hosts)-1)] {
		part = append(part, hosts[at])
	}
	slices.SortFunc(part, func(a, b *siteHost) int { return a.index - b.index })
	return part
}

func (s *site) planFault(f Fault) error {
	var hosts []*siteHost
	for _, name := range f.Hosts {
		h := s.byName[lcc.PeerID(name)]
		if h == nil {
			return fmt.Errorf("there is no host %q", name)
		}
		hosts = append(hosts, h)
	}
	if len(hosts) == 0 && f.Kind != "network" {
		return errors.New("it names no host")
	}
	if f.At < 0 || f.For <= 0 {
		return fmt.Errorf("it begins at %v and takes %v: give a time of 0 or more, and a length above 0", f.At, f.For)
	}
	switch f.Kind {
	case "agent", "host":
		for _, h := range hosts {
			s.plan(f.At, func() error {
				if f.Kind == "agent" {
					return s.crash(h, f.For)
				}
				return s.stop(h, f.For)
			})
		}
	case "partition":
		s.plan(f.At, func() error { return s.cut(hosts, f.For) })
	case "network":
		worse, err := f.Network.withDefaults()
		if err != nil {
			return err
		}
		s.plan(f.At, func() error { return s.weather.worsen(worse, f.For) })
	default:
		return fmt.Errorf("its kind is %q: give agent, host, partition or network", f.Kind)
	}
	return nil
}

// stop stops a host: its guests pause, and continue when it is back.
func (s *site) stop(h *siteHost, back time.Duration) error {
	if h.down {
		return nil
	}
	s.last = s.now
	s.account.count(h)
	s.chronicle.record(h, "fault", "", "the host stops")
	for _, m := range h.moving() {
		s.migrations.cancel(m, "a host stopped")
	}
	if err := s.crash(h, back+time.Second); err != nil {
		return err
	}
	h.down = true
	s.account.recount(h)
	s.plan(back, func() error {
		s.account.count(h)
		h.down = false
		for _, g := range h.here {
			g.cpu.time, g.cpu.waited = 0, 0 // its platform counts from 0 again
		}
		s.account.recount(h)
		s.chronicle.record(h, "fault", "", "the host is back")
		s.last = s.now
		return s.start(h)
	})
	return nil
}

// cut partitions some hosts from the others for a time.
func (s *site) cut(part []*siteHost, back time.Duration) error {
	s.weather.islands++
	island := s.weather.islands
	s.last = s.now
	var moved []*siteHost
	for _, h := range part {
		if h.reach.island == 0 {
			moved = append(moved, h)
		}
	}
	if len(moved) == 0 {
		return nil
	}
	s.chronicle.record(moved[0], "fault", "", fmt.Sprintf("%d hosts are cut off from the others", len(moved)))
	if err := s.relink(moved, island); err != nil {
		return err
	}
	s.plan(back, func() error {
		s.last = s.now
		s.chronicle.record(moved[0], "fault", "", "the hosts reach each other again")
		return s.relink(moved, 0)
	})
	return nil
}

// relink puts hosts on an island, and updates their connections.
func (s *site) relink(moved []*siteHost, island int) error {
	was := moved[0].reach.island
	for _, h := range moved {
		for _, m := range h.moving() {
			if other := m.other(h); other.reach.island == h.reach.island && !slices.Contains(moved, other) {
				s.migrations.cancel(m, "the connection between the hosts broke")
			}
		}
	}
	for _, h := range moved {
		h.reach.island = island
	}
	for _, h := range moved {
		for _, other := range h.near {
			if slices.Contains(moved, other) || other.node == nil || h.node == nil {
				continue
			}
			var err error
			switch other.reach.island {
			case was:
				err = s.meet(h, other, false)
			case island:
				err = s.meet(h, other, true)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *move) other(h *siteHost) *siteHost {
	if m.from == h {
		return m.to
	}
	return m.from
}

// weather is the state of the network's faults.
type weather struct {
	*scene
	islands int // partitions so far
	usual   Network
	worse   []*Network // active faults of the network
}

// worsen replaces the network's parameters for a time. Of several at once, the one that
// began last holds.
func (s *weather) worsen(n Network, back time.Duration) error {
	usual, worse := s.o.Network, &n
	if len(s.worse) > 0 {
		usual = s.usual
	}
	s.usual, s.worse = usual, append(s.worse, worse)
	s.o.Network, s.last = n, s.now
	s.plan(back, func() error {
		s.worse = slices.DeleteFunc(s.worse, func(other *Network) bool { return other == worse })
		s.o.Network, s.last = s.usual, s.now
		if left := len(s.worse); left > 0 {
			s.o.Network = *s.worse[left-1]
		}
		return nil
	})
	return nil
}
