package wording

import (
	"slices"
	"testing"

	"parley/hostagent"
	"parley/hostagent/api"
)

func TestRefusal(t *testing.T) {
	for _, c := range []struct {
		refusal api.Refusal
		want    string
	}{
		{api.Refusal{}, ""},
		{api.Refusal{Code: "no_room", Detail: "there is no room"}, "there is no room"},
		{api.Refusal{Code: "pinned", Detail: "it is pinned"}, "it is pinned (`parley pin GUEST --off`)"},
		{api.Refusal{Code: "pinned_by_rule", Detail: "a rule pins it"}, "a rule pins it (change `rules` there and send SIGHUP)"},
		{api.Refusal{Code: "of_a_newer_agent"}, "of_a_newer_agent"},
	} {
		if got := Refusal(c.refusal); got != c.want {
			t.Errorf("%+v: got %q, want %q", c.refusal, got, c.want)
		}
	}
	pinned := api.Refusal{Code: "pinned", Detail: "it is pinned"}
	for guest, want := range map[string]string{
		"db": "it is pinned (`parley pin db --off`)", "my db": "it is pinned (`parley pin GUEST --off`)", "--x": "it is pinned (`parley pin GUEST --off`)",
		"": "it is pinned (`parley pin GUEST --off`)",
	} {
		if got := RefusalOf(guest, pinned); got != want {
			t.Errorf("of guest %q: got %q, want %q", guest, got, want)
		}
	}
	if got := RefusalOf("db", api.Refusal{Code: "no_room", Detail: "full"}); got != "full" {
		t.Errorf("without a remedy: got %q", got)
	}
	if got, want := Admission(api.Refusal{Code: "no_deal", Detail: "no deal"}),
		"no deal (move the guest with `parley migrate` at its host, or set arrival.foreign to allow at this one)"; got != want {
		t.Errorf("an arrival without a deal: got %q, want %q", got, want)
	}
	for code := range remedies {
		if !slices.Contains(hostagent.Codes(), code) {
			t.Errorf("there is a remedy for %s, which no agent says", code)
		}
	}
}
