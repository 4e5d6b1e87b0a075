package sim

import (
	"errors"
	"fmt"
	"math"
	"time"

	"parley/hostagent"
	"parley/hostagent/node"
	"parley/lcc"
	"parley/peer"
)

// Site is a world of hosts with guests that enact a policy.
type Site struct {
	Policy  *lcc.Model
	Hosts   []SiteHost
	Guests  []SiteGuest
	Seed    uint64
	Network Network
	Config  hostagent.Config
	// BytesPerSecond is the rate of a migration; default 1 GB/s.
	BytesPerSecond int64
	// Crashes is how many times the agent of a host, drawn by chance, ends
	// within the first ten minutes; it is back ten seconds later.
	Crashes int
	Limit   time.Duration // of virtual time; default 2 h
	Quiet   time.Duration // without a deal, after which the state is steady; default 10 min
}

// SiteHost is one host.
type SiteHost struct {
	Name     string
	Capacity hostagent.Resources
}

// SiteGuest is one guest with a constant use of CPU, in cores.
type SiteGuest struct {
	Name     string
	Host     string // where it is at the start
	Declared hostagent.Resources
	CPU      float64
}

// SiteResult says what came of a run.
type SiteResult struct {
	Took          time.Duration // until the last deal ended
	Before, After []float64     // load of each host: the fuller of CPU and memory, as demanded
	Moves         []Move
	Messages      int
	Failed        int // deals that ended aborted or stuck at their source
	Steady        bool
}

// Move is a migration that was done.
type Move struct {
	At       time.Duration
	Guest    string
	From, To string
}

// site is a run.
type site struct {
	*world
	o      Site
	hosts  []*siteHost
	byName map[lcc.PeerID]*siteHost
	guests []*siteGuest
	result SiteResult
	last   lcc.Instant
}

type siteHost struct {
	SiteHost
	node    *node.Node // nil while its agent is down
	life    uint64
	journal [][]byte
	alarm   lcc.Instant
}

type siteGuest struct {
	SiteGuest
	at      *siteHost
	to      *siteHost // where it is on its way to
	behind  *siteHost // still shown there for a moment after the switch
	moving  int       // counts its migrations, so that a cancelled one is told from a later
	movedAt time.Time
	cpuTime time.Duration
	counted lcc.Instant
}

const (
	// overlap is how long both ends show a guest at the end of a migration
	// (libvirt: about 1.5 s).
	overlap    = 1500 * time.Millisecond
	journalLag = time.Millisecond
	downFor    = 10 * time.Second
)

// epoch is the wall-clock time of the beginning of every run.
var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Run runs the site until it is steady or the limit. An error is an invariant
// that was broken, or a bug; the seed replays it.
func (o Site) Run() (SiteResult, error) {
	network, err := o.Network.withDefaults()
	if err != nil {
		return SiteResult{}, err
	}
	o.Network = network
	if o.Policy == nil || len(o.Hosts) == 0 {
		return SiteResult{}, errors.New("sim: a site needs a policy and hosts")
	}
	for _, d := range []struct {
		value    *time.Duration
		standard time.Duration
	}{{&o.Limit, 2 * time.Hour}, {&o.Quiet, 10 * time.Minute}} {
		if *d.value == 0 {
			*d.value = d.standard
		}
	}
	if o.BytesPerSecond == 0 {
		o.BytesPerSecond = 1e9
	}
	s := &site{world: newWorld(o.Seed), o: o, byName: map[lcc.PeerID]*siteHost{}}
	if err := s.build(); err != nil {
		return SiteResult{}, err
	}
	s.result.Before = s.loads()
	s.last = s.now
	err = s.run(s.now+lcc.Instant(o.Limit), s.steady)
	s.result.After = s.loads()
	s.result.Took = time.Duration(s.last)
	s.result.Steady = s.steady()
	if err != nil {
		return s.result, fmt.Errorf("%w (seed %d)", err, o.Seed)
	}
	return s.result, s.ended()
}

func (s *site) build() error {
	for _, h := range s.o.Hosts {
		if h.Name == "" || s.byName[lcc.PeerID(h.Name)] != nil || h.Capacity.CPU <= 0 || h.Capacity.MemoryBytes <= 0 {
			return fmt.Errorf("sim: host %q: a name of its own and a capacity above 0", h.Name)
		}
		host := &siteHost{SiteHost: h}
		s.hosts = append(s.hosts, host)
		s.byName[lcc.PeerID(h.Name)] = host
	}
	for _, g := range s.o.Guests {
		at := s.byName[lcc.PeerID(g.Host)]
		if at == nil {
			return fmt.Errorf("sim: guest %s is on host %q, which is not there", g.Name, g.Host)
		}
		s.guests = append(s.guests, &siteGuest{SiteGuest: g, at: at, counted: s.now})
	}
	for _, h := range s.hosts {
		s.plan(time.Duration(s.chance.Int64N(int64(time.Second))), func() error { return s.start(h) })
	}
	for range s.o.Crashes {
		h := s.hosts[s.chance.IntN(len(s.hosts))]
		s.plan(time.Minute+time.Duration(s.chance.Int64N(int64(9*time.Minute))), func() error { return s.crash(h) })
	}
	return nil
}

