package site

import (
	"slices"
	"strings"
	"time"

	"parley/hostagent/audit"
	"parley/internal/spell"
)

// Report is what the hosts of a site have answered, as JSON.
type Report struct {
	At    time.Time `json:"at"`    // when the answers were complete
	From  string    `json:"from"`  // the host that asked the others
	Hosts []Host    `json:"hosts"` // by name
}

// Host is one host of a site, and what it says of itself.
type Host struct {
	Host   string `json:"host"`
	PeerID string `json:"peer_id"`
	// Silent is why the host did not answer, and of its State nothing is known then; "": it
	// has answered.
	Silent string `json:"silent,omitempty"`
	State
}

// State is what a host says of itself. Shares are of the capacity, 0 to 1, or above 1 when
// overloaded.
type State struct {
	Version  string    `json:"version,omitempty"` // of its agent
	Since    time.Time `json:"since,omitzero"`
	Mode     string    `json:"mode,omitempty"`
	Paused   bool      `json:"paused,omitempty"`
	Drained  bool      `json:"drained,omitempty"`
	Labels   []string  `json:"labels,omitempty"`
	Platform string    `json:"platform,omitempty"`
	Load     Load      `json:"load,omitzero"`
	Past     *Past     `json:"past,omitempty"` // of the load
	Guests   []Guest   `json:"guests,omitempty"`
	// GuestsOmitted is how many further guests did not fit into the answer.
	GuestsOmitted int       `json:"guests_omitted,omitempty"`
	Deals         []Deal    `json:"deals,omitempty"` // in flight
	Ended         []Deal    `json:"ended,omitempty"` // the last ones that have ended, oldest first
	Plan          []Deal    `json:"plan,omitempty"`  // moves that policies recommend for its guests, in that order
	Drain         *Drain    `json:"drain,omitempty"` // of this host, or the last one whose guests are away
	Releases      []Release `json:"releases,omitempty"`
	Policies      []Policy  `json:"policies,omitempty"`
	Models        []Model   `json:"models,omitempty"` // that it enacts
	Problems      []Problem `json:"problems,omitempty"`
	// Talk says with which hosts its models exchange messages, the loudest of them, and
	// TalkOmitted with how many others.
	Talk        []Talk `json:"talk,omitempty"`
	TalkOmitted int    `json:"talk_omitted,omitempty"`
}

// Load is the load of a host.
type Load struct {
	Known          bool    `json:"known"`
	CPU            float64 `json:"cpu"`    // share
	Memory         float64 `json:"memory"` // share
	CapacityCPU    float64 `json:"capacity_cpu_cores"`
	CapacityMemory int64   `json:"capacity_memory_bytes"`
	ReservedCPU    float64 `json:"reserved_cpu_cores,omitempty"`
	ReservedMemory int64   `json:"reserved_memory_bytes,omitempty"`
}

// Highest is the share of the fuller resource.
func (l Load) Highest() float64 { return max(l.CPU, l.Memory) }

// Guest is one guest that the platform of a host shows.
type Guest struct {
	ID         string  `json:"id"`
	Name       string  `json:"name"`
	Kind       string  `json:"kind"`
	State      string  `json:"state"`
	CPU        float64 `json:"cpu_cores"`
	Memory     int64   `json:"memory_bytes"`
	Processors float64 `json:"processors"`
	Pin        bool    `json:"pin,omitempty"`
	Priority   int     `json:"priority,omitempty"`
	// Labels are its own and those of the host's configuration, which rules of others name.
	Labels []string `json:"labels,omitempty"`
	// Stays is why no policy may move it now.
	Stays string `json:"stays,omitempty"`
}

// Deal is one deal as one of its ends sees it.
type Deal struct {
	Deal     string        `json:"deal"`
	Guest    string        `json:"guest"`
	Name     string        `json:"name"`
	Kind     string        `json:"kind,omitempty"`
	Source   string        `json:"source"` // the name of the host, as the host that asked knows it
	Target   string        `json:"target"`
	Side     string        `json:"side"`
	State    string        `json:"state"`
	Stage    string        `json:"stage,omitempty"`
	Reason   string        `json:"reason,omitempty"`
	Code     string        `json:"code,omitempty"`
	Operator bool          `json:"operator,omitempty"`
	Drain    bool          `json:"drain,omitempty"`
	At       time.Time     `json:"at"`
	Total    time.Duration `json:"total_ns,omitempty"`
	Downtime time.Duration `json:"downtime_ns,omitempty"`
	// Of a migration in flight, at its source.
	Transferred int64 `json:"transferred_bytes,omitempty"`
	Remaining   int64 `json:"remaining_bytes,omitempty"`
	// What was expected of the move, and what came of it.
	audit.Prospect
	// NeedCPU and NeedMemory are what was reserved for the guest.
	NeedCPU    float64 `json:"need_cpu_cores,omitempty"`
	NeedMemory int64   `json:"need_memory_bytes,omitempty"`
	Begin      Begin   `json:"begin,omitzero"`
	// Load is this host's load, a share, when the state was reached.
	Load float64 `json:"load,omitempty"`
}

// Begin is what a host noted when it first knew of a deal; the zero value: it is not known.
type Begin struct {
	At   time.Time `json:"at"`
	Load float64   `json:"load"` // of the host, a share
	// AskedBy is the host whose message came first; "": none was needed.
	AskedBy string `json:"asked_by,omitempty"`
}

// Release is the release of a publisher that is in force on a host.
type Release struct {
	Publisher string `json:"publisher"`
	Version   uint64 `json:"version"` // 0: none yet
	// Announced is a later release that the host knows of and does not have; 0: none.
	Announced uint64 `json:"announced,omitempty"`
}

