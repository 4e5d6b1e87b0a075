package compare

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"parley/internal/race"
	"parley/sim/report"
)

func TestParseShard(t *testing.T) {
	for _, text := range []string{"1/1", "3/16", "16/16"} {
		if s, err := ParseShard(text); err != nil || s.String() != text {
			t.Errorf("%s: got %v and %v", text, s, err)
		}
	}
	for _, text := range []string{"", "3", "0/2", "3/2", "-1/2", "1/0", "1/2/3", "01/2", "1/2 ", "a/b"} {
		if s, err := ParseShard(text); err == nil || !strings.Contains(err.Error(), "such as 3/16") {
			t.Errorf("%q: got %v and %v, want an error that shows how", text, s, err)
		}
	}
}

func sharded(t *testing.T, courses bool, s Shard) Options {
	t.Helper()
	o := lengthsOptions(t, "none", "agility")
	o.Charts, o.Courses, o.Shard = true, courses, s
	return o
}

var sweepCommand = Command{Words: []string{"compare", "len.yaml"}, Flags: []string{"--policy=none,agility", "--wire=false"}}

// runShard runs a shard into a directory.
func runShard(ctx context.Context, t *testing.T, dir string, o Options) error {
	t.Helper()
	k, err := OpenShard(dir, o, "1.2.3", report.Made{Version: "1.2.3"}, sweepCommand)
	if err != nil {
		return err
	}
	defer closed(t, k)
	o.Kept = k.Kept
	o.Finished = func(r Result) error { return k.Add(o.Policies[r.Policy].Name, r) }
	results, err := Run(ctx, o)
	for i, r := range results {
		if r.Done && !o.Shard.has(i%len(o.Seeds)) {
			t.Errorf("shard %v has run seed %d", o.Shard, r.Seed)
		}
	}
	return err
}

// What the shards of a sweep have run is the comparison that one call makes, whatever its
// output wants of the courses.
func TestSweepIsTheComparison(t *testing.T) {
	if race.Detector {
		t.Skip("TestInterruptedComparisonContinues has the detector watch a comparison")
	}
	for _, courses := range []bool{false, true} {
		dir := t.TempDir()
		for _, s := range []Shard{{2, 2}, {1, 2}} {
			if err := runShard(t.Context(), t, dir, sharded(t, courses, s)); err != nil {
				t.Fatal(err)
			}
		}
		s, err := OpenSweep(dir)
		if err != nil {
			t.Fatal(err)
		}
		if gaps := s.Gaps(); len(gaps) != 0 {
			t.Errorf("got the gaps %v, want none", gaps)
		}
		for _, wants := range []struct{ charts, courses bool }{{false, false}, {true, false}, {true, courses}} {
			o := lengthsOptions(t, "none", "agility")
			o.Charts, o.Courses = wants.charts, wants.courses
			results, err := Run(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			want := o.Comparison(results)
			want.Made = &report.Made{Version: "1.2.3", Command: "merge"}
			got, whole, all := s.Comparison(wants.charts, wants.courses, report.Made{Command: "merge"})
			if whole != 3 || all != 3 || !reflect.DeepEqual(got, want) {
				t.Errorf("courses %v, output %v: got %d of %d seeds and another comparison than that of one call", courses, wants, whole, all)
			}
		}
	}
}

// A sweep says which shards have not finished, and has the whole seeds of the others.
func TestUnfinishedSweep(t *testing.T) {
	dir := t.TempDir()
	if err := runShard(t.Context(), t, dir, sharded(t, false, Shard{1, 2})); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, shardName(Shard{1, 2}))
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	// The writer of the last line was killed.
	if err := os.WriteFile(name, []byte(strings.Join(lines[:3], "")+lines[3][:20]), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := OpenSweep(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []Gap{
		{Shard{1, 2}, 3, 4, "compare len.yaml --out=" + dir + " --policy=none,agility --shard=1/2 --wire=false"},
		{Shard{2, 2}, 0, 2, "compare len.yaml --out=" + dir + " --policy=none,agility --shard=2/2 --wire=false"},
	}
	if got := s.Gaps(); !reflect.DeepEqual(got, want) {
		t.Errorf("got the gaps\n%v, want\n%v", got, want)
	}
	if c, whole, all := s.Comparison(false, false, report.Made{}); whole != 1 || all != 3 || len(c.Policies[1].Runs) != 1 {
		t.Errorf("got %d of %d seeds and %v, want the one that both policies finished", whole, all, c.Policies)
	}
	// The shard continues: only what is not there runs.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := runShard(ctx, t, dir, sharded(t, false, Shard{1, 2})); err == nil {
		t.Error("the shard did not continue: nothing was left to run")
	}
	if err := runShard(t.Context(), t, dir, sharded(t, false, Shard{1, 2})); err != nil {
		t.Fatal(err)
	}
	if s, err = OpenSweep(dir); err != nil || len(s.Gaps()) != 1 {
		t.Errorf("got %v and %v, want only the gap of the other shard", s.Gaps(), err)
	}
}

func TestSweepRefusesOthers(t *testing.T) {
	dir := t.TempDir()
	if err := runShard(t.Context(), t, dir, sharded(t, false, Shard{1, 3})); err != nil {
		t.Fatal(err)
	}
	other := options(t, "none", "agility")
	other.Shard, other.Seeds = Shard{1, 3}, []uint64{1, 2, 3}
	for what, c := range map[string]struct {
		o    Options
		want string
	}{
		"another number of shards": {sharded(t, false, Shard{1, 2}), "it has 3 shards, this one 2"},
		"too many shards":          {sharded(t, false, Shard{1, 4}), "there are 4 shards and 3 seeds"},
		"courses":                  {sharded(t, true, Shard{1, 3}), "--courses"},
		"another scenario":         {other, "its scenario had the SHA-256 "},
	} {
		if err := runShard(t.Context(), t, dir, c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", what, err, c.want)
		}
	}
	empty := t.TempDir()
	if _, err := OpenSweep(empty); err == nil || !strings.Contains(err.Error(), "has no sweep.json: name a directory") {
		t.Errorf("an empty directory: got %v", err)
	}
	for _, text := range []string{"{", "{}", `{"other": 1}`} {
		if err := os.WriteFile(filepath.Join(empty, sweepName), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenSweep(empty); err == nil || !strings.Contains(err.Error(), sweepName+": ") {
			t.Errorf("%s: got %v, want an error that names the file", text, err)
		}
	}
}
