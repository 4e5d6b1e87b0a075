package hostagent

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"parley/hostagent/spare"
)

// keeping returns a world whose hosts keep room for the failure of some of them.
func keeping(t *testing.T, seed uint64, survive int) *world {
	w := newWorld(t, seed)
	w.config.Moves.Survive = survive
	return w
}

// truth is what the platforms have, without what the agents know.
func (w *world) truth() (hosts []spare.Host) {
	for _, id := range w.order {
		h := w.hosts[id]
		one := spare.Host{ID: string(id), Kinds: []string{"vm"}, Free: spare.Room{Cores: 1000, MemoryBytes: h.capacity.MemoryBytes}}
		for _, g := range h.sorted() {
			if g.state == Running {
				one.Guests = append(one.Guests, spare.Guest{ID: string(g.id), Kind: "vm", Need: spare.Room{MemoryBytes: g.memory}})
				one.Free.MemoryBytes -= g.memory
			}
		}
		hosts = append(hosts, one)
	}
	return hosts
}

// refusedWith counts the deals and questions that ended with a code.
func (w *world) refusedWith(code Code) (n int) {
	for _, h := range w.hosts {
		for _, stories := range h.outcome {
			for _, s := range stories {
				if s.Code == code {
					n++
				}
			}
		}
	}
	return n
}

