package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/race"
	"parley/internal/version"
)

// The files of a sweep are those of one call, byte for byte.
func TestMergeIsOneComparison(t *testing.T) {
	if race.Detector {
		t.Skip("its goroutines are those of sim/compare, whose tests the detector watches")
	}
	t.Setenv(version.EpochVariable, "1700000000")
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.WriteFile("two.yaml", []byte(twoHosts), 0o644); err != nil {
		t.Fatal(err)
	}
	do := func(want int, args ...string) (out, errs string) {
		t.Helper()
		var o, e bytes.Buffer
		if code := run(args, strings.NewReader(""), &o, &e); code != want {
			t.Fatalf("%s: got code %d, want %d\n%s%s", strings.Join(args, " "), code, want, &o, &e)
		}
		return o.String(), e.String()
	}
	files := []string{"--csv=runs.csv", "--json=runs.json", "--html=page.html", "--series=series.csv"}
	names := []string{"runs.csv", "runs.json", "page.html", "series.csv"}
	compare := []string{"sim", "compare", "two.yaml", "--policy", "none,agility", "--seeds", "5"}
	table, _ := do(0, append(compare, files...)...)
	one := map[string][]byte{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		one[name] = text
	}
	shard := func(want int, s string) (string, string) {
		return do(want, append(compare, "--shard", s, "--out", "sweep", "--courses")...)
	}
	if out, _ := shard(0, "3/3"); !strings.Contains(out, "only a part: shard 3/3, 1 of 5 seeds; all shards together: parley sim merge sweep") {
		t.Errorf("got\n%s\nwant that it is a part", out)
	}
	shard(0, "1/3")
	_, errs := do(1, "sim", "merge", "sweep")
	for _, want := range []string{"shard 2/3 has 0 of 4 runs", "--shard=2/3", "--out=sweep", "--part"} {
		if !strings.Contains(errs, want) {
			t.Errorf("got %q, want %q", errs, want)
		}
	}
	if out, _ := do(0, "sim", "merge", "sweep", "--part"); !strings.Contains(out, "only a part: 3 of 5 seeds, as shards have not finished") {
		t.Errorf("got\n%s\nwant that it is a part", out)
	}
	shard(0, "2/3")
	if got, _ := do(0, append([]string{"sim", "merge", "sweep"}, files...)...); got != table {
		t.Errorf("got the table\n%s\nwant\n%s", got, table)
	}
	for _, name := range names {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.Equal(got, one[name]) {
			t.Errorf("%s: got another file than that of one call (%v)", name, err)
		}
	}
}

func TestShardFlags(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("two.yaml", []byte(twoHosts), 0o644); err != nil {
		t.Fatal(err)
	}
	compare := "sim compare two.yaml --policy none,agility --seeds 2 "
	refused(t, map[string]string{
		compare + "--shard 3":                          "--shard: \"3\" is no shard: write I/N",
		compare + "--shard 1/2":                        "--shard needs --out DIR",
		compare + "--out sweep":                        "--out goes with --shard I/N",
		compare + "--courses":                          "--courses goes with --shard I/N",
		compare + "--shard 1/2 --out sweep --csv x":    "give it to `parley sim merge sweep`",
		compare + "--shard 1/2 --out sweep --keep x":   "keeps the finished runs in --out sweep already",
		compare + "--shard 1/3 --out sweep":            "3 shards and 2 seeds",
		"sim merge nothing":                            "nothing has no sweep.json",
		"sim merge two.yaml --series runs.csv --part ": "sweep.json",
	})
}
