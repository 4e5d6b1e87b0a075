package chain

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/models/publish/bundle"
)

var noon = time.Unix(1_800_000_000, 0).UTC()

// begun returns a started follower of a publisher with one key.
func begun(t *testing.T) (*publisher, *Follower) {
	t.Helper()
	p := newPublisher(t, "north", 1, 1, 1)
	f := newFollower(t, p.anchor())
	step(t, f, Started{})
	return p, f
}

// step passes an event and answers the requests to the disk, the checker and the switch
// at once. It returns all effects.
func step(t *testing.T, f *Follower, ev Event) (all []Effect) {
	t.Helper()
	effects, err := f.Step(noon, ev)
	if err != nil {
		t.Fatal(err)
	}
	all = effects
	for _, e := range effects {
		switch e := e.(type) {
		case Keep:
			all = append(all, step(t, f, Kept{})...)
		case Check:
			all = append(all, step(t, f, Checked{Policy: e.Policy.Name, Digest: e.Policy.Digest()})...)
		case Switch:
			all = append(all, step(t, f, Switched{})...)
		}
	}
	return all
}

func TestOptions(t *testing.T) {
	good := Options{Anchor: newPublisher(t, "north", 1, 1, 1).anchor(), Self: "h1", Verify: verify, Sign: signAs("h1")}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	for want, bend := range map[string]func(*Options){
		"Options.Anchor":    func(o *Options) { o.Anchor = bundle.Anchor{} },
		"Options.Self":      func(o *Options) { o.Self = "" },
		"Options.Verify":    func(o *Options) { o.Verify = nil },
		"Options.PullEvery": func(o *Options) { o.PullEvery = -1 },
	} {
		o := good
		bend(&o)
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error about %s", err, want)
		}
	}
}

// TestDriverBugs: a mistake that only a driver can make is an error.
func TestDriverBugs(t *testing.T) {
	_, f := begun(t)
	for _, ev := range []Event{
		Started{}, Kept{}, Switched{}, nil,
		Sampled{Sample{Seconds: math.NaN()}}, Sampled{Sample{GuestSeconds: -1}}, Sampled{Sample{OverloadSeconds: math.Inf(1)}},
	} {
		if _, err := f.Step(noon, ev); err == nil {
			t.Errorf("%T %+v: got no error", ev, ev)
		}
	}
	fresh := newFollower(t, f.o.Anchor)
	if _, err := fresh.Step(noon, Woken{}); err == nil {
		t.Error("an event before Started: got no error")
	}
}

// TestRepeatable: the same seed and events give the same effects.
func TestRepeatable(t *testing.T) {
	run := func() string {
		p, f := begun(t)
		text := shown(t, step(t, f, Peers{many(300)}))
		r := p.release(p.anchor(), noon)
		r.Roster = p.rosterOf("h1")
		r.Policies = []bundle.Policy{{Name: "balance", Files: []bundle.Entry{p.file("a.lcc", "a"), p.file("b.lcc", "b")}}}
		text += shown(t, step(t, f, Heard{"h7", sign(t, r, p.keys...)}))
		for range 5 {
			text += shown(t, step(t, f, Woken{}))
		}
		return text
	}
	first := run()
	for range 5 {
		if again := run(); again != first {
			t.Fatalf("two runs differ:\n%s\n\n%s", first, again)
		}
	}
}

// shown writes effects with all that is in them.
func shown(t *testing.T, effects []Effect) (text string) {
	for _, e := range effects {
		data, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		text += fmt.Sprintf("%T %s\n", e, data)
	}
	return text
}

func many(n int) (ids []string) {
	for i := range n {
		ids = append(ids, fmt.Sprintf("peer%05d", i))
	}
	return ids
}

