package service

import (
	"strings"
	"testing"

	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/hostagent/memory"
	"parley/lcc/syntax"
	"parley/models"
	"parley/models/publish/chain"
)

// notesOnItself never becomes idle: each note enables the next one.
const notesOnItself = `
r(counter, initial).
a(counter, ID) ::
    (note(beats, N) <- noted(beats, Last, _) and N is Last + 1 then a(counter, ID))
    or (note(beats, 1) <- not noted(beats, _, _) then a(counter, ID))
`

// notesAsDocumented counts down from a number, with a note at each step.
const notesAsDocumented = `
r(server, initial).
r(counting(_), auxiliary).
a(server, ID) :: null <- load(L) then a(counting(1000000000), ID)
a(counting(N), ID) ::
    (note(left, N) <- N > 0 then null <- M is N - 1 then a(counting(M), ID))
    or (null <- N =< 0 then a(server, ID))
`

// changesForEver re-enters its role without waiting for anything.
const changesForEver = `
r(server, initial).
a(server, ID) :: null <- load(L) then a(server, ID)
`

// TestExtremePolicies: an agent survives each policy that a publisher or an operator
// can give it, and enacts the next good one.
func TestExtremePolicies(t *testing.T) {
	agility, _ := models.Text("agility")
	filled := func(bytes int) string {
		return string(agility) + strings.Repeat("% filled up\n", bytes/12)[:bytes-len(agility)-1] + "\n"
	}
	deep := "r(a, initial).\na(a, ID) :: null <- X is " + strings.Repeat("(", 5000) + "1" + strings.Repeat(")", 5000) + "\n"
	policies := []struct {
		name, text string
		refused    string
	}{
		{"notes on itself", notesOnItself, ""},
		{"notes as told", notesAsDocumented, ""},
		{"changes for ever", changesForEver, ""},
		{"the largest text", filled(syntax.TextBytes), ""},
		{"a larger text", filled(syntax.TextBytes + 1), "bytes"},
		{"nothing", "", "policy.lcc"},
		{"no text", "\x00\xff\xfe", "policy.lcc"},
		{"nested deep", deep, "policy.lcc"},
		{"no role", "r(x, initial).\n", "policy.lcc"},
	}
	cfg := testConfig(t.TempDir(), "h1", "")
	policyFile(t, &cfg, string(agility))
	platform := testHost(t, memory.NewSite(memory.Options{}), "h1")
	testGuest(t, platform, "g1", 0.9)
	d := begin(t, cfg, platform)
	d.until(t, "the load is known", func(s api.Status) bool { return s.Load.Known && len(s.Policy.Models) == 1 })
	p := newPublisher(t, "north")
	at := newPlace(t, memory.NewSite(memory.Options{}), "h2")
	p.roster.Hosts = append(p.roster.Hosts, at.listed)
	follower := at.run(t, []config.Publisher{{Anchor: p.anchor(at.config.StateDir)}})
	for _, c := range policies {
		writePolicy(t, cfg.Policy.File, c.text)
		if err := d.reload(t.Context()); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		seen, err := platform.Observe(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		d.sees(t, seen)
		s := d.until(t, c.name+": the agent answers", func(s api.Status) bool { return s.Load.Known })
		if (c.refused == "") != (s.Policy.Error == "") || !strings.Contains(s.Policy.Error, c.refused) {
			t.Errorf("%s: got the error %q, want one with %q", c.name, s.Policy.Error, c.refused)
		}
		if len(c.text) > syntax.TextBytes {
			continue // no release can contain it
		}
		p.publishes(follower, p.policyOf("extreme", c.text))
		follower.untilChain(t, c.name+": the release is taken", func(c chain.Status) bool { return c.Version == p.at.Version })
		follower.sees(t, seen)
		if _, err := follower.Status(t.Context()); err != nil {
			t.Fatalf("%s: the host that follows does not answer: %v\n%s", c.name, err, follower.log)
		}
	}
	writePolicy(t, cfg.Policy.File, string(agility))
	if err := d.reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.until(t, "the good policy is in force", func(s api.Status) bool { return s.Policy.Error == "" && len(s.Policy.Models) == 1 })
	p.publishes(follower, p.policyOf("agility", string(agility)))
	follower.until(t, "it enacts agility", enacts("agility"))
}
