package service

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/hostagent/config/telling"
	"parley/hostagent/memory"
	"parley/hostagent/site"
	"parley/lcc"
	"parley/models"
	"parley/models/publish/bundle"
)

// incidents are agents in one process, each with one trouble of its own, beside a site on
// which all is well. Each serves its metrics, and tells a receiver of its problems.
type incidents struct {
	t       *testing.T
	site    *memory.Site
	tell    string            // the URL that is told of problems
	targets []string          // the addresses of the metrics
	names   map[string]string // the name of the host at such an address
	well    []*daemon         // agents on which all is well, of which the first has the guest "calm"
	later   []func()          // what goes wrong once the metrics have been seen
}

func newIncidents(t *testing.T, tell string) *incidents {
	t.Helper()
	in := &incidents{t: t, tell: tell, site: memory.NewSite(memory.Options{Speedup: 20}), names: map[string]string{}}
	in.wellSite()
	in.policies()
	in.releases()
	in.guests()
	in.machine()
	in.twins()
	in.failingMoves()
	in.silentTarget()
	return in
}

// watched makes a host show its metrics and tell of its problems.
func (in *incidents) watched(c *config.Config) {
	c.Metrics.Listen = fmt.Sprintf("127.0.0.1:%d", freePort(in.t))
	c.Notify = []telling.Notify{{Post: in.tell, After: time.Second}}
	in.targets = append(in.targets, c.Metrics.Listen)
	in.names[c.Metrics.Listen] = c.Host
}

// place is a host of which people are told.
func (in *incidents) place(name string) *place {
	p := newPlace(in.t, in.site, name)
	in.watched(&p.config)
	return p
}

func (in *incidents) guest(p *memory.Platform, name string, cores float64) {
	testGuest(in.t, p, name, cores)
}

func (in *incidents) agility() string {
	text, _ := models.Text("agility")
	return string(text)
}

// wellSite is three hosts with one release and a guest.
func (in *incidents) wellSite() {
	p := newPublisher(in.t, "well")
	daemons, places := three(in.t, in.site, p, in.watched)
	in.guest(places[0].platform, "calm", 0.5)
	p.release(p.policyOf("agility", in.agility()))
	p.publish(daemons[0])
	for _, d := range daemons {
		d.untilChain(in.t, "the release is in force", has(1, "agility"))
	}
	in.well = daemons
}

// policies are a host on which the agent died with its policy, and one that refuses a policy.
func (in *incidents) policies() {
	died := in.place("quarantined")
	died.config.Policy.File = filepath.Join(died.config.StateDir, "policy.lcc")
	writePolicy(in.t, died.config.Policy.File, in.agility())
	set, err := bundle.Load(died.config.Policy.File)
	if err != nil {
		in.t.Fatal(err)
	}
	for range diedMax {
		q, err := newQuarantine(died.config.StateDir, time.Now())
		if err != nil {
			in.t.Fatal(err)
		}
		if err := q.admit(set, time.Now()); err != nil {
			in.t.Fatal(err)
		}
		q.enter()
	}
	died.run(in.t, nil)

	refused := in.place("refused")
	p := newPublisher(in.t, "wishes")
	p.roster.Hosts = []bundle.Host{refused.listed}
	p.release(p.policyOf("wish", "r(idle, initial).\na(idle, ID) :: null <- lod(L) and L > 1\n"))
	p.publish(refused.run(in.t, []config.Publisher{{Anchor: p.anchor(refused.config.StateDir)}}))
}

// releases are a host that no release has reached, one that the roster no longer lists, and
// two that do not reach each other and have different releases.
func (in *incidents) releases() {
	lags := in.place("lags")
	lags.run(in.t, []config.Publisher{{Anchor: newPublisher(in.t, "silent").anchor(lags.config.StateDir)}})

	unlisted := in.place("unlisted")
	p := newPublisher(in.t, "closed")
	p.roster.Hosts = []bundle.Host{in.place("elsewhere").listed}
	in.targets = in.targets[:len(in.targets)-1] // no agent runs there
	p.release(p.policyOf("agility", in.agility()))
	p.publish(unlisted.run(in.t, []config.Publisher{{Anchor: p.anchor(unlisted.config.StateDir)}}))

	p = newPublisher(in.t, "parted")
	old, latest := in.place("old"), in.place("latest")
	for _, at := range []*place{old, latest} {
		p.roster.Hosts = append(p.roster.Hosts, bundle.Host{ID: at.listed.ID, Name: at.listed.Name})
	}
	for _, at := range []*place{old, latest} {
		p.release(p.policyOf("agility", in.agility()))
		p.publish(at.run(in.t, []config.Publisher{{Anchor: p.anchor(at.config.StateDir)}}))
	}
}

