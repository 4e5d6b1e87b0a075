package sim

import (
	"fmt"
	"math"
	"testing"
	"time"

	"parley/hostagent"
	"parley/lcc"
	"parley/models"
)

const gib = 1 << 30

// bare is a site whose agents never start: the test moves its guests.
func bare(t *testing.T, o Site) *site {
	t.Helper()
	o, err := o.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSite(o)
	if err != nil {
		t.Fatal(err)
	}
	s.agenda = nil
	s.planAt(1, s.account.tick)
	return s
}

// pair is two hosts of 10 cores and 64 GiB with links of 1 GiB/s, and guests on
// the first.
func pair(guests ...SiteGuest) Site {
	o := Site{Guests: guests}
	for _, name := range []string{"a", "b"} {
		o.Hosts = append(o.Hosts, SiteHost{Name: name, Capacity: hostagent.Resources{CPU: 10, MemoryBytes: 64 * gib}, Link: gib})
	}
	for i := range o.Guests {
		if o.Guests[i].Host == "" {
			o.Guests[i].Host = "a"
		}
	}
	return o
}

// guest has 4 cores and 8 GiB, uses cpu cores, and writes this many bytes a second at
// full use.
func guest(name string, cpu, writes float64) SiteGuest {
	return SiteGuest{Name: name, CPU: cpu, Declared: hostagent.Resources{CPU: 4, MemoryBytes: 8 * gib}, DirtyRate: writes, WorkingSet: 8 * gib}
}

// send plans a migration.
func (s *site) send(after time.Duration, name, to string, deadline time.Duration, want hostagent.Migration) {
	s.plan(after, func() error {
		return s.migrations.beginMove(s.named[hostagent.GuestID(name)], s.byName[lcc.PeerID(to)], hostagent.StartMove{Deadline: deadline,
			Move: want})
	})
}

// until runs a bare site for a time, and finishes its account.
func (s *site) until(t *testing.T, limit time.Duration) SiteResult {
	t.Helper()
	if err := s.run(s.now+lcc.Instant(limit), nil); err != nil {
		t.Fatal(err)
	}
	s.now = max(s.now, lcc.Instant(limit)+1)
	s.account.finish()
	return s.result
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-6*max(1, math.Abs(want)) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// nearTime tolerates the nanosecond that is cut off at the end of each round.
func nearTime(t *testing.T, what string, got, want time.Duration) {
	t.Helper()
	if (got - want).Abs() > 100*time.Nanosecond {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func compiled(t *testing.T, name string) *lcc.Model {
	t.Helper()
	text, ok := models.Text(name)
	if !ok {
		t.Fatalf("no model %s", name)
	}
	model, found := lcc.Compile(name, text, hostagent.Vocabulary())
	if model == nil {
		t.Fatal(found)
	}
	return model
}

// configWith returns the default configuration with changes.
func configWith(change func(*hostagent.Config)) hostagent.Config {
	c := hostagent.DefaultConfig()
	change(&c)
	return c
}

// crooked is a site with agents: all guests begin on the first half of its hosts.
func crooked(t *testing.T, hosts, guests int, seed uint64) Site {
	t.Helper()
	o := Site{
		Policies: []*lcc.Model{compiled(t, "agility")}, Seed: seed,
		Config: configWith(func(c *hostagent.Config) { c.Cooldown = time.Minute }),
	}
	for i := range hosts {
		o.Hosts = append(o.Hosts, SiteHost{
			Name: fmt.Sprintf("host%02d", i+1), Capacity: hostagent.Resources{CPU: 16, MemoryBytes: 64 * gib}, Curve: []float64{100, 200}, Link: 1e8,
		})
	}
	for i := range guests {
		o.Guests = append(o.Guests, SiteGuest{
			Name: fmt.Sprintf("guest%02d", i+1), Host: o.Hosts[i%max(1, hosts/2)].Name, CPU: 0.5 + float64(i%4)/2,
			Declared: hostagent.Resources{CPU: 2, MemoryBytes: 2 * gib}, DirtyRate: 20e6,
		})
	}
	return o
}
