package sim

import (
	"errors"
	"fmt"
	"time"

	"parley/hostagent"
	"parley/hostagent/node"
	"parley/lcc"
	"parley/peer"
)

// Site is a world of hosts with guests that enact policies.
type Site struct {
	// Policies are enacted by every host side by side; most sites have one, and
	// one without shows what comes of doing nothing.
	Policies []*lcc.Model
	Hosts    []SiteHost
	Guests   []SiteGuest
	Seed     uint64
	Network  Network
	Groups   Groups // who hears of whom
	// Config is that of each host's core, SiteHost.Labels and Power aside.
	Config hostagent.Config
	// Peer are the settings of each host's peer: its times and limits.
	Peer      peer.Options
	Migration Migration
	Faults    Faults
	Power     Power
	// Schedule is what operators, owners and others do, Balancers who moves guests
	// without a deal, and Failing which migrations fail.
	Schedule  []Happening
	Balancers []Balancer
	Failing   []Failing
	// Waits has hosts and guests show what they wait for. Where a policy asks for it
	// they do so anyway.
	Waits bool
	// Expect is what is to come of the run: SiteResult.Unmet says what did not.
	Expect []Expectation
	// Tick is how often the state of the site is taken down: default 5 min.
	Tick time.Duration
	// Warm is the time at the beginning that the averages over time leave out.
	Warm time.Duration
	// Limit is the virtual time of the run; default 2 h.
	Limit time.Duration
	// Quiet is how long nothing may have happened (no deal, no fault) before
	// the run is over; default 10 min. Negative: only the limit ends it.
	Quiet time.Duration
	// Course has the state at each tick kept, for charts.
	Course bool
	// Wire has every frame encoded, to count the bytes that it takes.
	Wire bool
	// Tell is told what happens, in order. May be nil.
	Tell func(Entry)
	// Progress is called at each tick with the virtual time; an error ends the
	// run. May be nil.
	Progress func(at time.Duration) error
}

// SiteHost is one host.
type SiteHost struct {
	Name     string
	Capacity hostagent.Resources
	Labels   []string // each "key=value"
	Group    string   // with Groups.By label: who hears of it
	Refuse   []string // roles of the policies that it never plays
	// Foreign has the hook let in guests that come without a deal, as far as there is
	// room; Unchecked says that it has no hook, so that any guest comes that is sent by
	// hand.
	Foreign, Unchecked bool
	// Curve is its power in watts at even steps of CPU load, the first at 0 and
	// the last at 1; none: it is not known.
	Curve []float64
	// Link is its bandwidth for migrations, in bytes per second each way;
	// default 1.25 GB/s (10 Gbit/s).
	Link float64
}

// SiteGuest is one guest.
type SiteGuest struct {
	Name     string
	Host     string // where it is at the start
	Declared hostagent.Resources
	CPU      float64 // cores that it wants, where Load is nil
	Load     Load    // cores that it wants over time
	// Priority counts its overload (1 + Priority/100 times) and is its rule.
	Priority int
	Rules    hostagent.Rules // its other rules
	// DirtyRate is how fast it writes to its memory at full use of its
	// processors, in bytes per second; WorkingSet is what it writes to at most,
	// default a tenth of its memory.
	DirtyRate, WorkingSet float64
	// Quota is the most cores that it gets, whatever it wants; 0: no quota.
	Quota float64
	// Starts and Ends are when its owner starts it on Host, and ends it; 0: it is there
	// from the beginning, and to the end. Absent: it is not there until something in
	// the schedule starts it.
	Starts, Ends time.Duration
	Absent       bool
}

// Load is what a guest wants to use.
type Load interface {
	// At returns the cores at a time since the beginning; never negative. It
	// must always return the same for the same time.
	At(t time.Duration) float64
}

// SiteResult says what came of a run.
type SiteResult struct {
	Took          time.Duration // until the last deal ended
	Ran           time.Duration // virtual time of the whole run
	Guests        int
	Before, After []float64 // load of each host: the fuller of CPU and memory, as demanded
	Moves         []Move
	Messages      int // of models
	Failed        int // deals that ended aborted or stuck at their source
	Steady        bool
	Events        int // of the agenda, handled
	Figures       Figures
	Course        *Course
	ByHand        int      `json:",omitempty"` // of the moves, those without a deal
	NotEmptied    []string `json:",omitempty"` // hosts whose maintenance was put off
	Unmet         []string `json:",omitempty"` // what was expected and did not come
}

// Move is a migration that was done.
type Move struct {
	At       time.Duration // when the guest began to run at its target
	Guest    string
	From, To string
	Took     time.Duration
	Downtime time.Duration
	Bytes    int64
}

