package service

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/memory"
	"parley/hostagent/site"
	"parley/lcc"
	"parley/models/publish/bundle"
	"parley/models/publish/chain"
)

// The site is asked through one host: those that answer say what they see, and one that is
// down is named.
func TestSite(t *testing.T) {
	ground := memory.NewSite(memory.Options{})
	first, second, down := newPlace(t, ground, "h1"), newPlace(t, ground, "h2"), newPlace(t, ground, "h3")
	web := memory.Guest{ID: "g1", Name: "web", Declared: hostagent.Resources{CPU: 1, MemoryBytes: 1 << 30}}
	if err := second.platform.Run(web); err != nil {
		t.Fatal(err)
	}
	first.config.Survive, second.config.Survive = 1, 1
	a, b := first.run(t, nil, second, down), second.run(t, nil, first, down)
	b.until(t, "it sees its guest", func(s api.Status) bool { return len(s.Guests) == 1 && s.Peers[0].Connected })
	a.until(t, "it is connected", func(s api.Status) bool {
		return slices.ContainsFunc(s.Peers, func(p api.PeerStatus) bool { return p.Name == "h2" && p.Connected })
	})
	b.until(t, "it knows that h1 would take its guest", func(s api.Status) bool {
		return s.Load.Spare == api.SpareStatus{Survive: 1, Hosts: 2}
	})
	client := api.Client{Socket: a.config.Socket}
	report, err := client.Site(t.Context(), time.Second)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, h := range report.Hosts {
		names = append(names, h.Host)
	}
	if got := strings.Join(names, " "); got != "h1 h2 h3" || report.From != "h1" {
		t.Errorf("got the hosts %s from %s", got, report.From)
	}
	if places := report.Where("web"); len(places) != 1 || places[0].Host != "h2" {
		t.Errorf("web is at %+v, want h2", places)
	}
	if silent := report.Silent(); len(silent) != 1 || silent[0].Host != "h3" || silent[0].Silent == "" {
		t.Errorf("got %+v silent, want h3 with a reason", silent)
	}
	for with, want := range map[string]string{"h2": "h1 true, h2 true", "": "h1 true", "h3": "h1 true, h3 false"} {
		story, err := client.Talk(t.Context(), "", with)
		var ends []string
		for _, e := range story.Ends {
			ends = append(ends, fmt.Sprint(e.Host, " ", e.Known && e.Silent == ""))
		}
		if got := strings.Join(ends, ", "); err != nil || got != want {
			t.Errorf("what was said with %q: got %s and %v, want %s", with, got, err, want)
		}
	}
	survival, err := client.Survive(t.Context(), []string{"h2"})
	if err != nil || len(survival.Failures) != 1 || survival.From != "h1" || len(survival.Hosts) != 3 || survival.Hosts[2].Silent == "" {
		t.Fatalf("h2 fails: got %+v and %v, want one plan of three hosts, of which h3 is silent", survival, err)
	}
	if f := survival.Failures[0]; !f.Fits || len(f.Guests) != 1 || f.Guests[0].Name != "web" || f.Guests[0].To != "h1" || f.Hosts[0] != "h2" {
		t.Errorf("h2 fails: got %+v, want that h1 takes web", f)
	}
	if _, err := client.Survive(t.Context(), []string{"h3"}); err == nil || !strings.Contains(err.Error(), "the guests of h3 are not known") {
		t.Errorf("h3 fails, which is silent: got %v", err)
	}
	if _, err := client.Talk(t.Context(), "h1", "h1"); err == nil || !strings.Contains(err.Error(), "name two hosts") {
		t.Errorf("got %v, want that two hosts are to be named", err)
	}
	a.until(t, "it has heard what h2 has", func(s api.Status) bool { return s.Load.Spare.Hosts == 2 })
	b.stop()
	a.until(t, "h2 is suspected", func(s api.Status) bool { return s.Load.Spare.Hosts == 1 })
	survival, err = client.Survive(t.Context(), []string{"h2"})
	if err != nil || len(survival.Failures) != 1 || survival.Hosts[1].Silent == "" || survival.Hosts[1].Told.IsZero() {
		t.Fatalf("h2 is down: got %+v and %v, want a plan by what it told", survival, err)
	}
	if f := survival.Failures[0]; len(f.Guests) != 1 || f.Guests[0].Name != "web" || f.Guests[0].To != "h1" {
		t.Errorf("h2 is down: got %+v, want that h1 takes web", f)
	}
	if _, err := client.Site(t.Context(), 2*time.Minute); err == nil || !strings.Contains(err.Error(), "give seconds from 1 to 60") {
		t.Errorf("got %v, want that it is too long", err)
	}
}

