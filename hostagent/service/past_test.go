package service

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/hostagent"
)

// pastLooks has a guest use half of its two cores for a time.
func pastLooks(p *pastKeeper, from time.Time, lasts time.Duration) {
	for t := time.Duration(0); t < lasts; t += time.Minute {
		p.look(from.Add(t), "h1", nil, hostagent.Status{
			Known: true, Capacity: hostagent.Resources{CPU: 8, MemoryBytes: 1 << 34},
			Guests: []hostagent.GuestStatus{{Guest: hostagent.Guest{
				ID: "g", Name: "web", State: hostagent.Running, CPUTime: t, MemoryBytes: 1 << 29,
				Declared: hostagent.Resources{CPU: 2, MemoryBytes: 1 << 30},
			}}},
		})
	}
}

// What was seen is there while the agent runs, and after its end; a file that a crash tore
// is cut, and the log says so.
func TestPastIsKept(t *testing.T) {
	cfg := testConfig(t.TempDir(), "h1", "")
	log := &lines{}
	open := func() *pastKeeper { return openPast(cfg, slog.New(slog.NewTextHandler(log, nil))) }
	p := open()
	began := time.Unix(1_700_000_000/7200*7200, 0)
	pastLooks(p, began, 3*time.Hour+time.Minute)
	check := func(when string, want int) {
		t.Helper()
		blocks, err := p.since(began)
		if err != nil || len(blocks) != want {
			t.Fatalf("%s: got %d blocks, %v, want %d", when, len(blocks), err, want)
		}
		g := blocks[0].Guests[0]
		if blocks[0].Samples != 24 || g.Name != "web" || g.CPU[3] != 500 || g.Memory[3] != 500 {
			t.Errorf("%s: got %+v, want half of all in each of 24 steps", when, blocks[0])
		}
	}
	check("before anything is written", 2)
	over, cancel := context.WithCancel(t.Context())
	cancel()
	p.run(over)
	check("when the agent has ended", 2)
	p = open()
	check("in the next run", 2)
	files, err := filepath.Glob(filepath.Join(cfg.StateDir, "past", "*.past"))
	if err != nil || len(files) == 0 {
		t.Fatalf("got no file: %v", err)
	}
	last := files[len(files)-1]
	info, err := os.Stat(last)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(last, info.Size()-3); err != nil {
		t.Fatal(err)
	}
	p = open()
	check("after a crash", 1)
	if text := log.String(); !strings.Contains(text, "event=past_cut") {
		t.Errorf("got the log %q, want that a file is cut", text)
	}
	cfg.Audit.LoadsFor = 0
	p = open()
	pastLooks(p, began, time.Hour)
	if blocks, err := p.since(began); err != nil || len(blocks) != 0 {
		t.Errorf("got %d blocks, %v, want that nothing is kept", len(blocks), err)
	}
}
