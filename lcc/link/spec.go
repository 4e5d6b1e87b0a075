package link

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"parley/lcc/names"
	"parley/lcc/syntax"
)

// faulter takes a fault of a text.
type faulter func(at syntax.Position, hint, format string, args ...any)

// spec is one @import.
type spec struct {
	pos     syntax.Position
	named   string // as it is written: a shipped library, or a file that ends in .lcc
	names   []name // what is taken; none: everything that is exported
	renames []renaming
	digest  string // hexadecimal, its beginning or the whole; "" when any will do
}

// name is a role or a predicate, or a message, by its name and the number of arguments.
type name struct {
	syntax.Position
	text  string
	arity int
}

type renaming struct {
	from name
	to   string
}

// is reports whether a symbol is meant by a name. A role is named whatever its arguments.
func (n name) is(s names.Symbol) bool {
	return s.Name == n.text && (s.Kind == names.Role || s.Arity == n.arity)
}

func (n name) String() string {
	if n.arity == 0 {
		return n.text
	}
	return n.text + "(" + strings.TrimSuffix(strings.Repeat("_, ", n.arity), ", ") + ")"
}

func (s *spec) file() bool { return strings.HasSuffix(s.named, ".lcc") }

const importForm = `write @import(deal), or @import("file.lcc", role(_), renamed(role(_), other), digest("..."))`

// readSpec reads an annotation @import(Library, What...).
func readSpec(a *syntax.Annotation, fault faulter) (spec, bool) {
	s := spec{pos: a.Pos()}
	ok := len(a.Args) > 0
	if ok {
		s.named, ok = word(a.Args[0])
	}
	if !ok {
		fault(a.Pos(), importForm, "@import names a library first")
		return s, false
	}
	for _, arg := range a.Args[1:] {
		c, isName := arg.(*syntax.Const)
		switch {
		case isName && c.Name == "renamed" && len(c.Args) == 2:
			from, ok := nameOf(c.Args[0])
			to, word := word(c.Args[1])
			if !ok || !word || !syntax.Plain(to) {
				fault(c.Pos(), "write renamed(collecting(_, _), asking)", "a name of the library, and the one that it has here")
				return s, false
			}
			s.renames = append(s.renames, renaming{from, to})
		case isName && c.Name == "digest" && len(c.Args) == 1:
			s.digest, ok = word(c.Args[0])
			if _, err := hex.DecodeString(s.digest); !ok || err != nil || len(s.digest) < 16 || len(s.digest) > 64 {
				fault(c.Pos(), `write digest("...") with the SHA-256 of the library, or its first 16 figures`, "this is no digest")
				return s, false
			}
		default:
			n, ok := nameOf(arg)
			if !ok {
				fault(arg.Pos(), importForm, "%s is no role and no predicate", syntax.Text(arg))
				return s, false
			}
			s.names = append(s.names, n)
		}
	}
	return s, true
}

// word returns a constant without arguments, or a string.
func word(t syntax.Term) (string, bool) {
	switch t := t.(type) {
	case *syntax.Str:
		return t.Value, t.Value != ""
	case *syntax.Const:
		return t.Name, len(t.Args) == 0
	}
	return "", false
}

func nameOf(t syntax.Term) (name, bool) {
	c, ok := t.(*syntax.Const)
	if !ok || !syntax.Plain(c.Name) {
		return name{}, false
	}
	return name{c.Pos(), c.Name, len(c.Args)}, true
}

// listed reads the names of an annotation such as @exports.
func listed(file *syntax.File, annotation string, fault faulter) (list []name, found bool) {
	for _, item := range file.Items {
		a, ok := item.(*syntax.Annotation)
		if !ok || a.Name != annotation {
			continue
		}
		found = true
		for _, arg := range a.Args {
			if n, ok := nameOf(arg); ok {
				list = append(list, n)
				continue
			}
			fault(arg.Pos(), fmt.Sprintf("write @%s(sending(_, _), fits(_))", annotation), "%s is no role and no predicate", syntax.Text(arg))
		}
	}
	return list, found
}

func anyIs(list []name, s names.Symbol) bool {
	return slices.ContainsFunc(list, func(n name) bool { return n.is(s) })
}
