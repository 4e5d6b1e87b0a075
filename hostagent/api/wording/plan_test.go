package wording

import (
	"testing"
	"time"

	"parley/hostagent/site"
)

func TestPlanned(t *testing.T) {
	began := time.Unix(1_800_000_000, 0)
	r := site.Report{Hosts: []site.Host{{Host: "h1", State: site.State{Plan: []site.Deal{{
		Deal: "d1", Name: "web", Source: "h1", Target: "h2", Side: "source", State: "withdrawn", NeedCPU: 1.5, NeedMemory: 2 << 30,
		Begin: site.Begin{At: began, Load: 0.9, AskedBy: "h1"},
	}}}}}}
	const want = "h1 at 90 % asked h2 to take a guest: web (1.5 cores, 2.00 GiB) would go from h1 to h2."
	if got := Planned(r.Plan()[0]); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestDrain(t *testing.T) {
	for want, d := range map[string]site.Draining{
		"h1 is drained: 5 guests have left, 3 are left, which takes about 2 minutes if it goes as fast as so far.": {
			Gone: 5, Left: 3, Rest: 100 * time.Second},
		"h1 is drained: 1 guest has left, 1 is left, and none of these can leave.":   {Gone: 1, Left: 1, Stuck: make([]site.Problem, 1)},
		"h1 is drained: 0 guests have left, 2 are left, and none is on its way now.": {Left: 2},
		"h1 is drained: 0 guests have left, 2 are left.":                             {Left: 2, InFlight: make([]site.Deal, 1)},
		"h1 is empty, 4 guests have left; it stays so until `parley undrain`.":       {Gone: 4},
		"The drain of h1 has ended before it was empty, 4 guests have left: no host takes db.": {
			Gone: 4, Left: 1, Drain: site.Drain{Ended: "no host takes db"}},
		"h1 takes back the guests that its drain moved away: 2 are still away.": {Gone: 2, Drain: site.Drain{Home: true}},
	} {
		d.Host = "h1"
		if got := Drain(d); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
