package follow

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/lcc"
	"parley/models/publish/bundle"
	"parley/models/publish/chain"
)

// lan connects the drivers of a test without a network.
type lan struct {
	mu     sync.Mutex
	hosts  map[lcc.PeerID]*Driver
	blamed []string
}

// end is a lan as one of its hosts sees it.
type end struct {
	*lan
	self lcc.PeerID
}

func (e end) Ask(ctx context.Context, to lcc.PeerID, request []byte) ([]byte, error) {
	e.mu.Lock()
	other := e.hosts[to]
	e.mu.Unlock()
	if other == nil {
		return nil, errors.New("nobody is there")
	}
	return other.Answer(ctx, e.self, request)
}

func (e end) Notify(data []byte) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for id, other := range e.hosts {
		if id != e.self {
			other.Validate(e.self, data)
		}
	}
	return nil
}

func (e end) Blame(id lcc.PeerID, kind string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.blamed = append(e.blamed, string(id)+" "+kind)
}

// daemon is what the followers of a test speak to.
type daemon struct {
	mu      sync.Mutex
	rosters []bundle.Roster
	enacts  []string
	notes   []string
	changed chan struct{} // holds one value when something has changed
}

func (d *daemon) did(what func()) {
	d.mu.Lock()
	what()
	d.mu.Unlock()
	select {
	case d.changed <- struct{}{}:
	default:
	}
}

func (d *daemon) Check(string, chain.Text) error { return nil }
func (d *daemon) Hold(string, string)            {}
func (d *daemon) Note(_, kind, text string) {
	d.did(func() { d.notes = append(d.notes, kind+": "+text) })
}
func (d *daemon) Listed(_ string, r bundle.Roster) {
	d.did(func() { d.rosters = append(d.rosters, r) })
}
func (d *daemon) Refused(_ string, _ lcc.PeerID, code bundle.Code, detail string, _ uint64) {
	d.did(func() { d.notes = append(d.notes, string(code)+": "+detail) })
}
func (d *daemon) Switch(_ string, policies []chain.Text, done func(error)) {
	d.did(func() {
		d.enacts = nil
		for _, p := range policies {
			d.enacts = append(d.enacts, p.Policy.Name)
		}
	})
	done(nil)
}

// until waits until something holds of the daemon.
func (d *daemon) until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	limit := time.After(30 * time.Second)
	for {
		d.mu.Lock()
		ok := holds()
		d.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-d.changed:
		case <-limit:
			t.Fatalf("gave up waiting until %s: %q", what, d.notes)
		}
	}
}

// verify believes a signature that names its signer.
func verify(id lcc.PeerID, _, signature []byte) bool { return string(signature) == "by "+string(id) }

// host is a driver that runs until the test ends or stop is called.
type host struct {
	*Driver
	*daemon
	stop func()
}

func (n *lan) host(t *testing.T, id lcc.PeerID, dir string, anchor bundle.Anchor) *host {
	t.Helper()
	h := &host{daemon: &daemon{changed: make(chan struct{}, 1)}}
	var err error
	h.Driver, err = New(Options{
		Dir: dir, Publishers: []bundle.Anchor{anchor}, Self: id, Network: end{n, id}, Daemon: h.daemon,
		Sign: func([]byte) []byte { return []byte("by " + string(id)) }, Verify: verify,
	})
	if err != nil {
		t.Fatal(err)
	}
	n.mu.Lock()
	n.hosts[id] = h.Driver
	n.mu.Unlock()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	h.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("%s: %v", id, err)
		}
	})
	t.Cleanup(h.stop)
	return h
}

// publisher signs releases.
type publisher struct {
	t       *testing.T
	key     bundle.Private
	anchor  bundle.Anchor // before the first release
	at      bundle.Anchor
	all     []bundle.Signed
	objects map[bundle.Digest][]byte
}

