// Package check finds faults of a text before it runs, and says what a host that enacts
// it would disclose and do. It analyses the syntax tree and runs nothing.
package check

import (
	"fmt"
	"slices"

	"parley/lcc/syntax"
	"parley/lcc/vocabulary"
)

// Codes of findings. A code never changes its meaning.
const (
	codeSyntax      = "LCC001" // the text cannot be parsed
	codeNoRole      = "LCC002" // a role that no clause defines
	codeTwice       = "LCC003" // two clauses for one role
	codeUnreachable = "LCC004" // a role that no agent ever plays
	codeOnce        = "LCC005" // a variable that is used once
	codeOneName     = "LCC006" // a message and a constraint with the same name
	codeNoInitial   = "LCC007" // no role to begin in
	codeMix         = "LCC008" // then, or and par without parentheses
	codeUnboundSend = "LCC009" // a variable that has no value when it is sent
	codeUnboundIn   = "LCC010" // a variable that has no value where one is needed
	codeOwnID       = "LCC011" // a partner that is oneself
	codeParBinds    = "LCC012" // a partner that is the agent's own peer
	codeNoAnswer    = "LCC013" // a partner that gets no answer when a guard is false
	codeNoTimeout   = "LCC014" // a wait for a partner that may have failed
	codeDeaf        = "LCC015" // a role that cannot react while it waits
	codeSpins       = "LCC016" // a role that enters itself without any event
	codeNotReceived = "LCC017" // a message that its receiver never takes
	codeNotSent     = "LCC018" // a message that is waited for and never sent
	CodeUnanswered  = "LCC019" // a constraint that nobody answers
	codeMisplaced   = "LCC020" // an action where only questions are allowed
	codeRedefined   = "LCC021" // a predicate of the host, or a built-in, defined by the text
	codeDiscovery   = "LCC022" // discovery of a partner without a branch for failure
	codeOtherID     = "LCC023" // a change of role for another peer
	CodeDeadlock    = "LCC024" // a wait that never ends when the roles play together
	CodeBounded     = "LCC025" // the exploration of the roles was cut short
	codeDeclared    = "LCC026" // a role that is declared twice
	codeNobodyFits  = "LCC027" // a cardinality that no number of peers satisfies
	codeCircle      = "LCC028" // a role whose actions form a cycle without a wait
	codeFailing     = "LCC029" // a wait that only an action can end
	codePercent     = "LCC030" // a % after a number, which begins a comment
	codeKind        = "LCC031" // a value of another kind than is taken there
	CodeEndless     = "LCC032" // roles that exchange messages for ever without a pause
	codeNoBase      = "LCC033" // a role that takes apart a value and can do nothing at its end
	CodeUnread      = "LCC034" // a message that its receiver never takes, on no way
	CodeImport      = "LCC035" // an import that cannot be resolved
	codeDeclaration = "LCC036" // a declaration that cannot be read, or that the text does not keep
	codeNever       = "LCC037" // a comparison of constants that never holds
	CodeNeverTaken  = "LCC038" // a branch behind one that can always happen
	CodeMeantAsVar  = "LCC039" // a constant that was meant as a variable
)

