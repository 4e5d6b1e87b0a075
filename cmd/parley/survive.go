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

	"parley/hostagent/api"
	"parley/hostagent/site"
	"parley/hostagent/spare"
	"parley/internal/bytesize"
)

// surviveFlags say in which form a plan is printed.
type surviveFlags struct {
	outputFlags
	asked bool // about certain hosts
}

// formPacemaker is the form that a Pacemaker cluster reads.
const formPacemaker = "pacemaker"

func newSurvive() *cobra.Command {
	var a agentFlags
	var p surviveFlags
	cmd := &cobra.Command{
		Use:   "survive [HOST]...",
		Short: "Say who would take whose guests if hosts failed",
		Long: `Ask all hosts what they have left and what their guests need, and say for each host
whether the others have room for its guests if it fails. With hosts, they fail at one time,
and the plan says who takes which guest. A guest goes where its rules, its kind, its networks
and what it needs allow it. A host that does not answer, or is drained, takes none. Of one that
does not answer the guests are those that it told last, where hosts keep room (the key survive).

Parley starts nothing. Before somebody does, be sure that the host that failed is off: a
guest that runs twice destroys its disks. A person starts what has a place, each guest on
its host, where both know its definition:

    parley survive host03 -o name | while read host guest; do
        virsh -c qemu+ssh://$host/system start "$guest"
    done

A Pacemaker cluster, whose resources are called as the guests are, learns where each guest
is and who is to take it next; repeat this when guests have moved:

    parley survive -o pacemaker | cibadmin --modify --allow-create --scope constraints --xml-pipe

The exit code is 1 where a guest has no place.`,
		ValidArgsFunction: completeSite(&a),
		RunE: func(cmd *cobra.Command, hosts []string) error {
			if err := p.check(a.asJSON, hosts); err != nil {
				return err
			}
			s, err := a.client().Survive(cmd.Context(), hosts)
			if err != nil {
				return wrong(err)
			}
			return wrong(p.print(cmd.OutOrStdout(), cmd.ErrOrStderr(), s))
		},
	}
	a.flags(cmd)
	forms := append(slices.Clone(outputFormats), formPacemaker)
	cmd.Flags().StringVarP(&p.format, "output", "o", "table", "form of the output: "+strings.Join(forms, ", "))
	completesFlag(cmd, "output", oneOf(forms...))
	cmd.Flags().BoolVar(&p.noHeaders, "no-headers", false, "print the rows of the table alone")
	return cmd
}

func (p *surviveFlags) check(asJSON bool, hosts []string) error {
	p.asked = len(hosts) > 0
	if p.format != formPacemaker {
		return p.outputFlags.check(asJSON)
	}
	if asJSON {
		return errors.New("--output: give pacemaker or --json, not both")
	}
	if p.asked {
		return errors.New("--output: pacemaker is for the failure of any host: give no host")
	}
	return nil
}

// print shows a plan. The error says that guests have no place, or, where it is about each
// host, that not all are known.
func (p *surviveFlags) print(out, errs io.Writer, s site.Survival) error {
	missing, silent := roomMissing(s), notKnown(s)
	switch {
	case silent == "":
	case p.asked:
		sayWrapped(errs, "", "%s", silent)
	case missing == nil:
		missing = errors.New(silent)
	default:
		missing = fmt.Errorf("%w; %s", missing, silent)
	}
	if is, err := p.writeValue(out, s); is {
		return errors.Join(err, missing)
	}
	switch {
	case p.format == formPacemaker:
		return errors.Join(writePacemaker(out, s), missing)
	case p.format == "name" && p.asked:
		for _, g := range s.Failures[0].Guests {
			if g.To != "" {
				sayf(out, "%s %s\n", g.To, nameOrID(g.Name, g.Guest))
			}
		}
	case p.format == "name":
		for _, f := range s.Failures {
			if f.Fits {
				sayf(out, "%s\n", f.Hosts[0])
			}
		}
	case p.asked:
		p.printPlan(out, s.Failures[0])
		for _, h := range s.Hosts {
			if !h.Told.IsZero() && slices.Contains(s.Failures[0].Hosts, h.Host) {
				sayWrapped(out, "", "%s does not answer: its guests are those that it told %s", h.Host, toldAgo(s, h))
			}
		}
	default:
		p.printSite(out, s)
	}
	return missing
}

