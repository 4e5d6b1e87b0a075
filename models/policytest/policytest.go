package policytest

import (
	"strings"
	"sync"
	"testing"

	"parley/hostagent"
	"parley/lcc"
	"parley/models"
	"parley/sim"
)

// compiled caches the compiled models by text: models are immutable, and with the race
// detector compiling one takes longer than many a test.
var compiled sync.Map

// Policy compiles a shipped model after text replacements: old, new, old, new...
func Policy(t *testing.T, name string, replace ...string) *lcc.Model {
	t.Helper()
	text, ok := models.Text(name)
	if !ok {
		t.Fatalf("no model %s", name)
	}
	changed := string(text)
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(changed, replace[i]) {
			t.Fatalf("%s does not hold %q", name, replace[i])
		}
		changed = strings.Replace(changed, replace[i], replace[i+1], 1)
	}
	if known, ok := compiled.Load(changed); ok {
		return known.(*lcc.Model)
	}
	model, diagnostics := lcc.Compile(name, []byte(changed), hostagent.Vocabulary())
	if model == nil {
		t.Fatal(diagnostics)
	}
	compiled.Store(changed, model)
	return model
}

// Run runs a site until it is steady. A large site is much work in one goroutine, so it
// is skipped in -short mode, which the race detector uses.
func Run(t *testing.T, s sim.Site) sim.SiteResult {
	t.Helper()
	if testing.Short() && len(s.Hosts) >= 90 {
		t.Skipf("%d hosts: go test without -short runs them", len(s.Hosts))
	}
	result, err := s.Run()
	if err != nil {
		t.Fatal(err)
	}
	if !result.Steady {
		t.Fatalf("not steady after %v: %d moves", s.Limit, len(result.Moves))
	}
	return result
}

// Beside makes hosts enact gossip, too.
func Beside(t *testing.T, s sim.Site) sim.Site {
	s.Policies = append([]*lcc.Model{Policy(t, "gossip")}, s.Policies...)
	return s
}
