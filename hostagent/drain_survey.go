package hostagent

import (
	"slices"
	"strings"

	"parley/lcc"
)

// This file surveys other hosts before a drain (survey.go).

// emptying is the state of this host's drain.
type emptying struct {
	blocked  map[GuestID]blocked // guests that the drain could not move
	failures int                 // migrations that failed since the last one that did not
	survey   survey
}

func newEmptying() emptying { return emptying{blocked: map[GuestID]blocked{}} }

// askFirst asks about all guests before the first one leaves, and says whether the
// moves wait for the answers. They wait for a bounded time, and not while no host is
// reachable.
func (op *operator) askFirst() (wait bool) {
	s := &op.emptying.survey
	if !s.begun {
		if len(op.reach) == 0 {
			return false
		}
		var guests []GuestID
		for _, t := range op.drainOrder() {
			guests = append(guests, t.guest.ID)
		}
		s.begin(guests, op.now)
	}
	op.askMore()
	return !s.over && op.now < s.since+surveyPauses*lcc.Instant(op.config.RetryEvery)
}

// askMore asks about further guests, and ends the survey when none are left.
func (op *operator) askMore() {
	s := &op.emptying.survey
	for !s.over {
		guest, ok := s.pop()
		if !ok {
			break
		}
		t := op.load.guests[guest]
		if t == nil || op.book.dealOf(guest) != nil || op.operatorMoves[guest] != nil {
			continue
		}
		if why := op.eligible.whyStays(t, op.permits.settings.Force); why.Is() {
			op.emptying.blocked[guest] = blocked{why: why}
			continue
		}
		op.askRoomFor(t)
	}
	if !s.over && len(s.open) == 0 && len(s.left) == 0 {
		op.surveyed()
	}
}

// askRoomFor asks some hosts whether they have room for a guest.
func (op *operator) askRoomFor(t *tracked) {
	s := &op.emptying.survey
	some := op.someHosts(t)
	if len(some) == 0 {
		op.findsNone(t, op.whyNobody(t))
		return
	}
	asked := slices.DeleteFunc(some, func(host HostID) bool { return s.silent[host] })
	if len(asked) == 0 {
		return // no host answers now: the guest's move will ask again
	}
	q := &operatorMove{id: DealID(op.random()), guest: t.guest.ID, asked: asked, until: op.after(op.config.RetryEvery)}
	s.open = append(s.open, q)
	for _, host := range asked {
		op.wire.send(host, op.sources.description(kindQuote, q.id, t))
	}
}

// surveyHears handles an answer to a question of the survey, and says whether it was
// one.
func (op *operator) surveyHears(from HostID, p payload) bool {
	s := &op.emptying.survey
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
	op.conclude(q)
	op.askMore()
	if s.over {
		op.drain()
	}
	return true
}

// surveyLate continues without the answers that are overdue.
func (op *operator) surveyLate() {
	late := op.emptying.survey.late(op.now)
	for _, q := range late {
		op.conclude(q)
	}
	if len(late) > 0 {
		op.drain()
	}
}

// conclude evaluates the answers about one guest. If a host may answer differently
// soon, or none has answered, the guest's move will ask again.
func (op *operator) conclude(q *operatorMove) {
	t := op.load.guests[q.guest]
	if t == nil {
		return
	}
	target, noes := op.past.best(q.guest, q.rooms)
	noes = append(noes, q.refusals...)
	switch {
	case target != "":
		one := taker{guest: q.guest}
		for _, r := range q.rooms {
			if !op.past.whyNotThere(q.guest, r.host, true).Is() {
				one.hosts = append(one.hosts, r.host)
			}
		}
		op.emptying.survey.takes = append(op.emptying.survey.takes, one)
	case len(noes) > 0 && !q.busy:
		op.findsNone(t, noHost(noes))
	}
}

func noHost(noes []string) Refusal {
	slices.Sort(noes)
	return Refusal{CodeNoHost, "no host takes it: " + strings.Join(slices.Compact(noes), "; ")}
}

// findsNone records that no host takes a guest now; the drain retries it after a pause.
func (op *operator) findsNone(t *tracked, why Refusal) {
	op.emptying.blocked[t.guest.ID] = blocked{why: why, until: op.blockedUntil(t.guest.ID, 0)}
	op.announceStays(t, why)
}

// announceStays reports that a guest has to stay, before any guest has left.
func (op *operator) announceStays(t *tracked, why Refusal) {
	op.emit(DealChanged{
		Guest: t.guest.ID, Name: t.guest.Name, Source: op.self, Side: SourceSide, State: Refused, Reason: why.Detail, Code: why.Code,
		Operator: true, Drain: true, Need: op.load.need(t), Load: op.load.loadNow(),
	})
}

// surveyed ends the survey when all guests were asked about.
func (op *operator) surveyed() {
	s := &op.emptying.survey
	s.over = true
	order := map[GuestID]int{}
	for i, t := range op.drainOrder() {
		order[t.guest.ID] = i
	}
	slices.SortFunc(s.takes, func(a, b taker) int { return order[a.guest] - order[b.guest] })
	stay := s.foresee(func(guest GuestID) (Resources, bool) {
		t := op.load.guests[guest]
		if t == nil {
			return Resources{}, false
		}
		return op.load.need(t), true
	})
	for _, guest := range stay {
		op.announceStays(op.load.guests[guest], s.foreseen[guest])
	}
}

// whyForeseen says why a guest that was not tried yet is expected to stay.
func (op *operator) whyForeseen(t *tracked) Refusal {
	if op.whyBlocked(t).Is() || !op.drainWaits(t.guest.ID) {
		return Refusal{}
	}
	return op.emptying.survey.foreseen[t.guest.ID]
}

// free returns the room that an operator's move finds here.
func (rm *room) free() Resources {
	free := minus(rm.load.platform.Capacity, rm.taken(true))
	return Resources{CPU: min(free.CPU, coresMax), MemoryBytes: min(free.MemoryBytes, memoryMax), DiskBytes: min(free.DiskBytes, memoryMax)}
}
