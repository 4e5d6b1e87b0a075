package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"parley/hostagent"
	"parley/lcc"
	"parley/lcc/check"
	"parley/lcc/link"
	"parley/lcc/syntax"
)

func newEval() *cobra.Command {
	var o evalOptions
	cmd := &cobra.Command{
		Use:   "eval GOAL",
		Short: "Ask a constraint, and print all its answers",
		Long: `Ask a constraint, and print all its answers: of built-ins, of the facts and rules
of a model, and of those that you give. Where there is none, it says which part of
the constraint does not hold, with its values, and what is known that comes
nearest; the exit code is then 1.

  parley eval 'X is 7 mod 4 and X > 2'
  parley eval 'member(X, [3, 1, 2]) and X >= 2'
  parley eval --model agility 'high(cpu, L)'
  parley eval --facts site.lcc --fact 'load(vm1, 0.9)' 'load(G, L) and L > 0.8'`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return o.ask(cmd, args[0]) },
	}
	cmd.Flags().StringVar(&o.model, "model", "", "answer with the facts and rules of this model, a file or a shipped one")
	cmd.Flags().StringVar(&o.facts, "facts", "", "answer with the facts and rules of this file")
	cmd.Flags().StringArrayVar(&o.given, "fact", nil, "answer with this fact or rule (repeat for more)")
	cmd.Flags().IntVar(&o.most, "max", 100, "print at most so many answers")
	cmd.Flags().BoolVar(&o.json, "json", false, "print one JSON object")
	completesFlag(cmd, "model", completeModels())
	return cmd
}

type evalOptions struct {
	model, facts string
	given        []string
	most         int
	json         bool
}

func (o *evalOptions) ask(cmd *cobra.Command, goal string) error {
	if o.most < 1 || o.most > 100_000 {
		return errors.New("--max: give a number of 1 to 100000")
	}
	model, err := o.compiled(cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	files, err := o.files(cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	q, unknown, err := newQuery(cmd.ErrOrStderr(), goal, model, files...)
	if err != nil {
		return err
	}
	for _, d := range unknown {
		printJudged(cmd.ErrOrStderr(), d.Text([]byte(goal)))
	}
	found := q.Ask("me", lcc.EmptyWorld{}, nil, o.most)
	if o.json {
		err = json.NewEncoder(cmd.OutOrStdout()).Encode(evalReportOf(found))
	} else {
		printAnswers(cmd.OutOrStdout(), found)
	}
	if err == nil && len(found.Solutions) == 0 {
		err = wrongError{err: errors.New("it does not hold"), said: true}
	}
	return err
}

// compiled returns the model that --model names; nil: none.
func (o *evalOptions) compiled(errs io.Writer) (*lcc.Model, error) {
	if o.model == "" {
		return nil, nil
	}
	text, err := readModel(o.model)
	if err != nil {
		return nil, wrong(err)
	}
	v := compileModel(o.model, text, hostagent.Vocabulary())
	for _, d := range v.Errors() {
		printJudged(errs, d.Text(text))
	}
	if v.Model == nil {
		return nil, wrongError{err: errors.New("the model has faults"), said: true}
	}
	return v.Model, nil
}

// files reads the facts and rules of --facts and --fact.
func (o *evalOptions) files(errs io.Writer) (list []*syntax.File, err error) {
	if o.facts != "" {
		text, err := os.ReadFile(o.facts)
		if err != nil {
			if absent := noFile("file of facts", o.facts, "it has facts and rules such as load(vm1, 0.9)."); absent != nil {
				err = absent
			}
			return nil, absentError{err.Error()}
		}
		file, err := readRules(errs, o.facts, text)
		if err != nil {
			return nil, err
		}
		list = append(list, file)
	}
	for _, fact := range o.given {
		file, err := readRules(errs, "--fact", []byte(dotted(fact)))
		if err != nil {
			return nil, err
		}
		list = append(list, file)
	}
	return list, nil
}

// dotted is a fact or a rule with the dot behind it, which a person may leave out.
func dotted(text string) string { return strings.TrimSuffix(strings.TrimSpace(text), ".") + "." }

// readRules parses a text that holds nothing but facts and rules.
func readRules(errs io.Writer, name string, text []byte) (*syntax.File, error) {
	file, faults := syntax.Parse(name, text)
	if len(faults) == 0 {
		_, _, faults = lcc.FactsOf(file)
	}
	for _, d := range check.DiagnoseSyntax(faults) {
		printJudged(errs, d.Text(text))
	}
	if len(faults) > 0 {
		return nil, wrongError{err: errors.New("the facts have faults"), said: true}
	}
	return file, nil
}

// newQuery compiles a constraint, and prints the errors in it. unknown says which parts of it
// nobody answers but, perhaps, a peer by its facts.
func newQuery(errs io.Writer, goal string, model *lcc.Model, files ...*syntax.File) (q *lcc.Query, unknown []check.Diagnostic, err error) {
	q, found := lcc.NewQuery(goal, model, hostagent.Vocabulary(), files...)
	for _, d := range found {
		if d.Severity == check.Error {
			printJudged(errs, d.Text([]byte(goal)))
		} else if d.Code == check.CodeUnanswered {
			unknown = append(unknown, nobodyKnows(d))
		}
	}
	if q == nil {
		return nil, nil, wrongError{err: errors.New("the constraint has faults"), said: true}
	}
	link.Offer(unknown, importSources())
	return q, unknown, nil
}

// printAnswers prints one answer on a line, then their number, or why there is none.
func printAnswers(out io.Writer, found lcc.Answers) {
	for _, s := range found.Solutions {
		fmt.Fprintln(out, solutionText(s))
	}
	switch {
	case found.Fault.Code != "":
		sayf(out, "the search ends: %s\n", found.Fault)
		if strings.HasSuffix(found.Fault.Detail, "is not bound") {
			sayf(out, "a constraint before it must give it a value, as in member(X, [1, 2, 3]) and X > 2\n")
		}
	case found.More:
		sayf(out, "the first %s; there are more\n", english.Plural(len(found.Solutions), "answer", ""))
	case len(found.Solutions) > 0:
		sayf(out, "%s\n", english.Plural(len(found.Solutions), "answer", ""))
	case found.Why != "":
		sayf(out, "no: %s\n", found.Why)
	default:
		fmt.Fprintln(out, "no")
	}
}

func solutionText(s lcc.Solution) string {
	if len(s) == 0 {
		return "yes"
	}
	var parts []string
	for _, g := range s {
		parts = append(parts, g.Variable+" = "+g.Value.String())
	}
	return strings.Join(parts, ", ")
}

// evalReport is what --json prints.
type evalReport struct {
	Answers []map[string]string `json:"answers"` // the values of the variables, in LCC notation
	More    bool                `json:"more"`
	Fault   string              `json:"fault,omitempty"`
	Why     string              `json:"why,omitempty"`
}

func evalReportOf(found lcc.Answers) evalReport {
	r := evalReport{Answers: []map[string]string{}, More: found.More, Why: found.Why}
	if found.Fault.Code != "" {
		r.Fault = found.Fault.String()
	}
	for _, s := range found.Solutions {
		values := map[string]string{}
		for _, g := range s {
			values[g.Variable] = g.Value.String()
		}
		r.Answers = append(r.Answers, values)
	}
	return r
}
