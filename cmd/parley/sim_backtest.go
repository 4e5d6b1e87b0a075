package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"parley/sim/backtest"
	"parley/sim/compare"
)

func newSimBacktest() *cobra.Command {
	var o simOptions
	var old string
	var seeds int
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "backtest DIR POLICY...",
		Short: "Replay the past of a site under the policy in force and under others",
		Long: `Replay a record of a site (` + "`parley record`" + `) under the policy that was in force and
under others, and show their figures side by side. The exit code is 1 if one of them is
worse in a figure by more than what is due to chance: guests get less of what they want,
hosts are less even, more energy, more moves, more messages, refusals or failures.
` + "`parley policy build --record DIR`" + ` refuses such a policy. The same record and policies
give the same figures.`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if seeds < 1 || seeds > 1000 {
				return fmt.Errorf("--seeds is %d: from 1 to 1000", seeds)
			}
			b, err := openRecord(args[0], o.data, old)
			if err != nil {
				return err
			}
			for _, name := range args[1:] {
				p, err := compare.Load(name, readModel)
				if err != nil {
					return err
				}
				b.New = append(b.New, p)
			}
			b.Seeds = seeds
			if err := sayCost(cmd, b.Comparison()); err != nil {
				return err
			}
			b.Run = func(ctx context.Context, run compare.Options) ([]compare.Result, error) {
				return o.runAll(ctx, cmd.ErrOrStderr(), run)
			}
			reports, err := backtest.Run(cmd.Context(), b)
			if err != nil {
				return ranWrong(err)
			}
			if asJSON {
				err = writeJSON(cmd.OutOrStdout(), reports)
			} else {
				printBacktest(cmd.OutOrStdout(), reports)
			}
			return errors.Join(err, worseText(reports))
		},
	}
	o.plainFlags(cmd)
	cmd.Flags().StringVar(&old, "old", "", "policy to compare with (default: the one that was in force)")
	completesFlag(cmd, "old", completeModels("none"))
	cmd.Flags().IntVar(&seeds, "seeds", 1, "number of replays, whose agents start at other moments")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the figures as JSON")
	return cmd
}

// openRecord reads a record, with the policy that was in force or the one that is given.
func openRecord(dir, data, old string) (b backtest.Options, err error) {
	if b.Record, err = openScenario(dir, data); err != nil {
		return b, err
	}
	read := readModel
	if old == "" {
		if len(b.Record.Policies) == 0 {
			return b, fmt.Errorf("%s does not say which policy was in force: give --old", b.Record.File())
		}
		old = b.Record.Policies[0]
		read = func(part string) ([]byte, error) {
			if strings.HasSuffix(part, ".lcc") {
				part = filepath.Join(b.Record.Dir(), part)
			}
			return readModel(part)
		}
	}
	b.Old, err = compare.Load(old, read)
	return b, err
}

// printBacktest shows the figures of all policies side by side.
func printBacktest(out io.Writer, reports []backtest.Report) {
	heads := []string{"figure", "in force: " + reports[0].Old}
	rows := map[string][]any{}
	var order []string
	for _, r := range reports {
		heads = append(heads, r.New)
		for _, row := range r.Rows {
			if rows[row.Key] == nil {
				order = append(order, row.Key)
				rows[row.Key] = []any{strings.TrimSpace(row.Name + " " + row.Unit), amount(fmt.Sprintf("%.*f", row.Digits, row.Old))}
			}
		}
	}
	for i, r := range reports {
		for _, row := range r.Rows {
			value := fmt.Sprintf("%.*f", row.Digits, row.New)
			if row.Worse {
				value += " WORSE"
			}
			rows[row.Key] = append(rows[row.Key], amount(value))
		}
		for key := range rows {
			for len(rows[key]) < i+3 {
				rows[key] = append(rows[key], "")
			}
		}
	}
	t := newTable(out, heads...)
	t.headFormat = text.FormatDefault // names of policies are as people write them
	for _, key := range order {
		t.AppendRow(table.Row(rows[key]))
	}
	t.print()
}

// worseText is the error that names the policies that are worse.
func worseText(reports []backtest.Report) error {
	var errs []error
	for _, r := range reports {
		switch {
		case r.Failed != "":
			errs = append(errs, fmt.Errorf("%s cannot be replayed: %s", r.New, r.Failed))
		case !r.Passes():
			errs = append(errs, fmt.Errorf("%s is worse than %s: %s", r.New, r.Old, r.Text()))
		}
	}
	return wrong(errors.Join(errs...))
}
