package models

import (
	"testing"
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
