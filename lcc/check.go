package lcc

import (
	"fmt"
	"sort"

	"github.com/agnivade/levenshtein"

	"parley/lcc/syntax"
)

// Findings of the checker. A code never changes its meaning.
const (
	codeSyntax      = "LCC001" // the text cannot be read
	codeNoRole      = "LCC002" // a role that no clause defines
	codeTwice       = "LCC003" // two clauses for one role
	codeUnreachable = "LCC004" // a role that nobody ever plays
	codeOnce        = "LCC005" // a variable that is used once
	codeOneName     = "LCC006" // a message and a constraint of one name
	codeNoInitial   = "LCC007" // no role to begin in
	codeMix         = "LCC008" // then, or and par without parentheses
	codeUnboundSend = "LCC009" // a variable that has no value when it is sent
	codeUnboundIn   = "LCC010" // a variable that has no value where one is needed
	codeOwnID       = "LCC011" // a partner that is oneself
	codeParBinds    = "LCC012" // one variable bound in two branches of a par
	codeNoAnswer    = "LCC013" // a partner that is not answered when a guard is false
	codeNoTimeout   = "LCC014" // a wait for a partner that may be gone
	codeDeaf        = "LCC015" // a role that cannot react while it waits
	codeSpins       = "LCC016" // a role that enters itself without doing anything
	codeNotReceived = "LCC017" // a message that its receiver never takes
	codeNotSent     = "LCC018" // a message that is waited for and never sent
	codeUnknown     = "LCC019" // a constraint that nobody answers
	codeMisplaced   = "LCC020" // an action where only questions may stand
	codeRedefined   = "LCC021" // a predicate of the host, or a built-in, defined by the text
	codeDiscovery   = "LCC022" // a partner left to chance, and nothing for when that fails
)

// Check finds the faults of a text that can be known before it runs, in the
// order of the text. A vocabulary of nil means that nothing is known of the
// host's constraints.
func Check(file *syntax.File, vocabulary *Vocabulary) []Diagnostic {
	c := &checker{vocabulary: vocabulary, roles: map[key]*syntax.Clause{}, defined: map[key]bool{}, seen: map[string]bool{}}
	c.collect(file)
	c.declarations(file)
	for _, clause := range c.clauses {
		c.clause(clause)
	}
	for _, rule := range c.rules {
		c.rule(rule)
	}
	c.conversations()
	sortDiagnostics(c.found)
	return c.found
}

// checker holds what is known of the whole text.
type checker struct {
	vocabulary *Vocabulary
	clauses    []*syntax.Clause
	rules      []*syntax.Rule
	roles      map[key]*syntax.Clause
	names      []string // of roles, in the order of the text
	defined    map[key]bool
	remembered map[key]bool
	initial    map[string]bool
	declared   bool
	entered    map[key]bool
	sends      []exchange
	receives   []exchange
	calls      map[string]syntax.Position // constraints, by name
	found      []Diagnostic
	seen       map[string]bool
}

// exchange is a message that a clause sends or receives.
type exchange struct {
	own     string // role of the clause
	partner string // role of the other side; "" when it is a variable
	message key    // key{} when it is a variable
	pos     syntax.Position
}

func (c *checker) report(code string, severity Severity, pos syntax.Position, hint, format string, args ...any) {
	d := Diagnostic{Code: code, Severity: severity, Pos: pos, Message: fmt.Sprintf(format, args...), Hint: hint}
	if text := d.String(); !c.seen[text] {
		c.seen[text] = true
		c.found = append(c.found, d)
	}
}

func (c *checker) collect(file *syntax.File) {
	c.initial, c.entered, c.calls, c.remembered = map[string]bool{}, map[key]bool{}, map[string]syntax.Position{}, map[key]bool{}
	for _, item := range file.Items {
		switch item := item.(type) {
		case *syntax.RoleDecl:
			c.declared = true
			if item.Kind == "initial" {
				c.initial[item.Role.Name] = true
			}
		case *syntax.Clause:
			c.collectClause(item)
		case *syntax.Rule:
			c.rules = append(c.rules, item)
			c.define(item)
		}
	}
	for _, clause := range c.clauses {
		walkDef(clause.Body, func(d syntax.Def) {
			if enter, ok := d.(*syntax.Enter); ok {
				if role, ok := enter.Agent.Role.(*syntax.Const); ok {
					c.entered[key{role.Name, len(role.Args)}] = true
				}
			}
		})
	}
}

func (c *checker) collectClause(clause *syntax.Clause) {
	role, ok := clause.Agent.Role.(*syntax.Const)
	if !ok {
		c.report(codeNoRole, Error, clause.Pos(), "write a(buyer, B) ::", "the role of a clause is a name, not a variable")
		return
	}
	k := key{role.Name, len(role.Args)}
	if first := c.roles[k]; first != nil {
		c.report(codeTwice, Error, clause.Pos(), "join the two with or, or give one of them another name",
			"role %s has a clause already, in line %d", role.Name, first.Pos().Line)
		return
	}
	c.roles[k] = clause
	c.names = append(c.names, role.Name)
	c.clauses = append(c.clauses, clause)
}