// Policy is a policy of a publisher on a host.
type Policy struct {
	Publisher string `json:"publisher"`
	Name      string `json:"name"`
	State     string `json:"state"`
	Digest    string `json:"digest"` // of the wanted version
	Detail    string `json:"detail,omitempty"`
	// Stage is the one of the trial, from 1, and Until the end of the trial or of the wait.
	Stage int       `json:"stage,omitempty"`
	Until time.Time `json:"until,omitzero"`
}

// Model is a model that a host enacts, with the roles that it plays.
type Model struct {
	Name   string   `json:"name"`
	Digest string   `json:"digest"`
	Roles  []string `json:"roles,omitempty"`
	Wait   *Wait    `json:"wait,omitempty"` // at which it waits; nil: it is not known
}

// Count is how many guests a host has. One that is on its way to it counts at its source.
func (s State) Count() int {
	n := s.GuestsOmitted
	for _, g := range s.Guests {
		if g.State != stateIncoming {
			n++
		}
	}
	return n
}

// stateIncoming is the state of a guest that migrates, at its target.
const stateIncoming = "incoming"

// Totals are sums over a site.
type Totals struct {
	Hosts, Silent, Guests, InFlight, Problems int
	CPU, Memory                               float64 // shares of the capacity of the hosts whose load is known
}

// Totals adds up what the hosts have answered. A deal counts once, although both of its
// ends may show it.
func (r Report) Totals() (t Totals) {
	var usedCPU, capacityCPU, usedMemory, capacityMemory float64
	for _, h := range r.Hosts {
		t.Hosts++
		if h.Silent != "" {
			t.Silent++
			continue
		}
		t.Guests += h.Count()
		t.Problems += len(h.Problems)
		if h.Load.Known {
			usedCPU += h.Load.CPU * h.Load.CapacityCPU
			capacityCPU += h.Load.CapacityCPU
			usedMemory += h.Load.Memory * float64(h.Load.CapacityMemory)
			capacityMemory += float64(h.Load.CapacityMemory)
		}
	}
	t.InFlight = len(r.InFlight())
	if capacityCPU > 0 && capacityMemory > 0 {
		t.CPU, t.Memory = usedCPU/capacityCPU, usedMemory/capacityMemory
	}
	return t
}

// Leaving is the first deal in flight that takes a guest away from the host.
func (s State) Leaving() (d Deal, leaves bool) {
	i := slices.IndexFunc(s.Deals, func(d Deal) bool { return d.Side == sideSource })
	if i < 0 {
		return Deal{}, false
	}
	return s.Deals[i], true
}

// InFlight lists the deals in flight, each as its source sees it, or where that is silent
// its target.
func (r Report) InFlight() (list []Deal) {
	at := map[string]int{}
	for _, h := range r.Hosts {
		for _, d := range h.Deals {
			i, seen := at[d.Deal]
			switch {
			case !seen:
				at[d.Deal] = len(list)
				list = append(list, d)
			case d.Side == sideSource:
				list[i] = d
			}
		}
	}
	return list
}

// sideSource is how a deal says that its source shows it.
const sideSource = "source"

// Silent names the hosts that did not answer.
func (r Report) Silent() (list []Host) {
	for _, h := range r.Hosts {
		if h.Silent != "" {
			list = append(list, h)
		}
	}
	return list
}

// Find returns a host by its name or peer id.
func (r Report) Find(name string) (Host, bool) {
	for _, h := range r.Hosts {
		if h.Host == name || h.PeerID == name {
			return h, true
		}
	}
	return Host{}, false
}

// Place is where a guest is.
type Place struct {
	Host  string `json:"host"`
	Guest Guest  `json:"guest"`
	Deal  *Deal  `json:"deal,omitempty"` // in flight, that is about the guest
}

// Where returns the places of the guests with a name or an id. A guest that migrates has
// two.
func (r Report) Where(name string) (list []Place) {
	for _, h := range r.Hosts {
		for _, g := range h.Guests {
			if g.Name != name && g.ID != name {
				continue
			}
			one := Place{Host: h.Host, Guest: g}
			for _, d := range h.Deals {
				if d.Guest == g.ID {
					one.Deal = &d
				}
			}
			list = append(list, one)
		}
	}
	return list
}

// Similar returns the name of a guest that is like a text; "" for none.
func (r Report) Similar(text string) string {
	var names []string
	for _, h := range r.Hosts {
		for _, g := range h.Guests {
			names = append(names, g.Name)
		}
	}
	return spell.Nearest(text, names)
}

// Labelled says whether a guest has a label, and otherwise which label of a guest is like it;
// "" for none.
func (r Report) Labelled(label string) (is bool, similar string) {
	var labels []string
	for _, h := range r.Hosts {
		for _, g := range h.Guests {
			labels = append(labels, g.Labels...)
		}
	}
	return slices.Contains(labels, label), spell.Nearest(label, labels)
}

// Rename replaces the peer ids of hosts in the deals by their names.
func (s *State) Rename(name func(id string) string) {
	for _, deals := range [][]Deal{s.Deals, s.Ended, s.Plan} {
		for i := range deals {
			deals[i].Rename(name)
		}
	}
	for i := range s.Talk {
		s.Talk[i].With = name(s.Talk[i].With)
	}
}

// Rename replaces the peer ids of hosts by their names.
func (d *Deal) Rename(name func(id string) string) {
	d.Source, d.Target = name(d.Source), name(d.Target)
	if d.Begin.AskedBy != "" {
		d.Begin.AskedBy = name(d.Begin.AskedBy)
	}
}

// brief is the beginning of a deal's id, as people write it.
func brief(deal string) string { return deal[:min(len(deal), 8)] }

func hasPrefixFold(text, prefix string) bool {
	return len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix)
}
