package site

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func host(name string, change func(*Host)) Host {
	h := Host{Host: name, PeerID: "id of " + name, State: State{Load: Load{Known: true, CapacityCPU: 10, CapacityMemory: 100}}}
	if change != nil {
		change(&h)
	}
	return h
}

// small is a site in which much is the matter.
func small() Report {
	moving := Deal{Deal: "ab12cd34ef", Guest: "g1", Name: "web", Source: "h1", Target: "h2", Side: "source", State: "moving", Transferred: 5}
	there := moving
	there.Side, there.State, there.Transferred = "target", "armed", 0
	return Report{Hosts: []Host{
		host("h1", func(h *Host) {
			h.Guests = []Guest{{ID: "g1", Name: "web"}, {ID: "g2", Name: "db"}}
			h.Deals, h.Load.CPU, h.Drained = []Deal{moving}, 0.5, true
			h.Ended = []Deal{{Deal: "ffff0000", Name: "old", Source: "h1", Target: "h3", Side: "source", State: "done"},
				{Deal: "ffff1111", Name: "old", Source: "h1", Target: "h3", Side: "source", State: "aborted", Reason: "the disk is full"}}
			h.Releases, h.Policies = []Release{{Publisher: "north", Version: 3}}, []Policy{{Publisher: "north", Name: "even", State: "active"}}
		}),
		host("h2", func(h *Host) {
			h.Deals, h.Load.Memory = []Deal{there}, 0.9
			h.Guests = []Guest{{ID: "g1", Name: "web", State: "incoming"}}
			h.Releases, h.Policies = []Release{{Publisher: "north", Version: 2}}, []Policy{{Publisher: "north", Name: "even", State: "active"}}
		}),
		host("h3", func(h *Host) {
			h.Problems = []Problem{{Kind: Platform, Text: "x"}}
			h.Releases, h.Policies = []Release{{Publisher: "north", Version: 3}}, []Policy{{Publisher: "north", Name: "even", State: "not_targeted"}}
		}),
		{Host: "h4", Silent: "no answer within 1s"},
	}}
}

func TestOrders(t *testing.T) {
	for order, want := range map[string]string{
		"urgency": "h4 h3 h1 h2", "name": "h1 h2 h3 h4", "load": "h2 h1 h3 h4", "cpu": "h1 h2 h3 h4", "memory": "h2 h1 h3 h4",
		"guests": "h1 h2 h3 h4", "deals": "h1 h2 h3 h4",
	} {
		list := small().Hosts
		Sort(list, order)
		var got []string
		for _, h := range list {
			got = append(got, h.Host)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, want %s", order, got, want)
		}
		if !slices.Contains(Orders(), order) {
			t.Errorf("%s is not among the orders %v", order, Orders())
		}
	}
}

func TestTotals(t *testing.T) {
	got := small().Totals()
	want := Totals{Hosts: 4, Silent: 1, Guests: 2, InFlight: 1, Problems: 1, CPU: 5.0 / 30, Memory: 0.3}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if deals := small().InFlight(); len(deals) != 1 || deals[0].Side != "source" {
		t.Errorf("got the deals %+v, want the one of the source", deals)
	}
}

func TestWhere(t *testing.T) {
	r := small()
	places := r.Where("web")
	if len(places) != 2 || places[0].Host != "h1" || places[0].Deal == nil || places[0].Deal.State != "moving" {
		t.Errorf("got %+v", places)
	}
	if places := r.Where("g2"); len(places) != 1 || places[0].Deal != nil {
		t.Errorf("got %+v", places)
	}
	if got := r.Similar("wbe"); got != "web" {
		t.Errorf("got %q", got)
	}
}

