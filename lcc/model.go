package lcc

import (
	"fmt"
	"sort"

	"parley/lcc/syntax"
)

// Model is a compiled interaction model. It is never changed, so engines of
// many goroutines may share it.
type Model struct {
	name    string
	digest  Digest
	file    *syntax.File
	clauses map[key]*clause
	rules   map[key][]*rule
	roles   []RoleInfo
	needs   []string
}

// RoleInfo describes a role that the model has a clause for.
type RoleInfo struct {
	Name     string
	Arity    int
	Kind     string // of its declaration: initial, necessary, ...; "" where undeclared
	Min, Max int    // cardinality; -1 where not given
}

// Name returns the name that the model was compiled under.
func (m *Model) Name() string { return m.name }

// Digest returns the SHA-256 of the model's text.
func (m *Model) Digest() Digest { return m.digest }

// File returns the text as a tree, which must not be changed.
func (m *Model) File() *syntax.File { return m.file }

// Roles returns the model's roles in the order of their clauses.
func (m *Model) Roles() []RoleInfo { return append([]RoleInfo(nil), m.roles...) }

// Initial returns the names of the roles without parameters that are declared
// initial: those in which a peer begins.
func (m *Model) Initial() (names []string) {
	for _, r := range m.roles {
		if r.Kind == "initial" && r.Arity == 0 {
			names = append(names, r.Name)
		}
	}
	return names
}

// Found says whether others find who plays a role: all but those that are declared
// auxiliary, which are entered from other roles and spoken to by their partners
// only, so that nobody needs to hear of them.
func (m *Model) Found(role Term) bool {
	name, args, _ := Name(role)
	for _, r := range m.roles {
		if r.Name == name && r.Arity == len(args) {
			return r.Kind != "auxiliary"
		}
	}
	return true
}

// Needs returns, sorted, the predicates as name/arity that the text uses and
// that neither built-ins, nor the model's facts and rules, nor (where one was
// given to Compile) the vocabulary answers. The peer must know them; where it
// does not they never hold.
func (m *Model) Needs() []string { return append([]string(nil), m.needs...) }

func (m *Model) noRole(name string, arity int) Reason {
	var known []string
	for k := range m.clauses {
		known = append(known, fmt.Sprintf("%s/%d", k.name, k.arity))
	}
	sort.Strings(known)
	return Reason{ReasonNoRole, fmt.Sprintf("%s has no role %s/%d; it has %v", m.name, name, arity, known)}
}
