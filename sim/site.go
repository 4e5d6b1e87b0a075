package sim

import (
	"errors"
	"reflect"
	"time"

	"parley/hostagent"
	"parley/hostagent/node"
	"parley/lcc"
	"parley/peer"
)

// Site is a simulated site: hosts with guests that enact policies.
type Site struct {
	// Policies are the models that every host enacts; most sites have one, and a site
	// without any shows the effect of doing nothing.
	Policies []*lcc.Model
	Hosts    []SiteHost
	Guests   []SiteGuest
	Seed     uint64
	Network  Network
	Groups   Groups // which hosts hear each other
	// Config is the configuration of each host's core, except SiteHost.Labels and
	// Power; one without any value is hostagent.DefaultConfig.
	Config hostagent.Config
	// Peer are the options of each host's peer: its times and limits. Runs that follow each
	// other may have one Workspace; runs at the same time may not.
	Peer      peer.Options
	Migration Migration
	Faults    Faults
	Power     Power
	// Schedule has the acts of operators, owners and others, Balancers move guests
	// without a deal, and Failing says which migrations fail.
	Schedule  []Happening
	Balancers []Balancer
	Failing   []Failing
	// Waits makes hosts and guests report what they wait for. A policy that asks for it
	// turns it on as well.
	Waits bool
	// Expect are the expectations of the run: SiteResult.Unmet has those that failed.
	Expect []Expectation
	// Tick is how often the state of the site is recorded: default 5 min.
	Tick time.Duration
	// Warm is the time at the beginning that averages over time leave out.
	Warm time.Duration
	// Limit is the virtual time of the run; default DefaultLimit.
	Limit time.Duration
	// StartWithin is the time within which the agents start, so that hosts do not look
	// at the same moment; default 1 s, or Config.SampleEvery where that is above its
	// default, up to 1 min.
	StartWithin time.Duration
	// Quiet is how long nothing may happen (no deal, no fault) before the run ends;
	// default 10 min. Negative: only the limit ends it.
	Quiet time.Duration
	// Course keeps the state at each tick, for charts.
	Course bool
	// Wire encodes every frame, to count its bytes.
	Wire bool
	// OnEntry receives the entries of the run, in order. It may be nil.
	OnEntry func(Entry)
	// Progress is called at each tick with the virtual time; an error ends the run. It
	// may be nil.
	Progress func(at time.Duration) error
}

// SiteHost is one host.
type SiteHost struct {
	Name     string
	Capacity hostagent.Resources
	Takes    Takes
	Labels   []string // each "key=value"
	Group    string   // with Groups.By label: its group
	Refuse   []string // roles of the policies that it never plays
	// Foreign makes the hook admit guests without a deal if there is room; Unchecked
	// means that there is no hook, so that any guest sent by hand arrives.
	Foreign, Unchecked bool
	// Curve is its power in watts at even steps of CPU load, the first at 0 and the
	// last at 1; none: unknown.
	Curve []float64
	// Link is its bandwidth for migrations, in bytes per second in each direction;
	// default 1.25 GB/s (10 Gbit/s).
	Link float64
}

// Takes says which guests can be on a host, as far as its platforms decide. The zero value
// is for virtual machines that need nothing.
type Takes struct {
	Kinds  []hostagent.Kind // none: virtual machines
	Offers []string         // what guests may need, sorted
}

// SiteGuest is one guest.
type SiteGuest struct {
	Name     string
	Host     string // its host at the start
	Kind     hostagent.Kind
	Needs    []string // what its hosts must offer
	Declared hostagent.Resources
	CPU      float64 // cores that it wants, if Load is nil
	Load     Load    // cores that it wants over time
	// Priority weights its overload (by 1 + Priority/100) and is a rule of the guest.
	Priority int
	Rules    hostagent.Rules // its other rules
	// DirtyRate is its write rate to memory at full use of its processors, in bytes per
	// second; WorkingSet is the memory that it writes to, default a tenth of its
	// memory.
	DirtyRate, WorkingSet float64
	// MIPS is how many millions of instructions it executes in a second of CPU time; 0:
	// its machine has no counter.
	MIPS float64
	// Quota is the most cores that it gets; 0: no quota.
	Quota float64
	// Starts and Ends are when its owner starts it on Host, and ends it; 0: it exists
	// from the beginning, and to the end. Absent: it does not exist until the schedule
	// starts it.
	Starts, Ends time.Duration
	Absent       bool
}

// Load is the demand of a guest over time.
type Load interface {
	// At returns the demand in cores at a time since the beginning; never negative. It
	// must be a pure function.
	At(t time.Duration) float64
}

