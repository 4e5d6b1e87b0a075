package parley_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A type with more methods or fields than this owns nothing: any line of many files may
// touch any part of it. Such a type is cut into parts that it composes.
const (
	methodsMax = 50
	fieldsMax  = 25
)

// size is how many methods and fields a type has. Those of a type of the same package
// that it embeds are its own.
type size struct{ methods, fields int }

// oversized lists the types that are still larger, with the size that each may have.
// Entries only shrink, and what fits is taken out.
var oversized = []struct {
	name string // package and type
	size
	why string
}{
	{"hostagent/Config", size{7, 27}, data},
	{"hostagent/GuestStatus", size{0, 27}, data},
	{"hostagent/payload", size{3, 29}, data},
	{"hostagent/service/metrics", size{5, 36}, data},
	{"sim/Figures", size{0, 28}, data},
}

const (
	grown = "it grew: each part of its state becomes a type that it composes"
	data  = "a record without behaviour: the keys that belong together become a struct"
)

func TestStyleTypesStaySmall(t *testing.T) {
	sizes := typeSizes(t)
	limits := map[string]size{}
	for _, except := range oversized {
		has, found := sizes[except.name]
		if !found || except.why == "" {
			t.Errorf("the table of exceptions lists %s, which does not exist or has no reason", except.name)
		} else if has.methods <= methodsMax && has.fields <= fieldsMax {
			t.Errorf("%s is small enough now: remove it from the table of exceptions", except.name)
		}
		limits[except.name] = except.size
	}
	for _, name := range slices.Sorted(maps.Keys(sizes)) {
		has, limit := sizes[name], limits[name]
		limit = size{max(limit.methods, methodsMax), max(limit.fields, fieldsMax)}
		if has.methods > limit.methods || has.fields > limit.fields {
			t.Errorf("%s has %d methods and %d fields, more than %d or %d: move a part of its state, with its methods, to a type of its own",
				name, has.methods, has.fields, limit.methods, limit.fields)
		}
	}
}

// TestStyleSizesCount holds the count against types whose size is known: a count that
// misses methods or fields would otherwise look like a clean project.
func TestStyleSizesCount(t *testing.T) {
	const text = `package p
type part struct { x, y int }
func (p part) one() {}
type whole[T any] struct { part; *sync.Mutex; a, b T }
func (w *whole[T]) two() {}
func (w *whole[_]) three() {}
type door interface { open(); shut(); fmt.Stringer }
type name string
`
	file, err := parser.ParseFile(token.NewFileSet(), "p.go", text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]size{}
	countTypes([]*ast.File{file}, func(name string, s size) { got[name] = s })
	want := map[string]size{"part": {1, 2}, "whole": {3, 6}, "door": {3, 0}, "name": {0, 0}}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// typeSizes returns the size of each type outside of tests, by package and name.
func typeSizes(t *testing.T) map[string]size {
	t.Helper()
	packages := map[string][]*ast.File{}
	for _, name := range goFiles(t) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.ToSlash(filepath.Dir(name))
		packages[dir] = append(packages[dir], file)
	}
	sizes := map[string]size{}
	for dir, files := range packages {
		countTypes(files, func(name string, s size) { sizes[path.Join(dir, name)] = s })
	}
	return sizes
}

// countTypes gives the size of each type that the files of a package declare.
func countTypes(files []*ast.File, give func(string, size)) {
	own, embeds := map[string]size{}, map[string][]string{}
	for _, file := range files {
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if decl.Recv != nil {
					name := typeName(decl.Recv.List[0].Type)
					own[name] = size{own[name].methods + 1, own[name].fields}
				}
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					if spec, ok := spec.(*ast.TypeSpec); ok {
						name := spec.Name.Name
						methods, fields, embedded := countSpec(spec.Type)
						own[name] = size{own[name].methods + methods, own[name].fields + fields}
						embeds[name] = embedded
					}
				}
			}
		}
	}
	for name := range own {
		give(name, withEmbedded(name, own, embeds, 0))
	}
}

// countSpec returns the methods and fields that a type's own text declares, and the
// types of the same package that it embeds.
func countSpec(expr ast.Expr) (methods, fields int, embedded []string) {
	var list *ast.FieldList
	counted := &fields
	switch expr := expr.(type) {
	case *ast.StructType:
		list = expr.Fields
	case *ast.InterfaceType:
		list, counted = expr.Methods, &methods
	default:
		return 0, 0, nil
	}
	for _, field := range list.List {
		*counted += max(len(field.Names), 1)
		if len(field.Names) == 0 {
			embedded = append(embedded, typeName(field.Type))
		}
	}
	return methods, fields, embedded
}

// withEmbedded adds the sizes of what a type embeds to its own. The depth ends a circle
// of pointers that embed each other.
func withEmbedded(name string, own map[string]size, embeds map[string][]string, depth int) size {
	s := own[name]
	if depth > 10 {
		return s
	}
	for _, part := range embeds[name] {
		inner := withEmbedded(part, own, embeds, depth+1)
		s.methods += inner.methods
		s.fields += inner.fields
	}
	return s
}

// typeName returns the name of a type of the same package, or "" for another's.
func typeName(expr ast.Expr) string {
	switch expr := expr.(type) {
	case *ast.Ident:
		return expr.Name
	case *ast.StarExpr:
		return typeName(expr.X)
	case *ast.IndexExpr:
		return typeName(expr.X)
	case *ast.IndexListExpr:
		return typeName(expr.X)
	}
	return ""
}
