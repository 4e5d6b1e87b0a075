package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"parley/models/publish/repository"
	"parley/sim/backtest"
	"parley/sim/compare"
	"parley/sim/gate"
)

// gateFlags are the flags of verbs that try policies before they are published.
type gateFlags struct {
	gate.Options
	record string // directory of a record; "": what cluster.yaml names
}

func (g *gateFlags) flags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&g.NoSimulation, "no-simulation", false, "skip the simulation before publishing")
	cmd.Flags().BoolVar(&g.Force, "force", false,
		"publish even if the policy overloads a simulated site more than no policy does, or is worse on the record")
	cmd.Flags().StringVar(&g.record, "record", "",
		"record of the site (parley record) on which the release may not be worse than what was in force (default: record in cluster.yaml)")
	cmd.Flags().StringVar(&g.Data, "data", os.Getenv("PARLEY_DATA"), "directory of load traces that scenarios name (PARLEY_DATA)")
}

// readRecord reads the record that the flag or cluster.yaml names.
func (g *gateFlags) readRecord(r *repository.Repository) error {
	dir := g.record
	if dir == "" && r.Cluster().Record != "" {
		if dir = r.Cluster().Record; !filepath.IsAbs(dir) {
			dir = filepath.Join(r.Dir(), dir)
		}
	}
	if dir == "" || g.NoSimulation {
		return nil
	}
	past, err := openRecord(dir, g.Data, "")
	g.Past = &past
	return err
}

// pass tries the policies, prints what was found, and returns why none is published.
func (g *gateFlags) pass(cmd *cobra.Command, policies []repository.Policy) error {
	g.Sources = testSources()
	g.Run = func(ctx context.Context, run compare.Options) ([]compare.Result, error) {
		var o simOptions
		return o.runAll(ctx, cmd.ErrOrStderr(), run)
	}
	report, err := gate.Try(cmd.Context(), policies, g.Options)
	printGate(cmd, report)
	if err != nil {
		return wrong(err)
	}
	return wrong(notPublished(cmd, report))
}

func printGate(cmd *cobra.Command, report gate.Report) {
	out := cmd.OutOrStdout()
	for _, p := range report.Policies {
		if p.Models > 0 {
			fmt.Fprintf(out, "%s: %s without a fault\n", p.Name, english.Plural(p.Models, "model", ""))
		}
		switch {
		case len(p.Tests) > 0:
			fmt.Fprintf(out, "%s: %s passed\n", p.Name, english.Plural(len(p.Tests), "test", ""))
		case p.Tests != nil:
			fmt.Fprintf(out, "%s: it has no tests: docs/testing.md says how to write some\n", p.Name)
		}
	}
	for _, p := range report.Policies {
		if p.Trial == nil {
			continue
		}
		sayUnknown(cmd, p.Trial.Scenario, p.Trial.Unknown)
		if p.Trial.With.Storms() {
			sayStorm(cmd, p.Trial.Scenario, p.Name, p.Trial.With)
		}
		if p.Trial.With.Site.Ran > 0 {
			fmt.Fprintf(out, "%s: %s\n", p.Name, trialText(p.Trial))
		}
	}
	if report.Past != nil {
		fmt.Fprintf(out, "replayed %s:\n", report.Past.Record)
		printBacktest(out, []backtest.Report{*report.Past})
	}
}

// notPublished returns why a policy is not published; it prints the faults themselves.
func notPublished(cmd *cobra.Command, report gate.Report) error {
	r := report.Refused
	if r == nil {
		return nil
	}
	p := report.Policies[slices.IndexFunc(report.Policies, func(p gate.Policy) bool { return p.Name == r.Policy })]
	switch r.Code {
	case gate.Faults:
		(&checkOptions{}).print(cmd, []*checked{{name: filepath.Join(p.Dir, r.Model), text: r.Text, found: r.Found}})
		return fmt.Errorf("policy %s is not published: %s has faults (see `parley check --explain CODE`)", r.Policy, r.Model)
	case gate.NotEnacted:
		return fmt.Errorf("policy %s is not published: %s", r.Policy, r.Enact.Detail)
	case gate.TestFailed:
		if r.Test == nil {
			return fmt.Errorf("policy %s is not published: a test does not fit its model: %w", r.Policy, r.Err)
		}
		(&testOptions{}).print(cmd, *r.Test)
		return fmt.Errorf("policy %s is not published: its test %s failed", r.Policy, r.Test.Test)
	case gate.RunFailed:
		return fmt.Errorf("policy %s is not published: on %s: %w: `parley sim replay` shows how it happened", r.Policy, p.Trial.Scenario, r.Err)
	case gate.Worse:
		return fmt.Errorf("nothing is published: on %s the release is worse than %s, which was in force: %s: fix it, or give --force",
			report.Past.Record, report.Past.Old, report.Past.Text())
	case gate.Freezes:
		return fmt.Errorf("policy %s is not published: %s: %w: give that wait a branch for the failure, such as or (null <- timeout(60))",
			r.Policy, p.Trial.Scenario, r.Err)
	}
	return fmt.Errorf("policy %s is not published: with it guests are on overloaded hosts for %.2f %% of their time, and without it "+
		"for %.2f %%: fix it, name a scenario that is more like your site in %s (simulate), or give --force", r.Policy,
		100*gate.OverloadShare(p.Trial.With), 100*gate.OverloadShare(p.Trial.Without), filepath.Join(p.Dir, "policy.yaml"))
}

func trialText(t *gate.Trial) string {
	f := t.With.Site.Figures
	faults := ""
	if t.Faults {
		faults = "; agents, hosts, migrations or the network fail in it on purpose"
	}
	return fmt.Sprintf("simulated %v on %s: overload %.2f %% (without it %.2f %%), %s (%s), deals %d done, %d refused, %d failed%s",
		t.With.Site.Ran.Round(time.Minute), english.Plural(len(t.With.Site.After), "host", ""),
		100*gate.OverloadShare(t.With), 100*gate.OverloadShare(t.Without),
		english.Plural(f.Migrations, "migration", ""), english.Plural(f.PingPongs, "ping-pong", ""), f.Done, f.Refused, f.Failed, faults)
}
