package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"parley/hostagent"
	"parley/hostagent/api/wording"
	"parley/hostagent/audit"
)

func newHistory() *cobra.Command {
	var a agentFlags
	var f audit.Filter
	var since period
	var all bool
	var v verification
	cmd := &cobra.Command{
		Use:   "history",
		Short: "Show deals that have ended, as this host saw them",
		Long: `Show deals that have ended, as this host saw them, the latest first. With --all also
the states on the way, what operators ordered, what other hosts signed, and which
policies came into force. The id of a deal is the trace id in the logs of both
its hosts. --verify checks the audit for consistency: each entry has the hash of
the one before, and the host signs the last hash.

On a terminal the table shows the beginning of a deal's id, which --deal takes; --json
and a table that is piped have all of it.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if v.wanted || v.file != "" {
				return v.run(cmd, a)
			}
			if since > 0 {
				f.Since = time.Now().Add(-time.Duration(since))
			}
			if f.Limit < 1 {
				return fmt.Errorf("--limit is %d: give a number of entries of 1 or more", f.Limit)
			}
			f.Ended = !all
			if err := knownState(f.State, all); err != nil {
				return err
			}
			list, err := a.client().History(cmd.Context(), f)
			if err != nil {
				return wrong(err)
			}
			if err := oneDeal(f.Deal, list); err != nil {
				return err
			}
			if a.asJSON {
				if list == nil {
					list = []audit.Entry{}
				}
				return a.print(cmd, list)
			}
			if len(list) == 0 {
				return wrong(a.sayNone(cmd, f))
			}
			if widthOf(cmd.OutOrStdout()) > 0 {
				if status, err := a.client().Status(cmd.Context()); err == nil {
					sayf(cmd.OutOrStdout(), "what %s saw; other hosts have their own (--socket), and `parley web` shows the moves of all\n",
						status.Host)
				}
			}
			printHistory(cmd.OutOrStdout(), list, all)
			return nil
		},
	}
	a.flags(cmd)
	v.flags(cmd)
	cmd.Flags().StringVar(&f.Guest, "guest", "", "only deals of this guest (name or id)")
	cmd.Flags().StringVar(&f.Host, "host", "", "only deals with this host (name or peer id)")
	cmd.Flags().StringVar(&f.Deal, "deal", "", "only the deal whose id is or begins so")
	cmd.Flags().StringVar(&f.State, "state", "", "only deals in this state, such as done or aborted")
	completesFlag(cmd, "state", oneOf(dealStates()...))
	cmd.Flags().Var(&since, "since", "only entries of the last period, such as 24h or 7d")
	cmd.Flags().IntVar(&f.Limit, "limit", 100, "maximum number of entries")
	cmd.Flags().BoolVar(&all, "all", false, "show every entry, not only the ends of deals")
	return cmd
}

// dealStates are the states of a deal, as --state takes them.
func dealStates() (names []string) {
	for _, s := range hostagent.DealStates() {
		names = append(names, string(s))
	}
	return names
}

// printHistory prints entries. On a terminal the date is there where it changes, and of
// the id of a deal as much as tells it from the others; elsewhere each row has both.
func printHistory(out io.Writer, list []audit.Entry, all bool) {
	when := "ended"
	if all {
		when = "at"
	}
	t := newTable(out, when, "kind", "guest", "guest's kind", "from", "to", "state", "began", "took", "downtime", "relief",
		"deal", "reason", "by")
	if all {
		t.mayGoBelow("relief", "by", "guest's kind", "downtime", "took", "kind", "deal")
	} else {
		t.mayGoBelow("relief", "by", "guest's kind", "kind", "downtime", "took", "began", "deal")
	}
	t.mayBeMissing("guest's kind", "relief", "began")
	var other kinds // some guest is no virtual machine
	for _, e := range list {
		other = other || e.Of != "" && e.Of != string(hostagent.VM)
	}
	width := widthOf(out)
	short := width > 0
	length := dealLength(list)
	days := daysFrom(time.Now())
	for _, e := range list {
		at, kind, deal := e.At.Local().Format(time.DateTime), e.Kind, e.Deal
		switch {
		case e.Drain && e.Kind == "deal":
			kind = "drain's deal"
		case e.Operator && e.Kind == "deal":
			kind = "operator's deal"
		case short && !all:
			kind = "" // all are deals
		}
		if short {
			if day := days.next(e.At); day != "" {
				t.AppendRow(table.Row{day, "", "", "", "", "", "", amount(""), amount(""), amount(""), amount(""), "", reasonCell(""), ""})
			}
			at, deal = e.At.Local().Format(time.TimeOnly), shortDeal(e.Deal, length)
		}
		t.AppendRow(table.Row{
			at, kind, e.Name, other.of(e.Of), e.Source, e.Target, verdict(e.State), amount(began(e, all || width > 0 && width < beganWidth)),
			amount(durationText(e.Total)), amount(durationText(e.Downtime)), amount(wording.Relief(e.Sequel)), deal, reasonCell(e.Reason), e.By,
		})
	}
	t.print()
}

// beganWidth is the width of a terminal from which on there is room for when a move began.
const beganWidth = 100

// began is when a move began, by what it took; "": that is not known, or not to be shown.
func began(e audit.Entry, hidden bool) string {
	if hidden || e.Total <= 0 {
		return ""
	}
	return e.At.Add(-e.Total).Local().Format(time.TimeOnly)
}

// days says when entries in a row are of another day.
type days struct{ last string }

func daysFrom(now time.Time) *days { return &days{now.Local().Format(time.DateOnly)} }

// next is the date of the next entry, or "" where it is that of the one before.
func (d *days) next(at time.Time) string {
	day := at.Local().Format(time.DateOnly)
	if day == d.last {
		return ""
	}
	d.last = day
	return day
}

// dealLeast is how much of a deal's id is shown at least.
const dealLeast = 8

// dealLength is how much of an id tells the deals of a list apart.
func dealLength(list []audit.Entry) int {
	length := dealLeast
	ids := map[string]bool{}
	for _, e := range list {
		ids[e.Deal] = true
	}
	sorted := slices.Sorted(maps.Keys(ids))
	for i, id := range sorted[:max(0, len(sorted)-1)] {
		same := 0
		for next := sorted[i+1]; same < min(len(id), len(next)) && id[same] == next[same]; {
			same++
		}
		length = max(length, same+1)
	}
	return length
}

func shortDeal(id string, length int) string {
	if utf8.RuneCountInString(id) <= length {
		return id
	}
	return string([]rune(id)[:length])
}
