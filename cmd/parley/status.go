package main

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/api/wording"
	"parley/internal/bytesize"
)

func newStatus() *cobra.Command {
	var a agentFlags
	var dump bool
	var all siteStatus
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show what the agent of this host, or of all hosts, sees and does",
		Long: `Show what the agent of this host sees and does. Of the deals that have ended it
shows the last ones; ` + "`parley history`" + ` shows all.

With --dump, this host and its guests are written as a document of a scenario for
` + "`parley sim`" + `. The dumps of several hosts one after the other are the scenario of
the site:

    for h in host1 host2 host3; do ssh $h parley status --dump; done > site.yaml
    parley sim run site.yaml --policy agility

With --site, this host asks all others and shows one row for each: first the hosts that
do not answer or have a problem, then the most loaded ones. Only hosts of the same owner
answer. --wait ends when a policy is active on all hosts that it targets, when a host has
no guest, or when a deal is done:

    parley status --site --wait active=balance
    parley status --site --wait empty=host3 --timeout 1h`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := all.check(cmd, a.asJSON, dump); err != nil {
				return err
			}
			if all.on {
				return wrong(all.run(cmd, &a))
			}
			status, err := a.client().Status(cmd.Context())
			if err != nil {
				return wrong(err)
			}
			switch {
			case dump:
				return wrong(printDump(cmd.OutOrStdout(), status, time.Now()))
			case a.asJSON:
				return a.print(cmd, status)
			}
			printStatus(cmd.OutOrStdout(), status)
			return nil
		},
	}
	a.flags(cmd)
	all.flags(cmd)
	cmd.Flags().BoolVar(&dump, "dump", false, "write this host as a scenario for parley sim")
	return cmd
}

func printStatus(out io.Writer, s api.Status) {
	sayWrapped(out, "host      ", "%s (%s)", s.Host, s.PeerID)
	sayWrapped(out, "platform  ", "%s%s", platformText(s.Platform), also(s.Platform.Error))
	for _, kind := range hostagent.Kinds() {
		if why, unseen := s.Platform.Unseen[string(kind)]; unseen {
			sayWrapped(out, "          ", "guests of the kind %s cannot be looked at: %s", kind, why)
		}
	}
	sayWrapped(out, "mode      ", "%s%s", s.Mode, also(wording.Refusal(s.Idle)))
	if s.Mode == "recommend" && len(s.Policy.Models) > 0 {
		sayWrapped(out, "          ", "policies see the load as if the recommended moves were made (`parley plan`)")
	}
	if s.Rejected.Why != "" {
		sayWrapped(out, "config    ", "what was read at %s is refused, an older one is in force: %s",
			s.Rejected.At.Local().Format(time.DateTime), s.Rejected.Why)
	}
	if s.SafeStart != "" {
		sayWrapped(out, "start     ", "%s", s.SafeStart)
	}
	if s.Twin != "" {
		sayWrapped(out, "key       ", "%s", s.Twin)
	}
	for _, fault := range s.RosterFaults {
		sayWrapped(out, "roster    ", "%s", fault)
	}
	if len(s.Labels) > 0 {
		sayWrapped(out, "labels    ", "%s", strings.Join(s.Labels, " "))
	}
	for _, m := range s.Policy.Models {
		sayWrapped(out, "policy    ", "%s %s plays %s", m.Name, m.Digest[:12], verdicts(m.Roles))
	}
	if text := spareText(s.Load.Spare); text != "" {
		sayWrapped(out, "survive   ", "%s", text)
	}
	if s.Drained && len(s.Policy.Models) > 0 {
		fmt.Fprintln(out, "policy    offers nothing while the host is drained: roles that take guests are not advertised")
	}
	if s.Drain.Ended.Is() {
		sayWrapped(out, "drain     ", "%s; `parley drain` begins again", s.Drain.Ended.Detail)
	}
	if s.Drain.Waits.Is() {
		sayWrapped(out, "drain     ", "waits: %s", s.Drain.Waits.Detail)
	}
	for _, g := range s.Drain.Away {
		sayWrapped(out, "away      ", "%s", awayText(g, s.Drain.Home))
	}
	if s.Policy.Error != "" {
		sayWrapped(out, "policy    ", "%s", s.Policy.Error)
	}
	if n := s.Audit.Dropped; n > 0 {
		fmt.Fprintf(out, "audit     %d entries were lost since the start: the disk is full or too slow\n", n)
	}
	if len(s.Audit.Faults) > 0 {
		fmt.Fprintln(out, "audit     is inconsistent: see `parley history --verify`")
	}
	if s.Load.Known {
		sayWrapped(out, "load      ", "cpu %.0f %% of %.2f cores, memory %.0f %% of %s%s",
			100*s.Load.CPU, s.Load.CapacityCPU, 100*s.Load.Memory, bytesize.Text(s.Load.CapacityMemory), keptText(s.Load))
	} else {
		fmt.Fprintln(out, "load      not known yet")
	}
	if s.Load.CapacityDisk > 0 {
		sayWrapped(out, "disk      ", "%s of %s for the guests' volumes", bytesize.Text(s.Load.UsedDisk), bytesize.Text(s.Load.CapacityDisk))
	}
	guests := newTable(out, "guest", "kind", "state", "cpu", "memory", "note")
	guests.mayBeMissing("kind")
	kinds := kindsShown(s)
	for _, g := range s.Guests {
		guests.AppendRow(table.Row{g.Name, kinds.of(g.Kind), g.State, amount(fmt.Sprintf("%.2f", g.CPU)), amount(bytesize.Text(g.Memory)),
			reasonCell(guestNote(g))})
	}
	guests.print()
	printEnded(out, s.Platform.Ended)
	printPeers(out, s.Peers)
	printAvoided(out, s)
	printDeals(out, s)
}

