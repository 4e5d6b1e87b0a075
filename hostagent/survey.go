package hostagent

import (
	"slices"

	"parley/lcc"
)

// survey asks, before a drain moves the first guest, which hosts have room for each
// guest. It finds the guests that have to stay, so that a person learns of them at once
// and not when their turn comes. Answers reserve nothing.
type survey struct {
	begun, over bool
	since       lcc.Instant
	left        []GuestID       // not asked about yet, in the order of leaving
	open        []*operatorMove // questions that are not answered yet
	silent      map[HostID]bool
	takes       []taker              // guests that some host has room for
	free        map[HostID]Resources // what each host had left by its last answer
	foreseen    map[GuestID]Refusal  // guests expected to find no room in their turn, and why
}

// taker is a guest with the hosts that would have room for it alone.
type taker struct {
	guest GuestID
	hosts []HostID
}

const (
	// surveyAtOnce is how many guests are asked about concurrently: a target checks the
	// files of this many.
	surveyAtOnce = asideOfOne
	// surveyPauses times Config.RetryEvery is how long the first move waits for the
	// answers about all guests.
	surveyPauses = 5
)

// begin starts a survey about the guests.
func (s *survey) begin(guests []GuestID, now lcc.Instant) {
	*s = survey{
		begun: true, since: now, left: guests, silent: map[HostID]bool{}, free: map[HostID]Resources{}, foreseen: map[GuestID]Refusal{},
	}
}

// pop returns the next guest to ask about, unless too many questions are open.
func (s *survey) pop() (guest GuestID, ok bool) {
	if len(s.open) >= surveyAtOnce || len(s.left) == 0 {
		return "", false
	}
	guest, s.left = s.left[0], s.left[1:]
	return guest, true
}

// find returns the open question that a host has not answered.
func (s *survey) find(deal DealID, from HostID) *operatorMove {
	for _, q := range s.open {
		if q.id == deal && slices.Contains(q.asked, from) {
			return q
		}
	}
	return nil
}

// close removes a question.
func (s *survey) close(q *operatorMove) {
	s.open = slices.DeleteFunc(s.open, func(o *operatorMove) bool { return o == q })
}

// late removes and returns the questions whose time is over. Hosts that have not
// answered are not asked about further guests.
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

// next returns when the next question's time is over; 0 for none.
func (s *survey) next() (at lcc.Instant) {
	for _, q := range s.open {
		if at == 0 || q.until < at {
			at = q.until
		}
	}
	return at
}

// noteFree records how much room a host says that it has left. Hosts of an earlier
// version do not say so.
func (s *survey) noteFree(from HostID, p payload) {
	if p.Kind == kindRoom && (p.CPU > 0 || p.Memory > 0) {
		s.free[from] = p.need()
	}
}

var noRoomForeseen = Refusal{CodeNoRoom, "no room is expected for it: the hosts that could take it will have been filled by the guests " +
	"that leave before it"}

// in says whether this much goes into what a host has left.
func (r Resources) in(free Resources) bool {
	return r.CPU <= free.CPU+0.0005 && r.MemoryBytes <= free.MemoryBytes && (r.DiskBytes == 0 || r.DiskBytes <= free.DiskBytes)
}

// foresee simulates the guests leaving one after the other, each to the host with the
// most memory left, and returns those that find no room. A host with unknown room is
// never full. Only room is considered; each guest is asked about again in its turn.
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
			if r.in(free) && (!found || free.MemoryBytes > s.free[best].MemoryBytes) {
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
