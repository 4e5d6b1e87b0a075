package chain

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"parley/models/publish/bundle"
)

func newTurn() *turn {
	return &turn{now: time.Unix(1_000_000, 0).UTC(), chance: rand.NewChaCha8([32]byte{1})}
}

// A peer that brings nothing is left alone for longer each time, up to a bound; one that
// brings something may be asked at once.
func TestPeersAreLeftAloneForLonger(t *testing.T) {
	now := newTurn()
	p := &peers{turn: now, known: map[string]*peer{}}
	if fresh := p.set([]string{"h2", "h1", "h2", "self"}, "self"); !slices.Equal(fresh, []string{"h1", "h2"}) {
		t.Fatalf("got %v as new", fresh)
	}
	last := time.Duration(0)
	for range 12 {
		p.leaveAlone("h1")
		if b := p.known["h1"].pullBackoff; b < last || b > quietMost {
			t.Errorf("left alone for %v after %v", b, last)
		}
		last = p.known["h1"].pullBackoff
		if ready := p.ready(); !slices.Equal(ready, []string{"h2"}) {
			t.Errorf("got %v that may be asked, want h2", ready)
		}
	}
	if last != quietMost || !p.brought("h1") || len(p.ready()) != 2 {
		t.Errorf("got %v, and %v that may be asked after it brought something", last, p.ready())
	}
	// Who is left alone is kept in mind when it goes, who is not is forgotten.
	p.leaveAlone("h1")
	p.set(nil, "self")
	if p.known["h1"] == nil || p.known["h2"] != nil || p.brought("h2") {
		t.Errorf("got %v that are kept in mind, want h1", p.known)
	}
}

// A peer that lied about an object stays apart when a release comes; one that lacked it
// does not.
func TestPeersThatLiedAreNotWoken(t *testing.T) {
	now := newTurn()
	p := &peers{turn: now, known: map[string]*peer{}}
	p.set([]string{"h1", "h2"}, "self")
	p.lacks("h1")
	p.lied("h2")
	if list, soonest := p.withObjects(); len(list) > 0 || !soonest.After(now.now) {
		t.Errorf("got %v that may be asked, the first at %v", list, soonest)
	}
	p.wake()
	if list, soonest := p.withObjects(); !slices.Equal(list, []string{"h1"}) || soonest != now.now.Add(liarPause) {
		t.Errorf("got %v and %v, want h1, and h2 when its time is over", list, soonest)
	}
}

// While a release waits to be kept nobody is asked; then who claims more is asked first.
func TestPullsAskWhoClaimsMore(t *testing.T) {
	now := newTurn()
	p := pulls{turn: now, peers: &peers{turn: now, known: map[string]*peer{}}, every: time.Minute}
	p.peers.set([]string{"h1", "h2", "h3"}, "self")
	p.peers.claims("h2", 7)
	p.seek(place{version: 3, had: true})
	if len(now.out) > 0 {
		t.Errorf("got %v while something is kept", now.out)
	}
	p.seek(place{version: 3, had: true, idle: true})
	if len(now.out) != 1 || now.out[0] != (Pull{From: "h2", After: 3}) {
		t.Errorf("got %v, want a question to h2", now.out)
	}
	if list := p.pulled(Pulled{From: "h1", Releases: make([]bundle.Signed, 1)}, place{}); list != nil {
		t.Errorf("got %d releases of one that was not asked", len(list))
	}
	if list := p.pulled(Pulled{From: "h2", Releases: make([]bundle.Signed, 2*bundle.ReleasesMost)},
		place{version: 3, had: true}); len(list) != bundle.ReleasesMost {
		t.Errorf("got %d releases, want %d", len(list), bundle.ReleasesMost)
	}
}

// An object that was handed in is taken from there, and no more is held than is named.
func TestObjectsAreTakenFromTheOperatorFirst(t *testing.T) {
	now := newTurn()
	ps := &peers{turn: now, known: map[string]*peer{}}
	ps.set([]string{"h1"}, "self")
	o := newObjects(now, ps)
	mine, theirs := []byte("mine"), []byte("theirs")
	refs := []bundle.Ref{{Digest: bundle.DigestOf(mine), Size: 4}, {Digest: bundle.DigestOf(theirs), Size: 6}}
	o.hand(refs[0].Digest, mine)
	o.request(refs, "")
	if len(o.had) != 1 || len(o.fetches) != 1 || o.fetches[0].ref != refs[1] {
		t.Errorf("got %d objects and the questions %v", len(o.had), o.fetches)
	}
	if err := o.fetched(Fetched{From: "h1", Digest: refs[1].Digest, Data: mine}, refs); bundle.CodeOf(err) == "" {
		t.Errorf("another object than asked for: got %v, want a refusal", err)
	}
	o.forget(nil)
	if len(o.had) > 0 || len(o.lackedBy) > 0 {
		t.Errorf("got %d objects that nothing names", len(o.had))
	}
}
