//go:build linux

package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"parley/hostagent/api"
)

// Everybody ends in one of two corners, and nobody leaves the map.
func TestWalk(t *testing.T) {
	const side, clients = 10, 3000
	upperLeft, lowerRight := 0, 0
	for i := range clients {
		w := wayOf(i, side)
		for _, part := range []float64{-1, 0, 0.5, 1, 2} {
			if p := w.at(part); p.x < 0 || p.y < 0 || p.x > side || p.y > side || p.zone(side) < 0 || p.zone(side) >= side*side {
				t.Fatalf("client %d after %g of its way: got %v in zone %d", i, part, p, p.zone(side))
			}
		}
		switch end := w.at(1); {
		case end.x <= 4 && end.y <= 4:
			upperLeft++
		case end.x >= 6 && end.y >= 8:
			lowerRight++
		}
	}
	if upperLeft+lowerRight != clients || upperLeft < clients*6/10 || upperLeft > clients*7/10 {
		t.Errorf("got %d in the upper left corner and %d in the lower right one, want two thirds and one third of %d",
			upperLeft, lowerRight, clients)
	}
}

// The parameters of the policy are facts of the shipped models.
func TestPolicy(t *testing.T) {
	dir := t.TempDir()
	if err := writePolicy(dir); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(dir + "/gossip.lcc")
	if err != nil || !strings.Contains(string(text), "\nrest(10).") {
		t.Errorf("gossip: got %d bytes, %v, want rest(10).", len(text), err)
	}
}

// A record says how long a host was too full, which moves there were, and what a client
// noticed of each.
func TestRecord(t *testing.T) {
	r := newRecord(settings{hosts: 2, side: 2, clients: 3, cores: 0.5})
	hosts := []*host{newHost(0), newHost(1)}
	hosts[0].peerID, hosts[1].peerID = "a", "b"
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	r.walks = begin
	guest := func(name string, cpu float64) api.GuestStatus { return api.GuestStatus{Name: name, CPU: cpu} }
	done := api.DealStatus{Deal: "d", Name: "zone-001", Side: "source", Source: "a", Target: "b", At: begin.Add(12 * time.Second),
		Total: 1500 * time.Millisecond, Downtime: 23 * time.Millisecond}
	for i, of := range []struct {
		loads  [2]float64
		guests [2][]api.GuestStatus
		deals  []api.DealStatus
	}{
		{[2]float64{1.1, 0.2}, [2][]api.GuestStatus{{guest("zone-000", 0.25), guest("zone-001", 0.3)}, {guest("zone-002", 0.1)}}, nil},
		{[2]float64{1.2, 0.2}, [2][]api.GuestStatus{{guest("zone-000", 0.3), guest("zone-001", 0.3)}, {guest("zone-002", 0.1)}},
			[]api.DealStatus{{Deal: "e", Name: "zone-000", Side: "source"}}},
		{[2]float64{0.6, 0.8}, [2][]api.GuestStatus{{guest("zone-000", 0.3)}, {guest("zone-001", 0.3), guest("zone-002", 0.1)}},
			[]api.DealStatus{done, {Deal: "f", Name: "another", Side: "source", Total: 1}}},
		{[2]float64{0.6, 0.8}, [2][]api.GuestStatus{{guest("zone-000", 0.3)}, {guest("zone-001", 0.3), guest("zone-002", 0.1)}},
			[]api.DealStatus{done}},
	} {
		s := sample{at: begin.Add(time.Duration(i) * 10 * time.Second)}
		for n, h := range hosts {
			status := api.Status{Guests: of.guests[n], Load: api.LoadStatus{CPU: of.loads[n], CapacityCPU: 0.5}}
			if n == 0 {
				status.History = of.deals
			}
			r.take(h, hosts, status, &s)
		}
		r.samples = append(r.samples, s)
	}
	heard := tally{Messages: 900, Entered: 4, Began: begin.Add(-5 * time.Second), Now: begin.Add(25 * time.Second), Slowest: 70,
		Waited: make([][]int, 4)}
	heard.Waited[1] = make([]int, 18)
	heard.Waited[1][14], heard.Waited[1][15], heard.Waited[1][16] = 70, 30, 20 // 9, 10 and 11 s after they began to walk
	var b bytes.Buffer
	r.print(&b, heard)
	for _, want := range []string{
		"| 12s | 1 | h1 | h2 | 1.5s | 23ms | 30 ms |\n", "| h1 | 1 | 1.20 | 10s | 1.20 |\n", "| h2 | 2 | 0.80 | 0s | 0.20 |\n",
		"3 clients, 900 messages, 10.0 a second from each, 0 answers wrong; 4 zones entered; 0 connections broken.",
		"1 moves, 1 deals without a move; standstill 23ms",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("got\n%s\nwant in it %s", b.String(), want)
		}
	}
	if err := r.verdict(heard); err != nil {
		t.Errorf("verdict: got %v, want none", err)
	}
	heard.Broken, heard.Error = 1, "it is gone"
	r.samples[2].load[0] = 1.3
	if err := r.verdict(heard); err == nil || !strings.Contains(err.Error(), "host 1 wanted more than it has for 20s") ||
		!strings.Contains(err.Error(), "it is gone") {
		t.Errorf("verdict: got %v, want a host that was too full and a broken connection", err)
	}
}

// Answer times are told apart by milliseconds.
func TestTally(t *testing.T) {
	c := &crowd{side: 2, began: time.Now(), waited: make([][]int, 4)}
	for i := range 2000 {
		c.answered(i%4, c.began, time.Duration(i/100)*time.Millisecond)
	}
	c.answered(3, c.began.Add(2*time.Second), time.Minute)
	got := c.tally(true)
	if got.Messages != 2001 || got.Median != 9 || got.Late != 19 || got.Slowest != slowest || len(got.Waited[3]) != 3 ||
		got.Waited[3][2] != slowest || got.Waited[0][0] != 19 {
		t.Errorf("got %+v", got)
	}
}

// TestZonesMove moves zones on real hosts: no client notices more than a pause.
func TestZonesMove(t *testing.T) {
	if os.Getenv("PARLEY_LAB") == "" {
		t.Skip("it makes namespaces and bridges: set PARLEY_LAB=1 and be root")
	}
	if os.Geteuid() != 0 {
		t.Fatal("PARLEY_LAB needs root")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	l, err := open(ctx, settings{hosts: 2, side: 4, clients: 64, cores: 1, walk: 10 * time.Second, inMemory: true})
	t.Cleanup(func() {
		if err := l.close(); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.ask("walk"); err != nil {
		t.Fatal(err)
	}
	at := make([]int, l.side*l.side)
	for zone := range at {
		at[zone] = l.record.first(zone)
	}
	for i := range 24 {
		zone := i * 5 % len(at)
		if err := l.move(ctx, zone, at[zone], 1-at[zone]); err != nil {
			l.logs()
			t.Fatal(err)
		}
		at[zone] = 1 - at[zone]
	}
	if err := l.once(ctx); err != nil {
		t.Fatal(err)
	}
	heard, err := l.ask("end")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("24 moves under %d messages: slowest answer %d ms", heard.Messages, heard.Slowest)
	if heard.Broken > 0 || heard.Wrong > 0 || heard.Messages < 1000 {
		l.logs()
		t.Errorf("got %d broken connections, %d wrong answers and %d messages, want none, none and 1000 or more: %s", heard.Broken, heard.Wrong,
			heard.Messages, heard.Error)
	}
}