func (c *checker) define(rule *syntax.Rule) {
	k := key{rule.Head.Name, len(rule.Head.Args)}
	c.defined[k] = true
	if _, ok := builtins[k]; ok {
		c.report(codeRedefined, Error, rule.Pos(), "give it another name", "%s/%d is built in and cannot be defined anew", k.name, k.arity)
	} else if _, ok := c.vocabulary.Lookup(k.name, k.arity); ok {
		c.report(codeRedefined, Error, rule.Pos(), "give it another name", "%s/%d is the host's to answer: a text cannot define it", k.name, k.arity)
	}
}

// declarations checks the roles as a whole.
func (c *checker) declarations(file *syntax.File) {
	if len(c.clauses) == 0 {
		return
	}
	if len(c.initial) == 0 {
		c.report(codeNoInitial, Warning, c.clauses[0].Pos(), fmt.Sprintf("write r(%s, initial).", c.names[0]), "no role is declared initial: a peer does not know where to begin")
	}
	addressed := map[string]bool{}
	for _, clause := range c.clauses {
		walkDef(clause.Body, func(d syntax.Def) {
			if send, ok := d.(*syntax.Send); ok {
				if role, ok := send.To.Role.(*syntax.Const); ok {
					addressed[role.Name] = true
				}
			}
		})
	}
	for _, clause := range c.clauses {
		role := clause.Agent.Role.(*syntax.Const)
		k := key{role.Name, len(role.Args)}
		// A role without parameters may be subscribed to, or be the one that
		// a peer is started in where nothing is declared.
		free := k.arity == 0 && (addressed[role.Name] || !c.declared)
		if !c.entered[k] && !c.initial[role.Name] && !free {
			c.report(codeUnreachable, Warning, clause.Pos(), "enter it with a(...), declare it initial, or take it out",
				"nobody ever plays role %s: no event enters it", role.Name)
		}
	}
}

// conversations holds what is sent against what is received.
func (c *checker) conversations() {
	for _, s := range c.sends {
		if !c.has(s.partner) || matched(s, c.receives) {
			continue
		}
		c.report(codeNotReceived, Warning, s.pos, "", "role %s never receives %s/%d from role %s", s.partner, s.message.name, s.message.arity, s.own)
	}
	for _, r := range c.receives {
		if !c.has(r.partner) || matched(r, c.sends) {
			continue
		}
		c.report(codeNotSent, Warning, r.pos, "", "role %s never sends %s/%d to role %s", r.partner, r.message.name, r.message.arity, r.own)
	}
	sent := map[string]bool{}
	for _, s := range append(append([]exchange(nil), c.sends...), c.receives...) {
		if pos, ok := c.calls[s.message.name]; ok && !sent[s.message.name] {
			sent[s.message.name] = true
			c.report(codeOneName, Warning, pos, "give one of them another name", "%s is a message and a constraint: a reader takes one for the other", s.message.name)
		}
	}
}

func (c *checker) has(role string) bool {
	for _, name := range c.names {
		if name == role {
			return true
		}
	}
	return false
}

func matched(e exchange, others []exchange) bool {
	for _, o := range others {
		if o.own == e.partner && (o.partner == e.own || o.partner == "") &&
			(o.message == e.message || o.message == key{} || e.message == key{}) {
			return true
		}
	}
	return false
}

// partner checks that the role of an event is there.
func (c *checker) partner(a *syntax.Agent, exact bool) {
	role, ok := a.Role.(*syntax.Const)
	if !ok {
		return
	}
	if exact && c.roles[key{role.Name, len(role.Args)}] != nil || !exact && c.has(role.Name) {
		return
	}
	if exact && c.has(role.Name) {
		c.report(codeNoRole, Error, a.Pos(), "", "role %s is entered with %d arguments, which no clause of it has", role.Name, len(role.Args))
		return
	}
	c.report(codeNoRole, Error, a.Pos(), didYouMean(role.Name, c.names), "no clause defines role %s", role.Name)
}

// didYouMean names the nearest of some names, if one is near.
func didYouMean(name string, names []string) string {
	best, distance := "", 1+len(name)/2
	for _, other := range names {
		if d := levenshtein.ComputeDistance(name, other); d < distance {
			best, distance = other, d
		}
	}
	if best == "" {
		return ""
	}
	return "did you mean " + best + "?"
}

// walkDef visits a definition and all in it, in the order of the text.
func walkDef(d syntax.Def, visit func(syntax.Def)) {
	for {
		visit(d)
		switch at := d.(type) {
		case *syntax.Then:
			walkDef(at.First, visit)
			d = at.Rest
			continue
		case *syntax.Or:
			for _, b := range at.Branches {
				walkDef(b, visit)
			}
		case *syntax.Par:
			for _, b := range at.Branches {
				walkDef(b, visit)
			}
		}
		return
	}
}

// variables counts the variables of terms.
func variables(count map[string]int, at map[string]syntax.Position, terms ...syntax.Term) {
	for _, t := range terms {
		switch t := t.(type) {
		case *syntax.Var:
			count[t.Name]++
			if _, ok := at[t.Name]; !ok {
				at[t.Name] = t.Pos()
			}
		case *syntax.Const:
			variables(count, at, t.Args...)
		case *syntax.ListTerm:
			variables(count, at, t.Items...)
			if t.Tail != nil {
				variables(count, at, t.Tail)
			}
		}
	}
}

// once reports the variables that are used once.
func (c *checker) once(count map[string]int, at map[string]syntax.Position) {
	var names []string
	for name, n := range count {
		if n == 1 && name[0] != '_' {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		c.report(codeOnce, Warning, at[name], "write _ or _"+name+" if that is meant", "variable %s is used once", name)
	}
}
