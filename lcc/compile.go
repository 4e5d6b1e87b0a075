package lcc

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"sort"

	"parley/lcc/check"
	"parley/lcc/syntax"
	"parley/lcc/vocabulary"
)

// Compile parses and checks a text and returns its model. The diagnostics are in text
// order; the model is nil when one of them is an error. host describes the constraints
// that the host answers: it marks actions, and Compile reports each constraint that
// nothing answers. With a nil host every constraint that the model does not define is a
// question to the peer.
func Compile(name string, text []byte, host *vocabulary.Set) (*Model, []check.Diagnostic) {
	file, errs := syntax.Parse(name, text)
	diagnostics := check.DiagnoseSyntax(errs)
	if file != nil {
		diagnostics = append(diagnostics, check.File(file, Builtins(), host)...)
	}
	check.Sort(diagnostics)
	for _, d := range diagnostics {
		if d.Severity == check.Error {
			return nil, diagnostics
		}
	}
	return lower(name, text, file, host), diagnostics
}

// Examine is Compile for authors: when the text has no errors, it also plays the roles
// against each other (Explore). The partners of a library are in other texts.
func Examine(name string, text []byte, host *vocabulary.Set) (*Model, []check.Diagnostic) {
	m, found := Compile(name, text, host)
	if m != nil && !check.Library(m.file) {
		found = append(found, Explore(m)...)
		check.Sort(found)
	}
	return m, found
}

// lower compiles a parsed text without checking it. Faults that the checker would
// report then appear when an agent reaches them.
func lower(name string, text []byte, file *syntax.File, host *vocabulary.Set) *Model {
	c := compiler{
		host:  check.Words(file, host),
		rules: map[key][]*rule{},
		asks:  map[key]bool{},
		model: &Model{
			name: name, digest: sha256.Sum256(text), text: text, file: file, clauses: map[key]*clause{},
		},
	}
	c.file(file)
	c.model.rules, c.model.remarks = c.rules, remarks(file)
	return c.model
}

// compiler lowers a checked file.
type compiler struct {
	host   *vocabulary.Set
	model  *Model
	rules  map[key][]*rule
	calls  []*cnode // that get their rules once all are known
	enters []*node  // that get their clauses
	sends  []*node  // that get the cardinalities of their roles
	asks   map[key]bool
	scope  *names
	inRule bool
	// anyFact says that the text remembers a fact whose predicate it does not name.
	anyFact bool
}

// names numbers the variables of one clause or rule.
type names struct {
	slots map[string]slot
	list  []string
}

func (n *names) slot(name string) slot {
	if s, ok := n.slots[name]; ok && name != "" {
		return s
	}
	s := slot(len(n.list))
	n.list = append(n.list, name)
	if name != "" {
		n.slots[name] = s
	}
	return s
}

func (c *compiler) file(file *syntax.File) {
	declared := map[string]*syntax.RoleDecl{}
	for _, item := range file.Items {
		switch item := item.(type) {
		case *syntax.RoleDecl:
			declared[item.Role.Name] = item
		case *syntax.Rule:
			k := key{item.Head.Name, len(item.Head.Args)}
			c.rules[k] = append(c.rules[k], c.rule(item))
		case *syntax.Clause:
			cl := c.clause(item)
			c.model.clauses[key{cl.role, len(cl.args)}] = cl
			c.model.roles = append(c.model.roles, RoleInfo{Name: cl.role, Arity: len(cl.args), Min: -1, Max: -1})
		}
	}
	for i := range c.model.roles {
		r := &c.model.roles[i]
		if d := declared[r.Name]; d != nil {
			r.Kind, r.Min, r.Max = d.Kind, d.Min, d.Max
		}
	}
	indexes := map[key]ruleIndex{}
	for k, rules := range c.rules {
		for _, r := range rules {
			r.sifts = sifts(r.args)
		}
		indexes[k] = indexRules(rules)
	}
	remembered := c.remembered()
	for _, call := range c.calls {
		if call.builtin != nil {
			continue // declared only because the text remembers this fact
		}
		call.rules, call.index = c.rules[call.key], indexes[call.key]
		call.defined = call.rules != nil
		call.memorable = c.anyFact || remembered[call.key]
		if call.defined || remembered[call.key] {
			continue
		}
		c.asks[call.key] = true
	}
	for k := range c.asks {
		predicate := fmt.Sprintf("%s/%d", k.name, k.arity)
		c.model.asks = append(c.model.asks, predicate)
		if _, known := c.host.Lookup(k.name, k.arity); !known {
			c.model.needs = append(c.model.needs, predicate)
		}
	}
	sort.Strings(c.model.asks)
	sort.Strings(c.model.needs)
	c.tables()
	c.cardinalities(declared)
	for _, n := range c.enters {
		n.role.clause = c.model.clauses[key{n.role.name, len(n.role.args)}]
	}
	for _, cl := range c.model.clauses {
		cl.openings = map[key]bool{}
		c.openings(cl.body, cl.openings, map[*clause]bool{cl: true})
		cl.served = cl.body.served()
	}
}

