package lcc

import (
	"fmt"
	"slices"
	"strings"

	"parley/lcc/check"
	"parley/lcc/syntax"
)

// Bounds of the exploration. A search that reaches its last state reports it; a path
// with more waiting messages is not followed.
const (
	exploreStates = 3000    // for each pair of roles
	exploreMail   = 6       // messages waiting at one agent
	explorePairs  = 12      // pairs of roles
	exploreDepth  = 24      // nesting of roles
	exploreWork   = 100_000 // events tried, for all pairs
	exploreRounds = 50_000  // states looked at for endless rounds, for all pairs
)

// Explore plays pairs of roles of a model against each other, and where there are more than
// two all of them, and reports where an agent waits for ever, with a shortest trace. It does not evaluate constraints: each may
// hold or not, a timeout may elapse at any time, and failed(P) holds once a message was
// bounced. So its findings are possible as far as messages go, and it misses faults
// that depend on constraints alone. In a pair each agent has one partner; messages to and from
// others are not followed.
//
// The search is breadth first, so that traces are shortest, and bounded; an Info says
// where it ended early.
func Explore(m *Model) []check.Diagnostic { return explore(m, exploreWork) }

func explore(m *Model, work int) []check.Diagnostic {
	x := newExplorer(m, work)
	for _, item := range m.file.Items {
		if clause, ok := item.(*syntax.Clause); ok {
			syntax.Walk(clause.Body, x.note)
		}
	}
	x.refused()
	retries(x)
	x.run()
	x.unread()
	x.circles()
	if x.bounded {
		x.list = append(x.list, check.Diagnostic{
			Code: check.CodeBounded, Severity: check.Info, Pos: syntax.Position{File: m.name, Line: 1, Column: 1},
			Message: fmt.Sprintf("the roles were explored only in part: %d states of each of %d pairs", exploreStates,
				explorePairs),
		})
	}
	together{x}.play(work)
	check.Sort(x.list)
	return x.list
}

func newExplorer(m *Model, work int) *explorer {
	return &explorer{
		model: m, left: work, ids: map[*node]int{}, texts: map[int]string{}, found: map[string]bool{}, letters: newUnread(),
	}
}

func (x *explorer) run() {
	x.find()
	for i, c := range x.couples() {
		if i == explorePairs {
			x.bounded = true
			return
		}
		x.play(c)
	}
}

// note stores the text of an event for traces.
func (x *explorer) note(d syntax.Def) {
	text := syntax.Node(d)
	switch d := d.(type) {
	case *syntax.Send:
		text = d.Message
	case *syntax.Receive:
		text = d.Message
	case *syntax.Then, *syntax.Or, *syntax.Par:
		return
	}
	x.texts[d.Pos().Offset] = syntax.Short(syntax.Text(text), 60)
}

type explorer struct {
	model   *Model
	begins  map[*clause]bool // clauses in which agents begin by themselves
	ids     map[*node]int
	texts   map[int]string // of events, by offset
	found   map[string]bool
	list    []check.Diagnostic
	bounded bool
	letters unread
	circle  *circle                     // nil: not followed yet
	others  map[*clause]map[string]bool // the roles that an agent that begins in a clause plays
	left    int                         // of exploreWork
	rounds  int                         // states looked at, up to exploreRounds
	mishaps bool                        // messages may be lost, and partners fail
	several several                     // agents of one role, where there are
}

// cast is the roles in which the peers of a search begin, one each: two of them, or all.
type cast []*clause

// find collects the roles in which agents begin by themselves: those declared initial,
// or, in a text that declares none, those that no role enters and that do not begin
// with a message.
func (x *explorer) find() {
	x.begins = map[*clause]bool{}
	entered := map[*clause]bool{}
	for _, c := range x.model.clauses {
		c.body.walk(map[*node]bool{}, func(n *node) { entered[n.role.clause] = true })
	}
	declared := slices.ContainsFunc(x.model.roles, func(r RoleInfo) bool { return r.Kind == "initial" })
	for _, r := range x.model.roles {
		c := x.model.clauses[key{r.Name, r.Arity}]
		x.begins[c] = r.Kind == "initial" || !declared && !entered[c] && len(c.openings) == 0
	}
}

// walk visits a node and all its successors within the clause.
func (n *node) walk(seen map[*node]bool, visit func(*node)) {
	stack := []*node{n}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if n == nil || seen[n] {
			continue
		}
		seen[n] = true
		visit(n)
		stack = append(append(stack, n.after), n.branches...)
	}
}

