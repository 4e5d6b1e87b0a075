package lcc

import "math"

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

// arithmetic evaluates an expression to an Int or a Float. Int stays Int under + - *
// mod, abs, min, max; / gives an Int when there is no remainder. why describes what has
// no finite value: an overflow, a division by zero, an unbound variable, a constant
// that is not a number.
func (m *meter) arithmetic(t Term) (value Term, why *misfit) {
	m.step()
	switch t := deref(t).(type) {
	case Int, Float:
		return t, nil
	case *Var:
		return nil, &misfit{t, " is not bound"}
	case *Compound:
		args := make([]Term, len(t.Args))
		for i, arg := range t.Args {
			// Limits.TermDepth bounds this recursion for terms; the parser's depth
			// bounds it for templates.
			if args[i], why = m.arithmetic(arg); why != nil {
				return nil, why
			}
		}
		return apply(t, args)
	default:
		return nil, &misfit{t, " is not a number"}
	}
}

func apply(t *Compound, args []Term) (Term, *misfit) {
	switch len(args) {
	case 1:
		if f, ok := unary[t.Functor]; ok {
			return finite(t, f(args[0]))
		}
	case 2:
		if f, ok := binary[t.Functor]; ok {
			return finite(t, f(args[0], args[1]))
		}
	}
	return nil, &misfit{t, " is not arithmetic"}
}

func finite(t *Compound, value Term) (Term, *misfit) {
	if f, ok := value.(Float); value == nil || ok && (math.IsNaN(float64(f)) || math.IsInf(float64(f), 0)) {
		return nil, &misfit{t, " has no finite value"}
	}
	return value, nil
}

var unary = map[string]func(Term) Term{
	"-": func(x Term) Term {
		if i, ok := x.(Int); ok {
			if i == math.MinInt64 {
				return nil
			}
			return -i
		}
		return -x.(Float)
	},
	"abs": func(x Term) Term {
		if i, ok := x.(Int); ok {
			if i == math.MinInt64 {
				return nil
			}
			return max(i, -i)
		}
		return Float(math.Abs(number(x)))
	},
	"round":   func(x Term) Term { return integer(math.Round(number(x))) },
	"floor":   func(x Term) Term { return integer(math.Floor(number(x))) },
	"ceiling": func(x Term) Term { return integer(math.Ceil(number(x))) },
	"float":   func(x Term) Term { return Float(number(x)) },
}

var binary = map[string]func(a, b Term) Term{
	"+": func(a, b Term) Term {
		if x, y, ok := ints(a, b); ok {
			sum := x + y
			if (sum > x) != (y > 0) && y != 0 {
				return nil
			}
			return Int(sum)
		}
		return Float(number(a) + number(b))
	},
	"-": func(a, b Term) Term {
		if x, y, ok := ints(a, b); ok {
			difference := x - y
			if (difference < x) != (y > 0) && y != 0 {
				return nil
			}
			return Int(difference)
		}
		return Float(number(a) - number(b))
	},
	"*": func(a, b Term) Term {
		if x, y, ok := ints(a, b); ok {
			if x == 0 || y == 0 {
				return Int(0)
			}
			product := x * y
			if product/y != x || x == -1 && y == math.MinInt64 || y == -1 && x == math.MinInt64 {
				return nil
			}
			return Int(product)
		}
		return Float(number(a) * number(b))
	},
	"/": func(a, b Term) Term {
		if x, y, ok := ints(a, b); ok && y != 0 && x%y == 0 && !(x == math.MinInt64 && y == -1) {
			return Int(x / y)
		}
		return Float(number(a) / number(b))
	},
	"mod": func(a, b Term) Term {
		x, y, ok := ints(a, b)
		if !ok || y == 0 {
			return nil
		}
		if y == -1 {
			return Int(0)
		}
		rest := x % y
		if rest != 0 && (rest < 0) != (y < 0) {
			rest += y // takes the sign of the divisor, as in ISO Prolog
		}
		return Int(rest)
	},
	"min": func(a, b Term) Term {
		if compareNumbers(a, b) <= 0 {
			return a
		}
		return b
	},
	"max": func(a, b Term) Term {
		if compareNumbers(a, b) >= 0 {
			return a
		}
		return b
	},
}

func number(t Term) float64 {
	if i, ok := t.(Int); ok {
		return float64(i)
	}
	return float64(t.(Float))
}

func ints(a, b Term) (x, y int64, ok bool) {
	i, oki := a.(Int)
	j, okj := b.(Int)
	return int64(i), int64(j), oki && okj
}

// integer converts a whole number to an Int, or returns nil when it does not fit.
func integer(f float64) Term {
	if math.IsNaN(f) || f < -(1<<63) || f >= 1<<63 {
		return nil
	}
	return Int(f)
}

func compareNumbers(a, b Term) int {
	if x, y, ok := ints(a, b); ok {
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	}
	x, y := number(a), number(b)
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}
