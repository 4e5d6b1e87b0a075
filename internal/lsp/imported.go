package lsp

import (
	"errors"
	"fmt"
	"path"
	"slices"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"parley/lcc/check"
	"parley/lcc/link"
	"parley/lcc/names"
	"parley/lcc/syntax"
)

// imported is a text with all that it imports, and what of that the text itself can use.
type imported struct {
	*document
	names []names.Symbol
}

// close puts a text together with what it imports. The findings say why it cannot be.
func (s *server) close(d *document) []check.Diagnostic {
	from := s.options.Libraries
	from.Parser = d.parser
	read := from.Read
	from.Read = func(name string) ([]byte, error) {
		s.mu.Lock()
		open := s.texts[uri.File(name).String()]
		s.mu.Unlock()
		if open != nil {
			return open.text, nil
		}
		if read == nil {
			return nil, fmt.Errorf("no file can be read")
		}
		return read(name)
	}
	closed, err := link.Close(d.name(), d.text, from)
	if open := (*link.Error)(nil); errors.As(err, &open) {
		return open.Found
	}
	if len(closed.Imports) > 0 {
		d.imported = imported{newDocument(d.uri, d.version, string(closed.Text), d), closed.Names}
	}
	return nil
}

// theirs returns the definitions in libraries of a name that the text uses.
func (d *document) theirs(use names.Use) (list []names.Use) {
	if d.imported.document == nil || len(d.index.Definitions(use)) > 0 {
		return nil
	}
	for _, def := range d.imported.index.Definitions(use) {
		if def.File != d.name() {
			list = append(list, def)
		}
	}
	return list
}

// range of a finding: in the text itself, or of the import that brought what it is about.
func (d *document) place(at syntax.Position) (where protocol.Range, from string) {
	if at.File == d.name() || at.File == "" {
		return d.word(d.offset(protocol.Position{Line: uint32(max(at.Line-1, 0)), Character: uint32(max(at.Column-1, 0))})), ""
	}
	from = fmt.Sprintf("%s:%d: ", path.Base(at.File), at.Line)
	if d.file == nil {
		return d.span(0, 0), from
	}
	first := -1
	for i, item := range d.file.Items {
		a, ok := item.(*syntax.Annotation)
		if !ok || a.Name != "import" || len(a.Args) == 0 {
			continue
		}
		if first < 0 {
			first = i
		}
		if path.Base(fileOf(a.Args[0])) == path.Base(at.File) {
			first = i
			break
		}
	}
	if first < 0 {
		return d.span(0, 0), from
	}
	begin := d.file.Items[first].Pos().Offset
	return d.span(begin, d.file.Ends[first]-begin), from
}

func fileOf(t syntax.Term) string {
	switch t := t.(type) {
	case *syntax.Str:
		return t.Value
	case *syntax.Const:
		return t.Name + ".lcc"
	}
	return ""
}

// libraryLocations are the places of definitions in files. A shipped library has none.
func (d *document) libraryLocations(uses []names.Use) []protocol.Location {
	list := []protocol.Location{}
	for _, u := range uses {
		if shipped := syntax.ShippedFile(path.Base(u.File[:max(len(u.File)-len(".lcc"), 0)])); u.File == shipped {
			continue
		}
		at := protocol.Position{Line: uint32(u.Line - 1), Character: uint32(u.Column - 1)}
		end := at
		end.Character += uint32(u.Length)
		list = append(list, protocol.Location{URI: uri.File(u.File), Range: protocol.Range{Start: at, End: end}})
	}
	return list
}

// describedImport is what is known of a name that a library defines, in Markdown.
func (d *document) describedImport(def names.Use) string {
	text := ""
	switch def.Kind {
	case names.Role:
		clause := def.Node.(*syntax.Clause)
		text = code(syntax.Text(clause.Agent) + " ::")
	default:
		text = code(syntax.Text(def.Node))
	}
	return text + above(d.imported.file, def.Line) + fmt.Sprintf("A %s of a library: %s, line %d.", def.Kind, def.File, def.Line)
}

// importedUses are the definitions of the names of a kind that libraries bring.
func (d *document) importedUses(kind names.Kind) (list []names.Use) {
	if d.imported.document == nil {
		return nil
	}
	for _, use := range d.imported.index.Symbols(kind) {
		if slices.Contains(d.imported.names, use.Symbol) {
			list = append(list, use)
		}
	}
	return list
}
