package joint_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/hostagent"
	"parley/hostagent/joint"
	"parley/hostagent/memory"
	"parley/hostagent/platformtest"
)

const gibibyte = 1 << 30

var capacity = hostagent.Resources{CPU: 8, MemoryBytes: 16 * gibibyte}

// boxes are the kinds of the second platform of each host.
var boxes = []hostagent.Kind{hostagent.Container, hostagent.Process}

// host is a host with two platforms in memory.
type host struct {
	*joint.Platform
	vms, boxes *memory.Platform
}

func newHost(t *testing.T, name string, vms, other *memory.Site) host {
	t.Helper()
	h := host{vms: inMemory(t, vms, name), boxes: inMemory(t, other, name)}
	h.boxes.Serve(boxes, "criu=4.2")
	var err error
	h.Platform, err = joint.New(joint.Options{Parts: []joint.Part{
		{Kinds: []hostagent.Kind{hostagent.VM}, Platform: h.vms}, {Kinds: boxes, Platform: h.boxes},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

func inMemory(t *testing.T, site *memory.Site, name string) *memory.Platform {
	t.Helper()
	p, err := site.Host(name, capacity)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSuite(t *testing.T) {
	for _, kind := range hostagent.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			platformtest.Run(t, platformtest.Fixture{With: func(t *testing.T, body func(*testing.T, platformtest.Site)) {
				synctest.Test(t, func(t *testing.T) { body(t, siteOf(t, kind)) })
			}})
		})
	}
}

func siteOf(t *testing.T, kind hostagent.Kind) platformtest.Site {
	vms, other := memory.NewSite(memory.Options{}), memory.NewSite(memory.Options{})
	a, b := newHost(t, "a", vms, other), newHost(t, "b", vms, other)
	source, target := a.boxes, b.boxes
	if kind == hostagent.VM {
		source, target = a.vms, b.vms
	}
	n := 0
	run := func(t *testing.T, g memory.Guest) hostagent.GuestID {
		n++
		g.ID, g.Kind, g.CPU = hostagent.GuestID(fmt.Sprintf("guest-%d", n)), kind, 1
		g.Declared = hostagent.Resources{CPU: 2, MemoryBytes: gibibyte}
		if kind == hostagent.Container {
			g.Needs, g.Declared.DiskBytes = []string{"criu=4.2"}, gibibyte
		}
		if err := source.Run(g); err != nil {
			t.Fatal(err)
		}
		return g.ID
	}
	return platformtest.Site{
		Source: a, Target: b, Kind: kind,
		Guest:      func(t *testing.T) hostagent.GuestID { return run(t, memory.Guest{}) },
		Lasting:    func(t *testing.T) hostagent.GuestID { return run(t, memory.Guest{DirtyBytes: 2 * gibibyte}) },
		Ineligible: func(t *testing.T) hostagent.GuestID { return run(t, memory.Guest{Ineligible: "a host device"}) },
		Obstruct: func(t *testing.T) func() {
			target.Inject(memory.Breaks)
			return func() { target.Inject(memory.None) }
		},
		Open: func(t *testing.T) hostagent.Platform { return newHost(t, "c", vms, other) },
	}
}

// A part that fails, or hangs, hides no guest of another part, and its own are not taken
// for gone; what is asked about them still goes to it.
func TestPartFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		vms, other := memory.NewSite(memory.Options{}), memory.NewSite(memory.Options{})
		h := newHost(t, "a", vms, other)
		for _, g := range []memory.Guest{{ID: "vm"}, {ID: "box", Kind: hostagent.Container}} {
			g.Declared = hostagent.Resources{CPU: 1, MemoryBytes: gibibyte}
			p := h.vms
			if g.Kind != "" {
				p = h.boxes
			}
			if err := p.Run(g); err != nil {
				t.Fatal(err)
			}
		}
		both := look(t, h)
		if len(both.Guests) != 2 || len(both.Unseen) != 0 || len(both.Endpoints) != 3 {
			t.Fatalf("got %+v, want two guests, and three kinds that can come", both)
		}
		h.boxes.Inject(memory.Gone)
		seen := look(t, h)
		if len(seen.Guests) != 1 || seen.Guests[0].ID != "vm" || seen.Capacity != both.Capacity {
			t.Errorf("got %+v, want the virtual machine, and the capacity as before", seen)
		}
		for _, kind := range boxes {
			if !strings.Contains(seen.Unseen[kind], "does not answer") || seen.Endpoints[kind] != "" {
				t.Errorf("kind %s: got unseen %q and endpoint %q, want why it is unseen and none", kind, seen.Unseen[kind], seen.Endpoints[kind])
			}
		}
		if _, is := seen.Unseen[hostagent.VM]; is {
			t.Error("virtual machines are unseen although their platform answers")
		}
		if err := h.SetRules(t.Context(), "box", hostagent.Rules{Priority: 3}); err != nil {
			t.Errorf("rules of a guest that was shown before: %v", err)
		}
		h.vms.Inject(memory.Gone)
		if _, err := h.Observe(t.Context()); err == nil {
			t.Error("no part can be looked at: got no error, want those of both")
		}
		h.boxes.Inject(memory.None)
		h.vms.Inject(memory.None)
		if again := look(t, h); !reflect.DeepEqual(ids(again), []string{"box", "vm"}) {
			t.Errorf("seen again: got %v, want both", ids(again))
		}
	})
}

