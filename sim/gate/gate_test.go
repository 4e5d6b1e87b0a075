package gate

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/hostagent"
	"parley/models"
	"parley/models/publish/bundle"
	"parley/models/publish/repository"
	"parley/sim/compare"
	"parley/sim/modeltest"
)

// tried runs the gate on a policy of some files.
func tried(t *testing.T, o Options, settings string, files map[string][]byte) (Report, error) {
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
	o.Sources = modeltest.Sources{
		Read: os.ReadFile, Shipped: models.Text, Libraries: models.Imported(os.ReadFile), Vocabulary: hostagent.Vocabulary(),
	}
	return Try(t.Context(), policies, o)
}

// Every shipped policy passes the gate unchanged.
func TestGateLetsShippedPoliciesPass(t *testing.T) {
	for _, name := range append(models.Names(), "sender_initiated+gossip") {
		if name == "shop" || testing.Short() && name != "agility" {
			continue // shop is not a policy for hosts
		}
		r, err := tried(t, Options{}, "", shipped(t, name))
		if err != nil || r.Refused != nil {
			t.Errorf("%s: got %+v, %v, want that it passes", name, r.Refused, err)
			continue
		}
		if p := r.Policies[0]; p.Models == 0 || len(p.Tests) == 0 || p.Trial.With.Site.Ran < time.Hour || p.Trial.Without.Site.Ran < time.Hour {
			t.Errorf("%s: got %d models, %d tests and the trial %+v, want all tried", name, p.Models, len(p.Tests), p.Trial)
		}
	}
}

// shipped returns the files of shipped models, "a+b", and of their tests, by name.
func shipped(t *testing.T, names string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for name := range strings.SplitSeq(names, "+") {
		text, ok := models.Text(name)
		if !ok {
			t.Fatalf("there is no model %s", name)
		}
		files[name+".lcc"] = text
		maps.Copy(files, models.Tests(name))
	}
	return files
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
	files := map[string][]byte{"power_saving.lcc": shipped(t, "power_saving")["power_saving.lcc"], "lull.yaml": []byte(lull)}
	for _, c := range []struct {
		options   Options
		code      Code
		simulated bool
	}{{Options{}, Overload, true}, {Options{Force: true}, "", true}, {Options{NoSimulation: true}, "", false}} {
		r, err := tried(t, c.options, "simulate: lull.yaml", files)
		if err != nil || codeOf(r) != c.code {
			t.Errorf("%+v: got the code %q, %v, want %q", c.options, codeOf(r), err, c.code)
		}
		trial := r.Policies[0].Trial
		if (trial != nil) != c.simulated {
			t.Errorf("%+v: got the trial %+v, want one: %v", c.options, trial, c.simulated)
		}
		if trial != nil && (OverloadShare(trial.Without) != 0 || OverloadShare(trial.With) < 0.01) {
			t.Errorf("%+v: got overload %v without it and %v with it", c.options, OverloadShare(trial.Without), OverloadShare(trial.With))
		}
	}
}

func codeOf(r Report) Code {
	if r.Refused == nil {
		return ""
	}
	return r.Refused.Code
}

func TestGateRefuses(t *testing.T) {
	agility := shipped(t, "agility")["agility.lcc"]
	failing := "x\n-- model --\nagility.lcc\n-- peers --\nann: idle\n-- expect --\nann => ann: refuse(1)\n"
	misfit := strings.Replace(failing, "refuse(1)", "hello", 1)
	for name, c := range map[string]struct {
		code  Code
		files map[string][]byte
	}{
		"a fault":              {Faults, map[string][]byte{"bad.lcc": []byte("a(idle, ID) :: tell(X) => a(idle, X)\n")}},
		"no host's":            {NotEnacted, map[string][]byte{"shop.lcc": shipped(t, "shop")["shop.lcc"]}},
		"a dry run that fails": {NotEnacted, map[string][]byte{"bad.lcc": []byte(dies)}},
		"a failed test":        {TestFailed, map[string][]byte{"agility.lcc": agility, "wrong.txtar": []byte(failing)}},
		"another model's test": {TestFailed, map[string][]byte{"agility.lcc": agility, "other.txtar": []byte(misfit)}},
	} {
		r, err := tried(t, Options{}, "", c.files)
		if err != nil || codeOf(r) != c.code || r.Refused.Policy != "tried" {
			t.Errorf("%s: got %+v, %v, want the code %q", name, r.Refused, err, c.code)
			continue
		}
		switch why := r.Refused; c.code {
		case Faults, NotEnacted:
			if c.files[why.Model] == nil || (len(why.Found) > 0) != (c.code == Faults) || (why.Enact != nil) != (c.code == NotEnacted) {
				t.Errorf("%s: got %+v, want the model and what is wrong with it", name, why)
			}
		case TestFailed:
			if why.Test == nil {
				if why.Err == nil || !strings.Contains(why.Err.Error(), "other.txtar:7: the model has no message hello/0") {
					t.Errorf("%s: got %v, want what does not fit", name, why.Err)
				}
				continue
			}
			if !strings.HasSuffix(why.Test.Test, "wrong.txtar") || why.Test.Passed() || r.Policies[0].Tests != nil {
				t.Errorf("%s: got %+v, want the failed test", name, why.Test)
			}
		}
	}
}