// File finds the static faults of a text and returns them in text order. With a nil
// host nothing is known of the constraints. When an item could not be parsed, File does
// not report faults that follow only from its absence.
func File(file *syntax.File, builtins, host *vocabulary.Set) []Diagnostic {
	if open := notClosed(file); len(open) > 0 {
		return open
	}
	c := &checker{
		builtins: builtins, host: Words(file, host), words: words{stated: Stated(file), shadows: map[key]bool{}},
		roles: map[key]*syntax.Clause{}, unread: map[key]bool{}, defined: map[key]bool{}, remembered: map[key]bool{},
		initial: map[string]bool{}, calls: map[string]syntax.Position{}, seen: map[Diagnostic]bool{},
		params: parameters{open: map[param]bool{}},
	}
	var faults []Diagnostic
	c.words.declared, faults = Declarations(file)
	c.words.facts = factKinds(file)
	c.words.spellings = spellingsOf(file)
	c.words.shares = map[param]bool{}
	c.found = append(c.found, faults...)
	doubts(c, file)
	c.collect(file)
	for _, item := range file.Items {
		switch item := item.(type) {
		case *syntax.Rule:
			redefined(c, item, file, host)
		case *syntax.Annotation:
			if item.Name == "vocabulary" {
				statement(c, item, host)
			}
		}
	}
	if len(c.clauses) == 0 && len(c.unread) == 0 {
		c.report(codeNoInitial, Warning, syntax.Position{File: file.Name, Line: 1, Column: 1},
			"write a(role, Id) :: ..., and r(role, initial).", "the text has no clause: a peer plays no role of it")
	}
	c.enterings()
	c.findAskers()
	findEnds(c)
	c.openParams()
	findResults(c)
	findShares(c)
	c.declarations()
	for _, clause := range c.clauses {
		c.clause(clause)
	}
	for _, rule := range c.rules {
		c.rule(rule)
	}
	endless(c)
	c.conversations()
	c.circles()
	Sort(c.found)
	return withoutFollowing(c.found)
}

// checker holds the facts about the whole text.
type checker struct {
	builtins   *vocabulary.Set
	host       *vocabulary.Set // nil when nothing is known of the host
	clauses    []*syntax.Clause
	rules      []*syntax.Rule
	roles      map[key]*syntax.Clause
	unread     map[key]bool // roles and rules whose items could not be parsed
	names      []string     // of roles, in the order of the text
	defined    map[key]bool // predicates with facts or rules
	remembered map[key]bool // predicates remembered with k(F)
	decls      []*syntax.RoleDecl
	initial    map[string]bool
	entries    []entering
	params     parameters
	talk       talk
	calls      map[string]syntax.Position // the first call of each constraint, by name
	words      words
	silent     bool // report nothing during the pass that only follows values
	doubt      doubt
	found      []Diagnostic
	seen       map[Diagnostic]bool
}

// words is what is known of the names of constraints.
type words struct {
	known      map[string]string // the suggestion for each name
	predicates []string          // their names, in order
	declared   Declared
	stated     int                        // the version of the vocabulary that the text was written for; 0: it does not say
	shadows    map[key]bool               // words of the host that the text defines itself
	facts      map[key][]vocabulary.Param // the kinds of what is known by facts alone
	shares     map[param]bool             // arguments of rules that are shares
	spellings  spellings                  // how often each constant is written
	told       bool                       // the text says what its peers know (@knows)
}

// parameters is what is known of the parameters of roles.
type parameters struct {
	open   map[param]bool // they may be unbound
	askers map[param]bool // they are partners who may wait for an answer
	lost   map[param]bool // they may be unbound at an end of the role
	ends   map[key]bool   // roles that may come to an end
}

// key identifies a predicate or a role by name and arity.
type key struct {
	name  string
	arity int
}

func (c *checker) report(code string, severity Severity, pos syntax.Position, hint, format string, args ...any) {
	lacks(c, Missing{}, code, severity, pos, hint, format, args...)
}

// lacks reports something that the text does not have.
func lacks(c *checker, what Missing, code string, severity Severity, pos syntax.Position, hint, format string, args ...any) {
	if c.silent || c.doubt.about(code, pos) {
		return
	}
	d := Diagnostic{Code: code, Severity: severity, Pos: pos, Message: fmt.Sprintf(format, args...), Hint: hint, Missing: what}
	if !c.seen[d] {
		c.seen[d] = true
		c.found = append(c.found, d)
	}
}