// start starts the agent of a host, anew or again from its journal.
func (s *site) start(h *siteHost) error {
	if h.node != nil {
		return nil
	}
	h.life++
	n, err := node.New(node.Options{
		Self: lcc.PeerID(h.Name), Life: h.life, Seed: s.seed(), Host: s.o.Config,
		Peer: peer.Options{Records: true},
	})
	if err != nil {
		return err
	}
	h.node, h.alarm = n, 0
	effects, err := n.Recover(s.now, append([][]byte(nil), h.journal...))
	if err != nil {
		return err
	}
	if err := s.carryOut(h, effects); err != nil {
		return err
	}
	for _, other := range s.hosts {
		if other == h || other.node == nil {
			continue
		}
		if err := s.step(h, peer.Link{Peer: lcc.PeerID(other.Name), Up: true}); err != nil {
			return err
		}
		if err := s.step(other, peer.Link{Peer: lcc.PeerID(h.Name), Up: true}); err != nil {
			return err
		}
	}
	enact := peer.Enact{Model: s.o.Policy}
	for _, role := range s.o.Policy.Initial() {
		enact.Start = append(enact.Start, lcc.Start{Role: lcc.Atom(role)})
	}
	if err := s.step(h, enact); err != nil {
		return err
	}
	return s.sample(h, h.life)
}

// crash ends the agent of a host: what it had not journalled is forgotten, its
// guests and their migrations go on.
func (s *site) crash(h *siteHost) error {
	if h.node == nil {
		return nil
	}
	h.node, h.alarm = nil, 0
	for _, other := range s.hosts {
		if other != h && other.node != nil {
			if err := s.step(other, peer.Link{Peer: lcc.PeerID(h.Name), Up: false}); err != nil {
				return err
			}
		}
	}
	s.plan(downFor, func() error { return s.start(h) })
	return nil
}

// sample looks at a host now and every SampleEvery, for this life of its agent.
func (s *site) sample(h *siteHost, life uint64) error {
	if h.node == nil || h.life != life {
		return nil
	}
	every := h.node.Host().Config().SampleEvery
	s.plan(every, func() error { return s.sample(h, life) })
	return s.look(h)
}

func (s *site) look(h *siteHost) error {
	return s.step(h, hostagent.Observed{Wall: epoch.Add(time.Duration(s.now)), Observation: s.observe(h)})
}

// observe is what the platform of a host shows. CPU that is demanded above the
// capacity is not used.
func (s *site) observe(h *siteHost) hostagent.Observation {
	seen := hostagent.Observation{Capacity: h.Capacity, Endpoint: h.Name}
	scale := math.Min(1, h.Capacity.CPU/math.Max(1e-9, s.demand(h)))
	for _, g := range s.guests { // in a fixed order, which is by name as they are made
		shown := hostagent.Guest{
			ID: hostagent.GuestID(g.Name), Name: g.Name, Declared: g.Declared,
			MemoryBytes: g.Declared.MemoryBytes, MovedAt: g.movedAt,
		}
		switch h {
		case g.at:
			shown.Leaving = g.to != nil
			g.cpuTime += time.Duration(scale * g.CPU * float64(s.now-g.counted))
			g.counted = s.now
			shown.State, shown.CPUTime = hostagent.Running, g.cpuTime
		case g.behind:
			shown.State = hostagent.Running
		case g.to:
			shown.State = hostagent.Incoming
		default:
			continue
		}
		seen.Guests = append(seen.Guests, shown)
	}
	return seen
}

func (s *site) demand(h *siteHost) (cores float64) {
	for _, g := range s.guests {
		if g.at == h {
			cores += g.CPU
		}
	}
	return cores
}

func (s *site) loads() []float64 {
	var loads []float64
	for _, h := range s.hosts {
		var memory int64
		for _, g := range s.guests {
			if g.at == h {
				memory += g.Declared.MemoryBytes
			}
		}
		loads = append(loads, math.Max(s.demand(h)/h.Capacity.CPU, float64(memory)/float64(h.Capacity.MemoryBytes)))
	}
	return loads
}

// steady says whether nothing has happened for long enough.
func (s *site) steady() bool { return s.now-s.last > lcc.Instant(s.o.Quiet) }

// ended says which deal has not ended although the site is at rest.
func (s *site) ended() error {
	if !s.result.Steady {
		return nil
	}
	for _, h := range s.hosts {
		if h.node == nil {
			continue
		}
		if deals := h.node.Host().Status().Deals; len(deals) > 0 {
			return fmt.Errorf("sim: deal %s of %s is %s and does not end (seed %d)", deals[0].Deal, h.Name, deals[0].State, s.o.Seed)
		}
	}
	return nil
}

// check holds what must always hold: room is never exceeded.
func (s *site) check() error {
	for _, h := range s.hosts {
		var memory int64
		for _, g := range s.guests {
			if g.at == h || g.to == h {
				memory += g.Declared.MemoryBytes
			}
		}
		if memory > h.Capacity.MemoryBytes {
			return fmt.Errorf("sim: invariant: guests on and on their way to %s take %d bytes of %d, at %v", h.Name, memory, h.Capacity.MemoryBytes, time.Duration(s.now))
		}
	}
	return nil
}
