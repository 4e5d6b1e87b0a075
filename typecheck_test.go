package parley_test

import (
	"os"
	"testing"

	"golang.org/x/tools/go/packages"
)

// TestTypesWithoutCgo checks the types of every package as a build without cgo
// sees them, and those of what it imports. It takes a sixth of the time of that
// build, which compiles the standard library and libp2p a second time.
func TestTypesWithoutCgo(t *testing.T) {
	list, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedDeps | packages.NeedTypes | packages.NeedTypesSizes,
		Env:  append(os.Environ(), "CGO_ENABLED=0"),
	}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 20 {
		t.Fatalf("%d packages: want all of the module", len(list))
	}
	packages.Visit(list, nil, func(p *packages.Package) {
		for _, e := range p.Errors {
			t.Error(e)
		}
	})
}