// guests are a drained host whose guest stays, one whose guest is moved back each time, and
// one with more load than room.
func (in *incidents) guests() {
	drained := in.place("drained")
	in.guest(drained.platform, "stays", 0.5)
	d := drained.run(in.t, nil)
	if err := d.Order(in.t.Context(), api.Order{Do: "drain"}); err != nil {
		in.t.Fatal(err)
	}

	const name = "wanted"
	// Models that forget a refusal at once, and take a guest whose load has just changed.
	eager := strings.NewReplacer("again(30)", "again(1)", "better(Need, Other) and ", "").Replace(in.agility())
	from, to := in.place("duel"), in.place("duel-target")
	for _, at := range []*place{from, to} {
		at.config.Policy.File = filepath.Join(at.config.StateDir, "policy.lcc")
		writePolicy(in.t, at.config.Policy.File, eager)
		at.config.Cooldown = 10 * time.Millisecond
	}
	to.config.ReturnAfter = 100 * time.Millisecond // for this host the guest returns
	in.guest(from.platform, name, 1.9)
	in.guest(from.platform, "pinned", 1.9)
	if err := from.platform.SetRules(in.t.Context(), "pinned", hostagent.Rules{Pinned: true}); err != nil {
		in.t.Fatal(err)
	}
	source, target := from.run(in.t, nil, to), to.run(in.t, nil, from)
	in.later = append(in.later, func() {
		seen := true // since it was moved back
		source.until(in.t, "the guest is in a duel", func(s api.Status) bool {
			there, err := target.Status(in.t.Context())
			seen = seen || len(s.Guests) == 2
			if err == nil && seen && len(s.Guests) == 1 && len(there.Guests) == 1 && len(s.Deals)+len(there.Deals) == 0 {
				seen = false
				to.platform.Stop(name) // somebody else moves it back
				in.guest(from.platform, name, 1.9)
			}
			return len(s.Duels) == 1
		})
	})

	alone := in.place("alone") // keeps room with others, and has none
	alone.config.Survive = 1
	in.guest(alone.platform, "placeless", 0.5)
	alone.run(in.t, nil)

	overloaded := in.place("overloaded")
	for i := range 3 {
		in.guest(overloaded.platform, fmt.Sprintf("busy%d", i), 1.9)
	}
	overloaded.run(in.t, nil)
}

// machine are a host whose platform is away, one whose load is not known, one whose
// configuration is refused, one whose audit has lost an entry, and one with a full disk.
func (in *incidents) machine() {
	away := in.place("away")
	away.run(in.t, nil)
	away.platform.Inject(memory.Gone)

	unknown := in.place("unknown")
	in.guest(unknown.platform, "unmeasured", 0.5)
	unknown.config.SampleEvery = time.Hour // a rate takes two samples
	unknown.run(in.t, nil)

	wrong := in.place("configuration")
	d := wrong.run(in.t, nil)
	faulty := wrong.config
	faulty.Labels = []string{"rack"}
	if err := d.Reconfigure(in.t.Context(), faulty); err == nil {
		in.t.Fatal("a faulty configuration is in force")
	}

	in.lostEntry(in.place("audit"))

	full := in.place("full")
	taken := filepath.Join(full.config.StateDir, "journal.reserve", "taken") // a directory is where the reserve should be
	if err := os.MkdirAll(taken, 0o700); err != nil {
		in.t.Fatal(err)
	}
	full.run(in.t, nil)
}

// lostEntry runs an agent, takes an entry out of its audit, and runs it again.
func (in *incidents) lostEntry(at *place) {
	d := at.run(in.t, nil)
	ask := api.Client{Socket: at.config.Socket}
	d.until(in.t, "the agent answers", func(api.Status) bool { return true })
	for _, do := range []string{"pause", "resume"} {
		if err := ask.Order(in.t.Context(), api.Order{Do: do}); err != nil {
			in.t.Fatal(err)
		}
	}
	d.until(in.t, "the orders are in the audit", func(api.Status) bool {
		r, err := ask.VerifyAudit(in.t.Context())
		return err == nil && r.Entries >= 2
	})
	d.stop()
	db, err := bolt.Open(filepath.Join(at.config.StateDir, "audit.db"), 0o600, nil)
	if err != nil {
		in.t.Fatal(err)
	}
	if err := db.Update(func(tx *bolt.Tx) error {
		key, _ := tx.Bucket([]byte("entries")).Cursor().First()
		return tx.Bucket([]byte("entries")).Delete(key)
	}); err != nil {
		in.t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		in.t.Fatal(err)
	}
	begin(in.t, at.config, at.platform)
}

