package link

import (
	"fmt"
	"slices"
	"strings"

	"parley/internal/spell"
	"parley/lcc/names"
	"parley/lcc/syntax"
)

// unit is a library as one text imports it. Each name that it defines is unique: it has
// the unit's key behind it, until names are chosen for the closed text.
type unit struct {
	*library
	key     string // "" of the text that is closed
	parent  *unit
	by      spec // the import; the zero value at the top
	scope   map[names.Symbol]string
	visible map[names.Symbol]names.Symbol // what it exports, and what that is in its scope
	parts   []part
}

// mark stands between a name and the key of its unit; no name of a text has it.
const unitMark = "\x00"

func unique(name, key string) string {
	if key == "" {
		return name
	}
	return name + unitMark + key
}

// instance makes the unit of a library for an import, and those of what it imports. A
// library that takes nothing from its importer has one unit, whoever imports it.
func (l *linker) instance(lib *library, key string, parent *unit, by spec, path []string) *unit {
	if u := l.units[key]; u != nil {
		return u
	}
	u := &unit{library: lib, key: key, parent: parent, by: by, scope: map[names.Symbol]string{}, visible: map[names.Symbol]names.Symbol{}}
	l.units[key] = u
	l.order = append(l.order, u)
	for _, p := range lib.parts {
		u.parts = append(u.parts, copyOf(p))
		if s, ok := p.defines(); ok && !declares(p.item) {
			u.scope[s] = unique(s.Name, key)
		}
	}
	for i, s := range lib.specs {
		l.importing(u, i, s, path)
	}
	for s := range u.scope {
		if lib.open || anyIs(lib.exports, s) {
			u.visible[s] = s
		}
	}
	for _, n := range lib.exports {
		if !slices.ContainsFunc(sorted(u.scope), n.is) {
			l.fault(n.Position, nearest(n, sorted(u.scope)), "%s exports %s, which it does not define", lib.title, n)
		}
	}
	return u
}

// importing binds what an import brings.
func (l *linker) importing(u *unit, number int, s spec, path []string) {
	sub := l.library(s, u.library)
	if sub == nil {
		return
	}
	switch {
	case slices.Contains(path, sub.file):
		l.fault(s.pos, "move what both need into a library of its own", "the imports are a circle: %s",
			strings.Join(append(slices.Clone(path[slices.Index(path, sub.file):]), sub.file), ", which imports "))
		return
	case len(path) > depthMax:
		l.fault(s.pos, "import the libraries directly", "imports are nested deeper than %d", depthMax)
		return
	case s.digest != "" && !strings.HasPrefix(sub.digest.String(), strings.ToLower(s.digest)):
		l.fault(s.pos, fmt.Sprintf("read what has changed, and write digest(%q)", sub.digest.String()[:16]),
			"library %s is another text than the one that this import names", sub.title)
		return
	}
	key := sub.file
	if len(sub.takes) > 0 || len(s.renames) > 0 {
		key = fmt.Sprintf("%s#%d>%s", u.key, number, sub.file)
	}
	child := l.instance(sub, key, u, s, append(slices.Clone(path), sub.file))
	l.checkNames(child, s)
	for _, symbol := range sorted(child.visible) {
		if len(s.names) > 0 && !anyIs(s.names, symbol) {
			continue
		}
		here := symbol
		here.Name = s.renamed(symbol)
		is := child.scope[child.visible[symbol]]
		if before, ok := u.scope[here]; ok && before != is {
			l.fault(s.pos, fmt.Sprintf("write renamed(%s, ...) with another name, or leave it out of the import",
				name{text: symbol.Name, arity: symbol.Arity}),
				"library %s has a %s %s, and so has the text that imports it", sub.title, here.Kind, here.Name)
			continue
		}
		u.scope[here] = is
	}
}

// renamed returns the name that a symbol of the library has at the importer.
func (s spec) renamed(symbol names.Symbol) string {
	for _, r := range s.renames {
		if r.from.is(symbol) {
			return r.to
		}
	}
	return symbol.Name
}

// checkNames reports names of an import that its library does not have.
func (l *linker) checkNames(child *unit, s spec) {
	exported := sorted(child.visible)
	for _, n := range s.names {
		if !slices.ContainsFunc(exported, n.is) {
			l.fault(n.Position, nearest(n, exported), "library %s exports no %s", child.title, n)
		}
	}
	all := exported
	for _, n := range child.takes {
		all = append(all, names.Symbol{Kind: names.Predicate, Name: n.text, Arity: n.arity}, names.Symbol{Kind: names.Role, Name: n.text})
	}
	for _, p := range child.parts {
		for _, use := range p.uses() {
			if use.Kind == names.Message {
				all = append(all, use)
			}
		}
	}
	for _, r := range s.renames {
		if !slices.ContainsFunc(all, r.from.is) {
			l.fault(r.from.Position, nearest(r.from, all), "library %s neither exports nor takes %s, and has no message of that name",
				child.title, r.from)
		}
	}
}

