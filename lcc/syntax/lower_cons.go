package syntax

import "github.com/alecthomas/participle/v2/lexer"

// This file lowers constraints and terms.

// cons lowers the content of parentheses, or the body after ":-", as a constraint.
func (l *lowering) cons(g *gDef) Cons {
	if len(g.Rest) > 0 {
		l.fail(g.Rest[0].Pos, `constraints are joined by "and" or ";"`, `"then" joins events, and this is a constraint`)
	}
	parts := []Cons{l.consPar(g.First.First)}
	for _, rest := range g.First.Rest {
		parts = append(parts, l.consPar(rest))
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return &Disj{Position: l.position(g.Pos), Parts: parts}
}

func (l *lowering) consPar(g *gPar) Cons {
	if len(g.Rest) > 0 {
		l.fail(g.Rest[0].Pos, `constraints are joined by "and" or ";"`, `"par" joins events, and this is a constraint`)
	}
	if len(g.First.Arrows) > 0 {
		hint := "take the parentheses apart: a constraint begins after its arrow"
		switch arrow := g.First.Arrows[0]; {
		case arrow.In:
			hint = `"<=" is a receive; less-or-equal is "=<"`
		case arrow.Out:
			hint = `"=>" sends a message; greater-or-equal is ">="`
		case arrow.If:
			hint = `"<-" is an arrow; for a comparison with a negative number write a space: X < -1`
		}
		l.fail(g.First.Arrows[0].Pos, hint, "an arrow stands in a constraint")
		return l.nothing(g.Pos)
	}
	return l.disj(g.First.First)
}

func (l *lowering) disj(g *gDisj) Cons {
	first := l.conj(g.First)
	if len(g.Rest) == 0 {
		return first
	}
	d := &Disj{Position: l.position(g.Pos), Parts: []Cons{first}}
	for _, rest := range g.Rest {
		d.Parts = append(d.Parts, l.conj(rest))
	}
	return d
}

func (l *lowering) conj(g *gConj) Cons {
	first := l.lit(g.First)
	if len(g.Rest) == 0 {
		return first
	}
	and := &And{Position: l.position(g.Pos), Parts: []Cons{first}}
	for _, rest := range g.Rest {
		and.Parts = append(and.Parts, l.lit(rest))
	}
	return and
}

func (l *lowering) lit(g *gLit) Cons {
	inner := l.compare(g.Cmp)
	for range g.Nots {
		inner = &Not{Position: l.position(g.Pos), Part: inner}
	}
	return inner
}

func (l *lowering) compare(g *gCmp) Cons {
	p := l.position(g.Pos)
	if g.Right != nil {
		return &Compare{Position: p, Op: g.Op, Left: l.sum(g.Left), Right: l.sum(g.Right)}
	}
	sum := g.Left
	if len(sum.Rest) == 0 && len(sum.First.Rest) == 0 && len(sum.First.First.Minuses) == 0 {
		switch one := sum.First.First.Operand; {
		case one.Group != nil:
			return l.cons(one.Group)
		case one.Const != nil:
			return &Call{Position: p, Goal: l.called(one)}
		}
	}
	l.fail(g.Pos, "write a call such as load(L), or a comparison such as L > 0.7", "this is not a constraint")
	return l.nothing(g.Pos)
}

// nothing replaces an invalid constraint.
func (l *lowering) nothing(at lexer.Position) Cons {
	p := l.position(at)
	return &Call{Position: p, Goal: &Const{Position: p, Name: "fail"}}
}

func (l *lowering) sum(g *gSum) Term {
	t := l.product(g.First)
	if len(g.Rest) > Nesting {
		l.fail(g.Pos, "name a part of it with is", "a calculation of more than %d parts", Nesting)
		return t
	}
	for _, rest := range g.Rest {
		t = &Const{Position: l.position(g.Pos), Name: rest.Op, Args: []Term{t, l.product(rest.Operand)}}
	}
	return t
}

func (l *lowering) sums(list []*gSum) (terms []Term) {
	for _, g := range list {
		terms = append(terms, l.sum(g))
	}
	return terms
}

func (l *lowering) product(g *gProduct) Term {
	t := l.unary(g.First)
	if len(g.Rest) > Nesting {
		l.fail(g.Pos, "name a part of it with is", "a calculation of more than %d parts", Nesting)
		return t
	}
	for _, rest := range g.Rest {
		t = &Const{Position: l.position(g.Pos), Name: rest.Op, Args: []Term{t, l.unary(rest.Operand)}}
	}
	return t
}

func (l *lowering) unary(g *gUnary) Term {
	minuses := len(g.Minuses)
	if minuses > 0 && g.Operand.Number != "" {
		// The sign is part of the literal; otherwise the smallest integer could not be
		// written.
		number := l.number(g.Pos, "-"+g.Operand.Number)
		return l.minus(g, number, minuses-1)
	}
	return l.minus(g, l.primary(g.Operand), minuses)
}

func (l *lowering) minus(g *gUnary, t Term, times int) Term {
	for range times {
		t = &Const{Position: l.position(g.Pos), Name: "-", Args: []Term{t}}
	}
	return t
}

func (l *lowering) primary(g *gPrimary) Term {
	p := l.position(g.Pos)
	switch {
	case g.Group != nil:
		return l.group(g.Group)
	case g.Number != "":
		return l.number(g.Pos, g.Number)
	case g.String != "":
		return &Str{Position: p, Value: l.unquote(g.Pos, g.String)}
	case g.Var != "":
		return &Var{Position: p, Name: g.Var}
	case g.Wild:
		return &Wildcard{Position: p}
	case g.List != nil:
		return l.list(p, g.List)
	}
	name := g.Const.Name
	if g.Const.Quoted != "" {
		name = l.unquote(g.Pos, g.Const.Quoted)
	}
	return &Const{Position: p, Name: name, Args: l.args(g.Const.Args)}
}

// list lowers a list; [] is the constant with that name.
func (l *lowering) list(p Position, g *gList) Term {
	if len(g.Items) == 0 {
		return &Const{Position: p, Name: "[]"}
	}
	list := &ListTerm{Position: p, Items: l.sums(g.Items)}
	if g.Tail != nil {
		list.Tail = l.sum(g.Tail)
	}
	return list
}

// group lowers parentheses in the place of a term.
func (l *lowering) group(g *gDef) Term {
	if alone := g.alone(); alone != nil {
		return l.message(alone)
	}
	l.fail(g.Pos, "", "a definition stands where a term is wanted")
	return &Const{Position: l.position(g.Pos), Name: "null"}
}
