package hostagent

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"parley/lcc"
)

// withoutKinds is a payload as a host of an earlier version sends and reads it: it
// ignores the fields that it does not know.
func withoutKinds(t *testing.T, data []byte) []byte {
	t.Helper()
	var fields map[uint64]cbor.RawMessage
	if err := reader.Unmarshal(data, &fields); err != nil {
		t.Fatal(err)
	}
	for _, later := range []uint64{33, 34} {
		delete(fields, later)
	}
	data, err := writer.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// kindsWorld has a source with a virtual machine, a container and a process, and a
// target.
func kindsWorld(t *testing.T, target func(*testHost)) (*world, *testHost, *testHost) {
	t.Helper()
	w := newWorld(t, 1)
	a := w.addHost("a", Resources{CPU: 8, MemoryBytes: 32 << 30, DiskBytes: 64 << 30})
	b := w.addHost("b", Resources{CPU: 8, MemoryBytes: 32 << 30, DiskBytes: 8 << 30})
	all(a)
	target(b)
	for _, g := range []*testGuest{
		{id: "vm", memory: 1 << 30},
		{id: "box", memory: 1 << 30, kind: Container, needs: []string{"criu=4.2", "image=sha256:1"}, disk: 4 << 30},
		{id: "grep", memory: 1 << 20, kind: Process},
	} {
		g.state, g.cores, g.counted = Running, 1, w.now
		a.guests[g.id] = g
	}
	w.run(3 * time.Second)
	return w, a, b
}

// all takes every kind and offers what the guests need.
func all(h *testHost) { h.kinds, h.offers = Kinds(), []string{"criu=4.2", "image=sha256:1"} }

// moveByModel makes models reserve room at the target and move the guest, and says why
// that was refused.
func (w *world) moveByModel(target *testHost, guest GuestID) (why string) {
	w.t.Helper()
	reserve := w.askTerm(target, lcc.NewTerm("reserve", lcc.String(guest), lcc.NewTerm("need", lcc.Float(1), lcc.Int(1)),
		lcc.String("a"), &lcc.Var{Name: "D"}))
	w.run(time.Second)
	answer := target.answered[reserve]
	if answer.Truth != lcc.True {
		return answer.Detail
	}
	w.askTerm(w.hosts["a"], lcc.NewTerm("migrate", answer.Solutions[0][3], lcc.String(guest), lcc.String(target.id)))
	w.run(20 * time.Second)
	return ""
}

// moveByHand orders the move of a guest to a target, and says why that was refused.
func (w *world) moveByHand(target HostID, guest GuestID) (why string) {
	w.t.Helper()
	w.run(90 * time.Second) // no cool-down and no earlier refusal counts
	w.log = nil
	w.step(w.hosts["a"], Ordered{ID: 9, Order: MoveGuest{Guest: guest, Target: target}})
	w.run(20 * time.Second)
	for _, line := range w.log {
		if _, fails, ok := strings.Cut(line, "order 9 fails: "); ok {
			return fails
		}
	}
	return ""
}

func TestEachKindMoves(t *testing.T) {
	for _, byHand := range []bool{false, true} {
		for _, guest := range []GuestID{"vm", "box", "grep"} {
			t.Run(fmt.Sprintf("%s by hand %v", guest, byHand), func(t *testing.T) {
				w, a, b := kindsWorld(t, all)
				moved := *a.guests[guest]
				why := ""
				if byHand {
					why = w.moveByHand("b", guest)
				} else {
					why = w.moveByModel(b, guest)
				}
				if why != "" || b.guests[guest] == nil || a.guests[guest] != nil {
					t.Fatalf("got %q, want the guest moved:\n%s", why, strings.Join(w.log, "\n"))
				}
				if move := w.moves[0].spec; move.Target != "b" {
					t.Errorf("Migration.Target: got %q, want b", move.Target)
				}
				for _, h := range []*testHost{a, b} {
					entry, ok := ReadHistory(h.records[len(h.records)-1])
					for i := len(h.records) - 1; !ok; i-- {
						entry, ok = ReadHistory(h.records[i])
					}
					if entry.Kind != moved.kind.Known() || entry.Need.DiskBytes != moved.disk {
						t.Errorf("record of host %s: got kind %q and %d bytes of disk, want %q and %d", h.id, entry.Kind, entry.Need.DiskBytes,
							moved.kind.Known(), moved.disk)
					}
				}
			})
		}
	}
}

// What a target lacks, it says with a code of its own, to models and to operators.
func TestKindRefused(t *testing.T) {
	for name, c := range map[string]struct {
		target func(*testHost)
		guest  GuestID
		code   Code
		want   string
	}{
		"no platform":                      {func(h *testHost) { h.kinds = []Kind{VM, Process} }, "box", CodeKind, "is a container"},
		"no platform for virtual machines": {func(h *testHost) { h.kinds = []Kind{Container} }, "vm", CodeKind, "is a virtual machine"},
		"virtual machines only":            {func(*testHost) {}, "grep", CodeKind, "is a process"},
		"what it needs":                    {func(h *testHost) { h.kinds, h.offers = Kinds(), []string{"criu=4.2"} }, "box", CodeNeeds, "needs image=sha256:1"},
		"disk":                             {func(h *testHost) { all(h); h.capacity.DiskBytes = 1 << 30 }, "box", CodeNoDisk, "1.00 GiB of disk are left"},
		"a platform that fails":            {func(h *testHost) { all(h); h.unseen = map[Kind]string{Process: "it is gone"} }, "vm", CodePlatform, "it is gone"},
	} {
		t.Run(name, func(t *testing.T) {
			w, a, b := kindsWorld(t, c.target)
			why := w.moveByModel(b, c.guest)
			if !strings.Contains(why, c.want) {
				t.Errorf("to a model: got %q, want %q", why, c.want)
			}
			byHand := w.moveByHand("b", c.guest)
			if !strings.Contains(byHand, c.want) && !(c.code == CodeKind && strings.Contains(byHand, "takes none")) {
				t.Errorf("to an operator: got %q, want %q", byHand, c.want)
			}
			if a.guests[c.guest] == nil || len(w.moves) > 0 {
				t.Errorf("the guest was moved: %v", w.moves)
			}
			var codes []Code
			for _, changes := range a.outcome {
				for _, d := range changes {
					codes = append(codes, d.Code)
				}
			}
			if !slices.Contains(codes, c.code) {
				t.Errorf("codes at the source: got %q, want %q", codes, c.code)
			}
		})
	}
}

// A host of an earlier version, which ignores what it does not know, never gets a guest
// that it cannot run, and still exchanges virtual machines.
func TestEarlierVersionGetsVirtualMachinesOnly(t *testing.T) {
	for guest, want := range map[GuestID]string{"vm": "", "box": "container", "grep": "process"} {
		t.Run(string(guest), func(t *testing.T) {
			w, a, b := kindsWorld(t, func(h *testHost) { h.early = true })
			if why := w.moveByModel(b, guest); (why == "") != (want == "") || !strings.Contains(why, want) {
				t.Fatalf("to a model: got %q, want %q", why, want)
			}
			if why := w.moveByHand("b", guest); want != "" && !strings.Contains(why, kindLabel+want) {
				t.Errorf("to an operator: got %q, want the label that the host lacks", why)
			}
			if moved := b.guests[guest] != nil; moved != (want == "") || (a.guests[guest] == nil) != moved {
				t.Errorf("the guest at the target: got %v, want %v", moved, want == "")
			}
		})
	}
}

// The room for volumes is reserved, and what arrives must be what was reserved.
func TestDiskIsReserved(t *testing.T) {
	target := newEnd(t, "tgt")
	target.core.config.MovesIn = 2
	capacity := Resources{CPU: 8, MemoryBytes: 8 << 30, DiskBytes: 6 << 30}
	sees := func(guests ...Guest) {
		target.step(Observed{Wall: time.Unix(1_700_000_000, int64(target.now)), Observation: Observation{
			Capacity: capacity, Endpoints: map[Kind]string{Container: "boxes"}, Guests: guests,
		}})
	}
	sees()
	propose := func(deal DealID, guest GuestID, disk int64) payload {
		target.hears("src", payload{
			Kind: kindPropose, Deal: deal, Guest: guest, Name: "web", CPU: 1, Memory: 1 << 30, Processors: 2,
			Nature: nature{Kind: Container, Disk: disk}, Rules: Rules{Requires: []string{kindLabel + "container"}},
		})
		target.durable()
		out := target.out
		if offers := target.said(kindOffer); len(offers) > 0 {
			return offers[0]
		}
		target.out = out
		return target.said(kindRefuse)[0]
	}
	offer := propose("d", "g", 4<<30)
	if offer.Kind != kindOffer {
		t.Fatalf("got %+v, want an offer", offer)
	}
	target.out = nil
	if no := propose("e", "h", 3<<30); no.Code != CodeNoDisk {
		t.Errorf("volumes beside a reservation: got %+v, want %s", no, CodeNoDisk)
	}
	if got := target.core.Status().Reserved.DiskBytes; got != 4<<30 {
		t.Errorf("reserved: got %d bytes of disk, want 4 GiB", got)
	}
	commit := commitOf(offer)
	commit.Processors, commit.Nature = 2, nature{Kind: Container, Disk: 4 << 30}
	target.hears("src", commit)
	target.durable()
	if armed := target.said(kindArmed); len(armed) != 1 || armed[0].Endpoint != "boxes" {
		t.Fatalf("got %+v, want the endpoint of containers", armed)
	}
	for name, ev := range map[string]AdmissionAsked{
		"larger volumes": {Kind: Container, Need: Resources{CPU: 1, MemoryBytes: 1 << 30, DiskBytes: 5 << 30}},
		"another kind":   {Need: Resources{CPU: 1, MemoryBytes: 1 << 30}},
	} {
		d := *target.core.book.deals["d"]
		if why := whyNotAsDeclared(&d, ev.Kind, ev.Need); !why.Is() {
			t.Errorf("%s: let in", name)
		}
	}
	target.out = nil
	target.step(AdmissionAsked{ID: 1, Guest: "g", Kind: Container, Deal: "d", Token: offer.Token,
		Need: Resources{CPU: 1, MemoryBytes: 1 << 30, DiskBytes: 4 << 30}})
	for _, effect := range target.out {
		if admit, is := effect.(Admit); is && admit.Why.Is() {
			t.Errorf("as declared: got %v, want it let in", admit.Why)
		}
	}
}

// Guests that cannot be looked at are not gone: they take their room, do not move, and
// no question about them is answered with "absent". The others continue.
func TestUnseenKindIsNotGone(t *testing.T) {
	w, a, b := kindsWorld(t, all)
	used := a.core.Status().Used
	a.unseen = map[Kind]string{Container: "podman is gone"}
	w.run(3 * time.Second)
	if got := a.core.Status().Used; got.MemoryBytes != used.MemoryBytes || got.DiskBytes != used.DiskBytes {
		t.Errorf("used: got %+v, want what it was, %+v", got, used)
	}
	for guest, want := range map[GuestID]place{"box": placeUnknown, "vm": placeRunning, "other": placeUnknown} {
		if got := a.core.load.placeOf(guest, ""); got != want {
			t.Errorf("place of %s: got %q, want %q", guest, got, want)
		}
	}
	if got := a.core.load.placeOf("other", VM); got != placeAbsent {
		t.Errorf("place of a virtual machine that is not here: got %q, want %q", got, placeAbsent)
	}
	if why := w.moveByModel(b, "box"); !strings.Contains(why, "podman is gone") {
		t.Errorf("a guest that is not seen: got %q, want why", why)
	}
	if why := w.moveByModel(b, "vm"); why != "" || b.guests["vm"] == nil {
		t.Errorf("a guest of another kind: got %q, want it moved:\n%s", why, strings.Join(w.log, "\n"))
	}
	a.unseen = nil
	w.run(3 * time.Second)
	if got := a.core.load.placeOf("box", ""); got != placeRunning {
		t.Errorf("place when it is seen again: got %q, want %q", got, placeRunning)
	}
}

// A move during which the platform of the guest fails ends once it is seen again.
func TestUnseenKindDuringMove(t *testing.T) {
	w, a, b := kindsWorld(t, all)
	w.step(a, Ordered{ID: 1, Order: MoveGuest{Guest: "box", Target: "b"}})
	w.run(time.Second)
	a.unseen, b.unseen = map[Kind]string{Container: "gone"}, map[Kind]string{Container: "gone"}
	w.run(10 * time.Second)
	if d := a.core.book.dealOf("box"); d == nil || d.state != Checking {
		t.Fatalf("deal while nothing is seen: got %+v, want one that is checked", d)
	}
	a.unseen, b.unseen = nil, nil
	w.run(10 * time.Second)
	if a.core.book.dealOf("box") != nil || b.core.book.dealOf("box") != nil || !b.core.load.runsHere("box") {
		t.Errorf("want the deal done once the guest is seen:\n%s", strings.Join(w.log, "\n"))
	}
}

func TestKindAndMIPSAreAsked(t *testing.T) {
	c := newCore(t, configWith(func(c *Config) {
		c.SampleEvery, c.Smoothing = time.Second, time.Second
		c.Rules = []RulesFor{{Kind: Process, Rules: Rules{Priority: 7}}, {Guests: "v*", Kind: Container, Rules: Rules{Priority: 9}}}
	}))
	counted := func(n uint64) Count { return Count{N: n, Known: true} }
	for i := range 5 {
		at := time.Duration(i) * time.Second
		vm, box, grep := guestOf("vm", 1, 1, at), guestOf("box", 1, 1, at), guestOf("grep", 1, 1, at)
		box.Kind, grep.Kind, grep.Instructions = Container, Process, counted(uint64(i)*1_234_000_000)
		look(t, c, at, Resources{CPU: 8, MemoryBytes: 8 << 30}, box, grep, vm)
	}
	for _, q := range []struct{ name, guest, want string }{
		{"kind", "vm", "yes, vm"}, {"kind", "box", "yes, container"}, {"kind", "grep", "yes, process"}, {"kind", "nobody", "no"},
		{"mips", "grep", "yes, 1200.0"}, {"mips", "vm", "no"},
		{"priority", "grep", "yes, 7"}, {"priority", "vm", "yes, 0"}, {"priority", "box", "yes, 0"},
	} {
		if got := asked(t, c, q.name, fmt.Sprintf("%q", q.guest), "_"); got != q.want {
			t.Errorf("%s of %s: got %q, want %q", q.name, q.guest, got, q.want)
		}
	}
	// The sum is that of all guests, or nothing.
	if got := asked(t, c, "mips", "_"); got != "no" {
		t.Errorf("mips of a host with guests that are not counted: got %s, want no answer", got)
	}
	for i := range 3 {
		at := time.Duration(5+i) * time.Second
		grep, sort := guestOf("grep", 1, 1, at), guestOf("sort", 1, 1, at)
		grep.Instructions, sort.Instructions = counted(uint64(5+i)*1_234_000_000), counted(uint64(i)*300_000_000)
		look(t, c, at, Resources{CPU: 8, MemoryBytes: 8 << 30}, grep, sort)
		if got, want := asked(t, c, "mips", "_"), []string{"later", "yes, 1500.0", "yes, 1500.0"}[i]; got != want {
			t.Errorf("mips of the host at look %d: got %s, want %s", i, got, want)
		}
	}
	// A counter that begins again says nothing for a look.
	grep := guestOf("grep", 1, 1, 8*time.Second)
	grep.Kind, grep.Instructions = Process, Count{}
	look(t, c, 8*time.Second, Resources{CPU: 8, MemoryBytes: 8 << 30}, grep)
	if got := asked(t, c, "mips", `"grep"`, "_"); got != "no" {
		t.Errorf("mips without a counter: got %s, want no answer", got)
	}
	look(t, c, 9*time.Second, Resources{CPU: 8, MemoryBytes: 8 << 30})
	if got := asked(t, c, "mips", "_"); got != "yes, 0.0" {
		t.Errorf("mips of a host without guests: got %s, want 0", got)
	}
}