// printSite shows a row for each host that may fail.
func (p *surviveFlags) printSite(out io.Writer, s site.Survival) {
	heads := []string{"host", "guests", "cores", "memory", "fit", "without a place"}
	if p.format == "wide" {
		heads = []string{"host", "guests", "cores", "memory", "cores left", "memory left", "fit", "without a place"}
	}
	t := newTable(out, heads...)
	t.bare = p.noHeaders
	failures := map[string]site.Failure{}
	for _, f := range s.Failures {
		failures[f.Hosts[0]] = f
	}
	for _, h := range s.Hosts {
		row := table.Row{h.Host, "", "", ""}
		known := h.Silent == "" || !h.Told.IsZero()
		if known {
			row = append(table.Row{h.Host, h.Guests}, roomCells(failures[h.Host].Need)...)
		}
		if p.format == "wide" && h.Silent == "" {
			row = append(row, roomCells(h.Free)...)
		} else if p.format == "wide" {
			row = append(row, "", "")
		}
		switch f := failures[h.Host]; {
		case h.Silent != "" && known && !f.Fits:
			row = append(row, verdict("NO ANSWER"), reasonCell(placeless(f)+" of those that it told "+toldAgo(s, h)))
		case h.Silent != "" && known:
			row = append(row, verdict("NO ANSWER"), reasonCell("none of those that it told "+toldAgo(s, h)))
		case h.Silent != "":
			row = append(row, verdict("NO ANSWER"), reasonCell(h.Silent))
		case f.Fits:
			row = append(row, "yes", reasonCell(""))
		default:
			row = append(row, verdict("NO"), reasonCell(placeless(f)))
		}
		t.AppendRow(row)
	}
	t.print()
}

// toldAgo says how long ago a silent host told what its guests are.
func toldAgo(s site.Survival, h site.Survivor) string {
	return s.At.Sub(h.Told).Round(time.Second).String() + " ago"
}

func roomCells(r spare.Room) []any {
	return []any{amount(fmt.Sprintf("%.1f", r.Cores)), amount(bytesize.GiB(r.MemoryBytes))}
}

// placeless names the guests that have no place.
func placeless(f site.Failure) string {
	const most = 3
	var names []string
	n := 0
	for _, g := range f.Guests {
		if g.To == "" {
			if n++; n <= most {
				names = append(names, nameOrID(g.Name, g.Guest))
			}
		}
	}
	text := strings.Join(names, ", ")
	if n > most {
		text += fmt.Sprintf(" and %d more", n-most)
	}
	return text
}

// printPlan shows who takes which guest.
func (p *surviveFlags) printPlan(out io.Writer, f site.Failure) {
	if len(f.Guests) == 0 {
		sayf(out, "%s: no guest\n", english.WordSeries(f.Hosts, "and"))
		return
	}
	t := newTable(out, "guest", "kind", "cores", "memory", "from", "taken by", "note")
	t.bare = p.noHeaders
	t.mayBeMissing("kind", "from")
	kinds := false
	for _, g := range f.Guests {
		kinds = kinds || g.Kind != f.Guests[0].Kind || g.Kind != "vm"
	}
	for _, g := range f.Guests {
		kind, from, to := "", "", any(g.To)
		if kinds {
			kind = g.Kind
		}
		if len(f.Hosts) > 1 {
			from = g.From
		}
		if g.To == "" {
			to = verdict("NO HOST")
		}
		row := append(table.Row{nameOrID(g.Name, g.Guest), kind}, roomCells(g.Need)...)
		t.AppendRow(append(row, from, to, reasonCell(strings.Join(resettleNotes(g), "; "))))
	}
	t.print()
	if p.format == "table" || p.format == "wide" {
		sayWrapped(out, "", "nothing is started: be sure first that %s off, since a guest must not run twice", isAre(f.Hosts))
	}
}

func isAre(hosts []string) string {
	if len(hosts) == 1 {
		return hosts[0] + " is"
	}
	return english.WordSeries(hosts, "and") + " are"
}

// resettleNotes says why a guest has no place, and what a person has to know to start it.
func resettleNotes(g site.Resettled) (notes []string) {
	if g.To == "" {
		notes = append(notes, whyNoPlace(g.Why))
	}
	if g.Ineligible != "" {
		notes = append(notes, "it may not start elsewhere: "+g.Ineligible)
	}
	if g.Kind == "process" {
		notes = append(notes, "its state is on the host that fails")
	}
	if g.Need.DiskBytes > 0 {
		notes = append(notes, fmt.Sprintf("its volumes of %s are on the host that fails: restore them from a backup",
			bytesize.GiB(g.Need.DiskBytes)))
	}
	return notes
}

