package platformtest

import (
	"context"
	"errors"
	"testing"
	"time"

	"parley/hostagent"
)

func migrate(t *testing.T, s Site) {
	guest := s.Guest(t)
	to := s.endpoint(t, s.Target)
	var reports []hostagent.Progress
	returned := false
	migrated, err := s.Source.Migrate(s.bounded(t), s.move(guest, s.TargetID, to), func(p hostagent.Progress) {
		if returned {
			t.Error("progress was reported after Migrate returned")
		}
		reports = append(reports, p)
	})
	returned = true
	if err != nil {
		t.Fatalf("Migrate: %v", err)
	}
	s.settled(t, guest, s.Target, s.Source)
	if migrated.Total <= 0 || migrated.Downtime <= 0 || migrated.Downtime > migrated.Total || migrated.Bytes <= 0 {
		t.Errorf("Migrated: got %+v, want times and bytes above 0, the downtime within the total", migrated)
	}
	for i, r := range reports {
		if r.TransferredBytes < 0 || r.RemainingBytes < 0 || i > 0 && r.TransferredBytes < reports[i-1].TransferredBytes {
			t.Errorf("progress: got %+v, want bytes that do not fall", reports)
			break
		}
	}
	// And back: a host is a source and a target.
	if _, err := s.Target.Migrate(s.bounded(t), s.move(guest, s.SourceID, s.endpoint(t, s.Source)), nil); err != nil {
		t.Fatalf("Migrate back: %v", err)
	}
	s.settled(t, guest, s.Source, s.Target)
}

func migrateCarriesMovedAt(t *testing.T, s Site) {
	guest := s.Guest(t)
	want := time.Unix(1_700_000_000, 0)
	move := s.move(guest, s.TargetID, s.endpoint(t, s.Target))
	move.MovedAt = want
	if _, err := s.Source.Migrate(s.bounded(t), move, nil); err != nil {
		t.Fatalf("Migrate: %v", err)
	}
	s.settled(t, guest, s.Target, s.Source)
	if got := find(s.look(t, s.Target), guest).MovedAt; !got.Equal(want) {
		t.Errorf("MovedAt at the new host: got %v, want %v", got, want)
	}
}

func migrateUnknownGuest(t *testing.T, s Site) {
	const guest = hostagent.GuestID("6a1f0d0e-0000-4000-8000-00000000dead")
	if _, err := s.Source.Migrate(s.bounded(t), s.move(guest, s.TargetID, s.endpoint(t, s.Target)), nil); err == nil {
		t.Error("Migrate of a guest that is not there: got no error, want one")
	}
}

func migrateNowhere(t *testing.T, s Site) {
	guest := s.Guest(t)
	if _, err := s.Source.Migrate(s.bounded(t), s.move(guest, "nowhere", "nowhere"), nil); err == nil {
		t.Error("Migrate to an endpoint that is none: got no error, want one")
	}
	s.settled(t, guest, s.Source, s.Target)
}

func migrateIneligible(t *testing.T, s Site) {
	guest := s.Ineligible(t)
	s.await(t, s.Source, guest, hostagent.Running)
	if got := find(s.look(t, s.Source), guest).Ineligible; got == "" {
		t.Errorf("Ineligible of guest %s: got %q, want why it cannot be migrated", guest, got)
	}
	if _, err := s.Source.Migrate(s.bounded(t), s.move(guest, s.TargetID, s.endpoint(t, s.Target)), nil); err == nil {
		t.Error("Migrate of a guest that cannot be: got no error, want one")
	}
	s.settled(t, guest, s.Source, s.Target)
}

