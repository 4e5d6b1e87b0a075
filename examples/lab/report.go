//go:build linux

package main

import (
	"fmt"
	"io"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
)

// report prints a table of deals, each with the longest echo gap of its guest around
// the move.
func (l *lab) report(out io.Writer, deals []dealt) error {
	counts, err := l.echoes()
	if err != nil {
		return err
	}
	t := table.NewWriter()
	t.SetOutputMirror(out)
	t.SetStyle(table.StyleLight)
	t.Style().Options = table.OptionsNoBordersAndSeparators
	t.AppendHeader(table.Row{"guest", "from", "to", "outcome", "migration", "downtime", "client's gap"})
	for _, d := range deals {
		t.AppendRow(table.Row{
			d.Name, d.from, d.to, d.State,
			measured(d.Total), measured(d.Downtime),
			longest(counts[d.Name].Gaps, d.At.Add(-d.Total-5*time.Second), d.At.Add(time.Second)),
		})
	}
	t.Render()
	sent, echoed := 0, 0
	for _, c := range counts {
		sent += c.Sent
		echoed += c.Echoed
	}
	fmt.Fprintf(out, "%d deals, %d echoes sent, %d came back (one for each guest may be in flight)\n\n", len(deals), sent, echoed)
	return nil
}

// measured formats a time of a migration; it is unknown if the agent was restarted
// during the migration.
func measured(d time.Duration) string {
	if d == 0 {
		return "not measured"
	}
	return d.Round(time.Millisecond).String()
}

// longest formats the longest gap between two times.
func longest(gaps []gap, from, to time.Time) string {
	var most time.Duration
	for _, g := range gaps {
		if g.At.After(from) && g.At.Before(to) {
			most = max(most, g.Took)
		}
	}
	if most == 0 {
		return "under " + gapLeast.String()
	}
	return most.Round(time.Millisecond).String()
}

// picture prints the placement of the guests.
func (l *lab) picture(out io.Writer, loads []float64, guests []int) {
	for i, h := range l.hosts {
		fmt.Fprintf(out, "  %s  load %3.0f %%  %d guests\n", h.name, 100*loads[i], guests[i])
	}
	fmt.Fprintln(out)
}
