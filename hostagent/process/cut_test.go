package process

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/handover/handovertest"
)

// cutConn is a connection that is cut after a number of bytes.
type cutConn struct {
	hostagent.Conn
	left *atomic.Int64
}

func (c cutConn) Write(b []byte) (int, error) {
	if c.left.Add(-int64(len(b))) < 0 {
		return 0, errors.Join(errors.New("the connection is cut"), c.Close())
	}
	return c.Conn.Write(b)
}

func (c cutConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if c.left.Add(-int64(n)) < 0 {
		return 0, errors.Join(errors.New("the connection is cut"), c.Close())
	}
	return n, err
}

// A program that is moved over connections which are cut at random places writes what it
// would have written alone, and runs on one host at each look.
func TestConnectionsAreCut(t *testing.T) {
	dir := shortDir(t)
	in, want := input(t, dir, 1_500_000)
	program := self(t)
	hosts := []*Platform{host(t, filepath.Join(dir, "a"), "a", program, nil), host(t, filepath.Join(dir, "b"), "b", program, nil)}
	chance := rand.New(rand.NewPCG(11, 11))
	var cuts atomic.Bool
	for i, h := range hosts {
		other := hosts[1-i]
		dial := handovertest.Dial(other, hostagent.HostID(h.of.options.Host))
		h.SetDial(func(ctx context.Context, to hostagent.HostID) (hostagent.Conn, error) {
			conn, err := dial(ctx, to)
			if err != nil || !cuts.Load() {
				return conn, err
			}
			cut := cutConn{conn, &atomic.Int64{}}
			cut.left.Store(100 + chance.Int64N(3000))
			return cut, nil
		})
	}
	out := filepath.Join(dir, "out")
	l := launch(t, "grep", "grep", "yes", in, out)
	id, err := hosts[0].Launch(bounded(t), l)
	if err != nil {
		t.Fatal(err)
	}
	here, moved, cut := 0, 0, 0
	for {
		if is := launched(hosts[here].of, id); is.State == hostagent.LaunchDone {
			break
		}
		cuts.Store(chance.IntN(2) == 0)
		there := hosts[1-here]
		m := hostagent.Migration{Guest: id, Target: hostagent.HostID(there.of.options.Host), Endpoint: there.Mover.Endpoint()}
		if _, err := hosts[here].Migrate(bounded(t), m, nil); err != nil {
			cut++
		} else {
			moved++
		}
		cuts.Store(false)
		here = settled(t, hosts, id)
	}
	got, err := os.ReadFile(out)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("after %d moves and %d that failed: got %d bytes, %v, want %d", moved, cut, len(got), err, len(want))
	}
	t.Logf("%d moves, %d failed", moved, cut)
	if moved == 0 {
		t.Error("no move has succeeded")
	}
}

// settled waits until one host has the guest, and no move is left; it returns which.
func settled(t testing.TB, hosts []*Platform, id hostagent.GuestID) (here int) {
	t.Helper()
	ctx := bounded(t)
	for {
		var on []int
		quiet := true
		for i, h := range hosts {
			seen, err := h.Observe(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range seen.Guests {
				quiet = quiet && g.State == hostagent.Running && !g.Leaving
				if g.State == hostagent.Running && !g.Leaving {
					on = append(on, i)
				}
			}
			if l := launched(h.of, id); ended(l) {
				return i
			}
		}
		if len(on) > 1 {
			t.Fatalf("the guest runs on %d hosts", len(on))
		}
		if quiet && len(on) == 1 {
			return on[0]
		}
		select {
		case <-hosts[0].Changes():
		case <-hosts[1].Changes():
		case <-ctx.Done():
			t.Fatalf("the guest is on its way for %v", timeout)
		}
	}
}

// BenchmarkMove moves a program to and fro; ms-still is how long it stood still, and
// ms-checkpoint how long a checkpoint takes.
func BenchmarkMove(b *testing.B) {
	dir := shortDir(b)
	program := self(b)
	x, y := host(b, filepath.Join(dir, "a"), "a", program, nil), host(b, filepath.Join(dir, "b"), "b", program, nil)
	handovertest.Wire(x, y, "a", "b")
	id, err := x.Launch(b.Context(), launch(b, "counter", "counter", filepath.Join(dir, "out"), filepath.Join(dir, "gate")))
	if err != nil {
		b.Fatal(err)
	}
	var still, kept time.Duration
	for b.Loop() {
		settled(b, []*Platform{x, y}, id)
		began := time.Now()
		if err := x.of.checkpoint(b.Context(), id); err != nil {
			b.Fatal(err)
		}
		kept += time.Since(began)
		m := hostagent.Migration{Guest: id, Target: hostagent.HostID(y.of.options.Host), Endpoint: y.Mover.Endpoint()}
		moved, err := x.Migrate(b.Context(), m, nil)
		if err != nil {
			b.Fatal(err)
		}
		still += moved.Downtime
		x, y = y, x
	}
	b.ReportMetric(float64(still.Microseconds())/1e3/float64(b.N), "ms-still")
	b.ReportMetric(float64(kept.Microseconds())/1e3/float64(b.N), "ms-checkpoint")
}
