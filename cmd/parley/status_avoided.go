package main

import (
	"cmp"
	"io"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"parley/hostagent/api"
)

// printAvoided shows the targets and guests that are avoided for a time.
func printAvoided(out io.Writer, s api.Status) {
	targets := newTable(out, "backs off from", "for", "failed", "since", "until", "why")
	for _, b := range s.BackOff {
		whom := strings.Join(b.Guests, ", ")
		if b.Whole {
			whom = "any guest"
		}
		targets.AppendRow(table.Row{b.Name, whom, b.Times, b.Since.Format(time.DateTime), b.Until.Format(time.TimeOnly), reasonCell(b.Why)})
	}
	targets.print()
	duels := newTable(out, "left alone", "moved back", "last", "by", "until")
	for _, d := range s.Duels {
		duels.AppendRow(table.Row{d.Name, d.Times, d.Last.Format(time.TimeOnly), cmp.Or(d.By, "no deal"), d.Until.Format(time.TimeOnly)})
	}
	duels.print()
}
