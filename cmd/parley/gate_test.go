package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"parley/models"
	"parley/models/publish/bundle"
	"parley/models/publish/repository"
)

// atGate runs the gate on a policy of some files.
func atGate(t *testing.T, g gate, settings string, files map[string][]byte) (string, error) {
	t.Helper()
	key, err := repository.CreateKey(filepath.Join(t.TempDir(), "ann.key"), strings.NewReader(strings.Repeat("k", 64)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := repository.Init(t.TempDir(), repository.Beginning{
		Publisher: "north", Root: bundle.Root{Version: 1, Threshold: 1, Keys: []bundle.Key{{Name: "ann", Public: key.Public()}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	dir, err := r.InitPolicy("tried", files)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "policy.yaml"), []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	policies, err := r.Policies()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	cmd := &cobra.Command{}
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	cmd.SetContext(t.Context())
	err = g.pass(cmd, policies)
	return out.String(), err
}

// Every shipped policy passes the gate unchanged.
func TestGateLetsShippedPoliciesPass(t *testing.T) {
	for _, name := range append(models.Names(), "sender_initiated+gossip") {
		if name == "shop" || testing.Short() && name != "agility" {
			continue // shop is not a policy for hosts
		}
		files, err := shippedFiles(name)
		if err != nil {
			t.Fatal(err)
		}
		out, err := atGate(t, gate{}, "", files)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, want := range []string{"without a fault", "passed", "tried: simulated "} {
			if !strings.Contains(out, want) {
				t.Errorf("%s: got\n%s\nwant %q in it", name, out, want)
			}
		}
	}
}

// lull is a site that is nearly idle until the demand of all its guests rises at once.
const lull = `title: A lull
hosts: [{name: host, count: 6, cores: 8, memory: 64 GiB}]
guests: [{name: guest, count: 18, place: spread, sizes: [{cores: 4, memory: 2 GiB}], load: {kind: crowd, share: 0.1, high: 0.6, part: 1, at: 30m, rise: 1m, hold: 20m}}]
run: {limit: 1h, quiet: 30m}
`

// A policy that packs guests onto few hosts in a lull overloads them afterwards:
// publishing it needs an explicit override.
func TestGateHoldsOverloadAgainstDoingNothing(t *testing.T) {
	files := map[string][]byte{"power_saving.lcc": shippedText(t, "power_saving"), "lull.yaml": []byte(lull)}
	out, err := atGate(t, gate{}, "simulate: lull.yaml", files)
	if err == nil || !strings.Contains(err.Error(), "and without it for 0.00 %: mend it") {
		t.Errorf("got %v, want that it overloads\n%s", err, out)
	}
	for _, g := range []gate{{force: true}, {noSimulation: true}} {
		out, err := atGate(t, g, "simulate: lull.yaml", files)
		if err != nil {
			t.Errorf("%+v: got %v, want that it passes", g, err)
		}
		if simulated := strings.Contains(out, "simulated"); simulated == g.noSimulation {
			t.Errorf("%+v: got\n%s", g, out)
		}
	}
}

func TestGateRefuses(t *testing.T) {
	agility, _ := models.Text("agility")
	for name, c := range map[string]struct {
		settings string
		files    map[string][]byte
		want     []string
	}{
		"a fault":              {"", map[string][]byte{"bad.lcc": []byte("a(idle, ID) :: tell(X) => a(idle, X)\n")}, []string{"LCC", "bad.lcc has faults"}},
		"no host's":            {"", map[string][]byte{"shop.lcc": shippedText(t, "shop")}, []string{"no host has the constraint", "docs/vocabulary.md"}},
		"a dry run that fails": {"", map[string][]byte{"bad.lcc": []byte("r(idle, initial).\na(idle, ID) :: null <- _X is 1 / 0 then a(idle, ID)\n")}, []string{"is not published: bad.lcc: the role"}},
		"a failed test":        {"", map[string][]byte{"agility.lcc": agility, "wrong.txtar": []byte("x\n-- model --\nagility.lcc\n-- peers --\nann: idle\n-- expect --\nann => ann: hello\n")}, []string{"wrong.txtar failed"}},
		"no test at all":       {"", map[string][]byte{"agility.lcc": agility, "wrong.txtar": []byte("x\n-- modell --\n")}, []string{"wrong.txtar"}},
		"no scenario":          {"simulate: none.yaml", map[string][]byte{"agility.lcc": agility}, []string{"simulate: there is no"}},
		"a bad scenario":       {"simulate: bad.yaml", map[string][]byte{"agility.lcc": agility, "bad.yaml": []byte("hots: []\n")}, []string{`bad.yaml:1:1: there is no key "hots"`}},
	} {
		out, err := atGate(t, gate{noSimulation: name == "a dry run that fails"}, c.settings, c.files)
		if err == nil {
			t.Errorf("%s: it passed:\n%s", name, out)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(out+err.Error(), want) {
				t.Errorf("%s: got\n%s%v\nwant %q in it", name, out, err, want)
			}
		}
	}
}

func shippedText(t *testing.T, name string) []byte {
	t.Helper()
	text, ok := models.Text(name)
	if !ok {
		t.Fatalf("there is no model %s", name)
	}
	return text
}
