package service

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/memory"
)

// The source backs off from a target that was armed for a guest and does not admit it:
// the status says since when, until when and why, and the metrics count it.
func TestBackOffIsShown(t *testing.T) {
	p := newPair(t, alone, func(hosts []*memory.Platform) { testGuest(t, hosts[0], "web", 0.5) })
	p.platforms[1].SetAdmission(func(context.Context, hostagent.AdmissionAsked) hostagent.Refusal {
		return hostagent.Refusal{Code: hostagent.CodeNoDeal, Detail: "no"}
	})
	source := p.daemons[0]
	if err := source.Order(t.Context(), api.Order{Do: "migrate", Guest: "web", Host: "h2"}); err == nil {
		t.Fatal("the guest was let in")
	}
	source.until(t, "the back-off is shown", func(s api.Status) bool {
		return slices.ContainsFunc(s.BackOff, func(b api.BackOffStatus) bool {
			return b.Whole && b.Name == "h2" && slices.Equal(b.Guests, []string{"web"}) && b.Times == 1 &&
				!b.Since.IsZero() && b.Until.After(time.Now().Add(time.Minute)) && b.Why != ""
		})
	})
	if got := metricsOf(t, source.config.Socket); !strings.Contains(got, "\nparley_targets_backed_off 1\n") {
		t.Error("the metrics do not count the target")
	}
}

// The log reports the beginning and the end of a back-off or a duel once each.
func TestAvoidedIsLoggedOnce(t *testing.T) {
	var a avoided
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, nil))
	name := func(id hostagent.HostID) string { return "host-" + string(id) }
	failing := []hostagent.Failing{
		{Host: "x", Whole: true, Guests: []hostagent.GuestID{"a", "b"}, Times: 2, Why: "the link broke"},
		{Host: "y", Guests: []hostagent.GuestID{"a"}, Times: 1},
	}
	duels := []hostagent.Duel{{Guest: "web", Times: 3, By: "z"}}
	for range 3 {
		a.note(failing, duels, name, log)
	}
	begun := out.String()
	for range 3 {
		a.note(nil, nil, name, log)
	}
	ended := strings.TrimPrefix(out.String(), begun)
	for _, c := range []struct {
		log   string
		wants []string
	}{
		{begun, []string{"target=host-x times=2", `guest=web times=3 by="by a policy of host-z"`}},
		{ended, []string{"ended\" event=backoff_ended target=host-x", "event=duel_ended guest=web"}},
	} {
		if strings.Count(c.log, "\n") != len(c.wants) {
			t.Errorf("got %d lines, want %d:\n%s", strings.Count(c.log, "\n"), len(c.wants), c.log)
		}
		for _, want := range c.wants {
			if !strings.Contains(c.log, want) {
				t.Errorf("the log lacks %s:\n%s", want, c.log)
			}
		}
	}
}
