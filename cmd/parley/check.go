package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"parley/docs"
	"parley/hostagent"
	"parley/hostagent/enact"
	"parley/lcc/check"
	"parley/lcc/link"
	"parley/lcc/vocabulary"
)

func newCheck() *cobra.Command {
	var o checkOptions
	var watching bool
	cmd := &cobra.Command{
		Use:   "check MODEL.lcc|DIRECTORY|-...",
		Short: "Find the faults of models before they run",
		Long: `Find the faults of models before they run. A model is a file, or the name of a
shipped one; for a directory all .lcc files are checked; - is the standard
input. A text is checked with all that it imports; one with @exports is a library,
which no peer enacts by itself. Constraints are checked against the vocabulary of a host; --any-host
skips that, for models whose peers know other constraints. The roles are explored
against each other; if one can wait for ever, the shortest way there is shown.
Last, the command says whether a host would enact the model, by the checks of an
agent before it accepts a policy: a host has the constraints, a role is initial,
and no role fails in a dry run. A model that no host would enact counts as an
error, unless it says with @knows that it is for other peers; with --enact also
then.

  parley check models
  parley check --enact --strict mine.lcc
  parley check --strict --sarif mine.lcc > mine.sarif
  parley check --explain LCC013`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.explain != "" {
				return explainCode(cmd, o.explain)
			}
			if len(args) == 0 {
				return errors.New("name a model, a directory, or - for the standard input")
			}
			if o.json && o.sarif {
				return errors.New("--json and --sarif: give one of them")
			}
			if o.enact && o.anyHost {
				return errors.New("--enact and --any-host: give one of them")
			}
			if watching {
				return watched(cmd, args, func() error { return o.all(cmd, args) })
			}
			return o.all(cmd, args)
		},
	}
	cmd.Flags().BoolVar(&watching, "watch", false, "check again each time a model beside or below the arguments changes")
	cmd.Flags().BoolVar(&o.strict, "strict", false, "count warnings as errors")
	cmd.Flags().BoolVar(&o.anyHost, "any-host", false, "do not check constraints against a host's vocabulary")
	cmd.Flags().BoolVar(&o.enact, "enact", false, "count a model that no host would enact as an error, whatever it says with @knows")
	cmd.Flags().BoolVar(&o.json, "json", false, "print one JSON object")
	cmd.Flags().BoolVar(&o.sarif, "sarif", false, "print a SARIF 2.1.0 log")
	cmd.Flags().BoolVar(&o.reveals, "reveals", false, "also list what a model can make a host disclose and do, and to whom")
	cmd.Flags().StringVar(&o.explain, "explain", "", "explain a code, such as LCC013 or not_run")
	var codes []string
	for _, f := range docs.Findings() {
		codes = append(codes, f.Code)
	}
	completesFlag(cmd, "explain", oneOf(codes...))
	cmd.ValidArgsFunction = completeModels()
	return cmd
}

type checkOptions struct {
	strict, anyHost, enact, json, sarif, reveals bool
	explain                                      string
}

// checked is a model and its findings.
type checked struct {
	name  string
	text  []byte
	found []check.Diagnostic
	shows *check.Disclosures // with --reveals
	enact *enactment         // nil with --any-host, and of a library
	// open is why the text cannot be closed: an import that cannot be resolved.
	open    *link.Error
	library bool
}

// about is the text that a finding is about.
func (c *checked) about(d check.Diagnostic) []byte {
	if c.open != nil {
		return c.open.Text(d)
	}
	return c.text
}

func (c *checked) count(s check.Severity) (n int) {
	for _, d := range c.findings() {
		if d.Severity == s {
			n++
		}
	}
	return n
}

func (o *checkOptions) all(cmd *cobra.Command, args []string) error {
	vocabulary := hostagent.Vocabulary()
	if o.anyHost {
		vocabulary = nil
	}
	files, err := modelFiles(args)
	if err != nil {
		return wrong(err)
	}
	var list []*checked
	bad := false
	for _, file := range files {
		name, text, err := readText(cmd, file)
		if err != nil {
			return wrong(err)
		}
		c := o.examine(name, text, vocabulary)
		bad = bad || o.bad(c)
		list = append(list, c)
	}
	switch {
	case o.json:
		err = printJSON(cmd.OutOrStdout(), list)
	case o.sarif:
		err = printSARIF(cmd.OutOrStdout(), list)
	default:
		o.print(cmd, list)
	}
	if err == nil && bad {
		err = wrongError{err: errors.New("a model has faults"), said: true}
	}
	return err
}

func (o *checkOptions) examine(name string, text []byte, vocabulary *vocabulary.Set) *checked {
	closed, err := link.Close(name, text, importSources())
	if open := (*link.Error)(nil); errors.As(err, &open) {
		return &checked{name: name, text: text, found: open.Found, open: open}
	}
	v := enact.Examine(name, closed.Text, vocabulary)
	link.Offer(v.Found, importSources())
	c := &checked{name: name, text: closed.Text, found: v.Found, library: link.IsLibrary(text)}
	if vocabulary != nil && !c.library {
		v.Judge(enact.Terms{})
		c.enact = &enactment{why: v.Refusal(), weak: !o.enact && v.Model != nil && v.Model.ForOthers()}
	}
	if v.Model != nil && o.reveals {
		shows := check.Disclose(v.Model.File(), hostagent.Vocabulary())
		c.shows = &shows
	}
	return c
}

func (o *checkOptions) bad(c *checked) bool {
	return c.count(check.Error) > 0 || o.strict && c.count(check.Warning) > 0
}

func (o *checkOptions) print(cmd *cobra.Command, list []*checked) {
	out := cmd.OutOrStdout()
	for _, c := range list {
		part := ""
		for _, d := range c.found {
			if d.Code == check.CodeBounded { // it is about the whole text, and nothing to correct
				part = strings.TrimSuffix(part, " ("+d.Code+")") + fmt.Sprintf("; %s (%s)", d.Message, d.Code)
				continue
			}
			printJudged(out, d.Text(c.about(d)))
		}
		if e := c.enact; e != nil && e.why != nil && !e.weak && len(c.findings()) > len(c.found) {
			printJudged(out, fmt.Sprintf("%s: error %s: %s", c.name, e.why.Code, c.whyNotEnacted()))
		}
		if c.shows != nil {
			printDisclosures(out, c)
		}
		fmt.Fprintf(out, "%s: %s, %s%s%s\n", c.name, english.Plural(c.count(check.Error), "error", ""),
			english.Plural(c.count(check.Warning), "warning", ""), enactText(c), part)
	}
}

// explainCode prints the section of docs/diagnostics.md about a code.
func explainCode(cmd *cobra.Command, code string) error {
	text, ok := docs.Explain(strings.ToUpper(code))
	if !ok {
		text, ok = docs.Explain(strings.ToLower(code))
	}
	if !ok {
		return fmt.Errorf("there is no code %s: docs/diagnostics.md lists them, from LCC001 on", code)
	}
	_, err := fmt.Fprintln(cmd.OutOrStdout(), text)
	return err
}
