package sim

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

func deviation(loads []float64) float64 {
	var sum, squares float64
	for _, l := range loads {
		sum += l
		squares += l * l
	}
	n := float64(len(loads))
	return math.Sqrt(max(0, squares/n-sum/n*sum/n))
}

// Under all faults, deals end, invariants hold and the load is even in the end. The
// moves of this site begin after five seconds and take twenty, so that faults occur
// during them.
func TestFaults(t *testing.T) {
	for name, faults := range map[string]Faults{
		"agents": {Schedule: []Fault{
			{At: 4 * time.Second, For: 3 * time.Second, Kind: "agent", Hosts: []string{"host01", "host05"}},
			{At: 19 * time.Second, For: time.Minute, Kind: "agent", Hosts: []string{"host02", "host06", "host03"}},
		}},
		"hosts": {Schedule: []Fault{
			{At: 17 * time.Second, For: time.Minute, Kind: "host", Hosts: []string{"host01"}},
			{At: 21 * time.Second, For: 2 * time.Minute, Kind: "host", Hosts: []string{"host05", "host06"}},
		}},
		"host whose agent is down": {Schedule: []Fault{
			{At: 18 * time.Second, For: 20 * time.Second, Kind: "agent", Hosts: []string{"host01"}},
			{At: 20 * time.Second, For: time.Minute, Kind: "host", Hosts: []string{"host01"}},
		}},
		"partition": {Schedule: []Fault{
			{At: 18 * time.Second, For: 3 * time.Minute, Kind: "partition", Hosts: []string{"host01", "host02", "host05"}},
			{At: 50 * time.Second, For: 3 * time.Minute, Kind: "partition", Hosts: []string{"host02", "host03"}},
		}},
		"network": {Schedule: []Fault{
			{At: 0, For: 2 * time.Minute, Kind: "network", Network: Network{Loss: 0.3, Duplicate: 0.3, Reorder: 0.3, Jitter: 50 * ms}},
			{At: time.Minute, For: 2 * time.Minute, Kind: "network", Network: Network{Loss: 1}},
		}},
		"clocks":        {Drift: 0.2, Skew: 30 * time.Minute},
		"all by chance": {Drift: 0.05, Skew: time.Minute, Agents: 8, Hosts: 3, Partitions: 3, Within: 3 * time.Minute},
	} {
		for seed := range uint64(4) {
			t.Run(fmt.Sprintf("%s %d", name, seed), func(t *testing.T) {
				t.Parallel()
				o := crooked(t, 8, 40, seed)
				o.Faults = faults
				counted := map[string]int{}
				o.OnEntry = func(e Entry) { counted[e.Kind]++ }
				r, err := o.Run()
				must(t, err)
				if !r.Steady {
					t.Fatalf("not steady after %v, with %d moves", r.Ran, len(r.Moves))
				}
				if before, after := deviation(r.Before), deviation(r.After); after > before/2 {
					t.Errorf("deviation: got %.3f after %.3f, want at most half", after, before)
				}
				if counted["fault"] == 0 && name != "network" && name != "clocks" {
					t.Error("got no fault in the story, want some")
				}
			})
		}
	}
}

// Partitioned hosts continue with the hosts that they reach, and no guest crosses the
// partition while it lasts.
func TestPartition(t *testing.T) {
	o := crooked(t, 8, 40, 1)
	island := []string{"host01", "host02", "host05", "host06"}
	const heals = 5 * time.Minute
	o.Faults.Schedule = []Fault{{At: 0, For: heals, Kind: "partition", Hosts: island}}
	r, err := o.Run()
	must(t, err)
	within, across := 0, 0
	for _, m := range r.Moves {
		crosses := slices.Contains(island, m.From) != slices.Contains(island, m.To)
		switch {
		case crosses && m.At < heals:
			t.Errorf("%s: from %s to %s at %v, across the cut", m.Guest, m.From, m.To, m.At)
		case crosses:
			across++
		case m.At < heals:
			within++
		}
	}
	if within == 0 {
		t.Error("got no move while the hosts were cut off, want some on both sides")
	}
	if !r.Steady {
		t.Error("not steady")
	}
	t.Logf("%d moves within the parts, %d across afterwards", within, across)
}

