package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/internal/version"
	"parley/sim/compare"
	"parley/sim/report"
)

// comparing are the flags of sim compare.
type comparing struct {
	simOptions
	seeds int
	first uint64
	keep  string
	shown []string
	shard sharding
	files compareFiles
}

func newSimCompare() *cobra.Command {
	var o comparing
	cmd := &cobra.Command{
		Use:   "compare SCENARIO",
		Short: "Compare policies on a scenario, over many seeds",
		Long: `Run each policy over the same seeds, on all processors, and compare the figures:
a table here, with 95 % confidence intervals of the means, and files for a
spreadsheet (--csv), a program (--json), or a person (--html, one self-contained page).
All runs of a seed cover the same span. A file "-" is the standard output; the table
is then on standard error.

An interrupt ends the comparison with the seeds that all policies have finished. With
--keep each finished run is kept in a file, and the same command continues from there.

With --shard 3/16 --out DIR it runs the third of 16 parts of the seeds, for machines that
share the work: any batch system can start one call for each part, with the same DIR or
with its files gathered later. sim merge makes the table and the files of all parts. A
call that is interrupted continues from what DIR has.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return o.compare(cmd, args) },
	}
	o.simOptions.flags(cmd)
	cmd.Flags().IntVar(&o.seeds, "seeds", 5, "number of seeds")
	cmd.Flags().Uint64Var(&o.first, "first-seed", 1, "first seed")
	cmd.Flags().StringVar(&o.keep, "keep", "", "keep each finished run in this file, and take those that it has")
	figuresFlag(cmd, &o.shown)
	o.shard.flags(cmd)
	o.files.flags(cmd)
	return cmd
}

func (o *comparing) compare(cmd *cobra.Command, args []string) (err error) {
	if o.seeds < 1 || o.seeds > 100_000 {
		return fmt.Errorf("--seeds is %d: from 1 to 100000", o.seeds)
	}
	shard, err := o.shard.read(cmd)
	if err != nil {
		return err
	}
	s, policies, err := o.open(args[0])
	if err != nil {
		return err
	}
	if err := chooseFigures(s, o.shown, o.wire); err != nil {
		return err
	}
	run := compare.Options{Scenario: s, Policies: policies, Charts: o.files.html != "", Courses: o.files.series != "", Wire: o.wire}
	for i := range o.seeds {
		run.Seeds = append(run.Seeds, o.first+uint64(i))
	}
	made, err := madeBy(cmd, args, run, time.Now)
	if err != nil {
		return err
	}
	if err := o.files.open(cmd.OutOrStdout()); err != nil {
		return errors.Join(err, o.files.close())
	}
	defer func() { err = cmp.Or(err, o.files.close()) }()
	if o.keep != "" || o.shard.out != "" {
		kept, failed := o.keepRuns(cmd, args, shard, &run, made)
		if failed != nil {
			return failed
		}
		defer func() { err = cmp.Or(err, kept.Close()) }()
	}
	// What has finished is written after an interrupt, and that takes its time.
	finished := run.Finished
	run.Finished = func(r compare.Result) error {
		takeTime(cmd.Context())
		if finished == nil {
			return nil
		}
		return finished(r)
	}
	if err := sayCost(cmd, run); err != nil {
		return err
	}
	results, err := o.runAll(cmd.Context(), cmd.ErrOrStderr(), run)
	part := ""
	if err != nil {
		if cmd.Context().Err() == nil {
			return ranWrong(err)
		}
		all := len(run.Seeds)
		run, results = run.Whole(results)
		if err = interruptedComparison(cmd.Context(), err, cmp.Or(o.keep, o.shard.out), len(run.Seeds), all); len(run.Seeds) == 0 {
			return err
		}
		part = fmt.Sprintf("only a part: %d of %d seeds, as the comparison was interrupted", len(run.Seeds), all)
	} else if o.shard.out != "" {
		run, results = run.Whole(results)
		part = fmt.Sprintf("only a part: shard %v, %d of %d seeds; all shards together: parley sim merge %s", shard, len(run.Seeds), o.seeds,
			quoted(o.shard.out))
	}
	sayUnknown(cmd, s.File(), unknownOf(policies))
	saySilentPolicies(cmd.ErrOrStderr(), policies...)
	sayStorms(cmd, s.File(), policies, results)
	table := cmd.OutOrStdout()
	if o.files.taken != "" {
		table = cmd.ErrOrStderr()
	}
	c := run.Comparison(results)
	c.Part, c.Made = part, made
	return errors.Join(o.files.write(table, c), err)
}

// interruptedComparison says what an interrupted comparison has, and how it continues.
func interruptedComparison(ctx context.Context, err error, keep string, whole, all int) error {
	what := fmt.Sprintf("the table and the files have the %d of %d seeds that all policies finished", whole, all)
	if whole == 0 {
		what = "no seed was finished by all policies"
	}
	if keep == "" {
		return wrong(continues(ctx, err, what+"; with --keep FILE a comparison can continue later"))
	}
	return wrong(continues(ctx, err, fmt.Sprintf("%s; %s has each finished run: the same command continues", what, keep)))
}

// keepRuns makes a comparison take finished runs from a file, and add those that finish.
func (o *comparing) keepRuns(cmd *cobra.Command, args []string, shard compare.Shard, run *compare.Options, made *report.Made) (
	kept *compare.Keep, err error,
) {
	build := strings.TrimSpace(version.Current() + " " + version.Commit())
	if o.shard.out != "" {
		run.Shard, run.Charts, run.Courses = shard, true, o.shard.courses
		command := commandWords(cmd, args, shardFlag, outFlag, coursesFlag)
		if kept, err = compare.OpenShard(o.shard.out, *run, build, *made, command); err != nil {
			return nil, fmt.Errorf("--out: %w", err)
		}
	} else if kept, err = compare.OpenKeep(o.keep, *run, build); err != nil {
		return nil, fmt.Errorf("--keep: %w", err)
	}
	kept.Use(run)
	return kept, nil
}

// compareFiles are the files that a comparison is written to; "": none.
type compareFiles struct {
	outputs
	csv, json, html, series string
	csvOut, jsonOut, page   *output
	seriesOut               *output
}

func (f *compareFiles) flags(cmd *cobra.Command) {
	f.ofRuns(cmd)
	cmd.Flags().StringVar(&f.series, "series", "", "write the state at each tick of all runs to this file, as CSV, or as lines of "+
		"JSON if its name ends in .jsonl")
}

// ofRuns has the flags of the files that need no load of each host.
func (f *compareFiles) ofRuns(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.csv, "csv", "", "write all runs to this file, as CSV")
	cmd.Flags().StringVar(&f.json, "json", "", "write all runs and the intervals to this file, as JSON")
	cmd.Flags().StringVar(&f.html, "html", "", "write a page with charts to this file")
}

func (f *compareFiles) open(stdout io.Writer) error {
	f.stdout = stdout
	for _, file := range []struct {
		flag, name string
		to         **output
	}{{"csv", f.csv, &f.csvOut}, {"json", f.json, &f.jsonOut}, {"html", f.html, &f.page}, {"series", f.series, &f.seriesOut}} {
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
	return errors.Join(report.TextOf(table, c, widthOf(table)), f.writeFiles(c))
}

func (f *compareFiles) writeFiles(c report.Comparison) error {
	as := func(format func(io.Writer, report.Comparison) error) func(io.Writer) error {
		return func(w io.Writer) error { return format(w, c) }
	}
	series := report.SeriesCSV
	if strings.HasSuffix(f.series, ".jsonl") {
		series = report.SeriesJSON
	}
	return errors.Join(f.csvOut.write(as(report.CSV)), f.jsonOut.write(as(report.JSON)), f.page.write(as(report.HTML)),
		f.seriesOut.write(as(series)))
}
