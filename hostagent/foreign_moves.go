package hostagent

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"parley/lcc"
)

// foreignMoves records the moves that Parley did not make: manual ones, or those of
// another balancer. A guest that arrives so has a cool-down like one that arrived by a
// deal. A guest that returns again and again after policies of this host moved it away
// is in a duel: this host ends the duel by leaving the guest alone, longer each time.
type foreignMoves struct {
	shown   map[GuestID]GuestState  // at the last look; nil: there was none
	spare   map[GuestID]GuestState  // room for the next look
	came    map[GuestID]lcc.Instant // arrived without a deal
	sent    map[GuestID]lcc.Instant // moved away by a policy of this host
	duels   map[GuestID]*duel
	changes uint64 // number of changes; they must survive a restart
}

// duel counts how often a guest was moved back.
type duel struct {
	times int
	by    HostID // whose deal moved it back the last time; "": none did
	last  lcc.Instant
	until lcc.Instant // until when the guest is left alone
}

const (
	duelTimes       = 2 // from this many returns on it is a duel
	duelDoublings   = 5
	foreignMovesMax = 4096 // most guests remembered
)

func newForeignMoves() foreignMoves {
	return foreignMoves{came: map[GuestID]lcc.Instant{}, sent: map[GuestID]lcc.Instant{}, duels: map[GuestID]*duel{}}
}

// arrived records a guest that arrived without a deal.
func (s *foreignMoves) arrived(guest GuestID, now lcc.Instant, config Config) {
	s.changes++
	if len(s.came) < foreignMovesMax {
		s.came[guest] = now
	}
	s.returned(guest, "", now, config)
}

// sentAway records that a policy of this host moved a guest away.
func (s *foreignMoves) sentAway(guest GuestID, now lcc.Instant) {
	s.changes++
	if len(s.sent) < foreignMovesMax {
		s.sent[guest] = now
	}
}

// returned counts the return of a guest that this host sent away; by is the host whose
// deal brought it, "" if none did.
func (s *foreignMoves) returned(guest GuestID, by HostID, now lcc.Instant, config Config) {
	if _, ours := s.sent[guest]; !ours {
		return
	}
	s.changes++
	delete(s.sent, guest)
	d := s.duels[guest]
	if d == nil {
		d = &duel{}
		s.duels[guest] = d
	}
	d.times++
	d.last, d.by = now, by
	d.rest(config)
}

// rest sets the time for which a guest that returned often enough is left alone.
func (d *duel) rest(config Config) {
	if d.times >= duelTimes {
		pause := max(config.ReturnAfter, 4*config.Cooldown)
		d.until = d.last + doubled(pause, d.times-duelTimes, duelDoublings)
	}
}

// duelWindow is how long a move and its reversal are related, and how long a duel is
// remembered after the last return.
func duelWindow(config Config) lcc.Instant {
	return lcc.Instant(max(4*config.ReturnAfter, 12*config.Cooldown))
}

// pass forgets old entries.
func (s *foreignMoves) pass(now lcc.Instant, config Config) {
	for guest, at := range s.came {
		if now-at >= lcc.Instant(config.Cooldown) {
			delete(s.came, guest)
		}
	}
	for guest, at := range s.sent {
		if now-at >= duelWindow(config) {
			delete(s.sent, guest)
		}
	}
	for guest, d := range s.duels {
		if now >= max(d.last, d.until)+duelWindow(config) {
			delete(s.duels, guest)
		}
	}
}

// why says why a policy leaves a guest alone; the zero Refusal if it need not.
func (s *foreignMoves) why(guest GuestID, now lcc.Instant, config Config) Refusal {
	if d := s.duels[guest]; d != nil && now < d.until {
		return refusal(CodeDuel, "it was moved back here %d times, the last time %s: it is left alone for %v after the last",
			d.times, Mover(d.by), time.Duration(d.until-d.last))
	}
	if at, came := s.came[guest]; came && now-at < lcc.Instant(config.Cooldown) {
		return Refusal{CodeCooling, "it came here without a deal less than " + config.Cooldown.String() + " ago"}
	}
	return Refusal{}
}

