package hostagent

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"parley/lcc"
)

// operatorMove is a move that an operator wants, before it is a deal: a target is
// looked for.
type operatorMove struct {
	id       DealID // of the questions, and of the deal that comes of them
	guest    GuestID
	target   HostID // "": the best of those that are asked
	force    bool
	orders   []uint64 // that wait for its end; none: the drain of this host
	asked    []HostID // that have not answered
	rooms    []room
	refusals []string
	busy     bool // a host would answer otherwise in a moment
	tries    int
	again    bool // it is to be asked anew when the time has come
	until    lcc.Instant
}

// room is what a host answered: its load with the guest, and whether a guest is there
// that this one is to be near.
type room struct {
	host   HostID
	load   float64
	beside bool
}

// compare puts the host first where a guest's companions are: who belongs together is
// to come together again. Else the least loaded is first.
func (r room) compare(other room) int {
	switch {
	case r.beside && !other.beside:
		return -1
	case other.beside && !r.beside:
		return 1
	}
	return cmp.Or(cmp.Compare(r.load, other.load), cmp.Compare(r.host, other.host))
}

// blocked is a guest that a drain could not move, and when it is tried again.
type blocked struct {
	why   string
	until lcc.Instant
	busy  int // so often in a row all that was in the way would pass in a moment
}

// askedMax is how many hosts are asked for room for one guest. To ask a few at
// random and to take the best is nearly as good as to ask all (Mitzenmacher,
// The Power of Two Choices, 1996), and costs the same at any number of hosts.
const askedMax = 8

// triesMax is how often hosts are asked anew that were busy.
const triesMax = 5

// moveGuest begins an operator's move.
func (c *Core) moveGuest(id uint64, o MoveGuest) {
	t := c.guests[o.Guest]
	why := c.journal.closed()
	switch {
	case why != "":
	case t == nil:
		why = "the guest is not on this host"
	case o.Target == c.self:
		why = "the guest is on this host already"
	case c.outsiders[o.Target] != "":
		why = c.outsiders[o.Target]
	case c.operatorMoves[o.Guest] != nil:
		why = "the guest is about to be moved already"
	case c.count(SourceSide)+len(c.operatorMoves) >= c.config.MovesOut:
		why = fmt.Sprintf("as many guests are on their way out as may be at one time: %d", c.config.MovesOut)
	default:
		why = c.whyStays(t, o.Force)
	}
	if why == "" && o.Target != "" {
		why = c.forbiddenAt(o.Guest, o.Target)
	}
	if why != "" {
		c.emit(OrderDone{ID: id, Err: why})
		return
	}
	c.begin(&operatorMove{guest: o.Guest, target: o.Target, force: o.Force, orders: []uint64{id}})
}

// begin proposes a guest to its target, or asks some hosts for room.
func (c *Core) begin(e *operatorMove) {
	e.id = DealID(c.random(16))
	if e.target != "" {
		c.propose(e)
		return
	}
	c.operatorMoves[e.guest] = e
	e.until = c.after(c.config.RetryEvery)
	t := c.guests[e.guest]
	if t == nil {
		c.failOperatorMove(e, "the guest is not here any more")
		return
	}
	if e.asked = c.someHosts(t); len(e.asked) == 0 {
		c.failOperatorMove(e, c.whyNobody(t))
		return
	}
	for _, host := range e.asked {
		c.send(host, c.description(kindQuote, e.id, t))
	}
}

// someHosts draws hosts that can be reached and that the roster lets a guest go to.
func (c *Core) someHosts(t *tracked) []HostID {
	var list []HostID
	rules := c.rules(t)
	for host := range c.reach {
		if c.outsiders[host] == "" && c.whyAvoidedHost(host, true) == "" && c.roster.lacks(rules, host) == "" {
			list = append(list, host)
		}
	}
	slices.Sort(list)
	for i := range min(askedMax, len(list)) {
		j := i + int(c.chance.Uint64()%uint64(len(list)-i))
		list[i], list[j] = list[j], list[i]
	}
	return list[:min(askedMax, len(list))]
}

// whyNobody says why there is no host to ask.
func (c *Core) whyNobody(t *tracked) string {
	var list []string
	rules := c.rules(t)
	for _, host := range slices.Sorted(maps.Keys(c.reach)) {
		why := c.roster.lacks(rules, host)
		if why == "" {
			why = c.whyAvoidedHost(host, true)
		}
		if why != "" && c.outsiders[host] == "" {
			list = append(list, why)
		}
	}
	if len(list) == 0 {
		return "no other host can be reached"
	}
	return "no host is asked: " + strings.Join(slices.Compact(list), "; ")
}

