package main

import (
	"fmt"
	"io"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"parley/hostagent/site"
	"parley/internal/bytesize"
)

func newWhere() *cobra.Command {
	var a agentFlags
	var s siteFlags
	cmd := &cobra.Command{
		Use:   "where GUEST",
		Short: "Say on which host of the site a guest is",
		Long: `Say on which host of the site a guest is: all hosts are asked. A guest that migrates is
shown at both ends. Where the guest is not found, the hosts that did not answer are
named: it may be on one of them.`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeGuests(&a),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := s.check(a.asJSON); err != nil {
				return err
			}
			return wrong(s.show(cmd.Context(), cmd.OutOrStdout(), &a, func(out io.Writer, report site.Report) error {
				return s.printWhere(out, report, args[0])
			}))
		},
	}
	a.flags(cmd)
	s.flags(cmd)
	return cmd
}

func (s *siteFlags) printWhere(out io.Writer, report site.Report, name string) error {
	places := report.Where(name)
	if len(places) == 0 && !s.watch {
		return notFound(report, name)
	}
	if is, err := s.writeValue(out, places); is {
		return err
	}
	if s.format == "name" {
		for _, p := range places {
			sayf(out, "%s\n", p.Host)
		}
		return nil
	}
	heads := []string{"host", "state", "cpu", "memory", "deal", "note"}
	if s.format == "wide" {
		heads = []string{"host", "state", "cpu", "memory", "guest", "kind", "id", "deal", "note"}
	}
	t := newTable(out, heads...)
	t.bare = s.noHeaders
	running := 0
	for _, p := range places {
		if p.Guest.State == "running" {
			running++
		}
	}
	for _, p := range places {
		state := p.Guest.State
		if running > 1 && p.Deal == nil {
			state = "runs on two hosts"
		}
		row := table.Row{p.Host, verdict(state), amount(fmt.Sprintf("%.2f", p.Guest.CPU)), amount(bytesize.Text(p.Guest.Memory))}
		if s.format == "wide" {
			row = append(row, p.Guest.Name, p.Guest.Kind, p.Guest.ID)
		}
		t.AppendRow(append(row, dealText(p.Deal), reasonCell(p.Guest.Stays)))
	}
	t.print()
	if len(places) == 0 {
		sayf(out, "%v\n", notFound(report, name))
	}
	return nil
}

// dealText says where a deal in flight brings a guest.
func dealText(d *site.Deal) string {
	if d == nil {
		return ""
	}
	text := fmt.Sprintf("%s from %s to %s", d.State, d.Source, d.Target)
	if moved := movedText(*d); moved != "" {
		text += ", " + moved
	}
	return text
}

// notFound says that no host has a guest, which one was meant, and where it may be.
func notFound(report site.Report, name string) error {
	err := fmt.Errorf("no host that answered has a guest %q: `parley status --site -o json` has all guests", name)
	if meant := report.Similar(name); meant != "" {
		err = fmt.Errorf("no host that answered has a guest %q: did you mean %q?", name, meant)
	}
	if silent := silentText(report); silent != "" {
		err = fmt.Errorf("%w; %s", err, silent)
	}
	return err
}
