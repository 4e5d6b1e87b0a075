package lcc

import (
	"fmt"
	"slices"
	"strings"
)

// This file says why the constraint of an event does not hold: which part of it, with its
// values, what is known that comes nearest, and what would wake the agent. It looks at
// copies, so it changes nothing.

// Bounds of one explanation: parts of a constraint or rules of a predicate, rules within rules,
// and reductions for each part.
const (
	whyParts = 16
	whyDepth = 3
	whySteps = 10_000
)

// inquiry looks at the constraint of one event of a waiting thread.
type inquiry struct {
	look   *look
	solver *solver
	frame  *frame
	alone  bool       // there is no agent to wake
	depth  int        // of the rule that it looks into
	lack   *grounding // notes what decided that a constraint does not hold; nil: nobody wants it
}

func (w *viewer) inquire(a *agent, t *thread, f *frame) inquiry {
	limits := w.look.m.limits
	limits.StepsPerEvent = min(limits.StepsPerEvent, whySteps)
	return inquire(w.look, *a, *t, f, limits)
}

// inquire looks at copies of an agent, a thread and a frame.
func inquire(l *look, agent agent, thread thread, f *frame, limits Limits) inquiry {
	agent.table, agent.uses = nil, uses{}
	thread.offered = nil
	s := &solver{m: &meter{limits: limits}, around: l.around, workspace: &Workspace{}, tabling: &l.model.tabling}
	s.begin(&agent, &thread)
	s.plain = true
	copied := &frame{}
	if f != nil {
		copied = &frame{vars: slices.Clone(f.vars), names: f.names}
	}
	return inquiry{look: l, solver: s, frame: copied}
}

// close undoes what the last look has bound: the variables are those of the agent.
func (q inquiry) close() { q.solver.tr.undo(0) }

// holds solves the first parts of a conjunction; the solution stays until the next call. An
// action that is not asked for yet counts as one that does not hold.
func (q inquiry) holds(parts []*cnode) (outcome, string) {
	q.solver.tr.undo(0)
	q.solver.m.reset()
	q.solver.later, q.solver.spent, q.solver.begun = 0, nil, nil
	came, why := failed, ""
	func() {
		defer caught(func(reason Reason) { why = reason.String() })
		came = q.solver.solve(&cnode{kind: consAnd, parts: parts, begins: true}, q.frame)
	}()
	return came, why
}

// broken finds the first part of a constraint that does not hold; -1 where all of them do.
func (q inquiry) broken(parts []*cnode) (at int, came outcome, fault string) {
	for i := range min(len(parts), whyParts) {
		if came, fault = q.holds(parts[:i+1]); came != solved {
			return i, came, fault
		}
	}
	return -1, solved, ""
}

// culprit says which part of a constraint does not hold; "" where all of them do.
func (q inquiry) culprit(guard *cnode) string {
	parts := conjuncts(guard, nil)
	i, came, fault := q.broken(parts)
	switch {
	case i < 0:
		return ""
	case came == waiting:
		return "the action " + q.text(parts[i]) + " failed, and is asked for again after a change"
	}
	unknown := q.solver.later > 0
	q.holds(parts[:i]) // for the values
	text := q.text(parts[i])
	switch {
	case fault != "":
		return text + ": " + fault
	case unknown:
		return text + " is not known yet"
	}
	if why := q.nothing(parts[:i], parts[i]); why != "" {
		return why
	}
	q.decided(parts[:i], parts[i])
	return text + " does not hold" + q.nearest(parts[i])
}

// nothing says why a search has found nothing, where a part that does not hold needs what it
// finds; "" where no search before it is one.
func (q inquiry) nothing(before []*cnode, part *cnode) string {
	needs := part.slots(nil)
	for _, c := range slices.Backward(before) {
		if !mentions(c, needs) {
			continue
		}
		needs = c.slots(needs)
		if c.kind != consFindall || q.depth == whyDepth || q.value(c.args[1]).String() != "[]" {
			continue
		}
		inner := q
		inner.depth++
		inner.frame = &frame{vars: slices.Clone(q.frame.vars), names: q.frame.names}
		inner.seen()
		sought := brief(inner.value(c.args[0]))
		if why := inner.culprit(c.parts[0]); why != "" {
			return "there is no " + sought + ": " + why
		}
	}
	return ""
}

// decided notes a comparison that does not hold, and on what its values depend.
func (q inquiry) decided(before []*cnode, part *cnode) {
	if q.lack == nil || !ordering(part) || len(q.lack.list) > 0 {
		return
	}
	lack := q.lack
	q.lack = nil
	q.frame = &frame{vars: slices.Clone(q.frame.vars), names: q.frame.names}
	q.seen()
	lack.add(Ground{Kind: GroundLacks, Text: q.written(part), Values: q.text(part)})
	needs := part.slots(nil)
	for _, c := range before {
		lack.part(q, c, needs)
	}
}

