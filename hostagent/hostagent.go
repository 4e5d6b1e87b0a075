package hostagent

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"parley/lcc"
)

// Core is the core of one host agent. It is not safe for concurrent use: one
// goroutine owns it.
type Core struct {
	self   HostID
	config Config
	chance *rand.ChaCha8
	signer Signer

	now  lcc.Instant
	wall time.Time // at the last look
	out  []Effect  // of the Step under way

	// What was measured (load.go).
	seen        bool   // the last look succeeded
	measuredAll bool   // each guest that runs here
	looks       uint64 // looks so far, failed ones too
	lookErr     string
	platform    Observation
	guests      map[GuestID]*tracked
	byID        []*tracked // the same, sorted
	other       forecast   // CPU use of the machine beside its guests
	machine     MachineLoad
	crowding    crowding // how far waiting guests want more (demand.go)
	pressure    Pressure
	horizon     horizon
	levels      levels

	// What models were last told, to tell them only of what changed.
	shown      []shownGuest
	shownLoad  float64
	steady     int         // samples since it changed, up to HoldSamples+1
	sampledAt  lcc.Instant // when the last sample began
	foreseenAt lcc.Instant // when the forecast took in a look last

	// The ledger (ledger.go).
	deals       map[DealID]*deal
	ended       []*deal // oldest first
	revived     []*deal // of an earlier run, until the first Step
	asking      []whereQuestion
	journal     journal
	movedAway   map[GuestID]time.Time   // moved away from here, by the wall clock: that outlives a run
	movedIn     map[GuestID]lcc.Instant // moved here
	needsPerson needsPerson
	recommended map[GuestID]lcc.Instant // their move was recommended
	refused     string                  // why this host last said no to an action
	notes       map[string]note         // of models for other models (notes.go)

	// What the operator wants (settings.go, operator_move.go).
	settings      Settings
	taking        taking // what models were told of it (taking.go)
	roster        roster
	suspended     string // why no deal of a model is begun, beside the settings; "": none is kept back
	operatorMoves map[GuestID]*operatorMove
	emptying      emptying // the drain (drain_survey.go)
	reach         map[HostID]bool
	measured      float64             // bytes per second that migrations got (price.go)
	undealt       map[GuestID]undealt // without a deal (admission.go)
	aside         aside               // descriptions that wait for an answer about files (needed_files.go)

	backoff backoff // what failed, and is given time (backoff.go)

	recollection recollection // what a restart does not forget (restart_memory.go)

	foreignMoves foreignMoves // moves that Parley did not make (foreign_moves.go)

	// What other hosts did (conduct.go, offer_quota.go, outsiders.go).
	beginQuota       beginQuota
	strayed          map[HostID]lcc.Instant // when what they said beside their deals is forgotten
	unused           debts                  // when the room that was held for nothing is forgotten
	unusedByOperator debts                  // the same, where the source has said that its operator wants the move
	outsiders        map[HostID]string      // with whom no deal begins, and why

	alarm lcc.Instant // what the driver was told last
}

// Options say who the host is. Seed is the only source of chance: it makes the
// deals' ids and tokens, so in production it must be secret, and a host that
// starts anew must not get an old one.
type Options struct {
	Self   HostID
	Seed   [32]byte
	Config Config
	Signer Signer // nil: nothing is signed or checked
	// BeginsAtOnce is how many questions one host may begin here at once, a proposal
	// counting as five; 0: 1,000. It earns back a hundred a second.
	BeginsAtOnce int
}