// Duel is a guest that policies of this host leave alone, because a person or another
// policy moved it back here again and again.
type Duel struct {
	Guest GuestID
	Times int    // how often it was moved back
	By    HostID // whose deal moved it back the last time; "": none did
	Last  time.Time
	Until time.Time // when policies may move it again
}

// Mover says who moved a guest back: a policy of the host with this name, or, if it has
// none, somebody whom Parley does not know.
func Mover[S ~string](by S) string {
	if by == "" {
		return "without a deal, by hand or by another balancer"
	}
	return "by a policy of " + string(by)
}

// fought lists the current duels, by guest.
func (s *foreignMoves) fought(now lcc.Instant, wall time.Time) (list []Duel) {
	for guest, d := range s.duels {
		if now >= d.until {
			continue
		}
		list = append(list, Duel{
			Guest: guest, Times: d.times, By: d.by,
			Last:  wall.Add(-time.Duration(now - d.last)).Truncate(time.Second),
			Until: wall.Add(time.Duration(d.until - now)).Truncate(time.Second),
		})
	}
	slices.SortFunc(list, func(a, b Duel) int { return cmp.Compare(a.Guest, b.Guest) })
	return list
}

// watchForeignMoves compares the last two looks. The first look after a start shows no
// arrivals. A guest that leaves a draining host outside a deal was moved by the
// operator and may return.
func (p *past) watchForeignMoves() {
	was := p.foreignMoves.shown
	p.foreignMoves.shown, p.foreignMoves.spare = p.foreignMoves.spare, was
	if p.foreignMoves.shown == nil {
		p.foreignMoves.shown = make(map[GuestID]GuestState, len(p.load.byID))
	}
	clear(p.foreignMoves.shown)
	for _, t := range p.load.byID {
		p.foreignMoves.shown[t.guest.ID] = t.guest.State
	}
	if was == nil {
		return
	}
	for _, t := range p.load.byID {
		id := t.guest.ID
		before, known := was[id]
		switch {
		case t.guest.State == Incoming || known && before != Incoming || p.book.dealOf(id) != nil:
		case known || p.wasElsewhere(t):
			p.foreignMoves.arrived(id, p.now, p.config)
		}
	}
	for id, state := range was {
		if state == Incoming || p.load.isHere(id) || p.book.dealOf(id) != nil {
			continue
		}
		if p.permits.settings.Drained {
			p.mayReturn(id)
			p.emptied()
			continue
		}
		p.movedAway[id] = p.wall
		p.recollection.changes++
	}
}

// emptied forgets who left when the last guest leaves a drained host: the load that made
// policies move guests away is gone. The drain of an empty host forgets nobody.
func (p *past) emptied() {
	if p.permits.settings.Drained && p.load.countRunning() == 0 && len(p.movedAway) > 0 {
		clear(p.movedAway)
		p.recollection.changes++
	}
}

// left records when a guest has left by a deal. A guest that an operator moved away may
// return at once, by a drain as soon as the drain ends, whatever moved it away before.
func (p *past) left(d *deal, at time.Time) {
	if d.operator {
		p.mayReturn(d.guest)
		return
	}
	p.movedAway[d.guest] = at
}

// mayReturn forgets that a guest was moved away from here.
func (p *past) mayReturn(guest GuestID) {
	if _, known := p.movedAway[guest]; known {
		delete(p.movedAway, guest)
		p.recollection.changes++
	}
}

// wasElsewhere says whether a guest that was not here before came from another host;
// otherwise its owner has started it.
func (p *past) wasElsewhere(t *tracked) bool {
	_, letIn := p.room.undealt[t.guest.ID]
	_, left := p.movedAway[t.guest.ID]
	_, sent := p.foreignMoves.sent[t.guest.ID]
	return letIn || left || sent || !t.guest.MovedAt.IsZero()
}

// forgetMoves drops departures older than Config.ReturnAfter, and other moves older
// than a cool-down.
func (p *past) forgetMoves() {
	maps.DeleteFunc(p.movedAway, func(_ GuestID, at time.Time) bool { return !p.within(at, p.config.ReturnAfter) })
	cooldown := lcc.Instant(p.config.Cooldown)
	maps.DeleteFunc(p.movedIn, func(_ GuestID, at lcc.Instant) bool { return p.now-at > cooldown })
}
