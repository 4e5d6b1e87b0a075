package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"parley/sim/compare"
	"parley/sim/report"
)

func newSimCompare() *cobra.Command {
	var o simOptions
	var seeds int
	var first uint64
	var files compareFiles
	cmd := &cobra.Command{
		Use:   "compare SCENARIO",
		Short: "Compare policies on a scenario, over many seeds",
		Long: `Run each policy over the same seeds, on all processors, and compare the figures:
a table here, with 95 % confidence intervals of the means, and files for a
spreadsheet (--csv), a program (--json), or a person (--html, one self-contained page).`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if seeds < 1 || seeds > 100_000 {
				return fmt.Errorf("--seeds is %d: from 1 to 100000", seeds)
			}
			s, policies, err := o.open(args[0])
			if err != nil {
				return err
			}
			run := compare.Options{Scenario: s, Policies: policies, Charts: files.html != ""}
			for i := range seeds {
				run.Seeds = append(run.Seeds, first+uint64(i))
			}
			results, err := o.runAll(cmd.Context(), cmd.ErrOrStderr(), run)
			if err != nil {
				return wrong(err)
			}
			run.Wire = o.wire
			sayUnknown(cmd, s.File(), unknownOf(policies))
			c := run.Comparison(results)
			if err := files.write(c); err != nil {
				return err
			}
			return report.Text(cmd.OutOrStdout(), c)
		},
	}
	o.flags(cmd)
	cmd.Flags().IntVar(&seeds, "seeds", 5, "number of seeds")
	cmd.Flags().Uint64Var(&first, "first-seed", 1, "first seed")
	cmd.Flags().StringVar(&files.csv, "csv", "", "write all runs to this file, as CSV")
	cmd.Flags().StringVar(&files.json, "json", "", "write all runs and the intervals to this file, as JSON")
	cmd.Flags().StringVar(&files.html, "html", "", "write a page with charts to this file")
	return cmd
}

// compareFiles are the files that a comparison is written to; "": none.
type compareFiles struct{ csv, json, html string }

func (f compareFiles) write(c report.Comparison) error {
	for _, file := range []struct {
		name  string
		write func(io.Writer, report.Comparison) error
	}{{f.csv, report.CSV}, {f.json, report.JSON}, {f.html, report.HTML}} {
		if file.name == "" {
			continue
		}
		out, err := os.Create(file.name)
		if err != nil {
			return err
		}
		if err := errors.Join(file.write(out, c), out.Close()); err != nil {
			return fmt.Errorf("%s: %w", file.name, err)
		}
	}
	return nil
}
