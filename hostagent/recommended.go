package hostagent

import (
	"maps"
	"slices"
	"time"

	"parley/lcc"
)

// This file lets a host that only recommends show what its policies would do next, one
// move after the other. A recommended move is not made, so the load that is measured does
// not change, and a policy would recommend the next guest as if nothing had moved. So a
// host that only recommends answers its models as if the moves that it has recommended were
// made: the guests that would have left count no longer, and those that would have come do.
// Models see only that; the ledger, an operator's moves and the status go by what is there.
//
// The moves of a round hold together: once the first has held for a cool-down, all end, and
// the policies begin again from the load that is measured.

// recommended are the moves that were recommended, at both of their ends.
type recommended struct {
	*turn
	load   *loads
	book   *book
	room   *room
	wire   *wire
	away   map[GuestID]recommendation // guests of this host
	coming map[GuestID]recommendation // guests of other hosts
	// levels is that of the load with these moves; nil: there are none.
	levels *levels
}

// recommendation is a move that was recommended.
type recommendation struct {
	at    lcc.Instant
	deal  DealID
	other HostID // where the guest would go, or is
	name  string
	need  Resources
	rules Rules // at the target, as the source has described them
}

const (
	// recommendedFor is how long a recommendation holds at least, if there is no cool-down.
	recommendedFor = lcc.Instant(time.Minute)
	recommendedMax = 4096 // moves to this host
)

func newRecommended(t *turn, load *loads, book *book, room *room, wire *wire) *recommended {
	return &recommended{
		turn: t, load: load, book: book, room: room, wire: wire,
		away: map[GuestID]recommendation{}, coming: map[GuestID]recommendation{},
	}
}

// leaves stores that a guest's move to another host was recommended.
func (re *recommended) leaves(d *deal) {
	re.begin()
	re.away[d.guest] = recommendation{at: re.now, deal: d.id, other: d.target, name: d.name, need: d.need}
	re.changed()
}

// comes stores that a guest's move to this host was recommended. A host that makes moves
// counts only those that are made.
func (re *recommended) comes(d *deal) {
	if !re.config.Recommend || len(re.coming) >= recommendedMax {
		return
	}
	re.begin()
	re.coming[d.guest] = recommendation{at: re.now, deal: d.id, other: d.source, name: d.name, need: d.need, rules: d.rules}
	re.changed()
}

// begin has the levels of the load with the moves start as those of the measured load.
func (re *recommended) begin() {
	if re.levels == nil && re.config.Recommend {
		re.levels = re.load.levels.clone()
	}
}

// changed lets models look again.
func (re *recommended) changed() {
	if re.levels != nil && re.load.known() {
		re.levels.add(re.load.shareOf(re.used()), false)
	}
	re.emit(Changed{Names: loadNames()})
}

// pass ends what holds no longer: a round that is over, and a guest that has left, has
// come, or is no longer to come.
func (re *recommended) pass() {
	if len(re.away) == 0 && len(re.coming) == 0 {
		re.rest()
		return
	}
	over := func(r recommendation) bool { return re.now-r.at > re.holds() }
	ends := func(guest GuestID, r recommendation) bool { return over(r) || re.load.guests[guest] == nil }
	if re.config.Recommend && slices.ContainsFunc(slices.Collect(maps.Values(re.away)), over) {
		ends = func(GuestID, recommendation) bool { return true }
	}
	for _, guest := range slices.Sorted(maps.Keys(re.away)) {
		if r := re.away[guest]; ends(guest, r) {
			delete(re.away, guest)
			re.takeBack(r)
		}
	}
	maps.DeleteFunc(re.coming, func(guest GuestID, r recommendation) bool { return over(r) || re.load.isHere(guest) })
	re.rest()
}

// holds is how long a recommendation holds.
func (re *recommended) holds() lcc.Instant {
	return max(lcc.Instant(re.config.Cooldown), recommendedFor)
}

// end forgets all moves, because moves are made from now on.
func (re *recommended) end() {
	for _, guest := range slices.Sorted(maps.Keys(re.away)) {
		re.takeBack(re.away[guest])
	}
	clear(re.away)
	clear(re.coming)
	re.rest()
}

// takeBack tells a target that a guest no longer counts there.
func (re *recommended) takeBack(r recommendation) {
	if r.deal != "" {
		re.wire.send(r.other, cancelOf(r.deal, Refusal{CodeRecommend, "the source recommends it no longer"}))
	}
}

// takenBack forgets a guest that its source no longer recommends for this host.
func (re *recommended) takenBack(from HostID, deal DealID) {
	was := len(re.coming)
	maps.DeleteFunc(re.coming, func(_ GuestID, r recommendation) bool { return r.deal == deal && r.other == from })
	if len(re.coming) < was {
		re.rest()
		re.changed()
	}
}