// slow does not answer before it is told to.
type slow struct {
	hostagent.Platform
	answer chan struct{}
}

func (s slow) Observe(ctx context.Context) (hostagent.Observation, error) {
	<-s.answer // it respects no deadline
	return s.Platform.Observe(ctx)
}

func TestPartHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		vms, other := inMemory(t, memory.NewSite(memory.Options{}), "a"), inMemory(t, memory.NewSite(memory.Options{}), "a")
		other.Serve(boxes)
		hung := slow{other, make(chan struct{})}
		p, err := joint.New(joint.Options{Parts: []joint.Part{
			{Kinds: []hostagent.Kind{hostagent.VM}, Platform: vms}, {Kinds: boxes, Platform: hung},
		}})
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []string{"does not answer", "has not ended"} {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			seen, err := p.Observe(ctx)
			if err != nil || !strings.Contains(seen.Unseen[hostagent.Container], want) || ctx.Err() != nil {
				t.Errorf("look %d: got %+v, error %v, want within the time that containers are unseen: %s", i+1, seen, err, want)
			}
			cancel()
		}
		close(hung.answer)
		synctest.Wait()
		if seen, err := p.Observe(t.Context()); err != nil || len(seen.Unseen) != 0 {
			t.Errorf("once it answers: got %+v, error %v, want all seen", seen, err)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
}

// liar shows guests that are not its own.
type liar struct {
	hostagent.Platform
	guests []hostagent.Guest
}

func (l liar) Observe(context.Context) (hostagent.Observation, error) {
	return hostagent.Observation{Guests: l.guests}, nil
}

