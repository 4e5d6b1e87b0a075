package lcc

import (
	"fmt"
	"sort"

	"parley/lcc/syntax"
)

// Model is a compiled interaction model. It is immutable, so engines in several
// goroutines may share it.
type Model struct {
	name    string
	digest  Digest
	text    []byte
	file    *syntax.File
	clauses map[key]*clause
	rules   map[key][]*rule
	roles   []RoleInfo
	asks    []string
	needs   []string
	tabling tabling
	remarks map[key]string // what the text says of its parameters
}

// RoleInfo describes a role that the model has a clause for.
type RoleInfo struct {
	Name     string
	Arity    int
	Kind     string // as declared: initial, necessary, ...; "" when undeclared
	Min, Max int    // cardinality; -1 where not given
}

// Name returns the name passed to Compile.
func (m *Model) Name() string { return m.name }

// Digest returns the SHA-256 of the model's text.
func (m *Model) Digest() Digest { return m.digest }

// Text returns the text, which must not be changed.
func (m *Model) Text() []byte { return m.text }

// File returns the syntax tree of the text, which must not be changed.
func (m *Model) File() *syntax.File { return m.file }

// Roles returns the model's roles in the order of their clauses.
func (m *Model) Roles() []RoleInfo { return append([]RoleInfo(nil), m.roles...) }

// Initial returns the names of the roles without parameters that are declared initial:
// the roles in which a peer begins.
func (m *Model) Initial() (names []string) {
	for _, r := range m.roles {
		if r.Kind == "initial" && r.Arity == 0 {
			names = append(names, r.Name)
		}
	}
	return names
}

// Found reports whether other peers can discover who plays a role. That is true for all
// roles except auxiliary ones: they are entered from other roles and addressed only by
// partners.
func (m *Model) Found(role Term) bool {
	name, args, _ := Name(role)
	for _, r := range m.roles {
		if r.Name == name && r.Arity == len(args) {
			return r.Kind != "auxiliary"
		}
	}
	return true
}

// Needs returns, sorted, the predicates as name/arity that the text uses and that
// neither built-ins, nor the model's facts and rules, nor the vocabulary given to
// Compile (if any) answers. The peer must answer them; otherwise they never hold.
func (m *Model) Needs() []string { return append([]string(nil), m.needs...) }

// Defines reports whether the text has facts or rules of a predicate.
func (m *Model) Defines(name string, arity int) bool { return len(m.rules[key{name, arity}]) > 0 }

// Asks returns, sorted, all predicates as name/arity that the text asks of its peer, also
// those that the vocabulary given to Compile answers.
func (m *Model) Asks() []string { return append([]string(nil), m.asks...) }

func (m *Model) noRole(name string, arity int) Reason {
	var known []string
	for k := range m.clauses {
		known = append(known, fmt.Sprintf("%s/%d", k.name, k.arity))
	}
	sort.Strings(known)
	return Reason{ReasonNoRole, fmt.Sprintf("%s has no role %s/%d; it has %v", m.name, name, arity, known)}
}