// cardinalities sets the cardinality of each clause, and of each event that names a
// role. A role without a declaration allows any number of peers.
func (c *compiler) cardinalities(declared map[string]*syntax.RoleDecl) {
	of := func(role string) cardinality {
		d := declared[role]
		if d == nil {
			return anyNumber
		}
		return cardinality{max(d.Min, 0), d.Max}
	}
	for _, cl := range c.model.clauses {
		cl.cardinality = of(cl.role)
	}
	for _, n := range c.sends {
		n.role.cardinality = of(n.role.name)
	}
}

// remembered returns the predicates of which the text remembers facts with k(F).
func (c *compiler) remembered() map[key]bool {
	set := map[key]bool{}
	for _, call := range c.calls {
		if call.builtin != nil {
			set[call.remembers] = true
		}
	}
	return set
}

// openings collects the messages that a definition can begin with. key{} means any
// message, for a pattern that is a variable.
func (c *compiler) openings(n *node, into map[key]bool, seen map[*clause]bool) {
	switch n.kind {
	case nodeOr, nodePar:
		for _, b := range n.branches {
			c.openings(b, into, seen)
		}
	case nodeReceive:
		switch m := n.message.(type) {
		case *pattern:
			into[key{m.functor, len(m.args)}] = true
		case slot:
			into[key{}] = true
		default:
			name, args, _ := Name(m)
			into[key{name, len(args)}] = true
		}
	case nodeEnter:
		if cl := c.model.clauses[key{n.role.name, len(n.role.args)}]; cl != nil && !seen[cl] {
			seen[cl] = true
			c.openings(cl.body, into, seen)
		}
	}
}

func (c *compiler) begin() { c.scope = &names{slots: map[string]slot{}} }

func (c *compiler) clause(item *syntax.Clause) *clause {
	c.begin()
	role := item.Agent.Role.(*syntax.Const) // the checker refuses a variable
	cl := &clause{pos: item.Pos(), role: role.Name, args: c.terms(role.Args), id: c.term(item.Agent.ID)}
	cl.body = c.def(item.Body, nil)
	cl.names = c.scope.list
	return cl
}

func (c *compiler) rule(item *syntax.Rule) *rule {
	c.begin()
	c.inRule = true
	defer func() { c.inRule = false }()
	r := &rule{args: c.terms(item.Head.Args)}
	if item.Body != nil {
		r.body = c.cons(item.Body)
	}
	r.names = c.scope.list
	return r
}

// def lowers a definition that is followed by after. It lowers a sequence from its end,
// so that each event knows its successor, and in a loop, without recursion.
func (c *compiler) def(d syntax.Def, after *node) *node {
	var sequence []syntax.Def
	for {
		then, ok := d.(*syntax.Then)
		if !ok {
			break
		}
		sequence = append(sequence, then.First)
		d = then.Rest
	}
	at := c.event(d, after)
	for _, d := range slices.Backward(sequence) {
		at = c.event(d, at)
	}
	return at
}

