package hostagent

import (
	"slices"

	"parley/lcc"
)

// survey is what a drain asks before the first guest leaves: which hosts have room for
// each of them. It finds out which guests have to stay, so that a person hears of it
// at once and not when their turn comes. Nothing is held for an answer.
type survey struct {
	begun, over bool
	since       lcc.Instant
	left        []GuestID       // not asked about yet, in the order in which they leave
	open        []*operatorMove // asked about
	silent      map[HostID]bool
	takes       []taker              // guests that some host has room for
	free        map[HostID]Resources // what each host had left, as it said last
	foreseen    map[GuestID]Refusal  // who is expected to find no room in its turn, and why
}

// taker is a guest with the hosts that have room for it while it is the only one.
type taker struct {
	guest GuestID
	hosts []HostID
}

const (
	// surveyAtOnce is how many guests are asked about at one time: a target looks for
	// the files of so many.
	surveyAtOnce = asideOfOne
	// surveyPauses is for how many pauses between two questions the first move waits
	// for the answers about all guests.
	surveyPauses = 5
)

// begin takes the guests to ask about.
func (s *survey) begin(guests []GuestID, now lcc.Instant) {
	*s = survey{
		begun: true, since: now, left: guests, silent: map[HostID]bool{}, free: map[HostID]Resources{}, foreseen: map[GuestID]Refusal{},
	}
}

// pop returns the next guest to ask about, while not too many are.
func (s *survey) pop() (guest GuestID, ok bool) {
	if len(s.open) >= surveyAtOnce || len(s.left) == 0 {
		return "", false
	}
	guest, s.left = s.left[0], s.left[1:]
	return guest, true
}

// find returns the question that a host was asked and has not answered.
func (s *survey) find(deal DealID, from HostID) *operatorMove {
	for _, q := range s.open {
		if q.id == deal && slices.Contains(q.asked, from) {
			return q
		}
	}
	return nil
}

// close takes out a question.
func (s *survey) close(q *operatorMove) {
	s.open = slices.DeleteFunc(s.open, func(o *operatorMove) bool { return o == q })
}

// late takes out the questions whose time is up. Who has not answered is not asked
// about further guests.
func (s *survey) late(now lcc.Instant) (list []*operatorMove) {
	for _, q := range slices.Clone(s.open) {
		if q.until <= now {
			for _, host := range q.asked {
				s.silent[host] = true
			}
			s.close(q)
			list = append(list, q)
		}
	}
	return list
}

// next is when a question's time is up; 0 for none.
func (s *survey) next() (at lcc.Instant) {
	for _, q := range s.open {
		if at == 0 || q.until < at {
			at = q.until
		}
	}
	return at
}

// noteFree takes what a host says that it has left. One of an earlier version does
// not say so.
func (s *survey) noteFree(from HostID, p payload) {
	if p.Kind == kindRoom && (p.CPU > 0 || p.Memory > 0) {
		s.free[from] = Resources{p.CPU, p.Memory}
	}
}

var noRoomForeseen = Refusal{CodeNoRoom, "no room is expected for it: the hosts that could take it will have been filled by the guests that leave before it"}

// foresee lets the guests leave one after the other, each to the host with the most
// memory left, and returns those that find none. A host of which that is not known is
// never full. It reckons with room alone; each guest is asked about again in its turn.
func (s *survey) foresee(need func(GuestID) (Resources, bool)) (stay []GuestID) {
	for _, t := range s.takes {
		r, here := need(t.guest)
		if !here {
			continue
		}
		best, found := HostID(""), false
		for _, host := range t.hosts {
			free, known := s.free[host]
			if !known {
				best, found = "", true
				break
			}
			if r.CPU <= free.CPU+0.0005 && r.MemoryBytes <= free.MemoryBytes && (!found || free.MemoryBytes > s.free[best].MemoryBytes) {
				best, found = host, true
			}
		}
		if !found {
			stay = append(stay, t.guest)
			s.foreseen[t.guest] = noRoomForeseen
		} else if best != "" {
			s.free[best] = minus(s.free[best], r)
		}
	}
	return stay
}
