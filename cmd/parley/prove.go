package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"parley/models/publish/bundle"
	"parley/sim/compare"
	"parley/sim/prove"
)

func newProve() *cobra.Command {
	var o proveOptions
	cmd := &cobra.Command{
		Use:   "prove POLICY",
		Short: "Explore what a policy does on all small sites",
		Long: `Run a policy on every site of a few hosts and guests whose loads are tenths of a host and do
not change, first as usual, then with one deviation, then with two: a message that is late, a
migration that fails, a host that takes no guest for a while. Hold each run against these
properties: after some time no deal begins any more; no guest returns; the number of messages is
bounded; no host stays overloaded while a move that fits exists. The agents run their own code, in
virtual time.

The first run that breaks a property is a shortest one. It is printed as a sequence of messages and
moves; --out writes it as a scenario, which parley sim run repeats. What was not explored
because of a bound is said (docs/prove.md). The same policy and bounds give the same answer.

  parley prove agility
  parley prove mine.lcc --hosts 2,3 --guests 3,4 --out found.yaml
  parley prove gossip+sender_initiated --deep`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return o.prove(cmd, args[0]) },
	}
	cmd.ValidArgsFunction = completeModels()
	cmd.Flags().IntSliceVar(&o.hosts, "hosts", []int{2, 3, 4}, "numbers of hosts, 2 to 4")
	cmd.Flags().IntSliceVar(&o.guests, "guests", []int{3, 4, 5, 6}, "numbers of guests, 1 to 6")
	cmd.Flags().IntVar(&o.Sites, "sites", prove.Usual.Sites,
		"most sites of each number of hosts and guests, but for the smallest; more are thinned out")
	cmd.Flags().IntVar(&o.Deviating, "deviating", prove.Usual.Deviating,
		"of these, the sites whose runs deviate, and of the smallest the sites whose runs deviate more than once")
	cmd.Flags().IntVar(&o.Deviations, "deviations", prove.Usual.Deviations, "most deviations of a run")
	cmd.Flags().IntVar(&o.Runs, "runs", prove.Usual.Runs, "most runs in all")
	cmd.Flags().BoolVar(&o.deep, "deep", false, fmt.Sprintf(
		"more of all: %d sites, %d that deviate, %d deviations, %d runs, and rarer deviations",
		prove.Thorough.Sites, prove.Thorough.Deviating, prove.Thorough.Deviations, prove.Thorough.Runs))
	cmd.Flags().StringVar(&o.output, "out", "", "write the counterexample to this file, as a scenario")
	cmd.Flags().BoolVar(&o.json, "json", false, "print one JSON object")
	return cmd
}

type proveOptions struct {
	hosts, guests []int
	prove.Bounds
	deep, json bool
	output     string
}

// shapes are the sites that the flags name, the smallest first.
func (o *proveOptions) shapes() ([]prove.Shape, error) {
	if len(o.hosts) == 0 || len(o.guests) == 0 {
		return nil, errors.New("--hosts and --guests: give at least one number each")
	}
	hosts, guests := sortedOnce(o.hosts), sortedOnce(o.guests)
	if hosts[0] < 2 || hosts[len(hosts)-1] > 4 {
		return nil, fmt.Errorf("--hosts: %v: give numbers from 2 to 4", hosts)
	}
	if guests[0] < 1 || guests[len(guests)-1] > 6 {
		return nil, fmt.Errorf("--guests: %v: give numbers from 1 to 6", guests)
	}
	return prove.Shapes(hosts, guests), nil
}

func sortedOnce(list []int) []int { return slices.Compact(slices.Sorted(slices.Values(list))) }

func (o *proveOptions) prove(cmd *cobra.Command, policy string) error {
	shapes, err := o.shapes()
	if err != nil {
		return err
	}
	if o.deep {
		o.deepen(cmd)
	}
	if o.Sites < 1 || o.Deviations < 0 || o.Deviating < 0 || o.Runs < 1 {
		return errors.New("--sites and --runs are at least 1, and --deviations and --deviating at least 0")
	}
	p, err := compare.Load(policy, readModel)
	var refused *bundle.Refusal
	if errors.As(err, &refused) {
		return wrong(err)
	}
	if err != nil {
		return err
	}
	if len(p.Models) == 0 {
		return fmt.Errorf("policy %s has no text to explore: name a policy", policy)
	}
	saySilentPolicies(cmd.ErrOrStderr(), p)
	bar := newProgressBar(cmd.ErrOrStderr(), policy)
	prove.Roomy()
	r, err := prove.Search(cmd.Context(), prove.Options{
		Policy: p, Shapes: shapes, Bounds: o.Bounds,
		Deep:     o.deep,
		Progress: func(runs int) { bar.show(policy, int64(runs), int64(o.Runs)) },
	})
	bar.stop(err)
	if err != nil {
		return err
	}
	if r.Found != nil && o.output != "" {
		from := besides(policy, filepath.Dir(o.output))
		if err := writeTo(o.output, func(w io.Writer) error { return r.Found.Write(w, from) }); err != nil {
			return err
		}
	}
	if o.json {
		err = o.printJSON(cmd, policy, r)
	} else {
		o.print(cmd, policy, r)
	}
	if err == nil && r.Found != nil {
		err = wrong(fmt.Errorf("%s: %s", policy, r.Found.Why))
	}
	return err
}

// deepen replaces the bounds that no flag gives.
func (o *proveOptions) deepen(cmd *cobra.Command) {
	for name, bound := range map[string][2]*int{
		"sites": {&o.Sites, &prove.Thorough.Sites}, "deviating": {&o.Deviating, &prove.Thorough.Deviating},
		"deviations": {&o.Deviations, &prove.Thorough.Deviations}, "runs": {&o.Runs, &prove.Thorough.Runs},
	} {
		if !cmd.Flags().Changed(name) {
			*bound[0] = *bound[1]
		}
	}
}

