package hostagent

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestPriceOf(t *testing.T) {
	const mib = 1 << 20
	for name, c := range map[string]struct {
		memory, dirty, bandwidth int64
		want                     Price
	}{
		"a guest that writes nothing": {1000 * mib, 0, 100 * mib, Price{10 * time.Second, 0, 1000 * mib, true}},
		"one that writes a little": {1000 * mib, 10 * mib, 100 * mib,
			Price{11*time.Second + 100*time.Millisecond, 100 * time.Millisecond, 1110 * mib, true}},
		"one that writes as fast as it is sent": {1000 * mib, 100 * mib, 100 * mib, Price{500 * time.Second, 0, 50000 * mib, false}},
		"one that goes in the downtime":         {10 * mib, 1 << 40, 100 * mib, Price{100 * time.Millisecond, 100 * time.Millisecond, 10 * mib, true}},
		"no network":                            {10 * mib, 0, 0, Price{}},
	} {
		if got := PriceOf(c.memory, c.dirty, c.bandwidth, 300*time.Millisecond); got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

// More memory or a higher dirty rate never lowers the price, more bandwidth never
// raises it; a converging migration keeps to the downtime.
func TestPriceIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		memory := rapid.Int64Range(1<<20, 1<<40).Draw(t, "memory")
		bandwidth := rapid.Int64Range(1<<20, 1<<34).Draw(t, "bandwidth")
		dirty := rapid.Int64Range(0, bandwidth/2).Draw(t, "dirty")
		const downtime = 300 * time.Millisecond
		p := PriceOf(memory, dirty, bandwidth, downtime)
		if !p.Converges || p.Downtime > downtime || p.Bytes < memory {
			t.Fatalf("half of the bandwidth is left, and the price is %+v", p)
		}
		if more := PriceOf(2*memory, dirty, bandwidth, downtime); more.Total < p.Total {
			t.Fatalf("twice the memory takes %v, less than %v", more.Total, p.Total)
		}
		if faster := PriceOf(memory, dirty, 2*bandwidth, downtime); faster.Total > p.Total {
			t.Fatalf("twice the bandwidth takes %v, more than %v", faster.Total, p.Total)
		}
	})
}

// A guest whose migration would not converge is not offered; its operator may force it.
func TestUnmovableByPrice(t *testing.T) {
	e := newEnd(t, "src", Guest{ID: "g", Name: "web", State: Running, DirtyKnown: true, DirtyRate: 1 << 30})
	if why := e.core.eligible.whyNotMove(e.core.load.guests["g"]); !why.Is() {
		t.Error("a guest that writes a GiB each second may be moved")
	}
	if why := e.core.eligible.whyStays(e.core.load.guests["g"], true); why.Is() {
		t.Errorf("with force: got %q, want that it is moved", why)
	}
	// A migration shows the network's bandwidth.
	e.core.load.learn(Migrated{Total: time.Second, Bytes: 10 << 30})
	if why := e.core.eligible.whyNotMove(e.core.load.guests["g"]); why.Is() {
		t.Errorf("over a fast network: got %q, want that it may be moved", why)
	}
}

// What a move is expected to take is told once a move, or the configuration, has shown the
// bandwidth: a guess is not told.
func TestPriceTold(t *testing.T) {
	web := Guest{ID: "g", Name: "web", State: Running, Declared: Resources{CPU: 1, MemoryBytes: 1 << 30}, DirtyKnown: true}
	e := newEnd(t, "src", web)
	l := e.core.load
	if p := l.told(l.guests["g"]); p != nil {
		t.Errorf("before the first move: got %+v, want nothing", p)
	}
	l.learn(Migrated{Total: time.Second, Bytes: 1 << 30})
	if p := l.told(l.guests["g"]); p == nil || p.Total != time.Second {
		t.Errorf("after a move of 1 GiB/s: got %+v, want 1 s", p)
	}
}
