package service

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/hostagent/enact"
	"parley/hostagent/memory"
	"parley/lcc"
	"parley/models"
	"parley/models/publish/bundle"
)

// After two ends with one error, apart from its numbers, a start is safe, and leaves
// out exactly what was in force then.
func TestSafeStart(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	labelled := func(label string) *members {
		return &members{list: []member{{id: "h2", name: "h2", labels: []string{label}}}, own: []string{label}}
	}
	bad, good := labelled("bad=yes"), labelled("bad=no")
	text, _ := models.Text("agility")
	model, _ := lcc.Compile("agility.lcc", text, nil)
	target := []enact.Model{{Model: model}}
	open := func() *safeStart { return newSafeStart(dir, now, slog.New(slog.NewTextHandler(io.Discard, nil))) }
	holds := func(what string, labels, policies bool) {
		t.Helper()
		s := open()
		if got := s.members(bad); (len(got.own) == 0 && len(got.list[0].labels) == 0) != labels || got.list[0].id != "h2" {
			t.Errorf("%s: got %+v, want the labels left out: %v", what, got, labels)
		}
		if err := s.admit(target); (err != nil) != policies {
			t.Errorf("%s: got %v, want the policies left out: %v", what, err, policies)
		}
		if (s.text() != "") != (labels || policies) {
			t.Errorf("%s: people are told %q", what, s.text())
		}
		if s.members(good).own == nil || s.admit(nil) != nil || s.text() != "" {
			t.Errorf("%s: what was not in force is left out, too", what)
		}
	}
	dies := func(err string, m *members, after time.Duration, enacted ...enact.Model) {
		open().died(errors.New(err), labelsDigest(m), policiesDigest(enacted), now.Add(after))
	}
	holds("at first", false, false)
	dies("deal 17 has no end", bad, time.Second)
	holds("after one end", false, false)
	dies("another error", bad, time.Second)
	holds("after two that differ", false, false)
	dies("another error", bad, inARow)
	holds("after a start that lasted", false, false)
	dies("another error", bad, time.Second)
	holds("after two alike", true, false)
	dies("another error", &members{}, time.Second, target...)
	holds("where that did not help", true, true)
	dies("deal 18 has no end", &members{}, time.Second, target...)
	dies("deal 1999 has no end", &members{}, time.Second, target...)
	holds("after two with policies alone", false, true)
	if labelled("bad=yes").own == nil || len(bad.list[0].labels) != 1 {
		t.Error("the members themselves were changed")
	}
	s := open()
	s.record.Build = "an earlier one"
	s.died(errors.New("x"), "", "", now)
	if err := os.WriteFile(s.path, []byte(`{"error":"x","times":9,"build":"an earlier one"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if s := open(); s.record.Times != 0 {
		t.Errorf("another build believes %+v", s.record)
	}
	if err := os.WriteFile(s.path, []byte(`{"err`), 0o600); err != nil {
		t.Fatal(err)
	}
	holds("with half a file", false, false)
}

// unknown is an event that a node does not handle: it ends the agent as a bug would.
type unknown struct{}

// ends runs an agent until a condition holds, and then ends it by an error of a Step.
func (p *place) ends(t *testing.T, when func(api.Status) bool) {
	t.Helper()
	log := &lines{}
	s, err := New(Options{Config: p.config, Platform: p.platform, Logger: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Run(context.Background()) }()
	(&daemon{Service: s, config: p.config, log: log}).until(t, "the release is in force", when)
	s.inbox.put(unknown{})
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "bug of Parley") {
		t.Fatalf("got %v, want the agent ended by an error of a Step", err)
	}
}

// An agent that a release has ended twice starts without the release's labels and
// policies, reports it, follows its publisher, and applies the release that fixes it.
func TestSafeStartOfAnAgent(t *testing.T) {
	site := memory.NewSite(memory.Options{})
	p := newPublisher(t, "north")
	ill, well := newPlace(t, site, "h1"), newPlace(t, site, "h2")
	ill.listed.Labels = []string{"bad=yes"}
	p.roster.Hosts = []bundle.Host{ill.listed, well.listed}
	other := well.run(t, []config.Publisher{{Anchor: p.anchor(well.config.StateDir)}}, ill)
	agility, _ := models.Text("agility")
	gossip, _ := models.Text("gossip")
	p.release(p.policyOf("balance", string(agility)))
	p.publish(other)
	ill.config.Publishers = []config.Publisher{{Anchor: p.anchor(ill.config.StateDir)}}
	ill.config.Peers = []config.Peer{{ID: well.listed.ID, Name: "h2", Addresses: well.listed.Addresses}}
	for range safeAfter {
		ill.ends(t, func(s api.Status) bool { return slices.Contains(s.Labels, "bad=yes") && enacts("balance")(s) })
	}
	d := begin(t, ill.config, ill.platform)
	s := d.until(t, "it has left out both", func(s api.Status) bool {
		return strings.Contains(s.SafeStart, "the labels of the rosters and the policies")
	})
	if len(s.Labels) > 0 || len(s.Policy.Models) > 0 || !strings.Contains(s.SafeStart, "is not an event") {
		t.Errorf("in a safe start: labels %v, models %v, told %q", s.Labels, s.Policy.Models, s.SafeStart)
	}
	if log := d.log.String(); strings.Count(log, "a safe start: what was in force") != 2 {
		t.Errorf("want it in the log once for each, got\n%s", log)
	}
	p.roster.Hosts[0].Labels = []string{"bad=no"}
	p.release(p.policyOf("balance", string(gossip)))
	p.publish(other)
	d.until(t, "the next release is in force", func(s api.Status) bool {
		return slices.Equal(s.Labels, []string{"bad=no"}) && enacts("balance")(s) && s.SafeStart == ""
	})
}