// awayText says where a guest is that the drain moved away, and whether it comes home.
func awayText(g api.AwayStatus, home bool) string {
	text := g.Name + " is at " + g.Host + " since a drain"
	switch {
	case g.Stays:
		return text + " and stays there" + also(wording.RefusalOf(g.Name, g.Why))
	case home:
		return text + ", and comes home" + also(wording.RefusalOf(g.Name, g.Why))
	}
	return text
}

// platformText says what runs the guests, and where.
func platformText(p api.PlatformStatus) string {
	switch {
	case p.Endpoint == "":
		return p.Kind
	case p.Kind == "memory":
		dir := strings.TrimPrefix(p.Endpoint, "memory://")
		if !filepath.IsAbs(dir) {
			return "memory: guests are in this agent's memory alone, to try Parley out"
		}
		return fmt.Sprintf("memory: guests are files in %s, to try Parley out", dir)
	}
	return p.Kind + " at " + p.Endpoint
}

// kinds says whether the kind of a guest is shown: only where a host has, or takes, more
// than one.
type kinds bool

func kindsShown(s api.Status) kinds {
	seen := map[string]bool{}
	for _, g := range s.Guests {
		seen[g.Kind] = true
	}
	for _, kind := range s.Platform.Kinds {
		seen[kind] = true
	}
	return len(seen) > 1
}

// of is the cell of a kind.
func (k kinds) of(kind string) string {
	if !k {
		return ""
	}
	return kind
}

// keptText describes the memory that the machine reserves for itself.
func keptText(l api.LoadStatus) string {
	if l.MachineMemory == 0 {
		return ""
	}
	return " (the machine keeps " + bytesize.Text(l.MachineMemory) + ")"
}

// guestNote describes what keeps a guest here, and what it lacks.
func guestNote(g api.GuestStatus) string {
	switch {
	case g.Blocked.Is() || g.Foreseen.Is():
		return "drain: " + wording.RefusalOf(g.Name, cmp.Or(g.Blocked, g.Foreseen))
	case g.Fault != "" && g.Unmoved.Is():
		return g.Fault + "; " + wording.RefusalOf(g.Name, g.Unmoved)
	case g.Fault != "":
		return g.Fault
	}
	return wording.RefusalOf(g.Name, g.Unmoved)
}
