package platformtest

import (
	"reflect"
	"testing"
	"time"

	"parley/hostagent"
)

// migrateCarriesRules: rules are shown, replaced, and travel; the mark of a move
// leaves them as they are, and they leave it.
func migrateCarriesRules(t *testing.T, s Site) {
	guest := s.Guest(t)
	ctx := s.bounded(t)
	first := hostagent.Rules{Pinned: true, Labels: []string{"team=a", "tier=web"}, Apart: []string{"tier=web"},
		AtMost: []string{"team=a:2"}}
	then := hostagent.Rules{Priority: -3, Labels: []string{"tier=web"}, Requires: []string{"rack=a"}, Near: []string{"app=shop"},
		Avoids: []string{"rack=b"}}
	for _, want := range []hostagent.Rules{first, then} {
		if err := s.Source.SetRules(ctx, guest, want); err != nil {
			t.Fatalf("SetRules: %v", err)
		}
		if got := find(s.look(t, s.Source), guest).Rules; !reflect.DeepEqual(got, want) {
			t.Errorf("Rules after SetRules: got %+v, want %+v", got, want)
		}
	}
	moved := time.Unix(1_700_000_000, 0)
	move := s.move(guest, s.TargetID, s.endpoint(t, s.Target))
	move.MovedAt = moved
	if _, err := s.Source.Migrate(ctx, move, nil); err != nil {
		t.Fatalf("Migrate: %v", err)
	}
	s.settled(t, guest, s.Target, s.Source)
	if got := find(s.look(t, s.Target), guest).Rules; !reflect.DeepEqual(got, then) {
		t.Errorf("Rules after a migration: got %+v, want %+v", got, then)
	}
	if err := s.Target.SetRules(ctx, guest, hostagent.Rules{}); err != nil {
		t.Fatalf("SetRules: %v", err)
	}
	got := find(s.look(t, s.Target), guest)
	if !reflect.DeepEqual(got.Rules, hostagent.Rules{}) || !got.MovedAt.Equal(moved) {
		t.Errorf("without rules: got %+v, moved at %v, want none and %v", got.Rules, got.MovedAt, moved)
	}
}

func setRulesOfNobody(t *testing.T, s Site) {
	if err := s.Source.SetRules(s.bounded(t), "11111111-0000-4000-8000-000000000000", hostagent.Rules{Pinned: true}); err == nil {
		t.Error("SetRules of a guest that is not here: got no error, want one")
	}
}
