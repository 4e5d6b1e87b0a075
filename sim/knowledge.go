package sim

import (
	"fmt"
	"slices"

	"parley/lcc"
)

// knowledge is the set of facts of a plain peer, by name and arity.
type knowledge map[string][][]lcc.Term

func newKnowledge(facts []lcc.Term) (knowledge, error) {
	k := knowledge{}
	for _, fact := range facts {
		if err := k.learn(fact); err != nil {
			return nil, err
		}
	}
	return k, nil
}

func (k knowledge) learn(fact lcc.Term) error {
	name, args, ok := lcc.Name(fact)
	if !ok {
		return fmt.Errorf("%s is not a fact such as in_stock(lamp, 5)", fact)
	}
	key := fmt.Sprintf("%s/%d", name, len(args))
	k[key] = append(k[key][:len(k[key]):len(k[key])], args)
	return nil
}

// forget drops the facts that match a pattern, and returns their names. A query for a
// name without facts then fails, instead of being unknown.
func (k knowledge) forget(p lcc.Pattern) (names []string) {
	for key, facts := range k {
		name := key[:lastSlash(key)]
		kept := slices.DeleteFunc(slices.Clone(facts), func(args []lcc.Term) bool {
			return p.Match(lcc.NewTerm(name, args...), lcc.Bindings{})
		})
		if len(kept) < len(facts) {
			k[key] = kept
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func lastSlash(key string) int {
	for i := len(key) - 1; i >= 0; i-- {
		if key[i] == '/' {
			return i
		}
	}
	return 0
}

func (k knowledge) has(name string, arity int) bool {
	return len(k[fmt.Sprintf("%s/%d", name, arity)]) > 0
}

// Ask answers a goal from the facts.
func (k knowledge) Ask(goal lcc.Term) (lcc.Answer, bool) {
	name, args, _ := lcc.Name(goal)
	facts, known := k[fmt.Sprintf("%s/%d", name, len(args))]
	if !known {
		return lcc.Answer{}, false
	}
	if len(facts) == 0 {
		return lcc.Answer{}, true
	}
	if len(args) == 0 {
		return lcc.Answer{Truth: lcc.True}, true
	}
	return lcc.Answer{Truth: lcc.True, Solutions: facts}, true
}

// derived answers from the facts of a peer, and from rules that derive others.
type derived struct {
	lcc.EmptyWorld
	facts knowledge
	rules *lcc.Rules // nil: none
}

func (d derived) Ask(goal lcc.Term) (lcc.Answer, bool) {
	name, args, _ := lcc.Name(goal)
	if !d.rules.Derives(name, len(args)) {
		return d.facts.Ask(goal)
	}
	return d.rules.Ask(goal, facts{facts: d.facts}, d.facts.has), true
}

func (d derived) has(name string, arity int) bool {
	return d.facts.has(name, arity) || d.rules.Derives(name, arity)
}

// facts is a World of facts alone.
type facts struct {
	lcc.EmptyWorld
	facts knowledge
}

func (f facts) Ask(goal lcc.Term) (lcc.Answer, bool) { return f.facts.Ask(goal) }
