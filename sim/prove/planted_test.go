package prove_test

import (
	"slices"
	"strings"
	"testing"

	"parley/internal/race"
	"parley/sim/prove"
)

// unreleased makes a target of swap wait after the end of a deal.
var unreleased = []string{
	"null <- settled(D, _) then\n        a(idle, ID)",
	"null <- settled(D, _) then\n        null <- timeout(100000) then\n        a(idle, ID)",
}

// plant is a copy of a shipped policy with a fault.
type plant struct {
	kind, policy string
	property     prove.Property
	replace      []string
}

// planted are copies of shipped policies, each with a fault of another kind.
var planted = []plant{
	{"sign turned", "sample", prove.NoReturn, []string{
		"With < Other - Gap / 4.", "With < Other + Gap.",
		"Gain is Size * (L - Least - Size),", "Gain is Size * (L - Least + Size),",
	}},
	{"margin left out", "contract_net", prove.NoReturn, []string{"4 * Gain > Gap * Gap, With < L.", "Gap > 0.",
		"number(Other) and With < Other and", "number(Other) and",
		"    With < Other, Gain is Size", "    Gain is Size"}},
	{"refusal forgotten", "seed", prove.Relieved, []string{"null <- k(refused(Guest, ID3)) then\n", ""}},
	{"no answer on a path", "evacuate", prove.Relieved, []string{
		"none(G) => a(collecting(_, _, _, _, _), S) then", "null then",
		"null <- wait(S) and timeout(S) then", "null <- timeout(100000) then",
	}},
	{"offers without a pause", "search", prove.Bounded, []string{"pause(5)", "pause(0.1)", "rest(120)", "rest(0.1)"}},
	{"guest chosen that just came", "power_saving", prove.Bounded, []string{
		"low(0.45)", "low(0.72)", "same(_, Load, Mine) :- Load > Mine.", "same(_, _, _)."}},
	{"threshold off", "vickrey", prove.Relieved, []string{"full(0.7)", "full(1.5)"}},
	{"wrong unit of a level", "priority", prove.Relieved, []string{"full(0.75)", "full(75)"}},
	{"wrong unit of time", "by_priority", prove.Relieved, []string{"again(30)", "again(30000)"}},
	{"release forgotten", "swap", prove.Relieved, unreleased},
	{"waits for ever after a move that failed", "by_priority", prove.Relieved, []string{`        kept(D) <= a(sending(D, _, _), S) then
        a(idle, ID)`, `        kept(D) <= a(sending(D, _, _), S) then
        null <- timeout(100000) then
        a(idle, ID)`}},
	{"comparison turned", "forward", prove.Relieved, []string{"Load < Full.", "Load > Full."}},
}

// Each planted fault is found, and its counterexample is a scenario that shows it.
func TestPlantedFaults(t *testing.T) {
	if race.Detector {
		t.Skip("TestSameAnswer has the detector watch a search")
	}
	for _, c := range planted {
		t.Run(c.policy+" "+c.kind, func(t *testing.T) {
			p := load(t, c.policy, c.replace...)
			r := search(t, p, prove.Options{Bounds: prove.Bounds{Sites: 100, Deviations: 1, Deviating: 4, Runs: 3000}})
			if r.Found == nil {
				t.Fatalf("%d runs: nothing was found", r.Runs)
			}
			if r.Found.Property != c.property {
				t.Errorf("got %s, want %s", r.Found.Property, c.property)
			}
			t.Logf("%d runs: %s: %s %v %v", r.Runs, r.Found.Property, r.Found.Why, r.Found.Loads, r.Found.Deviations)
			repeats(t, p, r.Found)
		})
	}
}

// Sites of all shapes deviate in turn, but a counterexample is of the first shape that has one with
// as many deviations: here sites of 2 hosts, which are listed last, deviate so before.
func TestFirstShape(t *testing.T) {
	if race.Detector {
		t.Skip("TestSameAnswer has the detector watch a search")
	}
	fault := planted[slices.IndexFunc(planted, func(c plant) bool { return strings.HasPrefix(c.kind, "waits for ever") })]
	r := search(t, load(t, fault.policy, fault.replace...), prove.Options{
		Bounds: prove.Bounds{Sites: 20, Deviations: 2, Deviating: 10, Runs: 1000},
		Shapes: []prove.Shape{{Hosts: 2, Guests: 1}, {Hosts: 3, Guests: 3}, {Hosts: 2, Guests: 3}},
	})
	if r.Found == nil || len(r.Found.Loads) != 3 || len(r.Found.Deviations) != 1 {
		t.Errorf("got %+v, want one of 3 hosts with a deviation", r.Found)
	}
}