func TestPartShowsGuestsOfOthers(t *testing.T) {
	for name, c := range map[string]struct {
		guest hostagent.Guest
		want  string
	}{
		"another kind": {hostagent.Guest{ID: "x", Name: "x"}, "of the kind vm"},
		"another's id": {hostagent.Guest{ID: "vm", Name: "copy", Kind: hostagent.Process}, "as well"},
	} {
		t.Run(name, func(t *testing.T) {
			vms, other := inMemory(t, memory.NewSite(memory.Options{}), "a"), inMemory(t, memory.NewSite(memory.Options{}), "a")
			if err := vms.Run(memory.Guest{ID: "vm", Declared: hostagent.Resources{CPU: 1, MemoryBytes: gibibyte}}); err != nil {
				t.Fatal(err)
			}
			p, err := joint.New(joint.Options{Parts: []joint.Part{
				{Kinds: []hostagent.Kind{hostagent.VM}, Platform: vms}, {Kinds: boxes, Platform: liar{other, []hostagent.Guest{c.guest}}},
			}})
			if err != nil {
				t.Fatal(err)
			}
			seen, err := p.Observe(t.Context())
			if err != nil || !strings.Contains(seen.Unseen[hostagent.Process], c.want) || len(seen.Guests) != 1 {
				t.Errorf("got %+v, error %v, want only the virtual machine, and %q", seen, err, c.want)
			}
			if err := p.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// Where the capacity is that of a part which was never seen, the host is not known: its
// other guests would seem to overload it.
func TestCapacityIsNotKnownYet(t *testing.T) {
	vms, other := inMemory(t, memory.NewSite(memory.Options{}), "a"), inMemory(t, memory.NewSite(memory.Options{}), "a")
	other.Serve(boxes)
	for _, declared := range []hostagent.Resources{{}, capacity} {
		p, err := joint.New(joint.Options{Capacity: declared, Parts: []joint.Part{
			{Kinds: []hostagent.Kind{hostagent.VM}, Platform: vms}, {Kinds: boxes, Platform: liar{other, nil}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		vms.Inject(memory.Gone)
		seen, err := p.Observe(t.Context())
		if known := declared.CPU > 0; (err == nil) != known {
			t.Errorf("capacity %+v is declared, and the part that shows one is gone: got %+v, error %v", declared, seen, err)
		}
		vms.Inject(memory.None)
		if seen, err := p.Observe(t.Context()); err != nil || seen.Capacity != capacity {
			t.Errorf("all parts are seen: got %+v, error %v, want the capacity %+v", seen.Capacity, err, capacity)
		}
	}
}

func TestBadParts(t *testing.T) {
	p := inMemory(t, memory.NewSite(memory.Options{}), "a")
	vms := joint.Part{Kinds: []hostagent.Kind{hostagent.VM}, Platform: p}
	for name, parts := range map[string][]joint.Part{
		"none": nil, "no kind": {{Platform: p}}, "no platform": {{Kinds: boxes}}, "one kind twice": {vms, vms},
	} {
		if _, err := joint.New(joint.Options{Parts: parts}); err == nil {
			t.Errorf("%s: got no error, want one", name)
		}
	}
}

// carrier is a platform that only shows how it is dialled.
type carrier struct {
	hostagent.Platform
	name string

	mu   sync.Mutex
	dial hostagent.Dial
	came []string
}

func (c *carrier) SetAdmission(hostagent.Admission) {}

func (c *carrier) SetDial(dial hostagent.Dial) { c.dial = dial }

func (c *carrier) Arrive(_ context.Context, from hostagent.HostID, conn hostagent.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	word := make([]byte, 5)
	n, err := conn.Read(word)
	c.came = append(c.came, fmt.Sprintf("%s from %s: %s %v", c.name, from, word[:n], err))
}

// pipe is one end of a connection.
type pipe struct{ net.Conn }

func (p pipe) CloseWrite() error { return p.Close() }

// A connection that one part dials arrives at the part for the same kind.
func TestConnectionsGoByKind(t *testing.T) {
	parts := func() (containers, processes *carrier, p *joint.Platform) {
		site := memory.NewSite(memory.Options{})
		containers = &carrier{Platform: inMemory(t, site, "c"), name: "containers"}
		processes = &carrier{Platform: inMemory(t, site, "p"), name: "processes"}
		p, err := joint.New(joint.Options{Parts: []joint.Part{
			{Kinds: []hostagent.Kind{hostagent.Container}, Platform: containers},
			{Kinds: []hostagent.Kind{hostagent.Process}, Platform: processes},
		}})
		if err != nil {
			t.Fatal(err)
		}
		return containers, processes, p
	}
	containers, processes, source := parts()
	atContainers, atProcesses, target := parts()
	var arrivals sync.WaitGroup
	arrive := func() net.Conn {
		here, there := net.Pipe()
		arrivals.Go(func() {
			target.Arrive(t.Context(), "source", pipe{there})
			if err := there.Close(); err != nil {
				t.Error(err)
			}
		})
		return here
	}
	source.SetDial(func(_ context.Context, to hostagent.HostID) (hostagent.Conn, error) {
		if to != "target" {
			return nil, errors.New("no such host")
		}
		return pipe{arrive()}, nil
	})
	for _, one := range []*carrier{containers, processes} {
		conn, err := one.dial(t.Context(), "target")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write([]byte("hello")); err != nil {
			t.Fatal(err)
		}
		arrivals.Wait()
	}
	got := append(atContainers.came, atProcesses.came...)
	want := []string{"containers from source: hello <nil>", "processes from source: hello <nil>"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, err := containers.dial(t.Context(), "nobody"); err == nil {
		t.Error("a host that cannot be dialled: got no error, want one")
	}
	for name, first := range map[string]string{"another kind": "\x02vm", "too long": "\xff", "nothing": "\x00"} {
		conn := arrive()
		if _, err := conn.Write([]byte(first)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if n, err := conn.Read(make([]byte, 1)); err == nil {
			t.Errorf("%s: got %d bytes, want the connection closed", name, n)
		}
		arrivals.Wait()
	}
	if len(atContainers.came)+len(atProcesses.came) != 2 {
		t.Errorf("got %q and %q, want no part to get a connection that is not for it", atContainers.came, atProcesses.came)
	}
}

func look(t *testing.T, p hostagent.Platform) hostagent.Observation {
	t.Helper()
	seen, err := p.Observe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func ids(seen hostagent.Observation) (list []string) {
	for _, g := range seen.Guests {
		list = append(list, string(g.ID))
	}
	return list
}
