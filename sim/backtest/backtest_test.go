package backtest

import (
	"fmt"
	"strings"
	"testing"

	"parley/models"
	"parley/sim/compare"
	"parley/sim/scenario"
)

// yesterday is a record of a small site, as a scenario without files: guests whose load
// comes and goes, most of them on the first hosts.
const yesterday = `
title: Yesterday
hosts:
  - {name: host, count: 8, cores: 16, memory: 64 GiB, power: [100, 200], labels: [rack=a]}
guests:
  - {name: walk, count: 40, place: skewed, sizes: [{cores: 2, memory: 2 GiB}, {cores: 4, memory: 4 GiB}],
     load: {kind: walk, mean: 0.4, swing: 0.15}}
  - {name: day, count: 16, place: blocks, sizes: [{cores: 4, memory: 4 GiB}],
     load: {kind: wave, mean: 0.3, swing: 0.3, period: 3h, phase: random}}
  - {name: spots, count: 16, place: blocks, sizes: [{cores: 2, memory: 2 GiB}], load: {kind: spots, share: 0.1, high: 0.9, period: 30m}}
waits: true
agent: {sample_every: 20s, hold_samples: 1, advert_every: 1h, advert_gap: 20s}
run: {limit: 3h, quiet: -1s}
`

// record is yesterday, or for power_saving a day with half of the guests, so that there are
// hosts to be emptied.
func record(t *testing.T, policy string) *scenario.Scenario {
	t.Helper()
	s, err := scenario.Read(strings.NewReader(yesterday), "yesterday", scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if policy == "power_saving" {
		for i := range s.Guests {
			s.Guests[i].Count /= 2
		}
	}
	return s
}

// policy compiles a shipped policy with some of its text replaced.
func policy(t *testing.T, name string, edits ...string) compare.Policy {
	t.Helper()
	p, err := compare.Load(name, func(name string) ([]byte, error) {
		text, ok := models.Text(name)
		if !ok {
			return nil, fmt.Errorf("there is no %s", name)
		}
		for i := 0; i < len(edits); i += 2 {
			if !strings.Contains(string(text), edits[i]) {
				return nil, fmt.Errorf("%s has no %q", name, edits[i])
			}
			text = []byte(strings.ReplaceAll(string(text), edits[i], edits[i+1]))
		}
		return text, nil
	})
	if err != nil {
		t.Fatalf("%s %q: %v", name, edits, err)
	}
	return p
}

// spoiled are edits of shipped policies as people make them by mistake.
var spoiled = []struct {
	what, policy string
	edits        []string
}{
	{"the difference is turned", "agility", []string{"Low - Least > Gap", "Low - Least < Gap"}},
	{"the worth is turned", "agility", []string{"Worth > Enough", "Worth < Enough"}},
	{"the host that is quiet acts", "agility", []string{"Low > Quiet", "Low < Quiet"}},
	{"the least worth is left out", "agility", []string{"Worth > Enough / 2", "Worth > 0 * Enough", "Worth > Enough", "Worth > 0 * Enough",
		"Low - Least > Gap", "Low - Least > 0 * Gap"}},
	{"the target refuses nothing", "agility", []string{"better(Need, Other) and reserve", "fits(Need) and reserve",
		"Low - Least > Gap", "Low - Least > 0 * Gap", "Worth > Enough.", "Worth > 0 * Enough."}},
	{"it asks for what is refused, and forgets the refusal", "agility", []string{"Worth > Enough / 2", "Worth < Enough / 2",
		"not spared(G, T)", "not spared(T, G)"}},
	{"a host below the level keeps its guests", "power_saving", []string{"L < Low, player", "L > Low, player"}},
	{"the need is turned", "power_saving", []string{"high(High), L > High", "high(High), L < High"}},
	{"hosts are filled without a bound", "power_saving", []string{"With < Full", "With < 3", "Load + Size < Full", "Load + Size < 3", "Load < Full", "Load < 3"}},
	{"the lighter host takes", "power_saving", []string{"Load > Mine", "Load < Mine"}},
	{"the bid is turned", "contract_net", []string{"With < Other", "With > Other"}},
	{"the least gain is left out", "contract_net", []string{"4 * Gain > Gap * Gap, With < L", "Gain > 0 * Gap, With < L"}},
	{"the gain is turned", "contract_net", []string{"(L - Rest) * (L - With)", "(L - Rest) * (With - L)"}},
	{"only quiet hosts call", "contract_net", []string{"L > Quiet", "L < Quiet"}},
	{"the difference is turned", "sample", []string{"L - Least > Gap", "Least - L > Gap"}},
	{"the least gain is left out", "sample", []string{"4 * Gain > Gap * Gap", "Gain > 0 * Gap", "L - Least > Gap", "L - Least > 0 * Gap", "Other - Gap / 4", "Other - 0 * Gap"}},
	{"nobody hears an answer", "sample", []string{"has(L) <= a(open, T) <- T in Left and number(L)", "has(L) <= a(open, T) <- T in Left and L < 0"}},
	{"the heat is turned", "vickrey", []string{"overloaded(High, _), guest(_, _)", "underloaded(High, _), guest(_, _)"}},
	{"cool hosts are full ones", "priority", []string{"full(Full), underloaded(Full, _)", "full(Full), overloaded(Full, _)"}},
	{"the heat is turned", "swap", []string{"overloaded(High, _), guest(_, _)", "underloaded(High, _), guest(_, _)"}},
}

// Of twenty policies that are spoiled the backtest finds each worse than what was in force,
// and it passes those that are as good: the same text, written otherwise.
func TestSpoiledPolicies(t *testing.T) {
	news := map[string][]compare.Policy{}
	for _, c := range spoiled {
		news[c.policy] = append(news[c.policy], policy(t, c.policy, c.edits...))
	}
	if len(spoiled) != 20 {
		t.Fatalf("got %d policies, want twenty", len(spoiled))
	}
	good := map[string][]string{
		"agility":      {"patience(5).", "patience(6).", "coarse(0.02)", "coarse(0.025)"},
		"power_saving": {"full(0.72)", "full(0.73)"},
		"contract_net": {"shows(8)", "shows(9)"},
		"sample":       {"longest(400)", "longest(420)"},
		"vickrey":      {"calls(4)", "calls(5)"},
		"priority":     {"high(0.8)", "high(0.81)"},
		"swap":         {"full(0.75)", "full(0.76)"},
	}
	for name, list := range news {
		if testing.Short() && name != "agility" && name != "swap" {
			continue
		}
		list = append(list, policy(t, name, good[name]...))
		reports, err := Run(t.Context(), Options{Record: record(t, name), Old: policy(t, name), New: list})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if last := reports[len(reports)-1]; !last.Passes() {
			t.Errorf("%s with %q: got worse %s, want nothing", name, good[name], last.Text())
		}
		i := 0
		for _, c := range spoiled {
			if c.policy != name {
				continue
			}
			r := reports[i]
			i++
			if r.Passes() {
				t.Errorf("%s, %s: got nothing that is worse in %+v", name, c.what, r.Rows)
			} else {
				t.Logf("%s, %s: %s", name, c.what, r.Text())
			}
		}
	}
}