// Only hosts of the same owner may look: others have no business with its guests.
func TestLookOfOthers(t *testing.T) {
	v := &view{names: &directory{self: "me", host: "h1"}}
	v.names.put(&members{home: "north", list: []member{
		{id: "ours", name: "h2", publisher: "north"}, {id: "theirs", name: "s1", publisher: "south"},
	}})
	v.own.at, v.own.data = time.Now(), []byte("{}")
	for id, want := range map[lcc.PeerID]string{"ours": "", "theirs": "another owner (north)", "nobody": "another owner (north)"} {
		data, err := v.answer(id, nil)
		if want == "" && (err != nil || string(data) != "{}") || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %q and %v, want %q", id, data, err, want)
		}
	}
}

// Each kind of problem has a text that says what to do.
func TestProblems(t *testing.T) {
	no := api.Refusal{Code: "no_host", Detail: "no host takes it"}
	s := api.Status{
		Policy:   api.PolicyStatus{Quarantined: true},
		Platform: api.PlatformStatus{Unseen: map[string]string{"container": "runc is missing"}}, Drained: true,
		Guests: []api.GuestStatus{{Name: "db", Blocked: no}, {Name: "mail"}}, Duels: []api.DuelStatus{{Name: "ping", Times: 3}},
		Rejected: api.RejectedConfig{Why: "a key is wrong"}, SafeStart: "south is left out", RosterFaults: []string{"a label is ignored"},
		Twin:  "another agent runs",
		Load:  api.LoadStatus{Spare: api.SpareStatus{Survive: 1, Hosts: 2, Guests: 1, Text: "if h1 fails, db has no place (1.00 GiB)"}},
		Audit: api.AuditStatus{Dropped: 2, Faults: []string{"x"}},
	}
	chains := []chain.Status{
		{Publisher: "north", Version: 3, Hosts: 2, Lagging: 4, Stale: true, Expired: true, Alarm: "two releases 3", Error: "the disk is full",
			Policies: []chain.PolicyStatus{
				{Name: "even", State: chain.StateRefused, Code: bundle.NotAccepted, Detail: "the role x"},
				{Name: "bad", State: chain.StateRefused, Code: bundle.Quarantined, Detail: "it died"}, {Name: "good", State: chain.StateActive},
			}},
		{Publisher: "south"},
	}
	persons := []hostagent.DealStatus{{Name: "web", Reason: "both hosts show it"}}
	kinds, keys := map[site.Kind]bool{}, map[string]bool{}
	var texts []string
	for _, p := range (seen{status: s, persons: persons, chains: chains}).problems() {
		kinds[p.Kind] = true
		if keys[p.Key()] {
			t.Errorf("two problems have the key %q", p.Key())
		}
		keys[p.Key()] = true
		texts = append(texts, fmt.Sprintf("%s %s: %s", p.Kind, p.About, p.Text))
	}
	for _, p := range (seen{status: api.Status{Platform: api.PlatformStatus{Error: "libvirt is away"}}}).problems() {
		kinds[p.Kind] = true
	}
	for _, kind := range site.Kinds() {
		if !kinds[kind] {
			t.Errorf("no status gives a problem of the kind %s:\n%s", kind, strings.Join(texts, "\n"))
		}
	}
	well := []chain.Status{{Publisher: "north", Version: 1, Hosts: 1, Listed: true}}
	if got := (seen{status: api.Status{Load: api.LoadStatus{Known: true}}, chains: well}).problems(); got != nil {
		t.Errorf("a host on which all is well has the problems %v", got)
	}
}
