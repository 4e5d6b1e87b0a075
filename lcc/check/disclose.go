package check

import (
	"maps"
	"slices"
	"strconv"

	"parley/lcc/syntax"
	"parley/lcc/vocabulary"
)

// Disclosures lists what a model can make a host disclose and do, so that the host can
// review it before it takes a role. It is conservative: it lists every possible flow,
// including some that never happen.
type Disclosures struct {
	Tells []Disclosure
	Acts  []Action
	// Partial says that the analysis stopped at its bound on roles and rules, so that
	// there may be more disclosures.
	Partial bool
}

// revealRounds bounds the roles and rules through which a value is followed.
const revealRounds = 60

// Disclosure is a message that carries, or depends on, answers of the host.
type Disclosure struct {
	Pos     syntax.Position
	Role    string // the sender
	To      string // the receiver's role; "" when the text does not name it
	Message string
	// Carries are the questions, as name/arity, whose answers the message may contain;
	// Because are those that decide whether it is sent.
	Carries, Because []string
}

// Action is an action that an event of a role may request.
type Action struct {
	Pos    syntax.Position
	Role   string
	Action string // name/arity
}

// Disclose tracks the answers of a host's vocabulary through a text: from the
// constraints that ask, through variables, rules, the agent's memory and the parameters
// of roles, into messages.
func Disclose(file *syntax.File, host *vocabulary.Set) Disclosures {
	f := &flow{
		host: Words(file, host), asks: map[key]set{},
		memory: map[key]set{}, params: map[param]set{},
	}
	for _, item := range file.Items {
		switch item := item.(type) {
		case *syntax.Rule:
			f.rules = append(f.rules, item)
		case *syntax.Clause:
			f.clauses = append(f.clauses, item)
		}
	}
	f.changed = true
	for round := 0; f.changed; round++ {
		f.changed = false
		f.disclosures = Disclosures{Partial: round == revealRounds}
		for _, rule := range f.rules {
			f.grow(f.asks, key{rule.Head.Name, len(rule.Head.Args)}, f.constraint(rule.Body, sources{}, nil))
		}
		for _, clause := range f.clauses {
			f.clause(clause)
		}
		if f.disclosures.Partial {
			break
		}
	}
	return f.disclosures
}

// set is a set of questions, as name/arity.
type set map[string]bool

// sources maps each variable of a clause to the questions from which its value may
// come.
type sources map[string]set

// flow is the state of the analysis; it only grows.
type flow struct {
	host        *vocabulary.Set
	clauses     []*syntax.Clause
	rules       []*syntax.Rule
	asks        map[key]set   // what a rule asks, directly or through others
	memory      map[key]set   // sources of remembered facts
	params      map[param]set // of roles
	changed     bool
	disclosures Disclosures
}

func (f *flow) grow(into map[key]set, k key, more set) {
	if into[k] == nil {
		into[k] = set{}
	}
	before := len(into[k])
	maps.Copy(into[k], more)
	f.changed = f.changed || len(into[k]) > before
}

func (f *flow) clause(clause *syntax.Clause) {
	role, ok := clause.Agent.Role.(*syntax.Const)
	if !ok {
		return
	}
	from := sources{}
	for i, arg := range role.Args {
		from.flow(f.params[param{key{role.Name, len(role.Args)}, i}], arg)
	}
	// A variable may get its value after its first use, as in a cycle of roles, so the
	// body is analysed until nothing changes.
	for before := -1; before != from.size(); {
		before = from.size()
		syntax.Walk(clause.Body, func(d syntax.Def) { f.event(role.Name, d, from, nil) })
	}
	syntax.Walk(clause.Body, func(d syntax.Def) { f.event(role.Name, d, from, &f.disclosures) })
}

