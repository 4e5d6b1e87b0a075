package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/models"
	"parley/sim"
	"parley/sim/scenario"
)

// printDump writes a host and its guests as a scenario document.
func printDump(out io.Writer, s api.Status, now time.Time) error {
	if !s.Load.Known {
		return errors.New("the load of this host is not known yet: ask again in some seconds, or see `parley doctor`")
	}
	host := sim.SiteHost{
		Name: s.Host, Labels: s.Labels, Curve: s.Power, Takes: sim.Takes{Offers: s.Platform.Offers},
		Capacity: hostagent.Resources{CPU: s.Load.CapacityCPU, MemoryBytes: s.Load.CapacityMemory, DiskBytes: s.Load.CapacityDisk},
	}
	for _, kind := range s.Platform.Kinds {
		host.Takes.Kinds = append(host.Takes.Kinds, hostagent.Kind(kind))
	}
	fmt.Fprintf(out, "---\n# %s at %s, by parley status --dump\n", s.Host, now.UTC().Format(time.RFC3339))
	policy, why := dumpPolicy(s)
	if why != "" {
		fmt.Fprintf(out, "# %s\n", why)
	}
	var guests []sim.SiteGuest
	for _, g := range s.Guests {
		switch {
		case leaves(s, g):
			fmt.Fprintf(out, "# %s is left out: it is on its way to another host\n", g.Name)
		case g.State != string(hostagent.Running):
			fmt.Fprintf(out, "# %s is left out: it is %s\n", g.Name, g.State)
		case g.Processors <= 0 || g.Memory <= 0:
			fmt.Fprintf(out, "# %s is left out: what it has is not known\n", g.Name)
		default:
			guests = append(guests, dumpGuest(s.Host, g))
		}
	}
	return scenario.Write(out, policy, []sim.SiteHost{host}, guests)
}

// leaves says whether a guest is on its way to another host: the dump of that one, which is
// asked later, has it.
func leaves(s api.Status, g api.GuestStatus) bool {
	under := []string{string(hostagent.Intended), string(hostagent.Moving), string(hostagent.Checking)}
	return slices.ContainsFunc(s.Deals, func(d api.DealStatus) bool {
		return d.Guest == g.ID && d.Side == string(hostagent.SourceSide) && slices.Contains(under, d.State)
	})
}

func dumpGuest(host string, g api.GuestStatus) sim.SiteGuest {
	return sim.SiteGuest{
		Name: g.Name, Host: host, CPU: g.CPU, Priority: g.Rules.Priority, DirtyRate: float64(g.DirtyRate),
		Declared: hostagent.Resources{CPU: g.Processors, MemoryBytes: g.Memory, DiskBytes: g.Disk},
		Kind:     dumpKind(g.Kind), Needs: g.Needs,
		Rules: hostagent.Rules{
			// A guest that the platform cannot move is pinned in the simulation.
			Pinned: g.Rules.Pin || g.Ineligible != "", Ignored: g.Rules.Ignore,
			Labels: g.Rules.Labels, Requires: g.Rules.Requires, Near: g.Rules.Near, Apart: g.Rules.Apart,
			Avoids: g.Rules.Avoids, AtMost: g.Rules.AtMost,
		},
	}
}

// dumpKind leaves out what a guest is without a kind.
func dumpKind(kind string) hostagent.Kind {
	if kind == string(hostagent.VM) {
		return ""
	}
	return hostagent.Kind(kind)
}

// dumpPolicy names the host's policy, if the name is valid elsewhere: a shipped one by its
// name, or a file with the text of one, as releases have it.
func dumpPolicy(s api.Status) (policy, why string) {
	var names []string
	for _, m := range s.Policy.Models {
		name := strings.TrimSuffix(m.Name, ".lcc")
		switch text, shipped := models.Text(name); {
		case name == m.Name && shipped, shipped && fmt.Sprintf("%x", sha256.Sum256(text)) == m.Digest:
			names = append(names, name)
		default:
			return "", "it enacts " + m.Name + ", which is no shipped policy as it is: give the file with --policy"
		}
	}
	return strings.Join(names, "+"), ""
}
