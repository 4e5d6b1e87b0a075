package sim

import (
	"strings"
	"testing"
	"time"

	"parley/hostagent"
)

// kindsSite has a guest of each kind on a, and a host b of every kind.
func kindsSite() Site {
	disk := hostagent.Resources{CPU: 8, MemoryBytes: 16 << 30, DiskBytes: 8 << 30}
	every := Takes{Kinds: hostagent.Kinds(), Offers: []string{"criu=4.2"}}
	return Site{
		Seed: 1, Limit: 10 * time.Minute, Quiet: 5 * time.Minute,
		Hosts: []SiteHost{
			{Name: "a", Capacity: disk, Takes: every, Link: 1 << 30},
			{Name: "b", Capacity: disk, Takes: every, Link: 1 << 30},
		},
		Guests: []SiteGuest{
			{Name: "vm", Host: "a", Declared: hostagent.Resources{CPU: 1, MemoryBytes: 1 << 30}, CPU: 0.5},
			{Name: "box", Host: "a", Kind: hostagent.Container, Needs: []string{"criu=4.2"},
				Declared: hostagent.Resources{CPU: 1, MemoryBytes: 64 << 20, DiskBytes: 2 << 30}, CPU: 0.5},
			{Name: "job", Host: "a", Kind: hostagent.Process, Declared: hostagent.Resources{CPU: 1, MemoryBytes: 64 << 20},
				WorkingSet: 1 << 20, CPU: 0.5},
		},
	}
}

// The move of each kind costs what is documented: a virtual machine is copied while it
// runs; a container sends its volumes first and stands still for its memory; a process
// stands still for its state.
func TestKindsCost(t *testing.T) {
	o := kindsSite()
	o.Schedule = []Happening{{At: 30 * time.Second, Do: "drain", Hosts: []string{"a"}}}
	r, err := o.Run()
	if err != nil {
		t.Fatal(err)
	}
	const tick = time.Millisecond
	want := map[string]struct {
		took, downtime time.Duration
		bytes          int64
	}{
		// A link of 1 GiB/s.
		"vm":  {time.Second + 50*tick, 50 * tick, 1 << 30},
		"box": {2*time.Second + 62500*time.Microsecond + 85*tick + 64*2100*time.Microsecond, 62500*time.Microsecond + 85*tick + 64*2100*time.Microsecond, 2<<30 + 64<<20},
		"job": {60*tick + 977*time.Microsecond + 5*tick, 977*time.Microsecond + 5*tick, 1 << 20},
	}
	if len(r.Moves) != len(want) {
		t.Fatalf("got %d moves, want each guest moved: %+v", len(r.Moves), r.Moves)
	}
	for _, m := range r.Moves {
		w := want[m.Guest]
		if (m.Took-w.took).Abs() > tick/10 || (m.Downtime-w.downtime).Abs() > tick/10 || m.Bytes != w.bytes {
			t.Errorf("%s: got %v, standing still for %v, and %d bytes, want %v, %v and %d", m.Guest, m.Took, m.Downtime, m.Bytes, w.took,
				w.downtime, w.bytes)
		}
	}
}

// A drain moves each guest only to a host that can run it, and the others stay; so does
// what somebody does by hand.
func TestKindsStay(t *testing.T) {
	o := kindsSite()
	o.Hosts[1].Takes.Kinds = []hostagent.Kind{hostagent.Process}
	o.Hosts[1].Unchecked = true
	o.Schedule = []Happening{{At: 30 * time.Second, Do: "drain", Hosts: []string{"a"}}}
	o.Balancers = []Balancer{{Rule: "evens", Every: 10 * time.Second}}
	r, err := o.Run()
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Moves) != 1 || r.Moves[0].Guest != "job" {
		t.Errorf("got %+v, want the process moved and no other guest", r.Moves)
	}
}

func TestBadKinds(t *testing.T) {
	for want, change := range map[string]func(*Site){
		"takes no container":      func(o *Site) { o.Hosts[0].Takes.Kinds = []hostagent.Kind{hostagent.VM, hostagent.Process} },
		"does not offer criu=4.2": func(o *Site) { o.Hosts[0].Takes.Offers = nil },
		"have volumes of":         func(o *Site) { o.Hosts[0].Capacity.DiskBytes = 1 << 30 },
		"its kind is \"jail\"":    func(o *Site) { o.Guests[0].Kind = "jail" },
		"its kinds are [jail]":    func(o *Site) { o.Hosts[1].Takes.Kinds = []hostagent.Kind{"jail"} },
		"volumes take -1 bytes":   func(o *Site) { o.Guests[1].Declared.DiskBytes = -1 },
	} {
		o := kindsSite()
		change(&o)
		if _, err := o.Run(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want %q", err, want)
		}
	}
}
