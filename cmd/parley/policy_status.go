package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"parley/hostagent/api"
	"parley/models/publish/chain"
)

func newPolicyStatus() *cobra.Command {
	var a agentFlags
	var view policyView
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show, live, which policies all hosts run",
		Long: `Show, live, what all hosts run that the agent of this host reaches: how many have
which release, then the state of every policy. A state that needs a person is in
capitals; docs/operations.md explains every state and what to do.

Of more rows than --limit only those are shown that lag behind or differ, the most
serious first. --state and --host choose others, --json has all.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := view.check(); err != nil {
				return err
			}
			report, err := a.client().Policies(cmd.Context(), true)
			if err != nil {
				return wrong(err)
			}
			if a.asJSON {
				return a.print(cmd, report)
			}
			return view.print(cmd.OutOrStdout(), report)
		},
	}
	a.flags(cmd)
	view.flags(cmd, &a)
	return cmd
}

// policyRow is a row of the table: a policy on a host, or a problem of it.
type policyRow struct {
	host, publisher string
	version         any // "": not known
	policy          string
	state           verdict
	detail          string
	late            bool // a later release is known on another host
}

func (r policyRow) cells() table.Row {
	return table.Row{r.host, r.publisher, r.version, r.policy, r.state, reasonCell(r.detail)}
}

// policyRows are the rows of a host, its problems first. newest are the latest releases
// of the site, by publisher.
func policyRows(h api.HostPolicies, newest map[string]uint64) (rows []policyRow) {
	if h.Error != "" {
		return []policyRow{{host: h.Host, version: "", state: "NO ANSWER", detail: h.Error}}
	}
	for _, s := range h.Chains {
		row := func(policy, state, detail string) {
			rows = append(rows, policyRow{h.Host, s.Publisher, s.Version, policy, verdict(state), detail, s.Version < newest[s.Publisher]})
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