func newPublisher(t *testing.T) *publisher {
	t.Helper()
	key, err := bundle.NewPrivate(rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	anchor := bundle.Anchor{Publisher: "north", Root: bundle.Root{Version: 1, Threshold: 1,
		Keys: []bundle.Key{{Name: "a", Public: key.Public()}}}}
	return &publisher{t: t, key: key, anchor: anchor, at: anchor, objects: map[bundle.Digest][]byte{}}
}

func (p *publisher) object(data []byte) bundle.Ref {
	p.objects[bundle.DigestOf(data)] = data
	return bundle.RefOf(data)
}

// draft is the release that would come next, with one policy.
func (p *publisher) draft(hosts int) bundle.Release {
	r := bundle.Roster{}
	for i := range hosts {
		r.Hosts = append(r.Hosts, bundle.Host{
			ID: fmt.Sprintf("h%06d", i), Name: fmt.Sprintf("host%d", i),
			Addresses: []string{fmt.Sprintf("/ip4/10.%d.%d.%d/tcp/4200", i>>16, i>>8&255, i&255)}, Labels: []string{"rack=r" + fmt.Sprint(i%40)},
		})
	}
	file := p.object(fmt.Appendf(nil, "text of release %d", p.at.Version+1))
	now := time.Now()
	return bundle.Release{
		Format: bundle.Format, Publisher: "north", Version: p.at.Version + 1, Previous: p.at.Digest,
		Created: now.Unix(), Expires: now.Add(time.Hour).Unix(), Roster: p.object(r.Sorted().Encode()),
		Policies: []bundle.Policy{{Name: "balance", Files: []bundle.Entry{{Path: "balance.lcc", Size: file.Size, Digest: file.Digest}}}},
	}
}

func (p *publisher) sign(r bundle.Release, key bundle.Private) bundle.Signed {
	p.t.Helper()
	s, err := r.Draft()
	if err != nil {
		p.t.Fatal(err)
	}
	return s.Sign(key)
}

func (p *publisher) release(hosts int) bundle.Signed {
	p.t.Helper()
	s := p.sign(p.draft(hosts), p.key)
	var err error
	if _, p.at, err = p.at.Next(s); err != nil {
		p.t.Fatal(err)
	}
	p.all = append(p.all, s)
	return s
}

// publish hands all releases to a host.
func (p *publisher) publish(h *host) {
	p.t.Helper()
	data, err := bundle.Archive{Releases: p.all, Objects: p.objects}.Pack()
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := h.Publish(p.t.Context(), data); err != nil {
		p.t.Fatal(err)
	}
}

func newLAN() *lan { return &lan{hosts: map[lcc.PeerID]*Driver{}} }

// A host that comes late takes all releases and a roster of several pieces from
// another, and has them after a restart without asking anybody.
func TestCatchUp(t *testing.T) {
	p, n := newPublisher(t), newLAN()
	a := n.host(t, "h000001", t.TempDir(), p.anchor)
	for range 60 { // more than an answer holds
		p.release(3)
	}
	const many = 12_000
	p.release(many)
	if size := p.draft(many).Roster.Size; size <= bundle.PartBytes {
		t.Fatalf("the roster has %d bytes: it must be more than a piece of %d", size, bundle.PartBytes)
	}
	p.publish(a)
	dir := t.TempDir()
	b := n.host(t, "h000002", dir, p.anchor)
	b.Peers([]lcc.PeerID{"h000001"})
	b.until(t, "it has the roster", func() bool { return len(b.rosters) > 0 && len(b.rosters[len(b.rosters)-1].Hosts) == many })
	b.until(t, "it enacts the policy", func() bool { return slices.Equal(b.enacts, []string{"balance"}) })
	b.stop()
	again := n.host(t, "h000002", dir, p.anchor)
	again.until(t, "it enacts the policy again", func() bool { return slices.Equal(again.enacts, []string{"balance"}) })
	list, err := again.Status(t.Context())
	if err != nil || list[0].Version != 61 || list[0].Hosts != many {
		t.Errorf("after a restart: got %+v, %v, want release 61 with %d hosts", list, err, many)
	}
	if len(n.blamed) > 0 {
		t.Errorf("blamed: %v, want nobody", n.blamed)
	}
}

// Old objects are deleted, those in force are not, and one that the disk has spoiled
// is written anew.
func TestStore(t *testing.T) {
	p, n := newPublisher(t), newLAN()
	dir := t.TempDir()
	a := n.host(t, "h000001", dir, p.anchor)
	for range 5 {
		p.release(len(p.all) + 2)
		p.publish(a)
	}
	a.until(t, "the last roster is in force", func() bool { return len(a.rosters) == 5 })
	entries, err := os.ReadDir(filepath.Join(dir, "publishers", "objects"))
	if err != nil || len(entries) < 2 || len(entries) > 4 {
		t.Errorf("got %d objects, %v, want those in force, and of a policy the one before", len(entries), err)
	}
	s, err := openStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	data := []byte("an object")
	d := bundle.DigestOf(data)
	if err := s.putObject(d, data); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.objects(), d.String()), []byte("spoiled"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, ok := s.object(d); ok {
		t.Error("a spoiled object is taken for a good one")
	}
	if err := s.putObject(d, data); err != nil {
		t.Fatal(err)
	}
	if got, ok := s.object(d); !ok || string(got) != string(data) {
		t.Errorf("got %q, %v, want the object written anew", got, ok)
	}
}

// Gossip is passed on where it is news and vouched for, counted against its sender
// where no honest host sends it, and otherwise ignored.
func TestValidate(t *testing.T) {
	p, n := newPublisher(t), newLAN()
	a := n.host(t, "h000001", t.TempDir(), p.anchor)
	first := p.release(3)
	p.publish(a)
	now := p.at
	other, err := bundle.NewPrivate(rand.NewChaCha8([32]byte{2}))
	if err != nil {
		t.Fatal(err)
	}
	next := p.sign(p.draft(3), p.key)
	ahead := p.draft(3)
	ahead.Version += 5
	twin := p.draft(3)
	twin.Version, twin.Previous, twin.Note = 1, bundle.Digest{}, "another first release"
	foreign := p.draft(3)
	foreign.Publisher = "south"
	bitten := next
	bitten.Body = slices.Clone(next.Body)
	bitten.Body[len(bitten.Body)/2] ^= 1
	head := func(s bundle.Signed) []byte { return bundle.Notice{Head: s.Encode()}.Encode() }
	beat := func(b bundle.Heartbeat, key bundle.Private) []byte {
		signed := b.Sign(key)
		return bundle.Notice{Heartbeat: &signed}.Encode()
	}
	halt := func(host, by string) []byte {
		h := bundle.Halt{Publisher: "north", Version: 1, Policy: "balance", Host: host, Reason: "bad", At: time.Now().Unix(),
			Signature: []byte("by " + by)}
		return bundle.Notice{Halt: &h}.Encode()
	}
	at := bundle.Heartbeat{Publisher: "north", Version: now.Version, Digest: now.Digest, At: time.Now().Unix()}
	early := at
	early.Version = 9
	for name, c := range map[string]struct {
		data []byte
		want Verdict
	}{
		"junk":                               {[]byte("junk"), Reject},
		"the release in force":               {head(first), Ignore},
		"one ahead, vouched for":             {head(p.sign(ahead, p.key)), Accept},
		"one ahead, by a stranger":           {head(p.sign(ahead, other)), Ignore},
		"the next, by a stranger":            {head(p.sign(p.draft(3), other)), Reject},
		"the next, with a bit flipped":       {head(bitten), Reject},
		"two first releases, vouched for":    {head(p.sign(twin, p.key)), Accept},
		"two first releases, by a stranger":  {head(p.sign(twin, other)), Reject},
		"of a publisher who is not followed": {head(p.sign(foreign, p.key)), Ignore},
		"a heartbeat":                        {beat(at, p.key), Accept},
		"a heartbeat by a stranger":          {beat(at, other), Reject},
		"a heartbeat of what is not known":   {beat(early, other), Ignore},
		"a halt":                             {halt("h000002", "h000002"), Accept},
		"a halt that is forged":              {halt("h000002", "h000001"), Reject},
		"a halt of a host that is not here":  {halt("h999999", "h999999"), Ignore},
	} {
		if got := a.Validate("h000002", c.data); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
	later := at
	later.At++
	for _, c := range []struct {
		what string
		beat bundle.Heartbeat
		want Verdict
	}{{"once more", at, Ignore}, {"a later one", later, Accept}, {"an old one", at, Ignore}} {
		if got := a.Validate("h000002", beat(c.beat, p.key)); got != c.want {
			t.Errorf("a heartbeat, %s: got %v, want %v", c.what, got, c.want)
		}
	}
	if got := a.Validate("h000002", head(next)); got != Accept {
		t.Errorf("the next release: got %v, want it passed on", got)
	}
}

// What another host asks is answered, refused with a reason, or held against it.
func TestAnswer(t *testing.T) {
	p, n := newPublisher(t), newLAN()
	a := n.host(t, "h000001", t.TempDir(), p.anchor)
	p.release(3)
	p.publish(a)
	digest := bundle.DigestOf([]byte("text of release 1"))
	ask := func(r bundle.Request) (bundle.Answer, error) {
		data, err := a.Answer(t.Context(), "h000002", r.Encode())
		if err != nil {
			return bundle.Answer{}, err
		}
		return bundle.DecodeAnswer(data)
	}
	got, err := ask(bundle.Request{Object: &bundle.ObjectPart{Digest: digest, Offset: 5}})
	if err != nil || string(got.Part) != "of release 1" {
		t.Errorf("a piece: got %q, %v", got.Part, err)
	}
	got, err = ask(bundle.Request{Releases: &bundle.ReleasesAfter{Publisher: "north"}})
	if err != nil || len(got.Releases) != 1 {
		t.Errorf("releases: got %d, %v, want 1", len(got.Releases), err)
	}
	got, err = ask(bundle.Request{Status: true})
	if err != nil || len(got.Status) == 0 {
		t.Errorf("status: got %q, %v", got.Status, err)
	}
	for name, r := range map[string]bundle.Request{
		"beyond the end":  {Object: &bundle.ObjectPart{Digest: digest, Offset: 1 << 40}},
		"before it":       {Object: &bundle.ObjectPart{Digest: digest, Offset: -1}},
		"no such object":  {Object: &bundle.ObjectPart{}},
		"not followed":    {Releases: &bundle.ReleasesAfter{Publisher: "../north"}},
		"after the last":  {Releases: &bundle.ReleasesAfter{Publisher: "north", Version: 1<<64 - 1}},
		"several at once": {Status: true, Object: &bundle.ObjectPart{}},
	} {
		got, err := ask(r)
		if err == nil && len(got.Releases)+len(got.Part)+len(got.Status) > 0 {
			t.Errorf("%s: got %+v, want nothing or an error", name, got)
		}
	}
	if len(n.blamed) != 1 || n.blamed[0] != "h000002 "+string(bundle.Malformed) {
		t.Errorf("blamed: %v, want h000002 for the request that is none", n.blamed)
	}
}