// quoted answers whether there would be room for a guest. Nothing is held.
func (c *Core) quoted(from HostID, p payload) {
	d := &deal{guest: p.Guest, source: from, operator: true}
	need := Resources{p.CPU, p.Memory}
	why := c.whyNoOffer(p.Guest, from, need, true, true)
	if why == "" {
		why = c.forbids(d, p)
	}
	if why != "" {
		busy := c.busy(from, p.Guest)
		if lasts := c.whyLasting(d, p); busy && lasts != "" {
			why, busy = lasts, false
		}
		c.send(from, payload{Kind: kindRefuse, Deal: p.Deal, Reason: why, Busy: busy})
		return
	}
	free := c.free()
	c.send(from, payload{
		Kind: kindRoom, Deal: p.Deal, Load: c.load(c.loadedWith(need)), Beside: len(p.Rules.Near) > 0 && c.nearby(d, p.Rules),
		CPU: free.CPU, Memory: free.MemoryBytes,
	})
}

// whyLasting says what keeps a guest away from here also when the deals that are in
// its way have ended; "" for nothing.
func (c *Core) whyLasting(d *deal, p payload) string {
	if with := plus(c.used(), Resources{p.CPU, p.Memory}); !c.holds(with) {
		return noRoomText
	}
	return c.forbids(d, p)
}

// hasRoom takes the answer to a question for room.
func (c *Core) hasRoom(from HostID, p payload) {
	if c.surveyHears(from, p) {
		return
	}
	e := c.operatorMoveAsking(from, p.Deal)
	if e == nil {
		return
	}
	t := c.guests[e.guest]
	e.hears(from, p, t != nil && len(c.rules(t).Near) > 0)
	if len(e.asked) == 0 {
		c.choose(e)
	}
}

// operatorMoveAsking is the move of which a host has not answered the question.
func (c *Core) operatorMoveAsking(host HostID, id DealID) *operatorMove {
	for _, e := range c.operatorMoves {
		if e.id == id && slices.Contains(e.asked, host) {
			return e
		}
	}
	return nil
}

// hears takes the answer of a host that was asked.
func (e *operatorMove) hears(from HostID, p payload, near bool) {
	e.asked = slices.DeleteFunc(e.asked, func(host HostID) bool { return host == from })
	if p.Kind == kindRoom {
		e.rooms = append(e.rooms, room{from, p.Load, p.Beside && near})
		return
	}
	e.refusals = append(e.refusals, p.Reason)
	e.busy = e.busy || p.Busy
}

// choose takes the best of the hosts that have answered.
func (c *Core) choose(e *operatorMove) {
	if e.again {
		e.again = false
		c.begin(e)
		return
	}
	target, noes := c.best(e.guest, e.rooms)
	e.refusals = append(e.refusals, noes...)
	switch {
	case target != "":
		e.target = target
		c.propose(e)
	case e.busy && e.tries < triesMax && len(e.orders) > 0 && c.guests[e.guest] != nil:
		// Not at once: what is in the way takes a moment.
		e.tries++
		e.busy, e.refusals, e.asked, e.again = false, nil, nil, true
		e.until = c.after(c.config.RetryEvery)
	case len(e.refusals) > 0:
		c.failOperatorMove(e, noHostText(e.refusals))
	default:
		c.failOperatorMove(e, "no host answers")
	}
}

// propose begins the deal of an operator's move.
func (c *Core) propose(e *operatorMove) {
	delete(c.operatorMoves, e.guest)
	t := c.guests[e.guest]
	if t == nil {
		c.failOperatorMove(e, "the guest is not here any more")
		return
	}
	if why := c.forbiddenAt(e.guest, e.target); why != "" {
		c.failOperatorMove(e, why)
		return
	}
	d := &deal{
		id: e.id, side: SourceSide, state: Asking, guest: e.guest, name: t.guest.Name, source: c.self, target: e.target,
		need: c.need(t), processors: t.guest.Declared.CPU, began: c.now, expires: c.after(c.config.CommitWait),
		operator: true, force: e.force, orders: e.orders,
	}
	if p, known := c.price(t); known {
		d.price = &p
	}
	c.deals[d.id] = d
	c.sayPropose(d)
	c.emit(Changed{Names: loadNames()})
}

