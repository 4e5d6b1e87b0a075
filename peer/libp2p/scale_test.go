package libp2p

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/lcc"
	"parley/models/publish/bundle"
	"parley/models/publish/chain"
	"parley/models/publish/follow"
	"parley/peer"
)

// scaleModel is played by every peer, so that each has something to tell of.
const scaleModel = `
r(member, initial).
a(member, ID) :: null <- timeout(100000) then a(member, ID)
`

// TestScaleSimulated has many peers on a simulated network, in groups, find each
// other and take a release of 100 kB from each other. It tells how long that takes
// in the network's own time, and what a peer takes of memory, goroutines and
// connections. PARLEY_SCALE=300,1000 says how many peers; make bench does.
func TestScaleSimulated(t *testing.T) {
	sizes := os.Getenv("PARLEY_SCALE")
	if sizes == "" {
		if testing.Short() {
			t.Skip("sixty peers in one process take some seconds: leave -short out; PARLEY_SCALE=300,1000 runs as many")
		}
		sizes = "60"
	}
	for text := range strings.SplitSeq(sizes, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 2 {
			t.Fatalf("PARLEY_SCALE is %q: write numbers of peers, such as 300,1000", sizes)
		}
		t.Run(text, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *site) { scale(t, s, n) })
		})
	}
}

// scaleGroup bounds the groups: with the standing links a peer knows most of them.
const scaleGroup = 64

// scaled is a peer of the scaled site with all that an agent has of the network.
type scaled struct {
	*runner
	driver  *follow.Driver
	near    int // others of its group
	players atomic.Int64
	active  atomic.Bool
	cancel  context.CancelFunc
	failed  chan error
}

func scale(t *testing.T, s *site, n int) {
	began := time.Now() // the bubble's
	before := usedNow()
	places := s.places(n)
	p := newScalePublisher(t, places)
	groups := scaleGroups(t, places)
	model, found := lcc.Compile("scale", []byte(scaleModel), nil)
	if model == nil {
		t.Fatal(found)
	}
	var members []*scaled
	for _, at := range places {
		members = append(members, s.scaled(at, places, groups[at.id], p, model))
	}
	defer func() {
		for _, m := range members {
			m.end(t)
		}
	}()
	scaleUntil(t, members, "every peer knows the players of its group", func(m *scaled) bool { return int(m.players.Load()) >= m.near })
	met := time.Since(began)
	published := time.Now()
	if _, err := members[0].driver.Publish(t.Context(), p.archive); err != nil {
		t.Fatal(err)
	}
	scaleUntil(t, members, "the release is active", func(m *scaled) bool { return m.active.Load() })
	took := time.Since(published)
	after, connections := usedNow(), 0
	for _, m := range members {
		connections += len(m.host.host.Network().Conns())
	}
	t.Logf("%d peers: all know the players of their groups after %v, a release of 100 kB is active at all after %v",
		n, met.Round(time.Millisecond), took.Round(time.Millisecond))
	t.Logf("%d peers: each takes %.2f MiB of memory, %d goroutines, %d connections",
		n, float64(after.bytes-before.bytes)/float64(n)/(1<<20), (after.goroutines-before.goroutines)/n, connections/n)
	// What one host chose, the other has too.
	if most := 2*members[0].host.o.LinksMax + 16; connections > most*n {
		t.Errorf("got %d connections of %d peers, want at most %d each: they must not grow with the site", connections, n, most)
	}
}

func scaleGroups(t *testing.T, places []place) map[lcc.PeerID]peer.Group {
	t.Helper()
	var hosts []peer.Member
	for _, at := range places {
		hosts = append(hosts, peer.Member{Peer: at.id})
	}
	list, err := peer.Groups(hosts, peer.Grouping{Most: scaleGroup})
	if err != nil {
		t.Fatal(err)
	}
	of := map[lcc.PeerID]peer.Group{}
	for _, g := range list {
		for _, id := range g.Peers {
			of[id] = g
		}
	}
	return of
}

