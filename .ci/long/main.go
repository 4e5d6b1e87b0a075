// Long lists the tests of some packages that -short or the race detector leaves out. Arguments
// are the directories of the packages. It prints a line: a pattern for go test -run, and the
// directories that have such tests.
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	var tests, dirs []string
	for _, dir := range os.Args[1:] {
		found, err := longTests(dir)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if len(found) > 0 {
			tests, dirs = append(tests, found...), append(dirs, dir)
		}
	}
	slices.Sort(tests)
	fmt.Printf("^(%s)$ %s\n", strings.Join(slices.Compact(tests), "|"), strings.Join(dirs, " "))
}

// longTests are the tests of a directory that ask, by themselves or by a function of their
// package's tests, whether they are to be short or watched by the race detector.
func longTests(dir string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		return nil, err
	}
	uses, asks := map[string][]string{}, map[string]bool{"testing.Short": true, "race.Detector": true}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, declared := range file.Decls {
			if f, is := declared.(*ast.FuncDecl); is {
				uses[f.Name.Name] = append(uses[f.Name.Name], named(f)...)
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for name, used := range uses {
			if asks[name] || !slices.ContainsFunc(used, func(other string) bool { return asks[other] }) {
				continue
			}
			asks[name], changed = true, true
		}
	}
	var tests []string
	for name := range asks {
		if strings.HasPrefix(name, "Test") && name != "TestMain" {
			tests = append(tests, name)
		}
	}
	return tests, nil
}

// named are the names that a function uses, those of other packages with the package.
func named(f *ast.FuncDecl) (names []string) {
	ast.Inspect(f.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if of, is := n.X.(*ast.Ident); is {
				names = append(names, of.Name+"."+n.Sel.Name)
			}
		case *ast.Ident:
			names = append(names, n.Name)
		}
		return true
	})
	return names
}