// whyWords say why a host does not take a guest.
var whyWords = map[spare.Why]string{
	spare.WhyDrained: "is drained",
	spare.WhyClosed:  "takes no guests now",
	spare.WhyKind:    "takes no guests of its kind",
	spare.WhyNeeds:   "lacks what it needs",
	spare.WhyNetwork: "lacks its network",
	spare.WhyLabel:   "lacks a label that it requires",
	spare.WhyAvoided: "has a label that it avoids",
	spare.WhyApart:   "has a guest that it must be apart from",
	spare.WhyCrowded: "has as many of its group as may be",
	spare.WhyRoom:    "has too little room",
}

// whyNoPlace counts the hosts that do not take a guest.
func whyNoPlace(why map[spare.Why]int) string {
	reasons := make([]spare.Why, 0, len(why))
	for reason := range why {
		reasons = append(reasons, reason)
	}
	slices.SortFunc(reasons, func(a, b spare.Why) int {
		if why[a] != why[b] {
			return why[b] - why[a]
		}
		return strings.Compare(string(a), string(b))
	})
	var parts []string
	for _, reason := range reasons {
		parts = append(parts, english.Plural(why[reason], "host", "")+" "+pluralVerb(whyWords[reason], why[reason]))
	}
	if len(parts) == 0 {
		return "no other host is left"
	}
	return strings.Join(parts, ", ")
}

// pluralVerb puts the verb with which a text begins into the plural for several subjects.
func pluralVerb(text string, n int) string {
	if n == 1 {
		return text
	}
	verb, rest, _ := strings.Cut(text, " ")
	switch verb {
	case "is":
		verb = "are"
	case "has":
		verb = "have"
	default:
		verb = strings.TrimSuffix(verb, "s")
	}
	return verb + " " + rest
}

// roomMissing is the error that guests have no place; nil if all have one.
func roomMissing(s site.Survival) error {
	var hosts []string
	guests := 0
	for _, f := range s.Failures {
		if !f.Fits {
			hosts = append(hosts, english.WordSeries(f.Hosts, "and"))
		}
		for _, g := range f.Guests {
			if g.To == "" {
				guests++
			}
		}
	}
	switch len(hosts) {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("room is missing if %s: %s no place", fails(s.Failures, hosts[0]), haveHas(guests))
	}
	return fmt.Errorf("room is missing if one of %d hosts fails: %s", len(hosts), strings.Join(first(hosts, 10), ", "))
}

// notKnown says which hosts did not answer; "": all did.
func notKnown(s site.Survival) string {
	var silent []string
	for _, h := range s.Hosts {
		if h.Silent != "" {
			silent = append(silent, h.Host)
		}
	}
	if len(silent) == 0 {
		return ""
	}
	return fmt.Sprintf("%s did not answer and %s no guest: %s", english.Plural(len(silent), "host", ""),
		english.PluralWord(len(silent), "takes", "take"), strings.Join(first(silent, 10), ", "))
}

// fails says that hosts fail.
func fails(failures []site.Failure, hosts string) string {
	for _, f := range failures {
		if len(f.Hosts) > 1 {
			return hosts + " fail at one time"
		}
	}
	return hosts + " fails"
}

func haveHas(guests int) string {
	if guests == 1 {
		return "1 guest has"
	}
	return fmt.Sprintf("%d guests have", guests)
}

// first are the first texts of a list, with a sign that there are more.
func first(list []string, most int) []string {
	if len(list) <= most {
		return list
	}
	return append(slices.Clone(list[:most]), fmt.Sprintf("and %d more", len(list)-most))
}

// spareText says whether the guests of a host have places elsewhere; "" where no room is kept.
func spareText(s api.SpareStatus) string {
	switch {
	case s.Survive == 0:
		return ""
	case s.Guests > 0:
		return fmt.Sprintf("%s; %s known", s.Text, english.Plural(s.Hosts, "host is", "hosts are"))
	case s.Hosts == 1:
		return "no other host is known that would take guests of this one"
	}
	return fmt.Sprintf("if this host fails, its guests have places; %d hosts are known", s.Hosts)
}