// besides names the files of a policy as seen from a directory: a scenario names files beside
// itself.
func besides(policy, dir string) string {
	parts := strings.Split(policy, "+")
	for i, part := range parts {
		file, values, has := strings.Cut(part, "[")
		if !strings.HasSuffix(file, ".lcc") {
			continue
		}
		if seen, err := filepath.Rel(dir, file); err == nil && !filepath.IsAbs(file) {
			file = filepath.ToSlash(seen)
		}
		if has {
			file += "[" + values
		}
		parts[i] = file
	}
	return strings.Join(parts, "+")
}

func (o *proveOptions) print(cmd *cobra.Command, policy string, r prove.Report) {
	out := cmd.OutOrStdout()
	sayf(out, "%s: %s, %s of the simulator, with seed 1\n", policy, english.Plural(r.Runs, "run", ""), english.Plural(r.Steps, "event", ""))
	sayf(out, "A host is overloaded: %s.\nA move fits: %s.\n", r.Overloaded, r.Fits)
	t := newTable(out, "hosts", "guests", "deviations", "sites", "of", "runs", "of", "new", "same order")
	for _, shape := range r.Shapes {
		for depth, l := range shape.Levels {
			if depth > 0 && l.All+l.Same == 0 {
				continue
			}
			var row []any
			for _, n := range []int{shape.Hosts, shape.Guests, depth, l.Sites, shape.Sites, l.Runs, l.All, l.New, l.Same} {
				row = append(row, amount(fmt.Sprint(n)))
			}
			t.AppendRow(row)
		}
	}
	t.print()
	t = newTable(out, "property", "result", "what")
	for _, p := range prove.Properties() {
		t.AppendRow([]any{p, proveVerdict(r, p), p.Words()})
	}
	t.print()
	if r.Kept > 0 {
		sayf(out, "in %s the policy wanted a guest back at a host that it had left: the hosts let it stay (return_after)\n",
			english.Plural(r.Kept, "run", ""))
	}
	for _, line := range r.Left() {
		sayf(out, "not explored: %s\n", line)
	}
	if r.Found != nil {
		o.printFound(out, r.Found)
	}
}

func proveVerdict(r prove.Report, p prove.Property) verdict {
	switch {
	case r.Found == nil:
		return "holds"
	case r.Found.Property == p:
		return verdict("broken")
	}
	return "not decided"
}

// proveLines is how many messages and moves of a counterexample are printed.
const proveLines = 60

func (o *proveOptions) printFound(out io.Writer, c *prove.Counterexample) {
	sayf(out, "\n%s is broken: %s\n", string(c.Property), c.Why)
	for i, guests := range c.Loads {
		var list []string
		for _, load := range guests {
			list = append(list, fmt.Sprintf("%.1f", float64(load)/10))
		}
		if list == nil {
			list = []string{"none"}
		}
		sayf(out, "  host%d begins with guests of these loads: %s\n", i+1, strings.Join(list, " "))
	}
	if len(c.Deviations) == 0 {
		sayf(out, "  the run is the usual one, without a deviation\n")
	}
	for _, d := range c.Deviations {
		sayf(out, "  deviation: %s\n", d)
	}
	sequence := c.Sequence()
	if len(sequence) == 0 {
		sayf(out, "  no host sends a message, and no guest moves\n")
	}
	for _, e := range sequence[:min(len(sequence), proveLines)] {
		sayf(out, "%s\n", e)
	}
	if more := len(sequence) - proveLines; more > 0 {
		sayf(out, "  and %d more: parley sim replay prints all of them from the scenario\n", more)
	}
	if o.output != "" {
		sayf(out, "written to %s: parley sim run %s repeats it\n", o.output, o.output)
	} else {
		sayf(out, "--out FILE writes it as a scenario that parley sim run repeats\n")
	}
}

type proveReport struct {
	Policy      string              `json:"policy"`
	Overloaded  string              `json:"overloaded"`
	Fits        string              `json:"fits"`
	Sites       []prove.ShapeReport `json:"sites"`
	Runs        int                 `json:"runs"`
	Events      int                 `json:"events"`
	Kept        int                 `json:"kept"`
	NotExplored []string            `json:"not_explored"`
	Found       *proveFound         `json:"found"`
}

type proveFound struct {
	Property   prove.Property `json:"property"`
	Why        string         `json:"why"`
	Loads      [][]int        `json:"tenths"`
	Deviations []string       `json:"deviations"`
	Sequence   []proveEntry   `json:"sequence"`
}

type proveEntry struct {
	At    float64 `json:"at_s"`
	Host  string  `json:"host"`
	Kind  string  `json:"kind"`
	Guest string  `json:"guest,omitempty"`
	Text  string  `json:"text"`
}

func (o *proveOptions) printJSON(cmd *cobra.Command, policy string, r prove.Report) error {
	report := proveReport{policy, r.Overloaded, r.Fits, r.Shapes, r.Runs, r.Steps, r.Kept, append([]string{}, r.Left()...), nil}
	if c := r.Found; c != nil {
		found := &proveFound{Property: c.Property, Why: c.Why, Loads: c.Loads, Deviations: append([]string{}, c.Deviations...)}
		for _, e := range c.Sequence() {
			found.Sequence = append(found.Sequence, proveEntry{e.At.Round(time.Microsecond).Seconds(), e.Host, e.Kind, e.Guest, e.Text})
		}
		report.Found = found
	}
	return printReport(cmd.OutOrStdout(), report)
}
