package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"parley/internal/version"
	"parley/sim"
	"parley/sim/compare"
	"parley/sim/report"
	"parley/sim/scenario"
	"parley/sim/tune"
)

// tuning are the flags of sim tune.
type tuning struct {
	simOptions
	spans      []string
	candidates int
	seeds      int
	first      uint64
	sampling   uint64
	goals      []string
	keep       string
	files      compareFiles
}

// goalsOf are the goals of a search by default: what is served, energy and what it takes.
var goalsOf = []string{"unserved", "energy", "migrations"}

const candidatesMost = 10_000

func newSimTune() *cobra.Command {
	var o tuning
	cmd := &cobra.Command{
		Use:   "tune SCENARIO POLICY",
		Short: "Search the parameters of a policy",
		Long: `Try other values for the numbers at the head of a policy's text, on all processors.
Many candidates run with few seeds, and the best third of them with three times as many,
until all seeds have run. What is shown is the front: no other candidate is better in all
goals. For each of the front there are the facts to paste into the text.

Without --vary each number is searched from a quarter to four times its value. The runs of
all candidates cover the scenario's limit. With --keep a search that was interrupted
continues where it ended.

  parley sim tune site.yaml agility --vary gap=0.05:0.5 --vary patience=1:60 --html front.html`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error { return o.tune(cmd, args) },
	}
	cmd.Flags().StringSliceVar(&o.spans, "vary", nil, "search this parameter, such as gap=0.05:0.5; may be repeated")
	cmd.Flags().IntVar(&o.candidates, "candidates", 40, "number of candidates besides the text as it is")
	cmd.Flags().IntVar(&o.seeds, "seeds", 9, "number of seeds of the last round")
	cmd.Flags().Uint64Var(&o.first, "first-seed", 1, "first seed")
	cmd.Flags().Uint64Var(&o.sampling, "sampling-seed", 1, "another one draws other candidates")
	cmd.Flags().StringSliceVar(&o.goals, "goals", goalsOf, "figures that are made better, by the keys of docs/figures.md; "+
		"with deviation too for a policy that evens loads")
	completesFlag(cmd, "goals", someOf(figureKeys()...))
	cmd.Flags().StringVar(&o.keep, "keep", "", "keep each finished run in this file, and take those that it has")
	o.plainFlags(cmd)
	o.files.ofRuns(cmd)
	return cmd
}

func (o *tuning) tune(cmd *cobra.Command, args []string) (err error) {
	plan, err := o.plan(cmd, args)
	if err != nil {
		return err
	}
	errs := cmd.ErrOrStderr()
	if len(plan.Skipped) > 0 {
		sayf(errs, "%s stays as it is, as its value is not above zero: give it a range with --vary\n", strings.Join(plan.Skipped, ", "))
	}
	made, err := madeBy(cmd, args, plan.All(), time.Now)
	if err != nil {
		return err
	}
	if err := o.files.open(cmd.OutOrStdout()); err != nil {
		return errors.Join(err, o.files.close())
	}
	defer func() { err = cmp.Or(err, o.files.close()) }()
	sayf(errs, "%d candidates, %d runs; searched: %s\n", plan.Candidates(), plan.Runs(), spansText(plan.Spans()))
	found, err := o.search(cmd, plan)
	if err != nil {
		return err
	}
	for _, key := range found.Left {
		sayf(errs, "%s: %s is no goal of this search: the scenario does not measure it\n", verdict("warning"), key)
	}
	c := found.Run.Comparison(found.Results)
	c.Made, c.Front = made, &found.Front
	out := cmd.OutOrStdout()
	if o.files.taken != "" {
		out = errs
	}
	printFront(out, c, found)
	return o.files.writeFiles(c)
}

// plan reads the flags, and chooses the candidates.
func (o *tuning) plan(cmd *cobra.Command, args []string) (*tune.Plan, error) {
	switch {
	case o.seeds < 1 || o.seeds > 100_000:
		return nil, fmt.Errorf("--seeds is %d: from 1 to 100000", o.seeds)
	case o.candidates < 1 || o.candidates > candidatesMost:
		return nil, fmt.Errorf("--candidates is %d: from 1 to %d", o.candidates, candidatesMost)
	case strings.ContainsAny(args[1], "+[") || args[1] == "none":
		return nil, fmt.Errorf("policy %s: name one policy, by name or file, without values: --vary gives its ranges", args[1])
	}
	t := tune.Options{
		Policy: args[1], Text: readModel, Candidates: o.candidates, Sampling: o.sampling, Charts: o.files.html != "",
	}
	for _, text := range o.spans {
		span, err := tune.ParseSpan(text)
		if err != nil {
			return nil, fmt.Errorf("--vary: %w", err)
		}
		t.Spans = append(t.Spans, span)
	}
	for i := range o.seeds {
		t.Seeds = append(t.Seeds, o.first+uint64(i))
	}
	o.policy = args[1:2]
	s, policies, err := o.open(args[0])
	if err != nil {
		return nil, err
	}
	if !cmd.Flags().Changed("goals") && compare.Evens(policies[0]) {
		o.goals = append(slices.Clone(goalsOf), "deviation") // nothing would be moved otherwise
	}
	if err := o.chooseGoals(s); err != nil {
		return nil, err
	}
	t.Scenario, t.Goals = s, o.goals
	return tune.New(t)
}

