package examples_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/lcc"
	"parley/lcc/check"
	"parley/lcc/syntax"
	"parley/models"
	"parley/sim"
	"parley/sim/modeltest"
)

// TestTxtar runs the tests of every example, as `parley test --cover examples` does,
// and checks that they reach every event and every branch of it.
func TestTxtar(t *testing.T) {
	coverage := map[string]*modeltest.Coverage{}
	for _, file := range found(t, "*/*.txtar") {
		t.Run(file, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			test, err := modeltest.Load(file, data, modeltest.Sources{Read: os.ReadFile, Libraries: models.Imported(os.ReadFile)})
			if err != nil {
				t.Fatal(err)
			}
			result := test.Run()
			if !result.Passed() {
				t.Errorf("%s\n%s", result.Text(), strings.Join(result.Story, "\n"))
			}
			dir := filepath.Dir(file)
			if c := coverage[dir]; c != nil && c.Same(result.Coverage) {
				c.Merge(result.Coverage)
			} else if c == nil {
				coverage[dir] = result.Coverage
			} else {
				t.Errorf("%s tests another model than the other tests beside it", file)
			}
		})
	}
	for dir, c := range coverage {
		for _, places := range [][]modeltest.Place{c.Events, c.Branches} {
			if reached, all := modeltest.Count(places); reached < all {
				t.Errorf("%s: its tests reach %d of %d\n%s", dir, reached, all, c.Text())
			}
		}
	}
}

// TestStrict checks that the checker finds nothing in the examples, and that `parley
// fmt` would not change them.
func TestStrict(t *testing.T) {
	for _, file := range found(t, "*/*.lcc") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, findings := lcc.Examine(file, text, nil)
		for _, d := range findings {
			if d.Severity != check.Info { // it says how far the search went
				t.Errorf("%s", d.Text(text))
			}
		}
		formatted, errs := syntax.Format(file, text)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		if string(formatted) != string(text) {
			t.Errorf("%s is not in its canonical form; run parley fmt -w on it", file)
		}
	}
}

// TestReadme checks that each example says how to run it, and that the files it names
// exist. The commands run in the parent directory.
func TestReadme(t *testing.T) {
	word := regexp.MustCompile(`examples(/[a-z_.]+)+`)
	for _, file := range found(t, "*/*.lcc") {
		dir := filepath.Dir(file)
		data, err := os.ReadFile(filepath.Join(dir, "README.md"))
		if err != nil {
			t.Error(err)
			continue
		}
		commands := map[string]bool{}
		for line := range strings.Lines(string(data)) {
			words := strings.Fields(line)
			if !strings.HasPrefix(line, "    ") || words[0] != "parley" {
				continue
			}
			commands[words[1]] = true
			for _, name := range word.FindAllString(line, -1) {
				if _, err := os.Stat(strings.TrimPrefix(name, "examples/")); err != nil {
					t.Errorf("%s/README.md names %s: %v", dir, name, err)
				}
			}
		}
		for _, command := range []string{"run", "check", "test"} {
			if !commands[command] {
				t.Errorf("%s/README.md does not say how to `parley %s` it", dir, command)
			}
		}
	}
}

// found returns the files that match a pattern; the test fails without any.
func found(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no %s: %v", pattern, err)
	}
	return files
}

func compile(t *testing.T, file string) *lcc.Model {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	model, found := lcc.Compile(file, text, nil)
	if model == nil {
		t.Fatal(found)
	}
	return model
}

// spoiled compiles an example with one change to its text, to show that the original
// text is necessary.
func spoiled(t *testing.T, file, old, new string) *lcc.Model {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), old); n != 1 {
		t.Fatalf("%s has %q %d times, want once", file, old, n)
	}
	model, findings := lcc.Compile(file, []byte(strings.Replace(string(text), old, new, 1)), nil)
	if model == nil {
		t.Fatal(findings)
	}
	return model
}

func term(t *testing.T, text string) lcc.Term {
	t.Helper()
	parsed, err := lcc.ParseTerm(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func terms(t *testing.T, texts ...string) (list []lcc.Term) {
	for _, text := range texts {
		list = append(list, term(t, text))
	}
	return list
}

// player is a peer that begins in a role; offer is a peer that offers a role, which a
// message begins.
func player(t *testing.T, name, role string, facts ...string) sim.PeerRunPeer {
	return sim.PeerRunPeer{Name: name, Start: []lcc.Start{{Role: term(t, role)}}, Facts: terms(t, facts...)}
}

func offer(t *testing.T, name, role string, facts ...string) sim.PeerRunPeer {
	return sim.PeerRunPeer{Name: name, Subscribe: []string{role}, Facts: terms(t, facts...)}
}

// run runs a table and returns its events; an error fails the test.
func run(t *testing.T, table sim.PeerRun) (events []sim.PeerRunEvent, result sim.PeerRunResult) {
	t.Helper()
	table.OnEvent = func(ev sim.PeerRunEvent) { events = append(events, ev) }
	result, err := table.Run()
	if err != nil {
		t.Fatal(err)
	}
	for _, ev := range result.Finished {
		if ev.Finish.Reason.Code != lcc.ReasonDone {
			t.Errorf("seed %d: %s", table.Seed, modeltest.Describe(ev))
		}
	}
	return events, result
}

// rough is a network that loses, duplicates and delays.
var rough = sim.Network{Latency: 5 * time.Millisecond, Jitter: 40 * time.Millisecond, Loss: 0.15, Duplicate: 0.15}

// seeds is the number of runs that check a property.
func seeds() uint64 {
	if testing.Short() {
		return 40
	}
	return 200
}
