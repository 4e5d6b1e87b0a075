package lcc

import (
	"maps"
	"slices"

	"parley/lcc/check"
	"parley/lcc/syntax"
)

// Rules derive facts of a peer from its other facts. They are immutable.
type Rules struct {
	file  *syntax.File
	model *Model
}

// solutionsMost bounds what rules answer to one question.
const solutionsMost = 4096

// newRules compiles a file that holds nothing but rules.
func newRules(file *syntax.File) (*Rules, []*syntax.Error) {
	var faults []*syntax.Error
	for _, d := range check.File(file, Builtins(), nil) {
		if d.Severity == check.Error {
			faults = append(faults, &syntax.Error{Position: d.Pos, Message: d.Message, Hint: d.Hint})
		}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return &Rules{file, lower(file.Name, nil, file, nil)}, nil
}

// File returns the syntax tree of the rules, which must not be changed.
func (r *Rules) File() *syntax.File { return r.file }

// Needs returns, sorted, the predicates as name/arity that the rules ask and do not derive.
func (r *Rules) Needs() []string { return r.model.Needs() }

// Derives reports whether there are rules of a predicate.
func (r *Rules) Derives(name string, arity int) bool { return r != nil && r.model.Defines(name, arity) }

// Names returns, sorted, the names of the predicates that the rules derive.
func (r *Rules) Names() []string {
	if r == nil {
		return nil
	}
	names := map[string]bool{}
	for k := range r.model.rules {
		names[k.name] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// Ask derives the answer to a goal. w answers what the rules ask; of the predicates that also
// reports, it adds its own solutions to those of the rules. Where a limit of an event is
// passed, nothing holds, and the answer says why.
func (r *Rules) Ask(goal Term, w World, also func(name string, arity int) bool) (answer Answer) {
	defer caught(func(why Reason) { answer = Answer{Detail: "its rules fail: " + why.String()} })
	name, args, _ := Name(rename(goal, map[*Var]Term{}))
	k := key{name, len(args)}
	look := inquiryLook(r.model, "rules", w, also)
	q := inquire(look, agent{}, thread{}, nil, look.m.limits)
	defer q.close()
	call := &cnode{kind: consCall, key: k, args: args, rules: r.model.rules[k], defined: true}
	came := q.solver.solve(&cnode{kind: consAnd, parts: []*cnode{call}, begins: true}, q.frame)
	for ; came == solved; came = q.solver.next() {
		answer.Truth = True
		if len(args) == 0 {
			return answer
		}
		if len(answer.Solutions) == solutionsMost {
			throw(ReasonLimit, "more than %d solutions", solutionsMost)
		}
		answer.Solutions = append(answer.Solutions, q.tuple(k, args))
	}
	return answer
}

// tuple returns the arguments of a goal as they are bound.
func (q inquiry) tuple(k key, args []Term) []Term {
	list := make([]Term, len(args))
	for i, arg := range args {
		list[i] = q.solver.m.resolve(arg)
		if !q.solver.m.ground(list[i]) {
			throw(ReasonUnbound, "a rule of %s/%d leaves argument %d without a value", k.name, k.arity, i+1)
		}
	}
	return list
}
