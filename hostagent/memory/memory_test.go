package memory_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/hostagent"
	"parley/hostagent/memory"
	"parley/hostagent/platformtest"
)

const gibibyte = 1 << 30

var capacity = hostagent.Resources{CPU: 8, MemoryBytes: 16 * gibibyte}

func TestSuite(t *testing.T) {
	platformtest.Run(t, platformtest.Fixture{With: func(t *testing.T, body func(*testing.T, platformtest.Site)) {
		synctest.Test(t, func(t *testing.T) {
			site := memory.NewSite(memory.Options{})
			a, b := host(t, site, "a"), host(t, site, "b")
			n := 0
			run := func(t *testing.T, g memory.Guest) hostagent.GuestID {
				n++
				g.ID = hostagent.GuestID(fmt.Sprintf("guest-%d", n))
				g.Declared = hostagent.Resources{CPU: 2, MemoryBytes: gibibyte}
				g.CPU = 1
				if err := a.Run(g); err != nil {
					t.Fatal(err)
				}
				return g.ID
			}
			body(t, platformtest.Site{
				Source: a, Target: b,
				Guest:      func(t *testing.T) hostagent.GuestID { return run(t, memory.Guest{}) },
				Lasting:    func(t *testing.T) hostagent.GuestID { return run(t, memory.Guest{DirtyBytes: 2 * gibibyte}) },
				Ineligible: func(t *testing.T) hostagent.GuestID { return run(t, memory.Guest{Ineligible: "a host device"}) },
				Obstruct: func(t *testing.T) func() {
					b.Inject(memory.Breaks)
					return func() { b.Inject(memory.None) }
				},
				Open: func(t *testing.T) hostagent.Platform { return host(t, site, "c") },
			})
		})
	}})
}

func host(t *testing.T, site *memory.Site, name string) *memory.Platform {
	t.Helper()
	p, err := site.Host(name, capacity)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func run(t *testing.T, p *memory.Platform, g memory.Guest) {
	t.Helper()
	if g.Declared == (hostagent.Resources{}) {
		g.Declared = hostagent.Resources{CPU: 4, MemoryBytes: gibibyte}
	}
	if err := p.Run(g); err != nil {
		t.Fatal(err)
	}
}

func look(t *testing.T, p *memory.Platform) hostagent.Observation {
	t.Helper()
	seen, err := p.Observe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

// pass lets virtual time pass.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func TestCPUTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := host(t, memory.NewSite(memory.Options{}), "a")
		run(t, p, memory.Guest{ID: "steady", CPU: 1.5})
		run(t, p, memory.Guest{ID: "capped", CPU: 9})
		run(t, p, memory.Guest{ID: "late", Demand: func(age time.Duration) float64 {
			if age < 10*time.Second {
				return 0
			}
			return 2
		}})
		pass(20 * time.Second)
		for i, want := range []time.Duration{80 * time.Second, 20 * time.Second, 30 * time.Second} {
			if got := look(t, p).Guests[i]; got.CPUTime != want {
				t.Errorf("CPU time of %s: got %v, want %v", got.ID, got.CPUTime, want)
			}
		}
	})
}

// TestCPUTimeContended: guests that want more than the host has get a share.
func TestCPUTimeContended(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := host(t, memory.NewSite(memory.Options{}), "a") // 8 cores
		for _, id := range []hostagent.GuestID{"a", "b", "c", "d"} {
			run(t, p, memory.Guest{ID: id, CPU: 4})
		}
		pass(10 * time.Second)
		if got, want := look(t, p).Guests[0].CPUTime, 20*time.Second; got != want {
			t.Errorf("CPU time on a host that is asked for twice what it has: got %v, want %v", got, want)
		}
	})
}

