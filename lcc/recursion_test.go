package lcc

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// bounded names, for every cycle of functions that call each other, one function of it
// and the reason why the recursion cannot overflow the stack of a goroutine. A cycle
// without an entry fails TestRecursionIsBounded; its author adds the reason here.
var bounded = map[string]map[string]string{
	"syntax": {
		"Walk":      "a tree that was parsed: groups nest at most Nesting deep",
		"def":       "parentheses nest at most Nesting deep, which bounds counts on the tokens before participle or lowering sees them",
		"sum":       "as def: terms nest by parentheses and brackets, chains of minus are counted",
		"note":      "annotations nest by parentheses",
		"term":      "the printer and the formatter go as deep as the tree, which lowering made of counted tokens",
		"cons":      "as term, for constraints; chains of not are counted",
		"branches":  "as term, for definitions: sequences are walked, only groups recurse",
		"part":      "as branches, in the layout",
		"primary":   "as def",
		"terms":     "as term",
		"sequence":  "as branches",
		"hasEvents": "as branches",
		"WalkCons":  "as Walk, for constraints",
		"WalkTerms": "as Walk, for terms",
	},
	"check": {
		"beginnings": "as syntax.Walk",
		"def":        "as syntax.Walk",
		"cons":       "as syntax.Walk",
		"mayMatch":   "as syntax.Walk, for terms",
		"call":       "a goal within a goal is a term of the text, which is as deep as its parentheses",
		"goals":      "as call",
		"mayEnd":     "as syntax.Walk",
		"comesBack":  "each role once, of at most a few thousand that a text holds",
		"ways":       "as syntax.Walk",
		"requested":  "as syntax.Walk",
		"calculated": "as syntax.Walk, for terms",
		"unit":       "as syntax.Walk, for terms",
		"number":     "as syntax.Walk, for terms",
		"differ":     "as syntax.Walk, for terms",
		"typed":      "once: a mode is not within a mode",
	},
	"lcc": {
		"Compare":         "Limits.TermDepth: terms of the text and of messages are held against it",
		"def":             "the checker and the compiler, as syntax.Walk",
		"cons":            "as syntax.Walk",
		"terms":           "as syntax.Walk, for terms",
		"term":            "templates are as deep as the text",
		"match":           "a template is as deep as the text",
		"mayUnify":        "templates are as deep as the text",
		"hand":            "as mayUnify",
		"ends":            "a constraint is as deep as the text, and each rule is entered once",
		"contains":        "constraints are as deep as the text",
		"openings":        "each clause once, and groups within it",
		"try":             "pathMax roles in search of an event, and groups within each clause",
		"look":            "exploreDepth roles, and groups within each clause",
		"first":           "groups within a clause",
		"may":             "constraints are as deep as the text",
		"slots":           "constraints are as deep as the text",
		"allPlayers":      "constraints are as deep as the text",
		"compares":        "constraints are as deep as the text",
		"refusesAll":      "groups within a clause",
		"plain":           "Limits.TermDepth; the spine of a list is walked",
		"resolveAt":       "Limits.TermDepth; the spine of a list is walked",
		"rename":          "terms that were held against Limits.TermDepth; lists by ListItems",
		"arithmetic":      "Limits.TermDepth, or the text's nesting",
		"evaluate":        "templates are as deep as the text",
		"appendTerm":      "Limits.TermDepth; the spine of a list is walked",
		"compound":        "Limits.TermDepth, checked on the way in; lists are flat on the wire",
		"list":            "as compound",
		"encodedSize":     "Limits.TermDepth; the spine of a list is walked",
		"findall":         "a goal within a goal is a term of the text, which is as deep as its parentheses",
		"conjuncts":       "constraints are as deep as the text",
		"within":          "whyDepth",
		"holding":         "whyDepth",
		"proof":           "whyDepth",
		"text":            "as conjuncts",
		"parts":           "constraints are as deep as the text",
		"event":           "as def",
		"call":            "as findall",
		"writeTerm":       "Limits.TermDepth; lists are walked",
		"resolveCompound": "as resolveAt",
		"lookPar":         "as look",
		"tryEnter":        "as try",
		"visit":           "each predicate once, of at most a few thousand that a text holds",
		"steadiness":      "each predicate once, and constraints as deep as the text",
		"body":            "constraints are as deep as the text",
		"appendSlots":     "templates are as deep as the text",
		"questions":       "each predicate once, and constraints as deep as the text",
		"derive":          "tableDepth: a tabled predicate does not call itself, and calls others at most so deep",
		"verify":          "as derive",
	},
}

// TestRecursionIsBounded builds the call graphs of the parser, the checker and this
// package, finds their cycles, and checks each against the list above. It does not
// follow calls through an interface or a function value; this code does not recurse
// through either.
func TestRecursionIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine and much work: nothing for the race detector; go test without -short runs it")
	}
	for name, dir := range map[string]string{"syntax": "syntax", "check": "check", "lcc": "."} {
		used := map[string]bool{}
		for _, circle := range circles(t, name, dir) {
			found := false
			for _, f := range circle {
				if _, ok := bounded[name][f]; ok {
					used[f], found = true, true
				}
			}
			if !found {
				t.Errorf("%s: %v call each other, and nothing says how deep: bound it and say so in the list", name, circle)
			}
		}
		for f := range bounded[name] {
			if !used[f] {
				t.Errorf("%s: %s is listed and does not recurse", name, f)
			}
		}
	}
}

// circles returns the strongly connected components of the call graph of a package that
// contain a cycle, by the names of their functions.
func circles(t *testing.T, name, dir string) (list [][]string) {
	fset := token.NewFileSet()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("got %v, %v, want the files of %s", paths, err, name)
	}
	var files []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: importer.ForCompiler(fset, "source", nil), Error: func(error) {}}
	config.Check(name, fset, files, info) // unresolved names are outside the package
	calls := map[types.Object]map[types.Object]bool{}
	for _, file := range files {
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			from := info.Defs[f.Name]
			calls[from] = map[types.Object]bool{}
			ast.Inspect(f.Body, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					if to, ok := info.Uses[id].(*types.Func); ok {
						calls[from][to] = true
					}
				}
				return true
			})
		}
	}
	for _, part := range components(calls) {
		if len(part) > 1 || calls[part[0]][part[0]] {
			var names []string
			for _, f := range part {
				names = append(names, f.Name())
			}
			slices.Sort(names)
			list = append(list, slices.Compact(names))
		}
	}
	return list
}

// components returns Tarjan's strongly connected components.
func components(calls map[types.Object]map[types.Object]bool) (list [][]types.Object) {
	index, low := map[types.Object]int{}, map[types.Object]int{}
	on := map[types.Object]bool{}
	var stack []types.Object
	var visit func(f types.Object)
	visit = func(f types.Object) {
		index[f] = len(index) + 1
		low[f] = index[f]
		stack = append(stack, f)
		on[f] = true
		for to := range calls[f] {
			if calls[to] == nil {
				continue
			}
			if index[to] == 0 {
				visit(to)
				low[f] = min(low[f], low[to])
			} else if on[to] {
				low[f] = min(low[f], index[to])
			}
		}
		if low[f] != index[f] {
			return
		}
		var part []types.Object
		for {
			top := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			on[top] = false
			part = append(part, top)
			if top == f {
				break
			}
		}
		list = append(list, part)
	}
	for f := range calls {
		if index[f] == 0 {
			visit(f)
		}
	}
	return list
}