// site is a run. It drives the agents of the hosts; its parts do the rest.
type site struct {
	*scene
	account    account
	chronicle  chronicle
	checks     checks
	migrations migrations
	operators  operators
	waiting    []waiting // happenings that wait for a migration
	weather    weather
}

type siteHost struct {
	SiteHost
	index  int
	config hostagent.Config
	near   []*siteHost // who hears of it, by index
	node   *node.Node  // nil while its agent is down
	down   bool        // the machine itself
	island int         // hosts on different islands do not reach each other
	clock  clock
	agent  agentState

	here   []*siteGuest              // that run here, by index
	coming []*siteGuest              // on their way here, by index
	behind []*siteGuest              // that have left and are still shown
	flows  []*move                   // to and from here
	held   map[hostagent.DealID]hold // room promised, as its agent told
	power  hostPower
	used   hostUse
}

// agentState is what the present agent of a host, or its disk, has.
type agentState struct {
	incarnation uint64 // its starts are numbered
	journal     [][]byte
	alarm       lcc.Instant
}

type siteGuest struct {
	SiteGuest
	index   int
	id      hostagent.GuestID
	at      *siteHost
	move    *move // under way; nil: none
	movedAt time.Time
	cpu     guestCPU
	deal    hostagent.DealID // that its host has committed to; "": none
	strange strange          // memory that no agent was asked about

	homes map[string]time.Duration // that it left, and when
}

// guestCPU is what the processors of a guest had, and what it wanted when it was last
// counted.
type guestCPU struct {
	time      time.Duration
	waited    time.Duration // for a core of this host
	demand    float64
	throttled float64 // cores that its quota kept from it
}

const (
	// overlap is how long both ends show a guest at the end of a migration
	// (libvirt: about 1.5 s).
	overlap    = 1500 * time.Millisecond
	journalLag = time.Millisecond
	lookLag    = 10 * time.Millisecond
)

// epoch is the wall-clock time of the beginning of every run.
var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func (o Site) withDefaults() (Site, error) {
	var err error
	if o.Network, err = o.Network.withDefaults(); err != nil {
		return o, err
	}
	if len(o.Hosts) == 0 {
		return o, errors.New("sim: a site needs hosts")
	}
	for _, d := range []struct {
		value    *time.Duration
		standard time.Duration
	}{{&o.Limit, 2 * time.Hour}, {&o.Quiet, 10 * time.Minute}, {&o.Tick, 5 * time.Minute}} {
		if *d.value == 0 {
			*d.value = d.standard
		}
	}
	if o.Limit < 0 || o.Tick < 0 || o.Warm < 0 {
		return o, errors.New("sim: the limit, the tick and the warming up are positive times")
	}
	if o.Migration, err = o.Migration.withDefaults(); err != nil {
		return o, err
	}
	o.Config.SampleEvery = max(o.Config.SampleEvery, 0)
	o.Waits = o.Waits || o.asksWaits()
	return o, o.Config.Validate()
}

// Run runs the site until it is steady or the limit. An error is an invariant
// that was broken, a site that cannot be, or a bug; the seed replays it.
func (o Site) Run() (SiteResult, error) {
	o, err := o.withDefaults()
	if err != nil {
		return SiteResult{}, err
	}
	s, err := newSite(o)
	if err != nil {
		return SiteResult{}, err
	}
	s.result.Before = s.loads()
	s.last = s.now
	err = s.run(s.now+lcc.Instant(o.Limit), s.steady)
	s.result.After = s.loads()
	s.result.Took = time.Duration(s.last)
	s.result.Steady = s.steady()
	s.result.Events = s.events
	s.account.finish()
	s.result.Unmet = s.chronicle.unmet()
	if err != nil {
		return s.result, fmt.Errorf("%w (seed %d)", err, o.Seed)
	}
	return s.result, s.checks.ended()
}

// newSite builds a site with its options complete.
func newSite(o Site) (*site, error) {
	failures, err := newFailures(o)
	if err != nil {
		return nil, err
	}
	scene := &scene{world: newWorld(o.Seed), o: o, byName: map[lcc.PeerID]*siteHost{}, named: map[hostagent.GuestID]*siteGuest{}}
	s := &site{scene: scene, account: account{scene: scene}, chronicle: chronicle{scene: scene}, checks: checks{scene: scene}}
	s.migrations = migrations{
		scene: scene, account: &s.account, chronicle: &s.chronicle, checks: &s.checks, agents: s, failures: failures,
	}
	s.weather = weather{scene: scene}
	s.operators = operators{scene: scene, chronicle: &s.chronicle, agents: s}
	return s, s.build()
}

// steady says whether nothing has happened for long enough.
func (s *site) steady() bool {
	return s.o.Quiet > 0 && s.now-s.last > lcc.Instant(s.o.Quiet) && s.open == 0 && s.since() > s.chronicle.settled
}