// collect sorts the items by kind and reports duplicates and misplaced ones.
func (c *checker) collect(file *syntax.File) {
	for _, head := range file.Unread {
		if role, ok := roleOf(head); ok {
			c.unread[key{role.Name, len(role.Args)}] = true
			c.names = append(c.names, role.Name)
			continue
		}
		c.defined[key{head.Name, len(head.Args)}] = true
	}
	for _, comment := range file.Comments {
		if comment.Percent {
			c.report(codePercent, Warning, comment.Position, "write a share such as 0.8, or a space before a comment",
				"%% begins a comment: the rest of the line is not read")
		}
	}
	for _, item := range file.Items {
		switch item := item.(type) {
		case *syntax.RoleDecl:
			c.decls = append(c.decls, item)
			if item.Kind == "initial" {
				c.initial[item.Role.Name] = true
			}
		case *syntax.Annotation:
			annotation(c, item)
		case *syntax.Clause:
			c.collectClause(item)
		case *syntax.Rule:
			c.rules = append(c.rules, item)
			c.define(item)
		}
	}
	for _, clause := range c.clauses {
		syntax.Walk(clause.Body, c.noteRemembered)
	}
}

// annotation handles the annotations that mean something to the checker.
func annotation(c *checker, a *syntax.Annotation) {
	switch a.Name {
	case "knows":
		c.collectKnown(a)
	case "constraint": // what the peers answer, with its types
		c.collectKnown(a)
	case "exports":
		c.unread[importers] = true
	case "takes":
		// What a library takes from the text that imports it is there, with unknown content.
		for _, arg := range a.Args {
			if taken, ok := arg.(*syntax.Const); ok {
				k := key{taken.Name, len(taken.Args)}
				c.unread[k], c.defined[k] = true, true
				c.names = append(c.names, taken.Name)
			}
		}
	}
}

// notClosed reports the imports of a text. Of one that has any nothing else can be said.
func notClosed(file *syntax.File) (list []Diagnostic) {
	for _, item := range file.Items {
		if a, ok := item.(*syntax.Annotation); ok && a.Name == "import" {
			list = append(list, Diagnostic{
				Code: CodeImport, Severity: Error, Pos: a.Pos(), Message: "the text imports another one: on its own it cannot be enacted",
				Hint: "`parley fmt --closed` writes the text with what it imports; a release has it so",
			})
		}
	}
	return list
}

// importers stands for the roles of the texts that import a library, which are unknown.
var importers = key{}

// Library reports whether a text is meant to be imported by others: it says what it
// exports.
func Library(file *syntax.File) bool {
	return slices.ContainsFunc(file.Items, func(item syntax.Item) bool {
		a, ok := item.(*syntax.Annotation)
		return ok && a.Name == "exports"
	})
}

// collectKnown handles @knows(wants(_), afford(_, _)): constraints that the peers
// answer and that neither the text nor the vocabulary defines.
func (c *checker) collectKnown(a *syntax.Annotation) {
	for _, arg := range a.Args {
		if fact, ok := arg.(*syntax.Const); ok {
			c.words.told = true
			c.remembered[key{fact.Name, len(fact.Args)}] = true
		}
	}
}

// roleOf returns the role of a head a(Role, Id).
func roleOf(head *syntax.Const) (*syntax.Const, bool) {
	if head.Name != "a" || len(head.Args) != 2 {
		return nil, false
	}
	role, ok := head.Args[0].(*syntax.Const)
	return role, ok
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
			"role %s has a clause already, in %s", role.Name, first.Pos().Place())
		return
	}
	c.roles[k] = clause
	c.names = append(c.names, role.Name)
	c.clauses = append(c.clauses, clause)
}

func (c *checker) define(rule *syntax.Rule) {
	c.defined[key{rule.Head.Name, len(rule.Head.Args)}] = true
}

// noteRemembered records the predicates that an event remembers with k(F).
func (c *checker) noteRemembered(d syntax.Def) {
	for _, cons := range syntax.Constraints(d) {
		syntax.WalkCons(cons, func(part syntax.Cons) {
			if call, ok := part.(*syntax.Call); ok && call.Goal.Name == "k" && len(call.Goal.Args) == 1 {
				if fact, ok := call.Goal.Args[0].(*syntax.Const); ok {
					c.remembered[key{fact.Name, len(fact.Args)}] = true
				}
			}
		})
	}
}