func (c *compiler) event(d syntax.Def, after *node) *node {
	n := &node{after: after, pos: d.Pos()}
	switch d := d.(type) {
	case *syntax.Then:
		return c.def(d, after)
	case *syntax.Or:
		n.kind, n.branches = nodeOr, c.branches(d.Branches, after)
	case *syntax.Par:
		n.kind, n.branches = nodePar, c.branches(d.Branches, nil)
	case *syntax.Null:
		n.kind, n.guard = nodeNull, c.guard(d.Guard)
	case *syntax.Do:
		n.kind, n.guard = nodeNull, c.guard(d.Goal)
		if d.Guard != nil {
			guard, goal := c.guard(d.Guard), n.guard
			n.guard = &cnode{kind: consAnd, parts: []*cnode{guard, goal}, begins: guard.begins || goal.begins}
		}
	case *syntax.Send:
		n.kind, n.message, n.role, n.guard = nodeSend, c.term(d.Message), c.role(d.To), c.guard(d.Guard)
		c.sends = append(c.sends, n)
	case *syntax.Receive:
		n.kind, n.message, n.role, n.guard = nodeReceive, c.term(d.Message), c.role(d.From), c.guard(d.Guard)
		if d.Effect != nil {
			n.after = &node{kind: nodeEffect, after: after, guard: c.guard(d.Effect), pos: d.Pos()}
		}
	case *syntax.Enter:
		return c.enter(d, n)
	default:
		panic(fmt.Sprintf("lcc: compile: %T is not a definition", d))
	}
	return n
}

// enter lowers a change of role. An action in its guard becomes a separate event before
// it: after the action the choice is final.
func (c *compiler) enter(d *syntax.Enter, n *node) *node {
	n.kind, n.role = nodeEnter, c.role(d.Agent)
	if n.role.name != "" {
		c.enters = append(c.enters, n)
	}
	guard := c.guard(d.Guard)
	if guard == nil || !guard.begins {
		n.guard = guard
		return n
	}
	return &node{kind: nodeNull, after: n, guard: guard, pos: d.Pos()}
}

// contains reports whether a constraint contains a call that satisfies is.
func (n *cnode) contains(is func(*cnode) bool) bool {
	if is(n) {
		return true
	}
	for _, p := range n.parts {
		if p.contains(is) {
			return true
		}
	}
	return false
}

func (c *compiler) branches(defs []syntax.Def, after *node) (list []*node) {
	for _, d := range defs {
		list = append(list, c.def(d, after))
	}
	return list
}

func (c *compiler) role(a *syntax.Agent) roleTemplate {
	r := roleTemplate{term: c.term(a.Role), id: c.term(a.ID)}
	if role, ok := a.Role.(*syntax.Const); ok {
		r.name = role.Name
		switch t := r.term.(type) {
		case *pattern:
			r.args = t.args
		case *Compound:
			r.args = t.Args
		}
	}
	_, r.any = a.ID.(*syntax.Wildcard)
	r.open = openRole(a.Role)
	return r
}

// openRole returns a role whose arguments are all _, and nil for any other.
func openRole(t syntax.Term) Term {
	role, ok := t.(*syntax.Const)
	if !ok {
		return nil
	}
	args := make([]Term, len(role.Args))
	for i, arg := range role.Args {
		if _, ok := arg.(*syntax.Wildcard); !ok {
			return nil
		}
		args[i] = &Var{Name: "_"}
	}
	return NewTerm(role.Name, args...)
}

func (c *compiler) guard(cons syntax.Cons) *cnode {
	if cons == nil {
		return nil
	}
	n := c.cons(cons)
	n.begins = n.contains(func(call *cnode) bool { return call.acts })
	return n
}

func (c *compiler) cons(cons syntax.Cons) *cnode {
	switch cons := cons.(type) {
	case *syntax.And:
		return &cnode{kind: consAnd, parts: c.parts(cons.Parts)}
	case *syntax.Disj:
		return &cnode{kind: consOr, parts: c.parts(cons.Parts)}
	case *syntax.Not:
		return &cnode{kind: consNot, parts: []*cnode{c.cons(cons.Part)}}
	case *syntax.Compare:
		return &cnode{kind: consCompare, op: cons.Op, args: []Term{c.term(cons.Left), c.term(cons.Right)}}
	case *syntax.Call:
		return c.call(cons)
	}
	panic(fmt.Sprintf("lcc: compile: %T is not a constraint", cons))
}

