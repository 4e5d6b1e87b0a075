package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const operationsPage = "../../docs/operations.md"

// The tables have every code of a refusal and every state of a policy exactly once, and
// nothing else.
func TestOperationsTables(t *testing.T) {
	page := read(t, operationsPage)
	rows := func(heading string) (keys []string) {
		_, rest, ok := strings.Cut(page, "\n## "+heading)
		if !ok {
			t.Fatalf("no section %q", heading)
		}
		rest, _, _ = strings.Cut(rest, "\n## ")
		for _, found := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(rest, -1) {
			keys = append(keys, strings.ToLower(found[1]))
		}
		slices.Sort(keys)
		return keys
	}
	codes := constants(t, "../../models/publish/bundle/refusal.go", "Code")
	if got := rows("Why something is refused"); !slices.Equal(got, codes) {
		t.Errorf("codes: got %v, want %v", got, codes)
	}
	states := append(constants(t, "../../models/publish/chain/policy.go", "PolicyState"), mattersKnown...)
	slices.Sort(states)
	if got := rows("What `parley policy status` says"); !slices.Equal(got, states) {
		t.Errorf("states: got %v, want %v", got, states)
	}
}

// mattersKnown are the states of matters and policyRows besides those of policies;
// TestPolicyRows verifies them.
var mattersKnown = []string{"alarm", "error", "expired", "lagging", "no answer", "no policy", "no release", "not listed", "stale"}

// constants returns the values of the constants of a type in a file, sorted.
func constants(t *testing.T, path, name string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if of, ok := spec.Type.(*ast.Ident); ok && of.Name == name {
			for _, value := range spec.Values {
				if literal, ok := value.(*ast.BasicLit); ok {
					text, err := strconv.Unquote(literal.Value)
					if err != nil {
						t.Fatal(err)
					}
					values[text] = true
				}
			}
		}
		return true
	})
	if len(values) == 0 {
		t.Fatalf("%s has no constants of the type %s", path, name)
	}
	return slices.Sorted(maps.Keys(values))
}
