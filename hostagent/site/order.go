package site

import (
	"cmp"
	"slices"
	"strings"
)

// Urgency orders hosts by how much a person should look at them: 3 for one that does not
// answer, 2 for one with a problem, 1 for one that is overloaded, paused or drained, and 0
// for one on which all is well.
func (h Host) Urgency() int {
	switch {
	case h.Silent != "":
		return 3
	case len(h.Problems) > 0:
		return 2
	case h.Load.Highest() > 1 || h.Paused || h.Drained:
		return 1
	}
	return 0
}

// orders are how the hosts of a report can be sorted. What is greater comes first, but for
// names.
var orders = map[string]func(a, b Host) int{
	"urgency": func(a, b Host) int {
		return cmp.Or(cmp.Compare(b.Urgency(), a.Urgency()), cmp.Compare(b.Load.Highest(), a.Load.Highest()))
	},
	"name":   func(a, b Host) int { return 0 },
	"load":   func(a, b Host) int { return cmp.Compare(b.Load.Highest(), a.Load.Highest()) },
	"cpu":    func(a, b Host) int { return cmp.Compare(b.Load.CPU, a.Load.CPU) },
	"memory": func(a, b Host) int { return cmp.Compare(b.Load.Memory, a.Load.Memory) },
	"guests": func(a, b Host) int { return cmp.Compare(b.Count(), a.Count()) },
	"deals":  func(a, b Host) int { return cmp.Compare(len(b.Deals), len(a.Deals)) },
}

// Orders lists the names of the orders, the usual one first.
func Orders() []string {
	return []string{"urgency", "name", "load", "cpu", "memory", "guests", "deals"}
}

// Sort sorts hosts by one of the Orders, and those that are equal in it by name.
func Sort(hosts []Host, order string) {
	compare := orders[order]
	slices.SortFunc(hosts, func(a, b Host) int { return cmp.Or(compare(a, b), strings.Compare(a.Host, b.Host)) })
}
