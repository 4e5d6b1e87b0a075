package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"parley/sim"
	"parley/sim/compare"
	"parley/sim/play"
	"parley/sim/report"
)

func newSimRun() *cobra.Command {
	var o simOptions
	var seed uint64
	var asJSON bool
	var figures []string
	var inPage bool
	page := webOptions{listen: "127.0.0.1:0"}
	cmd := &cobra.Command{
		Use:   "run SCENARIO",
		Short: "Run one policy on a scenario, and show the results",
		Long: `Run one policy on a scenario, and show the results. If the scenario has expectations,
report those that were not met; the exit code is then 1. With --web the run is then played
in the page of parley web, on the loopback, until Ctrl-C: loads, moves with what led to
them, guests, at any moment and at any speed.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, policies, err := o.open(args[0])
			if err != nil {
				return err
			}
			policy, err := o.onePolicy(cmd, s, policies)
			if err != nil {
				return err
			}
			if err := chooseFigures(s, figures, o.wire); err != nil {
				return err
			}
			run := compare.Options{Scenario: s, Policies: []compare.Policy{policy}, Seeds: []uint64{seed}, Wire: o.wire}
			made, err := madeBy(cmd, args, run, time.Now)
			if err != nil {
				return err
			}
			if err := sayCost(cmd, run); err != nil {
				return err
			}
			var recorder *play.Recorder
			if inPage {
				takeTime(cmd.Context())
				if recorder, err = recorderOf(run); err != nil {
					return err
				}
				run.Witness = recorder
			}
			results, err := o.runAll(cmd.Context(), cmd.ErrOrStderr(), run)
			if err != nil {
				return ranWrong(err)
			}
			sayUnknown(cmd, s.File(), unknownOf(run.Policies))
			saySilentPolicies(cmd.ErrOrStderr(), run.Policies...)
			sayStorms(cmd, s.File(), run.Policies, results)
			c := run.Comparison(results)
			c.Made = made
			if asJSON {
				err = printRunJSON(cmd, c, results[0])
			} else {
				printRun(cmd, c, results[0])
			}
			if inPage {
				err = errors.Join(err, playRun(cmd, page, recorder, run, results[0]))
			}
			return errors.Join(err, unmet(args[0], results[0]))
		},
	}
	o.flags(cmd)
	cmd.Flags().Uint64Var(&seed, "seed", 1, "seed of all random choices")
	figuresFlag(cmd, &figures)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the figures as JSON")
	cmd.Flags().BoolVar(&inPage, "web", false, "play the run in a page, until Ctrl-C")
	cmd.Flags().StringVar(&page.listen, "listen", page.listen, "address of the page, on the loopback; port 0: a free one")
	page.flags(cmd)
	cmd.MarkFlagsMutuallyExclusive("json", "web")
	return cmd
}

// unknownOf lists what policies ask and the simulator does not model.
func unknownOf(policies []compare.Policy) (list []string) {
	for _, p := range policies {
		list = append(list, sim.Site{Policies: p.Models}.Unknown()...)
	}
	return list
}

// sayUnknown warns of what policies ask and the simulator does not model.
func sayUnknown(cmd *cobra.Command, scenario string, unknown []string) {
	for _, line := range unknown {
		sayf(cmd.ErrOrStderr(), "%s: %s: %s: a simulated host has none and answers 0: the run does not show what the policy does "+
			"about it\n", verdict("warning"), scenario, line)
	}
}

// unmet reports the expectations of a run that were not met.
func unmet(path string, r compare.Result) error {
	if len(r.Site.Unmet) == 0 {
		return nil
	}
	return wrong(fmt.Errorf("%s: with seed %d these expectations were not met:\n  %s", path, r.Seed, strings.Join(r.Site.Unmet, "\n  ")))
}

func printRun(cmd *cobra.Command, c report.Comparison, r compare.Result) {
	t := newTable(cmd.OutOrStdout(), "figure", c.Policies[0].Name, "unit", "what")
	t.headFormat = text.FormatDefault // a policy is called as it is
	for _, m := range c.Measures {
		value := c.Policies[0].Runs[0].Values[m.Key]
		shown := m.Format(value)
		if math.IsNaN(value) {
			shown = "not known"
		}
		t.AppendRow(table.Row{m.Name, amount(shown), m.Unit, m.Doc})
	}
	t.print()
	sayf(cmd.OutOrStdout(), "%s, %s, %v of virtual time, %s in %v, %.0f MiB; %s; seed %d\n",
		english.Plural(len(r.Site.After), "host", ""), english.Plural(r.Site.Guests, "guest", ""), r.Site.Ran.Round(time.Second),
		english.Plural(r.Site.Events, "event", ""), r.Took.Round(time.Millisecond), peakMiB(), lastDeal(r.Site.Took), r.Seed)
	if q := r.Site.Quiet; q > 0 {
		sayf(cmd.OutOrStdout(), "the run ended before its limit, as nothing had happened for %v (run.quiet of the scenario)\n",
			q.Round(time.Second))
	}
	for _, line := range c.Provenance() {
		sayf(cmd.OutOrStdout(), "%s\n", line)
	}
}

func lastDeal(ended time.Duration) string {
	if ended < time.Microsecond { // the run begins at 1 ns
		return "there was no deal"
	}
	return fmt.Sprintf("the last deal ended at %v", ended.Round(time.Second))
}

// printRunJSON prints only what does not depend on the machine, so that the same seed
// gives the same bytes, but for the date. The figures have the keys of docs/figures.md.
func printRunJSON(cmd *cobra.Command, c report.Comparison, r compare.Result) error {
	figures := map[string]*float64{} // nil: not known
	for _, m := range c.Measures {
		figures[m.Key] = nil
		if value := c.Policies[0].Runs[0].Values[m.Key]; !math.IsNaN(value) {
			figures[m.Key] = &value
		}
	}
	encoder := json.NewEncoder(cmd.OutOrStdout())
	encoder.SetIndent("", "  ")
	return encoder.Encode(struct {
		Policy  string              `json:"policy"`
		Seed    uint64              `json:"seed"`
		Hosts   int                 `json:"hosts"`
		Guests  int                 `json:"guests"`
		Ran     float64             `json:"ran_s"`
		Took    float64             `json:"last_deal_s"`
		Events  int                 `json:"events"`
		Figures map[string]*float64 `json:"figures"`
		Models  []report.Digest     `json:"models"`
		Made    any                 `json:"made"`
	}{c.Policies[0].Name, r.Seed, len(r.Site.After), r.Site.Guests, r.Site.Ran.Seconds(), r.Site.Took.Seconds(), r.Site.Events, figures,
		append([]report.Digest{}, c.Policies[0].Models...), c.JSONMade()})
}
