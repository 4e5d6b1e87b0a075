package platformtest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"parley/hostagent"
)

// observeKind holds what a platform says of a guest's kind and needs against what it
// says of the hosts.
func observeKind(t *testing.T, s Site) {
	guest := s.Guest(t)
	seen := s.look(t, s.Source)
	got := find(seen, guest)
	if got.Kind.Known() != s.Kind {
		t.Errorf("Kind of guest %s: got %q, want %q", guest, got.Kind, s.Kind)
	}
	for _, g := range seen.Guests {
		if !slices.Contains(hostagent.Kinds(), g.Kind.Known()) {
			t.Errorf("Kind of guest %s: got %q, want one of %v", g.ID, g.Kind, hostagent.Kinds())
		}
		if !slices.IsSorted(g.Needs) || g.Declared.DiskBytes < 0 {
			t.Errorf("guest %s: got needs %q and %d bytes of disk, want sorted ones and no negative size", g.ID, g.Needs, g.Declared.DiskBytes)
		}
	}
	for _, p := range []hostagent.Platform{s.Source, s.Target} {
		offers := s.look(t, p).Offers
		if !slices.IsSorted(offers) {
			t.Errorf("Offers: got %q, want them sorted", offers)
		}
		for _, need := range got.Needs {
			if !slices.Contains(offers, need) {
				t.Errorf("guest %s needs %s, and a host to which it can move offers %q", guest, need, offers)
			}
		}
	}
	if len(seen.Unseen) > 0 {
		t.Errorf("Unseen: got %v, want every kind seen", seen.Unseen)
	}
}

// migrateAsksAdmission: a platform that lets guests in itself asks first, and says what
// comes. One that has a hook instead is tested with the hook.
func migrateAsksAdmission(t *testing.T, s Site) {
	target, asks := s.Target.(hostagent.Admitter)
	if !asks {
		t.Skipf("platform %s does not ask for admission itself", s.Target.Name())
	}
	guest := s.Guest(t)
	to := s.endpoint(t, s.Target)
	declared := find(s.look(t, s.Source), guest).Declared
	var mu sync.Mutex
	var asked []hostagent.AdmissionAsked
	answer := hostagent.Refusal{Code: hostagent.CodeNoDeal, Detail: "no deal covers it"}
	target.SetAdmission(func(_ context.Context, arriving hostagent.AdmissionAsked) hostagent.Refusal {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, arriving)
		return answer
	})
	move := hostagent.Migration{Guest: guest, Target: s.TargetID, Endpoint: to, Deal: "deal", Token: "token"}
	if _, err := s.Source.Migrate(s.bounded(t), move, nil); !errors.Is(err, hostagent.ErrNotLetIn) {
		t.Errorf("Migrate of a guest that is refused: got error %v, want %v", err, hostagent.ErrNotLetIn)
	}
	s.settled(t, guest, s.Source, s.Target)
	mu.Lock()
	answer = hostagent.Refusal{}
	if len(asked) != 1 || asked[0].Guest != guest || asked[0].Kind.Known() != s.Kind || asked[0].Deal != "deal" ||
		asked[0].Token != "token" || asked[0].Need != declared {
		t.Errorf("the question: got %+v, want one about %s, a %s with %+v, with its deal and token", asked, guest, s.Kind, declared)
	}
	mu.Unlock()
	if _, err := s.Source.Migrate(s.bounded(t), move, nil); err != nil {
		t.Fatalf("Migrate of a guest that is admitted: %v", err)
	}
	s.settled(t, guest, s.Target, s.Source)
}