// event analyses one event. It adds disclosures only when out is not nil.
func (f *flow) event(role string, d syntax.Def, from sources, out *Disclosures) {
	because := set{}
	for _, cons := range syntax.Constraints(d) {
		maps.Copy(because, f.constraint(cons, from, func(pos syntax.Position, k key) {
			if out != nil {
				out.Acts = append(out.Acts, Action{pos, role, nameArity(k)})
			}
		}))
	}
	switch d := d.(type) {
	case *syntax.Enter:
		if entered, ok := d.Agent.Role.(*syntax.Const); ok {
			for i, arg := range entered.Args {
				f.param(param{key{entered.Name, len(entered.Args)}, i}, from.of(arg))
			}
		}
	case *syntax.Send:
		if out == nil {
			return
		}
		t := Disclosure{
			Pos: d.Pos(), Role: role, Message: syntax.Text(d.Message),
			Carries: slices.Sorted(maps.Keys(from.of(d.Message, d.To.Role))), Because: slices.Sorted(maps.Keys(because)),
		}
		if to, ok := d.To.Role.(*syntax.Const); ok {
			t.To = to.Name
		}
		if len(t.Carries)+len(t.Because) > 0 {
			out.Tells = append(out.Tells, t)
		}
	}
}

func (f *flow) param(p param, more set) {
	if f.params[p] == nil {
		f.params[p] = set{}
	}
	before := len(f.params[p])
	maps.Copy(f.params[p], more)
	f.changed = f.changed || len(f.params[p]) > before
}

// constraint analyses a constraint and returns all questions in it. A value may flow
// between any two variables of one part.
func (f *flow) constraint(cons syntax.Cons, from sources, acts func(syntax.Position, key)) set {
	asked := set{}
	if cons == nil {
		return asked
	}
	syntax.WalkCons(cons, func(part syntax.Cons) {
		switch part := part.(type) {
		case *syntax.Compare:
			from.flow(from.of(part.Left, part.Right), part.Left, part.Right)
		case *syntax.Call:
			maps.Copy(asked, f.call(part, from, acts))
		}
	})
	return asked
}

func (f *flow) call(call *syntax.Call, from sources, acts func(syntax.Position, key)) set {
	k := key{call.Goal.Name, len(call.Goal.Args)}
	asked := set{}
	switch s, known := f.host.Lookup(k.name, k.arity); {
	case k == key{"k", 1} || k == key{"known", 1} || k == key{"retract", 1}:
		if fact, ok := call.Goal.Args[0].(*syntax.Const); ok {
			fk := key{fact.Name, len(fact.Args)}
			f.grow(f.memory, fk, from.of(fact))
			from.flow(f.memory[fk], fact)
		}
		return asked
	case k == key{"findall", 3}:
		if goal := syntax.Collected(call.Goal); goal != nil {
			maps.Copy(asked, f.constraint(goal, from, acts))
		}
	case known && s.Acts:
		if acts != nil {
			acts(call.Pos(), k)
		}
		asked[nameArity(k)] = true
	case known:
		asked[nameArity(k)] = true
	default:
		maps.Copy(asked, f.asks[k])
		maps.Copy(asked, f.memory[k])
	}
	whole := maps.Clone(asked)
	maps.Copy(whole, from.of(call.Goal))
	from.flow(whole, call.Goal)
	return asked
}

// of returns the sources of the variables of terms.
func (from sources) of(terms ...syntax.Term) set {
	whole := set{}
	for _, name := range syntax.Variables(terms...) {
		maps.Copy(whole, from[name])
	}
	return whole
}

// flow adds sources to the variables of terms.
func (from sources) flow(s set, terms ...syntax.Term) {
	if len(s) == 0 {
		return
	}
	for _, name := range syntax.Variables(terms...) {
		if from[name] == nil {
			from[name] = set{}
		}
		maps.Copy(from[name], s)
	}
}

func (from sources) size() (n int) {
	for _, s := range from {
		n += len(s)
	}
	return n
}

func nameArity(k key) string { return k.name + "/" + strconv.Itoa(k.arity) }
