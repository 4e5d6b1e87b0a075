package main

import (
	"io"
	"slices"

	"github.com/dustin/go-humanize/english"
	"github.com/jedib0t/go-pretty/v6/table"

	"parley/hostagent/api"
)

// peersShown is how many peers are shown: a group has up to 500.
const peersShown = 40

// printPeers shows the peers; if they are many, those that are not connected first.
func printPeers(out io.Writer, peers []api.PeerStatus) {
	shown := slices.Clone(peers)
	if len(peers) > peersShown {
		slices.SortStableFunc(shown, func(a, b api.PeerStatus) int { return wellness(a) - wellness(b) })
		shown = shown[:peersShown]
	}
	t := newTable(out, "peer", "connected", "plays")
	for _, p := range shown {
		name := p.Name
		if name == "" {
			name = p.ID
		}
		t.AppendRow(table.Row{name, verdict(peerState(p)), verdicts(p.Roles)})
	}
	t.print()
	if len(shown) < len(peers) {
		sayf(out, "%d of %s shown, those that are not connected first: --json has all\n", len(shown), english.Plural(len(peers), "peer", ""))
	}
}

func peerState(p api.PeerStatus) string {
	switch {
	case p.Incarnations == api.Doubled:
		return "two agents with its key"
	case p.Suspected && p.Incarnations == api.Older:
		return "suspected, announces a lower incarnation"
	case p.Suspected:
		return "suspected"
	case p.Connected:
		return "yes"
	}
	return "no"
}

// wellness orders peers: those with a problem come first.
func wellness(p api.PeerStatus) int { return slices.Index([]string{"no", "yes"}, peerState(p)) }
