package check

import (
	"parley/internal/spell"
	"parley/lcc/syntax"
)

// This file matches the messages that the roles of a text send with those that they
// receive.

// talk holds the messages that the roles of a text send and receive.
type talk struct{ sends, receives []exchange }

// exchange is a message that a clause sends or receives.
type exchange struct {
	own     string // role of the clause
	partner string // role of the other side; "" when it is a variable
	message syntax.Term
	pos     syntax.Position
}

func (e exchange) name() string {
	if m, ok := e.message.(*syntax.Const); ok {
		return m.Name
	}
	return ""
}

func newExchange(own string, a *syntax.Agent, message syntax.Term, pos syntax.Position) exchange {
	e := exchange{own: own, message: message, pos: pos}
	if role, ok := a.Role.(*syntax.Const); ok {
		e.partner = role.Name
	}
	return e
}

func (c *checker) conversations() {
	if len(c.unread) == 0 { // otherwise unread items may send or receive anything
		sent, received := c.unmatched(c.talk.sends, c.talk.receives), c.unmatched(c.talk.receives, c.talk.sends)
		for _, e := range sent {
			hint := e.hint()
			if other := e.counterpart(received); other != nil {
				other.said = true
				if !e.named {
					hint += " " + other.pos.Place() + " waits for that"
				}
			}
			c.report(codeNotReceived, Warning, e.pos, hint, "role %s never receives %s from role %s", e.partner, e.text(), e.own)
		}
		for _, e := range received {
			if !e.said {
				c.report(codeNotSent, Warning, e.pos, e.hint(), "role %s never sends %s to role %s", e.partner, e.text(), e.own)
			}
		}
	}
	said := map[string]bool{}
	for _, list := range [][]exchange{c.talk.sends, c.talk.receives} {
		for _, s := range list {
			if pos, ok := c.calls[s.name()]; ok && !said[s.name()] {
				said[s.name()] = true
				c.report(codeOneName, Warning, pos, "give one of them another name",
					"%s is a message and a constraint: a reader may confuse the two", s.name())
			}
		}
	}
}

// lonely is a message without a counterpart on the other side.
type lonely struct {
	exchange
	near  string // a message of the other side that is spelled alike
	named bool   // one of the same name is there
	said  bool   // its counterpart was reported: one of the two is misspelt
}

func (e *lonely) text() string { return syntax.Short(syntax.Text(e.message), 60) }

func (e *lonely) hint() string {
	switch {
	case e.named:
		return "a message of this name is there, with other arguments"
	case e.near != "":
		return "did you mean " + e.near + "?"
	}
	return ""
}

// counterpart returns the message of the other side that was probably meant, if it is as lonely.
func (e *lonely) counterpart(others []*lonely) *lonely {
	for _, o := range others {
		roles := o.own == e.partner && (o.partner == e.own || o.partner == "")
		alike := e.named && o.name() == e.name() || !e.named && e.near != "" && e.near == o.name()
		if roles && alike && !o.said {
			return o
		}
	}
	return nil
}

// unmatched returns the messages of one side without a counterpart on the other. It
// compares only messages between the same two roles, for speed.
func (c *checker) unmatched(list, others []exchange) (alone []*lonely) {
	type pair struct{ own, partner string }
	by := map[pair][]exchange{}
	for _, o := range others {
		by[pair{o.own, o.partner}] = append(by[pair{o.own, o.partner}], o)
	}
	for _, e := range list {
		if !c.has(e.partner) {
			continue
		}
		fits, l := false, &lonely{exchange: e}
		var names []string
		for _, there := range [][]exchange{by[pair{e.partner, e.own}], by[pair{e.partner, ""}]} {
			for _, o := range there {
				fits = fits || mayMatch(e.message, o.message)
				l.named = l.named || e.name() != "" && e.name() == o.name()
				names = append(names, o.name())
			}
		}
		if !fits {
			l.near = spell.Nearest(e.name(), names)
			alone = append(alone, l)
		}
	}
	return alone
}

// mayMatch reports whether two messages can match: variables and arithmetic match
// anything.
func mayMatch(a, b syntax.Term) bool {
	if anything(a) || anything(b) {
		return true
	}
	switch a := a.(type) {
	case *syntax.Const:
		switch b := b.(type) {
		case *syntax.Const:
			return a.Name == b.Name && mayMatchAll(a.Args, b.Args)
		case *syntax.Str:
			return len(a.Args) == 0 && a.Name == b.Value // ids are written in both forms
		}
		return false
	case *syntax.Str:
		switch b := b.(type) {
		case *syntax.Const:
			return mayMatch(b, a)
		case *syntax.Str:
			return a.Value == b.Value
		}
		return false
	case *syntax.ListTerm:
		list, ok := b.(*syntax.ListTerm)
		if !ok {
			return false
		}
		if a.Tail == nil && list.Tail == nil {
			return mayMatchAll(a.Items, list.Items)
		}
		return true
	}
	x, okX := literal(a)
	y, okY := literal(b)
	return okX && okY && x == y
}

func mayMatchAll(a, b []syntax.Term) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !mayMatch(a[i], b[i]) {
			return false
		}
	}
	return true
}

// anything reports whether a term can have any value.
func anything(t syntax.Term) bool {
	switch t := t.(type) {
	case *syntax.Var, *syntax.Wildcard:
		return true
	case *syntax.Const:
		switch t.Name {
		case "+", "-", "*", "/", "mod":
			return len(t.Args) > 0
		}
	}
	return false
}

func literal(t syntax.Term) (float64, bool) {
	switch t := t.(type) {
	case *syntax.IntTerm:
		return float64(t.Value), true
	case *syntax.FloatTerm:
		return t.Value, true
	}
	return 0, false
}