// New returns a host that has seen nothing yet. The error names the option
// that makes no sense.
func New(o Options) (*Core, error) {
	if o.Self == "" {
		return nil, errors.New("hostagent: Options.Self is empty: give the host's id")
	}
	config, faults := o.Config.withDefaults()
	if len(faults) > 0 {
		return nil, fmt.Errorf("hostagent: Options.Config: %w", faults[0])
	}
	return &Core{
		self: o.Self, config: config, signer: o.Signer, chance: rand.NewChaCha8(o.Seed),
		guests: map[GuestID]*tracked{}, deals: map[DealID]*deal{}, movedAway: map[GuestID]time.Time{},
		movedIn: map[GuestID]lcc.Instant{}, recommended: map[GuestID]lcc.Instant{},
		operatorMoves: map[GuestID]*operatorMove{}, emptying: newEmptying(), reach: map[HostID]bool{}, undealt: map[GuestID]undealt{},
		notes:   map[string]note{},
		backoff: backoff{failed: map[attempt]*failure{}}, foreignMoves: newForeignMoves(),
		beginQuota: beginQuota{atOnce: o.BeginsAtOnce},
		strayed:    map[HostID]lcc.Instant{}, unused: debts{}, unusedByOperator: debts{},
		horizon: horizon{coverage: config.Coverage},
		levels:  levels{hold: config.HoldSamples, hysteresis: config.Hysteresis},
	}, nil
}

// Step hands in one event and returns what the driver does about it, in order.
// A non-nil error means a bug of the driver.
func (c *Core) Step(now lcc.Instant, ev Event) ([]Effect, error) {
	if now < c.now {
		return nil, fmt.Errorf("hostagent: the instant %d is before the last one, %d", now, c.now)
	}
	c.now, c.out = now, nil
	c.revive()
	switch ev := ev.(type) {
	case Observed:
		c.observed(ev)
	case Unobserved:
		c.unobserved(ev)
	case Configured:
		c.configured(ev)
	case Suspended:
		c.suspend(ev.Why)
	case Outsiders:
		c.setOutsiders(ev.List)
	case Rostered:
		c.roster = newRoster(ev)
	case Act:
		c.act(ev)
	case Journalled:
		c.journalled(ev)
	case JournalRoom:
		c.journalRoom(ev)
	case Received:
		c.received(ev)
	case Undelivered:
		c.undelivered(ev)
	case Reachable:
		c.reachable(ev)
	case Found:
		c.found(ev)
	case AdmissionAsked:
		c.admissionAsked(ev)
	case Moved:
		c.moveReturned(ev)
	case Progressed:
		if d := c.deals[ev.Deal]; d != nil {
			d.progress = ev.Progress
		}
	case Ordered:
		c.ordered(ev)
	case Woken:
		c.alarm = 0 // the driver's is spent: say it again
		c.woken()
	default:
		return nil, fmt.Errorf("hostagent: %T is not an event of a host", ev)
	}
	if unable, news := c.taking.tell(c.settings.whyTakesNobody()); news {
		c.emit(unable)
	}
	c.keepMemory()
	c.joinChanges()
	c.setAlarm()
	return c.out, nil
}

func (c *Core) emit(e Effect) { c.out = append(c.out, e) }

func (c *Core) after(d time.Duration) lcc.Instant { return c.now + lcc.Instant(d) }

// joinChanges makes one Changed of all those of a Step, after all else, so
// that a model looks at its guards once and finds everything in place.
func (c *Core) joinChanges() {
	var names []string
	rest := c.out[:0]
	for _, e := range c.out {
		if changed, ok := e.(Changed); ok {
			names = append(names, changed.Names...)
			continue
		}
		rest = append(rest, e)
	}
	c.out = rest
	if len(names) > 0 {
		slices.Sort(names)
		c.emit(Changed{Names: slices.Compact(names)})
	}
}

func (c *Core) setAlarm() {
	var at lcc.Instant
	for _, d := range c.deals {
		if d.next != 0 && (at == 0 || d.next < at) {
			at = d.next
		}
	}
	for _, e := range c.operatorMoves {
		if at == 0 || e.until < at {
			at = e.until
		}
	}
	for _, next := range []lcc.Instant{c.needsPerson.next(), c.emptying.survey.next()} {
		if next != 0 && (at == 0 || next < at) {
			at = next
		}
	}
	if at != c.alarm {
		c.alarm = at
		c.emit(Alarm{At: at})
	}
}
