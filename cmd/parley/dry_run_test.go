package main

import (
	"bytes"
	"testing"

	"parley/hostagent/api"
)

// A dry run shows who would leave and to which host, and its error who would stay and
// what each host said.
func TestDryRunIsShown(t *testing.T) {
	moves := []api.ForeseenMove{
		{Name: "web", To: "h2", Load: 0.475, Also: []string{"h3", "h4"}, RefusedBy: []api.HostRefusal{{Host: "h5", Why: api.Refusal{Code: "no_room", Detail: "full"}}}},
		{Name: "db", To: "h3", Load: 1},
		{Name: "key", Why: api.Refusal{Code: "pinned", Detail: "it is pinned"}},
		{Name: "huge", Why: api.Refusal{Code: "no_host", Detail: "no host takes it"}, RefusedBy: []api.HostRefusal{
			{Host: "h2", Why: api.Refusal{Code: "no_room", Detail: "there is no room for it"}},
			{Host: "h3", Why: api.Refusal{Code: "silent", Detail: "it does not answer"}},
		}},
	}
	var out bytes.Buffer
	printForeseen(&out, moves)
	want := ` GUEST  TO  LOAD THERE  OTHERS WITH ROOM
 web    h2        48 %  h3 h4
 db     h3       100 %
dry run: 2 of 4 guests would leave, nothing was moved
`
	if got := out.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got, want := foreseenLine(moves[0]), "dry run: web would move to h2, whose load would be 48 %; others with room: h3 h4"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	const stay = "dry run: 2 guests would stay:\n  key: it is pinned (`parley pin key --off`)\n" +
		"  huge: no host takes it: h2: there is no room for it; h3: it does not answer"
	if err := wouldStay(moves); err == nil || err.Error() != stay {
		t.Errorf("got %v, want %s", err, stay)
	}
	if err := wouldStay(moves[:2]); err != nil {
		t.Errorf("got %v where all would leave, want no error", err)
	}
}
