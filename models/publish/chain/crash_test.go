package chain

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/models/publish/bundle"
)

// crashing is a driver whose agent dies after a number of effects.
type crashing struct {
	t         *testing.T
	publisher *publisher
	f         *Follower
	now       time.Time
	left      int // effects until it dies; below 0: it does not

	state    []byte
	objects  map[bundle.Digest][]byte
	releases map[uint64]bundle.Signed
	enacted  []bundle.Policy
	switches []string // over all lives
	versions []uint64
}

// died says that the agent is gone.
type died struct{}

func (c *crashing) start() {
	f, err := New(Options{Anchor: c.publisher.anchor(), Self: "h1", Verify: verify, Sign: signAs("h1")})
	if err != nil {
		c.t.Fatal(err)
	}
	c.f, c.enacted = f, nil
	c.step(Started{State: c.state, Object: func(d bundle.Digest) ([]byte, bool) { data, ok := c.objects[d]; return data, ok }})
}

func (c *crashing) step(ev Event) {
	effects, err := c.f.Step(c.now, ev)
	if err != nil {
		c.t.Fatal(err)
	}
	var answers []Event
	for _, e := range effects {
		if c.left == 0 {
			c.left--
			panic(died{})
		}
		c.left--
		switch e := e.(type) {
		case Objects:
			c.objects[e.Digest] = e.Data
		case Keep:
			if e.Release != nil {
				c.releases[e.Version] = *e.Release
			}
			c.state = e.State
			answers = append(answers, Kept{})
		case Check:
			answers = append(answers, Checked{Policy: e.Policy.Name, Digest: e.Policy.Digest()})
		case Switch:
			c.enacted = nil
			for _, text := range e.Policies {
				p := text.Policy
				c.enacted = append(c.enacted, p)
				c.switches = append(c.switches, p.Name+" "+p.Content().Short())
			}
			answers = append(answers, Switched{})
		}
	}
	for _, ev := range answers {
		c.step(ev)
	}
	version, _ := c.f.Position()
	c.versions = append(c.versions, version)
}

// life runs a story until its end, or until the agent dies: then it begins anew from
// the disk.
func (c *crashing) incarnation(story func()) {
	defer func() {
		switch r := recover(); r.(type) {
		case nil:
		case died:
			c.incarnation(story)
		default:
			panic(r)
		}
	}()
	c.start()
	story()
}

// TestCrashes has the agent die after each effect in turn, from the first release to
// a trial that was halted: it always ends where it would have without.
func TestCrashes(t *testing.T) {
	want := crashed(t, -1)
	for k := range 200 {
		got := crashed(t, k)
		if got.left >= 0 {
			if k < 20 {
				t.Fatalf("the story has %d effects only: it shows too little", k)
			}
			t.Logf("%d effects", k)
			return
		}
		if show(got) != show(want) {
			t.Fatalf("after a crash at effect %d: got %s, want %s", k, show(got), show(want))
		}
		if !slices.IsSorted(got.versions) {
			t.Fatalf("after a crash at effect %d: the versions went %v", k, got.versions)
		}
	}
	t.Fatal("the story does not end")
}

func show(c *crashing) string {
	s := c.f.Status()
	text := fmt.Sprintf("release %d, %d releases on disk, %d hosts", s.Version, len(c.releases), s.Hosts)
	for _, p := range s.Policies {
		text += fmt.Sprintf(", %s %s %s", p.Name, p.State, p.Active.Short())
	}
	for _, p := range c.enacted {
		text += fmt.Sprintf(", %s runs %s", p.Name, p.Content().Short())
	}
	return text + fmt.Sprintf(", %d halts", len(s.Halts))
}

func crashed(t *testing.T, after int) *crashing {
	p := newPublisher(t, "north", 1, 1, 1)
	c := &crashing{t: t, publisher: p, left: after, now: time.Unix(1_800_000_000, 0), objects: map[bundle.Digest][]byte{},
		releases: map[uint64]bundle.Signed{}}
	var chain []bundle.Signed
	at := p.anchor()
	for i, stages := range [][]bundle.Stage{nil, {{Share: 1, Seconds: 3600}}} {
		r := p.release(at, c.now)
		r.Roster = p.rosterOf("h1", "h2", fmt.Sprint("x", i))
		r.Policies = []bundle.Policy{{Name: "balance", Files: []bundle.Entry{p.file("balance.lcc", fmt.Sprint("text", i))}, Canary: stages}}
		s := sign(t, r, p.keys...)
		chain = append(chain, s)
		at.Version, at.Digest = r.Version, s.Digest()
	}
	c.incarnation(func() {
		c.step(Handed{Releases: chain[:1], Objects: p.objects})
		c.step(Handed{Releases: chain, Objects: p.objects})
		for i := range 4 { // four deals fail
			c.step(Sampled{Sample{Seconds: float64(i), Failed: uint64(4 * i)}})
		}
	})
	return c
}