// resolve replaces each name of the units by the unique name of what it means.
func (l *linker) resolve() {
	for _, u := range l.order {
		for i := range u.parts {
			for k := range u.parts[i].pieces {
				if at := &u.parts[i].pieces[k]; at.name {
					at.is.Name = l.meaning(u, at.symbol)
				}
			}
		}
	}
}

// meaning returns the unique name of what a symbol stands for in a unit.
func (l *linker) meaning(u *unit, s names.Symbol) string {
	for ; ; u = u.parent {
		if s.Kind != names.Message {
			if is, ok := u.scope[s]; ok {
				return is
			}
		}
		if u.parent == nil || s.Kind != names.Message && !anyIs(u.takes, s) {
			return s.Name
		}
		s.Name = u.by.renamed(s)
		if s.Kind == names.Message {
			return s.Name
		}
	}
}

// checkTaken reports what the kept parts of a library take and its importer does not have,
// and what they use without saying so.
func (l *linker) checkTaken(u *unit, kept []*part) {
	var uses []names.Symbol
	for _, p := range kept {
		for _, piece := range p.pieces {
			if piece.name {
				uses = append(uses, piece.symbol)
			}
		}
	}
	for _, n := range u.takes {
		if slices.ContainsFunc(uses, n.is) && !l.has(u.parent, n, u.by) {
			to := u.by.renamed(names.Symbol{Kind: names.Predicate, Name: n.text, Arity: n.arity})
			hint := fmt.Sprintf("define %s, or write renamed(%s, ...) with its name here", name{text: to, arity: n.arity}, n)
			l.fault(u.by.pos, hint, "library %s takes %s from the text that imports it, which has none", u.title, n)
		}
	}
	top := u
	for top.parent != nil {
		top = top.parent
	}
	for _, p := range kept {
		for _, piece := range p.pieces {
			s := piece.symbol
			_, own := u.scope[s]
			is, there := top.scope[s]
			if !piece.name || own || s.Kind == names.Message || anyIs(u.takes, s) || !there || strings.Contains(is, unitMark) {
				continue
			}
			l.fault(p.item.Pos(), fmt.Sprintf("write @takes(%s) in the library", name{text: s.Name, arity: s.Arity}),
				"library %s uses %s %s, which it neither defines nor takes from %s", u.title, s.Kind, s.Name, top.file)
		}
	}
}

// has reports whether a text has something for a name that a library takes: it defines it,
// imports it, takes it itself or says that its peers know it.
func (l *linker) has(u *unit, n name, by spec) bool {
	for s := range u.scope {
		if matches(n, by, s) {
			return true
		}
	}
	for _, own := range u.takes {
		if matches(n, by, names.Symbol{Kind: names.Role, Name: own.text}) {
			return true
		}
	}
	for _, p := range u.parts {
		if a, ok := p.item.(*syntax.Annotation); ok && (a.Name == "knows" || a.Name == "constraint") {
			for _, s := range p.uses() {
				if matches(n, by, s) {
					return true
				}
			}
		}
	}
	return false
}

// matches reports whether a symbol of an importer is what a library takes.
func matches(n name, by spec, s names.Symbol) bool {
	want := n
	want.text = by.renamed(names.Symbol{Kind: names.Predicate, Name: n.text, Arity: n.arity})
	return want.is(s)
}

func sorted[V any](set map[names.Symbol]V) []names.Symbol {
	list := make([]names.Symbol, 0, len(set))
	for s := range set {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b names.Symbol) int {
		if c := strings.Compare(a.Name, b.Name); c != 0 {
			return c
		}
		if a.Kind != b.Kind {
			return int(a.Kind) - int(b.Kind)
		}
		return a.Arity - b.Arity
	})
	return list
}

// nearest suggests what a name may have been meant to be.
func nearest(n name, among []names.Symbol) string {
	var list []string
	for _, s := range among {
		if s.Name == n.text && s.Kind != names.Role {
			return fmt.Sprintf("did you mean %s?", name{text: s.Name, arity: s.Arity})
		}
		list = append(list, s.Name)
	}
	if near := spell.Nearest(n.text, list); near != "" {
		return "did you mean " + near + "?"
	}
	if len(list) == 0 {
		return ""
	}
	list = slices.Compact(list)
	return "there are " + strings.Join(list[:min(len(list), 12)], ", ")
}