func (c *compiler) parts(list []syntax.Cons) (parts []*cnode) {
	for _, p := range list {
		parts = append(parts, c.cons(p))
	}
	return parts
}

func (c *compiler) call(call *syntax.Call) *cnode {
	n := &cnode{kind: consCall, key: key{call.Goal.Name, len(call.Goal.Args)}, args: c.terms(call.Goal.Args)}
	if n.key == (key{"findall", 3}) {
		if goal := syntax.Collected(call.Goal); goal != nil {
			return c.findall(goal, n.args[0], n.args[2])
		}
		return &cnode{kind: consOr} // the checker refuses it
	}
	if def, ok := builtins[n.key]; ok {
		n.builtin = def.solve
		if n.key == (key{"k", 1}) {
			if fact, ok := call.Goal.Args[0].(*syntax.Const); ok {
				c.calls = append(c.calls, &cnode{key: n.key, remembers: key{fact.Name, len(fact.Args)}, builtin: def.solve})
			} else {
				c.anyFact = true
			}
		}
		return n
	}
	s, known := c.host.Lookup(n.key.name, n.key.arity)
	if known && s.Acts {
		n.acts, n.mayFail = true, !s.AtOnce
		c.asks[n.key] = true
		for _, p := range s.Params {
			n.modes = append(n.modes, p.Mode)
		}
		return n
	}
	n.answered, n.ages = known, s.Ages
	c.calls = append(c.calls, n)
	return n
}

func (c *compiler) terms(list []syntax.Term) (terms []Term) {
	for _, t := range list {
		terms = append(terms, c.term(t))
	}
	return terms
}

// term compiles a term to a template; a term without variables is its own template.
func (c *compiler) term(t syntax.Term) Term {
	switch t := t.(type) {
	case *syntax.Var:
		return c.scope.slot(t.Name)
	case *syntax.Wildcard:
		if c.inRule {
			return void{}
		}
		return c.scope.slot("")
	case *syntax.IntTerm:
		return Int(t.Value)
	case *syntax.FloatTerm:
		return Float(t.Value)
	case *syntax.Str:
		return String(t.Value)
	case *syntax.Const:
		return compound(t.Name, c.terms(t.Args))
	case *syntax.ListTerm:
		var list Term = Nil
		if t.Tail != nil {
			list = c.term(t.Tail)
		}
		items := c.terms(t.Items)
		for i := len(items) - 1; i >= 0; i-- {
			list = compound(Cons, []Term{items[i], list})
		}
		return list
	case *syntax.Goal:
		return c.goal(t.Cons)
	}
	panic(fmt.Sprintf("lcc: compile: %T is not a term", t))
}

// goal compiles a constraint that is an argument to a term: its word or sign is the functor.
func (c *compiler) goal(cons syntax.Cons) Term {
	join := func(word string, parts []syntax.Cons) Term {
		args := make([]Term, len(parts))
		for i, part := range parts {
			args[i] = c.goal(part)
		}
		return compound(word, args)
	}
	switch cons := cons.(type) {
	case *syntax.And:
		return join("and", cons.Parts)
	case *syntax.Disj:
		return join("or", cons.Parts)
	case *syntax.Not:
		return join("not", []syntax.Cons{cons.Part})
	case *syntax.Compare:
		return compound(cons.Op, []Term{c.term(cons.Left), c.term(cons.Right)})
	case *syntax.Call:
		return c.term(cons.Goal)
	}
	panic(fmt.Sprintf("lcc: compile: %T is not a constraint", cons))
}

// compound returns a Compound, or a pattern when an argument is a slot or a pattern.
func compound(functor string, args []Term) Term {
	for _, arg := range args {
		switch arg.(type) {
		case slot, void, *pattern:
			return &pattern{functor, args, calculations[key{functor, len(args)}]}
		}
	}
	return NewTerm(functor, args...)
}
