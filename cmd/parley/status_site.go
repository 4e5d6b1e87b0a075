package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"parley/hostagent/api/wording"
	"parley/hostagent/site"
	"parley/internal/bytesize"
)

// siteStatus is `parley status --site`.
type siteStatus struct {
	siteFlags
	on bool
}

func (s *siteStatus) flags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&s.on, "site", false, "show all hosts of the site, not this one alone")
	s.siteFlags.flags(cmd)
	s.rowFlags(cmd)
}

// check refuses flags of the site where only this host is asked.
func (s *siteStatus) check(cmd *cobra.Command, asJSON, dump bool) error {
	if s.on && dump {
		return errors.New("--dump writes this host alone: leave --site out")
	}
	for _, name := range siteFlagNames {
		if !s.on && cmd.Flags().Changed(name) {
			return fmt.Errorf("--%s is about all hosts: give --site as well", name)
		}
	}
	return s.siteFlags.check(asJSON)
}

func (s *siteStatus) run(cmd *cobra.Command, a *agentFlags) error {
	if s.wait == "" {
		return s.show(cmd.Context(), cmd.OutOrStdout(), a, s.render)
	}
	return s.await(cmd.Context(), cmd.OutOrStdout(), a)
}

func (s *siteStatus) render(out io.Writer, report site.Report) error {
	report.Hosts = slices.Clone(report.Hosts)
	site.Sort(report.Hosts, s.sort)
	if is, err := s.writeValue(out, report); is {
		return err
	}
	if s.format == "name" {
		for _, h := range report.Hosts {
			sayf(out, "%s\n", h.Host)
		}
		return nil
	}
	if !s.noHeaders {
		sayf(out, "%s\n", siteSummary(report))
	}
	s.hosts(out, report)
	if h, why := fullest(report); why != "" && !s.noHeaders {
		sayIndented(out, "why nothing leaves "+h.Host+", the fullest: ", "  ", "%s", why)
	}
	if deals := report.InFlight(); len(deals) > 0 && !s.noHeaders {
		printSiteDeals(out, deals)
	}
	return nil
}

// fuller is by how much the load of a host exceeds that of the site, for why nothing leaves it to
// be said.
const fuller = 0.05

// fullest is the host with the highest load, and why nothing leaves it; "" where that is not worth
// asking: it is not fuller than the site, or a guest of it is on its way elsewhere.
func fullest(report site.Report) (most site.Host, why string) {
	for _, h := range report.Hosts {
		if h.Silent == "" && h.Load.Known && (most.Host == "" || h.Load.Highest() > most.Load.Highest()) {
			most = h
		}
	}
	t := report.Totals()
	if _, leaves := most.Leaving(); most.Host == "" || leaves || most.Load.Highest() <= max(t.CPU, t.Memory)+fuller {
		return most, ""
	}
	return most, wording.Stays(most)
}

// siteSummary is the first line: sums, and who did not answer.
func siteSummary(report site.Report) string {
	t := report.Totals()
	parts := []string{
		english.Plural(t.Hosts, "host", ""), english.Plural(t.Guests, "guest", ""),
		fmt.Sprintf("cpu %.0f %%", 100*t.CPU), fmt.Sprintf("memory %.0f %%", 100*t.Memory),
	}
	if t.InFlight > 0 {
		parts = append(parts, english.Plural(t.InFlight, "deal", "")+" in flight")
	}
	if t.Problems > 0 {
		parts = append(parts, english.Plural(t.Problems, "problem", ""))
	}
	if silent := silentText(report); silent != "" {
		parts = append(parts, silent)
	}
	return strings.Join(parts, "; ")
}

// hosts prints the table of the hosts.
func (s *siteStatus) hosts(out io.Writer, report site.Report) {
	rows := report.Hosts
	if s.limit > 0 && len(rows) > s.limit {
		rows = rows[:s.limit]
	}
	heads := []string{"host", "state", "cpu", "memory", "guests", "deals", "note"}
	if s.format == "wide" {
		heads = []string{"host", "state", "cpu", "memory", "guests", "deals", "mode", "releases", "plays", "labels", "agent", "note"}
	}
	t := newTable(out, heads...)
	t.bare = s.noHeaders
	t.mayGoBelow("labels", "agent", "plays", "releases")
	for _, h := range rows {
		note := reasonCell(wording.HostNote(h))
		if h.Silent != "" {
			row := table.Row{h.Host, verdict(wording.HostState(h))}
			for range len(heads) - 3 {
				row = append(row, "")
			}
			t.AppendRow(append(row, note))
			continue
		}
		row := table.Row{h.Host, verdict(wording.HostState(h)), amount(shareText(h.Load, h.Load.CPU)), amount(shareText(h.Load, h.Load.Memory)),
			h.Count(), len(h.Deals)}
		if s.format == "wide" {
			row = append(row, h.Mode, releasesText(h), verdicts(rolesOf(h)), strings.Join(h.Labels, " "), h.Version)
		}
		t.AppendRow(append(row, note))
	}
	t.print()
	if len(rows) < len(report.Hosts) {
		sayf(out, "%d of %s shown: --limit 0 shows all, --sort says which come first\n", len(rows), english.Plural(len(report.Hosts), "host", ""))
	}
}

func shareText(l site.Load, share float64) string {
	if !l.Known {
		return "?"
	}
	return fmt.Sprintf("%.0f %%", 100*share)
}

func releasesText(h site.Host) string {
	var parts []string
	for _, r := range h.Releases {
		parts = append(parts, fmt.Sprintf("%s %d", r.Publisher, r.Version))
	}
	return strings.Join(parts, ", ")
}

// rolesOf are the names of the roles that a host plays.
func rolesOf(h site.Host) (names []string) {
	for _, m := range h.Models {
		for _, role := range m.Roles {
			name, _, _ := strings.Cut(role, "(")
			names = append(names, name)
		}
	}
	return names
}

// printSiteDeals shows the deals in flight, those that migrate first.
func printSiteDeals(out io.Writer, deals []site.Deal) {
	slices.SortStableFunc(deals, func(a, b site.Deal) int { return int(b.Transferred>>20) - int(a.Transferred>>20) })
	t := newTable(out, "guest", "from", "to", "state", "stage", "since", "moved", "deal", "by")
	t.mayBeMissing("stage")
	t.mayGoBelow("deal", "by", "since")
	shown := deals[:min(len(deals), siteRowsMost)]
	for _, d := range shown {
		by := "policy"
		switch {
		case d.Drain:
			by = "drain"
		case d.Operator:
			by = "operator"
		}
		t.AppendRow(table.Row{d.Name, d.Source, d.Target, verdict(d.State), d.Stage, d.At.Local().Format(time.TimeOnly), amount(movedText(d)),
			d.Deal[:min(len(d.Deal), 8)], by})
	}
	sayf(out, "\ndeals in flight:\n")
	t.print()
	if len(shown) < len(deals) {
		sayf(out, "%d of %s shown: -o json has all\n", len(shown), english.Plural(len(deals), "deal", ""))
	}
}

// movedText is how much of a guest has been moved.
func movedText(d site.Deal) string {
	switch all := d.Transferred + d.Remaining; {
	case all == 0:
		return ""
	case d.Remaining == 0:
		return bytesize.Text(d.Transferred)
	default:
		return fmt.Sprintf("%.0f %%", 100*float64(d.Transferred)/float64(all))
	}
}
