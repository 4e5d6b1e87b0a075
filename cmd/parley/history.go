package main

import (
	"fmt"
	"io"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"parley/hostagent"
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

The table shortens long reasons; --json and ` + "`parley explain`" + ` show them in full.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if v.wanted || v.file != "" {
				return v.run(cmd, a)
			}
			if since > 0 {
				f.Since = time.Now().Add(-time.Duration(since))
			}
			f.Ended = !all
			list, err := a.client().History(cmd.Context(), f)
			if err != nil {
				return wrong(err)
			}
			if a.asJSON {
				if list == nil {
					list = []audit.Entry{}
				}
				return a.print(cmd, list)
			}
			printHistory(cmd.OutOrStdout(), list)
			return nil
		},
	}
	a.flags(cmd)
	v.flags(cmd)
	cmd.Flags().StringVar(&f.Guest, "guest", "", "only deals of this guest (name or id)")
	cmd.Flags().StringVar(&f.Host, "host", "", "only deals with this host (name or peer id)")
	cmd.Flags().StringVar(&f.Deal, "deal", "", "only the deal with this id")
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

func printHistory(out io.Writer, list []audit.Entry) {
	t := newTable(out, "at", "what", "guest", "from", "to", "state", "took", "downtime", "deal", "reason", "by")
	for _, e := range list {
		what := e.Kind
		if e.Operator && e.Kind == "deal" {
			what = "operator's deal"
		}
		t.AppendRow(table.Row{
			e.At.Local().Format(time.DateTime), what, e.Name, e.Source, e.Target, verdict(e.State),
			amount(durationText(e.Total)), amount(durationText(e.Downtime)), e.Deal, reasonCell(e.Reason), e.By,
		})
	}
	t.print()
	if len(list) == 0 {
		fmt.Fprintln(out, "no entry matches")
	}
}
