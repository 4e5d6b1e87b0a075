package lcc

import (
	"cmp"
	"math"
)

// num is a number outside a term: an Int when whole, else a Float.
type num struct {
	i     int64
	f     float64
	whole bool
}

func whole(i int64) num      { return num{i: i, whole: true} }
func fraction(f float64) num { return num{f: f} }

func (n num) float() float64 {
	if n.whole {
		return float64(n.i)
	}
	return n.f
}

func (n num) term() Term {
	if n.whole {
		return Int(n.i)
	}
	return Float(n.f)
}

// misfit is the part of an expression that has no value; nil when there is none. It is
// formatted only when it ends an agent, because a comparison of long strings meets a
// misfit each time.
type misfit struct {
	term Term
	what string // after the term
}

func (w *misfit) String() string {
	if _, open := w.term.(*Var); open {
		return "variable " + brief(w.term) + w.what
	}
	return brief(w.term) + w.what
}

// evaluate evaluates a template without making a term of it. Int stays Int under + - *
// mod, abs, min, max; / gives an Int when there is no remainder. why describes what has
// no finite value: an overflow, a division by zero, an unbound variable, a constant that
// is not a number.
func (m *meter) evaluate(t Term, f *frame) (value num, why *misfit) {
	m.step()
	switch t := t.(type) {
	case Int:
		return whole(int64(t)), nil
	case Float:
		return fraction(float64(t)), nil
	case slot:
		if f.vars[t] != nil {
			return m.arithmetic(f.vars[t])
		}
	case *pattern:
		var args [2]num
		for i, arg := range t.args {
			if value, why = m.evaluate(arg, f); why != nil {
				return num{}, why
			}
			if i < len(args) {
				args[i] = value
			}
		}
		if t.calculate == nil {
			return num{}, &misfit{m.term(t, f), " is not arithmetic"}
		}
		value, finite := t.calculate(args[0], args[1])
		if !finite {
			return num{}, &misfit{m.term(t, f), " has no finite value"}
		}
		return value, nil
	}
	return m.arithmetic(m.term(t, f))
}

// arithmetic evaluates a term.
func (m *meter) arithmetic(t Term) (value num, why *misfit) {
	m.step()
	switch t := deref(t).(type) {
	case Int:
		return whole(int64(t)), nil
	case Float:
		return fraction(float64(t)), nil
	case *Var:
		return num{}, &misfit{t, " is not bound"}
	case *Compound:
		var args [2]num
		for i, arg := range t.Args {
			// Limits.TermDepth bounds this recursion for terms; the parser's depth
			// bounds it for templates.
			if value, why = m.arithmetic(arg); why != nil {
				return num{}, why
			}
			if i < len(args) {
				args[i] = value
			}
		}
		calculate := calculations[key{t.Functor, len(t.Args)}]
		if calculate == nil {
			return num{}, &misfit{t, " is not arithmetic"}
		}
		value, finite := calculate(args[0], args[1])
		if !finite {
			return num{}, &misfit{t, " has no finite value"}
		}
		return value, nil
	default:
		return num{}, &misfit{t, " is not a number"}
	}
}

// calculation computes a function of one or two numbers; ok is false when the result is
// not a finite number.
type calculation func(a, b num) (result num, ok bool)

var calculations = map[key]calculation{
	{"-", 1}: func(a, _ num) (num, bool) {
		if a.whole {
			return whole(-a.i), a.i != math.MinInt64
		}
		return finite(-a.f)
	},
	{"abs", 1}: func(a, _ num) (num, bool) {
		if a.whole {
			return whole(max(a.i, -a.i)), a.i != math.MinInt64
		}
		return finite(math.Abs(a.f))
	},
	{"round", 1}:   rounding(math.Round),
	{"floor", 1}:   rounding(math.Floor),
	{"ceiling", 1}: rounding(math.Ceil),
	{"float", 1}:   func(a, _ num) (num, bool) { return finite(a.float()) },

	{"+", 2}: func(a, b num) (num, bool) {
		if a.whole && b.whole {
			sum := a.i + b.i
			return whole(sum), (sum > a.i) == (b.i > 0) || b.i == 0
		}
		return finite(a.float() + b.float())
	},
	{"-", 2}: func(a, b num) (num, bool) {
		if a.whole && b.whole {
			difference := a.i - b.i
			return whole(difference), (difference < a.i) == (b.i > 0) || b.i == 0
		}
		return finite(a.float() - b.float())
	},
	{"*", 2}: func(a, b num) (num, bool) {
		if a.whole && b.whole {
			return multiply(a.i, b.i)
		}
		return finite(a.float() * b.float())
	},
	{"/", 2}: func(a, b num) (num, bool) {
		if a.whole && b.whole && b.i != 0 && a.i%b.i == 0 {
			return whole(a.i / b.i), !(a.i == math.MinInt64 && b.i == -1)
		}
		return finite(a.float() / b.float())
	},
	{"mod", 2}: func(a, b num) (num, bool) {
		if !a.whole || !b.whole || b.i == 0 {
			return num{}, false
		}
		if b.i == -1 {
			return whole(0), true
		}
		rest := a.i % b.i
		if rest != 0 && (rest < 0) != (b.i < 0) {
			rest += b.i // takes the sign of the divisor, as in ISO Prolog
		}
		return whole(rest), true
	},
	{"min", 2}: func(a, b num) (num, bool) {
		if compareNumbers(a, b) <= 0 {
			return a, true
		}
		return b, true
	},
	{"max", 2}: func(a, b num) (num, bool) {
		if compareNumbers(a, b) >= 0 {
			return a, true
		}
		return b, true
	},
}

func multiply(x, y int64) (num, bool) {
	if x == 0 || y == 0 {
		return whole(0), true
	}
	product := x * y
	return whole(product), product/y == x && !(x == -1 && y == math.MinInt64) && !(y == -1 && x == math.MinInt64)
}

func rounding(to func(float64) float64) calculation {
	return func(a, _ num) (num, bool) {
		if a.whole {
			return a, true
		}
		return integer(to(a.f))
	}
}

func finite(f float64) (num, bool) { return fraction(f), !math.IsNaN(f) && !math.IsInf(f, 0) }

// integer converts a whole number to an Int; ok is false when it does not fit.
func integer(f float64) (n num, ok bool) {
	if math.IsNaN(f) || f < -(1<<63) || f >= 1<<63 {
		return num{}, false
	}
	return whole(int64(f)), true
}

// numberOf returns the value of an Int or a Float.
func numberOf(t Term) num {
	if i, ok := t.(Int); ok {
		return whole(int64(i))
	}
	return fraction(float64(t.(Float)))
}

func compareNumbers(a, b num) int {
	if a.whole && b.whole {
		switch {
		case a.i < b.i:
			return -1
		case a.i > b.i:
			return 1
		}
		return 0
	}
	switch {
	case a.whole && !exact(a.i):
		return compareMixed(a.i, b.f)
	case b.whole && !exact(b.i):
		return -compareMixed(b.i, a.f)
	}
	return cmp.Compare(a.float(), b.float())
}

// exact reports whether a Float holds an integer and its neighbours.
func exact(i int64) bool { return i > -1<<53 && i < 1<<53 }

// compareMixed compares an integer and a finite number without rounding either.
func compareMixed(i int64, f float64) int {
	switch {
	case f >= 1<<63:
		return -1
	case f < -1<<63:
		return 1
	}
	below := math.Floor(f) // an integer of 64 bits
	if order := cmp.Compare(i, int64(below)); order != 0 || below == f {
		return order
	}
	return -1
}
