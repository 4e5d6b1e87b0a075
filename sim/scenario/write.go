package scenario

import (
	"fmt"
	"io"
	"math"
	"time"

	"go.yaml.in/yaml/v3"

	"parley/hostagent"
	"parley/sim"
)

// Write writes hosts and guests as a scenario document, each with its own entry, with
// the initial load of each guest. It omits a policy of "".
func Write(w io.Writer, policy string, hosts []sim.SiteHost, guests []sim.SiteGuest) error {
	return write(w, policy, hosts, guests, "")
}

// write writes guests with the initial load of each, or as those that follow the series of
// their names in a table.
func write(w io.Writer, policy string, hosts []sim.SiteHost, guests []sim.SiteGuest, table string) error {
	var d document
	if policy != "" {
		d.Policies = []string{policy}
	}
	for _, h := range hosts {
		d.Hosts = append(d.Hosts, hostEntry{
			Name: h.Name, Cores: h.Capacity.CPU, Memory: Bytes(h.Capacity.MemoryBytes), Disk: Bytes(h.Capacity.DiskBytes),
			Kinds: h.Takes.Kinds, Offers: h.Takes.Offers,
			Labels: h.Labels, Group: h.Group, Refuse: h.Refuse, Power: h.Curve, Link: Bytes(h.Link),
		})
	}
	for _, g := range guests {
		cores := g.CPU
		if g.Load != nil {
			cores = g.Load.At(0)
		}
		e := guestEntry{
			Name: g.Name, Host: g.Host, Kind: g.Kind, Needs: g.Needs, Disk: Bytes(g.Declared.DiskBytes),
			Sizes:  []sizeEntry{{g.Declared.CPU, Bytes(g.Declared.MemoryBytes)}},
			Load:   loadEntry{"constant", math.Round(1e4*cores/g.Declared.CPU) / 1e4},
			Starts: g.Starts, Ends: g.Ends,
			Labels: g.Rules.Labels, Requires: g.Rules.Requires, Near: g.Rules.Near, Apart: g.Rules.Apart,
			Avoids: g.Rules.Avoids, AtMost: g.Rules.AtMost,
			Pinned: g.Rules.Pinned, Ignored: g.Rules.Ignored,
			DirtyRate: Bytes(g.DirtyRate), WorkingSet: Bytes(g.WorkingSet), MIPS: g.MIPS,
		}
		if table != "" {
			e.Load = followEntry{"trace", table, g.Name}
		}
		if g.Priority != 0 {
			e.Priority = []int{g.Priority}
		}
		d.Guests = append(d.Guests, e)
	}
	encoder := yaml.NewEncoder(w)
	encoder.SetIndent(2)
	if err := encoder.Encode(d); err != nil {
		return fmt.Errorf("scenario: writing: %w", err)
	}
	return encoder.Close()
}

// The entries have the keys of Scenario; zero values are omitted, for readability.
type document struct {
	Policies []string     `yaml:"policies,flow,omitempty"`
	Hosts    []hostEntry  `yaml:"hosts"`
	Guests   []guestEntry `yaml:"guests,omitempty"`
}

type hostEntry struct {
	Name   string           `yaml:"name"`
	Cores  float64          `yaml:"cores"`
	Memory Bytes            `yaml:"memory"`
	Disk   Bytes            `yaml:"disk,omitempty"`
	Kinds  []hostagent.Kind `yaml:"kinds,flow,omitempty"`
	Offers []string         `yaml:"offers,flow,omitempty"`
	Labels []string         `yaml:"labels,flow,omitempty"`
	Group  string           `yaml:"group,omitempty"`
	Refuse []string         `yaml:"refuse,flow,omitempty"`
	Power  []float64        `yaml:"power,flow,omitempty"`
	Link   Bytes            `yaml:"link,omitempty"`
}

type guestEntry struct {
	Name       string         `yaml:"name"`
	Host       string         `yaml:"host"`
	Kind       hostagent.Kind `yaml:"kind,omitempty"`
	Needs      []string       `yaml:"needs,flow,omitempty"`
	Disk       Bytes          `yaml:"disk,omitempty"`
	Sizes      []sizeEntry    `yaml:"sizes,flow"`
	Load       any            `yaml:"load,flow"` // a loadEntry or a followEntry
	Starts     time.Duration  `yaml:"starts,omitempty"`
	Ends       time.Duration  `yaml:"ends,omitempty"`
	Priority   []int          `yaml:"priority,flow,omitempty"`
	Labels     []string       `yaml:"labels,flow,omitempty"`
	Requires   []string       `yaml:"requires,flow,omitempty"`
	Near       []string       `yaml:"near,flow,omitempty"`
	Apart      []string       `yaml:"apart,flow,omitempty"`
	Avoids     []string       `yaml:"avoids,flow,omitempty"`
	AtMost     []string       `yaml:"at_most,flow,omitempty"`
	Pinned     bool           `yaml:"pinned,omitempty"`
	Ignored    bool           `yaml:"ignored,omitempty"`
	DirtyRate  Bytes          `yaml:"dirty_rate,omitempty"`
	WorkingSet Bytes          `yaml:"working_set,omitempty"`
	MIPS       float64        `yaml:"mips,omitempty"`
}

type sizeEntry struct {
	Cores  float64 `yaml:"cores"`
	Memory Bytes   `yaml:"memory"`
}

type followEntry struct {
	Kind   string `yaml:"kind"`
	File   string `yaml:"file"`
	Series string `yaml:"series"`
}

type loadEntry struct {
	Kind  string  `yaml:"kind"`
	Share float64 `yaml:"share"`
}