// ordering says whether a part compares by size.
func ordering(c *cnode) bool {
	return c.kind == consCompare && slices.Contains([]string{"<", ">", "=<", ">="}, c.op)
}

// because says what makes a negation fail: what is negated, with its values, or where only a
// rule defines it, the parts of the rule that hold.
func (q inquiry) because(not *cnode) string {
	plain := strings.TrimPrefix(q.text(not), "not ")
	if why := q.holding(not.parts[0]); why != "" && why != plain {
		return ": " + why + " holds"
	}
	return ""
}

// holding is a part of a constraint that holds, with its values; of a predicate that rules
// define, the body of the first rule that holds. "" where it does not hold.
func (q inquiry) holding(c *cnode) string {
	if came, _ := q.holds([]*cnode{c}); came != solved {
		return ""
	}
	text := q.text(c)
	if c.kind != consCall || !c.defined || q.depth == whyDepth {
		return text
	}
	_, asked, _ := Name(q.term(c.key.name, c.args))
	for _, r := range c.rules[:min(len(c.rules), whyParts)] {
		inner, fits := q.entered(r, asked)
		if r.body == nil || !fits {
			continue
		}
		parts := conjuncts(r.body, nil)
		if at, _, _ := inner.broken(parts); at >= 0 || len(parts) > whyParts {
			continue
		}
		if len(parts) == 1 && parts[0].kind == consCall {
			return inner.holding(parts[0])
		}
		inner.holds(parts) // for the values
		var texts []string
		for _, part := range parts {
			texts = append(texts, inner.text(part))
		}
		return strings.Join(texts, " and ")
	}
	return text
}

// within says why a predicate does not hold that only rules define: which part of the rule that
// gets furthest, the first of equals.
func (q inquiry) within(c *cnode, asked []Term) string {
	if q.depth == whyDepth {
		return ""
	}
	furthest, body := -1, (*cnode)(nil)
	var best inquiry
	for _, r := range c.rules[:min(len(c.rules), whyParts)] {
		inner, fits := q.entered(r, asked)
		if r.body == nil || !fits {
			continue
		}
		if at, _, _ := inner.broken(conjuncts(r.body, nil)); at > furthest {
			furthest, best, body = at, inner, r.body
		}
	}
	if body == nil {
		return ""
	}
	return ": " + best.culprit(body)
}

// entered looks into a rule, with the arguments of a call.
func (q inquiry) entered(r *rule, args []Term) (inner inquiry, fits bool) {
	defer caught(func(Reason) { fits = false })
	q.solver.tr.undo(0)
	q.solver.m.reset()
	f := newFrame(r.names)
	fits = q.solver.m.matchAll(&q.solver.tr, r.args, f, args, false)
	inner = q
	inner.depth++
	inner.frame = &frame{vars: slices.Clone(f.vars), names: f.names}
	inner.seen()
	return inner, fits
}

// seen makes copies of the values, which stay when the solver looks again.
func (q inquiry) seen() {
	for i, v := range q.frame.vars {
		if v != nil {
			q.frame.vars[i] = q.look.m.visible(v)
		}
	}
}

// conjuncts returns the parts of a conjunction.
func conjuncts(c *cnode, list []*cnode) []*cnode {
	if c == nil {
		return list
	}
	if c.kind != consAnd {
		return append(list, c)
	}
	for _, part := range c.parts {
		list = conjuncts(part, list)
	}
	return list
}

// text is a part of a constraint with the values of its variables.
func (q inquiry) text(c *cnode) string {
	join := func(between string) string {
		var parts []string
		for _, part := range c.parts {
			parts = append(parts, q.text(part))
		}
		return "(" + strings.Join(parts, between) + ")"
	}
	switch c.kind {
	case consCall:
		return q.term(c.key.name, c.args).String()
	case consCompare:
		sides := q.term("", c.args).(*Compound).Args
		return fmt.Sprintf("%s %s %s", brief(sides[0]), c.op, brief(sides[1]))
	case consNot:
		return "not " + q.text(c.parts[0])
	case consOr:
		return join("; ")
	case consFindall:
		sides := q.term("", c.args).(*Compound).Args
		return fmt.Sprintf("findall(%s, %s, %s)", brief(sides[0]), q.text(c.parts[0]), brief(sides[1]))
	}
	return join(" and ")
}

// term returns templates with their values, as one term.
func (q inquiry) term(functor string, templates []Term) Term {
	args := make([]Term, len(templates))
	for i, template := range templates {
		args[i] = q.value(template)
	}
	return NewTerm(functor, args...)
}

// value is a template with its values; what has grown too large is an underscore.
func (q inquiry) value(template Term) (t Term) {
	defer caught(func(Reason) { t = &Var{Name: "_"} })
	q.solver.m.reset()
	return q.look.m.visible(q.solver.m.term(template, q.frame))
}

