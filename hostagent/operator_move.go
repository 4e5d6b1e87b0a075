package hostagent

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"parley/lcc"
)

// operator holds what this host's operator wants moved: single guests, and all guests
// while the host is drained.
type operator struct {
	*turn
	load     *loads
	book     *book
	room     *room
	permits  *permits
	past     *past
	conduct  *conduct
	wire     *wire
	ledger   *ledger
	eligible *eligible
	sources  *sources
	targets  *targets
	journal  *journal

	operatorMoves map[GuestID]*operatorMove
	emptying      emptying    // the drain (drain_survey.go)
	home          *homecoming // guests that a drain moved away (homecoming.go)
	dryRuns       []*dryRun   // the first one asks, the others wait for it
	reach         map[HostID]bool
}

// operatorMove is a move that an operator wants, before it becomes a deal: a target is
// being chosen.
type operatorMove struct {
	id       DealID // of the questions, and of the resulting deal
	guest    GuestID
	target   HostID // "": the best of the hosts that are asked
	force    bool
	home     bool     // the target asks for it, whose drain brought it here
	orders   []uint64 // orders that wait for its end; none: the drain of this host, or home
	asked    []HostID // hosts that have not answered
	rooms    []roomAnswer
	refusals []string
	busy     bool // a host may answer differently soon
	tries    int
	again    bool // ask again at until
	until    lcc.Instant
}

// roomAnswer is the answer of a host: its load with the guest, and whether a guest is
// there that this one is to be near.
type roomAnswer struct {
	host   HostID
	load   float64
	beside bool
}

// compare orders first the host where guests are that this one is to be near, so that
// they come together again. Otherwise the least loaded host is first.
func (r roomAnswer) compare(other roomAnswer) int {
	switch {
	case r.beside && !other.beside:
		return -1
	case other.beside && !r.beside:
		return 1
	}
	return cmp.Or(cmp.Compare(r.load, other.load), cmp.Compare(r.host, other.host))
}

// blocked is a guest that a drain could not move, and when it is retried.
type blocked struct {
	why   Refusal
	until lcc.Instant
	busy  int // how often in a row hosts were only busy
}

// askedMax is how many hosts are asked for room for one guest. Asking a few at random
// and taking the best is nearly as good as asking all (Mitzenmacher, The Power of Two
// Choices, 1996), and costs the same at any number of hosts.
const askedMax = 8

// triesMax is how often busy hosts are asked again.
const triesMax = 5

// moving says whether a move of a guest is being prepared.
func (op *operator) moving(guest GuestID) bool { return op.operatorMoves[guest] != nil }

// moveGuest begins an operator's move.
func (op *operator) moveGuest(id uint64, o MoveGuest) {
	if why := op.whyNoMove(o); why.Is() {
		op.emit(OrderDone{ID: id, Why: why})
		return
	}
	op.begin(&operatorMove{guest: o.Guest, target: o.Target, force: o.Force, orders: []uint64{id}})
}

// whyNoMove says why an operator's move cannot begin.
func (op *operator) whyNoMove(o MoveGuest) Refusal {
	t := op.load.guests[o.Guest]
	why := op.journal.closed()
	switch {
	case why.Is():
	case t == nil:
		why = Refusal{CodeAbsent, "the guest is not on this host"}
	case o.Target == op.self:
		why = Refusal{CodePresent, "the guest is on this host already"}
	case op.conduct.outsiders[o.Target] != "":
		why = op.conduct.whyOutside(o.Target)
	case op.operatorMoves[o.Guest] != nil:
		why = Refusal{CodeLeaving, "the guest is about to be moved already"}
	case op.book.count(SourceSide)+len(op.operatorMoves) >= op.config.MovesOut:
		why = refusal(CodeMovesOut, "the limit of guests on their way out is reached: %d", op.config.MovesOut)
	default:
		why = op.eligible.whyStays(t, o.Force)
	}
	if !why.Is() && o.Target != "" {
		why = op.eligible.forbiddenAt(o.Guest, o.Target)
	}
	return why
}

// begin proposes a guest to its target, or asks some hosts for room.
func (op *operator) begin(e *operatorMove) {
	e.id = DealID(op.random())
	if e.target != "" {
		op.propose(e)
		return
	}
	op.operatorMoves[e.guest] = e
	e.until = op.after(op.config.RetryEvery)
	t := op.load.guests[e.guest]
	if t == nil {
		op.failOperatorMove(e, Refusal{CodeAbsent, "the guest is no longer here"})
		return
	}
	if e.asked = op.someHosts(t); len(e.asked) == 0 {
		op.failOperatorMove(e, op.whyNobody(t))
		return
	}
	for _, host := range e.asked {
		op.wire.send(host, op.sources.description(kindQuote, e.id, t))
	}
}

// someHosts picks random hosts that are reachable and that the roster allows for the
// guest.
func (op *operator) someHosts(t *tracked) []HostID {
	var list []HostID
	rules := op.load.rules(t)
	for host := range op.reach {
		if op.conduct.outsiders[host] == "" && !op.past.whyAvoidedHost(host, true).Is() && !op.conduct.roster.lacks(rules, host).Is() {
			list = append(list, host)
		}
	}
	slices.Sort(list)
	for i := range min(askedMax, len(list)) {
		j := i + int(op.chance.Uint64()%uint64(len(list)-i))
		list[i], list[j] = list[j], list[i]
	}
	return list[:min(askedMax, len(list))]
}