// rest drops the levels of the load with the moves when there are none.
func (re *recommended) rest() {
	if len(re.away)+len(re.coming) == 0 {
		re.levels = nil
	}
}

// counts says whether a recommended move counts as made.
func (re *recommended) counts() bool {
	return re.config.Recommend && len(re.away)+len(re.coming) > 0
}

// shift returns what the moves would take away and bring. Of a guest in a deal of its own
// here the ledger counts what it needs, so beside deals it is left out.
func (re *recommended) shift(besideDeals bool) (gone, come Resources) {
	if !re.counts() {
		return gone, come
	}
	for _, guest := range slices.Sorted(maps.Keys(re.away)) {
		if t := re.load.guests[guest]; t != nil && t.guest.State != Incoming && !(besideDeals && re.book.dealOf(guest) != nil) {
			gone = plus(gone, re.load.need(t))
		}
	}
	for _, guest := range slices.Sorted(maps.Keys(re.coming)) {
		if !re.load.isHere(guest) && !(besideDeals && re.book.dealOf(guest) != nil) {
			come = plus(come, re.coming[guest].need)
		}
	}
	return gone, come
}

// used returns what models see used.
func (re *recommended) used() Resources {
	gone, come := re.shift(false)
	return minus(plus(re.load.used(), come), gone)
}

// loadedWith returns what models see used and reserved, plus more.
func (re *recommended) loadedWith(more Resources) Resources {
	gone, come := re.shift(true)
	return minus(plus(re.room.loadedWith(more), come), gone)
}

// stays returns what models see used without what is leaving.
func (re *recommended) stays() Resources {
	gone, come := re.shift(true)
	return minus(minus(plus(re.load.used(), come), gone), re.room.leaving())
}

// loadedWithout returns what models see used once the guest and all departing guests are
// gone.
func (re *recommended) loadedWithout(t *tracked) Resources {
	gone, come := re.shift(true)
	if _, left := re.away[t.guest.ID]; left && re.counts() && re.book.dealOf(t.guest.ID) == nil {
		gone = minus(gone, re.load.need(t)) // it is left out already
	}
	return minus(plus(re.room.loadedWithout(t), come), gone)
}

// fits says whether models see room for this much more: beside what is there, and with the
// recommended moves.
func (re *recommended) fits(more Resources) bool {
	return re.room.fits(more) && re.load.holds(re.loadedWith(more))
}

// guests returns how many guests models see here.
func (re *recommended) guests() int {
	n := re.load.countRunning()
	if !re.counts() {
		return n
	}
	for guest := range re.away {
		if re.load.isHere(guest) {
			n--
		}
	}
	for guest := range re.coming {
		if !re.load.isHere(guest) {
			n++
		}
	}
	return n
}

// mips returns how many millions of instructions per second the guests that models see
// here execute, and whether each is counted. One that would come was not counted here.
func (re *recommended) mips() (sum float64, counted bool) {
	counts := re.counts()
	if counts && slices.ContainsFunc(slices.Collect(maps.Keys(re.coming)), func(g GuestID) bool { return !re.load.isHere(g) }) {
		return 0, false
	}
	for t := range re.load.running() {
		if _, away := re.away[t.guest.ID]; away && counts {
			continue
		}
		if !t.isCounted() {
			return 0, false
		}
		sum += t.shownMIPS()
	}
	return sum, true
}

// level returns the levels that models see.
func (re *recommended) level() *levels {
	if re.levels != nil && re.counts() {
		return re.levels
	}
	return &re.load.levels
}

// forecast returns the forecast that models see.
func (re *recommended) forecast() float64 {
	return max(0, re.load.horizon.forecast()+re.load.shareOf(re.used())-re.load.shareOf(re.load.used()))
}

// whyNotBeside says why a guest may not come beside those whose moves to this host were
// recommended.
func (re *recommended) whyNotBeside(guest GuestID, r Rules) Refusal {
	if !re.counts() {
		return Refusal{}
	}
	var others []neighbour
	for _, id := range slices.Sorted(maps.Keys(re.coming)) {
		other := re.coming[id]
		if id != guest {
			others = append(others, neighbour{other.name, other.rules})
		}
		if id != guest && (overlap(r.Apart, other.rules.Labels) || overlap(other.rules.Apart, r.Labels)) {
			return Refusal{CodeApart, "the guest must be apart from " + other.name + ", whose move here is recommended"}
		}
	}
	return crowded(r, append(others, re.room.neighbours(&deal{guest: guest})...))
}
