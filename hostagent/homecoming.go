package hostagent

import (
	"cmp"
	"maps"
	"slices"

	"parley/lcc"
)

// This file brings the guests home that a drain of this host has moved away, by an
// operator's order. This host asks the hosts that took them, for one guest after the
// other, the largest first; each then begins a move like an operator's. No policy's guest
// takes the room that those still need (whyNoOffer), so that the order always has room.

// drainedGuest is a guest that the drain of this host has moved away.
type drainedGuest struct {
	Host   HostID  `cbor:"1,keyasint"`
	Name   string  `cbor:"2,keyasint,omitempty"`
	CPU    float64 `cbor:"3,keyasint,omitempty"`
	Memory int64   `cbor:"4,keyasint,omitempty"`
	Disk   int64   `cbor:"5,keyasint,omitempty"`
}

func (g drainedGuest) need() Resources {
	return Resources{CPU: g.CPU, MemoryBytes: g.Memory, DiskBytes: g.Disk}
}

// drains records which guests drains have moved. Both ends remember it across restarts:
// the one to ask for its guests, the other to know that they may be asked for.
type drains struct {
	away    map[GuestID]drainedGuest // by a drain of this host
	brought map[GuestID]HostID       // here, by a drain of another host
	changes uint64
}

func newDrains() drains {
	return drains{away: map[GuestID]drainedGuest{}, brought: map[GuestID]HostID{}}
}

// ended records a drain's deal that is done.
func (s *drains) ended(d *deal) {
	switch {
	case d.ofDrain() && len(s.away) < rememberedMost:
		s.away[d.guest] = drainedGuest{d.target, d.name, d.need.CPU, d.need.MemoryBytes, d.need.DiskBytes}
		s.changes++
	case d.side == TargetSide && d.ofAnyDrain() && len(s.brought) < foreignMovesMax:
		s.brought[d.guest] = d.source
		s.changes++
	}
}

// looked forgets guests that are here again, and those that have left since they were
// brought.
func (s *drains) looked(load *loads) {
	for guest := range s.away {
		if load.isHere(guest) {
			delete(s.away, guest)
			s.changes++
		}
	}
	for guest := range s.brought {
		if load.guests[guest] == nil && load.sees("") {
			delete(s.brought, guest)
			s.changes++
		}
	}
}

// stay forgets the guests that are away: they come home as policies want it.
func (s *drains) stay() {
	if len(s.away) > 0 {
		clear(s.away)
		s.changes++
	}
}

// need is the room that the guests away need here, without one of them.
func (s *drains) need(without GuestID) (sum Resources) {
	for _, guest := range slices.Sorted(maps.Keys(s.away)) {
		if guest != without {
			sum = plus(sum, s.away[guest].need())
		}
	}
	return sum
}

// homecoming owns what this host knows of the guests that it wants home.
type homecoming struct {
	op    *operator
	asked map[GuestID]*homeQuestion
}

// homeQuestion is the latest question for one guest.
type homeQuestion struct {
	id    DealID
	until lcc.Instant // when it is asked again
	open  bool        // no answer yet
	tries int
	why   Refusal // why it did not come
}

// homeTries is how often a guest is asked for before it stays where it is.
const homeTries = 6

// restart forgets the questions: guests are asked for again.
func (h *homecoming) restart() { h.asked = map[GuestID]*homeQuestion{} }

// given says whether a guest is asked for no more.
func (h *homecoming) given(guest GuestID) bool {
	q := h.asked[guest]
	return q != nil && q.tries >= homeTries && !q.open
}

// HomeComing returns the settings in which the guests that a drain moved away come home.
func (s Settings) HomeComing() Settings {
	s = s.Undrained()
	s.Home = true
	return s
}

// comeHome asks for the next guest, unless another one is on its way.
func (h *homecoming) comeHome() {
	if !h.op.permits.settings.Home || h.op.permits.closed.Drains || h.op.permits.whyNoDeal().Is() {
		return
	}
	left := 0
	for _, guest := range h.order() {
		q := h.asked[guest]
		if q != nil && q.open && h.op.now >= q.until {
			h.missed(guest, Refusal{CodeSilent, "host " + string(h.op.past.drains.away[guest].Host) + " does not answer, or its version cannot"})
		}
		if h.given(guest) {
			continue
		}
		left++
		switch {
		case h.op.book.dealOf(guest) != nil || q != nil && (q.open || h.op.now < q.until):
		case h.op.book.coming(true)+h.open() >= h.op.config.MovesIn:
		default:
			h.ask(guest)
		}
	}
	if left == 0 && h.op.past.recollection.settling == 0 {
		h.end()
	}
}

