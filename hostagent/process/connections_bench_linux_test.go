package process

import (
	"cmp"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/hostagent"
)

// What a client of a zone server says (the seed of this platform has 20 messages a second),
// how many all clients say at most, and what the server knows of each.
const (
	saysEvery  = 50 * time.Millisecond
	saysMost   = 5120 // a second
	knownBytes = 3600
)

// BenchmarkConnections moves a server with its connections to and fro, in each of the three
// ways, while each client says something 20 times a second, and all together at most 5,120
// times. It reports how long the server stood still, what was sent meanwhile and in all, and
// the longest time in which a client got no answer; medians over the moves.
func BenchmarkConnections(b *testing.B) {
	inNetwork(b, func(b *testing.B) {
		for _, n := range []int{16, 32, 64, 128, 256, 512, 1024} {
			for _, way := range []string{Iterative, Collective, Incremental} {
				b.Run(fmt.Sprintf("%d/%s", n, way), func(b *testing.B) { benchmarkConnections(b, n, way) })
			}
		}
	})
}

func benchmarkConnections(b *testing.B, n int, way string) {
	hosts := connectedHosts(b, way)
	const address = "10.9.0.5"
	id := startCounts(b, hosts[0], address, strconv.Itoa(knownBytes))
	every := max(saysEvery, time.Duration(n)*time.Second/saysMost)
	var work sync.WaitGroup
	var ended atomic.Bool
	clients := make([]*client, n)
	for i := range clients {
		conn, err := net.DialTimeout("tcp", address+":7000", 5*time.Second)
		if err != nil {
			b.Fatal(err)
		}
		clients[i] = newClient(conn)
		work.Go(func() {
			defer conn.Close()
			for tick := time.Tick(every); !ended.Load(); <-tick {
				if err := clients[i].ask(); err != nil {
					b.Errorf("client %d: %v", i, err)
					return
				}
			}
		})
	}
	var stood, gaps []time.Duration
	var frozen, whole []int64
	turn := 0
	for b.Loop() {
		for _, c := range clients {
			c.gap.Store(0)
		}
		got, err := moveGuest(b, id, hosts[turn%2])
		if err != nil {
			b.Fatal(err)
		}
		turn++
		stood, whole = append(stood, got.Downtime), append(whole, got.Bytes)
		for _, s := range got.Stages {
			if s.Stage == "freeze" {
				frozen = append(frozen, s.Bytes)
			}
		}
		<-time.After(4 * every) // those that got no answer meanwhile get it now
		gap := int64(0)
		for _, c := range clients {
			gap = max(gap, c.gap.Load())
		}
		gaps = append(gaps, time.Duration(gap))
	}
	ended.Store(true)
	work.Wait()
	b.ReportMetric(median(stood).Seconds()*1e3, "ms-still")
	b.ReportMetric(median(gaps).Seconds()*1e3, "ms-gap")
	b.ReportMetric(float64(median(frozen)), "B-still")
	b.ReportMetric(float64(median(whole)), "B")
	if err := hosts[turn%2].of.Stop(bounded(b), hostagent.GuestID(id)); err != nil {
		b.Error(err)
	}
}

func median[T cmp.Ordered](list []T) (m T) {
	if len(list) == 0 {
		return m
	}
	slices.Sort(list)
	return list[len(list)/2]
}
