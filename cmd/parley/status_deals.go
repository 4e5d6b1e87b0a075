package main

import (
	"io"
	"slices"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/jedib0t/go-pretty/v6/table"

	"parley/hostagent"
	"parley/hostagent/api"
)

// endedShown is how many ended deals are shown, and withdrawnShown how many of them may be
// withdrawn ones: each recommendation that is not carried out is one. `parley history`
// shows the rest.
const (
	endedShown     = 10
	withdrawnShown = 3
)

// printDeals shows the deals in flight and the last ones that have ended.
func printDeals(out io.Writer, s api.Status) {
	ended := lastEnded(s.History)
	if n := len(s.History) - len(ended); n > 0 {
		defer sayIndented(out, "", "  ", "%s not shown: `parley history`", english.Plural(n, "more ended deal", ""))
	}
	names := hostNames(s)
	deals := newTable(out, "at", "guest", "kind", "from", "to", "state", "stage", "took", "downtime", "reason")
	deals.mayBeMissing("kind", "stage")
	kinds := kindsShown(s)
	deals.mayGoBelow("downtime", "took", "kind")
	days := daysFrom(time.Now())
	for _, d := range slices.Concat(ended, s.Deals) {
		if day := days.next(d.At); day != "" {
			deals.AppendRow(table.Row{day, "", "", "", "", "", "", amount(""), amount(""), reasonCell("")})
		}
		deals.AppendRow(table.Row{
			d.At.Local().Format(time.TimeOnly), d.Name, kinds.of(d.Kind), named(names, d.Source), named(names, d.Target), verdict(d.State), d.Stage,
			amount(durationText(d.Total)), amount(durationText(d.Downtime)), reasonCell(d.Reason),
		})
	}
	if len(ended)+len(s.Deals) > 0 {
		sayf(out, "deals that have ended, and those in flight:\n")
	}
	deals.print()
}

// lastEnded are the last ended deals, in their order.
func lastEnded(history []api.DealStatus) (shown []api.DealStatus) {
	withdrawn := 0
	for _, d := range slices.Backward(history) {
		if d.State == string(hostagent.Withdrawn) {
			if withdrawn++; withdrawn > withdrawnShown {
				continue
			}
		}
		if shown = append(shown, d); len(shown) == endedShown {
			break
		}
	}
	slices.Reverse(shown)
	return shown
}

func named(names map[string]string, id string) string {
	if name, ok := names[id]; ok {
		return name
	}
	return id
}
