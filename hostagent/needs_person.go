package hostagent

import (
	"maps"
	"slices"

	"parley/lcc"
)

// This file keeps the deals that need a person, across restarts of the agent, until the
// person has acted or both platforms show where the guest is.

// needsPerson holds the deals that need a person. Their guests are in no other deal.
type needsPerson struct {
	deals map[DealID]*deal
}

func (p *needsPerson) add(d *deal) {
	if p.deals == nil {
		p.deals = map[DealID]*deal{}
	}
	p.deals[d.id] = d
}

// wait says whether a deal about a guest needs a person.
func (p *needsPerson) wait(guest GuestID) bool { return len(p.about(guest)) > 0 }

// about returns the deals about a guest.
func (p *needsPerson) about(guest GuestID) (list []*deal) {
	for _, d := range p.sorted() {
		if d.guest == guest {
			list = append(list, d)
		}
	}
	return list
}

func (p *needsPerson) sorted() (list []*deal) {
	if len(p.deals) == 0 {
		return nil // each guest is asked about at each look
	}
	for _, id := range slices.Sorted(maps.Keys(p.deals)) {
		list = append(list, p.deals[id])
	}
	return list
}

// next returns when the next one must be asked about; 0 for none.
func (p *needsPerson) next() (at lcc.Instant) {
	for _, d := range p.deals {
		if at == 0 || d.next < at {
			at = d.next
		}
	}
	return at
}

// personNeeded says why no deal about a guest begins.
var personNeeded = Refusal{CodeNeedsPerson,
	"an earlier deal about it needs a person: look at it here and at the other host (`parley explain`), then " +
		"`parley forget`"}

// needPerson keeps a deal that no look has settled. Its other end is still asked, at
// long intervals: a later answer may settle it.
func (l *ledger) needPerson(d *deal) {
	d.word.forget(l.now)
	d.lookFrom, d.next = l.load.looks, l.after(l.config.SettleMax)
	l.needsPerson.add(d)
}

// tendPersons asks the other ends of these deals where the guests are now.
func (l *ledger) tendPersons(due func(*deal) bool) {
	for _, d := range l.needsPerson.sorted() {
		if due(d) {
			d.next = l.after(l.config.SettleMax)
			l.askWhere(d)
		}
	}
}

// heardLate records the answer of the other end of a deal that needs a person, and
// requests a look here before anything is concluded.
func (l *ledger) heardLate(from HostID, p payload) {
	d := l.needsPerson.deals[p.Deal]
	if d == nil || from != d.partner() {
		return
	}
	d.word.hear(p)
	d.lookFrom = l.load.looks
	l.emit(Observe{})
}

// settleLate settles a deal that needs a person if both platforms now show, in looks
// that began after the other end's answer, that the guest is at one end only. A guest
// that is at neither end still needs a person.
func (l *ledger) settleLate() {
	for _, d := range l.needsPerson.sorted() {
		here, there := l.load.place(d), l.there(d)
		atSource, atTarget := here, there
		if d.side == TargetSide {
			atSource, atTarget = there, here
		}
		switch {
		case !l.load.looksSince(d.lookFrom) || l.load.leaves(d.guest):
		case atSource == placeAbsent && atTarget == placeRunning:
			l.settled(d, Done, Refusal{CodeElsewhere, "both hosts have shown since that the guest runs at the target alone"})
		case atSource == placeAbsent && atTarget == placeAbsent && d.word.came:
			l.settled(d, Done, movedOn)
		case atSource == placeRunning && atTarget == placeAbsent:
			l.settled(d, Aborted, Refusal{CodeElsewhere, "both hosts have shown since that the guest runs at the source alone"})
		}
	}
}

// settled ends such a deal by what was seen.
func (l *ledger) settled(d *deal, state DealState, reason Refusal) {
	delete(l.needsPerson.deals, d.id)
	d.next = 0
	l.announce(d, state, reason)
	l.keep(d)
	l.wire.receipt(d)
	switch {
	case state == Done && d.side == SourceSide:
		l.past.left(d, l.wall)
	case state == Done:
		l.past.movedIn[d.guest] = l.now
		l.past.came(d, l.wall)
	}
	l.emit(Changed{Names: append(loadNames(), "settled")})
}

// forget records that a person has taken care of a guest. It takes effect once it is
// durable: a restart must not ask the person again.
func (l *ledger) forget(id uint64, guest GuestID) {
	deals := l.needsPerson.about(guest)
	if len(deals) == 0 {
		l.emit(OrderDone{ID: id, Why: Refusal{CodeNoOrder, "no deal about the guest needs a person"}})
		return
	}
	for i, d := range deals {
		last := i == len(deals)-1
		l.writeRecord(l.encodeForgotten(d), func(err Refusal) {
			if !err.Is() {
				delete(l.needsPerson.deals, d.id)
			}
			if last {
				l.emit(OrderDone{ID: id, Why: err})
				l.emit(Changed{Names: loadNames()})
			}
		})
	}
}

// encodeForgotten encodes the last record of a deal that a person has taken care of.
func (l *ledger) encodeForgotten(d *deal) []byte {
	r := l.recordOf(d)
	r.Forgotten = true
	return encode(r)
}

// needing returns the deals of a journal that need a person, by guest, from the last
// record of each deal and the order in which the deals began. A later deal about a
// guest shows that the need was over, because none begins before.
func needing(order []DealID, last map[DealID]record) map[GuestID]DealID {
	list := map[GuestID]DealID{}
	for _, id := range order {
		r := last[id]
		delete(list, r.Guest)
		if r.State == Stuck && !r.Forgotten {
			list[r.Guest] = id
		}
	}
	return list
}
