package process

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/process/protocol"
)

// A move that is asked for while a checkpoint waits for the program has the next safe
// point, and the guest stands still from there, and not since it was asked.
func TestMoveOvertakesCheckpoint(t *testing.T) {
	dir := shortDir(t)
	p := open(t, filepath.Join(dir, "a"), "a", func(o *Options) { o.SuspendWithin = 5 * time.Second })
	id := run(t, p, "late", "late", filepath.Join(dir, "gate"))
	checkpoint, move := make(chan error, 1), make(chan error, 1)
	var sent parcel
	asked := func(why protocol.Purpose) {
		t.Helper()
		until(t, p, id, "asked to stand for a "+string(why), func(hostagent.Launched) bool {
			p.mu.Lock()
			defer p.mu.Unlock()
			s := p.guests[id].standing
			return s != nil && s.why == why && len(p.guests[id].link.queue) == 0
		})
	}
	go func() { checkpoint <- p.checkpoint(bounded(t), id) }()
	asked(protocol.ForCheckpoint)
	go func() { move <- moves{p}.Freeze(bounded(t), moveOf(id, "1"), &sent) }()
	asked(protocol.ForMove)
	if err := <-checkpoint; !errors.Is(err, errOvertaken) {
		t.Errorf("the checkpoint: got %v, want that it is overtaken", err)
	}
	before := time.Now()
	if err := os.WriteFile(filepath.Join(dir, "gate1"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := <-move; err != nil {
		t.Fatalf("Freeze: got %v, want that it has the first safe point", err)
	}
	if sent.stopped.Before(before) || sent.stopped.After(time.Now()) {
		t.Errorf("it stands since %v, want a time after its safe point at %v", sent.stopped, before)
	}
}

// A checkpoint does not overtake another one, which a move may have asked for.
func TestCheckpointWaitsForCheckpoint(t *testing.T) {
	dir := shortDir(t)
	p := open(t, filepath.Join(dir, "a"), "a", func(o *Options) { o.SuspendWithin = 10 * time.Second })
	id := run(t, p, "late", "late", filepath.Join(dir, "gate"))
	first := make(chan error, 1)
	go func() { first <- p.checkpoint(bounded(t), id) }()
	until(t, p, id, "asked to stand", func(hostagent.Launched) bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.guests[id].standing != nil
	})
	ended, end := context.WithCancel(bounded(t))
	end()
	if err := p.checkpoint(ended, id); !errors.Is(err, context.Canceled) {
		t.Errorf("a second one, whose time is over: got %v, want that it is not made", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "gate1"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := <-first; err != nil {
		t.Errorf("the first one: got %v, want none", err)
	}
}

// A program that has come to a checkpoint just before the agent gave it up is asked again
// for what came meanwhile, which it ignores while it stands.
func TestAskedAgain(t *testing.T) {
	p := open(t, shortDir(t), "a", func(o *Options) { o.SuspendWithin = 10 * time.Second })
	id := run(t, p, "stands", "stands")
	p.mu.Lock()
	g := p.guests[id]
	p.mu.Unlock()
	if _, err := p.ask(g, protocol.ForCheckpoint); err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	g.overtake()
	p.mu.Unlock()
	if err := p.Suspend(bounded(t), id); err != nil {
		t.Errorf("Suspend: got %v, want none", err)
	}
}
