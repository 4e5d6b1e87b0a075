package service

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/hostagent/memory"
	"parley/models"
	"parley/models/publish/bundle"
	"parley/models/publish/chain"
)

// publisher is the publisher of a test.
type publisher struct {
	t       *testing.T
	name    string
	key     bundle.Private
	first   bundle.Anchor
	at      bundle.Anchor
	roster  bundle.Roster
	all     []bundle.Signed
	objects map[bundle.Digest][]byte
	lasts   time.Duration // how long a release is in force; 0: an hour
}

func newPublisher(t *testing.T, name string) *publisher {
	t.Helper()
	key, err := bundle.NewPrivate(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	root := bundle.Root{Version: 1, Threshold: 1, Keys: []bundle.Key{{Name: "operator", Public: key.Public()}}}
	anchor := bundle.Anchor{Publisher: name, Root: root}
	return &publisher{t: t, name: name, key: key, first: anchor, at: anchor, objects: map[bundle.Digest][]byte{}}
}

// anchor writes the anchor file for a host.
func (p *publisher) anchor(dir string) string {
	p.t.Helper()
	path := filepath.Join(dir, p.name+".json")
	if err := os.WriteFile(path, p.first.MarshalFile(), 0o600); err != nil {
		p.t.Fatal(err)
	}
	return path
}

func (p *publisher) object(data []byte) bundle.Ref {
	ref := bundle.RefOf(data)
	p.objects[ref.Digest] = data
	return ref
}

// policyOf is a policy of one model.
func (p *publisher) policyOf(name, text string) bundle.Policy {
	ref := p.object([]byte(text))
	return bundle.Policy{Name: name, Files: []bundle.Entry{{Path: name + ".lcc", Size: ref.Size, Digest: ref.Digest}}}
}

// release signs the next release.
func (p *publisher) release(policies ...bundle.Policy) bundle.Signed {
	p.t.Helper()
	now := time.Now()
	s, err := bundle.Release{
		Format: bundle.Format, Publisher: p.name, Version: p.at.Version + 1, Previous: p.at.Digest,
		Created: now.Unix(), Expires: now.Add(cmp.Or(p.lasts,
			time.Hour)).Unix(), Roster: p.object(p.roster.Sorted().Encode()), Policies: policies,
	}.Draft()
	if err != nil {
		p.t.Fatal(err)
	}
	s = s.Sign(p.key)
	if _, p.at, err = p.at.Next(s); err != nil {
		p.t.Fatal(err)
	}
	p.all = append(p.all, s)
	return s
}

func (p *publisher) pack(releases ...bundle.Signed) []byte {
	p.t.Helper()
	data, err := bundle.Archive{Releases: releases, Objects: p.objects}.Pack()
	if err != nil {
		p.t.Fatal(err)
	}
	return data
}

// publish gives all releases to an agent.
func (p *publisher) publish(d *daemon) {
	p.t.Helper()
	if _, err := d.Publish(p.t.Context(), p.pack(p.all...)); err != nil {
		p.t.Fatalf("publish: %v\n%s", err, d.log)
	}
}

// freePort is a port that was free a moment ago.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// place is a host of a test before its agent runs.
type place struct {
	config   config.Config
	listed   bundle.Host
	platform *memory.Platform
}

func newPlace(t *testing.T, site *memory.Site, name string) *place {
	t.Helper()
	cfg := testConfig(t.TempDir(), name, "")
	address := fmt.Sprintf("/ip4/127.0.0.1/tcp/%d", freePort(t))
	cfg.Listen = []string{address}
	id, err := Identity(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return &place{cfg, bundle.Host{ID: string(id), Name: name, Addresses: []string{address}}, testHost(t, site, name)}
}

// run starts the agent of a place. first are the hosts that it initially knows.
func (p *place) run(t *testing.T, publishers []config.Publisher, first ...*place) *daemon {
	t.Helper()
	p.config.Publishers = publishers
	for _, other := range first {
		p.config.Peers = append(p.config.Peers, config.Peer{ID: other.listed.ID, Name: other.listed.Name, Addresses: other.listed.Addresses})
	}
	d := begin(t, p.config, p.platform)
	p.platform.SetAdmission(d.Admit)
	return d
}

// untilChain polls a host for the state of a chain until a condition holds.
func (d *daemon) untilChain(t *testing.T, what string, holds func(chain.Status) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		report, err := d.Policies(ctx, false)
		if err == nil && slices.ContainsFunc(report.Hosts[0].Chains, holds) {
			return
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			t.Fatalf("gave up waiting until %s: %+v, %v; the log of %s is\n%s", what, report, err, d.config.Host, d.log)
		}
	}
}

// has says whether a policy of a release is in force.
func has(version uint64, policy string) func(chain.Status) bool {
	return func(c chain.Status) bool {
		return c.Version == version && slices.ContainsFunc(c.Policies, func(p chain.PolicyStatus) bool {
			return p.Name == policy && p.State == "active"
		})
	}
}

func enacts(model string) func(api.Status) bool {
	return func(s api.Status) bool {
		return slices.ContainsFunc(s.Policy.Models, func(m api.ModelStatus) bool { return m.Name == model+".lcc" })
	}
}

// three starts three hosts of one publisher; the others initially know the first.
func three(t *testing.T, site *memory.Site, p *publisher, change func(*config.Config)) (daemons []*daemon, places []*place) {
	t.Helper()
	for _, name := range []string{"h1", "h2", "h3"} {
		places = append(places, newPlace(t, site, name))
		p.roster.Hosts = append(p.roster.Hosts, places[len(places)-1].listed)
	}
	for i, at := range places {
		var first []*place
		if i > 0 {
			first = places[:1]
		} else {
			first = places[1:]
		}
		if change != nil {
			change(&at.config)
		}
		daemons = append(daemons, at.run(t, []config.Publisher{{Anchor: p.anchor(at.config.StateDir)}}, first...))
	}
	return daemons, places
}

// A release that is published at one host is enacted by all, it balances the guests,
// and the next release replaces it; every host can show what each host runs.
func TestPublish(t *testing.T) {
	site := memory.NewSite(memory.Options{Speedup: 20})
	p := newPublisher(t, "north")
	daemons, places := three(t, site, p, nil)
	for _, name := range []string{"g1", "g2", "g3", "g4"} {
		testGuest(t, places[0].platform, name, 0.9)
	}
	agility, _ := models.Text("agility")
	p.release(p.policyOf("agility", string(agility)))
	p.publish(daemons[0])
	for _, d := range daemons {
		d.untilChain(t, "it has the release", has(1, "agility"))
		d.until(t, "it enacts agility", enacts("agility"))
	}
	daemons[1].until(t, "a guest came", func(s api.Status) bool { return len(s.Guests) > 0 })
	report, err := daemons[2].Policies(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range report.Hosts {
		if h.Error != "" || len(h.Chains) != 1 || !has(1, "agility")(h.Chains[0]) {
			t.Errorf("seen from h3: %+v", h)
		}
	}
	if len(report.Hosts) != 3 {
		t.Errorf("got %d hosts, want 3", len(report.Hosts))
	}
	power, _ := models.Text("power_saving")
	p.release(p.policyOf("power_saving", string(power)))
	p.publish(daemons[2])
	for _, d := range daemons {
		d.until(t, "it enacts power_saving alone", func(s api.Status) bool { return enacts("power_saving")(s) && !enacts("agility")(s) })
	}
}

// A tampered bundle changes nothing, and the refusal has a reason.
func TestTampered(t *testing.T) {
	site := memory.NewSite(memory.Options{Speedup: 20})
	p := newPublisher(t, "north")
	daemons, _ := three(t, site, p, nil)
	agility, _ := models.Text("agility")
	p.release(p.policyOf("agility", string(agility)))
	p.publish(daemons[0])
	for _, d := range daemons {
		d.untilChain(t, "it has the release", has(1, "agility"))
	}
	good := p.at
	next := p.release(p.policyOf("agility", string(agility)+"\n% changed\n"))
	forged := next
	forged.Body = append([]byte(nil), next.Body...)
	forged.Body[len(forged.Body)-20] ^= 1
	for name, c := range map[string]struct {
		archive []byte
		want    string
	}{
		"a bit of the release":    {p.pack(forged), ""},
		"stripped of signatures":  {p.pack(bundle.Signed{Body: next.Body, Signatures: []bundle.Signature{}}), string(bundle.NoQuorum)},
		"no bundle at all":        {[]byte("junk"), string(bundle.Malformed)},
		"signed by somebody else": {p.pack(stranger(t, next)), string(bundle.NoQuorum)},
	} {
		_, err := daemons[1].Publish(t.Context(), c.archive)
		if !errors.Is(err, api.ErrRefused) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want it refused with %s", name, err, c.want)
		}
	}
	for _, d := range daemons {
		d.untilChain(t, "it stands where it stood", func(c chain.Status) bool { return c.Version == good.Version && c.Digest == good.Digest })
	}
}

func stranger(t *testing.T, s bundle.Signed) bundle.Signed {
	t.Helper()
	key, err := bundle.NewPrivate(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return bundle.Signed{Body: s.Body}.Sign(key)
}

// The other hosts do not ask a host for a role that it refuses.
func TestRefusedRole(t *testing.T) {
	site := memory.NewSite(memory.Options{Speedup: 20})
	p := newPublisher(t, "north")
	var daemons []*daemon
	var places []*place
	for _, name := range []string{"h1", "h2", "h3"} {
		places = append(places, newPlace(t, site, name))
		p.roster.Hosts = append(p.roster.Hosts, places[len(places)-1].listed)
	}
	for i, at := range places {
		accept := config.Publisher{Anchor: p.anchor(at.config.StateDir)}
		if i == 2 {
			accept.RefuseRoles = []string{"underloaded"}
		}
		daemons = append(daemons, at.run(t, []config.Publisher{accept}, slices.Delete(slices.Clone(places), i, i+1)...))
	}
	for _, name := range []string{"g1", "g2", "g3", "g4"} {
		testGuest(t, places[0].platform, name, 0.9)
	}
	agility, _ := models.Text("agility")
	p.release(p.policyOf("agility", string(agility)))
	p.publish(daemons[0])
	daemons[2].untilChain(t, "it has the release", has(1, "agility"))
	daemons[1].until(t, "guests came to h2", func(s api.Status) bool { return len(s.Guests) == 2 })
	if s, err := daemons[2].Status(t.Context()); err != nil || len(s.Guests) != 0 || len(s.Deals)+len(s.History) != 0 {
		t.Errorf("the host that refuses the role: got %+v, %v, want no guest and no deal", s, err)
	}
	why, err := daemons[2].Explain(t.Context(), "h3")
	if err != nil || !strings.Contains(facts(why), "refuses the roles underloaded") {
		t.Errorf("got %s, %v, want what it refuses", facts(why), err)
	}
	about, err := daemons[2].Explain(t.Context(), "agility")
	if err != nil || !strings.Contains(facts(about), "it may do migrate/3") {
		t.Errorf("got %s, %v, want what the policy could do", facts(about), err)
	}
}

// No host admits a host that was removed from the roster.
func TestRemoved(t *testing.T) {
	site := memory.NewSite(memory.Options{Speedup: 20})
	p := newPublisher(t, "north")
	daemons, _ := three(t, site, p, nil)
	agility, _ := models.Text("agility")
	policy := p.policyOf("agility", string(agility))
	p.release(policy)
	p.publish(daemons[0])
	daemons[0].until(t, "both are connected", func(s api.Status) bool {
		return len(s.Peers) == 2 && s.Peers[0].Connected && s.Peers[1].Connected
	})
	p.roster.Hosts = p.roster.Hosts[:2]
	p.release(policy)
	p.publish(daemons[0])
	for _, d := range daemons[:2] {
		d.until(t, "h3 is gone", func(s api.Status) bool { return len(s.Peers) == 1 && s.Peers[0].Connected })
	}
	daemons[2].until(t, "h3 is alone", func(s api.Status) bool {
		return !slices.ContainsFunc(s.Peers, func(p api.PeerStatus) bool { return p.Connected })
	})
}

// Hosts of two owners negotiate only in the model that both accept.
func TestFederation(t *testing.T) {
	site := memory.NewSite(memory.Options{Speedup: 20})
	north, south := newPublisher(t, "north"), newPublisher(t, "south")
	n, s := newPlace(t, site, "n1"), newPlace(t, site, "s1")
	north.roster.Hosts = []bundle.Host{n.listed}
	south.roster.Hosts = []bundle.Host{s.listed}
	accept := func(at *place, own, other *publisher) []config.Publisher {
		return []config.Publisher{{Anchor: own.anchor(at.config.StateDir)}, {Anchor: other.anchor(at.config.StateDir),
			Models: []string{"agility"}}}
	}
	for _, name := range []string{"g1", "g2", "g3", "g4"} {
		testGuest(t, n.platform, name, 0.9)
	}
	a := n.run(t, accept(n, north, south), s)
	b := s.run(t, accept(s, south, north), n)
	agility, _ := models.Text("agility")
	gossip, _ := models.Text("gossip")
	north.release(north.policyOf("agility", string(agility)))
	south.release(south.policyOf("agility", string(agility)), south.policyOf("gossip", string(gossip)))
	for _, d := range []*daemon{a, b} {
		north.publish(d)
		south.publish(d)
	}
	b.until(t, "guests came to the other owner", func(s api.Status) bool { return len(s.Guests) == 2 })
	a.untilChain(t, "the policy that is not accepted is refused", func(c chain.Status) bool {
		return c.Publisher == "south" && slices.ContainsFunc(c.Policies, func(p chain.PolicyStatus) bool {
			return p.Name == "gossip" && p.State == "refused" && p.Code == bundle.NotAccepted
		})
	})
	why, err := a.Explain(t.Context(), "gossip")
	if err != nil || !strings.Contains(facts(why), "does not accept the model gossip") {
		t.Errorf("got %s, %v, want why it was refused", facts(why), err)
	}
}

// A policy in force is in force after a restart, before any host was asked.
func TestPublishedRestart(t *testing.T) {
	site := memory.NewSite(memory.Options{Speedup: 20})
	p := newPublisher(t, "north")
	at := newPlace(t, site, "h1")
	p.roster.Hosts = []bundle.Host{at.listed}
	d := at.run(t, []config.Publisher{{Anchor: p.anchor(at.config.StateDir)}})
	agility, _ := models.Text("agility")
	p.release(p.policyOf("agility", string(agility)))
	p.publish(d)
	d.until(t, "it enacts agility", enacts("agility"))
	d.stop()
	again := begin(t, at.config, at.platform)
	again.until(t, "it enacts agility again", enacts("agility"))
	again.untilChain(t, "it has the release", has(1, "agility"))
	if s, err := again.Status(t.Context()); err != nil || s.Policy.Error != "" {
		t.Errorf("got %q, %v, want no error of the policy", s.Policy.Error, err)
	}
}

// An expired policy begins nothing new, and continues with a release that has not
// expired; a removed host is admitted again when it is added.
func TestExpiredAndAddedAgain(t *testing.T) {
	site := memory.NewSite(memory.Options{Speedup: 20})
	p := newPublisher(t, "north")
	daemons, places := three(t, site, p, nil)
	agility, _ := models.Text("agility")
	policy := p.policyOf("agility", string(agility))
	p.release(policy)
	p.publish(daemons[0])
	for _, d := range daemons {
		d.untilChain(t, "it is in force", has(1, "agility"))
	}
	p.lasts = 2 * time.Second
	p.release(policy)
	p.publish(daemons[0])
	for _, d := range daemons {
		s := d.until(t, "it begins nothing", func(s api.Status) bool {
			return enacts("agility")(s) &&
				strings.Contains(s.Idle.Detail, "expired")
		})
		if len(s.Policy.Models) != 1 {
			t.Errorf("%s: got %+v, want what ran to stay", d.config.Host, s.Policy.Models)
		}
	}
	for _, name := range []string{"g1", "g2", "g3", "g4"} {
		testGuest(t, places[0].platform, name, 0.9)
	}
	all := p.roster.Hosts
	p.lasts, p.roster.Hosts = 0, all[:2]
	p.release(policy)
	p.publish(daemons[0])
	daemons[1].until(t, "guests move again", func(s api.Status) bool { return len(s.Guests) > 0 && !s.Idle.Is() })
	daemons[2].until(t, "h3 is alone", func(s api.Status) bool {
		return !slices.ContainsFunc(s.Peers, func(p api.PeerStatus) bool { return p.Connected })
	})
	p.roster.Hosts = all
	p.release(policy)
	p.publish(daemons[0])
	daemons[2].untilChain(t, "h3 has caught up", has(4, "agility"))
}

// A host whose anchor is at the latest release takes that release from a bundle, or
// from a host that has it.
func TestAnchorAhead(t *testing.T) {
	site := memory.NewSite(memory.Options{Speedup: 20})
	p := newPublisher(t, "north")
	places := []*place{newPlace(t, site, "h1"), newPlace(t, site, "h2")}
	agility, _ := models.Text("agility")
	for _, at := range places {
		p.roster.Hosts = append(p.roster.Hosts, at.listed)
		p.release(p.policyOf("agility", string(agility)+"% of "+at.listed.Name+"\n"))
	}
	p.first = p.at
	a := places[0].run(t, []config.Publisher{{Anchor: p.anchor(places[0].config.StateDir)}}, places[1])
	b := places[1].run(t, []config.Publisher{{Anchor: p.anchor(places[1].config.StateDir)}}, places[0])
	p.publish(a)
	for _, d := range []*daemon{a, b} {
		d.untilChain(t, "the release is in force", has(2, "agility"))
	}
}

// A faulty entry of a roster does not exclude the other hosts.
func TestRosterWithAFault(t *testing.T) {
	site := memory.NewSite(memory.Options{Speedup: 20})
	p := newPublisher(t, "north")
	p.roster.Hosts = []bundle.Host{
		{ID: "no peer id", Name: "wrong", Addresses: []string{"/ip4/127.0.0.1/tcp/1"}},
		{ID: "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp", Name: "nowhere", Addresses: []string{"/ip9/x"}},
	}
	daemons, _ := three(t, site, p, nil)
	agility, _ := models.Text("agility")
	p.release(p.policyOf("agility", string(agility)))
	p.publish(daemons[0])
	for _, d := range daemons {
		d.untilChain(t, "the release is in force", has(1, "agility"))
		d.until(t, "the two others are connected", func(s api.Status) bool {
			return len(s.Peers) == 2 && s.Peers[0].Connected && s.Peers[1].Connected
		})
	}
	if log := daemons[0].log.String(); !strings.Contains(log, "is not a peer id") || !strings.Contains(log, "host=nowhere") {
		t.Errorf("nothing was said of the hosts that were left out:\n%s", log)
	}
}
