package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"parley/lcc/check"
	"parley/models/publish/bundle"
	"parley/sim"
	"parley/sim/compare"
	"parley/sim/gate"
	"parley/sim/modeltest"
)

// simulated is a result in which guests were on overloaded hosts for a share of an hour.
func simulated(overload float64) compare.Result {
	return compare.Result{Site: sim.SiteResult{Guests: 1, Ran: time.Hour, Figures: sim.Figures{Overload: 3600 * overload}}}
}

// What the gate has found is printed up to the refusal, whose reason is the error.
func TestGateWords(t *testing.T) {
	passed := gate.Policy{Name: "p", Dir: "policies/p", Models: 2, Tests: []modeltest.Result{}}
	trial := &gate.Trial{Scenario: "day.yaml", Unknown: []string{"p asks load(disk, _), line 3"}, Without: simulated(0), With: simulated(0.25)}
	simulated := passed
	simulated.Trial = trial
	failed := passed
	failed.Trial = &gate.Trial{Scenario: "day.yaml"}
	for name, c := range map[string]struct {
		policy  gate.Policy
		refused *gate.Refusal
		printed []string
		want    string // error
	}{
		"all is well": {simulated, nil, []string{"p: 2 models without a fault", "p: it has no tests", "warning: day.yaml: p asks load(disk",
			"p: simulated 1h0m0s on 0 hosts: overload 25.00 % (without it 0.00 %)"}, ""},
		"a fault": {gate.Policy{Name: "p", Dir: "d"}, &gate.Refusal{Code: gate.Faults, Model: "m.lcc",
			Found: []check.Diagnostic{{Code: "LCC007", Severity: check.Warning, Message: "no role"}}},
			[]string{"LCC007", "d/m.lcc: 0 errors, 1 warning"}, "m.lcc has faults (see `parley check --explain CODE`)"},
		"no host's": {gate.Policy{Name: "p"}, &gate.Refusal{Code: gate.NotEnacted, Model: "m.lcc",
			Enact: &bundle.Refusal{Code: bundle.NoVocabulary, Detail: "m.lcc: no host has it"}}, nil, "m.lcc: no host has it"},
		"a failed test": {gate.Policy{Name: "p", Models: 1}, &gate.Refusal{Code: gate.TestFailed, Test: &modeltest.Result{Test: "d/t.txtar"}},
			[]string{"p: 1 model without a fault", "d/t.txtar"}, "its test d/t.txtar failed"},
		"a failed run": {failed, &gate.Refusal{Code: gate.RunFailed, Err: errors.New("a deal hangs")}, nil,
			"on day.yaml: a deal hangs: `parley sim replay`"},
		"an agent that freezes": {failed, &gate.Refusal{Code: gate.Freezes, Err: errors.New("hot waits")}, nil,
			"day.yaml: hot waits: give that wait a branch for the failure"},
		"overload": {simulated, &gate.Refusal{Code: gate.Overload}, []string{"p: simulated 1h0m0s"},
			"on overloaded hosts for 25.00 % of their time, and without it for 0.00 %: fix it"},
	} {
		var out bytes.Buffer
		cmd := &cobra.Command{}
		cmd.SetOut(&out)
		cmd.SetErr(&out)
		if c.refused != nil {
			c.refused.Policy = "p"
		}
		report := gate.Report{Policies: []gate.Policy{c.policy}, Refused: c.refused}
		printGate(cmd, report)
		err := notPublished(cmd, report)
		for _, want := range c.printed {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: got\n%s\nwant %q in it", name, &out, want)
			}
		}
		text := ""
		if err != nil {
			text = err.Error()
		}
		if !strings.Contains(text, c.want) || (err != nil) != (c.refused != nil) ||
			err != nil && !strings.HasPrefix(text, "policy p is not published: ") {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}
