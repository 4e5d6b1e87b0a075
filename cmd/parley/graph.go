package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"parley/lcc"
	"parley/lcc/chart"
	"parley/lcc/check"
	"parley/lcc/link"
	"parley/lcc/syntax"
	"parley/sim"
)

func newGraph() *cobra.Command {
	var role, format string
	var overview bool
	cmd := &cobra.Command{
		Use:   "graph MODEL.lcc",
		Short: "Draw the state machine of each role, or which roles exchange messages",
		Long: `Draw the state machine of each role, or which roles exchange messages, as text
for Graphviz or Mermaid. parley run --chart draws a run.

  parley graph shop | dot -Tsvg > shop.svg
  parley graph agility --role overloaded --format mermaid
  parley graph agility --overview`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "dot" && format != "mermaid" {
				return fmt.Errorf("--format %s: give dot or mermaid", format)
			}
			if overview && role != "" {
				return errors.New("--overview draws all roles: leave --role out")
			}
			name, text, err := readText(cmd, args[0])
			if err != nil {
				return wrong(err)
			}
			closed, err := link.Close(name, text, importSources())
			if err != nil {
				return wrong(err)
			}
			text = closed.Text
			file, errs := syntax.Parse(name, text)
			for _, d := range check.DiagnoseSyntax(errs) {
				fmt.Fprintln(cmd.ErrOrStderr(), d.Text(text))
			}
			if len(errs) > 0 {
				return wrongError{err: errors.New("the text has errors"), said: true}
			}
			drawn, err := drawing(file, role, format, overview)
			if err != nil {
				return wrong(err)
			}
			_, err = fmt.Fprint(cmd.OutOrStdout(), drawn)
			return err
		},
	}
	cmd.Flags().StringVar(&role, "role", "", "draw only this role")
	cmd.Flags().StringVar(&format, "format", "dot", "output format: dot or mermaid")
	cmd.Flags().BoolVar(&overview, "overview", false, "draw the messages between all roles")
	cmd.ValidArgsFunction = completeModels()
	completesFlag(cmd, "role", completeRoles)
	completesFlag(cmd, "format", oneOf("dot", "mermaid"))
	return cmd
}

func drawing(file *syntax.File, role, format string, overview bool) (string, error) {
	if overview {
		speeches := chart.Speeches(file)
		if format == "dot" {
			return chart.OverviewDOT(speeches), nil
		}
		return chart.OverviewMermaid(speeches), nil
	}
	var machines []*chart.Machine
	var names []string
	for _, m := range chart.Machines(file) {
		name, _, _ := strings.Cut(m.Role, "(")
		names = append(names, name)
		if role == "" || role == name {
			machines = append(machines, m)
		}
	}
	if len(machines) == 0 {
		return "", fmt.Errorf("no clause of role %q: there are %s", role, strings.Join(names, ", "))
	}
	if format == "dot" {
		return chart.DOT(machines), nil
	}
	return chart.Mermaid(machines), nil
}

// chartSteps converts a run into the steps of a chart: its messages, and the roles that
// agents entered and left.
func chartSteps(events []sim.PeerRunEvent) (list []chart.Step) {
	for _, ev := range events {
		s := chart.Step{At: fmt.Sprintf("%.3fs", ev.At.Seconds()), Who: ev.Peer}
		switch {
		case ev.Finish != nil:
			s.Text = "ends: " + ev.Finish.Reason.String()
		case ev.Record.Kind == lcc.RecordSend:
			s.To, s.Text = string(ev.Record.Peer), ev.Record.Term.String()
		case ev.Record.Kind == lcc.RecordEnter:
			s.Text = ev.Record.Role.String()
		default:
			continue
		}
		list = append(list, s)
	}
	return list
}

// drawRun draws a run as text or as Mermaid.
func drawRun(format string, events []sim.PeerRunEvent) (string, error) {
	switch format {
	case "text":
		return chart.Sequence(chartSteps(events)), nil
	case "mermaid":
		return chart.SequenceMermaid(chartSteps(events)), nil
	}
	return "", fmt.Errorf("--chart %s: give text or mermaid", format)
}
