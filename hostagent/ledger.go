package hostagent

import (
	"maps"
	"slices"
	"time"

	"parley/lcc"
)

// place is where a platform shows a guest.
type place string

const (
	placeUnknown  place = ""         // the platform cannot be observed
	placeRunning  place = "running"  // the guest runs there
	placePaused   place = "paused"   // the guest is there and paused
	placeIncoming place = "incoming" // the guest is migrating there
	placeAbsent   place = "absent"
)

// whereQuestion is another host's question where a guest is.
type whereQuestion struct {
	from     HostID
	deal     DealID
	token    string // returned with the answer
	guest    GuestID
	kind     Kind   // "": not known here
	lookFrom uint64 // loads.looks when the question came
}

const (
	endedMax  = 256 // ended deals remembered
	askingMax = 256 // questions of other hosts waiting for a look
)

// ledger does what both ends of a deal have in common: state changes, the journal, the
// end of a deal, and questions about it.
type ledger struct {
	*turn
	load    *loads
	book    *book
	permits *permits
	past    *past
	conduct *conduct
	wire    *wire
	journal *journal
	orders  orders

	recommended *recommended

	revived     []*deal // deals of an earlier run, until the first Step
	asking      []whereQuestion
	needsPerson needsPerson
	refused     Refusal // why this host last refused an action
}

// orders is what the deals need of the moves that an operator wants.
type orders interface {
	// moving says whether a move of the guest is being prepared.
	moving(guest GuestID) bool
	// othersWait says whether the drain could move another guest now in place of this
	// one.
	othersWait(guest GuestID) bool
	// drainFailed reports that a migration of the drain failed.
	drainFailed(d *deal)
	// orderEnded reports the end of a guest's move; the zero Refusal means that it
	// succeeded.
	orderEnded(guest GuestID, orders []uint64, why Refusal, busy bool)
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return ": " + why
}

// act carries out an action of the vocabulary.
func (c *Core) act(ev Act) {
	name, args, _ := lcc.Name(ev.Goal)
	switch {
	case name == "reserve" && len(args) == 4:
		c.targets.reserve(ev, args)
	case name == "release" && len(args) == 1:
		c.targets.release(ev, args)
	case name == "migrate" && len(args) == 3:
		c.sources.migrate(ev, args)
	case name == "note" && len(args) == 2:
		c.notebook.writeNote(ev, args)
	default:
		c.ledger.refuse(ev.ID, Refusal{CodeBadQuestion, "this host has no action " + name})
	}
}

func (l *ledger) refuse(id ActID, why Refusal) {
	l.refused = why
	l.emit(Answered{ID: id, Answer: lcc.Answer{Detail: why.Detail}})
}

// advance moves a deal to a state that survives a crash, in this order: the record is
// written to the journal; once it is durable the state is announced, and then runs for
// the effects that depend on it. If the record cannot become durable, lost runs
// instead. Until then the deal is in the new state, not durable, and nothing outside
// the core knows of it.
// States that a restart can reconstruct need no record: Asking, in which nothing is
// promised, and Checking, because both platforms are looked at anyway. They are
// announced at once, or not at all. An end is journalled and announced at once (end):
// without its record the platforms are looked at again.
func (l *ledger) advance(d *deal, state DealState, then func(), lost func(why Refusal)) {
	d.state, d.reason = state, Refusal{}
	l.write(d, func() {
		l.announce(d, state, Refusal{})
		then()
	}, lost)
}

// announce moves a deal to a state and emits DealChanged.
func (l *ledger) announce(d *deal, state DealState, reason Refusal) {
	d.state, d.reason = state, reason
	load := l.load.loadNow()
	if reason.Code == CodeRecommend && l.load.known() {
		load = l.load.shareOf(l.recommended.used())
	}
	l.emit(l.changed(d, load))
}

// changed is a deal as it is now, at this load of the host.
func (l *ledger) changed(d *deal, load float64) DealChanged {
	var told []Weighed
	if d.side == SourceSide && !d.operator {
		told = weighed(l.load.guests[d.guest], l.load.byID)
	}
	return DealChanged{
		Deal: d.id, Guest: d.guest, Name: d.name, Kind: d.kind(), Source: d.source, Target: d.target,
		Side: d.side, State: d.state, Reason: d.reason.Detail, Code: d.reason.Code, Migrated: d.src.migrated,
		Operator: d.operator, Drain: d.ofAnyDrain(), Need: d.need, Load: load, Price: d.sequel.price,
		Expected: d.sequel.expected, Measured: slices.Clone(d.sequel.measured), Weighed: told,
	}
}