// couples returns pairs of a role that begins by itself and a role that begins by
// itself or by a message.
func (x *explorer) couples() (list []cast) {
	begin, serve := x.parts()
	for i, a := range begin {
		for _, b := range begin[i:] {
			list = append(list, cast{a, b})
		}
		for _, b := range serve {
			list = append(list, cast{a, b})
		}
	}
	return list
}

// parts returns the roles that begin by themselves and those that a message begins.
func (x *explorer) parts() (begin, serve []*clause) {
	for _, r := range x.model.roles {
		c := x.model.clauses[key{r.Name, r.Arity}]
		switch {
		case x.begins[c]:
			begin = append(begin, c)
		case r.Arity == 0 && len(c.openings) > 0:
			serve = append(serve, c)
		}
	}
	return begin, serve
}

// scene is a state of the agents, with its predecessor.
type scene struct {
	agents []figure
	from   *scene
	did    string
	by     hop     // the event that led here
	mishap *mishap // nil: there was none
}

// begun is the state in which the agents of a cast begin.
func (x *explorer) begun(p cast) *scene {
	start := &scene{agents: make([]figure, len(p))}
	for i, c := range p {
		start.agents[i].home = c
		if x.begins[c] {
			start.agents[i] = x.begin(c)
		}
	}
	return start
}

func (x *explorer) play(p cast) {
	start := x.begun(p)
	seen := map[string]*scene{x.key(start): start}
	queue := []*scene{start}
	again := hops{}
	defer func() { x.endless(queue, again) }()
	for at := 0; at < len(queue); at++ {
		if at >= exploreStates || x.left < 0 {
			x.bounded = true
			return
		}
		w := queue[at]
		next, open := x.moves(w)
		x.doubt(w, open)
		if !open {
			x.mayStop(w, next)
		}
		for _, n := range next {
			k := x.key(n)
			if seen[k] == nil {
				seen[k] = n
				queue = append(queue, n)
			}
			again.add(w, n, seen[k])
		}
	}
}

// stuck reports the agents that wait for ever in a state without a move, or with none but the
// actions that fail there. One whose partner waits for an agent that takes no part does not: the
// partner may continue.
func (x *explorer) stuck(w *scene, failing []*scene) {
	excused := x.excused(w)
	for i := range w.agents {
		others := excused.has(i)
		for j := range w.agents {
			others = others || j != i && x.waitsElsewhere(w, j)
		}
		if others {
			continue
		}
		for _, t := range w.agents[i].threads {
			if t.at == nil || t.rests() || x.actsOnly(&w.agents[i], &t) || x.elsewhere(w, i, t) {
				continue
			}
			role := t.roles[len(t.roles)-1]
			id := fmt.Sprint(x.id(t.at))
			if x.found[id] {
				continue
			}
			x.found[id] = true
			x.list = append(x.list, check.Diagnostic{
				Code: check.CodeDeadlock, Severity: check.Warning, Pos: t.at.pos, Trace: x.trace(w, failing...),
				Message: fmt.Sprintf("role %s may wait here for ever", role),
				Hint:    "answer it on every branch, or make it a choice: or (null <- failed(P)) or (null <- timeout(10))",
			})
		}
	}
}

// waitsElsewhere reports whether an agent waits for a message of a role that none of the
// others ever plays.
func (x *explorer) waitsElsewhere(w *scene, i int) bool {
	return slices.ContainsFunc(w.agents[i].threads, func(t walker) bool { return t.at != nil && x.elsewhere(w, i, t) })
}

// trace tells what leads to a scene, and which actions fail there.
func (x *explorer) trace(w *scene, failing ...*scene) string {
	steps := w.steps()
	for _, f := range failing {
		steps = append(steps, f.failure(x, w))
	}
	var b strings.Builder
	for i, step := range steps {
		fmt.Fprintf(&b, "%d. %s\n", i+1, step)
	}
	if len(steps) == 0 {
		return "at once"
	}
	return strings.TrimRight(b.String(), "\n")
}

// steps returns what happened on the way to a scene.
func (w *scene) steps() (steps []string) {
	for ; w.from != nil; w = w.from {
		if w.did != "" {
			steps = append(steps, w.did)
		}
	}
	slices.Reverse(steps)
	return steps
}

func (x *explorer) id(n *node) int {
	id, ok := x.ids[n]
	if !ok {
		id = len(x.ids) + 1
		x.ids[n] = id
	}
	return id
}