// A partition breaks the migrations that cross it, including those that wait for their
// target to boot, and no others.
func TestPartitionBreaksMigrations(t *testing.T) {
	o := pair(guest("g", 0, 0), guest("h", 0, 0), guest("i", 0, 0))
	for _, name := range []string{"c", "d"} {
		o.Hosts = append(o.Hosts, o.Hosts[1])
		o.Hosts[len(o.Hosts)-1].Name = name
	}
	s := bare(t, o)
	s.send(0, "g", "b", time.Hour, noWish)
	s.send(0, "h", "c", time.Hour, noWish)
	s.plan(time.Second, func() error { return s.cut([]*siteHost{s.hosts[0], s.hosts[1]}, time.Minute) })
	r := s.until(t, time.Hour)
	if len(r.Moves) != 1 || r.Moves[0].Guest != "g" {
		t.Errorf("moves: got %v, want that of g, on this side of the cut", r.Moves)
	}
	o.Power = Power{Off: "empty", After: time.Minute, Boot: 2 * time.Minute}
	s = bare(t, o)
	s.send(10*time.Minute, "g", "c", time.Hour, noWish)
	s.plan(11*time.Minute, func() error { return s.cut([]*siteHost{s.hosts[2]}, time.Second) })
	if r := s.until(t, time.Hour); len(r.Moves) != 0 {
		t.Errorf("moves to a booting host: got %v, want none", r.Moves)
	}
}

// A network fault ends after its duration, and of two the later one holds.
func TestNetworkFaultEnds(t *testing.T) {
	o := pair()
	o.Network.Latency = 5 * ms
	s := bare(t, o)
	s.plan(0, func() error { return s.weather.worsen(Network{Latency: 10 * ms}, 10*time.Second) })
	s.plan(5*time.Second, func() error { return s.weather.worsen(Network{Latency: 20 * ms}, 10*time.Second) })
	s.plan(12*time.Second, func() error { return s.weather.worsen(Network{Latency: 40 * ms}, time.Second) })
	var got []string
	for _, at := range []time.Duration{1, 6, 11, 12, 14, 16} {
		s.plan(at*time.Second+ms, func() error {
			got = append(got, s.o.Network.Latency.String())
			return nil
		})
	}
	s.until(t, time.Minute)
	if text, want := strings.Join(got, " "), "10ms 20ms 20ms 40ms 20ms 5ms"; text != want {
		t.Errorf("latencies: got %s, want %s", text, want)
	}
}

// A migration that outlives its source's agent, over a link on which it takes minutes, is
// finished by the restarted agent.
func TestMigrationOutlivesAgent(t *testing.T) {
	o := crooked(t, 4, 16, 1)
	for i := range o.Hosts {
		o.Hosts[i].Link = 1e7
	}
	for i := range o.Guests { // a move is worth its cost although it takes minutes
		o.Guests[i].DirtyRate = 1e6
	}
	o.Config.Deadline.Base, o.Config.Deadline.PerGiB = 10*time.Second, time.Second
	o.Faults.Schedule = []Fault{{At: 74 * time.Second, For: 5 * time.Second, Kind: "agent", Hosts: []string{"host01", "host02"}}}
	o.Limit = 10 * time.Minute
	var begun, ended int // of host01
	var openAtCrash bool
	o.OnEntry = func(e Entry) {
		switch {
		case e.Host != "host01":
		case e.Kind == "migrate":
			begun++
		case e.Kind == "kept":
			ended++
		case e.Kind == "fault":
			openAtCrash = begun > ended
		}
	}
	r, err := o.Run()
	must(t, err)
	if !openAtCrash || len(r.Moves) > 0 {
		t.Fatalf("a migration was under way at the crash: %v, moves: %v; want one and no move", openAtCrash, r.Moves)
	}
	if begun > ended+1 {
		t.Errorf("%d migrations began and %d were given up", begun, ended)
	}
}

func TestFaultsThatCannotBe(t *testing.T) {
	for _, c := range []struct {
		fault Fault
		want  string
	}{
		{Fault{For: time.Second, Kind: "agent", Hosts: []string{"c"}}, `fault 1: there is no host "c"`},
		{Fault{For: time.Second, Kind: "agent"}, "it names no host"},
		{Fault{For: time.Second, Kind: "host"}, "it names no host"},
		{Fault{For: time.Second, Kind: "partition"}, "it names no host"},
		{Fault{Kind: "host", Hosts: []string{"a"}}, "a length above 0"},
		{Fault{At: -1, For: 1, Kind: "host", Hosts: []string{"a"}}, "a time of 0 or more"},
		{Fault{For: 1, Kind: "fire", Hosts: []string{"a"}}, "give agent, host, partition or network"},
		{Fault{For: 1, Kind: "network", Network: Network{Loss: 2}}, "shares from 0 to 1"},
	} {
		o := pair()
		o.Faults.Schedule = []Fault{c.fault}
		_, err := o.Run()
		wantError(t, err, c.want)
	}
}
