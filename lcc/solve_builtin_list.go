package lcc

import (
	"slices"
	"sort"

	"parley/lcc/vocabulary"
)

func init() {
	define("member", "?Item +List", "Enumerates the items of List that match Item.", solveMember)
	define("append", "?Left ?Right ?Both", "Both is Left followed by Right. Left, or Both, is a proper list.", solveAppend)
	define("length", "+List -Count", "Count is the number of items of List.", func(s *solver, args []Term) bool {
		return s.m.unify(&s.tr, args[1], Int(len(s.list("length", args[0]))))
	})
	define("nth", "+Index +List ?Item", "Item is at place Index of List, counted from 1.", solveNth)
	define("reverse", "+List -Reversed", "The items in the opposite order.", func(s *solver, args []Term) bool {
		items := s.list("reverse", args[0])
		turned := make([]Term, len(items))
		for i, item := range items {
			turned[len(items)-1-i] = item
		}
		return s.m.unify(&s.tr, args[1], s.newList(turned, Nil))
	})
	define("sort", "+List -Sorted",
		"The items in the standard order: numbers, the empty list, constants and strings by their bytes, compound terms by arity, functor "+
			"and arguments; equal ones stay.",
		solveSort)
	define("sum_list", "+List -Sum", "The sum of a list of numbers; 0 of the empty one.", func(s *solver, args []Term) bool {
		var sum Term = Int(0)
		for _, item := range s.list("sum_list", args[0]) {
			sum = s.evaluate("sum_list", &Compound{Functor: "+", Args: []Term{sum, item}})
		}
		return s.m.unify(&s.tr, args[1], sum)
	})
	define("last", "+List ?Item", "Item is the last of List; does not hold of the empty one.", func(s *solver, args []Term) bool {
		items := s.list("last", args[0])
		return len(items) > 0 && s.m.unify(&s.tr, args[1], items[len(items)-1])
	})
	define("delete", "+List +Item -Rest", "Rest is List without the items that are the same as Item, as == has it.",
		func(s *solver, args []Term) bool {
			return s.m.unify(&s.tr, args[2], s.without(s.list("delete", args[0]), args[1]))
		})
	define("between", "+Low +High ?Number", "Enumerates the integers from Low to High.", solveBetween)
	define("min_list", "+List -Least", "The least number of a list; does not hold of the empty one.", extreme("min"))
	define("max_list", "+List -Greatest", "The greatest number of a list; does not hold of the empty one.", extreme("max"))
}

// solveSort sorts a list stably and keeps duplicates.
func solveSort(s *solver, args []Term) bool {
	items := s.list("sort", args[0])
	s.m.alloc(len(items))
	sorted := make([]Term, len(items))
	for i, item := range items {
		sorted[i] = s.m.resolve(item)
	}
	slices.SortStableFunc(sorted, func(a, b Term) int {
		s.m.step()
		return Compare(a, b)
	})
	return s.m.unify(&s.tr, args[1], s.newList(sorted, Nil))
}

// without returns the items that are not equal to one.
func (s *solver) without(items []Term, one Term) Term {
	var kept []Term
	for _, item := range items {
		if !s.same(item, one) {
			kept = append(kept, item)
		}
	}
	return s.newList(kept, Nil)
}

// solveBetween tests a number, or enumerates all of them, at most as many as a list may
// have items.
func solveBetween(s *solver, args []Term) bool {
	low, okLow := s.evaluate("between", args[0]).(Int)
	high, okHigh := s.evaluate("between", args[1]).(Int)
	if !okLow || !okHigh {
		throw(ReasonType, "between(%s, %s, ...): the bounds are integers", s.m.resolve(args[0]), s.m.resolve(args[1]))
	}
	if _, open := deref(args[2]).(*Var); !open {
		n, ok := s.evaluate("between", args[2]).(Int)
		return ok && low <= n && n <= high
	}
	if high < low {
		return false
	}
	if most := s.m.limits.ListItems; uint64(high-low) >= uint64(most) {
		throw(ReasonLimit, "between(%s, %s, ...): more than %d numbers", low, high, most)
	}
	s.m.alloc(2 * int(high-low+1))
	tuples := make([][]Term, 0, high-low+1)
	for n := low; ; n++ {
		tuples = append(tuples, []Term{n})
		if n == high {
			return s.tuples(args[2:], tuples)
		}
	}
}

// list returns the items of a proper list, or ends the agent with ReasonType.
func (s *solver) list(what string, t Term) []Term {
	items, tail := s.items(t)
	if tail != Nil {
		throw(ReasonType, "%s: %s is not a proper list", what, s.m.resolve(t))
	}
	return items
}

// items walks a list as far as it is bound and returns the items, which hold until the
// next call, and the rest.
func (s *solver) items(t Term) (items []Term, tail Term) {
	items = s.m.items[:0]
	for t = deref(t); ; {
		cell, ok := t.(*Compound)
		if !ok || cell.Functor != Cons || len(cell.Args) != 2 {
			s.m.items = items
			return items, t
		}
		s.m.step()
		if len(items) >= s.m.limits.ListItems {
			throw(ReasonLimit, "a list of more than %d items", s.m.limits.ListItems)
		}
		items = append(items, cell.Args[0])
		t = deref(cell.Args[1])
	}
}

func (s *solver) newList(items []Term, tail Term) Term {
	s.m.alloc(3 * len(items))
	return listOf(items, tail)
}

func (s *solver) evaluate(what string, t Term) Term {
	value, why := s.m.arithmetic(t)
	if why != nil {
		throw(ReasonType, "%s: %s", what, why)
	}
	return value.term()
}

func solveMember(s *solver, args []Term) bool {
	items := s.list("member", args[1])
	tuples := make([][]Term, len(items))
	s.m.alloc(len(items))
	for i, item := range items {
		tuples[i] = []Term{item}
	}
	return s.tuples(args[:1], tuples)
}

func solveNth(s *solver, args []Term) bool {
	index, ok := s.evaluate("nth", args[0]).(Int)
	items := s.list("nth", args[1])
	return ok && index >= 1 && int(index) <= len(items) && s.m.unify(&s.tr, args[2], items[index-1])
}

func solveAppend(s *solver, args []Term) bool {
	if items, tail := s.items(args[0]); tail == Nil {
		return s.m.unify(&s.tr, args[2], s.newList(items, args[1]))
	}
	whole := s.list("append", args[2])
	tuples := make([][]Term, 0, len(whole)+1)
	for cut := 0; cut <= len(whole); cut++ {
		tuples = append(tuples, []Term{s.newList(whole[:cut], Nil), s.newList(whole[cut:], Nil)})
	}
	return s.tuples(args[:2], tuples)
}

// extreme returns min_list or max_list; of equal numbers it takes the first.
func extreme(function string) builtin {
	sign := 1
	if function == "max" {
		sign = -1
	}
	return func(s *solver, args []Term) bool {
		items := s.list(function+"_list", args[0])
		if len(items) == 0 {
			return false
		}
		var best num
		for i, item := range items {
			value, why := s.m.arithmetic(item)
			if why != nil {
				throw(ReasonType, "%s_list: %s", function, why)
			}
			if i == 0 || sign*compareNumbers(value, best) < 0 {
				best = value
			}
		}
		return s.m.unify(&s.tr, args[1], best.term())
	}
}

func sortSignatures(list []vocabulary.Signature) {
	sort.Slice(list, func(i, j int) bool {
		if list[i].Name != list[j].Name {
			return list[i].Name < list[j].Name
		}
		return len(list[i].Params) < len(list[j].Params)
	})
}
