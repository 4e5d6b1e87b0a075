package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/dustin/go-humanize/english"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"parley/hostagent/api"
	"parley/hostagent/api/wording"
)

// dryRun shows what an order would do. The error names the guests that would stay.
func (a *agentFlags) dryRun(cmd *cobra.Command, o api.Order) error {
	found, err := a.client().DryRun(cmd.Context(), o)
	if err != nil {
		return wrong(err)
	}
	switch {
	case a.asJSON:
		if err := a.print(cmd, found); err != nil {
			return err
		}
	case o.Do == "drain":
		printForeseen(cmd.OutOrStdout(), found.Moves)
	default:
		for _, m := range found.Moves {
			if m.To != "" {
				sayf(cmd.OutOrStdout(), "%s\n", foreseenLine(m))
			}
		}
	}
	return wrong(wouldStay(found.Moves))
}

// printForeseen shows the guests that a drain would move, in their order.
func printForeseen(out io.Writer, moves []api.ForeseenMove) {
	leaving := newTable(out, "guest", "kind", "to", "load there", "others with room")
	leaving.mayBeMissing("kind")
	shown := kinds(slices.ContainsFunc(moves, func(m api.ForeseenMove) bool { return m.Kind != moves[0].Kind }))
	for _, m := range moves {
		if m.To != "" {
			leaving.AppendRow(table.Row{m.Name, shown.of(m.Kind), m.To, amount(percentText(m.Load)), strings.Join(m.Also, " ")})
		}
	}
	leaving.print()
	sayf(out, "dry run: %d of %s would leave, nothing was moved\n", len(leaving.rows), english.Plural(len(moves), "guest", ""))
}

func percentText(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

// foreseenLine says where one guest would go.
func foreseenLine(m api.ForeseenMove) string {
	text := fmt.Sprintf("dry run: %s would move to %s, whose load would be %s", m.Name, m.To, percentText(m.Load))
	if len(m.Also) > 0 {
		text += "; others with room: " + strings.Join(m.Also, " ")
	}
	return text
}

// wouldStay is the error of a dry run in which guests would not move; nil if all would.
func wouldStay(moves []api.ForeseenMove) error {
	var list []string
	for _, m := range moves {
		if m.To == "" {
			list = append(list, oneLine(m.Name+": "+stayText(m)))
		}
	}
	if len(list) == 0 {
		return nil
	}
	return fmt.Errorf("dry run: %s would stay:\n  %s", english.Plural(len(list), "guest", ""), strings.Join(list, "\n  "))
}

// stayText says why a guest would stay, with what each host said.
func stayText(m api.ForeseenMove) string {
	text := wording.RefusalOf(m.Name, m.Why)
	for i, no := range m.RefusedBy {
		separator := "; "
		if i == 0 {
			separator = ": "
		}
		text += separator + no.Host + ": " + wording.RefusalOf(m.Name, no.Why)
	}
	return text
}
