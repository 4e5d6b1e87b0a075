package hostagent

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"parley/lcc"
)

// Core is the core of one host agent. It dispatches each event to its parts, and orders
// their actions within one Step. It is not safe for concurrent use: one goroutine owns
// it.
type Core struct {
	*turn
	load     *loads
	book     *book
	room     *room
	spared   *spared
	permits  *permits
	past     *past
	conduct  *conduct
	eligible *eligible
	wire     *wire
	ledger   *ledger
	sources  *sources
	targets  *targets
	operator *operator
	notebook *notebook
	outcomes *outcomes
	answers  *answers

	recommended *recommended

	alarm lcc.Instant // the last alarm that the driver was given
}

// Options configure a host. Seed is the only source of randomness. Deal ids and tokens
// are derived from it, so in production it must be secret, and a restarted host must
// not reuse an old one.
type Options struct {
	Self   HostID
	Seed   [32]byte
	Config Config
	Signer Signer // nil: nothing is signed or verified
	// BeginsAtOnce is how many questions one host may begin here in a burst, a proposal
	// counting as five; 0: 1,000. A host earns back a hundred per second.
	BeginsAtOnce int
}

// New returns a host that has seen nothing yet. The error names the invalid option.
func New(o Options) (*Core, error) {
	if o.Self == "" {
		return nil, errors.New("hostagent: Options.Self is empty: give the host's id")
	}
	if err := o.Config.Validate(); err != nil {
		return nil, fmt.Errorf("hostagent: Options.Config (DefaultConfig is a valid one): %w", err)
	}
	c := &Core{turn: &turn{self: o.Self, config: o.Config.sorted(), chance: rand.NewChaCha8(o.Seed)}}
	c.compose(o)
	return c, nil
}

// compose creates the parts. A part refers to the parts created before it; the deals
// use the operator's part through an interface.
func (c *Core) compose(o Options) {
	c.load = newLoads(c.turn)
	c.book = &book{deals: map[DealID]*deal{}}
	c.permits = &permits{turn: c.turn, load: c.load, journal: &journal{}}
	c.room = &room{turn: c.turn, load: c.load, book: c.book, permits: c.permits, undealt: map[GuestID]undealt{}}
	c.spared = newSpared(c.turn, c.room)
	c.past = newPast(c.turn, c.load, c.book, c.room, c.permits)
	c.conduct = newConduct(c.turn, c.load, c.book, o.BeginsAtOnce)
	c.wire = &wire{turn: c.turn, load: c.load, book: c.book, signer: o.Signer}
	c.recommended = newRecommended(c.turn, c.load, c.book, c.room, c.wire)
	c.operator = &operator{turn: c.turn, operatorMoves: map[GuestID]*operatorMove{}, emptying: newEmptying(), reach: map[HostID]bool{}}
	c.operator.home = &homecoming{op: c.operator, asked: map[GuestID]*homeQuestion{}}
	c.ledger = &ledger{
		turn: c.turn, load: c.load, book: c.book, permits: c.permits, past: c.past, conduct: c.conduct, wire: c.wire,
		journal: c.permits.journal, orders: c.operator, recommended: c.recommended,
	}
	c.eligible = &eligible{
		turn: c.turn, load: c.load, book: c.book, permits: c.permits, past: c.past, conduct: c.conduct, ledger: c.ledger, orders: c.operator,
		recommended: c.recommended,
	}
	c.sources = &sources{
		turn: c.turn, load: c.load, book: c.book, permits: c.permits, past: c.past, conduct: c.conduct, wire: c.wire,
		eligible: c.eligible, ledger: c.ledger, orders: c.operator, recommended: c.recommended, spared: c.spared,
	}
	c.targets = &targets{
		turn: c.turn, load: c.load, book: c.book, room: c.room, permits: c.permits, past: c.past, conduct: c.conduct,
		wire: c.wire, ledger: c.ledger, eligible: c.eligible, home: c.operator.home, recommended: c.recommended,
		spared: c.spared,
	}
	op := c.operator
	op.load, op.book, op.room, op.permits, op.past, op.conduct = c.load, c.book, c.room, c.permits, c.past, c.conduct
	op.wire, op.ledger, op.eligible, op.sources, op.targets, op.journal = c.wire, c.ledger, c.eligible, c.sources, c.targets, c.ledger.journal
	c.notebook = &notebook{turn: c.turn, ledger: c.ledger, list: map[string]note{}}
	c.outcomes = &outcomes{turn: c.turn, load: c.load, book: c.book, wire: c.wire, ledger: c.ledger, past: c.past}
	c.answers = &answers{turn: c.turn, load: c.load, eligible: c.eligible, recommended: c.recommended}
}

// Step handles one event and returns the effects for the driver, in order. A non-nil
// error means a bug in the driver.
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
		c.permits.suspend(ev.Why)
	case Outsiders:
		c.conduct.setOutsiders(ev.List)
	case Rostered:
		c.conduct.roster = newRoster(ev)
	case Act:
		c.act(ev)
	case Journalled:
		c.ledger.journalled(ev)
	case JournalRoom:
		c.ledger.journalRoom(ev)
	case Received:
		c.received(ev)
	case Told:
		c.spared.hear(ev)
	case Undelivered:
		c.undelivered(ev)
	case Reachable:
		c.reachable(ev)
	case Found:
		c.found(ev)
	case AdmissionAsked:
		c.targets.admissionAsked(ev)
	case Moved:
		c.sources.moveReturned(ev)
	case Progressed:
		if d := c.book.deals[ev.Deal]; d != nil {
			d.src.progress = ev.Progress
		}
	case Ordered:
		c.operator.ordered(ev)
	case Woken:
		c.alarm = 0 // the driver's alarm has fired: set it again if needed
		c.woken()
	default:
		return nil, fmt.Errorf("hostagent: %T is not an event of a host", ev)
	}
	if unable, news := c.permits.taking.changed(c.permits.whyTakesNobody().Detail); news {
		c.emit(unable)
	}
	c.past.keepMemory()
	c.joinChanges()
	c.spared.say()
	c.setAlarm()
	return c.out, nil
}

// joinChanges merges all Changed effects of a Step into one at the end, so that a model
// evaluates its guards once, after everything else.
func (c *Core) joinChanges() {
	var names []string
	lists := 0
	rest := c.out[:0]
	for _, e := range c.out {
		changed, ok := e.(Changed)
		if !ok {
			rest = append(rest, e)
			continue
		}
		if lists++; lists == 1 {
			names = changed.Names // most Steps have no other list
		} else {
			names = append(slices.Clip(names), changed.Names...)
		}
	}
	c.out = rest
	if lists > 1 || !slices.IsSorted(names) {
		names = slices.Compact(slices.Sorted(slices.Values(names)))
	}
	if len(names) > 0 {
		c.emit(Changed{Names: names})
	}
}

func (c *Core) setAlarm() {
	var at lcc.Instant
	for _, d := range c.book.deals {
		if d.next != 0 && (at == 0 || d.next < at) {
			at = d.next
		}
	}
	for _, e := range c.operator.operatorMoves {
		if at == 0 || e.until < at {
			at = e.until
		}
	}
	for _, next := range []lcc.Instant{c.ledger.needsPerson.next(), c.operator.emptying.survey.next(), c.operator.dryRunNext()} {
		if next != 0 && (at == 0 || next < at) {
			at = next
		}
	}
	if at != c.alarm {
		c.alarm = at
		c.emit(Alarm{At: at})
	}
}
