package service

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/time/rate"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/audit"
	"parley/hostagent/memory"
	"parley/hostagent/site"
)

// One order pauses all hosts that answer and names the others. A host that its own operator
// has paused stays so when the site resumes, and its operator may leave a pause of the site.
func TestHaltSite(t *testing.T) {
	ground := memory.NewSite(memory.Options{})
	first, second, down := newPlace(t, ground, "h1"), newPlace(t, ground, "h2"), newPlace(t, ground, "h3")
	a, b := first.run(t, nil, second, down), second.run(t, nil, first, down)
	connected := func(name string) func(api.Status) bool {
		return func(s api.Status) bool {
			return slices.ContainsFunc(s.Peers, func(p api.PeerStatus) bool { return p.Name == name && p.Connected })
		}
	}
	a.until(t, "it is connected", connected("h2"))
	b.until(t, "it is connected", connected("h1"))
	client, there := api.Client{Socket: a.config.Socket}, api.Client{Socket: b.config.Socket}
	halt := func(ask site.Halt) map[string]site.HostHalted {
		t.Helper()
		halts, err := client.Halt(t.Context(), ask)
		if err != nil {
			t.Fatal(err)
		}
		byName := map[string]site.HostHalted{}
		for _, h := range halts.Hosts {
			byName[h.Host] = h
		}
		if h := byName["h3"]; len(byName) != 3 || h.Silent == "" || h.Follows() {
			t.Errorf("got %+v, want three hosts, and h3 without an answer", halts)
		}
		return byName
	}
	b.Service.view.halter.limit.SetLimit(0) // however long this takes
	if got := halt(site.Halt{Why: "storage is slow", By: "mallory"}); !got["h1"].Follows() || !got["h2"].Follows() || got["h2"].Was {
		t.Errorf("got %+v, want h1 and h2 paused", got)
	}
	for name, s := range map[string]api.Status{"h1": status(t, client), "h2": status(t, there)} {
		if !s.Paused || s.Idle.Code != string(hostagent.CodeSitePaused) || !strings.HasSuffix(s.Idle.Detail, " at h1: storage is slow") ||
			strings.Contains(s.Idle.Detail, "mallory") {
			t.Errorf("%s: got paused %v, %+v, want who paused the site, as the kernel says, where, and why", name, s.Paused, s.Idle)
		}
	}
	b.until(t, "the order of h1 is in its audit", func(api.Status) bool {
		entries, err := there.History(t.Context(), audit.Filter{})
		return err == nil && slices.ContainsFunc(entries, func(e audit.Entry) bool {
			return e.Kind == "order" && e.State == "pause" && strings.HasSuffix(e.By, " at h1") && e.Reason == "storage is slow"
		})
	})
	for n := 1; n < haltsAtOnce; n++ { // the pause was the first
		if got := halt(site.Halt{Resume: n%2 == 1}); !got["h2"].Follows() {
			t.Errorf("change %d at once: got %+v, want that h2 follows", n+1, got["h2"])
		}
	}
	if got := halt(site.Halt{})["h2"]; got.Code != string(hostagent.CodeRate) {
		t.Errorf("one more at once: got %+v, want that h2 waits", got)
	}
	b.Service.view.halter.limit.SetLimit(rate.Inf)
	if got := halt(site.Halt{})["h2"]; !got.Follows() {
		t.Errorf("got %+v, want that h2 follows", got)
	}
	if err := there.Order(t.Context(), api.Order{Do: "pause"}); err != nil {
		t.Fatal(err)
	}
	if got := halt(site.Halt{Resume: true})["h2"]; !got.Follows() || !got.Own {
		t.Errorf("got %+v, want that h2 follows, and is paused by its own operator", got)
	}
	if s := status(t, there); !s.Paused || s.Idle.Code != string(hostagent.CodePaused) {
		t.Errorf("got paused %v, %+v, want h2 paused by its own operator", s.Paused, s.Idle)
	}
	if s := status(t, client); s.Paused {
		t.Errorf("h1 is paused: %+v", s.Idle)
	}
	if err := there.Order(t.Context(), api.Order{Do: "resume"}); err != nil {
		t.Fatal(err)
	}
	if s := status(t, there); s.Paused {
		t.Errorf("its operator has resumed h2, and it is paused: %+v", s.Idle)
	}
	_, err := client.Halt(t.Context(), site.Halt{Why: strings.Repeat("x", 300)})
	if err == nil || !strings.Contains(err.Error(), "256 bytes") {
		t.Errorf("got %v, want that the reason is too long", err)
	}
}

func status(t *testing.T, c api.Client) api.Status {
	t.Helper()
	s, err := c.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}