// nearest says what is known of the predicate of a part that does not hold.
func (q inquiry) nearest(c *cnode) string {
	if c.kind == consNot && len(c.parts) == 1 {
		return q.because(c)
	}
	if c.kind != consCall || c.builtin != nil || c.acts {
		return ""
	}
	name := fmt.Sprintf("%s/%d", c.key.name, c.key.arity)
	goal := q.term(c.key.name, c.args)
	_, asked, _ := Name(goal)
	known := q.solver.agent.memory.tuples(c.key)
	for _, r := range c.rules {
		if r.body == nil && len(r.names) == 0 {
			known = append(known, r.args)
		}
	}
	if !c.defined {
		answer, _ := q.solver.around.world.Ask(goal)
		if answer.Detail != "" {
			return ": " + answer.Detail
		}
		if !c.answered { // a fact of a peer; a question of the host needs its arguments
			open := make([]Term, c.key.arity)
			for i := range open {
				open[i] = &Var{Name: "_"}
			}
			answer, _ = q.solver.around.world.Ask(NewTerm(c.key.name, open...))
			known = append(known[:len(known):len(known)], answer.Solutions...)
		}
	}
	wakes := ""
	if !q.alone && (!c.defined || c.memorable) {
		wakes = "; a change of " + c.key.name + " wakes the agent"
	}
	if best := alike(asked, known); best != nil {
		return ": nearest is " + brief(NewTerm(c.key.name, best...)) + wakes
	}
	if c.answered && !q.alone { // the host knows, and says no
		return wakes
	}
	if c.defined {
		if why := q.within(c, asked); why != "" {
			return why
		}
		return wakes
	}
	return ": nothing is known of " + name + wakes
}

// alike returns the facts' arguments that agree with a goal in most places; the first of
// equals.
func alike(asked []Term, known [][]Term) (best []Term) {
	most := -1
	for _, tuple := range known {
		same := 0
		for i := range min(len(tuple), len(asked)) {
			if _, unbound := deref(asked[i]).(*Var); unbound || Equal(tuple[i], asked[i]) {
				same++
			}
		}
		if same > most && len(tuple) == len(asked) {
			best, most = tuple, same
		}
	}
	return best
}

// soon is said of an event that nothing keeps any more.
const soon = "it can happen at the next step"

// partner says why a send whose constraint holds has nobody to go to.
func (q inquiry) partner(n *node) string {
	if _, unbound := q.value(n.role.id).(*Var); !unbound {
		return soon
	}
	role := q.value(n.role.term)
	players, truth := q.look.around.world.Players(q.look.model.digest, role)
	switch {
	case truth == Later:
		return fmt.Sprintf("no partner is known yet: a search for %s is in progress", brief(role))
	case len(players) == 0:
		return fmt.Sprintf("no partner is known: nobody plays %s; who does wakes the agent", brief(role))
	case !n.role.cardinality.quorum(players):
		return fmt.Sprintf("too few partners are known: %d of %s, at least %d by its declaration", len(players), brief(role),
			n.role.cardinality.min)
	}
	return soon
}

// unfit says why the messages that wait are not taken: the one that comes nearest.
func (q inquiry) unfit(a *agent, t *thread, n *node) string {
	want, args, _ := templateName(n.message)
	best, most := "", -1
	for _, m := range a.mail {
		name, got, _ := Name(m.message.Body)
		text := fmt.Sprintf("%s from a(%s, %s)", brief(m.message.Body), m.from, m.message.From.Peer)
		rank, why := 0, "another message is awaited"
		switch {
		case name == want && len(got) != len(args):
			rank, why = 1, fmt.Sprintf("it has %d arguments, and %d are awaited", len(got), len(args))
		case name == want && (t.scope == nil || m.role != t.scope.clause.role):
			rank, why = 2, fmt.Sprintf("it is for role %s", m.role)
		case name == want && n.role.name != "" && n.role.name != m.from:
			rank, why = 2, fmt.Sprintf("a message of role %s is awaited", n.role.name)
		case name == want:
			rank, why = 3, q.unmatched(n, m)
		}
		if rank > most {
			best, most = text+": "+why, rank
		}
	}
	return "none of the messages that wait fits; nearest is " + best
}

// unmatched says why a message of the right name is not taken.
func (q inquiry) unmatched(n *node, m *mail) string {
	q.solver.tr.undo(0)
	q.solver.m.reset()
	if !q.solver.matchPeer(n.role.id, m.message.From.Peer, q.frame) {
		return fmt.Sprintf("a message of %s is awaited", brief(q.value(n.role.id)))
	}
	if !q.solver.matches(n, q.frame, m) {
		return fmt.Sprintf("%s is awaited", brief(q.value(n.message)))
	}
	bound := &frame{vars: slices.Clone(q.frame.vars), names: q.frame.names}
	return inquiry{look: q.look, solver: q.solver, frame: bound}.filtered(n.guard)
}

// filtered says which part of a receive's constraint does not hold for a message.
func (q inquiry) filtered(guard *cnode) string {
	q.seen()
	if why := q.culprit(guard); why != "" {
		return why
	}
	return soon
}