// scaled starts one peer.
func (s *site) scaled(at place, places []place, group peer.Group, p *scalePublisher, model *lcc.Model) *scaled {
	s.t.Helper()
	m := &scaled{near: len(group.Peers) - 1, failed: make(chan error, 1)}
	m.runner = newRunner(s.t, peer.Options{Self: at.id, Incarnation: 1, Seed: [32]byte{byte(s.next), byte(s.next >> 8)},
		World: lcc.EmptyWorld{}})
	keys := &signer{key: at.key}
	var err error
	m.driver, err = follow.New(follow.Options{
		Dir: filepath.Join(s.t.TempDir(), "peer"), Publishers: []bundle.Anchor{p.anchor}, Self: at.id,
		Network: scaledNetwork{m}, Daemon: scaledDaemon{m}, Sign: keys.Sign, Verify: keys.Verify,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	m.stepped = func(ev peer.Event) { m.look(ev) }
	m.host, err = New(Options{
		Key: at.key, Incarnation: 1, Listen: []string{at.listen}, Group: group.Name, quicOnly: true, quic: s.quic(), Events: m.put,
		Notice: m.judge, Answer: func(from lcc.PeerID, request []byte) ([]byte, error) {
			return m.driver.Answer(s.t.Context(), from, request)
		},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	if err := m.host.SetRoster(Roster{Hosts: addressesOf(places), Group: group.Name, Near: group.Peers}); err != nil {
		s.t.Fatal(err)
	}
	m.put(peer.Enact{Model: model, Start: []lcc.Start{{Role: lcc.Atom("member")}}})
	m.start()
	ctx, cancel := context.WithCancel(context.Background())
	m.cancel = cancel
	go func() { m.failed <- m.driver.Run(ctx) }()
	return m
}

// look notes how many players of its group a peer knows, and tells the follower whom
// it can ask.
func (m *scaled) look(ev peer.Event) {
	players, linked := 0, []lcc.PeerID(nil)
	for _, k := range m.core.Known() {
		if len(k.Plays) > 0 {
			players++
		}
		if k.Linked {
			linked = append(linked, k.Peer)
		}
	}
	m.players.Store(int64(players))
	if _, ok := ev.(peer.Link); ok {
		m.driver.Peers(linked)
	}
}

func (m *scaled) judge(from lcc.PeerID, data []byte) Verdict {
	switch m.driver.Validate(from, data) {
	case follow.Accept:
		return Accept
	case follow.Reject:
		return Reject
	}
	return Ignore
}

func (m *scaled) end(t *testing.T) {
	m.cancel()
	if err := <-m.failed; err != nil {
		t.Error(err)
	}
	m.stop()
}

// scaledNetwork is the host of a member, which is made after its driver.
type scaledNetwork struct{ m *scaled }

func (n scaledNetwork) Ask(ctx context.Context, to lcc.PeerID, request []byte) ([]byte, error) {
	return n.m.host.Ask(ctx, to, request)
}
func (n scaledNetwork) Notify(data []byte) error         { return n.m.host.Notify(data) }
func (n scaledNetwork) Blame(id lcc.PeerID, kind string) { n.m.host.Blame(id, kind) }

// scaledDaemon enacts what is published at once.
type scaledDaemon struct{ m *scaled }

func (scaledDaemon) Check(string, chain.Text) error                          { return nil }
func (scaledDaemon) Hold(string, string)                                     {}
func (scaledDaemon) Listed(string, bundle.Roster)                            {}
func (scaledDaemon) Note(string, string, string)                             {}
func (scaledDaemon) Refused(string, lcc.PeerID, bundle.Code, string, uint64) {}
func (d scaledDaemon) Switch(_ string, policies []chain.Text, done func(error)) {
	d.m.active.Store(len(policies) > 0)
	done(nil)
}

// scalePublisher has one release, with two files of 50 kB.
type scalePublisher struct {
	anchor  bundle.Anchor
	archive []byte
}

func newScalePublisher(t *testing.T, places []place) *scalePublisher {
	t.Helper()
	key, err := bundle.NewPrivate(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	a := bundle.Archive{Objects: map[bundle.Digest][]byte{}}
	object := func(data []byte) bundle.Ref {
		a.Objects[bundle.DigestOf(data)] = data
		return bundle.RefOf(data)
	}
	var roster bundle.Roster
	for i, at := range places {
		roster.Hosts = append(roster.Hosts, bundle.Host{ID: string(at.id), Name: fmt.Sprintf("h%d", i), Addresses: []string{at.listen}})
	}
	policy := bundle.Policy{Name: "scale"}
	for _, name := range []string{"a.lcc", "b.lcc"} {
		text := make([]byte, 50_000)
		if _, err := rand.Read(text); err != nil {
			t.Fatal(err)
		}
		ref := object(text)
		policy.Files = append(policy.Files, bundle.Entry{Path: name, Size: ref.Size, Digest: ref.Digest})
	}
	now := time.Now()
	s, err := bundle.Release{
		Format: bundle.Format, Publisher: "scale", Version: 1, Created: now.Unix(), Expires: now.Add(time.Hour).Unix(),
		Roster: object(roster.Sorted().Encode()), Policies: []bundle.Policy{policy},
	}.Draft()
	if err != nil {
		t.Fatal(err)
	}
	a.Releases = []bundle.Signed{s.Sign(key)}
	p := &scalePublisher{anchor: bundle.Anchor{Publisher: "scale", Root: bundle.Root{Version: 1, Threshold: 1,
		Keys: []bundle.Key{{Name: "k", Public: key.Public()}}}}}
	if p.archive, err = a.Pack(); err != nil {
		t.Fatal(err)
	}
	return p
}

// scaleUntil waits, in the bubble's time, for what may take a site a while.
func scaleUntil(t *testing.T, members []*scaled, what string, holds func(*scaled) bool) {
	t.Helper()
	missing := 0
	for range 6000 { // ten minutes
		missing = 0
		for _, m := range members {
			if !holds(m) {
				missing++
			}
		}
		if missing == 0 {
			return
		}
		time.Sleep(100 * time.Millisecond) // of the bubble
	}
	t.Fatalf("gave up waiting until %s: %d of %d do not", what, missing, len(members))
}

// used is what this process has in use.
type used struct {
	bytes      uint64
	goroutines int
}

func usedNow() used {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return used{m.HeapInuse + m.StackInuse, runtime.NumGoroutine()}
}
