package compare

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// keepFile opens a file of finished runs for a comparison.
func keepFile(t *testing.T, name string, o *Options) *Keep {
	t.Helper()
	k, err := OpenKeep(name, *o, "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.Close() })
	o.Kept = k.Kept
	o.Finished = func(r Result) error { return k.Add(o.Policies[r.Policy].Name, r) }
	return k
}

func closed(t *testing.T, k *Keep) {
	t.Helper()
	if err := k.Close(); err != nil {
		t.Error(err)
	}
}

// A comparison that was interrupted has its whole seeds, and continues to the same
// results without running a finished run again.
func TestInterruptedComparisonContinues(t *testing.T) {
	want, err := Run(t.Context(), lengthsOptions(t, "none", "agility"))
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "runs.jsonl")
	ctx, cancel := context.WithCancel(t.Context())
	o := lengthsOptions(t, "none", "agility")
	o.AtOnce = 1
	kept := keepFile(t, name, &o)
	finished, add := 0, o.Finished
	of := map[uint64]int{} // finished runs of a seed
	o.Finished = func(r Result) error {
		finished++
		if of[r.Seed]++; of[r.Seed] == len(o.Policies) {
			cancel()
		}
		return add(r)
	}
	results, err := Run(ctx, o)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want that it was cancelled", err)
	}
	part, whole := o.Whole(results)
	if len(part.Seeds) == 0 || len(part.Seeds) == len(o.Seeds) || len(whole) != 2*len(part.Seeds) {
		t.Fatalf("got %d results of the seeds %v, want a part of all seeds", len(whole), part.Seeds)
	}
	c := part.Comparison(whole)
	if err := c.Check(); err != nil || len(c.Policies[0].Runs) != len(part.Seeds) || len(c.Policies[1].Runs) != len(part.Seeds) {
		t.Errorf("got %v and %+v, want a comparison of the whole seeds", err, c.Policies)
	}

	if _, err := OpenKeep(name, o, "1.2.3"); err == nil || !strings.Contains(err.Error(), "another process keeps its runs there") {
		t.Errorf("opened twice: got %v, want that it is refused", err)
	}
	closed(t, kept)

	// The writer of the last line was killed.
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, append(text, `{"of":{"ver`...), 0o644); err != nil {
		t.Fatal(err)
	}
	o = lengthsOptions(t, "none", "agility")
	keepFile(t, name, &o)
	again, add := 0, o.Finished
	o.Finished = func(r Result) error { again++; return add(r) }
	got, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if again != len(want)-finished {
		t.Errorf("%d runs ran again, want the %d that had not finished", again, len(want)-finished)
	}
	for i := range want {
		got[i].Took, want[i].Took = 0, 0
	}
	if !reflect.DeepEqual(o.Comparison(got), o.Comparison(want)) {
		t.Error("the continued comparison differs from one that was never interrupted")
	}
	if text, _ := os.ReadFile(name); strings.Count(string(text), "\n") != len(want) {
		t.Errorf("got %d lines, want one for each of the %d runs", strings.Count(string(text), "\n"), len(want))
	}
}

// A run is taken only for the comparison of which it is.
func TestKeepRefusesOtherComparisons(t *testing.T) {
	name := filepath.Join(t.TempDir(), "runs.jsonl")
	o := lengthsOptions(t, "none", "agility")
	o.Seeds = o.Seeds[:1]
	kept := keepFile(t, name, &o)
	if _, err := Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	closed(t, kept)
	other := options(t, "none", "agility")
	wire, policies, parameter := o, lengthsOptions(t, "none", "sample"), lengthsOptions(t, "none", "agility[gap=0.5]")
	wire.Wire = true
	for _, c := range []struct {
		what    string
		o       Options
		version string
		want    string
	}{
		{"the same", o, "1.2.3", ""},
		{"more seeds", lengthsOptions(t, "none", "agility"), "1.2.3", ""},
		{"another version", o, "1.2.4", `made by version "1.2.3", this is "1.2.4"`},
		{"another scenario", other, "1.2.3", "its scenario had the SHA-256 "},
		{"another policy", policies, "1.2.3", "its policies were none, agility "},
		{"another parameter", parameter, "1.2.3", "these are none, agility[gap=0.5] "},
		{"with bytes", wire, "1.2.3", "--wire"},
	} {
		k, err := OpenKeep(name, c.o, c.version)
		if err == nil {
			err = k.Close()
			if _, ok := k.Kept(1, 1); !ok {
				t.Errorf("%s: the finished run is not there", c.what)
			}
		}
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: got %v", c.what, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "runs.jsonl:1: ")):
			t.Errorf("%s: got %v, want %q with file and line", c.what, err, c.want)
		}
	}
	if err := os.WriteFile(name, []byte("policy,seed\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenKeep(name, o, "1.2.3"); err == nil || !strings.Contains(err.Error(), "this is no finished run") {
		t.Errorf("another file: got %v, want that it has no runs", err)
	}
}
