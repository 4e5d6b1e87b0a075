package spare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Plan says who would take the guests of hosts that fail.
type Plan struct {
	Failed  []string // hosts
	Takes   []Take   // by guest
	Missing []Missing
	Lacks   Room // what the missing guests need
}

// Take is a guest that has a place on another host.
type Take struct{ Guest, From, To string }

// Missing is a guest that has no place, with the number of hosts that do not take it for
// each reason.
type Missing struct {
	Guest, Name, From string
	Why               map[Why]int
}

// Why is the reason why a host does not take a guest.
type Why string

// The reasons, in the order in which they are looked for.
const (
	WhyDrained Why = "drained" // the host takes no guests, by its operator's order
	WhyClosed  Why = "closed"  // the host takes no guests
	WhyKind    Why = "kind"    // the host takes no guests of this kind
	WhyNeeds   Why = "needs"   // the host does not offer what the guest needs
	WhyNetwork Why = "network" // the host lacks a network of the guest
	WhyLabel   Why = "label"   // the host lacks a label that the guest requires
	WhyAvoided Why = "avoided" // the host has a label that the guest avoids
	WhyApart   Why = "apart"   // another guest on the host and this one must be apart
	WhyCrowded Why = "crowded" // as many of a group as may be are on the host
	WhyRoom    Why = "room"    // the host has too little room left
)

// Fits says whether each guest has a place.
func (p Plan) Fits() bool { return len(p.Missing) == 0 }

// Make returns who would take the guests if hosts fail. A guest need not be near those that
// it is to be near: hosts that fail cannot keep guests together, as in a drain.
func Make(hosts []Host, failed ...string) (Plan, error) {
	if err := Validate(hosts); err != nil {
		return Plan{}, err
	}
	for _, id := range failed {
		if !slices.ContainsFunc(hosts, func(h Host) bool { return h.ID == id }) {
			return Plan{}, fmt.Errorf("the host %s is not among the %d hosts that are known", id, len(hosts))
		}
	}
	failed = slices.Compact(slices.Sorted(slices.Values(failed)))
	return pack(byID(hosts), failed), nil
}

// Worst returns the plan for the failure of m hosts at once that leaves most room missing,
// the first of equal ones; without any missing, one for the hosts whose guests need most. All
// sets of m hosts are tried while there are few; otherwise each host with the others whose
// guests need most. A drained host is one of the m: the room that is kept is kept for its
// guests, too.
func Worst(hosts []Host, m int) (Plan, error) {
	if err := Validate(hosts); err != nil {
		return Plan{}, err
	}
	if m < 0 {
		return Plan{}, fmt.Errorf("%d hosts cannot fail: give a number from 0", m)
	}
	return worst(byID(hosts), m), nil
}

func worst(hosts []Host, m int) Plan {
	if m == 0 || len(hosts) == 0 {
		return Plan{}
	}
	weigh := scaleOf(hosts)
	var most Plan
	for i, failed := range failures(hosts, m, weigh) {
		p := pack(hosts, failed)
		if i == 0 || weigh.of(p.Lacks) > weigh.of(most.Lacks) {
			most = p
		}
	}
	return most
}

// With returns the plan for the failure of a host at one time with others that make up m: the
// drained ones, and those whose guests need most. It is empty where the drained ones alone make up
// m, and the host is none of them.
func With(hosts []Host, m int, id string) (Plan, error) {
	if err := Validate(hosts); err != nil {
		return Plan{}, err
	}
	var failed []string
	var others []Host
	for _, h := range hosts {
		switch {
		case h.Drained:
			failed = append(failed, h.ID)
		case h.ID != id:
			others = append(others, h)
		}
	}
	if !slices.Contains(failed, id) {
		if len(failed) >= m {
			return Plan{}, nil
		}
		failed = append(failed, id)
	}
	weigh := scaleOf(hosts)
	slices.SortFunc(others, func(a, b Host) int {
		return cmp.Or(compare(weigh.of(needOf(b)), weigh.of(needOf(a))), strings.Compare(a.ID, b.ID))
	})
	for _, h := range others[:min(len(others), max(0, m-len(failed)))] {
		failed = append(failed, h.ID)
	}
	return Make(hosts, failed...)
}

// Forbids says whether a move would leave more room missing than there is now, after the
// failure of the worst m hosts, however the moves end that are in flight. Where room is missing
// already, a move that does not add to it is allowed. The plan is that for the worst failure
// after the move. From is "" for a guest that no host has now, and to for one that none has
// then. What is reserved for the guest is what the move takes.
func Forbids(hosts []Host, m int, guest Guest, from, to string) (Plan, bool, error) {
	moved, err := Move(without(hosts, guest.ID), guest, from, to)
	if err != nil {
		return Plan{}, false, err
	}
	after, err := Worst(arrived(moved), m)
	if err != nil || after.Fits() {
		return after, false, err
	}
	before, err := Worst(without(hosts, ""), m)
	return after, err == nil && after.Lacks.exceeds(before.Lacks), err
}

// setsMost bounds how many sets of hosts are tried: each costs a plan.
const setsMost = 500

// failures returns the sets of hosts whose failure is tried, that of the hosts whose guests
// need most first: the drained ones, with as many others as make up m.
func failures(hosts []Host, m int, weigh scale) [][]string {
	var drained []string
	var order []Host
	for _, h := range hosts {
		if h.Drained {
			drained = append(drained, h.ID)
		} else {
			order = append(order, h)
		}
	}
	if m = min(max(0, m-len(drained)), len(order)); m == 0 {
		return [][]string{drained}
	}
	slices.SortStableFunc(order, func(a, b Host) int { return compare(weigh.of(needOf(b)), weigh.of(needOf(a))) })
	var sets [][]string
	if few(len(order), m) {
		choose(order, m, drained, &sets)
		return sets
	}
	for i, h := range order {
		set := append(slices.Clip(drained), h.ID)
		for j := 0; len(set) < len(drained)+m; j++ {
			if j != i {
				set = append(set, order[j].ID)
			}
		}
		slices.Sort(set)
		sets = append(sets, set)
	}
	return sets
}

// few says whether there are at most setsMost sets of m of n, or of one.
func few(n, m int) bool {
	sets := 1
	for i := range m {
		if sets = sets * (n - i) / (i + 1); sets > setsMost {
			return m == 1
		}
	}
	return true
}

func choose(hosts []Host, m int, chosen []string, sets *[][]string) {
	if m == 0 {
		*sets = append(*sets, slices.Sorted(slices.Values(chosen)))
		return
	}
	for i := range len(hosts) - m + 1 {
		choose(hosts[i+1:], m-1, append(slices.Clip(chosen), hosts[i].ID), sets)
	}
}

func needOf(h Host) (sum Room) {
	for _, g := range h.Guests {
		sum = sum.Plus(g.Need)
	}
	return sum
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// sorted puts a plan in an order that does not depend on how it was found.
func (p *Plan) sorted() {
	slices.SortFunc(p.Takes, func(a, b Take) int {
		return strings.Compare(a.From+"\x00"+a.Guest, b.From+"\x00"+b.Guest)
	})
	slices.SortFunc(p.Missing, func(a, b Missing) int {
		return strings.Compare(a.From+"\x00"+a.Guest, b.From+"\x00"+b.Guest)
	})
}