func TestConditions(t *testing.T) {
	for _, c := range []struct {
		text, want string
		met        bool
		change     func(*Report)
	}{
		{"active=even", "h2 has release 2 of 3, h4 does not answer", false, nil},
		{"active=even", "even is active on 2 of 3 hosts, all that it targets", true, func(r *Report) {
			r.Hosts = r.Hosts[:3]
			r.Hosts[1].Releases[0].Version = 3
		}},
		{"active=even", "h1 trial, h2 has release 2 of 3, h4 does not answer", false, func(r *Report) { r.Hosts[0].Policies[0].State = "trial" }},
		{"active=even", "error: h1: even is refused: no room: waiting does not help", false, func(r *Report) {
			r.Hosts[0].Policies[0].State, r.Hosts[0].Policies[0].Detail = "refused", "no room"
		}},
		{"active=evne", "no host that answers has the policy; h4 does not answer", false, nil},
		{"active=evne", `error: no host has a policy "evne": did you mean "even"?`, false, func(r *Report) { r.Hosts = r.Hosts[:3] }},
		{"active=other", "error: no host has a policy \"other\": `parley policy status` lists them", false, func(r *Report) { r.Hosts = r.Hosts[:3] }},
		{"empty=h1", "h1 has web, db", false, nil},
		{"empty=h1", "h1 has web, db; it is not drained: `parley drain` on it empties it", false, func(r *Report) { r.Hosts[0].Drained = false }},
		{"empty=h2", "h2 has web; it is not drained", false, nil},
		{"empty=h3", "h3 has no guest", true, nil},
		{"empty=h4", "h4 does not answer", false, nil},
		{"empty=host1", `error: the site has no host "host1"`, false, nil},
		{"done=AB12", "deal ab12cd34 of web from h1 to h2 is moving", false, nil},
		{"done=ffff0", "deal ffff0000 of old from h1 to h3 is done", true, nil},
		{"done=ffff1", "error: deal ffff1111 of old from h1 to h3 has ended as aborted: the disk is full: waiting does not help", false, nil},
		{"done=ffff", `error: "ffff" is the beginning of several deals`, false, nil},
		{"done=0", "no host that answers knows the deal; h4 does not answer", false, nil},
		{"done=0", "error: no host knows a deal \"0\" in flight or among its last ones: `parley history` has all", false, func(r *Report) {
			r.Hosts = r.Hosts[:3]
		}},
	} {
		condition, err := ParseCondition(c.text)
		if err != nil {
			t.Fatal(err)
		}
		r := small()
		if c.change != nil {
			c.change(&r)
		}
		got, err := condition.Check(r)
		text := got.Text
		if err != nil {
			text = "error: " + err.Error()
		}
		if !strings.HasPrefix(text, c.want) || got.Met != c.met {
			t.Errorf("%s: got %v and %q, want %v and %q", c.text, got.Met, text, c.met, c.want)
		}
		if never := strings.Contains(c.want, "waiting"); never != errors.Is(err, ErrNever) {
			t.Errorf("%s: got %v, want that it is %v that waiting does not help", c.text, err, never)
		}
	}
	for text, want := range map[string]string{
		"empyt=h1": "did you mean empty=HOST?", "done=": "give active=POLICY, empty=HOST or done=DEAL", "": "is no condition",
	} {
		if _, err := ParseCondition(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

// A host with too many guests for an answer says how many are missing.
func TestEncodeLarge(t *testing.T) {
	var s State
	for i := range 5000 {
		s.Guests = append(s.Guests, Guest{ID: fmt.Sprint(i), Name: strings.Repeat("x", 100)})
	}
	s.Ended = []Deal{{Deal: "a"}}
	data, err := s.Encode()
	if err != nil || len(data) > AnswerBytes {
		t.Fatalf("got %d bytes and %v", len(data), err)
	}
	got, err := Decode(data)
	if err != nil || len(got.Guests)+got.GuestsOmitted != 5000 || len(got.Guests) < 1000 || got.Ended != nil {
		t.Errorf("got %d guests and %d omitted (%v)", len(got.Guests), got.GuestsOmitted, err)
	}
	s = State{Platform: strings.Repeat("x", AnswerBytes)}
	if _, err := s.Encode(); err == nil {
		t.Error("a state that cannot be made to fit is encoded")
	}
}
