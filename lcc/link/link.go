package link

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"parley/internal/spell"
	"parley/lcc/check"
	"parley/lcc/names"
	"parley/lcc/syntax"
)

// Sources are where texts are imported from. A source that is nil has nothing.
type Sources struct {
	// Read reads a file, by its path relative to the working directory.
	Read func(name string) ([]byte, error)
	// Shipped returns a shipped library.
	Shipped func(name string) ([]byte, bool)
	// Names are the shipped libraries, for suggestions.
	Names []string
	// Parser parses the texts; nil: one for this time.
	Parser *syntax.Parser
}

// Digest identifies the text of a library: its SHA-256.
type Digest [32]byte

func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// Import is a library that a closed text has parts of.
type Import struct {
	Name   string // of the shipped library, or the file
	Digest Digest
}

// Closed is a text that imports nothing.
type Closed struct {
	Text    []byte
	Imports []Import // in the order in which they were met
	// Names are the roles and predicates of libraries that the text itself can use.
	Names []names.Symbol
}

// Error is why a text could not be closed.
type Error struct {
	Found []check.Diagnostic
	texts map[string][]byte // by the file that positions name
}

// Error lists the findings, with the lines that they are about.
func (e *Error) Error() string {
	var b strings.Builder
	for i, d := range e.Found {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(d.Text(e.Text(d)))
	}
	return b.String()
}

// Text returns the text that a finding is about.
func (e *Error) Text(d check.Diagnostic) []byte { return e.texts[d.Pos.File] }

// depthMax and librariesMax bound what a text may import.
const (
	depthMax     = 16
	librariesMax = 64
)

// Imports reports whether a text may import something. It is quick, and errs only by
// saying yes.
func Imports(text []byte) bool { return bytes.Contains(text, []byte("@import")) }

// IsLibrary reports whether a text is meant to be imported: it says what it exports. It
// has no role to begin in, and is not enacted by itself.
func IsLibrary(text []byte) bool {
	if !bytes.Contains(text, []byte("@exports")) {
		return false
	}
	file, _ := syntax.Parse("", text)
	return file != nil && check.Library(file)
}

// Close closes a text. One without imports stays as it is, byte for byte. The error is an
// *Error. What else is wrong with the text itself, its compiler says.
func Close(name string, text []byte, from Sources) (Closed, error) {
	if !Imports(text) {
		return Closed{Text: text}, nil
	}
	if from.Parser == nil {
		from.Parser = &syntax.Parser{}
	}
	l := &linker{sources: from, texts: map[string][]byte{name: text}, libraries: map[string]*library{}, units: map[string]*unit{}}
	file, errs := from.Parser.Parse(name, text)
	if file == nil {
		return Closed{Text: text}, nil
	}
	if len(errs) > 0 {
		l.found = check.DiagnoseSyntax(errs)
		return Closed{Text: text}, l.failure()
	}
	root := l.read(name, origin{}, text, file)
	if len(root.specs) == 0 && len(l.found) == 0 {
		return Closed{Text: text}, nil
	}
	top := l.instance(root, "", nil, spec{}, []string{name})
	if len(l.found) == 0 {
		l.resolve()
	}
	if len(l.found) > 0 {
		return Closed{Text: text}, l.failure()
	}
	closed := l.close(top, file, text)
	if len(l.found) > 0 {
		return Closed{Text: text}, l.failure()
	}
	return closed, nil
}

// linker is the state of Close.
type linker struct {
	sources   Sources
	texts     map[string][]byte
	libraries map[string]*library
	units     map[string]*unit
	order     []*unit
	found     []check.Diagnostic
}

func (l *linker) failure() error {
	check.Sort(l.found)
	return &Error{Found: l.found, texts: l.texts}
}

func (l *linker) fault(at syntax.Position, hint, format string, args ...any) {
	d := check.Diagnostic{Code: check.CodeImport, Severity: check.Error, Pos: at, Message: fmt.Sprintf(format, args...), Hint: hint}
	if !slices.Contains(l.found, d) {
		l.found = append(l.found, d)
	}
}

// library is a text that was read once, whoever imports it.
type library struct {
	title          string // how messages name it
	file           string // how positions name it
	parts          []part
	specs          []spec
	exports, takes []name
	open           bool // it exports everything, for want of @exports
	digest         Digest
}

// read takes a text apart.
func (l *linker) read(file string, from origin, text []byte, tree *syntax.File) *library {
	from.digest = sha256.Sum256(text)
	lib := &library{title: file, file: file, parts: cut(tree, text, from), digest: from.digest}
	for _, item := range tree.Items {
		if a, ok := item.(*syntax.Annotation); ok && a.Name == "import" {
			if s, ok := readSpec(a, l.fault); ok {
				lib.specs = append(lib.specs, s)
			}
		}
	}
	found := false
	lib.exports, found = listed(tree, "exports", l.fault)
	lib.open = !found
	lib.takes, _ = listed(tree, "takes", l.fault)
	return lib
}

// library returns what an import names; nil with a fault when it cannot be had.
func (l *linker) library(s spec, importer *library) *library {
	key, from := "shipped:"+s.named, origin{shipped: s.named}
	file := syntax.ShippedFile(s.named)
	if s.file() {
		file = syntax.Beside(importer.file, s.named)
		if name, ok := shippedName(importer.file); ok { // a shipped library has no files beside it
			l.fault(s.pos, "import a shipped library by its name", "library %s imports a file", name)
			return nil
		}
		key, from = "file:"+file, origin{file: file}
	}
	if lib, ok := l.libraries[key]; ok {
		return lib // nil again when it could not be had before
	}
	l.libraries[key] = nil
	if len(l.libraries) > librariesMax {
		l.fault(s.pos, "join some of them", "more than %d libraries are imported", librariesMax)
		return nil
	}
	text, ok := l.fetch(s, file)
	if !ok {
		return nil
	}
	l.texts[file] = text
	tree, errs := l.sources.Parser.Parse(file, text)
	if len(errs) > 0 {
		l.found = append(l.found, check.DiagnoseSyntax(errs)...)
		return nil
	}
	lib := l.read(file, from, text, tree)
	lib.title = s.named
	l.libraries[key] = lib
	return lib
}

func shippedName(file string) (string, bool) {
	name, ok := strings.CutPrefix(file, strings.TrimSuffix(syntax.ShippedFile(""), ".lcc"))
	return strings.TrimSuffix(name, ".lcc"), ok
}

func (l *linker) fetch(s spec, file string) ([]byte, bool) {
	if !s.file() {
		if l.sources.Shipped != nil {
			if text, ok := l.sources.Shipped(s.named); ok {
				return text, true
			}
		}
		hint := `name a file that ends in .lcc, as @import("rooms.lcc")`
		if len(l.sources.Names) > 0 {
			hint = "there are " + strings.Join(l.sources.Names, ", ") + `; a file ends in .lcc, as "rooms.lcc"`
		}
		if near := spell.Nearest(s.named, l.sources.Names); near != "" {
			hint = "did you mean " + near + "?"
		}
		l.fault(s.pos, hint, "there is no shipped library %s", s.named)
		return nil, false
	}
	if l.sources.Read == nil {
		l.fault(s.pos, "import a shipped library, or give the text as a file", "no file can be imported here: %s", s.named)
		return nil, false
	}
	text, err := l.sources.Read(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		l.fault(s.pos, "a path is relative to the text that imports; a shipped library is named without .lcc", "there is no file %s", file)
		return nil, false
	case err != nil:
		l.fault(s.pos, "", "%s cannot be read: %v", file, err)
		return nil, false
	}
	return text, true
}
