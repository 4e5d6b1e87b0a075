package service

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/past"
	"parley/hostagent/site"
	"parley/internal/race"
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
	cfg.Audit.LoadsEvery = 5 * time.Minute
	log := &lines{}
	open := func() *pastKeeper { return openPast(cfg, slog.New(slog.NewTextHandler(log, nil))) }
	p := open()
	began := time.Unix(1_700_000_000/7200*7200, 0)
	pastLooks(p, began, 3*time.Hour+time.Minute)
	check := func(when string, want int) {
		t.Helper()
		blocks, err := p.between(began, began.Add(time.Hour*24))
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
	q := site.PastQuestion{Of: site.PastLoads, Since: began, Until: began.Add(24 * time.Hour)}
	if a, err := p.page(q); err != nil || a.Kept || len(a.Blocks) != 0 {
		t.Errorf("got %+v, %v, want that nothing is kept", a, err)
	}
}

// A part of the past has a bounded size, whatever a block takes: who follows its
// continuations has each guest of each block once.
func TestPastPages(t *testing.T) {
	if race.Detector {
		t.Skip("one goroutine")
	}
	p := openPast(testConfig(t.TempDir(), "h1", ""), slog.New(slog.DiscardHandler))
	began := time.Unix(1_700_000_000/86400*86400, 0)
	chance := rand.New(rand.NewPCG(1, 2))
	want := 0
	for i, guests := range []int{3, 9000, 9000, 1} {
		b := past.Block{Start: began.Add(time.Duration(i) * 20 * time.Hour).Unix(), Step: 300, Samples: 24}
		for g := range guests {
			s := past.Series{Guest: past.Guest{ID: fmt.Sprint("g", g)}}
			for range b.Samples {
				s.CPU, s.Memory = append(s.CPU, uint16(chance.IntN(1000))), append(s.Memory, uint16(chance.IntN(1000)))
			}
			b.Guests = append(b.Guests, s)
			want++
		}
		if err := p.shelf.Append(b); err != nil {
			t.Fatal(err)
		}
	}
	q := site.PastQuestion{Of: site.PastLoads, Since: began, Until: began.Add(10 * 24 * time.Hour)}
	seen := map[string]bool{}
	for pages := 1; ; pages++ {
		a, err := p.page(q)
		if err != nil || !a.Kept || len(a.Blocks) > pageMost {
			t.Fatalf("got %d bytes, %v, want at most %d", len(a.Blocks), err, pageMost)
		}
		blocks, _, torn := past.Read(a.Blocks)
		if torn != nil {
			t.Fatal(torn)
		}
		for _, b := range blocks {
			for _, g := range b.Guests {
				key := fmt.Sprint(b.Start, g.ID)
				if seen[key] {
					t.Fatalf("%s came twice", key)
				}
				seen[key] = true
			}
		}
		if a.Next == nil {
			if len(seen) != want || pages < 2 {
				t.Errorf("got %d guests of blocks on %d pages, want %d on several", len(seen), pages, want)
			}
			return
		}
		if err := a.Next.Validate(); err != nil || !a.Next.After(q) {
			t.Fatalf("%+v does not continue %+v: %v", *a.Next, q, err)
		}
		q = *a.Next
	}
}
