package hostagent

import (
	"maps"
	"time"

	"parley/lcc"
)

// This file keeps a guest from going back to a host that a model moved it away from. What
// the model could not know then, or could not do, makes a move needless later; to undo it
// costs a second move, and two models that undo each other's moves never rest. So for
// Config.ReturnAfter it stays where it is, and its host does not offer it meanwhile: a model
// would ask for the same move again and again. A full host gives it away all the same: its
// guests want more than it has. Models fill hosts to less than that, so it is full because
// loads have changed.

// returning are the guests here that a model wanted back where they had been, until when
// they stay.
type returning map[GuestID]lcc.Instant

// why says why a guest stays; the zero Refusal if it need not.
func (r returning) why(guest GuestID, now lcc.Instant) Refusal {
	until, wanted := r[guest]
	if !wanted || now >= until {
		return Refusal{}
	}
	return refusal(CodeReturn, "a policy wanted it back at a host that it had left: it stays for %v, unless this host becomes full",
		time.Duration(until-now).Round(time.Second))
}

// fullFrom is what the CPU load of a host shows whose guests want all of it, or more.
const fullFrom = 0.98

// full says whether the guests here want all of the CPU, or more.
func (l *loads) full() bool { return share(l.used().CPU, l.platform.Capacity.CPU) > fullFrom }

// pass forgets the guests that may go, and those that are gone.
func (r returning) pass(now lcc.Instant, here func(GuestID) bool) {
	maps.DeleteFunc(r, func(guest GuestID, until lcc.Instant) bool { return now >= until || !here(guest) })
}

// awayFor returns for how long a guest that was moved away from here may not come back.
func (p *past) awayFor(guest GuestID) time.Duration {
	left := p.movedAway[guest]
	if !p.within(left, p.config.ReturnAfter) {
		return 0
	}
	return min(p.config.ReturnAfter, p.config.ReturnAfter-p.wall.Sub(left))
}

// whyNotBack says why a guest does not go back to a host that lets it return only after so
// many seconds; the zero Refusal if it may go. It is then not offered for that time.
func (s *sources) whyNotBack(guest GuestID, wait int64) Refusal {
	if wait == 0 || s.load.full() {
		return Refusal{}
	}
	stays := min(time.Duration(wait)*time.Second, s.config.ReturnAfter)
	s.past.returning[guest] = s.after(stays)
	s.emit(Changed{Names: loadNames()})
	return refusal(CodeReturn, "the guest was moved away from there: it goes back after %v, or when its host is full",
		time.Duration(wait)*time.Second)
}

// whyNoReturn says why a guest does not come back from a host with this load; the zero
// Refusal if it may.
func (tg *targets) whyNoReturn(guest GuestID, load float64) Refusal {
	if load > fullFrom || tg.past.awayFor(guest) == 0 {
		return Refusal{}
	}
	return refusal(CodeReturn, "the guest was moved away from here less than %v ago, and its host is not full", tg.config.ReturnAfter)
}
