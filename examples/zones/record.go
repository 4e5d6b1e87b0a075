//go:build linux

package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"parley/hostagent/api"
)

// overMost is how long a host may want more than it has.
const overMost = 15 * time.Second

// record is what was seen.
type record struct {
	settings
	walks   time.Time
	samples []sample
	moves   []move
	deals   map[string]bool // that are among moves
	failed  int             // deals
}

// sample is what the hosts did at one time.
type sample struct {
	at    time.Time
	load  []float64 // shares of each host
	still []float64 // what they would be if no zone had moved
	zones []int
}

// move is one that has ended well.
type move struct {
	at          time.Time
	zone        int
	from, to    string
	total, down time.Duration
}

func newRecord(s settings) *record { return &record{settings: s, deals: map[string]bool{}} }

// first is the host of a zone at the beginning: the first zones are on the first host.
func (r *record) first(zone int) int { return zone * r.hosts / (r.side * r.side) }

// take adds what a host says of itself to a sample.
func (r *record) take(h *host, hosts []*host, status api.Status, s *sample) {
	if s.load == nil {
		s.load, s.still, s.zones = make([]float64, r.hosts), make([]float64, r.hosts), make([]int, r.hosts)
	}
	s.load[h.number] = status.Load.CPU
	for _, g := range status.Guests {
		if zone, is := zoneOf(g.Name); is {
			s.zones[h.number]++
			s.still[r.first(zone)] += g.CPU / status.Load.CapacityCPU
		}
	}
	name := func(id string) string {
		if i := slices.IndexFunc(hosts, func(h *host) bool { return h.peerID == id }); i >= 0 {
			return hosts[i].name
		}
		return id
	}
	for _, d := range status.History {
		zone, is := zoneOf(d.Name)
		if d.Side != "source" || !is || r.deals[d.Deal] {
			continue
		}
		r.deals[d.Deal] = true
		if d.Total == 0 {
			r.failed++
			continue
		}
		r.moves = append(r.moves, move{d.At, zone, name(d.Source), name(d.Target), d.Total, d.Downtime})
	}
}

func (s sample) String() string {
	var b strings.Builder
	for i, load := range s.load {
		fmt.Fprintf(&b, "h%d %.2f (%d)  ", i+1, load, s.zones[i])
	}
	fmt.Fprintf(&b, "still %.2f", slices.Max(s.still))
	return b.String()
}

// print writes tables of what was seen.
func (r *record) print(w io.Writer, t tally) {
	slices.SortFunc(r.moves, func(a, b move) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.zone, b.zone)) })
	fmt.Fprintf(w, "\n| after | zone | from | to | whole move | standstill | slowest answer of a client |\n|---|---|---|---|---|---|---|\n")
	for _, m := range r.moves {
		fmt.Fprintf(w, "| %v | %d | %s | %s | %v | %v | %d ms |\n", m.at.Sub(r.walks).Round(time.Second), m.zone, m.from, m.to,
			m.total.Round(time.Millisecond), m.down.Round(100*time.Microsecond), t.slowest(m))
	}
	fmt.Fprintf(w, "\n| host | zones at last | greatest load | longest over 100 %% | greatest load if no zone had moved |\n"+
		"|---|---|---|---|---|\n")
	for n := range r.hosts {
		most, still := 0.0, 0.0
		for _, s := range r.samples {
			most, still = max(most, s.load[n]), max(still, s.still[n])
		}
		fmt.Fprintf(w, "| h%d | %d | %.2f | %v | %.2f |\n", n+1, r.samples[len(r.samples)-1].zones[n], most, r.over(n).Round(time.Second), still)
	}
	downs, waits := make([]time.Duration, 0, len(r.moves)), make([]int, 0, len(r.moves))
	for _, m := range r.moves {
		downs, waits = append(downs, m.down), append(waits, t.slowest(m))
	}
	rate := float64(t.Messages) / float64(r.clients) / t.Now.Sub(t.Began).Seconds()
	fmt.Fprintf(w, "\n%d clients, %d messages, %.1f a second from each, %d answers wrong; %d zones entered; %d connections broken.\n"+
		"Answers: half within %d ms, 999 of 1,000 within %d ms, all within %d ms.\n", r.clients, t.Messages, rate, t.Wrong, t.Entered, t.Broken,
		t.Median, t.Late, t.Slowest)
	fmt.Fprintf(w, "%d moves, %d deals without a move; standstill %v at the median, %v at most; "+
		"slowest answers meanwhile %d ms at the median, %d ms at most.\n\n", len(r.moves), r.failed,
		middle(downs).Round(100*time.Microsecond), last(downs).Round(100*time.Microsecond), middle(waits), last(waits))
}

// slowest is the slowest answer of a zone to what was said while it moved.
func (t tally) slowest(m move) int {
	most := 0
	from, to := int(m.at.Add(-m.total).Sub(t.Began)/time.Second), int(m.at.Sub(t.Began)/time.Second)
	for slot := max(0, from); slot <= to && slot < len(t.Waited[m.zone]); slot++ {
		most = max(most, t.Waited[m.zone][slot])
	}
	return most
}

func middle[T cmp.Ordered](list []T) (m T) {
	if len(list) > 0 {
		slices.Sort(list)
		m = list[len(list)/2]
	}
	return m
}

func last[T cmp.Ordered](list []T) (m T) {
	if len(list) > 0 {
		m = slices.Max(list)
	}
	return m
}

// over is the longest time in which a host wanted more than it has.
func (r *record) over(host int) (longest time.Duration) {
	var since time.Time
	for _, s := range r.samples {
		switch {
		case s.load[host] <= 1:
			since = time.Time{}
		case since.IsZero():
			since = s.at
		default:
			longest = max(longest, s.at.Sub(since))
		}
	}
	return longest
}

// verdict is what was to hold, and did not.
func (r *record) verdict(t tally) (err error) {
	for n := range r.hosts {
		if d := r.over(n); d > overMost {
			err = errors.Join(err, fmt.Errorf("host %d wanted more than it has for %v", n+1, d.Round(time.Second)))
		}
	}
	if t.Wrong > 0 || t.Broken > 0 {
		err = errors.Join(err, fmt.Errorf("%d answers are wrong, %d connections broken: the first: %s", t.Wrong, t.Broken, t.Error))
	}
	if len(r.moves) == 0 {
		err = errors.Join(err, errors.New("no zone has moved"))
	}
	return err
}
