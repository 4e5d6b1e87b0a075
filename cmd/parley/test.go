package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"parley/hostagent"
	"parley/models"
	"parley/sim/modeltest"
)

func newTest() *cobra.Command {
	var o testOptions
	var watching bool
	cmd := &cobra.Command{
		Use:   "test FILE.txtar|DIRECTORY...",
		Short: "Run the tests of models",
		Long: `Run the tests of models, in virtual time and without a network. A test is a
.txtar file; for a directory all tests below it run. docs/testing.md describes the
format.

  parley test models/shop/shop_sold.txtar
  parley test -v --cover models`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			run := func() error { return o.all(cmd, args) }
			if watching {
				return watched(cmd, args, run)
			}
			return run()
		},
	}
	cmd.ValidArgsFunction = cobra.FixedCompletions([]string{"txtar"}, cobra.ShellCompDirectiveFilterFileExt)
	cmd.Flags().BoolVar(&watching, "watch", false, "run again each time a model or a test beside or below the arguments changes")
	cmd.Flags().BoolVarP(&o.verbose, "verbose", "v", false, "print the events of the last run of each test, the failed one if any")
	cmd.Flags().BoolVar(&o.cover, "cover", false, "list the events of the models that no test reached")
	cmd.Flags().BoolVar(&o.json, "json", false, "print one JSON object")
	cmd.Flags().StringVar(&o.match, "run", "", "run only the tests whose file name matches this regular expression")
	cmd.Flags().Uint64Var(&o.seeds, "seeds", 0, "run each test with the seeds 1 to N, whatever its section run says; 0: as it says")
	return cmd
}

type testOptions struct {
	verbose, cover, json bool
	match                string
	seeds                uint64
}

// testReport is what --json prints.
type testReport struct {
	Passed   int                `json:"passed"`
	Failed   int                `json:"failed"`
	Results  []modeltest.Result `json:"results"`
	Coverage []coverReport      `json:"coverage"`
}

type coverReport struct {
	Model    string   `json:"model"`
	Events   [2]int   `json:"events"`   // reached, all
	Branches [2]int   `json:"branches"` // reached, all
	Missed   []string `json:"missed"`   // events, as file:line:column: text
}

func (o *testOptions) all(cmd *cobra.Command, args []string) error {
	match, err := regexp.Compile(o.match)
	if err != nil {
		return fmt.Errorf("--run: %w", err)
	}
	if o.seeds > 100_000 {
		return errors.New("--seeds: at most 100000")
	}
	files, err := testFiles(args, match)
	if err != nil {
		return err
	}
	var report testReport
	var coverage []*modeltest.Coverage
	for _, file := range files {
		result, err := o.one(file)
		if err != nil {
			return err
		}
		if result.Passed() {
			report.Passed++
		} else {
			report.Failed++
		}
		coverage = mergeCoverage(coverage, result.Coverage)
		report.Results = append(report.Results, listed(result))
		if !o.json {
			o.print(cmd, result)
		}
	}
	for _, c := range coverage {
		report.Coverage = append(report.Coverage, reportCoverage(c))
		if o.cover && !o.json {
			fmt.Fprintln(cmd.OutOrStdout(), c.Text())
		}
	}
	if o.json {
		if err := printReport(cmd.OutOrStdout(), report); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(cmd.OutOrStdout(), "%s passed, %d failed\n", english.Plural(report.Passed, "test", ""), report.Failed)
	}
	if report.Failed > 0 {
		return wrongError{err: errors.New("a test failed"), said: true}
	}
	return nil
}

// listed makes the lists of a result empty ones, which JSON writes as [], not as null.
func listed(r modeltest.Result) modeltest.Result {
	if r.Failures == nil {
		r.Failures = []modeltest.Failure{}
	}
	if r.Story == nil {
		r.Story = []string{}
	}
	if r.Unused == nil {
		r.Unused = []modeltest.Unused{}
	}
	return r
}

// one runs one test. An error is about the file, not about the test's result.
func (o *testOptions) one(file string) (modeltest.Result, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return modeltest.Result{}, err
	}
	test, err := modeltest.Load(file, data, testSources())
	var faults *modeltest.ModelError
	if errors.As(err, &faults) {
		return modeltest.Result{}, wrong(err)
	}
	if err != nil {
		return modeltest.Result{}, err
	}
	if o.seeds > 0 {
		test.SetSeeds(1, o.seeds)
	}
	return test.Run(), nil
}

func testSources() modeltest.Sources {
	return modeltest.Sources{Read: os.ReadFile, Shipped: models.Text, Libraries: importSources(), Vocabulary: hostagent.Vocabulary()}
}

func (o *testOptions) print(cmd *cobra.Command, result modeltest.Result) {
	out := cmd.OutOrStdout()
	printJudged(out, result.Text())
	if o.verbose {
		for _, line := range result.Story {
			fmt.Fprintln(out, "  "+line)
		}
	}
}

// testFiles returns the named files, and the tests below the named directories.
func testFiles(args []string, match *regexp.Regexp) (files []string, err error) {
	for _, arg := range args {
		info, err := os.Stat(arg)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no file or directory %s: a test is a .txtar file (docs/testing.md)", arg)
		}
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, arg)
			continue
		}
		err = filepath.WalkDir(arg, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() && entry.Name() == "testdata" && path != arg {
				return filepath.SkipDir // it has tests of other kinds
			}
			if err == nil && !entry.IsDir() && strings.HasSuffix(path, ".txtar") {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no tests in %s: a test is a .txtar file (docs/testing.md)", strings.Join(args, ", "))
	}
	var kept []string
	for _, file := range files {
		if match.MatchString(file) {
			kept = append(kept, file)
		}
	}
	if len(kept) == 0 {
		return nil, fmt.Errorf("--run %s: it is in the name of none of the %s in %s, such as %s", match,
			english.Plural(len(files), "test", ""), strings.Join(args, ", "), files[0])
	}
	return kept, nil
}

func mergeCoverage(list []*modeltest.Coverage, c *modeltest.Coverage) []*modeltest.Coverage {
	for _, known := range list {
		if known.Same(c) {
			known.Merge(c)
			return list
		}
	}
	return append(list, c)
}

func reportCoverage(c *modeltest.Coverage) coverReport {
	r := coverReport{Model: c.Model, Missed: []string{}}
	r.Events[0], r.Events[1] = modeltest.Count(c.Events)
	r.Branches[0], r.Branches[1] = modeltest.Count(c.Branches)
	for _, e := range c.Events {
		if !e.Reached {
			r.Missed = append(r.Missed, fmt.Sprintf("%s:%d:%d: %s", e.Pos.File, e.Pos.Line, e.Pos.Column, e.Text))
		}
	}
	return r
}
