package chain

import (
	"fmt"
	"slices"
	"testing"

	"parley/models/publish/bundle"
)

func TestHaltsNeeded(t *testing.T) {
	for hosts, want := range map[int]int{1: 1, 2: 1, 3: 2, 20: 2, 21: 3, 100: 10, 20_000: neededMost} {
		if got := needed(hosts, false); got != want {
			t.Errorf("%d hosts try it: got %d, want %d", hosts, got, want)
		}
	}
	// Of an open stage only how many may be in it is known.
	for hosts, want := range map[int]int{1: 1, 3: 1, 4: 2, 20_000: 2} {
		if got := needed(hosts, true); got != want {
			t.Errorf("up to %d hosts try it: got %d, want %d", hosts, got, want)
		}
	}
}

// racks is a roster of racks of hosts, which are named by rack and number.
func racks(sizes map[string]int) (r bundle.Roster) {
	for rack, n := range sizes {
		for i := range n {
			name := fmt.Sprintf("%s%02d", rack, i)
			r.Hosts = append(r.Hosts, bundle.Host{ID: name, Name: name, Labels: []string{"rack=" + rack}})
		}
	}
	return r.Sorted()
}

func stages(labels ...string) (canary []bundle.Stage) {
	for _, label := range labels {
		canary = append(canary, bundle.Stage{Labels: []string{label}, Share: 1, Seconds: 60})
	}
	return canary
}

// One host out of many cannot end a trial, and neither can those that do not take part;
// what the one or two hosts of a first stage find ends it.
func TestOneBadHostHaltsNothing(t *testing.T) {
	large := racks(map[string]int{"a": 2, "b": 30, "c": 10})
	byRack, byConfig, all := stages("rack=a", "rack=b"), stages("canary=yes"), []bundle.Stage{{Share: 1, Seconds: 60}}
	for name, c := range map[string]struct {
		roster  bundle.Roster
		canary  []bundle.Stage
		guard   int
		targets []string
		by      []string
		want    bool
	}{
		"nobody":                             {roster: large, canary: byRack},
		"one of a rack of two":               {roster: large, canary: byRack, by: []string{"a00"}, want: true},
		"one of many":                        {roster: large, canary: byRack, by: []string{"b00"}},
		"one of many, many times":            {roster: large, canary: byRack, by: slices.Repeat([]string{"b00"}, 9)},
		"three of thirty-two":                {roster: large, canary: byRack, by: []string{"b00", "b01", "b02"}},
		"four of thirty-two":                 {roster: large, canary: byRack, by: []string{"b00", "b01", "b02", "b03"}, want: true},
		"all of a rack that does not try it": {roster: large, canary: byRack, by: []string{"c00", "c01", "c02", "c03", "c04", "c05"}},
		"hosts that are not listed":          {roster: large, canary: byRack, by: []string{"x", "y", "z", "v", "w"}},
		"one of a rack of two, guard of two": {roster: large, canary: byRack, guard: 2, by: []string{"a00"}},
		"one of each rack, guard of two":     {roster: large, canary: byRack, guard: 2, by: []string{"a00", "b00"}, want: true},
		"others, guard of one":               {roster: large, canary: byRack, guard: 1, by: []string{"c00"}},
		"one of many, guard of one":          {roster: large, canary: byRack, guard: 1, by: []string{"b00"}, want: true},
		"a stage that is not meant for it":   {roster: large, canary: byRack, targets: []string{"rack=b"}, by: []string{"a00", "a01"}},
		"no stages":                          {roster: large, by: []string{"a00", "a01"}},
		"one of three that all try it":       {roster: racks(map[string]int{"a": 3}), canary: all, by: []string{"a00"}},
		"two of three that all try it":       {roster: racks(map[string]int{"a": 3}), canary: all, by: []string{"a00", "a01"}, want: true},
		"one of two that all try it":         {roster: racks(map[string]int{"a": 2}), canary: all, by: []string{"a00"}, want: true},
		// A stage of labels that only configurations have.
		"one of three, who tries it is open": {roster: racks(map[string]int{"a": 3}), canary: byConfig, by: []string{"a00"}, want: true},
		"one of many, who tries it is open":  {roster: large, canary: byConfig, by: []string{"a00"}},
		"two of many, who tries it is open":  {roster: large, canary: byConfig, by: []string{"a00", "c00"}, want: true},
		"targets that only hosts know":       {roster: large, canary: byRack, targets: []string{"kind=x"}, by: []string{"a00"}, want: true},
		"others, where targets are open":     {roster: large, canary: byRack, targets: []string{"kind=x"}, by: []string{"c00", "c01"}},
	} {
		p := bundle.Policy{Name: "balance", Canary: c.canary, Targets: c.targets, Guard: bundle.Guard{Hosts: c.guard}}
		w := wanted{policy: p, digest: p.Digest()}
		roster, s := &listing{Roster: c.roster, ref: bundle.Ref{Size: 1}}, &state{}
		for _, host := range c.by {
			s.Halts = append(s.Halts, bundle.Halt{Host: host, Digest: w.digest})
		}
		if got := roster.haltedEnough(w, roster.haltsOf(w, s)); got != c.want {
			t.Errorf("%s: halted %v, want %v", name, got, c.want)
		}
	}
}

// The share of a stage keeps those out whose place lies behind it, open or not.
func TestShareOfAStage(t *testing.T) {
	roster := racks(map[string]int{"a": 40})
	for _, labels := range [][]string{nil, {"canary=yes"}} {
		p := bundle.Policy{Name: "balance", Canary: []bundle.Stage{{Labels: labels, Share: 0.25, Seconds: 60}}}
		trial := newTrial(roster, wanted{policy: p, digest: p.Digest()})
		in := 0
		for _, h := range roster.Hosts {
			if early := bucket(h.ID, p.Digest()) < 0.25; early != (trial.stage(h) == 0) {
				t.Errorf("%s is in the stage: %v, want %v", h.Name, !early, early)
			} else if early {
				in++
			}
		}
		if in == 0 || in == 40 || trial.hosts[0] != in {
			t.Errorf("got %d hosts that try it, want %d, some and not all", trial.hosts[0], in)
		}
	}
}

// What was counted for one roster is not taken for another.
func TestTriersOfANewRoster(t *testing.T) {
	p := bundle.Policy{Name: "balance", Canary: stages("rack=a")}
	w := wanted{policy: p, digest: p.Digest()}
	var known triers
	for n := range 4 {
		roster := racks(map[string]int{"a": n + 1})
		for range 2 {
			if got := known.of(roster, bundle.Ref{Size: int64(n)}, w).hosts[0]; got != n+1 {
				t.Errorf("got %d hosts that try it, want %d", got, n+1)
			}
		}
	}
	for i := range 3 * trialsMost {
		w.digest[0], w.digest[1] = byte(i), byte(i>>8)
		known.of(racks(map[string]int{"a": 1}), bundle.Ref{}, w)
	}
	if n := len(known.trials); n > trialsMost {
		t.Errorf("got %d trials, want at most %d", n, trialsMost)
	}
}
