package wording

import (
	"testing"

	"parley/hostagent/site"
)

func TestStays(t *testing.T) {
	waits := site.Wait{
		File: "agility.lcc", Policy: "balance", Line: 78, Role: "underloaded(0.42)", Why: "0.419 - 0.3 > 0.12 does not hold",
		Lacks: "Low - Least > Gap", Values: "0.4190000000000001 - 0.3 > 0.12",
		Grounds: []site.Ground{{Kind: "fact", Text: "gap(0.12)", About: "hosts that differ by less are even"}},
	}
	full := func(change func(*site.Host)) site.Host {
		h := site.Host{Host: "h1", State: site.State{
			Mode: "auto", Load: site.Load{Known: true, CPU: 0.9},
			Models: []site.Model{{Name: "agility", Wait: &waits}},
			Guests: []site.Guest{{Name: "web", State: "running"}},
		}}
		change(&h)
		return h
	}
	for _, c := range []struct {
		want string
		host site.Host
	}{
		{"Its policy balance waits until `Low - Least > Gap` holds (as `underloaded(0.42)`, line 78 of agility.lcc): " +
			"it is 0.419 - 0.3 > 0.12 now. In its text, `gap(0.12)`: hosts that differ by less are even.", full(func(*site.Host) {})},
		{"Its model agility.lcc waits (as `idle`, line 3 of agility.lcc): nobody plays it.", full(func(h *site.Host) {
			h.Models[0].Wait = &site.Wait{File: "agility.lcc", Line: 3, Role: "idle", Why: "nobody plays it"}
		})},
		{"No policy may move its only guest now: it is pinned.", full(func(h *site.Host) { h.Guests[0].Stays = "it is pinned" })},
		{"web leaves it now, for h2.", full(func(h *site.Host) {
			h.Deals = []site.Deal{{Name: "web", Side: "source", Target: "h2"}}
		})},
		{"It is paused, so no policy moves a guest: `parley resume` there ends that.", full(func(h *site.Host) { h.Paused = true })},
		{"It enacts no policy, so nothing moves its guests: `parley policy status` says which there are.",
			full(func(h *site.Host) { h.Models = nil })},
		{"It has no guest that could leave.", full(func(h *site.Host) { h.Guests = nil })},
		{"", full(func(h *site.Host) { h.Silent = "no answer" })},
	} {
		if got := Stays(c.host); got != c.want {
			t.Errorf("got %s\nwant %s", got, c.want)
		}
	}
}
