package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/hostagent"
	"parley/hostagent/enact"
	"parley/models/publish/repository"
	"parley/sim/compare"
	"parley/sim/scenario"
)

//go:embed gate.yaml
var gateScenario string

// gate checks a policy before it may be published: the checker, the policy's tests, and
// a simulated hour.
type gate struct {
	noSimulation, force bool
	data                string
}

func (g *gate) flags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&g.noSimulation, "no-simulation", false, "leave out the simulation before")
	cmd.Flags().BoolVar(&g.force, "force", false, "publish what overloads a simulated site more than doing nothing would")
	cmd.Flags().StringVar(&g.data, "data", os.Getenv("PARLEY_DATA"), "the directory of load traces that scenarios name (PARLEY_DATA)")
}

// pass returns why a policy may not be published; it has printed the fault itself.
func (g *gate) pass(cmd *cobra.Command, policies []repository.Policy) error {
	for _, p := range policies {
		if err := g.check(cmd, p); err != nil {
			return err
		}
		if err := g.test(cmd, p); err != nil {
			return err
		}
	}
	for _, p := range policies {
		if g.noSimulation {
			break
		}
		if err := g.simulate(cmd, p); err != nil {
			return err
		}
	}
	return nil
}

// check checks the models against the vocabulary of a host, with warnings as errors.
func (g *gate) check(cmd *cobra.Command, p repository.Policy) error {
	o := checkOptions{strict: true}
	for _, f := range p.Models {
		c := o.examine(filepath.Join(p.Dir, f.Path), f.Text, hostagent.Vocabulary())
		if o.bad(c) {
			o.print(cmd, []*checked{c})
			return wrong(fmt.Errorf("policy %s is not published: %s has faults (see `parley check --explain CODE`)", p.Name, f.Path))
		}
		_, v := enact.Prepare(f.Path, f.Text, enact.Terms{})
		if r := v.Refusal(); r != nil {
			return wrong(fmt.Errorf("policy %s is not published: %s", p.Name, r.Detail))
		}
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%s: %s without a fault\n", p.Name, count(len(p.Models), "model"))
	return nil
}

// test runs all tests below the directory of a policy.
func (g *gate) test(cmd *cobra.Command, p repository.Policy) error {
	files, err := testsBelow(p.Dir)
	if err != nil {
		return wrong(err)
	}
	if len(files) == 0 {
		fmt.Fprintf(cmd.OutOrStdout(), "%s: it has no tests: docs/testing.md says how to write some\n", p.Name)
		return nil
	}
	var o testOptions
	for _, file := range files {
		result, err := o.one(file)
		if err != nil {
			return wrong(err)
		}
		if !result.Passed() {
			o.print(cmd, result)
			return wrong(fmt.Errorf("policy %s is not published: its test %s failed", p.Name, file))
		}
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%s: %s passed\n", p.Name, count(len(files), "test"))
	return nil
}

func testsBelow(dir string) (files []string, err error) {
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.HasSuffix(path, ".txtar") {
			files = append(files, path)
		}
		return err
	})
	return files, err
}

// simulate compares a policy on its scenario with no policy on the same scenario. A
// broken invariant, or a deal that does not end, is an error of the run.
func (g *gate) simulate(cmd *cobra.Command, p repository.Policy) error {
	s, err := g.scenario(p)
	if err != nil {
		return wrong(err)
	}
	policy := compare.Policy{Name: p.Name}
	for _, f := range p.Models {
		v := enact.Compile(strings.TrimSuffix(f.Path, ".lcc"), f.Text, hostagent.Vocabulary())
		if v.Model == nil {
			return wrong(fmt.Errorf("policy %s: %s", p.Name, v.Found[0]))
		}
		policy.Models = append(policy.Models, v.Model)
	}
	sayUnknown(cmd, s, []compare.Policy{policy})
	idle, busy, err := trial(cmd, s, policy)
	if err != nil {
		return wrong(fmt.Errorf("policy %s is not published: on %s: %w: `parley sim replay` shows how it came to that", p.Name, s.File(), err))
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%s: %s\n", p.Name, trialText(idle, busy))
	if idle, busy := overloadShare(idle), overloadShare(busy); busy > idle+overloadMore && !g.force {
		return wrong(fmt.Errorf("policy %s is not published: with it guests are on overloaded hosts for %.2f %% of their time, and without it for %.2f %%: mend it, name a scenario that is more like your site in %s (simulate), or give --force",
			p.Name, 100*busy, 100*idle, filepath.Join(p.Dir, "policy.yaml")))
	}
	return nil
}

// trial runs a scenario as it is, to verify that all deals end, and then up to its
// limit with and without the policy, so that both runs cover the same time.
func trial(cmd *cobra.Command, s *scenario.Scenario, policy compare.Policy) (idle, busy compare.Result, err error) {
	var o simOptions
	run := compare.Options{Scenario: s, Policies: []compare.Policy{policy}, Seeds: []uint64{1}}
	if _, err := o.runAll(cmd.Context(), cmd.ErrOrStderr(), run); err != nil {
		return idle, busy, err
	}
	whole := *s
	whole.Run.Quiet = -1
	run.Scenario, run.Policies = &whole, []compare.Policy{{Name: "none"}, policy}
	results, err := o.runAll(cmd.Context(), cmd.ErrOrStderr(), run)
	if err != nil {
		return idle, busy, err
	}
	return results[0], results[1], nil
}

func (g *gate) scenario(p repository.Policy) (*scenario.Scenario, error) {
	if p.Scenario == "" {
		return scenario.Read(strings.NewReader(gateScenario), "the shipped trial", scenario.Options{Data: g.data})
	}
	s, err := scenario.Open(p.Scenario, scenario.Options{Data: g.data})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: simulate: there is no %s", filepath.Join(p.Dir, "policy.yaml"), p.Scenario)
	}
	return s, err
}

// overloadMore is how much longer guests may be on overloaded hosts than without
// migrations, as a share of their time: migrations themselves cost a little.
const overloadMore = 0.001

// overloadShare is the share of the guests' time on hosts above their capacity.
func overloadShare(r compare.Result) float64 {
	whole := float64(r.Site.Guests) * r.Site.Ran.Seconds()
	if whole == 0 {
		return 0
	}
	return r.Site.Figures.Overload / whole
}

func trialText(idle, busy compare.Result) string {
	f := busy.Site.Figures
	return fmt.Sprintf("simulated %v on %s: overload %.2f %% (without it %.2f %%), %s (%s), deals %d done, %d refused, %d failed",
		busy.Site.Ran.Round(time.Minute), count(len(busy.Site.After), "host"), 100*overloadShare(busy), 100*overloadShare(idle),
		count(f.Migrations, "migration"), count(f.PingPongs, "ping-pong"), f.Done, f.Refused, f.Failed)
}