// TestPeersBounded: of a long list only some peers are asked, and few when all are new.
func TestPeersBounded(t *testing.T) {
	_, f := begun(t)
	for i := range 5 {
		ids := many(10_000)[i*1000:]
		step(t, f, Peers{append(ids, "", "h1", strings.Repeat("x", 129), ids[0])})
		if len(f.peers.ids) > peersMost || len(f.peers.known) > 2*peersMost || len(f.pulls.asks) > asksMost {
			t.Fatalf("got %d peers, %d remembered, %d to be asked", len(f.peers.ids), len(f.peers.known), len(f.pulls.asks))
		}
	}
	if slices.Contains(f.peers.ids, "h1") || slices.Contains(f.peers.ids, "") {
		t.Error("this host asks itself, or nobody")
	}
}

// TestHaltsBounded: hosts of a roster cannot make a follower keep unlimited halts.
func TestHaltsBounded(t *testing.T) {
	p, f := begun(t)
	r := p.release(p.anchor(), noon)
	r.Roster = p.rosterOf(many(1000)...)
	r.Policies = []bundle.Policy{{Name: "balance", Files: []bundle.Entry{p.file("a.lcc", "a")},
		Canary: []bundle.Stage{{Share: 1, Seconds: 60}}, Guard: bundle.Guard{Hosts: 1000}}}
	step(t, f, Handed{Releases: []bundle.Signed{sign(t, r, p.keys...)}, Objects: p.objects})
	for i, id := range many(1000) {
		h := bundle.Halt{Publisher: "north", Version: 1, Policy: "balance", Digest: r.Policies[0].Digest(), Host: id}
		if i%2 == 0 {
			h.Version, h.Digest = uint64(2+i), bundle.Digest{byte(i)}
		}
		h.Signature = signAs(id)(h.Text())
		step(t, f, Halted{"peer00001", h})
	}
	if n := len(f.state.Halts); n != haltsMost {
		t.Errorf("got %d halts, want %d", n, haltsMost)
	}
	early := 0
	for _, h := range f.state.Halts {
		if h.Version > 1 {
			early++
		}
	}
	if early != earlyMost {
		t.Errorf("got %d halts of releases that are not here, want %d", early, earlyMost)
	}
	if data := f.state.seal(); len(data) > stateBytes {
		t.Errorf("the state has %d bytes, more than is read", len(data))
	}
}

// TestRefusalsBounded: only the last refusals are kept.
func TestRefusalsBounded(t *testing.T) {
	p, f := begun(t)
	r := p.release(p.anchor(), noon)
	for range 100 {
		step(t, f, Heard{"h2", sign(t, r)})
	}
	if n := len(f.Status().Refusals); n != refusalsMost {
		t.Errorf("got %d refusals, want %d", n, refusalsMost)
	}
}

// TestPullsBounded: an answer of any length is looked at for 32 releases, and none that
// was not asked for.
func TestPullsBounded(t *testing.T) {
	p, f := begun(t)
	var list []bundle.Signed
	at := p.anchor()
	for range 40 {
		r := p.release(at, noon)
		r.Roster = p.rosterOf("h1")
		s := sign(t, r, p.keys...)
		list = append(list, s)
		at.Version, at.Digest = r.Version, s.Digest()
	}
	step(t, f, Peers{[]string{"h2"}})
	step(t, f, Pulled{From: "h2", Releases: list})
	if version, _ := f.Position(); version != 0 {
		t.Fatalf("release %d came unasked", version)
	}
	step(t, f, Heard{"h2", list[39]})
	effects := step(t, f, Pulled{From: "h2", Releases: list})
	if version, _ := f.Position(); version != bundle.ReleasesMost {
		t.Errorf("got release %d after one answer, want %d", version, bundle.ReleasesMost)
	}
	if !slices.Contains(effects, Effect(Pull{From: "h2", After: bundle.ReleasesMost})) {
		t.Errorf("it does not go on: %v", effects)
	}
	step(t, f, Pulled{From: "h2", Releases: list[bundle.ReleasesMost:]})
	if s := f.Status(); s.Version != 40 || s.Lagging != 0 {
		t.Errorf("got release %d, lagging behind %d, want 40", s.Version, s.Lagging)
	}
	if n := len(f.state.Past); n != 39 {
		t.Errorf("got %d digests of the past, want 39", n)
	}
}