// TestSpareRoomIsKept: room for the guests of each host, once there is enough, is never missing
// by a deal of a model or an operator, whatever is lost or late on the way.
func TestSpareRoomIsKept(t *testing.T) {
	used, done, refused := 0, 0, 0
	for seed := range uint64(60) {
		w := keeping(t, seed, 1)
		w.latencySpread, w.loss = 100*time.Millisecond, 0.1*float64(seed%3)
		w.config.Cooldown, w.config.ReturnAfter = time.Second, time.Second
		w.config.MovesOut = 1 + int(seed%2)
		for i := range 3 {
			h := w.addHost(HostID(fmt.Sprintf("h%d", i)), Resources{CPU: 8, MemoryBytes: 12 << 30})
			for j := range 3 {
				id := GuestID(fmt.Sprintf("g%d%d", i, j))
				h.guests[id] = &testGuest{id: id, state: Running, cores: 0.1, memory: int64(1+w.chance.IntN(4)) << 30, counted: w.now}
			}
		}
		w.run(5 * time.Second)
		missing := func() spare.Plan {
			p, err := spare.Worst(w.truth(), 1)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		if !missing().Fits() {
			continue
		}
		used++
		for range 40 {
			w.moveTime = time.Duration(w.chance.Int64N(int64(4 * time.Second)))
			w.tryDeal()
			h := w.hosts[w.order[w.chance.IntN(3)]]
			if guests := h.sorted(); len(guests) > 0 && w.chance.IntN(3) == 0 {
				h.act++
				w.step(h, Ordered{ID: uint64(h.act), Order: MoveGuest{Guest: guests[w.chance.IntN(len(guests))].id, Target: w.order[w.chance.IntN(3)]}})
			}
			for range 10 {
				w.run(time.Duration(w.chance.Int64N(int64(300 * time.Millisecond))))
				if p := missing(); !p.Fits() {
					t.Fatalf("seed %d: if %v fails, %v have no place:\n%s", seed, p.Failed, p.Missing, strings.Join(w.log[max(0, len(w.log)-40):], "\n"))
				}
			}
		}
		refused += w.refusedWith(CodeSpareRoom)
		for _, h := range w.hosts {
			for _, stories := range h.outcome {
				if last := stories[len(stories)-1]; last.Side == SourceSide && last.State == Done {
					done++
				}
			}
		}
	}
	t.Logf("%d worlds, %d moves, %d refusals", used, done, refused)
	if used < 10 || done < 50 || refused < 20 {
		t.Errorf("%d worlds with %d moves and %d refusals show nothing", used, done, refused)
	}
}

// A drained host is the one that fails: what is kept is kept for its guests. So it empties where
// each of its guests has a place, although no room is left for another failure.
func TestSpareRoomIsForDrains(t *testing.T) {
	w := keeping(t, 1, 1)
	for i := range 3 {
		h := w.addHost(HostID(fmt.Sprintf("h%d", i)), Resources{CPU: 8, MemoryBytes: 6 << 30})
		for j := range 2 {
			id := GuestID(fmt.Sprintf("g%d%d", i, j))
			h.guests[id] = &testGuest{id: id, state: Running, cores: 0.1, memory: 2 << 30, counted: w.now}
		}
	}
	w.run(5 * time.Second)
	if got := w.hosts["h0"].core.SpareStatus(); got != (SpareStatus{Survive: 1, Hosts: 3}) {
		t.Fatalf("got %+v, want that nothing is missing of 3 hosts", got)
	}
	w.step(w.hosts["h0"], Ordered{ID: 1, Order: MoveGuest{Guest: "g00", Target: "h1"}})
	w.run(10 * time.Second)
	if w.refusedWith(CodeSpareRoom) != 0 || w.hosts["h1"].guests["g00"] == nil {
		t.Errorf("g00 is not on h1, where all are survived:\n%s", strings.Join(w.log, "\n"))
	}
	w.step(w.hosts["h0"], Ordered{ID: 2, Order: Set{Settings{Drained: true}}})
	w.run(time.Minute)
	if left := w.hosts["h0"].sorted(); len(left) != 0 {
		t.Errorf("%d guests are left:\n%s", len(left), strings.Join(w.log, "\n"))
	}
}

// A move, and a new guest, that would leave room missing is refused with a code of its own and
// says who would have no place; without the setting nothing is told or refused.
func TestSpareRoomIsRefused(t *testing.T) {
	for survive, want := range map[int]Code{0: "", 1: CodeSpareRoom} {
		w := keeping(t, 1, survive)
		for i, memory := range []int64{2, 4, 3} {
			id := HostID(fmt.Sprintf("h%d", i))
			h := w.addHost(id, Resources{CPU: 8, MemoryBytes: 6 << 30})
			g := GuestID(fmt.Sprintf("g%d", i))
			h.guests[g] = &testGuest{id: g, state: Running, cores: 0.1, memory: memory << 30, counted: w.now}
		}
		h0, h1, h2 := w.hosts["h0"], w.hosts["h1"], w.hosts["h2"]
		h1.guests["small"] = &testGuest{id: "small", state: Running, cores: 0.1, memory: 1 << 30, counted: w.now}
		w.run(5 * time.Second)
		if (h1.told != nil) != (survive > 0) {
			t.Errorf("survive %d: h1 tells %d bytes", survive, len(h1.told))
		}
		if got := h0.core.Vacancy(Wanted{Need: Resources{CPU: 1, MemoryBytes: 1 << 30}}); got.Why.Code != want {
			t.Errorf("survive %d: a new guest on h0: got %+v, want %q", survive, got.Why, want)
		}
		w.step(h1, Ordered{ID: 1, Order: MoveGuest{Guest: "small", Target: "h0"}})
		w.run(20 * time.Second)
		text := strings.Join(w.log, "\n")
		const why = "room for guests of hosts that fail would be missing: if h1 fails, g1 has no place (4.00 GiB)"
		if strings.Contains(text, why) != (survive > 0) || (h0.guests["small"] == nil) != (survive > 0) {
			t.Errorf("survive %d: small moves to h0, where g1 has room:\n%s", survive, text)
		}
		w.step(h0, Ordered{ID: 2, Order: MoveGuest{Guest: "g0", Target: "h2"}})
		w.run(20 * time.Second)
		if h2.guests["g0"] == nil {
			t.Errorf("survive %d: g0 is not on h2, where nothing is missing:\n%s", survive, strings.Join(w.log, "\n"))
		}
	}
}

// What a host tells is read as it was said; what no host says is refused, and blamed on its
// sender. One that is silent is absent, and what it said last stays known.
func TestToldSpareRoom(t *testing.T) {
	said := spare.Host{
		ID: "it", Free: spare.Room{Cores: -0.25, MemoryBytes: -5, DiskBytes: 7}, Drained: true, Closed: true, Labels: []string{"rack=a"},
		Kinds: []string{"vm"}, Offers: []string{"cpu=avx2"}, Networks: []string{"lan"}, Guests: []spare.Guest{
			{ID: "g1", Name: "web", Kind: "container", Need: spare.Room{Cores: 1.5, MemoryBytes: 8}, Needs: []string{"criu=4"}, Networks: []string{"lan"},
				Labels: []string{"a=1"}, Requires: []string{"b=1"}, Apart: []string{"c=1"},
				Avoids: []string{"d=1"}, AtMost: []spare.Limit{{Label: "a=1", Most: 2}}},
		}, Coming: []spare.Guest{{ID: "g2", Name: "db", Kind: "vm", Need: spare.Room{Cores: 1, MemoryBytes: 8, DiskBytes: 9}}},
	}
	data, ok := encodeSpare(said)
	got, err := decodeSpare(data)
	if !ok || err != nil || !reflect.DeepEqual(got, said) {
		t.Errorf("got %+v and %v\nwant %+v", got, err, said)
	}
	w := keeping(t, 1, 1)
	h := w.addHost("h", Resources{CPU: 8, MemoryBytes: 8 << 30})
	w.step(h, Told{From: "other", Data: data})
	if got := h.core.SpareStatus(); got.Hosts != 2 {
		t.Errorf("got %+v, want 2 hosts", got)
	}
	w.step(h, Told{From: "other"})
	h.guests["g"] = &testGuest{id: "g", state: Running, memory: 1 << 30, counted: w.now}
	w.run(5 * time.Second)
	want := SpareStatus{
		Survive: 1, Hosts: 1, Guests: 1, Missing: spare.Room{MemoryBytes: 1 << 30}, Text: "if h fails, g has no place (1.00 GiB)",
	}
	if got := h.core.SpareStatus(); got != want {
		t.Errorf("other is silent: got %+v, want %+v", got, want)
	}
	if told, _, known := h.core.SpareOf("other"); !known || len(told.Guests) != 1 || told.ID != "other" {
		t.Errorf("other is silent: got %+v, want what it told last", told)
	}
	many := said
	many.Guests = nil
	for i := range spareGuests + 1 {
		many.Guests = append(many.Guests, spare.Guest{ID: fmt.Sprint(i)})
	}
	if _, ok := encodeSpare(many); ok {
		t.Error("more guests than are read are encoded")
	}
	for name, wrong := range map[string]wireSpare{
		"no room":           {},
		"too large":         {Free: []int64{1, memoryMax + 1}},
		"too many numbers":  {Free: []int64{1, 2, 3, 4}},
		"a guest of no id":  {Free: []int64{1, 2}, Guests: []wireSpareGuest{{Need: []int64{1, 2}}}},
		"a negative guest":  {Free: []int64{1, 2}, Guests: []wireSpareGuest{{ID: "g", Need: []int64{-10, 2}}}},
		"a label of nobody": {Free: []int64{1, 2}, Labels: []string{"no label"}},
	} {
		data, err := writer.Marshal(wrong)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decodeSpare(data); err == nil {
			t.Errorf("%s: it is read", name)
		}
	}
}
