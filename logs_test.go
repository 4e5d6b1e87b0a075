package parley_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var eventName = regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)

// TestStyleLogEvents holds that each entry of the log has a stable key: words change,
// and whoever watches the log matches the key.
func TestStyleLogEvents(t *testing.T) {
	found := 0
	for _, path := range goFiles(t) {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !logs(call) {
				return true
			}
			found++
			if event := eventOf(call); !eventName.MatchString(event) {
				t.Errorf("%s: an entry of the log has no stable event, such as \"event\", \"journal_full\"", files.Position(call.Pos()))
			}
			return true
		})
	}
	if found < 50 {
		t.Errorf("found %d entries of the log: the search misses them", found)
	}
}

// logs says whether a call writes an entry whose words stand in the source.
func logs(call *ast.CallExpr) bool {
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) == 0 || !slices.Contains([]string{"Debug", "Info", "Warn", "Error"}, method.Sel.Name) {
		return false
	}
	return isText(call.Args[0]) && isLogger(method.X)
}

// isLogger says whether an expression is a log, by its name.
func isLogger(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == "log"
	case *ast.SelectorExpr:
		return e.Sel.Name == "log" || e.Sel.Name == "Logger"
	}
	return false
}

func isText(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return e.Kind == token.STRING
	case *ast.BinaryExpr:
		return isText(e.X)
	}
	return false
}

// eventOf is the value of the key event of an entry.
func eventOf(call *ast.CallExpr) string {
	if len(call.Args) < 3 {
		return ""
	}
	key, ok := call.Args[1].(*ast.BasicLit)
	value, ok2 := call.Args[2].(*ast.BasicLit)
	if !ok || !ok2 || key.Value != `"event"` {
		return ""
	}
	text, err := strconv.Unquote(value.Value)
	if err != nil {
		return ""
	}
	return text
}