// end ends a deal: it frees the reservation, answers whoever waits, and lets models
// find the deal settled. The record of an end need not be durable before the end is
// announced: without it the platforms are looked at again.
func (l *ledger) end(d *deal, state DealState, reason Refusal) {
	if l.book.deals[d.id] != d {
		return
	}
	delete(l.book.deals, d.id)
	d.next = 0
	was := d.state
	journalled := was != Asking
	if state != Done && (state != Refused || !journalled) {
		l.conduct.chargeUnused(d) // if this host withdrew an offer, the source is not at fault
	}
	l.book.remember(d)
	if state == Done {
		d.sequel.ended, d.sequel.endedAt = l.now, l.wall
		l.book.done = append(l.book.done, d)
	}
	l.announce(d, state, reason)
	if journalled {
		l.keep(d)
	}
	if d.act != 0 {
		answer := lcc.Answer{Detail: reason.Detail}
		if state == Done {
			answer = lcc.Answer{Truth: lcc.True}
		}
		l.emit(Answered{ID: d.act, Answer: answer})
		d.act = 0
	}
	if d.side == SourceSide {
		l.past.countFault(d, was)
	}
	if d.ofDrain() && was == Checking && state == Aborted {
		l.orders.drainFailed(d)
	}
	if d.operator && d.side == SourceSide && !d.src.home {
		l.orders.orderEnded(d.guest, d.src.orders, whyNotDone(state, reason), d.src.busy)
	}
	if journalled {
		l.wire.receipt(d)
	}
	switch {
	case state == Stuck:
		l.needPerson(d)
	case state == Done && d.side == SourceSide:
		l.past.drains.ended(d)
		l.past.left(d, l.wall)
		if d.operator {
			l.past.emptied()
		} else {
			l.past.foreignMoves.sentAway(d.guest, l.now)
		}
		l.past.succeeded(d.guest, d.target)
	case state == Done:
		l.past.drains.ended(d)
		l.past.movedIn[d.guest] = l.now
		l.past.came(d, l.wall)
		if !d.operator {
			l.past.foreignMoves.returned(d.guest, d.source, l.now, l.config)
		}
	}
	l.emit(Changed{Names: append(loadNames(), "settled")})
}

// loadNow returns the load, 0 if it is unknown.
func (l *loads) loadNow() float64 {
	if !l.known() {
		return 0
	}
	return l.shareOf(l.used())
}

func whyNotDone(state DealState, reason Refusal) Refusal {
	if state == Done {
		return Refusal{}
	}
	if state == Refused && reason.Is() {
		return reason // who shows it says that it is a refusal
	}
	return Refusal{reason.Code, string(state) + because(reason.Detail)}
}

// woken handles every deal and every operator's move whose time has come.
func (c *Core) woken() {
	for _, guest := range slices.Sorted(maps.Keys(c.operator.operatorMoves)) {
		if e := c.operator.operatorMoves[guest]; e != nil && e.until <= c.now {
			c.operator.choose(e)
		}
	}
	c.operator.surveyLate()
	c.operator.dryRunLate()
	c.ledger.tendPersons(func(d *deal) bool { return d.next <= c.now })
	for _, d := range c.book.sortedDeals() {
		if d.next == 0 || d.next > c.now {
			continue
		}
		if d.side == SourceSide {
			c.sources.tendSource(d)
		} else {
			c.targets.tendTarget(d)
		}
	}
}

// afterLook updates the deals after a look at the platform.
func (c *Core) afterLook() {
	waits := c.ledger.asking
	c.ledger.asking = nil
	for _, q := range waits {
		c.ledger.answerWhere(q)
	}
	c.ledger.settleLate()
	for _, d := range c.book.sortedDeals() {
		if d.side == SourceSide {
			c.sources.sourceLooked(d)
		} else {
			c.targets.targetLooked(d)
		}
	}
	c.past.drains.looked(c.load)
	c.operator.drain()
	c.operator.home.comeHome()
}

// looksSince says whether the latest look began after a moment at which loads.looks was
// lookFrom. One look may have been in progress at that moment and show an earlier
// state; the second one was not.
func (l *loads) looksSince(lookFrom uint64) bool { return l.seen && l.looks >= lookFrom+2 }

// reachable records whether a host can be reached.
func (c *Core) reachable(ev Reachable) {
	if ev.Host == c.self {
		return
	}
	if !ev.Up {
		delete(c.operator.reach, ev.Host)
		return
	}
	c.operator.reach[ev.Host] = true
	c.askAgain(ev.Host)
}

// askAgain sends at once what waits for a host that is reachable again.
func (c *Core) askAgain(host HostID) {
	c.ledger.tendPersons(func(d *deal) bool { return d.partner() == host })
	for _, d := range c.book.sortedDeals() {
		if d.next == 0 || d.partner() != host {
			continue
		}
		switch d.state {
		case Asking, Intended, Checking, Armed:
			if d.side == SourceSide {
				c.sources.tendSource(d)
			} else {
				c.targets.tendTarget(d)
			}
		}
	}
}

// place returns where the latest look showed the guest of a deal.
func (l *loads) place(d *deal) place { return l.placeOf(d.guest, d.kind()) }

// placeOf returns where the latest look showed a guest. A guest is absent only if the
// guests of its kind were looked at, or those of all kinds where its kind is not known.
func (l *loads) placeOf(guest GuestID, kind Kind) place {
	t := l.guests[guest]
	switch {
	case !l.seen, t != nil && t.unseen, t == nil && !l.sees(kind):
		return placeUnknown
	case t == nil:
		return placeAbsent
	case t.guest.State == Incoming:
		return placeIncoming
	case t.guest.State == Paused:
		return placePaused
	}
	return placeRunning
}

func (l *ledger) later(d *deal, after time.Duration) { d.next = l.after(after) }
