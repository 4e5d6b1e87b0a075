package chain

import (
	"fmt"
	"testing"

	"parley/models/bundle"
)

// TestHaltsNeeded: a tenth of those who try a policy, never a single one of many.
func TestHaltsNeeded(t *testing.T) {
	for hosts, want := range map[int]int{0: 1, 1: 1, 4: 1, 5: 2, 20: 2, 21: 3, 100: 10, 20_000: haltsMost} {
		if got := haltsNeeded(hosts); got != want {
			t.Errorf("%d hosts: got %d, want %d", hosts, got, want)
		}
	}
}

// TestOneBadHostHaltsNothing: halts count of hosts that try a policy by the roster, and
// it takes a tenth of them; what the few of a first stage found stays enough.
func TestOneBadHostHaltsNothing(t *testing.T) {
	racks := map[string]int{"a": 2, "b": 30, "c": 10}
	var roster bundle.Roster
	for rack, n := range racks {
		for i := range n {
			roster.Hosts = append(roster.Hosts, bundle.Host{ID: fmt.Sprintf("%s%02d", rack, i), Name: fmt.Sprintf("%s%02d", rack, i), Labels: []string{"rack=" + rack}})
		}
	}
	roster = roster.Sorted()
	canary := []bundle.Stage{{Labels: []string{"rack=a"}, Share: 1, Seconds: 60}, {Labels: []string{"rack=b"}, Share: 1, Seconds: 60}}
	for name, c := range map[string]struct {
		guard   int
		targets []string
		hosts   []string
		want    bool
	}{
		"nobody":                             {},
		"one of a rack of two":               {hosts: []string{"a00"}, want: true},
		"one of many":                        {hosts: []string{"b00"}},
		"three of thirty-two":                {hosts: []string{"b00", "b01", "b02"}},
		"four of thirty-two":                 {hosts: []string{"b00", "b01", "b02", "b03"}, want: true},
		"all of a rack that does not try it": {hosts: []string{"c00", "c01", "c02", "c03", "c04", "c05"}},
		"hosts that are not listed":          {hosts: []string{"x", "y", "z", "v", "w"}},
		"one, where the policy says two":     {guard: 2, hosts: []string{"a00"}},
		"two, where the policy says two":     {guard: 2, hosts: []string{"a00", "b00"}, want: true},
		"not meant for its rack":             {targets: []string{"rack=b"}, hosts: []string{"a00", "a01"}},
	} {
		p := bundle.Policy{Name: "balance", Canary: canary, Targets: c.targets, Guard: bundle.Guard{Hosts: c.guard}}
		w := wanted{policy: p, digest: p.Digest()}
		f := &Follower{roster: roster, rosterRef: bundle.Ref{Size: 1}}
		for _, host := range c.hosts {
			f.state.Halts = append(f.state.Halts, bundle.Halt{Host: host, Digest: w.digest})
		}
		if got := f.haltedEnough(w); got != c.want {
			t.Errorf("%s: halted %v, want %v", name, got, c.want)
		}
	}
}
