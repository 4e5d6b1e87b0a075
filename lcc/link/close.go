package link

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"parley/lcc/names"
	"parley/lcc/syntax"
)

// close writes the text with all that it uses of its libraries behind it.
func (l *linker) close(top *unit, tree *syntax.File, text []byte) Closed {
	kept := l.kept(top)
	printed := l.printed(top, kept)
	var out strings.Builder
	out.Write(withoutImports(tree, text))
	var closed Closed
	seen := map[Digest]bool{}
	for _, u := range l.order[1:] {
		var parts []*part
		for i := range u.parts {
			if kept[&u.parts[i]] {
				parts = append(parts, &u.parts[i])
			}
		}
		if len(parts) == 0 {
			continue
		}
		l.checkTaken(u, parts)
		if !seen[u.digest] {
			seen[u.digest] = true
			closed.Imports = append(closed.Imports, Import{u.title, u.digest})
		}
		fmt.Fprintf(&out, "\n%% From library %s, sha256 %s.\n", u.title, u.digest)
		write(&out, parts, printed, top.file)
	}
	for _, here := range sorted(top.scope) {
		if strings.Contains(top.scope[here], unitMark) {
			closed.Names = append(closed.Names, here)
		}
	}
	closed.Text = []byte(strings.TrimRight(out.String(), "\n") + "\n")
	return closed
}

// withoutImports makes comments of the imports, so that lines keep their numbers.
func withoutImports(tree *syntax.File, text []byte) []byte {
	var out []byte
	at := 0
	for i, item := range tree.Items {
		if a, ok := item.(*syntax.Annotation); ok && a.Name == "import" {
			begin, end := a.Offset, tree.Ends[i]
			out = append(append(append(out, text[at:begin]...), "/* "...), strings.ReplaceAll(string(text[begin:end]), "*/", "* /")...)
			out = append(out, " */"...)
			at = end
		}
	}
	return append(out, text[at:]...)
}

// write writes parts of one library, with a mark wherever lines do not follow.
func write(out *strings.Builder, parts []*part, printed map[names.Symbol]string, top string) {
	next := -1
	for _, p := range parts {
		if gap := p.pos.Line - next; next > 0 && gap >= 0 && gap <= 2 {
			out.WriteString(strings.Repeat("\n", gap))
		} else {
			out.WriteString("\n" + markOf(p.origin, top) + "\n")
		}
		for i := range p.pieces {
			if at := &p.pieces[i]; at.name {
				if to, ok := printed[at.is]; ok {
					at.text = to
				} else if at.text[0] != '\'' {
					at.text = at.is.Name
				}
			}
		}
		text := p.text()
		out.WriteString(text + "\n")
		next = p.pos.Line + strings.Count(text, "\n") + 1
	}
}

func markOf(from origin, top string) string {
	if from.shipped != "" {
		return syntax.MarkShipped(from.line, from.shipped)
	}
	return syntax.MarkFile(from.line, relative(top, from.file))
}

// relative names a file relative to the text that imports it, as Beside reads it.
func relative(top, file string) string {
	to, err := filepath.Rel(path.Dir(strings.ReplaceAll(top, "\\", "/")), file)
	if err != nil {
		return file // one of them is absolute
	}
	return filepath.ToSlash(to)
}

// kept returns the parts of libraries that the closed text has: all that its imports name
// or leave open, and what those use.
func (l *linker) kept(top *unit) map[*part]bool {
	defining := map[names.Symbol][]*part{}
	var units []*unit
	for _, u := range l.order[1:] {
		units = append(units, u)
		for i := range u.parts {
			if s, ok := u.parts[i].defines(); ok {
				defining[s] = append(defining[s], &u.parts[i])
			}
		}
	}
	var list []names.Symbol
	for _, s := range sorted(top.scope) {
		list = append(list, names.Symbol{Kind: s.Kind, Name: top.scope[s], Arity: s.Arity})
	}
	for _, p := range top.parts {
		list = append(list, p.uses()...)
	}
	kept, seen := map[*part]bool{}, map[names.Symbol]bool{}
	for len(list) > 0 {
		s := list[len(list)-1]
		list = list[:len(list)-1]
		if seen[s] {
			continue
		}
		seen[s] = true
		for _, p := range defining[s] {
			if s.Kind == names.Role && declares(p.item) && !strings.Contains(s.Name, unitMark) {
				continue // the declaration of a role that is the importer's
			}
			kept[p] = true
			list = append(list, p.uses()...)
		}
	}
	for _, u := range units { // what is said of names that are there
		for i := range u.parts {
			a, ok := u.parts[i].item.(*syntax.Annotation)
			if !ok || slices.Contains([]string{"import", "exports", "takes"}, a.Name) {
				continue
			}
			if uses := u.parts[i].uses(); slices.ContainsFunc(uses, func(s names.Symbol) bool { return seen[s] }) {
				kept[&u.parts[i]] = true
			}
		}
	}
	return kept
}

// printed chooses the names that the closed text has for what libraries define: the one by
// which the text itself calls it, else its own name, and where another has that one, with
// the library's name before it.
func (l *linker) printed(top *unit, kept map[*part]bool) map[names.Symbol]string {
	taken := map[names.Symbol]bool{}
	out := map[names.Symbol]string{}
	for _, here := range sorted(top.scope) {
		taken[here] = true
		if is := top.scope[here]; strings.Contains(is, unitMark) {
			symbol := here
			symbol.Name = is
			if _, twice := out[symbol]; !twice {
				out[symbol] = here.Name
			}
		}
	}
	var hidden []names.Symbol
	for _, u := range l.order {
		for i := range u.parts {
			if u != top && !kept[&u.parts[i]] {
				continue
			}
			for _, s := range u.parts[i].uses() {
				if !strings.Contains(s.Name, unitMark) {
					taken[s] = true
				} else if _, ok := out[s]; !ok && !slices.Contains(hidden, s) {
					hidden = append(hidden, s)
				}
			}
		}
	}
	for _, s := range hidden {
		bare, key, _ := strings.Cut(s.Name, unitMark)
		free := s
		free.Name = bare
		base := strings.TrimSuffix(path.Base(key), ".lcc")
		if !syntax.Plain(base) {
			base = "its"
		}
		for n := 1; taken[free]; n++ {
			free.Name = base + "_" + bare
			if n > 1 {
				free.Name = fmt.Sprintf("%s%d_%s", base, n, bare)
			}
		}
		taken[free] = true
		out[s] = free.Name
	}
	return out
}
