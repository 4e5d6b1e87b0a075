package service

import (
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/api/wording"
	"parley/hostagent/config"
	"parley/hostagent/memory"
	"parley/models"
)

// pair is two daemons over a real network.
type pair struct {
	daemons   []*daemon
	platforms []*memory.Platform
	peers     []config.Peer
}

// newPair runs two daemons; change may set up each one's configuration. Guests
// are placed by place before they run.
func newPair(t *testing.T, change func(i int, c *config.Config), place func(p []*memory.Platform)) *pair {
	t.Helper()
	site := memory.NewSite(memory.Options{Speedup: 20})
	var p pair
	var configs []config.Config
	for i, name := range []string{"h1", "h2"} {
		cfg := testConfig(t.TempDir(), name, "")
		change(i, &cfg)
		id, err := Identity(cfg)
		if err != nil {
			t.Fatal(err)
		}
		p.peers = append(p.peers, config.Peer{ID: string(id), Name: name})
		configs = append(configs, cfg)
		p.platforms = append(p.platforms, testHost(t, site, name))
	}
	place(p.platforms)
	for i := range configs {
		configs[i].Peers = p.peers
		d := begin(t, configs[i], p.platforms[i])
		p.platforms[i].SetAdmission(d.Admit)
		p.daemons = append(p.daemons, d)
	}
	for i, d := range p.daemons {
		other := p.daemons[1-i]
		if err := d.AddAddresses(other.PeerID(), other.Addresses()); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range p.daemons {
		d.until(t, "the other is connected and the load known", func(s api.Status) bool {
			return s.Load.Known && slices.ContainsFunc(s.Peers, func(p api.PeerStatus) bool { return p.Connected })
		})
	}
	return &p
}

func alone(int, *config.Config) {}

// An operator's moves over the socket: to a named or a chosen host, refused if a rule
// or the target refuses, explained afterwards.
func TestOrders(t *testing.T) {
	p := newPair(t, alone, func(hosts []*memory.Platform) {
		testGuest(t, hosts[0], "web", 0.5)
		testGuest(t, hosts[0], "db", 0.5)
	})
	ask := api.Client{Socket: p.daemons[0].config.Socket}
	must := func(o api.Order) {
		t.Helper()
		if err := ask.Order(t.Context(), o); err != nil {
			t.Fatalf("%+v: %v", o, err)
		}
	}
	refused := func(o api.Order, want string) {
		t.Helper()
		if err := p.daemons[0].Order(t.Context(), o); !errors.Is(err, api.ErrRefused) || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: got %v, want a refusal with %q", o, err, want)
		}
	}
	refused(api.Order{Do: "migrate", Guest: "wb", Host: "h2"}, "no guest \"wb\" is on this host: `parley status` lists")
	refused(api.Order{Do: "pin", Guest: "wb"}, "no guest \"wb\" is on this host: `parley status` lists")
	refused(api.Order{Do: "migrate", Guest: "web", Host: "h3"}, "no host \"h3\" is among the peers: `parley status` lists")
	refused(api.Order{Do: "migrate", Guest: "web", Host: "h1"}, "on this host already")
	refused(api.Order{Do: "dance"}, `no order "dance"`)

	must(api.Order{Do: "pin", Guest: "db"})
	refused(api.Order{Do: "migrate", Guest: "db", Host: "h2"}, "it is pinned")
	must(api.Order{Do: "unpin", Guest: "db"})
	if s, err := ask.Status(t.Context()); err != nil || pinned(s, "db") {
		t.Errorf("db is pinned still (%v)", err)
	}

	must(api.Order{Do: "migrate", Guest: "web", Host: "h2"})
	must(api.Order{Do: "migrate", Guest: "db"})
	status := p.daemons[1].until(t, "both guests are there", func(s api.Status) bool { return len(s.Guests) == 2 && len(s.Deals) == 0 })
	if d := status.History[len(status.History)-1]; d.State != "done" || !d.Operator {
		t.Errorf("the last deal at the target: got %+v, want one of the operator's that is done", d)
	}
	for _, order := range []string{"migrate", "pin", "ignore", "forget"} {
		refused(api.Order{Do: order, Guest: "web"}, `no guest "web" is on this host: it moved to h2 at`)
	}
	if err := ask.Order(t.Context(), api.Order{Do: "unpin", Guest: "web"}); !errors.Is(err, api.ErrRefused) {
		t.Errorf("unpin web: got %v, want a refusal", err)
	}
	for _, want := range []string{
		`event=order do=unpin by=\S.* done=true guest=db\n`,
		`event=order do=unpin by=\S.* done=false guest=web error=.*moved to h2`,
	} {
		if text := p.daemons[0].log.String(); !regexp.MustCompile(want).MatchString(text) {
			t.Errorf("the log has no %s:\n%s", want, text)
		}
	}
	why, err := ask.Explain(t.Context(), "web")
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, m := range why.Story {
		text += wording.Fact(m.Fact) + "\n"
	}
	if !strings.Contains(text, "deal of an operator: web from h1 to h2: done") {
		t.Errorf("why web is not here: got %q", text)
	}
	if _, err := p.daemons[1].Explain(t.Context(), "wb"); err == nil || !strings.Contains(err.Error(), `did you mean "db"?`) {
		t.Errorf("explain wb: got %v, want a suggestion", err)
	}
	if _, err := ask.Explain(t.Context(), "nobody"); err == nil || !strings.Contains(err.Error(), "no guest") {
		t.Errorf("explain nobody: got %v", err)
	}
}

