package prove

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"parley/sim"
)

// Property is what a run must show.
type Property string

// The properties, in the order in which they are judged.
const (
	Safe     Property = "safe"
	Idle     Property = "idle"
	NoReturn Property = "no_return"
	Bounded  Property = "bounded"
	Relieved Property = "relieved"
)

// Properties lists all.
func Properties() []Property { return []Property{Safe, Idle, NoReturn, Bounded, Relieved} }

// Words describes a property for people.
func (p Property) Words() string {
	return map[Property]string{
		Safe:     "no invariant of the simulator breaks, and no agent of the policy ends",
		Idle:     "after some time no deal begins any more",
		NoReturn: "no guest returns to a host that it left, and no policy undoes its moves",
		Bounded:  "the number of messages is bounded",
		Relieved: "no host stays overloaded while a move that fits exists",
	}[p]
}

// fault is a property that does not hold in a run.
type fault struct {
	Property Property
	Why      string
	expects  []sim.Expectation // what a replay reports
	// unguarded says that it shows where hosts let guests return at once.
	unguarded bool
}

// Messages a run may have: a few for each host, and so many for each host and minute.
const (
	messagesBegin  = 60
	messagesMinute = 12
)

// judge holds a finished run against the properties. The second result is false where all
// hold.
func judge(l layout, a aim, r sim.SiteResult, err error) (fault, bool) {
	return judgeAs(l, a, r, err, judgeReturn)
}

// judgeAs judges the moves of the run as it is told.
func judgeAs(l layout, a aim, r sim.SiteResult, err error, moves func(sim.SiteResult) (fault, bool)) (fault, bool) {
	most := math.Floor(float64(len(l)) * (messagesBegin + messagesMinute*r.Ran.Minutes()))
	if errors.Is(err, errStorm) {
		return tooMany(r, most, "and do not stop"), true
	}
	if err != nil {
		return fault{Property: Safe, Why: err.Error()}, true
	}
	if f, bad := moves(r); bad {
		return f, bad
	}
	if float64(r.Messages) > most {
		return tooMany(r, most, fmt.Sprintf("more than %.0f", most)), true
	}
	if !r.Steady {
		return idleFault(r), true
	}
	return judgeLoad(l, a, r)
}

func tooMany(r sim.SiteResult, most float64, how string) fault {
	return fault{Property: Bounded, Why: fmt.Sprintf("the hosts sent %d messages in %v, %s", r.Messages, r.Ran.Round(time.Second), how),
		expects: []sim.Expectation{{Number: "messages", Most: &most}}}
}

// idleFault says what still happens at the end of a run.
func idleFault(r sim.SiteResult) fault {
	none := 0.0
	f := fault{Property: Idle, Why: fmt.Sprintf("after %v deals still begin", limit)}
	for _, number := range []string{"moves", "refused", "failed"} {
		f.expects = append(f.expects, sim.Expectation{Number: number, Most: &none, From: r.Ran - quiet})
	}
	return f
}

// judgeReturn finds a guest that returns to a host that it left.
func judgeReturn(r sim.SiteResult) (fault, bool) {
	for i, back := range r.Moves {
		if away := leaves(r.Moves[:i], back); away >= 0 {
			return returned(r.Moves[away], back), true
		}
	}
	return fault{}, false
}

// judgeUndone finds a move that is undone where the hosts do not prevent it: a guest returns to
// a host although no other guest moved to or from one of the two meanwhile, or for the second
// time. A move that others have made needless is no fault of a policy: its hosts let the guest
// stay.
func judgeUndone(r sim.SiteResult) (fault, bool) {
	for i, back := range r.Moves {
		away := leaves(r.Moves[:i], back)
		if away < 0 || !untouched(r.Moves[away+1:i], back) && leaves(r.Moves[:away], back) < 0 {
			continue
		}
		return returned(r.Moves[away], back), true
	}
	return fault{}, false
}

func returned(away, back sim.Move) fault {
	none := 0.0
	return fault{Property: NoReturn, Why: fmt.Sprintf("%s left %s at %v, and is back at %v", back.Guest, back.To,
		away.At.Round(time.Millisecond), back.At.Round(time.Millisecond)),
		expects: []sim.Expectation{{Number: "ping_pongs", Most: &none}}}
}

// leaves is the last of some moves with which a guest left the host that it returns to; -1:
// there is none.
func leaves(moves []sim.Move, back sim.Move) int {
	for i, m := range slices.Backward(moves) {
		if m.Guest == back.Guest && m.From == back.To {
			return i
		}
	}
	return -1
}

// untouched says whether no other guest moved to or from the hosts of a return.
func untouched(moves []sim.Move, back sim.Move) bool {
	return !slices.ContainsFunc(moves, func(m sim.Move) bool {
		return m.Guest != back.Guest && (m.From == back.From || m.From == back.To || m.To == back.From || m.To == back.To)
	})
}

// judgeLoad looks at the loads at the end.
func judgeLoad(l layout, a aim, r sim.SiteResult) (fault, bool) {
	at, sizes := l.ends(r.Moves)
	loads, guests := make([]int, len(l)), make([]int, len(l))
	for g, host := range at {
		loads[host] += sizes[g]
		guests[host]++
	}
	for host := range l {
		if !a.isOver(host, loads, guests[host]) {
			continue
		}
		for g, where := range at {
			for to := range l {
				if where == host && a.isFit(sizes[g], host, to, loads) {
					return relievedFault(host, to, g, a, loads), true
				}
			}
		}
	}
	return fault{}, false
}

func relievedFault(host, to, guest int, a aim, loads []int) fault {
	name := hostName(host)
	f := fault{Property: Relieved, Why: fmt.Sprintf("%s has a load of %.1f at the end, and guest%d fits on %s, which has %.1f", name,
		float64(loads[host])/tenths, guest+1, hostName(to), float64(loads[to])/tenths)}
	if a.leaves != "" {
		f.expects = []sim.Expectation{{Host: name, Empty: true}}
		return f
	}
	most := float64(loads[host]-1) / tenths
	f.expects = []sim.Expectation{{Number: "load", Host: name, Most: &most}}
	return f
}

// ends returns the host of each guest after some moves, and the loads of all guests.
func (l layout) ends(moves []sim.Move) (at, sizes []int) {
	hosts := map[string]int{}
	for i, guests := range l {
		hosts[hostName(i)] = i
		for _, size := range guests {
			at, sizes = append(at, i), append(sizes, size)
		}
	}
	for _, m := range moves {
		var number int
		if _, err := fmt.Sscanf(m.Guest, "guest%d", &number); err == nil {
			at[number-1] = hosts[m.To]
		}
	}
	return at, sizes
}
