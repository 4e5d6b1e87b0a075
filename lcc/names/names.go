package names

import (
	"sort"

	"parley/lcc/syntax"
)

// Kind is what a name stands for.
type Kind byte

// The kinds of names.
const (
	Role Kind = iota
	Message
	Predicate
	Variable
)

func (k Kind) String() string { return [...]string{"role", "message", "predicate", "variable"}[k] }

// Symbol is what all places have in common that mean the same.
type Symbol struct {
	Kind Kind
	Name string
	// Arity is the number of arguments of a message or a predicate. It is 0 of a role:
	// all clauses of one name are one symbol, since a partner may be named without its
	// arguments.
	Arity int
	// Item is the number of the clause or rule to which a variable belongs; 0 of others.
	Item int
}

// Use is a place where a symbol is written.
type Use struct {
	Symbol
	syntax.Position
	Length int // of the name, in bytes
	// Defines says that the symbol comes into being here: the clause of a role, a fact,
	// rule or @knows of a predicate, a message that is sent, the first place of a
	// variable.
	Defines bool
	Head    bool // it is the name of a clause, fact or rule
	// Node is the term, the clause or the declaration that the name belongs to.
	Node syntax.Node
	// Role is the role in whose clause the use is; nil outside of a clause.
	Role syntax.Term
}

// Index holds all uses of the names of a text, in text order.
type Index struct {
	uses []Use
}

// Of returns the index of a text and its tree. Items that could not be parsed have no uses.
func Of(file *syntax.File, text []byte) *Index {
	if file == nil {
		return &Index{}
	}
	b := &builder{text: text}
	for i, item := range file.Items {
		b.number = i
		b.item(item)
	}
	sort.SliceStable(b.uses, func(i, j int) bool { return b.uses[i].Offset < b.uses[j].Offset })
	seen := map[Symbol]bool{}
	for i, use := range b.uses {
		if use.Kind == Variable && !seen[use.Symbol] {
			seen[use.Symbol], b.uses[i].Defines = true, true
		}
	}
	return &Index{uses: b.uses}
}

// At returns the use that is written at an offset of the text, or that ends there.
func (x *Index) At(offset int) (Use, bool) {
	var found Use
	ok := false
	for _, use := range x.uses {
		if use.Offset <= offset && offset <= use.Offset+use.Length {
			found, ok = use, true // of two that touch, the one that begins here
		}
	}
	return found, ok
}

// Uses returns the places of a symbol, in text order.
func (x *Index) Uses(s Symbol) (list []Use) {
	for _, use := range x.uses {
		if use.Symbol == s {
			list = append(list, use)
		}
	}
	return list
}

// Definitions returns the places where a symbol comes into being. Where the use of a role
// has as many arguments as one of its clauses, only that clause is returned.
func (x *Index) Definitions(of Use) (list []Use) {
	for _, use := range x.Uses(of.Symbol) {
		if use.Defines {
			list = append(list, use)
		}
	}
	if of.Kind != Role {
		return list
	}
	for _, use := range list {
		if arguments(use.Node) == arguments(of.Node) {
			return []Use{use}
		}
	}
	return list
}

func arguments(n syntax.Node) int {
	switch n := n.(type) {
	case *syntax.Const:
		return len(n.Args)
	case *syntax.Clause:
		return arguments(n.Agent.Role)
	case *syntax.RoleDecl:
		return len(n.Role.Args)
	}
	return 0
}

// Items returns the heads of the clauses, facts and rules of the text, in text order.
func (x *Index) Items() (list []Use) {
	for _, use := range x.uses {
		if use.Head {
			list = append(list, use)
		}
	}
	return list
}

// Symbols returns the first use of each symbol of a kind, its definition if there is one,
// in text order.
func (x *Index) Symbols(kind Kind) (list []Use) {
	at := map[Symbol]int{}
	for _, use := range x.uses {
		if use.Kind != kind {
			continue
		}
		i, ok := at[use.Symbol]
		if !ok {
			at[use.Symbol] = len(list)
			list = append(list, use)
		} else if use.Defines && !list[i].Defines {
			list[i] = use
		}
	}
	return list
}

// Plain reports whether a text is a name that needs no quotes: of a variable it begins
// with an upper-case letter, or an underscore and more; of others with a lower-case letter.
func Plain(kind Kind, name string) bool {
	if kind != Variable {
		return syntax.Plain(name)
	}
	if name == "" || wordLength([]byte(name)) < len(name) {
		return false
	}
	return 'A' <= name[0] && name[0] <= 'Z' || name[0] == '_' && len(name) > 1
}

// wordLength is how many bytes at the beginning of a text belong to a name.
func wordLength(text []byte) int {
	for i, c := range text {
		if c != '_' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return i
		}
	}
	return len(text)
}

// All returns all uses, in text order.
func (x *Index) All() []Use { return x.uses }
