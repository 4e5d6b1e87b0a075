package models

import (
	"strings"
	"testing"

	"parley/hostagent"
	"parley/lcc"
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
	if _, ok := Text("no_such_model"); ok {
		t.Error("a model that is not there: got a text")
	}
}

// Every shipped model has tests to be copied with it, and they are of it and of no
// other.
func TestTests(t *testing.T) {
	for _, name := range Names() {
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
