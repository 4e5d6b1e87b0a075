package scenario

import (
	"strings"
	"testing"
	"time"

	"parley/lcc"
	"parley/sim"
)

// Hosts that only recommend show as many moves as the policy makes where hosts act: each
// counts in what is recommended after it.
func TestRecommendsWhatItWouldDo(t *testing.T) {
	const site = `hosts: [{name: h, count: 3, cores: 8, memory: 32 GiB}]
guests:
- {name: web, count: 4, host: h1, sizes: [{cores: 2, memory: 2 GiB}], load: {kind: constant, share: 0.8}}
- {name: db, host: h1, sizes: [{cores: 2, memory: 4 GiB}], load: {kind: constant, share: 0.4}}
run: {limit: 5m, quiet: -1s}
`
	for _, name := range []string{"agility", "contract_net", "forward", "power_saving", "swap", "vickrey"} {
		t.Run(name, func(t *testing.T) {
			run := func(schedule string) (moves, shown int) {
				s, err := Read(strings.NewReader(site+schedule), "x.yaml", Options{})
				if err != nil {
					t.Fatal(err)
				}
				o, err := s.Site(1, []*lcc.Model{model(t, name)})
				if err != nil {
					t.Fatal(err)
				}
				o.OnEntry = func(e sim.Entry) {
					if e.At < 5*time.Minute && strings.Contains(e.Text, "as source: withdrawn") {
						shown++
					}
				}
				r, err := o.Run()
				if err != nil {
					t.Fatal(err)
				}
				return len(r.Moves), shown
			}
			moves, _ := run("")
			none, shown := run("schedule: [{at: 0s, do: recommend, hosts: [h1, h2, h3]}]\n")
			if moves == 0 || none != 0 || shown != moves {
				t.Errorf("hosts that act make %d moves; hosts that recommend make %d, and recommend %d", moves, none, shown)
			}
		})
	}
}