func (c *Core) sayPropose(d *deal) {
	t := c.guests[d.guest]
	if t == nil {
		c.end(d, Aborted, "the guest is not here any more")
		return
	}
	c.later(d, c.config.RetryEvery)
	c.send(d.target, c.description(kindPropose, d.id, t))
}

// proposed holds room for a guest that its host's operator wants to move here.
// Said twice, it is answered twice.
func (c *Core) proposed(from HostID, p payload) {
	if d := c.deals[p.Deal]; d != nil {
		if d.side == TargetSide && d.source == from && d.state == Offered && d.durable {
			c.sayOffer(d)
		}
		return
	}
	need := Resources{p.CPU, p.Memory}
	d := &deal{
		id: p.Deal, token: c.random(16), side: TargetSide, guest: p.Guest, name: p.Name, source: from, target: c.self,
		need: need, processors: p.Processors, rules: p.Rules, apart: p.Draining, price: p.Price, began: c.now, operator: true,
	}
	why := c.whyNoOffer(p.Guest, from, need, true, true)
	if c.endedDeal(p.Deal) != nil {
		why = "the deal was used already"
	}
	if why == "" {
		why = c.forbids(d, p)
	}
	if why != "" {
		c.send(from, payload{Kind: kindRefuse, Deal: p.Deal, Reason: why, Busy: c.busy(from, p.Guest)})
		return
	}
	c.giveWay(d)
	d.state, d.expires = Offered, c.after(c.config.OfferTTL)
	d.next = d.expires
	c.deals[d.id] = d
	c.write(d, func() { c.offer(d) }, func(why string) { c.endAndRefuse(d, why) })
	c.emit(Changed{Names: loadNames()})
}

// busy says whether deals that will have ended in a moment are in the way of an
// operator's move.
func (c *Core) busy(from HostID, guest GuestID) bool {
	return c.coming(true) >= c.config.MovesIn || c.dealOf(guest) != nil || c.unusedOf(from, true) >= c.eachMost()
}

// giveWay takes back what this host has offered to models and nobody has
// committed to, where it would stand in the way of an operator's move.
func (c *Core) giveWay(to *deal) {
	for _, d := range c.sortedDeals() {
		if d.givesWay() && (d.guest == to.guest || c.count(TargetSide) >= c.config.MovesIn || !c.fits(to.need)) {
			to.displaces = true
			c.end(d, Refused, "an operator's move goes first")
		}
	}
}

// givesWay says whether a deal may be taken back: nothing hangs on it but a
// model's hope.
func (d *deal) givesWay() bool {
	return d.side == TargetSide && !d.operator && (d.state == Offered || d.state == Asking)
}

// offered takes a target's offer: for a deal that an operator began it is what
// was waited for. A model's offer comes to the model as well, which decides.
func (c *Core) offered(from HostID, p payload) {
	d := c.deals[p.Deal]
	if d == nil || d.side != SourceSide || d.state != Asking || d.target != from || !isName(p.Token) {
		return
	}
	t := c.guests[d.guest]
	if t == nil || t.guest.State != Running {
		c.abandon(d, "the guest does not run here any more")
		return
	}
	if why := c.forbiddenAt(d.guest, d.target); why != "" {
		c.abandon(d, why)
		return
	}
	d.token = p.Token
	c.intend(d)
}

// failOperatorMove ends an operator's move that came to no deal.
func (c *Core) failOperatorMove(e *operatorMove, why string) {
	delete(c.operatorMoves, e.guest)
	c.orderEnded(e.guest, e.orders, why, e.busy)
}

// orderEnded answers who ordered a move; "" means that it is done. A drain
// tries again later, and soon where what was in the way passes in a moment.
func (c *Core) orderEnded(guest GuestID, orders []uint64, why string, busy bool) {
	for _, id := range orders {
		c.emit(OrderDone{ID: id, Err: why})
	}
	if len(orders) == 0 && why != "" {
		times := 0
		if busy {
			times = c.emptying.blocked[guest].busy + 1
		}
		c.emptying.blocked[guest] = blocked{why, c.blockedUntil(guest, times), times}
	}
	if len(orders) == 0 && why == "" {
		delete(c.emptying.blocked, guest)
	}
}