func pinned(s api.Status, name string) bool {
	return slices.ContainsFunc(s.Guests, func(g api.GuestStatus) bool { return g.Name == name && g.Rules.Pin })
}

// A drain empties a host, keeps it empty across a restart, and reports the guests that
// it cannot move.
func TestDrain(t *testing.T) {
	p := newPair(t, alone, func(hosts []*memory.Platform) {
		testGuest(t, hosts[0], "web", 0.5)
		testGuest(t, hosts[0], "db", 0.5)
		testGuest(t, hosts[0], "key", 0.5)
		if err := hosts[0].SetRules(t.Context(), "key", hostagent.Rules{Pinned: true}); err != nil {
			t.Fatal(err)
		}
	})
	if err := (api.Client{Socket: p.daemons[0].config.Socket}).Order(t.Context(), api.Order{Do: "drain"}); err != nil {
		t.Fatal(err)
	}
	status := p.daemons[0].until(t, "one guest is left", func(s api.Status) bool {
		return len(s.Guests) == 1 && len(s.Deals) == 0 && s.Guests[0].Blocked.Is()
	})
	if g := status.Guests[0]; g.Name != "key" || g.Blocked.Code != string(hostagent.CodePinned) {
		t.Errorf("what is left: got %+v, want key, for it is pinned", g)
	}
	p.daemons[1].until(t, "its deals have ended too", func(s api.Status) bool { return len(s.Deals) == 0 })
	err := p.daemons[1].Order(t.Context(), api.Order{Do: "migrate", Guest: "web", Host: "h1"})
	if err == nil || !strings.Contains(err.Error(), "drained") {
		t.Errorf("a move to a drained host: got %v, want that it is drained", err)
	}
	p.daemons[0].stop()
	again := begin(t, p.daemons[0].config, p.platforms[0])
	again.until(t, "it is drained still", func(s api.Status) bool { return s.Drained })
}

// In the mode recommend, a policy's deals are negotiated and shown, but no guest moves.
func TestRecommend(t *testing.T) {
	text, _ := models.Text("agility")
	p := newPair(t, func(_ int, c *config.Config) {
		c.Mode = "recommend"
		c.Policy.File = filepath.Join(filepath.Dir(c.Key), "policy.lcc")
		writePolicy(t, c.Policy.File, string(text))
	}, func(hosts []*memory.Platform) {
		testGuest(t, hosts[0], "web", 1)
		testGuest(t, hosts[0], "db", 1)
	})
	withdrawn := func(s api.Status) bool {
		return slices.ContainsFunc(s.History, func(d api.DealStatus) bool { return d.State == "withdrawn" })
	}
	status := p.daemons[0].until(t, "the source has shown a deal", withdrawn)
	p.daemons[1].until(t, "the target has given its hold back", withdrawn)
	if len(status.Guests) != 2 {
		t.Errorf("guests at the source: got %d, want both", len(status.Guests))
	}
	why, err := p.daemons[0].Explain(t.Context(), status.History[len(status.History)-1].Name)
	if err != nil {
		t.Fatal(err)
	}
	if all := facts(why); !strings.Contains(all, "recommended less than") {
		t.Errorf("why it stays: got %s", all)
	}
	said := slices.ContainsFunc(why.Story, func(m api.Moment) bool {
		return strings.Contains(wording.Fact(m.Fact),
			"the policy, as overloaded")
	})
	if !said {
		t.Errorf("what the policy said of it is not told: %+v", why.Story)
	}
}

// A reloaded configuration is in force at once; keys that need a restart keep their
// values.
func TestReconfigure(t *testing.T) {
	d := begin(t, testConfig(t.TempDir(), "h1", ""), testHost(t, memory.NewSite(memory.Options{}), "h1"))
	d.until(t, "the agent answers", func(api.Status) bool { return true })
	cfg := d.config
	cfg.Mode, cfg.Labels, cfg.Host = "recommend", []string{"rack=b", "site=x"}, "other"
	cfg.Rules = []hostagent.RulesFor{{Guests: "web-*", Rules: hostagent.Rules{Pinned: true}}}
	if err := d.Reconfigure(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	s := d.until(t, "the mode is another", func(s api.Status) bool { return s.Mode == "recommend" })
	if !slices.Equal(s.Labels, cfg.Labels) || s.Host != "h1" {
		t.Errorf("got labels %v and the host's name %s, want %v and h1", s.Labels, s.Host, cfg.Labels)
	}
	if !strings.Contains(d.log.String(), "key=host") {
		t.Error("that the host's name needs a new start is not said")
	}
	for _, c := range []struct {
		change func(*config.Config)
		want   string
	}{
		{func(c *config.Config) { c.Labels = []string{"rack"} }, "labels: "},
		{func(c *config.Config) { c.Rules = []hostagent.RulesFor{{Guests: "["}} }, "rules[0].guests"},
		{func(c *config.Config) {
			c.Rules = []hostagent.RulesFor{{Guests: "x", Rules: hostagent.Rules{Priority: 1000}}}
		}, "rules[0]: priority"},
		{func(c *config.Config) { c.Low = 0.9 }, "low"},
		{func(c *config.Config) { c.MovesIn = 0 }, "moves_in"},
		{func(c *config.Config) { c.GainMin = 2 }, "gain_min"},
		{func(c *config.Config) { c.Deadline.Base = 0 }, "deadline.base"},
	} {
		wrong := cfg
		c.change(&wrong)
		if err := d.Reconfigure(t.Context(), wrong); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want an error about %s", err, c.want)
		}
	}
	d.until(t, "the refusal is in the status", func(s api.Status) bool { return strings.Contains(s.Rejected.Why, "deadline.base") })
}