// A policy whose agents never continue after a migration that failed passes no gate:
// where the text shows it the check warns, and else the trial does.
func TestGateRefusesFreezingPolicies(t *testing.T) {
	trusting, err := os.ReadFile("testdata/trusting.lcc")
	if err != nil {
		t.Fatal(err)
	}
	const move = "migrate(D, G, T) then"
	branch := func(other string) []byte {
		return []byte(strings.Replace(string(trusting), move, "(null <- migrate(D, G, T) or null <- "+other+") then", 1))
	}
	for name, c := range map[string]struct {
		text []byte
		want Code
	}{
		"no other way":             {trusting, Faults},
		"a way that is never open": {branch("load(L) and L < 0 and timeout(5)"), Freezes},
		"a branch for its failure": {branch("timeout(60)"), ""},
	} {
		r, err := tried(t, Options{}, "", map[string][]byte{"trusting.lcc": c.text})
		if err != nil || codeOf(r) != c.want {
			t.Errorf("%s: got %+v, %v, want the code %q", name, r.Refused, err, c.want)
			continue
		}
		if c.want == Freezes && !strings.Contains(r.Refused.Err.Error(), "the role giving has done nothing for") {
			t.Errorf("%s: got %v, want the role that waits", name, r.Refused.Err)
		}
	}
}

// dies ends in its first step, which the check does not see.
const dies = "r(idle, initial).\nnothing(0).\na(idle, ID) :: null <- nothing(N) and _X is 1 / N then a(idle, ID)\n"

// A deal that is promised more room than there is, or hangs, is a fault of the policy: the
// run's error refuses it.
func TestGateRefusesFailedRuns(t *testing.T) {
	broken := errors.New("a deal hangs")
	o := Options{Run: func(context.Context, compare.Options) ([]compare.Result, error) { return nil, broken }}
	r, err := tried(t, o, "", shipped(t, "agility"))
	if err != nil || codeOf(r) != RunFailed || !errors.Is(r.Refused.Err, broken) || r.Policies[0].Trial == nil {
		t.Errorf("got %+v, %v, want that the run failed", r.Refused, err)
	}
}

// What cannot be tried is an error of the policy's files.
func TestGateCannotTry(t *testing.T) {
	agility := shipped(t, "agility")["agility.lcc"]
	for name, c := range map[string]struct {
		settings string
		files    map[string][]byte
		want     string
	}{
		"no test at all": {"", map[string][]byte{"agility.lcc": agility, "wrong.txtar": []byte("x\n-- modell --\n")}, "wrong.txtar"},
		"no scenario":    {"simulate: none.yaml", map[string][]byte{"agility.lcc": agility}, "simulate: there is no"},
		"a bad scenario": {"simulate: bad.yaml", map[string][]byte{"agility.lcc": agility, "bad.yaml": []byte("hots: []\n")},
			`bad.yaml:1:1: there is no key "hots"`},
	} {
		if r, err := tried(t, Options{}, c.settings, c.files); err == nil || !strings.Contains(err.Error(), c.want) || r.Refused != nil {
			t.Errorf("%s: got %+v, %v, want an error with %q", name, r.Refused, err, c.want)
		}
	}
}
