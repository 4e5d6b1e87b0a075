package examples_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/lcc"
	"parley/sim"
	"parley/sim/modeltest"
)

// TestTxtar runs the tests of every example, as `parley test examples` does.
func TestTxtar(t *testing.T) {
	files, err := filepath.Glob("*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no tests of examples", err)
	}
	for _, file := range files {
		t.Run(file, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			test, err := modeltest.Load(file, data, modeltest.Sources{Read: os.ReadFile})
			if err != nil {
				t.Fatal(err)
			}
			if result := test.Run(); !result.Passed() {
				t.Errorf("%s\n%s", result.Text(), strings.Join(result.Story, "\n"))
			}
		})
	}
}

// TestStrict holds that the checker finds nothing in the examples, and that
// each says what it is for.
func TestStrict(t *testing.T) {
	files, err := filepath.Glob("*/*.lcc")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, found := lcc.Compile(file, text, nil)
		for _, d := range found {
			t.Errorf("%s", d.Text(text))
		}
		if _, err := os.Stat(filepath.Join(filepath.Dir(file), "README.md")); err != nil {
			t.Errorf("%s has no README.md", file)
		}
	}
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

// player is a peer that begins in a role; offer is one that is begun by a
// message.
func player(t *testing.T, name, role string, facts ...string) sim.TablePeer {
	return sim.TablePeer{Name: name, Start: []lcc.Start{{Role: term(t, role)}}, Facts: terms(t, facts...)}
}

func offer(t *testing.T, name, role string, facts ...string) sim.TablePeer {
	return sim.TablePeer{Name: name, Subscribe: []string{role}, Facts: terms(t, facts...)}
}

// run runs a table and returns what it told; an error is one of the test.
func run(t *testing.T, table sim.Table) (told []sim.TableEvent, result sim.TableResult) {
	t.Helper()
	table.Tell = func(ev sim.TableEvent) { told = append(told, ev) }
	result, err := table.Run()
	if err != nil {
		t.Fatal(err)
	}
	for _, ev := range result.Finished {
		if ev.Finish.Reason.Code != lcc.ReasonDone {
			t.Errorf("seed %d: %s", table.Seed, modeltest.Tell(ev))
		}
	}
	return told, result
}

// rough is a network that loses, doubles and delays.
var rough = sim.Network{Latency: 5 * time.Millisecond, Jitter: 40 * time.Millisecond, Loss: 0.15, Duplicate: 0.15}

// seeds is how many runs a property is held against.
func seeds() uint64 {
	if testing.Short() {
		return 40
	}
	return 200
}
