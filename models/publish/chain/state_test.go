package chain

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"parley/models/publish/bundle"
)

// fullState is one with everything in it.
func fullState(t testing.TB) state {
	p := newPublisher(t, "north", 1, 1, 1)
	r := p.release(bundle.Anchor{Version: 4, Digest: bundle.Digest{4}}, time.Unix(1_800_000_000, 0))
	r.Roster = p.rosterOf("h1", "h2")
	r.Policies = []bundle.Policy{{Name: "balance", Files: []bundle.Entry{p.file("balance.lcc", "text")},
		Canary: []bundle.Stage{{Share: 1, Seconds: 60}}}}
	signed := sign(t, r, p.keys...)
	s := state{
		Format: stateFormat, Anchor: p.anchor(), Head: &signed, Past: []bundle.Digest{{3}, {4}}, Roster: r.Roster,
		Seen: []seen{{r.Policies[0].Digest(), 1_800_000_000_000, 1}}, Labels: []string{"rack=a"}, Beat: 1_800_000_000,
		Halts: []bundle.Halt{{Publisher: "north", Version: 5, Policy: "balance", Host: "h2", Reason: "bad"}}, Alarm: "alarm",
		Forks: []bundle.Digest{{9}},
	}
	s.Anchor.Version, s.Anchor.Digest = 5, signed.Digest()
	s.put(active{Policy: r.Policies[0], Version: 5, Trial: true, Measured: true, Before: &before{r.Policies[0], 3}, Base: Sample{Seconds: 5}})
	return s
}

func TestStateSealed(t *testing.T) {
	want := fullState(t)
	data := want.seal()
	got, err := openState(data)
	if err != nil {
		t.Fatal(err)
	}
	if again := got.seal(); !bytes.Equal(again, data) {
		t.Errorf("the state that is read is another one: %+v, want %+v", got, want)
	}
	if got.Active[0].digest != want.Active[0].Policy.Digest() {
		t.Error("what is active has no digest after it is read")
	}
}

// TestStateDamaged: of whatever a disk makes of a state, nothing is believed.
func TestStateDamaged(t *testing.T) {
	s := fullState(t)
	data := s.seal()
	for i := range data {
		if _, err := openState(data[:i]); err == nil {
			t.Fatalf("a state of the first %d bytes is believed", i)
		}
		bent := bytes.Clone(data)
		bent[i] ^= 1
		if _, err := openState(bent); err == nil {
			t.Fatalf("a state whose byte %d is bent is believed", i)
		}
	}
	if _, err := openState(append(data, 0)); err == nil {
		t.Error("a state with a byte more is believed")
	}
}

// TestStateContradicts: a state whose parts do not belong together is not believed,
// though its checksum is right.
func TestStateContradicts(t *testing.T) {
	for want, bend := range map[string]func(*state){
		"format":               nil, // below: seal sets it
		"not the one":          func(s *state) { s.Anchor.Digest = bundle.Digest{1} },
		"more than is ever":    func(s *state) { s.Past = make([]bundle.Digest, 6) },
		"number of seconds":    func(s *state) { s.Active[0].Since.Seconds = -1 },
		"in order":             func(s *state) { a := s.Active[0]; a.Policy.Name = "a"; s.Active = append(s.Active, a) },
		"wrong_path":           func(s *state) { s.Active[0].Policy.Files = []bundle.Entry{{Path: "../x.lcc"}} },
		"a name of 1":          func(s *state) { s.Anchor.Publisher = "" },
		"more than is ever ke": func(s *state) { s.Halts = make([]bundle.Halt, haltsMost+1) },
	} {
		s := fullState(t)
		if bend == nil {
			s.Format = 2
		} else {
			bend(&s)
		}
		data, err := writer.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decodeState(data); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
}

// TestStateOfOthers: a state of another publisher is not taken up.
func TestStateOfOthers(t *testing.T) {
	s := fullState(t)
	f := newFollower(t, newPublisher(t, "south", 1, 1, 1).anchor())
	if _, err := f.Step(time.Unix(1_800_000_000, 0), Started{State: s.seal()}); err != nil {
		t.Fatal(err)
	}
	if got := f.Status(); got.Publisher != "south" || got.Version != 0 || !strings.Contains(got.Error, "of the publisher north") {
		t.Errorf("got %+v, want the anchor of south, and an error", got)
	}
}

// TestStateBehindKeys: an anchor with newer keys counts more than a state that is
// further on under the old ones.
func TestStateBehindKeys(t *testing.T) {
	s := fullState(t)
	pin := s.Anchor
	pin.Version, pin.Digest, pin.Root.Version = 3, bundle.Digest{3}, 2
	f := newFollower(t, pin)
	if _, err := f.Step(time.Unix(1_800_000_000, 0), Started{State: s.seal()}); err != nil {
		t.Fatal(err)
	}
	if got := f.Status(); got.Version != 3 || got.RootVersion != 2 || got.Lagging != 3 {
		t.Errorf("got %+v, want the place of the anchor", got)
	}
}

func newFollower(t testing.TB, anchor bundle.Anchor) *Follower {
	f, err := New(Options{Anchor: anchor, Self: "h1", Verify: verify, Sign: signAs("h1")})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func FuzzDecodeState(f *testing.F) {
	s := fullState(f)
	f.Add(s.seal()[32:])
	empty := state{Anchor: newPublisher(f, "north", 1, 1, 1).anchor()}
	f.Add(empty.seal()[32:])
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := decodeState(data)
		if err != nil {
			return
		}
		// What is read can be gone on with.
		follower := newFollower(t, bundle.Anchor{Publisher: s.Anchor.Publisher, Root: s.Anchor.Root})
		for _, now := range []int64{0, 1_800_000_000, 1 << 40} {
			ev := Event(Woken{})
			if !follower.started {
				ev = Started{State: s.seal()}
			}
			if _, err := follower.Step(time.Unix(now, 0), ev); err != nil {
				t.Fatal(err)
			}
		}
		follower.Status()
	})
}
