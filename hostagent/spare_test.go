package hostagent

import (
	"slices"
	"testing"
	"time"

	"parley/hostagent/spare"
)

// A host tells what it has left beside its guests and reservations, and what its guests need;
// paused guests and those that Parley ignores count, because somebody starts them elsewhere, too.
func TestSpareOfAHost(t *testing.T) {
	w := newWorld(t, 1)
	h := w.addHost("h", Resources{CPU: 8, MemoryBytes: 8 << 30, DiskBytes: 8 << 30})
	h.networks, h.offers = []string{"lan"}, []string{"cpu=avx2"}
	h.guests["db"] = &testGuest{
		id: "db", memory: 2 << 30, state: Running, cores: 2, counted: w.now, disk: 1 << 30, networks: []string{"lan"},
		needs: []string{"cpu=avx2"},
		rules: Rules{Pinned: true, Labels: []string{"app=db"}, Requires: []string{"rack=a"}, Apart: []string{"app=db"},
			Avoids: []string{"rack=b"}, AtMost: []string{"app=db:2"}},
	}
	h.guests["off"] = &testGuest{id: "off", memory: 1 << 30, state: Paused, counted: w.now, rules: Rules{Ignored: true}}
	h.guests["new"] = &testGuest{id: "new", memory: 1 << 30, state: Incoming, counted: w.now}
	w.run(10 * time.Second)
	got := h.core.Spare()
	if len(got.Guests) != 2 || got.Guests[1].ID != "off" || got.Guests[1].Need.MemoryBytes != 1<<30 {
		t.Fatalf("got the guests %+v, want db and off", got.Guests)
	}
	db := got.Guests[0]
	if db.ID != "db" || db.Need.Cores < 1.9 || db.Need.Cores > 2.5 || db.Need.MemoryBytes != 2<<30 ||
		db.Need.DiskBytes != 1<<30 || db.Kind != "vm" ||
		!slices.Equal(slices.Concat(db.Needs, db.Networks, db.Labels, db.Requires, db.Apart, db.Avoids),
			[]string{"cpu=avx2", "lan", "app=db", "rack=a", "app=db", "rack=b"}) ||
		!slices.Equal(db.AtMost, []spare.Limit{{Label: "app=db", Most: 2}}) {
		t.Errorf("got %+v", db)
	}
	if got.Free.MemoryBytes != 4<<30 || got.Free.DiskBytes != 7<<30 || got.Free.Cores != 2 {
		t.Errorf("got %+v left, want 4 GiB, 7 GiB of disk and, beside db and the 4 cores of new, 2 cores", got.Free)
	}
	if got.Drained || got.Closed || !slices.Equal(slices.Concat(got.Kinds, got.Offers, got.Networks), []string{"vm", "cpu=avx2", "lan"}) {
		t.Errorf("got %+v, want what it takes and offers", got)
	}
	if err := spare.Validate([]spare.Host{got}); err != nil {
		t.Error(err)
	}
	w.step(h, Ordered{ID: 1, Order: Set{Settings{Drained: true}}})
	w.run(time.Second)
	w.step(h, Unobserved{Err: "libvirt is away"})
	if got := h.core.Spare(); !got.Drained || !got.Closed || len(got.Guests) != 2 {
		t.Errorf("drained and unseen: got %+v, want its guests as they were", got)
	}
}
