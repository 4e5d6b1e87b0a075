package platformtest

import (
	"context"
	"errors"
	"sort"
	"testing"
	"time"

	"parley/hostagent"
)

func observe(t *testing.T, s Site) {
	guest := s.Guest(t)
	seen := s.look(t, s.Source)
	if seen.Capacity.CPU <= 0 || seen.Capacity.MemoryBytes <= 0 {
		t.Errorf("Capacity: got %+v, want cores and bytes above 0", seen.Capacity)
	}
	if _, carries := s.Source.(hostagent.Carrier); !carries && s.endpoint(t, s.Source) == s.endpoint(t, s.Target) {
		t.Errorf("Endpoint: got %q for both hosts, want two", seen.Endpoints[s.Kind])
	}
	if s.Source.Name() == "" {
		t.Errorf("Name: got %q, want a name", "")
	}
	if !sort.SliceIsSorted(seen.Guests, func(i, j int) bool { return seen.Guests[i].ID < seen.Guests[j].ID }) {
		t.Errorf("Guests: got %v, want them by id", seen.Guests)
	}
	got := find(seen, guest)
	if got.State != hostagent.Running || got.Name == "" || got.Ineligible != "" {
		t.Errorf("guest %s: got %+v, want a running one with a name that can be migrated", guest, got)
	}
	if got.Declared.CPU <= 0 || got.Declared.MemoryBytes <= 0 || got.MemoryBytes <= 0 {
		t.Errorf("guest %s: got %+v, want what it declares and takes", guest, got)
	}
	if !got.MovedAt.IsZero() {
		t.Errorf("MovedAt of a guest that was never moved: got %v, want zero", got.MovedAt)
	}
	if later := find(s.look(t, s.Source), guest); later.CPUTime < got.CPUTime {
		t.Errorf("CPUTime of guest %s: got %v after %v, want it not to fall", guest, later.CPUTime, got.CPUTime)
	}
	if state := s.state(t, s.Target, guest); state != "" {
		t.Errorf("guest %s at the other host: got state %q, want it not shown", guest, state)
	}
}

func observeKeepsDeadline(t *testing.T, s Site) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Source.Observe(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Observe with a context that has ended: got error %v, want %v", err, context.Canceled)
	}
	// What one caller gave up does not hinder the next.
	s.look(t, s.Source)
}

func changes(t *testing.T, s Site) {
	drain(s.Source)
	guest := s.Guest(t)
	ctx := s.bounded(t)
	for s.state(t, s.Source, guest) != hostagent.Running {
		select {
		case <-s.Source.Changes():
		case <-ctx.Done():
			t.Fatalf("a guest was started: got no value from Changes within %v after which it is shown, want one", s.Timeout)
		}
	}
	drain(s.Target)
	if _, err := s.Source.Migrate(ctx, s.move(guest, s.TargetID, s.endpoint(t, s.Target)), nil); err != nil {
		t.Fatalf("Migrate: %v", err)
	}
	select {
	case <-s.Target.Changes():
	case <-ctx.Done():
		t.Errorf("a guest came: got no value from Changes of its new host within %v, want one", s.Timeout)
	}
}

// drain takes the value about what was before.
func drain(p hostagent.Platform) {
	select {
	case <-p.Changes():
	default:
	}
}

func closing(t *testing.T, s Site) {
	p := s.Open(t)
	s.look(t, p)
	if err := p.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	timeout := time.NewTimer(s.Timeout)
	defer timeout.Stop()
	for open := true; open; {
		select {
		case _, open = <-p.Changes():
		case <-timeout.C:
			t.Fatalf("Changes %v after Close: got an open channel, want it closed", s.Timeout)
		}
	}
	if _, err := p.Observe(s.bounded(t)); err == nil {
		t.Error("Observe after Close: got no error, want one")
	}
	if err := p.Close(); err != nil {
		t.Errorf("Close again: got error %v, want none", err)
	}
}
