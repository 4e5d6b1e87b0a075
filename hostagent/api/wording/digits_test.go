package wording

import (
	"testing"

	"parley/hostagent/api"
)

// Numbers are written with the digits that a person reads; what is short stays as it is.
func TestDigits(t *testing.T) {
	for text, want := range map[string]string{
		"overloaded(0.8200000000000001)": "overloaded(0.82)", "ask(g, need(0.6000000000000001, 2048), 0.9)": "ask(g, need(0.6, 2048), 0.9)",
		"load(0.12345)": "load(0.12345)", "load(2.0000000000000004)": "load(2.0)",
		"p(123.4567891)": "p(123.457)", "p(0.00000001234)": "p(1.234e-08)",
		"p(-0.30000000000000004)": "p(-0.3)", `name("10.0.0.1")`: `name("10.0.0.1")`,
	} {
		if got := Term(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	fact := api.Fact{Code: "peer_plays", Values: map[string]any{"roles": []any{"underloaded(0.8200000000000001)"}, "peer": "b"}}
	if got := Fact(fact); got != Fact(api.Fact{Code: "peer_plays", Values: map[string]any{"roles": []any{"underloaded(0.82)"}, "peer": "b"}}) {
		t.Errorf("a fact: got %s", got)
	}
}
