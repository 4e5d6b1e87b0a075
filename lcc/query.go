package lcc

import (
	"slices"
	"strings"

	"parley/lcc/check"
	"parley/lcc/syntax"
	"parley/lcc/vocabulary"
)

// Query is a constraint that is asked without an agent: of the rules and facts of a model, of
// those of its asker, and of a World. It is immutable.
type Query struct {
	model *Model
	rule  *rule
}

// Solution is one way in which a query holds: the values of its variables.
type Solution []Given

// Answers are the solutions of a query, in the order in which they are found.
type Answers struct {
	Solutions []Solution
	More      bool   // there are others
	Unknown   bool   // a question of the World is not answered yet
	Fault     Reason // what ended the search; no code: nothing did
	// Why says which part of the constraint does not hold, and what comes nearest; "" where
	// there is a solution.
	Why string
}

const (
	queryName   = "query"
	queryBefore = queryName + " :-\n"
)

// NewQuery compiles a constraint. m is the model whose rules and facts answer it; nil: none.
// Of the other files only the facts and rules count. host describes the constraints that a
// host answers; it may be nil. Without an error among the findings there is a query.
func NewQuery(goal string, m *Model, host *vocabulary.Set, others ...*syntax.File) (*Query, []check.Diagnostic) {
	goal = strings.TrimSuffix(strings.TrimSpace(goal), ".")
	asked, errs := syntax.Parse(queryName, []byte(queryBefore+goal))
	found := check.DiagnoseSyntax(errs)
	other := slices.ContainsFunc(found, func(d check.Diagnostic) bool { return strings.Contains(d.Message, `":-"`) })
	// Something stands behind a constraint that ended.
	other = other || len(found) > 0 && asked != nil && len(asked.Ends) == 1 && asked.Ends[0] < len(queryBefore+goal)
	if other || len(found) == 0 && (len(asked.Items) != 1 || bodyOf(asked.Items[0]) == nil) {
		at := syntax.Position{File: queryName, Line: 2, Column: 1, Offset: len(queryBefore)}
		found = []check.Diagnostic{{Code: "LCC001", Pos: at, Message: "one constraint is needed",
			Hint: "write one such as wants(X) and afford(X, P)"}}
	}
	if len(found) > 0 {
		return nil, moved(found)
	}
	head := asked.Items[0].(*syntax.Rule)
	head.Head = &syntax.Const{Name: queryName, Args: variables(bodyOf(head))}
	file := &syntax.File{Name: queryName}
	if m != nil {
		file.Items = slices.Clone(m.file.Items)
	}
	for _, other := range others {
		file.Items = append(file.Items, slices.DeleteFunc(slices.Clone(other.Items), notARule)...)
	}
	file.Items = append(file.Items, head)
	for _, d := range check.File(file, Builtins(), host) {
		if d.Pos.File == queryName && d.Pos.Line > 1 && (d.Severity == check.Error || d.Code == check.CodeUnanswered) {
			found = append(found, d)
		}
	}
	if slices.ContainsFunc(found, func(d check.Diagnostic) bool { return d.Severity == check.Error }) {
		return nil, moved(found)
	}
	lowered := lower(queryName, nil, file, host)
	rules := lowered.rules[key{queryName, len(head.Head.Args)}]
	return &Query{lowered, rules[len(rules)-1]}, moved(found)
}

func bodyOf(item syntax.Item) syntax.Cons {
	if r, ok := item.(*syntax.Rule); ok {
		return r.Body
	}
	return nil
}

func notARule(item syntax.Item) bool {
	_, ok := item.(*syntax.Rule)
	return !ok
}

// moved gives findings about a query the places in the constraint as it was written.
func moved(found []check.Diagnostic) []check.Diagnostic {
	for i := range found {
		p := &found[i].Pos
		p.Line, p.Offset = max(p.Line-1, 1), max(p.Offset-len(queryBefore), 0)
	}
	return found
}

// variables returns the variables of a constraint that have a name, in the order of the text.
func variables(c syntax.Cons) (list []syntax.Term) {
	seen := map[string]bool{}
	syntax.WalkTerms(func(t syntax.Term) {
		if v, ok := t.(*syntax.Var); ok && !seen[v.Name] {
			seen[v.Name] = true
			list = append(list, v)
		}
	}, &syntax.Goal{Cons: c})
	return list
}

// Ask finds up to most solutions of the query. self is who asks; also names predicates of the
// model's to which w adds solutions, nil: none.
func (q *Query) Ask(self PeerID, w World, also func(name string, arity int) bool, most int) Answers {
	look := inquiryLook(q.model, self, w, also)
	frame := newFrame(q.rule.names)
	a := inquire(look, agent{}, thread{}, frame, look.m.limits)
	a.alone = true
	defer a.close()
	found := a.search(q.rule, most)
	if len(found.Solutions) == 0 {
		found.Why = a.culprit(q.rule.body)
	}
	return found
}

// inquiryLook returns a look without an engine.
func inquiryLook(m *Model, self PeerID, w World, extends func(name string, arity int) bool) *look {
	limits, _ := Limits{}.withDefaults()
	return &look{model: m, m: &meter{limits: limits}, workspace: &Workspace{}, around: &surroundings{
		self: self, selfTerm: String(self), model: m.digest, world: w, extends: extends, suspects: map[PeerID]bool{},
	}}
}

// search finds the solutions of the body of a rule, as values of the arguments of its head.
func (q inquiry) search(r *rule, most int) (found Answers) {
	defer caught(func(why Reason) { found.Fault = why })
	came := q.solver.solve(&cnode{kind: consAnd, parts: []*cnode{r.body}, begins: true}, q.frame)
	for ; came == solved; came = q.solver.next() {
		if len(found.Solutions) == most {
			found.More = true
			return found
		}
		found.Solutions = append(found.Solutions, q.solution(r))
		q.solver.m.reset()
	}
	found.Unknown = q.solver.later > 0
	return found
}

// solution returns the values of the variables in a rule's head that have one.
func (q inquiry) solution(r *rule) Solution {
	list := Solution{}
	for _, arg := range r.args {
		value := q.look.m.visible(q.solver.m.term(arg, q.frame))
		if at, ok := arg.(slot); ok && !isVar(value) {
			list = append(list, Given{q.frame.names[at], value})
		}
	}
	return list
}