// chooseGoals checks the goals, and makes the scenario show them.
func (o *tuning) chooseGoals(s *scenario.Scenario) error {
	for i, key := range o.goals {
		if err := known("figure", key, figureKeys()); err != nil {
			return fmt.Errorf("--goals: %w (docs/figures.md)", err)
		}
		if slices.Contains(o.goals[:i], key) {
			return fmt.Errorf("--goals: %s is there twice: name each goal once", key)
		}
		if key == "bytes_host" {
			return errors.New("--goals: bytes_host is not counted in a search: name another figure, such as bytes_sent")
		}
		for _, m := range sim.Measures() {
			if m.Key == key && m.Better == 0 {
				return fmt.Errorf("--goals: neither more nor less %s is better: name another figure (docs/figures.md)", key)
			}
		}
		if len(s.Figures) > 0 && !slices.Contains(s.Figures, key) {
			s.Figures = append(slices.Clone(s.Figures), key)
		}
	}
	return nil
}

// search runs the search, with a progress bar.
func (o *tuning) search(cmd *cobra.Command, plan *tune.Plan) (found *tune.Result, err error) {
	bar := newProgressBar(cmd.ErrOrStderr(), plan.Title())
	defer func() { bar.stop(err) }()
	compare.Roomy()
	var kept *compare.Keep
	open := func(all *compare.Options) (err error) {
		if o.keep == "" {
			return nil
		}
		if kept, err = compare.OpenKeep(o.keep, *all, strings.TrimSpace(version.Current()+" "+version.Commit())); err != nil {
			return fmt.Errorf("--keep: %w", err)
		}
		kept.Use(all)
		return nil
	}
	err = o.profiled(func() error {
		found, err = plan.Search(cmd.Context(), open, func(share float64) { bar.show(plan.Title(), int64(share*1000), 1000) })
		return err
	})
	if kept != nil {
		err = cmp.Or(err, kept.Close())
	}
	switch {
	case err == nil:
		return found, nil
	case cmd.Context().Err() == nil:
		return nil, ranWrong(err)
	case o.keep == "":
		return nil, wrong(continues(cmd.Context(), err, "the search has no result; with --keep FILE it can continue later"))
	}
	return nil, wrong(continues(cmd.Context(), err, fmt.Sprintf("%s has each finished run: the same command continues", o.keep)))
}

func spansText(spans []tune.Span) string {
	texts := make([]string, len(spans))
	for i, s := range spans {
		texts[i] = s.String()
	}
	return strings.Join(texts, ", ")
}

// printFront prints the front, and the facts that make each candidate of it.
func printFront(out io.Writer, c report.Comparison, found *tune.Result) {
	head := []string{"", "candidate"}
	goals := c.Goals()
	for _, m := range goals {
		head = append(head, m.Head())
	}
	t := newTable(out, head...)
	t.headFormat = text.FormatDefault
	for i, p := range found.Front.Numbered() {
		name := p.Name
		switch {
		case p.AsItIs && p.On:
			name += " (as it is)"
		case p.AsItIs:
			name += " (as it is; not on the front)"
		case p.Name == found.Balanced:
			name += " (nearest to all goals)"
		}
		row := table.Row{i + 1, name}
		for _, m := range goals {
			row = append(row, amount(m.Format(p.Values[m.Key])))
		}
		t.AppendRow(row)
	}
	t.print()
	for i, p := range found.Front.Numbered() {
		if p.Facts != "" {
			fmt.Fprintf(out, "\n%d: facts to paste\n%s", i+1, p.Facts)
		}
	}
	fmt.Fprintf(out, "\nThese seeds chose the candidates: compare those that you like on others (parley sim compare --first-seed %d).\n",
		found.Run.Seeds[len(found.Run.Seeds)-1]+1)
	for _, line := range c.Provenance() {
		if !strings.HasPrefix(line, "sha256 of model") {
			fmt.Fprintln(out, line)
		}
	}
}
