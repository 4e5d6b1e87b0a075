package hostagent

import (
	"slices"
	"strings"

	"parley/lcc"
)

// This file is how a drain asks first (survey.go).

// emptying is what the drain of this host has found out.
type emptying struct {
	blocked map[GuestID]blocked // guests that it could not move
	survey  survey
}

func newEmptying() emptying { return emptying{blocked: map[GuestID]blocked{}} }

// askFirst asks about all guests before the first leaves, and says whether the moves
// wait for the answers: not for long, and not while there is nobody to ask.
func (c *Core) askFirst() (wait bool) {
	s := &c.emptying.survey
	if !s.begun {
		if len(c.reach) == 0 {
			return false
		}
		var guests []GuestID
		for _, t := range c.drainOrder() {
			guests = append(guests, t.guest.ID)
		}
		s.begin(guests, c.now)
	}
	c.askMore()
	return !s.over && c.now < s.since+surveyPauses*lcc.Instant(c.config.RetryEvery)
}

// askMore asks about further guests, and ends the survey when there are none.
func (c *Core) askMore() {
	s := &c.emptying.survey
	for !s.over {
		guest, ok := s.pop()
		if !ok {
			break
		}
		t := c.guests[guest]
		if t == nil || c.dealOf(guest) != nil || c.operatorMoves[guest] != nil {
			continue
		}
		if why := c.whyStays(t, c.settings.Force); why != "" {
			c.emptying.blocked[guest] = blocked{why: why}
			continue
		}
		c.askRoomFor(t)
	}
	if !s.over && len(s.open) == 0 && len(s.left) == 0 {
		c.surveyed()
	}
}

// askRoomFor asks some hosts whether they have room for a guest.
func (c *Core) askRoomFor(t *tracked) {
	s := &c.emptying.survey
	some := c.someHosts(t)
	if len(some) == 0 {
		c.findsNone(t, c.whyNobody(t))
		return
	}
	asked := slices.DeleteFunc(some, func(host HostID) bool { return s.silent[host] })
	if len(asked) == 0 {
		return // nobody answers now: its turn will show
	}
	q := &operatorMove{id: DealID(c.random(16)), guest: t.guest.ID, asked: asked, until: c.after(c.config.RetryEvery)}
	s.open = append(s.open, q)
	for _, host := range asked {
		c.send(host, c.description(kindQuote, q.id, t))
	}
}

// surveyHears takes an answer to a question of the survey, if it is one.
func (c *Core) surveyHears(from HostID, p payload) bool {
	s := &c.emptying.survey
	q := s.find(p.Deal, from)
	if q == nil {
		return false
	}
	q.hears(from, p, false)
	s.noteFree(from, p)
	if len(q.asked) > 0 {
		return true
	}
	s.close(q)
	c.conclude(q)
	c.askMore()
	if s.over {
		c.drain()
	}
	return true
}

// surveyLate goes on without the answers that have not come in time.
func (c *Core) surveyLate() {
	late := c.emptying.survey.late(c.now)
	for _, q := range late {
		c.conclude(q)
	}
	if len(late) > 0 {
		c.drain()
	}
}

// conclude says what the answers about one guest come to. Where a host may answer
// otherwise in a moment, or nobody has answered, the guest's turn will show.
func (c *Core) conclude(q *operatorMove) {
	t := c.guests[q.guest]
	if t == nil {
		return
	}
	target, noes := c.best(q.guest, q.rooms)
	noes = append(noes, q.refusals...)
	switch {
	case target != "":
		one := taker{guest: q.guest}
		for _, r := range q.rooms {
			if c.whyNotThere(q.guest, r.host, true) == "" {
				one.hosts = append(one.hosts, r.host)
			}
		}
		c.emptying.survey.takes = append(c.emptying.survey.takes, one)
	case len(noes) > 0 && !q.busy:
		c.findsNone(t, noHostText(noes))
	}
}

func noHostText(noes []string) string {
	slices.Sort(noes)
	return "no host takes it: " + strings.Join(slices.Compact(noes), "; ")
}

// findsNone notes that no host takes a guest now; it is tried again after a pause.
func (c *Core) findsNone(t *tracked, why string) {
	c.emptying.blocked[t.guest.ID] = blocked{why: why, until: c.blockedUntil(t.guest.ID, 0)}
	c.tellStays(t, why)
}

// tellStays tells a person that a guest has to stay, before any has left.
func (c *Core) tellStays(t *tracked, why string) {
	c.emit(DealChanged{
		Guest: t.guest.ID, Name: t.guest.Name, Source: c.self, Side: SourceSide, State: Refused, Reason: why,
		Operator: true, Need: c.need(t), Load: c.loadNow(),
	})
}

// surveyed ends the survey: all guests were asked about.
func (c *Core) surveyed() {
	s := &c.emptying.survey
	s.over = true
	order := map[GuestID]int{}
	for i, t := range c.drainOrder() {
		order[t.guest.ID] = i
	}
	slices.SortFunc(s.takes, func(a, b taker) int { return order[a.guest] - order[b.guest] })
	stay := s.foresee(func(guest GuestID) (Resources, bool) {
		t := c.guests[guest]
		if t == nil {
			return Resources{}, false
		}
		return c.need(t), true
	})
	for _, guest := range stay {
		c.tellStays(c.guests[guest], s.foreseen[guest])
	}
}

// whyForeseen says why a guest is expected to stay that was not tried yet.
func (c *Core) whyForeseen(t *tracked) string {
	if c.whyBlocked(t) != "" || !c.drainWaits(t.guest.ID) {
		return ""
	}
	return c.emptying.survey.foreseen[t.guest.ID]
}

// free is the room that an operator's move finds here.
func (c *Core) free() Resources {
	free := minus(c.platform.Capacity, c.taken(true))
	return Resources{min(free.CPU, coresMax), min(free.MemoryBytes, memoryMax)}
}
