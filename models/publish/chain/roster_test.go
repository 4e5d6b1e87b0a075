package chain

import (
	"testing"

	"parley/models/publish/bundle"
)

// TestRosterOfEarlierVersion: a roster that was put in force before names of hosts had
// to differ from peer ids, and labels had to be short, stays in force after a restart.
func TestRosterOfEarlierVersion(t *testing.T) {
	const id = "12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN"
	s := fullState(t)
	p := newPublisher(t, "north", 1, 1, 1)
	s.Roster = p.rosterOf("h1", id)
	f, err := New(Options{Anchor: p.anchor(), Self: "h1", Sign: signAs("h1"), Verify: verify})
	if err != nil {
		t.Fatal(err)
	}
	object := func(d bundle.Digest) ([]byte, bool) { data, ok := p.objects[d]; return data, ok }
	effects, err := f.Step(noon, Started{State: s.seal(), Object: object})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range effects {
		if r, is := e.(Roster); is && len(r.Roster.Hosts) == 2 {
			return
		}
	}
	t.Errorf("got %+v, want the roster that was kept in force", effects)
}
