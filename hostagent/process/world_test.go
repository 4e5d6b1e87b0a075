package process

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/handover"
)

// timeout bounds each wait of these tests.
const timeout = time.Minute

// shortDir is a directory whose path leaves room for a socket.
func shortDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "coop")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		detach(t, dir)
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// detach removes what a test has mounted in its directory, where programs have networks of
// their own.
var detach = func(testing.TB, string) {}

func self(t testing.TB) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// open opens a platform that may run this test and the given programs. At the end of the
// test its programs end.
func open(t testing.TB, dir, host string, change func(*Options)) *supervisor {
	t.Helper()
	o := Options{
		Dir: dir, Host: host, Capacity: hostagent.Resources{CPU: 8, MemoryBytes: 1 << 34}, Programs: []string{self(t)},
		Look: 10 * time.Millisecond, Logger: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
	if change != nil {
		change(&o)
	}
	p, err := supervise(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, p) })
	return p
}

// shut ends a platform with its programs.
func shut(t testing.TB, p *supervisor) {
	t.Helper()
	if err := p.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, g := range p.guests {
		if err := end(g.rec.Process, p.groups.of(g.rec.ID)); err != nil {
			t.Errorf("end the program of %s: %v", g.rec.Spec.Name, err)
		}
		for alive := true; alive; {
			alive, _ = g.rec.Process.alive()
		}
		for !p.groups.remove(g.rec.ID) {
		}
	}
	sweepAll(t, p.groups)
}

// sweepAll ends what runs in all cgroups of an agent, also of guests that have left it.
func sweepAll(t testing.TB, g groups) {
	t.Helper()
	for g != "" {
		g.sweep(func(hostagent.GuestID) bool { return false })
		left, err := filepath.Glob(string(g) + "*")
		if err != nil {
			t.Fatal(err)
		}
		if len(left) == 0 {
			return
		}
		runtime.Gosched() // what was killed has not ended yet
	}
}

// run launches a guest.
func run(t *testing.T, p *supervisor, name string, args ...string) hostagent.GuestID {
	t.Helper()
	id, err := p.Launch(bounded(t), launch(t, name, args...))
	if err != nil {
		t.Fatalf("Launch %s: %v", name, err)
	}
	return id
}

func launch(t testing.TB, name string, args ...string) hostagent.Launch {
	return hostagent.Launch{Name: name, Program: self(t), Args: args, Dir: "/", Need: hostagent.Resources{CPU: 1, MemoryBytes: 1 << 28}}
}

func bounded(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	t.Cleanup(cancel)
	return ctx
}

// launched is how a platform lists a guest; the zero value if it does not.
func launched(p *supervisor, id hostagent.GuestID) hostagent.Launched {
	list := p.Launched()
	i := slices.IndexFunc(list, func(l hostagent.Launched) bool { return l.ID == id })
	if i < 0 {
		return hostagent.Launched{}
	}
	return list[i]
}

// until waits until what a platform lists of a guest is so.
func until(t testing.TB, p *supervisor, id hostagent.GuestID, what string, is func(hostagent.Launched) bool) hostagent.Launched {
	t.Helper()
	ctx := bounded(t)
	ticks := time.NewTicker(5 * time.Millisecond)
	defer ticks.Stop()
	for {
		l := launched(p, id)
		if is(l) {
			return l
		}
		select {
		case <-ticks.C:
		case <-ctx.Done():
			t.Fatalf("guest %s: got %+v, want %s", id, l, what)
		}
	}
}

func connected(t *testing.T, p *supervisor, id hostagent.GuestID) {
	t.Helper()
	until(t, p, id, "a connected program", func(hostagent.Launched) bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		g := p.guests[id]
		return g != nil && g.link != nil
	})
}

// parcel is what a move carries, in memory.
type parcel struct {
	parts   []*parcelPart
	stopped time.Time
}

func (p *parcel) Stopped(since time.Time) { p.stopped = since }

type parcelPart struct {
	name string
	bytes.Buffer
}

func (*parcelPart) CloseWrite() error { return nil }

func (p *parcel) Part(name string) (handover.Part, error) {
	p.parts = append(p.parts, &parcelPart{name: name})
	return p.parts[len(p.parts)-1], nil
}

func (p *parcel) Next() (string, handover.Part, error) {
	if len(p.parts) == 0 {
		return "", nil, io.EOF
	}
	next := p.parts[0]
	p.parts = p.parts[1:]
	return next.name, next, nil
}

// errChance is why a move of the tests fails.
var errChance = errors.New("by chance")

// shift moves a guest as a mover does, and fails at the given step; 0 for none.
func shift(ctx context.Context, id hostagent.GuestID, move string, from, to *supervisor, failAt int) (err error) {
	m := handover.Move{ID: handover.MoveID(move), Guest: id}
	var p parcel
	released := false
	steps := []func() error{
		func() error {
			d, err := moves{from}.Describe(ctx, m)
			if err != nil {
				return err
			}
			return moves{to}.Prepare(ctx, m, d)
		},
		func() error { return moves{from}.Freeze(ctx, m, &p) },
		func() error { return moves{to}.Receive(ctx, m, 1, true, &p) },
		func() error { return moves{to}.Restore(ctx, m) },
		func() error {
			released = true
			return errors.Join(moves{to}.Activate(ctx, m), moves{from}.Leave(ctx, m))
		},
	}
	for i, step := range steps {
		if err = step(); err == nil && failAt == i+1 && !released {
			err = errChance
		}
		if err != nil {
			break
		}
	}
	if err != nil && !released {
		return errors.Join(err, moves{from}.Resume(ctx, m), moves{to}.Discard(ctx, m))
	}
	return err
}

// input writes lines of which every third has the text "yes", and returns those.
func input(t *testing.T, dir string, lines int) (path string, want []byte) {
	t.Helper()
	var all bytes.Buffer
	for i := range lines {
		line := []byte("line " + string(rune('a'+i%26)) + " no\n")
		if i%3 == 0 {
			line = []byte("line " + string(rune('a'+i%26)) + " yes " + string(bytes.Repeat([]byte("x"), i%50)) + "\n")
			want = append(want, line...)
		}
		all.Write(line)
	}
	path = filepath.Join(dir, "in")
	if err := os.WriteFile(path, all.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, want
}

func moveOf(id hostagent.GuestID, move string) handover.Move {
	return handover.Move{ID: handover.MoveID(move), Guest: id}
}
