package syntax

// This file lowers constraints in the place of arguments, as in findall(V, p(V) and V > 1, L)
// and i(X is Y + 1).

// called lowers the goal of a call, whose arguments may be constraints.
func (l *lowering) called(g *gPrimary) *Const {
	before := l.goals
	l.goals = true
	defer func() { l.goals = before }()
	return l.primary(g).(*Const)
}

func (l *lowering) args(list []*gArg) (terms []Term) {
	for _, g := range list {
		terms = append(terms, l.arg(g))
	}
	return terms
}

// arg lowers an argument: a term, or a constraint that is none.
func (l *lowering) arg(g *gArg) Term {
	d := g.disj()
	if sum := termOf(d); sum != nil {
		return l.sum(sum)
	}
	if !l.goals {
		l.fail(g.Pos, `write a value here and the constraint behind "<-"`, "a constraint stands where a value is sent or named")
		return &Const{Position: l.position(g.Pos), Name: "null"}
	}
	return &Goal{Position: l.position(g.Pos), Cons: l.disj(d)}
}

// disj returns an argument as a constraint. The grammar has a form of its own for it,
// without a comma, which separates arguments.
func (g *gArg) disj() *gDisj {
	d := &gDisj{Pos: g.Pos, First: g.First.conj()}
	for _, rest := range g.Rest {
		d.Rest = append(d.Rest, rest.conj())
	}
	return d
}

func (g *gArgConj) conj() *gConj { return &gConj{Pos: g.Pos, First: g.First, Rest: g.Rest} }

// termOf returns the term that the text of a constraint is, perhaps in parentheses, or nil.
func termOf(g *gDisj) *gSum {
	for d := g; d != nil; {
		if len(d.Rest) > 0 || len(d.First.Rest) > 0 {
			return nil
		}
		if lit := d.First.First; len(lit.Nots) > 0 || lit.Cmp.Right != nil {
			return nil
		}
		one := only(d)
		if one == nil || one.Group == nil {
			return g.First.First.Cmp.Left
		}
		d = one.Group.alone()
	}
	return nil
}

// alone returns the only operand of a group, or nil.
func (g *gDef) alone() *gDisj {
	if len(g.Rest) > 0 || len(g.First.Rest) > 0 || len(g.First.First.Rest) > 0 || len(g.First.First.First.Arrows) > 0 {
		return nil
	}
	return g.First.First.First.First
}
