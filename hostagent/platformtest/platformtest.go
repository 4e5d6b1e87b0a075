package platformtest

import (
	"cmp"
	"context"
	"testing"
	"time"

	"parley/hostagent"
)

// Fixture makes the sites that a suite runs on.
type Fixture struct {
	// With calls body with a site, and ends what it began afterwards. It may
	// wrap body in a synctest bubble, and it may hand out the same two
	// platforms each time, as long as the guests of an earlier body are no
	// obstacle.
	With func(t *testing.T, body func(t *testing.T, s Site))
}

// Site is two platforms whose guests can move between them.
type Site struct {
	Source, Target hostagent.Platform
	// SourceID and TargetID are the hosts' ids, for platforms that dial; default "source"
	// and "target".
	SourceID, TargetID hostagent.HostID
	// Kind is what the guests are; default hostagent.VM.
	Kind hostagent.Kind
	// Guest starts a guest at Source that can be migrated.
	Guest func(t *testing.T) hostagent.GuestID
	// Lasting starts a guest at Source whose migration lasts until it is
	// aborted, or at least much longer than an abort takes.
	Lasting func(t *testing.T) hostagent.GuestID
	// Ineligible starts a guest at Source that cannot be migrated.
	Ineligible func(t *testing.T) hostagent.GuestID
	// Obstruct makes migrations to Target fail before they switch, until
	// the function that it returns is called.
	Obstruct func(t *testing.T) (clear func())
	// Open opens one more platform that may be closed: of Source's host, or
	// of another.
	Open func(t *testing.T) hostagent.Platform
	// Timeout bounds each wait; default 1 min.
	Timeout time.Duration
	// LookEvery is the pause between two looks when the platform does not
	// say that something changed; default 200 ms.
	LookEvery time.Duration
}

// Run runs the suite.
func Run(t *testing.T, f Fixture) {
	for _, c := range []struct {
		name string
		body func(t *testing.T, s Site)
	}{
		{"Observe", observe},
		{"ObserveKind", observeKind},
		{"ObserveKeepsDeadline", observeKeepsDeadline},
		{"Changes", changes},
		{"Migrate", migrate},
		{"MigrateCarriesMovedAt", migrateCarriesMovedAt},
		{"MigrateCarriesRules", migrateCarriesRules},
		{"SetRulesOfNobody", setRulesOfNobody},
		{"MigrateAsksAdmission", migrateAsksAdmission},
		{"MigrateUnknownGuest", migrateUnknownGuest},
		{"MigrateNowhere", migrateNowhere},
		{"MigrateIneligible", migrateIneligible},
		{"MigrateFails", migrateFails},
		{"MigrateKeepsDeadline", migrateKeepsDeadline},
		{"Abort", abort},
		{"AbortNothing", abortNothing},
		{"Incoming", incoming},
		{"Close", closing},
	} {
		t.Run(c.name, func(t *testing.T) {
			f.With(t, func(t *testing.T, s Site) {
				if s.Kind == "" {
					s.Kind = hostagent.VM
				}
				s.SourceID, s.TargetID = cmp.Or(s.SourceID, "source"), cmp.Or(s.TargetID, "target")
				if s.Timeout <= 0 {
					s.Timeout = time.Minute
				}
				if s.LookEvery <= 0 {
					s.LookEvery = 200 * time.Millisecond
				}
				c.body(t, s)
			})
		})
	}
}

// bounded is a context that ends with the site's time-out or the test.
func (s Site) bounded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), s.Timeout)
	t.Cleanup(cancel)
	return ctx
}

// look returns what a platform shows now.
func (s Site) look(t *testing.T, p hostagent.Platform) hostagent.Observation {
	t.Helper()
	seen, err := p.Observe(s.bounded(t))
	if err != nil {
		t.Fatalf("Observe: %v", err)
	}
	return seen
}

// endpoint is where a platform is reached by the other.
func (s Site) endpoint(t *testing.T, p hostagent.Platform) string {
	t.Helper()
	endpoint := s.look(t, p).Endpoints[s.Kind]
	if endpoint == "" {
		t.Fatalf("Observation.Endpoints: got %q, want where other hosts reach this one", endpoint)
	}
	return endpoint
}

// state is the state in which a platform shows a guest; "" when it does not.
func (s Site) state(t *testing.T, p hostagent.Platform, guest hostagent.GuestID) hostagent.GuestState {
	t.Helper()
	return find(s.look(t, p), guest).State
}

func find(seen hostagent.Observation, guest hostagent.GuestID) hostagent.Guest {
	for _, g := range seen.Guests {
		if g.ID == guest {
			return g
		}
	}
	return hostagent.Guest{}
}

// await looks at a platform until it shows the guest in the state ("" for
// gone), when it changed and every LookEvery.
func (s Site) await(t *testing.T, p hostagent.Platform, guest hostagent.GuestID, want hostagent.GuestState) {
	t.Helper()
	ctx := s.bounded(t)
	ticks := time.NewTicker(s.LookEvery)
	defer ticks.Stop()
	for {
		got := s.state(t, p, guest)
		if got == want {
			return
		}
		select {
		case <-p.Changes():
		case <-ticks.C:
		case <-ctx.Done():
			t.Fatalf("guest %s on platform %s after %v: got state %q, want %q", guest, p.Name(), s.Timeout, got, want)
		}
	}
}

// settled waits until the guest runs at here and is gone from there.
func (s Site) settled(t *testing.T, guest hostagent.GuestID, here, there hostagent.Platform) {
	t.Helper()
	s.await(t, here, guest, hostagent.Running)
	s.await(t, there, guest, "")
	// Both looks were at different moments: the first may be stale.
	if got := s.state(t, here, guest); got != hostagent.Running {
		t.Errorf("guest %s, once it was gone from the other host: got state %q, want %q", guest, got, hostagent.Running)
	}
}