// order returns the guests that are away, the largest first.
func (h *homecoming) order() []GuestID {
	away := h.op.past.drains.away
	return slices.SortedFunc(maps.Keys(away), func(a, b GuestID) int {
		return cmp.Or(cmp.Compare(away[b].Memory, away[a].Memory), cmp.Compare(a, b))
	})
}

// open counts the questions without an answer.
func (h *homecoming) open() (n int) {
	for _, q := range h.asked {
		if q.open {
			n++
		}
	}
	return n
}

// awaits says whether a host was asked for a guest and has not answered.
func (h *homecoming) awaits(from HostID, id DealID) bool {
	for guest, q := range h.asked {
		if q.open && q.id == id && h.op.past.drains.away[guest].Host == from {
			return true
		}
	}
	return false
}

func (h *homecoming) ask(guest GuestID) {
	q := h.asked[guest]
	if q == nil {
		q = &homeQuestion{}
		h.asked[guest] = q
	}
	q.id, q.open, q.until = DealID(h.op.random()), true, h.op.after(h.op.config.CommitWait)
	h.op.wire.send(h.op.past.drains.away[guest].Host, payload{Kind: kindHome, Deal: q.id, Guest: guest})
}

// missed records that a guest did not come, and when it is asked for again.
func (h *homecoming) missed(guest GuestID, why Refusal) {
	q := h.asked[guest]
	q.open, q.why = false, why
	q.tries++
	q.until = h.op.now + doubled(h.op.config.RetryEvery, q.tries, operatorDoublings)
}

// hears handles the answer to a question for a guest, and says whether it was one.
func (h *homecoming) hears(from HostID, p payload) bool {
	for guest, q := range h.asked {
		if q.id != p.Deal || !q.open || h.op.past.drains.away[guest].Host != from {
			continue
		}
		why := said(p)
		h.missed(guest, why)
		if why.Code == CodeAbsent || why.Code == CodeNoOrder {
			q.tries = homeTries // it has gone elsewhere since
		}
		h.comeHome()
		return true
	}
	return false
}

// proposed records that the host that has a guest has begun its move.
func (h *homecoming) proposed(d *deal) {
	if q := h.asked[d.guest]; q != nil && q.open {
		q.open, q.until = false, h.op.after(h.op.config.RetryEvery)
		q.tries++
	}
}

// end journals that no guest is on its way home any more.
func (h *homecoming) end() {
	s := h.op.permits.settings
	s.Home = false
	h.op.ledger.writeSettings(s, func(err Refusal) {
		if !err.Is() {
			h.op.permits.settings.Home = false
			h.op.emit(Changed{Names: loadNames()})
		}
	})
}

// askedFor begins to move a guest back to the host whose drain brought it here.
func (h *homecoming) askedFor(from HostID, p payload) {
	why := Refusal{CodeNoOrder, "no drain of that host has brought the guest here, or it has moved since"}
	if h.op.past.drains.brought[p.Guest] == from {
		why = h.op.whyNoMove(MoveGuest{Guest: p.Guest, Target: from})
	}
	if !why.Is() {
		h.op.begin(&operatorMove{guest: p.Guest, target: from, home: true})
		return
	}
	h.op.wire.send(from, refuseOf(p.Deal, why))
}

// Away is a guest that a drain of this host has moved away.
type Away struct {
	Guest GuestID
	Name  string
	Host  HostID  // that took it
	Why   Refusal // why it is not back yet; zero: it was not asked for
	Stays bool    // it is asked for no more
}

// away lists the guests that drains of this host have moved away, in the order of coming
// home.
func (h *homecoming) away() (list []Away) {
	for _, guest := range h.order() {
		g := h.op.past.drains.away[guest]
		one := Away{Guest: guest, Name: g.Name, Host: g.Host, Stays: h.given(guest)}
		if q := h.asked[guest]; q != nil {
			one.Why = q.why
		}
		list = append(list, one)
	}
	return list
}