// whyNobody says why there is no host to ask.
func (op *operator) whyNobody(t *tracked) Refusal {
	var list []string
	rules := op.load.rules(t)
	for _, host := range slices.Sorted(maps.Keys(op.reach)) {
		if op.conduct.outsiders[host] != "" {
			continue
		}
		if why := op.conduct.roster.lacks(rules, host); why.Is() {
			list = append(list, why.Detail)
		} else if why := op.past.whyAvoidedHost(host, true); why.Is() {
			list = append(list, fmt.Sprintf("host %s: %s", host, why.Detail))
		}
	}
	if len(list) == 0 {
		return Refusal{CodeNoHost, "no other host can be reached"}
	}
	return Refusal{CodeNoHost, "no host is asked: " + strings.Join(slices.Compact(list), "; ")}
}

// hasRoom handles the answer to a question for room.
func (op *operator) hasRoom(from HostID, p payload) {
	if op.surveyHears(from, p) || op.dryRunHears(from, p) || op.home.hears(from, p) {
		return
	}
	e := op.operatorMoveAsking(from, p.Deal)
	if e == nil {
		return
	}
	t := op.load.guests[e.guest]
	e.hears(from, p, t != nil && len(op.load.rules(t).Near) > 0)
	if len(e.asked) == 0 {
		op.choose(e)
	}
}

// operatorMoveAsking returns the move whose question a host has not answered.
func (op *operator) operatorMoveAsking(host HostID, id DealID) *operatorMove {
	for _, e := range op.operatorMoves {
		if e.id == id && slices.Contains(e.asked, host) {
			return e
		}
	}
	return nil
}

// hears records the answer of a host that was asked.
func (e *operatorMove) hears(from HostID, p payload, near bool) {
	e.asked = slices.DeleteFunc(e.asked, func(host HostID) bool { return host == from })
	if p.Kind == kindRoom {
		e.rooms = append(e.rooms, roomAnswer{from, p.Load, p.Beside && near})
		return
	}
	e.refusals = append(e.refusals, p.Reason)
	e.busy = e.busy || p.Busy
}

// choose takes the best of the hosts that have answered.
func (op *operator) choose(e *operatorMove) {
	if e.again {
		e.again = false
		op.begin(e)
		return
	}
	target, noes := op.past.best(e.guest, e.rooms)
	e.refusals = append(e.refusals, noes...)
	switch {
	case target != "":
		e.target = target
		op.propose(e)
	case e.busy && e.tries < triesMax && len(e.orders) > 0 && op.load.guests[e.guest] != nil:
		// Not at once: the hosts are busy for a moment.
		e.tries++
		e.busy, e.refusals, e.asked, e.again = false, nil, nil, true
		e.until = op.after(op.config.RetryEvery)
	case len(e.refusals) > 0:
		op.failOperatorMove(e, noHost(e.refusals))
	default:
		op.failOperatorMove(e, Refusal{CodeSilent, "no host answers"})
	}
}

// propose begins the deal of an operator's move.
func (op *operator) propose(e *operatorMove) {
	delete(op.operatorMoves, e.guest)
	t := op.load.guests[e.guest]
	if t == nil {
		op.failOperatorMove(e, Refusal{CodeAbsent, "the guest is no longer here"})
		return
	}
	if why := op.eligible.forbiddenAt(e.guest, e.target); why.Is() {
		op.failOperatorMove(e, why)
		return
	}
	d := &deal{
		id: e.id, side: SourceSide, state: Asking, guest: e.guest, name: t.guest.Name, source: op.self, target: e.target,
		need: op.load.need(t), about: traitsOf(t), began: op.now, expires: op.after(op.config.CommitWait),
		operator: true, src: sourceEnd{force: e.force, orders: e.orders, drain: len(e.orders) == 0 && !e.home, home: e.home},
	}
	d.sequel.price = op.load.told(t)
	op.book.deals[d.id] = d
	op.sources.sayPropose(d)
	op.emit(Changed{Names: loadNames()})
}

// failOperatorMove ends an operator's move that led to no deal.
func (op *operator) failOperatorMove(e *operatorMove, why Refusal) {
	delete(op.operatorMoves, e.guest)
	if !e.home {
		op.orderEnded(e.guest, e.orders, why, e.busy)
	}
}

// orderEnded answers the orders for a move; the zero Refusal means that it succeeded. A
// drain retries later, and soon if hosts were only busy.
func (op *operator) orderEnded(guest GuestID, orders []uint64, why Refusal, busy bool) {
	for _, id := range orders {
		op.emit(OrderDone{ID: id, Why: why})
	}
	if len(orders) == 0 && why.Is() {
		times := 0
		if busy {
			times = op.emptying.blocked[guest].busy + 1
		}
		op.emptying.blocked[guest] = blocked{why, op.blockedUntil(guest, times), times}
	}
	if len(orders) == 0 && !why.Is() {
		delete(op.emptying.blocked, guest)
		op.emptying.failures = 0
	}
}