// TestPrecopy compares a migration with the arithmetic of its rounds: 4 GiB at 1 GiB/s
// with 256 MiB/s dirtied are rounds of 4 s, 1 s and 250 ms; then the rest fits in a
// downtime of 62.5 ms.
func TestPrecopy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		site := memory.NewSite(memory.Options{BandwidthBytes: gibibyte, DowntimeMax: 100 * time.Millisecond, Speedup: 5})
		a, b := host(t, site, "a"), host(t, site, "b")
		run(t, a, memory.Guest{ID: "g", Declared: hostagent.Resources{CPU: 1, MemoryBytes: 4 * gibibyte}, DirtyBytes: gibibyte / 4})
		begin := time.Now()
		rounds := 0
		got, err := a.Migrate(t.Context(), hostagent.Migration{Guest: "g", Endpoint: b.Endpoint()}, func(hostagent.Progress) { rounds++ })
		if err != nil {
			t.Fatal(err)
		}
		want := hostagent.Migrated{
			Total: 5312500 * time.Microsecond, Downtime: 62500 * time.Microsecond,
			Bytes: 4*gibibyte + gibibyte + gibibyte/4 + gibibyte/16,
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("migration: got %+v, want %+v", got, want)
		}
		if rounds != 3 {
			t.Errorf("rounds: got %d, want 3", rounds)
		}
		if took := time.Since(begin); took != want.Total/5 {
			t.Errorf("time taken with a speed-up of 5: got %v, want %v", took, want.Total/5)
		}
	})
}

func TestAdmission(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		site := memory.NewSite(memory.Options{})
		a, b := host(t, site, "a"), host(t, site, "b")
		run(t, a, memory.Guest{ID: "g"})
		var asked hostagent.AdmissionAsked
		answer := hostagent.Refusal{Code: hostagent.CodeNoDeal, Detail: "no deal covers it"}
		b.SetAdmission(func(_ context.Context, arriving hostagent.AdmissionAsked) hostagent.Refusal {
			asked = arriving
			return answer
		})
		move := hostagent.Migration{Guest: "g", Endpoint: b.Endpoint(), Deal: "d", Token: "t"}
		if _, err := a.Migrate(t.Context(), move, nil); err == nil || !strings.Contains(err.Error(), "no deal covers it") {
			t.Errorf("migration that the target's agent refuses: got error %v, want its reason", err)
		}
		want := hostagent.AdmissionAsked{
			Guest: "g", Kind: hostagent.VM, Deal: "d", Token: "t", Need: hostagent.Resources{CPU: 4, MemoryBytes: gibibyte},
		}
		if !reflect.DeepEqual(asked, want) {
			t.Errorf("what the target's agent was asked: got %+v, want %+v", asked, want)
		}
		answer = hostagent.Refusal{}
		if _, err := a.Migrate(t.Context(), move, nil); err != nil {
			t.Errorf("migration that the target's agent allows: %v", err)
		}
	})
}

// TestGoesOnAlone: a migration outlives the call, and Overlap shows the guest on both
// hosts for a while.
func TestGoesOnAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		site := memory.NewSite(memory.Options{BandwidthBytes: gibibyte, Overlap: 2 * time.Second})
		a, b := host(t, site, "a"), host(t, site, "b")
		run(t, a, memory.Guest{ID: "g"})
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		if _, err := a.Migrate(ctx, hostagent.Migration{Guest: "g", Endpoint: b.Endpoint()}, nil); err == nil {
			t.Fatal("Migrate with a short deadline: got no error, want one")
		}
		states := func() (here, there hostagent.GuestState) {
			for _, g := range look(t, a).Guests {
				here = g.State
			}
			for _, g := range look(t, b).Guests {
				there = g.State
			}
			return here, there
		}
		for _, step := range []struct {
			after       time.Duration
			here, there hostagent.GuestState
		}{
			{0, hostagent.Running, hostagent.Incoming},
			{time.Second, hostagent.Running, hostagent.Running},
			{2 * time.Second, "", hostagent.Running},
		} {
			pass(step.after)
			if here, there := states(); here != step.here || there != step.there {
				t.Errorf("%v later: got %q and %q, want %q and %q", step.after, here, there, step.here, step.there)
			}
		}
	})
}

func TestAbortTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		site := memory.NewSite(memory.Options{BandwidthBytes: gibibyte, Overlap: 2 * time.Second})
		a, b := host(t, site, "a"), host(t, site, "b")
		run(t, a, memory.Guest{ID: "g"})
		done := make(chan error, 1)
		go func() {
			_, err := a.Migrate(t.Context(), hostagent.Migration{Guest: "g", Endpoint: b.Endpoint()}, nil)
			done <- err
		}()
		pass(1500 * time.Millisecond) // it has switched over and is shown on both
		if err := a.Abort(t.Context(), "g"); err == nil {
			t.Error("Abort after the switch: got no error, want one")
		}
		if err := <-done; err != nil {
			t.Errorf("migration that was aborted too late: got error %v, want none", err)
		}
	})
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		fault memory.Fault
		want  string
	}{
		{memory.Refuses, "lets no guest in"},
		{memory.Breaks, "connection to the target broke"},
		{memory.Hangs, context.DeadlineExceeded.Error()},
		{memory.Gone, "no host of this site"},
	} {
		t.Run(string(c.fault), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				site := memory.NewSite(memory.Options{})
				a, b := host(t, site, "a"), host(t, site, "b")
				run(t, a, memory.Guest{ID: "g"})
				b.Inject(c.fault)
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				_, err := a.Migrate(ctx, hostagent.Migration{Guest: "g", Endpoint: b.Endpoint()}, nil)
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("migration: got error %v, want one that says %q", err, c.want)
				}
				if c.fault == memory.Hangs {
					if err := a.Abort(t.Context(), "g"); err != nil {
						t.Error(err)
					}
					synctest.Wait()
				}
				if got := look(t, a).Guests; len(got) != 1 || got[0].State != hostagent.Running {
					t.Errorf("guests at the source: got %+v, want the one, running", got)
				}
				b.Inject(memory.None)
				if got := look(t, b).Guests; len(got) != 0 {
					t.Errorf("guests at the target: got %+v, want none", got)
				}
			})
		})
	}
}

// TestStopDuringMove: a guest that ends during its migration is on neither host.
func TestStopDuringMove(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		site := memory.NewSite(memory.Options{BandwidthBytes: gibibyte})
		a, b := host(t, site, "a"), host(t, site, "b")
		run(t, a, memory.Guest{ID: "g"})
		done := make(chan error, 1)
		go func() {
			_, err := a.Migrate(t.Context(), hostagent.Migration{Guest: "g", Endpoint: b.Endpoint()}, nil)
			done <- err
		}()
		pass(500 * time.Millisecond)
		a.Stop("g")
		if err := <-done; err == nil || !strings.Contains(err.Error(), "was stopped") {
			t.Errorf("migration of a guest that was stopped: got error %v, want one that says so", err)
		}
		if here, there := len(look(t, a).Guests), len(look(t, b).Guests); here != 0 || there != 0 {
			t.Errorf("guests: got %d and %d, want none", here, there)
		}
	})
}

func TestBadGuestsAndHosts(t *testing.T) {
	site := memory.NewSite(memory.Options{})
	a := host(t, site, "a")
	run(t, a, memory.Guest{ID: "g"})
	for _, g := range []memory.Guest{
		{}, {ID: "x"}, {ID: "g", Declared: capacity}, {ID: "x", Declared: capacity, CPU: -1}, {ID: "x", Declared: capacity, DirtyBytes: -1},
	} {
		if err := a.Run(g); err == nil {
			t.Errorf("Run(%+v): got no error, want one", g)
		}
	}
	for _, name := range []string{"", "a", "b/c"} {
		if _, err := site.Host(name, capacity); err == nil {
			t.Errorf("Host(%q): got no error, want one", name)
		}
	}
	if _, err := site.Host("b", hostagent.Resources{}); err == nil {
		t.Error("Host without capacity: got no error, want one")
	}
}
