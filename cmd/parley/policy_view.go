package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"parley/hostagent/api"
	"parley/models/publish/chain"
)

// policyView chooses the rows of `parley policy status`: a site may have thousands, and
// nearly all of them say that all is well.
type policyView struct {
	states, hosts []string
	limit         int
}

// policyRowsMost is how many rows are shown unless --limit says otherwise.
const policyRowsMost = 40

func (v *policyView) flags(cmd *cobra.Command, a *agentFlags) {
	cmd.Flags().StringSliceVar(&v.states, "state", nil, "only rows with these states, such as refused or no_answer")
	completesFlag(cmd, "state", oneOf(policyStates()...))
	cmd.Flags().StringSliceVar(&v.hosts, "host", nil, "only rows of these hosts")
	completesFlag(cmd, "host", completeNames(a))
	cmd.Flags().IntVar(&v.limit, "limit", policyRowsMost, "maximum number of rows; 0: all")
}

// policyStates are the states that rows may have, as --state takes them.
func policyStates() (names []string) {
	for _, s := range chain.PolicyStates() {
		names = append(names, string(s))
	}
	return append(names, "no_policy", "no_release", "lagging", "stale", "expired", "not_listed", "alarm", "error", "no_answer")
}

func (v *policyView) check() error {
	for i, state := range v.states {
		v.states[i] = flagState(state)
		if err := known("state", v.states[i], policyStates()); err != nil {
			return fmt.Errorf("--state: %w", err)
		}
	}
	if v.limit < 0 {
		return fmt.Errorf("--limit is %d: give a number of rows, or 0 for all", v.limit)
	}
	return nil
}

// flagState is a state as --state takes it: NOT LISTED is not_listed.
func flagState(state string) string { return strings.ReplaceAll(strings.ToLower(state), " ", "_") }

// print prints the summary, and then the chosen rows.
func (v *policyView) print(out io.Writer, report api.PolicyReport) error {
	var rows []policyRow
	var hosts []string
	newest := newestReleases(report)
	for _, h := range report.Hosts {
		rows = append(rows, policyRows(h, newest)...)
		hosts = append(hosts, h.Host)
	}
	for _, host := range v.hosts {
		if err := known("host", host, hosts); err != nil {
			return wrong(fmt.Errorf("--host: %w", err))
		}
	}
	sayf(out, "%s\n", summary(report))
	for _, line := range spreadOfStates(rows) {
		sayf(out, "%s\n", line)
	}
	all := len(rows)
	if len(v.states)+len(v.hosts) > 0 {
		rows = slices.DeleteFunc(rows, func(r policyRow) bool {
			return len(v.states) > 0 && !slices.Contains(v.states, flagState(string(r.state))) ||
				len(v.hosts) > 0 && !slices.Contains(v.hosts, r.host)
		})
		all = len(rows)
	} else if v.limit > 0 && all > v.limit {
		rows = slices.DeleteFunc(rows, func(r policyRow) bool { return r.urgency() == 0 })
	}
	if v.limit > 0 && len(rows) > v.limit {
		slices.SortStableFunc(rows, func(a, b policyRow) int { return b.urgency() - a.urgency() })
		rows = rows[:v.limit]
	}
	t := newTable(out, "host", "publisher", "release", "policy", "state", "detail")
	for _, r := range rows {
		t.AppendRow(r.cells())
	}
	t.print()
	if len(rows) < all {
		sayf(out, "%d of %s shown, those that lag behind or differ first: --limit 0 shows all, --state and --host choose\n", len(rows),
			english.Plural(all, "row", ""))
	} else if all == 0 && len(report.Hosts) > 0 {
		sayf(out, "no policy is in such a state\n")
	}
	return nil
}

// urgency is 0 for a row that says that all is well, and 2 for one that needs a person.
func (r policyRow) urgency() int {
	switch state := string(r.state); {
	case !strings.ContainsFunc(state, unicode.IsLower):
		return 2
	case r.late || state != string(chain.StateActive) && state != string(chain.StateNotTargeted):
		return 1
	}
	return 0
}

func newestReleases(report api.PolicyReport) map[string]uint64 {
	newest := map[string]uint64{}
	for _, h := range report.Hosts {
		for _, s := range h.Chains {
			newest[s.Publisher] = max(newest[s.Publisher], s.Version)
		}
	}
	return newest
}

// spreadOfStates says of each policy that is not in one state everywhere on how many hosts
// it is in which.
func spreadOfStates(rows []policyRow) (lines []string) {
	of := map[string]map[string]int{}
	for _, r := range rows {
		if r.policy == "" {
			continue
		}
		name := r.publisher + " " + r.policy
		if of[name] == nil {
			of[name] = map[string]int{}
		}
		of[name][string(r.state)]++
	}
	for _, name := range slices.Sorted(maps.Keys(of)) {
		states := slices.SortedFunc(maps.Keys(of[name]), func(a, b string) int {
			return 2*(of[name][b]-of[name][a]) + strings.Compare(a, b)
		})
		if len(states) == 1 {
			continue
		}
		var parts []string
		for _, state := range states {
			parts = append(parts, fmt.Sprintf("%s on %d", state, of[name][state]))
		}
		lines = append(lines, name+": "+strings.Join(parts, ", "))
	}
	return lines
}

// summary is the first line: the number of hosts, and of those at each release.
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