// TestTimesOfAnySize: a release whose times are absurd, though signed, can be shown.
func TestTimesOfAnySize(t *testing.T) {
	p, f := begun(t)
	r := p.release(p.anchor(), noon)
	r.Roster = p.rosterOf("h1")
	r.Created, r.Expires, r.StaleAfter = math.MinInt64, math.MaxInt64, math.MaxInt64
	step(t, f, Handed{Releases: []bundle.Signed{sign(t, r, p.keys...)}, Objects: p.objects})
	s := f.Status()
	if s.Version != 1 || s.Expired || s.Stale {
		t.Errorf("got %+v, want release 1, neither expired nor stale", s)
	}
	if _, err := json.Marshal(s); err != nil {
		t.Error(err)
	}
}

// TestBuckets: the hosts that try first are a share of all, and others for each policy.
func TestBuckets(t *testing.T) {
	const hosts = 10_000
	first := [2]int{}
	both := 0
	for _, id := range many(hosts) {
		a, b := bucket(id, bundle.Digest{1}) < 0.1, bucket(id, bundle.Digest{2}) < 0.1
		for i, in := range []bool{a, b} {
			if in {
				first[i]++
			}
		}
		if a && b {
			both++
		}
	}
	// A tenth, give or take five standard deviations; a hundredth for both.
	for _, n := range first {
		if n < 850 || n > 1150 {
			t.Errorf("got %d of %d hosts for a share of 0.1", n, hosts)
		}
	}
	if both < 50 || both > 150 {
		t.Errorf("got %d of %d hosts that try both first", both, hosts)
	}
}

// TestNamed: the objects of what is in force are named, and those of an old release
// no longer.
func TestNamed(t *testing.T) {
	p, f := begun(t)
	at := p.anchor()
	var named []bundle.Digest
	for i := range 3 {
		r := p.release(at, noon)
		r.Roster = p.rosterOf("h1", fmt.Sprint("h", 2+i))
		r.Policies = []bundle.Policy{{Name: "balance", Files: []bundle.Entry{p.file("a.lcc", fmt.Sprint(i))}}}
		s := sign(t, r, p.keys...)
		at.Version, at.Digest = r.Version, s.Digest()
		step(t, f, Handed{Releases: []bundle.Signed{s}, Objects: p.objects})
		named = []bundle.Digest{r.Roster.Digest, r.Policies[0].Files[0].Digest}
	}
	slices.SortFunc(named, func(a, b bundle.Digest) int { return slices.Compare(a[:], b[:]) })
	if got := f.Named(); !slices.Equal(got, named) {
		t.Errorf("got %d objects, want those of the last release", len(got))
	}
	if len(f.objects.had) != 2 {
		t.Errorf("%d objects are held in memory, want 2", len(f.objects.had))
	}
}

// BenchmarkJunk measures the cost of an unsigned head.
func BenchmarkJunk(b *testing.B) {
	p := newPublisher(b, "north", 3, 2, 1)
	f := newFollower(b, p.anchor())
	r := p.release(p.anchor(), noon)
	r.Roster = p.rosterOf(many(1000)...)
	for i := range 10 {
		r.Policies = append(r.Policies, bundle.Policy{Name: fmt.Sprint("p", i), Files: []bundle.Entry{p.file("a.lcc", fmt.Sprint(i))}})
	}
	if _, err := f.Step(noon, Started{}); err != nil {
		b.Fatal(err)
	}
	junk := Heard{"h2", sign(b, r, p.keys[0])}
	for b.Loop() {
		if _, err := f.Step(noon, junk); err != nil {
			b.Fatal(err)
		}
	}
}
