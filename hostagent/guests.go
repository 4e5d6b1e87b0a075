package hostagent

import (
	"iter"
	"math"
	"sort"
	"time"

	"parley/lcc"
)

// eligible decides which guests may leave this host, and for which hosts.
type eligible struct {
	*turn
	load    *loads
	book    *book
	permits *permits
	past    *past
	conduct *conduct
	ledger  *ledger
	orders  orders

	recommended *recommended
}

// running yields the guests that take room here, paused ones included, by id.
func (l *loads) running() iter.Seq[*tracked] {
	return func(yield func(*tracked) bool) {
		for _, t := range l.byID {
			if t.guest.State != Incoming && !yield(t) {
				return
			}
		}
	}
}

// countRunning returns how many guests running yields.
func (l *loads) countRunning() (n int) {
	for range l.running() {
		n++
	}
	return n
}

func (l *loads) runsHere(id GuestID) bool {
	t := l.guests[id]
	return t != nil && t.guest.State == Running && !t.unseen
}

func (l *loads) isHere(id GuestID) bool {
	t := l.guests[id]
	return t != nil && t.guest.State != Incoming
}

// leaves says whether the platform is migrating a guest away from here.
func (l *loads) leaves(id GuestID) bool {
	t := l.guests[id]
	return t != nil && t.guest.Leaving
}

// need is what a guest needs elsewhere: its forecast CPU use, rounded as models see it,
// and all the memory that it may take, now or by hot-plug.
func (l *loads) need(t *tracked) Resources {
	return Resources{
		CPU:         round(l.crowding.demand(t) + l.config.Deviations*math.Sqrt(t.use.variance)),
		MemoryBytes: max(t.guest.Declared.MemoryBytes, t.guest.MemoryMaxBytes), DiskBytes: t.guest.Declared.DiskBytes,
	}
}

// movable returns the guests that may be offered now: the lowest priority first, then
// the greatest CPU use.
func (el *eligible) movable() (list []*tracked) {
	if !el.load.known() || !el.permits.begins() || el.book.count(SourceSide) >= el.config.MovesOut {
		return nil
	}
	for _, t := range el.load.byID {
		if !el.whyNotMove(t).Is() {
			list = append(list, t)
		}
	}
	sort.SliceStable(list, func(i, j int) bool {
		a, b := el.load.rules(list[i]).Priority, el.load.rules(list[j]).Priority
		return a < b || a == b && el.load.need(list[i]).CPU > el.load.need(list[j]).CPU
	})
	return list
}

// whyNotMove says why no model may move a guest; the zero Refusal if one may.
func (el *eligible) whyNotMove(t *tracked) Refusal {
	came, byDeal := el.past.movedIn[t.guest.ID]
	advised, shown := el.recommended.away[t.guest.ID]
	switch why := el.whyStays(t, false); {
	case why.Is():
		return why
	case el.orders.moving(t.guest.ID):
		return Refusal{CodeLeaving, "its operator moves it"}
	case el.cooling(t.guest.MovedAt) || byDeal && el.now-came < lcc.Instant(el.config.Cooldown):
		return Refusal{CodeCooling, "it was moved less than " + el.config.Cooldown.String() + " ago"}
	case el.past.whyRestless(t.guest.ID).Is() && !el.load.full():
		return el.past.whyRestless(t.guest.ID)
	case el.past.foreignMoves.why(t.guest.ID, el.now, el.config).Is():
		return el.past.foreignMoves.why(t.guest.ID, el.now, el.config)
	case el.past.whyRests(t.guest.ID).Is():
		return el.past.whyRests(t.guest.ID)
	case el.past.returning.why(t.guest.ID, el.now).Is() && !el.load.full(): // the load is summed up for few guests
		return el.past.returning.why(t.guest.ID, el.now)
	case shown && (el.config.Recommend || el.now-advised.at < lcc.Instant(el.config.Cooldown)):
		return Refusal{CodeCooling, "a move of it was recommended less than " + time.Duration(el.recommended.holds()).String() + " ago"}
	}
	return Refusal{}
}

// whyStays says why a guest cannot be moved even by its operator; the zero Refusal if
// it can. With force, a guest is moved although it is pinned, or another guest is to be
// near it.
func (el *eligible) whyStays(t *tracked, force bool) Refusal {
	why := el.whyNeverLeaves(t, force)
	if !why.Is() && !force && !el.permits.settings.Drained {
		if other := el.load.leftBehind(t); other != "" {
			why = Refusal{CodeNear, "the guest " + other + " must be near it"}
		}
	}
	return why
}

// whyNeverLeaves says why a guest stays even when all others leave.
func (el *eligible) whyNeverLeaves(t *tracked, force bool) Refusal {
	rules := el.load.rules(t)
	switch {
	case t.unseen:
		return el.load.blind(t.guest.Kind)
	case t.guest.State != Running:
		return Refusal{CodeNotRunning, "it is " + string(t.guest.State)}
	case t.guest.Ineligible != "":
		return Refusal{CodeIneligible, t.guest.Ineligible}
	case el.ledger.needsPerson.wait(t.guest.ID):
		return personNeeded
	case el.book.dealOf(t.guest.ID) != nil:
		return Refusal{CodeInDeal, "it is in a deal"}
	case t.guest.Leaving:
		return Refusal{CodeLeaving, "it is being migrated away from here without Parley"}
	case rules.Ignored && !t.guest.Rules.Ignored:
		return Refusal{CodeIgnoredHere, "a rule of this host's configuration has Parley ignore it"}
	case rules.Ignored:
		return Refusal{CodeIgnored, "its operator has Parley ignore it"}
	case rules.Pinned && !t.guest.Rules.Pinned && !force:
		return Refusal{CodePinnedHere, "a rule of this host's configuration pins it"}
	case rules.Pinned && !force:
		return Refusal{CodePinned, "it is pinned"}
	}
	if why := el.whyNotDescribed(t); why.Is() {
		return why
	}
	if p, known := el.load.price(t); known && !p.Converges && !force {
		return refusal(CodeNotConverges,
			"it writes %d MiB to its memory each second, faster than a migration copies it (`--force` slows it down)", t.guest.DirtyRate>>20)
	}
	return Refusal{}
}
