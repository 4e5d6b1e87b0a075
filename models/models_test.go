package models

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"parley/hostagent"
	"parley/lcc"
	"parley/lcc/vocabulary"
)

func TestText(t *testing.T) {
	names := Names()
	if len(names) == 0 {
		t.Fatal("no models are shipped")
	}
	for _, name := range names {
		if text, ok := Text(name); !ok || len(text) == 0 {
			t.Errorf("model %s: got no text", name)
		}
	}
	for _, path := range []string{"agility.lcc", "models/agility/agility.lcc", "models/agility.lcc"} {
		want, _ := Text("agility")
		if got, ok := Text(path); !ok || !bytes.Equal(got, want) {
			t.Errorf("%s: got another text than that of agility", path)
		}
	}
	for _, path := range []string{"no_such_model", "mine/agility.lcc", "publish", "talk", ""} {
		if _, ok := Text(path); ok || len(Tests(path)) > 0 && path != "talk" {
			t.Errorf("%q is no model: got a text or tests", path)
		}
	}
}

// Every directory of a shipped model has its page, and tests to be copied with the
// model. They are of it and of no other.
func TestTests(t *testing.T) {
	for _, name := range Names() {
		if page, err := os.ReadFile(name + "/README.md"); err != nil || !strings.Contains(string(page), "models/"+name+"/"+name+".lcc") {
			t.Errorf("model %s: README.md does not name its text (%v)", name, err)
		}
		tests := Tests(name)
		if len(tests) == 0 {
			t.Errorf("model %s: got no tests", name)
		}
		for file, text := range tests {
			if !strings.Contains(string(text), "\n-- model --\n"+name+".lcc\n") {
				t.Errorf("%s is given as a test of %s, and it is of another model", file, name)
			}
		}
	}
}

func TestShippedModelsAreClean(t *testing.T) {
	for _, name := range Names() {
		text, _ := Text(name)
		var vocabulary *vocabulary.Set
		if name != "shop" { // its constraints are facts of the peers
			vocabulary = hostagent.Vocabulary()
		}
		if _, found := lcc.Compile(name, text, vocabulary); len(found) > 0 {
			t.Errorf("%s: got %v, want no finding", name, found)
		}
	}
}

// A host enacts a model only if it answers all that the model asks.
func TestHostsAnswerWhatModelsAsk(t *testing.T) {
	for _, name := range Names() {
		text, _ := Text(name)
		model, diagnostics := lcc.Compile(name, text, hostagent.Vocabulary())
		if model == nil {
			t.Fatal(diagnostics)
		}
		// What the buyer and the keeper of the shop know are facts of the peers.
		if needs := model.Needs(); len(needs) > 0 && name != "shop" {
			t.Errorf("%s: got %v that no host answers, want none", name, needs)
		}
	}
}
