package main

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
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

// Without a terminal a drain tells its progress as lines.
func TestDrainTellsItsProgress(t *testing.T) {
	why := api.Refusal{Code: "no_room", Detail: "no room"}
	looks := []api.Status{ // the last one again and again
		{Drained: true, Guests: []api.GuestStatus{{ID: "1", Name: "web"}, {ID: "2", Name: "db"}}},
		{Drained: true, Guests: []api.GuestStatus{{ID: "2", Name: "db"}}},
		{Drained: true, Guests: []api.GuestStatus{{ID: "2", Name: "db", Blocked: why}}},
	}
	socket := filepath.Join(t.TempDir(), "s")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/status" {
			_ = json.NewEncoder(w).Encode(struct{}{}) // the command belongs to the test
			return
		}
		_ = json.NewEncoder(w).Encode(looks[0])
		looks = looks[min(1, len(looks)-1):]
	})}
	go func() { _ = server.Serve(listener) }() // until it is closed
	defer server.Close()
	var out, errs bytes.Buffer
	code := run([]string{"drain", "--socket", socket}, strings.NewReader(""), &out, &errs)
	want := regexp.MustCompile("^0 of 2 guests have left\n1 of 2 guests have left, about [0-9]+s left\ndb has to stay: no room")
	if code != 1 || !want.MatchString(errs.String()) {
		t.Errorf("got code %d and %q, want %q", code, errs.String(), want)
	}
}
