package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"parley/hostagent/api"
	"parley/models/publish/chain"
)

func newPolicyStatus() *cobra.Command {
	var a agentFlags
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show, live, which policies all hosts run",
		Long: `Show, live, what all hosts run that the agent of this host reaches: the release that
each has, and the state of every policy. A state that needs a person is in capitals;
docs/operations.md explains every state and what to do.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			report, err := a.client().Policies(cmd.Context(), true)
			if err != nil {
				return wrong(err)
			}
			if a.asJSON {
				return a.print(cmd, report)
			}
			printPolicies(cmd.OutOrStdout(), report)
			return nil
		},
	}
	a.flags(cmd)
	return cmd
}

func printPolicies(out io.Writer, report api.PolicyReport) {
	t := newTable(out, "host", "publisher", "release", "policy", "state", "detail")
	for _, h := range report.Hosts {
		for _, row := range policyRows(h) {
			t.AppendRow(row)
		}
	}
	t.print()
	sayf(out, "%s\n", summary(report))
}

// policyRows are the rows of a host, its problems first.
func policyRows(h api.HostPolicies) (rows []table.Row) {
	if h.Error != "" {
		return []table.Row{{h.Host, "", "", "", verdict("NO ANSWER"), h.Error}}
	}
	for _, s := range h.Chains {
		row := func(policy, state, detail string) {
			rows = append(rows, table.Row{h.Host, s.Publisher, s.Version, policy, verdict(state), detail})
		}
		for _, m := range matters(s) {
			row("", m.state, m.detail)
		}
		for _, p := range s.Policies {
			state := string(p.State)
			if state == "refused" || state == "halted" {
				state = strings.ToUpper(state)
			}
			row(p.Name, state, policyText(p))
		}
		if len(s.Policies) == 0 {
			row("", "no policy", s.Note)
		}
	}
	return rows
}

// matter is a problem of a host or publisher that a person should see.
type matter struct{ state, detail string }

func matters(s chain.Status) (list []matter) {
	for _, m := range []struct {
		is bool
		matter
	}{
		{s.Alarm != "", matter{"ALARM", s.Alarm}},
		{s.Error != "", matter{"ERROR", s.Error}},
		{s.Version == 0, matter{"NO RELEASE", "no release of this publisher has arrived here yet"}},
		{s.Hosts > 0 && !s.Listed && !s.RosterMissing, matter{"NOT LISTED", "the roster in force does not list this host"}},
		{s.RosterMissing, matter{"NOT LISTED", fmt.Sprintf("release %d has another roster, and no host hands it out to this one: "+
			"it no longer lists this host, or no listed host can be reached", s.Version)}},
		{s.Expired, matter{"EXPIRED", "since " + s.Expires.Local().Format(time.DateTime) + ": nothing new is begun"}},
		{s.Stale, matter{"STALE", "the latest heartbeat is of " + s.Beat.Local().Format(time.DateTime)}},
		{s.Lagging > 0, matter{"LAGGING", fmt.Sprintf("release %d is announced and has not arrived here yet", s.Lagging)}},
	} {
		if m.is {
			list = append(list, m.matter)
		}
	}
	return list
}

// summary is the last line: the number of hosts, and of those at each release.
func summary(report api.PolicyReport) string {
	at := map[string]map[uint64]int{}
	silent := 0
	for _, h := range report.Hosts {
		if h.Error != "" {
			silent++
		}
		for _, s := range h.Chains {
			if at[s.Publisher] == nil {
				at[s.Publisher] = map[uint64]int{}
			}
			at[s.Publisher][s.Version]++
		}
	}
	parts := []string{english.Plural(len(report.Hosts), "host", "")}
	if silent > 0 {
		parts = append(parts, fmt.Sprintf("%d without an answer", silent))
	}
	for _, publisher := range slices.Sorted(maps.Keys(at)) {
		for _, version := range slices.Backward(slices.Sorted(maps.Keys(at[publisher]))) {
			parts = append(parts, fmt.Sprintf("%s %d on %d", publisher, version, at[publisher][version]))
		}
	}
	return strings.Join(parts, "; ")
}
