package prove_test

import (
	"testing"

	"parley/sim/prove"
)

// planted are copies of shipped policies with a fault. Those with runs take long, and at most
// so many runs until it is found.
var planted = []struct {
	policy, what string
	runs         int
	replace      []string
}{
	{"power_saving", "every host that is not full gives", 0,
		[]string{"low(0.45)", "low(0.72)", "same(_, Load, Mine) :- Load > Mine.", "same(_, _, _)."}},
	{"vickrey", "hosts take more than they keep", 0, []string{"full(0.7)", "full(1.5)"}},
	{"by_priority", "hosts take more than they keep", 0, []string{"full(0.75)", "full(1.2)"}},
	{"priority", "hosts take more than they keep", 0, []string{"full(0.75)", "full(1.2)"}},
	{"swap", "hosts take more than they keep", 0, []string{"full(0.75)", "full(1.2)"}},
	{"sample", "a move need not bring anything", 200, []string{"gap(0.1)", "gap(-3)"}},
	{"contract_net", "a move need not bring anything", 200, []string{"gap(0.1)", "gap(-3)"}},
	{"search", "no pause after a refusal", 0, []string{"pause(5)", "pause(0.1)", "rest(120)", "rest(0.1)"}},
	{"evacuate", "no pause after a refusal", 200, []string{"pause(5)", "pause(0.1)", "rest(60)", "rest(0.1)"}},
	{"agility", "a refusal is never forgotten", 3000, []string{"again(30)", "again(100000)"}},
	{"agility", "a host waits for ever after a move that failed", 3500, []string{`        kept(D) => a(receiving(D, _), T) then
        a(idle, ID)`, `        kept(D) => a(receiving(D, _), T) then
        null <- timeout(100000) then
        a(idle, ID)`}},
}

// Each planted fault is found, and its counterexample is a scenario that shows it.
func TestPlantedFaults(t *testing.T) {
	for _, c := range planted {
		t.Run(c.policy+" "+c.what, func(t *testing.T) {
			if c.runs > 0 && testing.Short() {
				t.Skip("it takes long")
			}
			p := load(t, c.policy, c.replace...)
			r := search(t, p, prove.Options{Sites: 40, Deviations: 1, Runs: max(c.runs, 200)})
			if r.Found == nil {
				t.Fatalf("%d runs: nothing was found", r.Runs)
			}
			t.Logf("%d runs: %s: %s %v %v", r.Runs, r.Found.Property, r.Found.Why, r.Found.Loads, r.Found.Deviations)
			repeats(t, p, r.Found)
		})
	}
}