// SiteResult is the result of a run.
type SiteResult struct {
	Took          time.Duration // until the last deal ended
	Ran           time.Duration // virtual time of the whole run
	Guests        int
	Before, After []float64 // load of each host: the higher of CPU and memory, as demanded
	Moves         []Move
	Messages      int // of models
	Failed        int // deals that ended aborted or stuck at their source
	Steady        bool
	Quiet         time.Duration `json:",omitempty"` // without an event, where that ended the run before its limit
	Events        int           // of the agenda, handled
	Figures       Figures
	Course        *Course
	ByHand        int      `json:",omitempty"` // of the moves, those without a deal
	NotEmptied    []string `json:",omitempty"` // hosts whose maintenance was postponed
	Unmet         []string `json:",omitempty"` // expectations that failed
	Frozen        []Frozen `json:",omitempty"` // agents that wait at the end because an action failed
}

// Frozen is an agent of a policy that, outside its initial roles, has done nothing since
// one of its actions failed.
type Frozen struct {
	Host, Role, Action string
	For                time.Duration // until the end of the run
}

// Move is a completed migration.
type Move struct {
	At       time.Duration // when the guest switched to its target
	Guest    string
	Kind     hostagent.Kind `json:",omitempty"` // "" is VM
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
	followed   followed
}

type siteHost struct {
	SiteHost
	index  int
	config hostagent.Config
	near   []*siteHost // hosts that hear each other, by index
	node   *node.Node  // nil while its agent is down
	down   bool        // the machine itself
	reach  reach
	clock  clock
	agent  agentState

	here   []*siteGuest // running here, by index
	coming []*siteGuest // moving here, by index
	behind []*siteGuest // that have left but are still shown
	flows  []*move      // migrations to and from here
	power  hostPower
	used   hostUse
}

// reach is where others reach a host.
type reach struct {
	island int // hosts on different islands do not reach each other
	// endpoints are Observation.Endpoints; nobody changes them.
	endpoints map[hostagent.Kind]string
}

// agentState is the state of a host's present agent and of its disk.
type agentState struct {
	incarnation uint64 // number of its incarnation
	journal     [][]byte
	alarm       lcc.Instant
	held        map[hostagent.DealID]hold // reservations, as it reported
}

type siteGuest struct {
	SiteGuest
	index   int
	id      hostagent.GuestID
	at      *siteHost
	move    *move // in flight; nil: none
	trail   trail
	cpu     guestCPU
	deal    hostagent.DealID // that its host has committed to; "": none
	strange strange          // memory that no agent was asked about
}

// trail is where a guest was, and when it came to its host.
type trail struct {
	movedAt time.Time                // as the last of its deals said; zero: there was none
	homes   map[string]time.Duration // hosts that it left, and when
}

// guestCPU is the CPU time that a guest got, and its demand at the last count.
type guestCPU struct {
	time      time.Duration
	waited    time.Duration // for a core of this host
	demand    float64
	throttled float64 // cores that its quota denied it
}

const (
	// overlap is how long both ends show a guest at the end of a migration
	// (libvirt: about 1.5 s).
	overlap    = 1500 * time.Millisecond
	journalLag = time.Millisecond
	lookLag    = 10 * time.Millisecond
)

// DefaultLimit is the virtual time of a run whose site has no limit.
const DefaultLimit = 2 * time.Hour

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
	}{{&o.Limit, DefaultLimit}, {&o.Quiet, 10 * time.Minute}, {&o.Tick, 5 * time.Minute}} {
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
	if reflect.ValueOf(o.Config).IsZero() {
		o.Config = hostagent.DefaultConfig()
	}
	if o.StartWithin < 0 {
		return o, errors.New("sim: the agents start within a positive time")
	}
	if o.StartWithin == 0 {
		o.StartWithin = startWithin(o.Config.SampleEvery)
	}
	o.Waits = o.Waits || o.asksWaits()
	return o, o.Config.Validate()
}

func startWithin(every time.Duration) time.Duration {
	if every <= hostagent.DefaultConfig().SampleEvery {
		return time.Second
	}
	return min(every, time.Minute)
}

// newSite builds a site; its options must be complete.
func newSite(o Site) (*site, error) {
	failures, err := newFailures(o)
	if err != nil {
		return nil, err
	}
	scene := &scene{world: newWorld(o.Seed), o: o, byName: map[lcc.PeerID]*siteHost{}, named: map[hostagent.GuestID]*siteGuest{}}
	s := &site{scene: scene, account: account{scene: scene}, chronicle: chronicle{scene: scene}, checks: checks{scene: scene}}
	s.migrations = migrations{
		scene: scene, account: &s.account, chronicle: &s.chronicle, checks: &s.checks, agents: s, failures: failures, followed: &s.followed,
	}
	s.weather = weather{scene: scene}
	s.operators = operators{scene: scene, chronicle: &s.chronicle, agents: s}
	return s, s.build()
}

// steady says whether nothing has happened for long enough.
func (s *site) steady() bool {
	return s.o.Quiet > 0 && s.now-s.last > lcc.Instant(s.o.Quiet) && s.open == 0 && s.since() > s.chronicle.settled
}
