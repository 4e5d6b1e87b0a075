package past

import (
	"reflect"
	"testing"
	"time"
)

// look is a look at a guest of 2 cores that has used one of them since the beginning.
func looks(g *Gatherer, from, to time.Duration, guests ...string) (blocks []Block) {
	for t := from; t < to; t += 10 * time.Second {
		var seen []Seen
		for _, id := range guests {
			seen = append(seen, Seen{Guest: Guest{ID: id, Cores: 2, Memory: 1000}, CPUTime: t, Used: 250})
		}
		if b, ok := g.Look(time.Unix(0, 0).Add(24*time.Hour+t), Host{Name: "h"}, seen); ok {
			blocks = append(blocks, b)
		}
	}
	return blocks
}

func repeated(v uint16, n int) (list []uint16) {
	for range n {
		list = append(list, v)
	}
	return list
}

// A guest that comes is absent before, one that goes is absent after; blocks are of two
// hours.
func TestGatherer(t *testing.T) {
	var g Gatherer
	blocks := looks(&g, 0, time.Hour, "a")
	blocks = append(blocks, looks(&g, time.Hour, 3*time.Hour, "b")...)
	if len(blocks) != 1 {
		t.Fatalf("got %d blocks, want 1", len(blocks))
	}
	want := Block{Start: 86400, Step: 300, Samples: 24, Host: Host{Name: "h"}, Guests: []Series{
		{Guest{ID: "a", Cores: 2, Memory: 1000}, append(repeated(500, 12), repeated(Absent, 12)...),
			append(repeated(250, 12), repeated(Absent, 12)...)},
		{Guest{ID: "b", Cores: 2, Memory: 1000}, append(repeated(Absent, 12), repeated(500, 12)...),
			append(repeated(Absent, 12), repeated(250, 12)...)},
	}}
	if !reflect.DeepEqual(blocks[0], want) {
		t.Errorf("got  %+v\nwant %+v", blocks[0], want)
	}
	b, ok := g.Sofar()
	if !ok || len(b.Guests) != 1 || b.Guests[0].ID != "b" || b.Samples != 11 || b.Start != 86400+7200 {
		t.Errorf("got %+v, want the eleven steps of b that are over", b)
	}
}

// Where nobody looked there is no block, and a clock that is set back begins another one.
func TestGathererGap(t *testing.T) {
	var g Gatherer
	for _, next := range []time.Duration{45 * time.Minute, 5 * time.Minute} {
		looks(&g, 10*time.Minute, 31*time.Minute, "a")
		blocks := looks(&g, next, next+time.Minute, "a")
		if len(blocks) != 1 || blocks[0].Samples != 4 || blocks[0].Start != 86400+600 {
			t.Errorf("after %v: got %+v, want the block of four steps before", next, blocks)
		}
		g = Gatherer{}
	}
}

// A host without guests has blocks, too: it was there.
func TestGathererEmptyHost(t *testing.T) {
	var g Gatherer
	if blocks := looks(&g, 0, 2*time.Hour+time.Minute); len(blocks) != 1 || blocks[0].Samples != 24 || blocks[0].Host.Name != "h" {
		t.Errorf("got %+v, want a block without guests", blocks)
	}
}

// BenchmarkGatherer is a day of a host with 30 guests that looks every five seconds.
func BenchmarkGatherer(b *testing.B) {
	var encoder Encoder
	var size int
	for b.Loop() {
		size = 0
		var g Gatherer
		seen := make([]Seen, 30)
		for t := range 86400 / 5 {
			for i := range seen {
				seen[i].Guest = Guest{ID: string(rune('a' + i)), Cores: 2, Memory: 1000}
				seen[i].CPUTime += time.Duration((t/60*7919+i*104729)%5000) * time.Millisecond
				seen[i].Used = int64(500 + (t/600)%7)
			}
			if block, ok := g.Look(time.Unix(int64(86400+5*t), 0), Host{Name: "h"}, seen); ok {
				data, err := encoder.Append(nil, block)
				if err != nil {
					b.Fatal(err)
				}
				size += len(data)
			}
		}
	}
	b.ReportMetric(float64(size)/30, "bytes/guest-day")
}

// A guest that gets half of what it wants on a full host waits for the other half: both
// are what it wanted. On a host with free processors what it waits for is not counted.
func TestGathererCountsWhatIsWanted(t *testing.T) {
	for cores, want := range map[float64]uint16{1: 1000, 4: 500} {
		g := Gatherer{Step: 10 * time.Second, Crowding: func(used, cores float64) float64 {
			if used < cores {
				return 0
			}
			return 1
		}}
		for s := time.Duration(0); s <= 30*time.Second; s += time.Second {
			g.Look(time.Unix(1000, 0).Add(s), Host{Cores: cores}, []Seen{
				{Guest: Guest{ID: "a", Cores: 2, Memory: 1}, CPUTime: s, Waited: s, Used: 1},
			})
		}
		b, ok := g.Sofar()
		if !ok || b.Step != 10 || b.Samples != 3 || b.Guests[0].CPU[1] != want {
			t.Errorf("%v cores: got %+v, want %d thousandths in steps of 10 s", cores, b, want)
		}
	}
}
