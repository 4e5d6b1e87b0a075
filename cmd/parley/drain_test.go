package main

import (
	"slices"
	"testing"

	"parley/hostagent/api"
)

// A drain reports at once the guests that it foresees cannot leave, once for each
// reason, and does not end before it has tried the others.
func TestDrainReportsAtOnce(t *testing.T) {
	reported := map[string]string{}
	looks := []struct {
		guests []api.GuestStatus
		deals  int
		says   []string
		rests  bool
	}{
		{guests: []api.GuestStatus{{ID: "1", Name: "huge", Blocked: api.Refusal{Code: "no_room", Detail: "no room"}}, {ID: "2", Name: "web"}, {ID: "3", Name: "db", Foreseen: api.Refusal{Code: "no_room", Detail: "full by then"}}},
			says: []string{"huge has to stay: no room", "db has to stay: full by then"}},
		{guests: []api.GuestStatus{{ID: "1", Name: "huge", Blocked: api.Refusal{Code: "no_room", Detail: "no room"}}, {ID: "3", Name: "db", Foreseen: api.Refusal{Code: "no_room", Detail: "full by then"}}}},
		{guests: []api.GuestStatus{{ID: "1", Name: "huge", Blocked: api.Refusal{Code: "no_room", Detail: "no room"}}, {ID: "3", Name: "db", Blocked: api.Refusal{Code: "no_room", Detail: "no room"}}}, deals: 1,
			says: []string{"db has to stay: no room"}},
		{guests: []api.GuestStatus{{ID: "1", Name: "huge", Blocked: api.Refusal{Code: "no_room", Detail: "no room"}}, {ID: "3", Name: "db", Blocked: api.Refusal{Code: "no_room", Detail: "no room"}}}, rests: true},
		{rests: true},
	}
	for i, look := range looks {
		s := api.Status{Guests: look.guests, Deals: make([]api.DealStatus, look.deals)}
		if says := stayNews(s, reported); !slices.Equal(says, look.says) {
			t.Errorf("look %d: told %q, want %q", i+1, says, look.says)
		}
		if rests := drainRests(s); rests != look.rests {
			t.Errorf("look %d: at its end: %v, want %v", i+1, rests, look.rests)
		}
	}
}