// twins are two hosts with one key, which a third one sees.
func (in *incidents) twins() {
	first, clone, third := in.place("doubled"), in.place("clone"), in.place("third")
	key, err := os.ReadFile(first.config.Key)
	if err != nil {
		in.t.Fatal(err)
	}
	if err := os.WriteFile(clone.config.Key, key, 0o600); err != nil {
		in.t.Fatal(err)
	}
	third.run(in.t, nil, first)
	first.run(in.t, nil, third)
	clone.run(in.t, nil, third)
}

// around is a host with guests that knows others, which know it. The first daemon and
// platform are those of the host.
func (in *incidents) around(guests []string, source string, targets ...string) (daemons []*daemon, platforms []*memory.Platform) {
	from := in.place(source)
	for _, name := range guests {
		in.guest(from.platform, name, 0.2)
	}
	var others []*place
	for _, name := range targets {
		others = append(others, in.place(name))
	}
	daemons, platforms = append(daemons, from.run(in.t, nil, others...)), append(platforms, from.platform)
	for _, at := range others {
		daemons, platforms = append(daemons, at.run(in.t, nil, from)), append(platforms, at.platform)
	}
	return daemons, platforms
}

// failingMoves is a host from which migrations fail. After two failures a target is left
// alone for a while.
func (in *incidents) failingMoves() {
	moves := map[string]string{"f1": "broken1", "f2": "broken1", "f3": "broken2", "f4": "broken2"}
	daemons, platforms := in.around(slices.Sorted(maps.Keys(moves)), "failing", "broken1", "broken2")
	for _, p := range platforms[1:] {
		p.Inject(memory.Breaks)
	}
	in.later = append(in.later, func() {
		reached(in.t, daemons[0])
		for name, target := range moves {
			if err := daemons[0].Order(in.t.Context(), api.Order{Do: "migrate", Guest: name, Host: target}); err == nil {
				in.t.Errorf("the guest %s moved over a broken link", name)
			}
		}
	})
}

// silentTarget is a host from which a guest has gone to a host that is silent since.
func (in *incidents) silentTarget() {
	daemons, platforms := in.around([]string{"lost"}, "person", "down")
	platforms[1].Inject(memory.Hangs)
	in.later = append(in.later, func() {
		reached(in.t, daemons[0])
		source := daemons[0]
		if err := source.inLoop(in.t.Context(), func(lcc.Instant) error {
			short := source.hostConfig()
			short.SettleMax = time.Second
			return source.step(hostagent.Configured{Config: short})
		}); err != nil {
			in.t.Fatal(err)
		}
		ordered := make(chan error, 1)
		go func() { ordered <- source.Order(in.t.Context(), api.Order{Do: "migrate", Guest: "lost"}) }()
		source.until(in.t, "the guest moves", func(s api.Status) bool { return len(s.Deals) == 1 && s.Deals[0].State == "moving" })
		daemons[1].stop()
		platforms[0].Stop("lost")
		if err := <-ordered; err == nil {
			in.t.Error("a guest that is nowhere has moved")
		}
	})
}

func reached(t *testing.T, d *daemon) {
	t.Helper()
	d.until(t, "the others are connected and the load known", func(s api.Status) bool {
		return s.Load.Known && !slices.ContainsFunc(s.Peers, func(p api.PeerStatus) bool { return !p.Connected })
	})
}

// happen makes wrong what goes wrong later.
func (in *incidents) happen() {
	for _, now := range in.later {
		now()
	}
}

// troubled are the hosts with a problem of each kind.
var troubled = map[site.Kind][]string{
	site.NeedsPerson: {"person"}, site.Quarantined: {"quarantined"}, site.Refused: {"refused"}, site.Lags: {"lags"},
	site.Publisher: {"unlisted"}, site.DrainStuck: {"drained"}, site.Duel: {"duel"}, site.Platform: {"away"},
	site.Configuration: {"configuration"}, site.Doubled: {"clone", "doubled"}, site.Audit: {"audit"}, site.LoadUnknown: {"unknown"},
	site.RoomMissing: {"alone"},
}
