package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"parley/lcc"
	"parley/models/publish/bundle"
	"parley/models/publish/repository"
	"parley/peer"
)

// clusterReport is what --json prints.
type clusterReport struct {
	Publisher string              `json:"publisher"`
	Version   uint64              `json:"version"` // of the latest release; 0: none yet
	Digest    bundle.Digest       `json:"digest"`
	Created   *time.Time          `json:"created,omitempty"`
	Expires   *time.Time          `json:"expires,omitempty"`
	Note      string              `json:"note,omitempty"`
	Root      bundle.Root         `json:"root"` // in force
	Hosts     []clusterHost       `json:"hosts"`
	Policies  []string            `json:"policies"`        // of the next release
	Changes   []repository.Change `json:"changes"`         // with the next release
	Draft     []repository.Quorum `json:"draft,omitempty"` // who has signed the pending draft
}

// clusterHost is a host as the next release will have it.
type clusterHost struct {
	Name      string   `json:"name"`
	ID        string   `json:"id"`
	Addresses []string `json:"addresses"`
	Labels    []string `json:"labels"`
	Group     string   `json:"group"`
}

func newClusterShow() *cobra.Command {
	var o repositoryFlags
	var anchor, asJSON bool
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Show hosts, groups and keys, and what the next release would change",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			r, err := o.open()
			if err != nil {
				return err
			}
			if anchor {
				_, err := cmd.OutOrStdout().Write(r.Anchor().MarshalFile())
				return err
			}
			report, err := reportCluster(r)
			if err == nil {
				err = checkHosts(r)
			}
			if err != nil {
				return wrong(err)
			}
			if asJSON {
				return writeJSON(cmd.OutOrStdout(), report)
			}
			report.print(cmd.OutOrStdout())
			return nil
		},
	}
	o.flags(cmd)
	cmd.Flags().BoolVar(&anchor, "anchor", false, "print the anchor, to be put on every host")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

func reportCluster(r *repository.Repository) (report clusterReport, err error) {
	a := r.Anchor()
	report = clusterReport{Publisher: a.Publisher, Version: a.Version, Digest: a.Digest, Root: a.Root, Policies: []string{},
		Changes: []repository.Change{}}
	if latest, ok := r.Latest(); ok {
		created, expires := time.Unix(latest.Created, 0).UTC(), time.Unix(latest.Expires, 0).UTC()
		report.Created, report.Expires, report.Note = &created, &expires, latest.Note
	}
	if report.Hosts, err = groupedHosts(r.Cluster()); err != nil {
		return report, err
	}
	next, err := r.Draft(repository.DraftOptions{Now: time.Now(), Dirty: true})
	if err != nil {
		return report, err
	}
	for _, p := range next.Release.Policies {
		report.Policies = append(report.Policies, p.Name)
	}
	changes, err := r.Changes(next)
	if err != nil {
		return report, err
	}
	report.Changes = append(report.Changes, changes...)
	// A faulty draft is reported by the verbs that use it.
	if draft, ok, err := r.Pending(); ok && err == nil {
		report.Draft = r.Quorums(draft)
	}
	return report, nil
}

// groupedHosts lists the hosts with their groups in the next release.
func groupedHosts(c repository.Cluster) ([]clusterHost, error) {
	var members []peer.Member
	for _, h := range c.Hosts {
		members = append(members, peer.Member{Peer: lcc.PeerID(h.ID), Labels: h.Labels})
	}
	groups, err := peer.Groups(members, peer.Grouping{Label: c.Grouping.Label, Most: c.Grouping.Most})
	if err != nil {
		return nil, err
	}
	of := map[lcc.PeerID]string{}
	for _, g := range groups {
		for _, id := range g.Peers {
			of[id] = g.Name
		}
	}
	hosts := []clusterHost{}
	for _, h := range c.Hosts {
		hosts = append(hosts, clusterHost{h.Name, h.ID, orEmpty(h.Addresses), orEmpty(h.Labels), of[lcc.PeerID(h.ID)]})
	}
	return hosts, nil
}

func (c clusterReport) print(out io.Writer) {
	sayf(out, "publisher %s\n", c.Publisher)
	if c.Version == 0 {
		fmt.Fprintln(out, "release   none yet")
	} else {
		sayf(out, "release   %d (%s) of %s, expires %s%s\n", c.Version, c.Digest.Short(), c.Created.Local().Format(time.DateTime),
			c.Expires.Local().Format(time.DateTime), also(c.Note))
	}
	sayf(out, "root      %d: %d of %s must sign\n", c.Root.Version, c.Root.Threshold, english.Plural(len(c.Root.Keys), "key", ""))
	for _, k := range c.Root.Keys {
		sayf(out, "  key     %s %s\n", k.Name, k.Public)
	}
	for _, k := range c.Root.Beats {
		sayf(out, "  beat    %s %s\n", k.Name, k.Public)
	}
	hosts := newTable(out, "host", "id", "addresses", "labels", "group")
	for _, h := range c.Hosts {
		hosts.AppendRow(table.Row{h.Name, h.ID, strings.Join(h.Addresses, " "), strings.Join(h.Labels, " "), h.Group})
	}
	hosts.print()
	printChanges(out, c.Changes)
	for _, q := range c.Draft {
		sayf(out, "draft of release %d: %v\n", c.Version+1, q)
	}
}

// changesShown bounds the number of changes in the text output.
const changesShown = 40

func printChanges(out io.Writer, changes []repository.Change) {
	if len(changes) == 0 {
		fmt.Fprintln(out, "the next release changes nothing but the time of expiry")
		return
	}
	fmt.Fprintln(out, "the next release changes:")
	for _, c := range changes[:min(len(changes), changesShown)] {
		sayf(out, "  %s\n", c)
	}
	if more := len(changes) - changesShown; more > 0 {
		sayf(out, "  and %d more (--json has all)\n", more)
	}
}