func migrateFails(t *testing.T, s Site) {
	guest := s.Guest(t)
	to := s.endpoint(t, s.Target)
	clear := s.Obstruct(t)
	if _, err := s.Source.Migrate(s.bounded(t), s.move(guest, s.TargetID, to), nil); err == nil {
		t.Error("Migrate to a host that fails: got no error, want one")
	}
	clear()
	s.settled(t, guest, s.Source, s.Target)
	if _, err := s.Source.Migrate(s.bounded(t), s.move(guest, s.TargetID, to), nil); err != nil {
		t.Fatalf("Migrate after one that failed: %v", err)
	}
	s.settled(t, guest, s.Target, s.Source)
}

// migrateKeepsDeadline gives up a migration and stops it, as the driver does.
func migrateKeepsDeadline(t *testing.T, s Site) {
	guest := s.Lasting(t)
	to := s.endpoint(t, s.Target)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := s.start(ctx, guest, to)
	s.await(t, s.Target, guest, hostagent.Incoming)
	cancel()
	if err := s.result(t, done); !errors.Is(err, context.Canceled) {
		t.Errorf("Migrate whose context ended: got error %v, want %v", err, context.Canceled)
	}
	// It may continue, or have been stopped with its caller: an abort that
	// finds nothing is no fault here.
	if err := s.Source.Abort(s.bounded(t), guest); err != nil {
		t.Logf("Abort after a migration was given up: %v", err)
	}
	s.settled(t, guest, s.Source, s.Target)
}

func abort(t *testing.T, s Site) {
	guest := s.Lasting(t)
	done := s.start(s.bounded(t), guest, s.endpoint(t, s.Target))
	s.await(t, s.Target, guest, hostagent.Incoming)
	if err := s.Source.Abort(s.bounded(t), guest); err != nil {
		t.Errorf("Abort: %v", err)
	}
	if err := s.result(t, done); err == nil {
		t.Error("Migrate that was aborted: got no error, want one")
	}
	s.settled(t, guest, s.Source, s.Target)
}

func abortNothing(t *testing.T, s Site) {
	guest := s.Guest(t)
	if err := s.Source.Abort(s.bounded(t), guest); err == nil {
		t.Error("Abort where no migration is in flight: got no error, want one")
	}
	s.settled(t, guest, s.Source, s.Target)
}

// incoming holds what is seen during a migration against the rule that a guest
// runs on one host.
func incoming(t *testing.T, s Site) {
	guest := s.Lasting(t)
	to := s.endpoint(t, s.Target)
	done := s.start(s.bounded(t), guest, to)
	s.await(t, s.Target, guest, hostagent.Incoming)
	if got := s.state(t, s.Source, guest); got != hostagent.Running {
		t.Errorf("guest at its host during a migration: got state %q, want %q", got, hostagent.Running)
	}
	if _, err := s.Source.Migrate(s.bounded(t), s.move(guest, s.TargetID, to), nil); err == nil {
		t.Error("a second Migrate of a guest in flight: got no error, want one")
	}
	if err := s.Source.Abort(s.bounded(t), guest); err != nil {
		t.Errorf("Abort: %v", err)
	}
	if err := s.result(t, done); err == nil {
		t.Error("Migrate that was aborted: got no error, want one")
	}
	s.settled(t, guest, s.Source, s.Target)
}

// move is a migration to a host.
func (s Site) move(guest hostagent.GuestID, to hostagent.HostID, endpoint string) hostagent.Migration {
	return hostagent.Migration{Guest: guest, Target: to, Endpoint: endpoint}
}

// start begins a migration; the channel gets its error.
func (s Site) start(ctx context.Context, guest hostagent.GuestID, endpoint string) <-chan error {
	done := make(chan error, 1)
	go func() {
		_, err := s.Source.Migrate(ctx, s.move(guest, s.TargetID, endpoint), nil)
		done <- err
	}()
	return done
}

func (s Site) result(t *testing.T, done <-chan error) error {
	t.Helper()
	timeout := time.NewTimer(s.Timeout)
	defer timeout.Stop()
	select {
	case err := <-done:
		return err
	case <-timeout.C:
		t.Fatalf("Migrate did not return within %v", s.Timeout)
		return nil
	}
}
