package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"

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
spreadsheet (--csv), a program (--json), or a person (--html, one self-contained page).
All runs of a seed cover the same span. A file "-" is the standard output; the table
is then on standard error.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if seeds < 1 || seeds > 100_000 {
				return fmt.Errorf("--seeds is %d: from 1 to 100000", seeds)
			}
			s, policies, err := o.open(args[0])
			if err != nil {
				return err
			}
			if err := files.open(cmd.OutOrStdout()); err != nil {
				return errors.Join(err, files.close())
			}
			defer func() { err = cmp.Or(err, files.close()) }()
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
			table := cmd.OutOrStdout()
			if files.taken != "" {
				table = cmd.ErrOrStderr()
			}
			return files.write(table, run.Comparison(results))
		},
	}
	o.flags(cmd)
	cmd.Flags().IntVar(&seeds, "seeds", 5, "number of seeds")
	cmd.Flags().Uint64Var(&first, "first-seed", 1, "first seed")
	files.flags(cmd)
	return cmd
}

// compareFiles are the files that a comparison is written to; "": none.
type compareFiles struct {
	outputs
	csv, json, html       string
	csvOut, jsonOut, page *output
}

func (f *compareFiles) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.csv, "csv", "", "write all runs to this file, as CSV")
	cmd.Flags().StringVar(&f.json, "json", "", "write all runs and the intervals to this file, as JSON")
	cmd.Flags().StringVar(&f.html, "html", "", "write a page with charts to this file")
}

func (f *compareFiles) open(stdout io.Writer) error {
	f.stdout = stdout
	for _, file := range []struct {
		flag, name string
		to         **output
	}{{"csv", f.csv, &f.csvOut}, {"json", f.json, &f.jsonOut}, {"html", f.html, &f.page}} {
		out, err := f.outputs.open(file.flag, file.name)
		if err != nil {
			return err
		}
		*file.to = out
	}
	return nil
}

// write writes the table, and then the files: one that fails does not take the table or
// another file with it.
func (f *compareFiles) write(table io.Writer, c report.Comparison) error {
	as := func(format func(io.Writer, report.Comparison) error) func(io.Writer) error {
		return func(w io.Writer) error { return format(w, c) }
	}
	return errors.Join(report.Text(table, c), f.csvOut.write(as(report.CSV)), f.jsonOut.write(as(report.JSON)), f.page.write(as(report.HTML)))
}
