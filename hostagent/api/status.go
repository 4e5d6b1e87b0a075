package api

import (
	"time"

	"parley/hostagent/audit"
)

// Status is the status of a host's agent, as JSON on its socket. Shares are of the
// capacity, 0 to 1, or above 1 when overloaded.
type Status struct {
	Host      string    `json:"host"`
	PeerID    string    `json:"peer_id"`
	Addresses []string  `json:"addresses"`
	Since     time.Time `json:"since"`
	Mode      string    `json:"mode"`
	Paused    bool      `json:"paused"`
	Drained   bool      `json:"drained"`
	// Drain is the drain of this host, or the last one whose guests are away.
	Drain  DrainStatus `json:"drain,omitzero"`
	Labels []string    `json:"labels"`
	Idle   Refusal     `json:"idle,omitzero"` // why no deal begins now
	// Twin says that another agent runs with the key of this host; "": no sign of one.
	Twin string `json:"twin,omitempty"`
	// SafeStart says what of the publishers is left out because the agent ended with an
	// error twice; "": nothing.
	SafeStart string `json:"safe_start,omitempty"`
	// Rejected is the configuration read last, if it is not in force.
	Rejected RejectedConfig `json:"configuration_rejected,omitzero"`
	// RosterFaults lists what is ignored here of the rosters in force.
	RosterFaults []string       `json:"roster_faults,omitempty"`
	Platform     PlatformStatus `json:"platform"`
	Policy       PolicyStatus   `json:"policy"`
	Load         LoadStatus     `json:"load"`
	Power        []float64      `json:"power_watts,omitempty"` // at equal steps of CPU load, as configured
	Guests       []GuestStatus  `json:"guests"`
	Peers        []PeerStatus   `json:"peers"`
	Deals        []DealStatus   `json:"deals"`   // in flight
	History      []DealStatus   `json:"history"` // ended, oldest first
	Audit        AuditStatus    `json:"audit,omitzero"`
	// BackOff lists targets to which nothing is moved for a time, and Duels guests that
	// policies leave alone for a time.
	BackOff []BackOffStatus `json:"back_off,omitempty"`
	Duels   []DuelStatus    `json:"duels,omitempty"`
}

// DrainStatus is the state of a drain.
type DrainStatus struct {
	Force bool      `json:"force,omitempty"`
	Until time.Time `json:"until,omitzero"` // when it ends although guests are left
	Ended Refusal   `json:"ended,omitzero"` // why it has ended before the host was empty
	Waits Refusal   `json:"waits,omitzero"` // why it moves nothing now
	// Home says that the guests that are away come home now.
	Home bool         `json:"home,omitempty"`
	Away []AwayStatus `json:"away,omitempty"`
}

// AwayStatus is a guest that a drain of this host has moved away.
type AwayStatus struct {
	ID    string  `json:"id"`
	Name  string  `json:"name"`
	Host  string  `json:"host"`            // that took it
	Why   Refusal `json:"why,omitzero"`    // why it has not come home
	Stays bool    `json:"stays,omitempty"` // it is asked for no more
}

// AuditStatus says what is wrong with the audit; zero if nothing is.
type AuditStatus struct {
	Dropped uint64   `json:"dropped,omitempty"` // entries lost since the start
	Faults  []string `json:"faults,omitempty"`  // faults found at the start
}

// RejectedConfig is a configuration that an agent read and did not put in force.
type RejectedConfig struct {
	Why string    `json:"why"`
	At  time.Time `json:"at"` // when it was read
}

// PlatformStatus says what runs the guests and whether it can be seen.
type PlatformStatus struct {
	Kind     string `json:"kind"`
	Endpoint string `json:"endpoint,omitempty"` // where other hosts' platforms reach this one
	Error    string `json:"error,omitempty"`    // why the last look failed
	// Kinds are the kinds of guests that can come, if they are not virtual machines alone,
	// Offers what guests may need here, and Unseen says of each kind of guests that cannot
	// be looked at now why not.
	Kinds  []string          `json:"kinds,omitempty"`
	Offers []string          `json:"offers,omitempty"`
	Unseen map[string]string `json:"unseen,omitempty"`
	// Ended are the processes that have ended here, for a day.
	Ended []Process `json:"ended,omitempty"`
}

// PolicyStatus lists the enacted models. With an Error there are none.
type PolicyStatus struct {
	File   string        `json:"file,omitempty"`
	Models []ModelStatus `json:"models"`
	Error  string        `json:"error,omitempty"`
	// Quarantined says that a policy is not enacted, because the agent died while it
	// enacted it.
	Quarantined bool `json:"quarantined,omitempty"`
}

// ModelStatus is one enacted model and the roles that this host plays.
type ModelStatus struct {
	Name   string   `json:"name"`
	Digest string   `json:"digest"`
	Roles  []string `json:"roles"`
}

// LoadStatus is the load that is measured. Models of a host that only recommends see it as if
// the recommended moves were made.
type LoadStatus struct {
	Known          bool        `json:"known"`
	CPU            float64     `json:"cpu"`    // share
	Memory         float64     `json:"memory"` // share
	CapacityCPU    float64     `json:"capacity_cpu_cores"`
	CapacityMemory int64       `json:"capacity_memory_bytes"`
	MachineMemory  int64       `json:"machine_memory_bytes,omitempty"` // kept for the machine beside the capacity, if no capacity is declared
	UsedCPU        float64     `json:"used_cpu_cores"`
	UsedMemory     int64       `json:"used_memory_bytes"`
	ReservedCPU    float64     `json:"reserved_cpu_cores"`
	ReservedMemory int64       `json:"reserved_memory_bytes"`
	Spare          SpareStatus `json:"spare,omitzero"` // of room that is kept for hosts that fail
	// Disk is that of the guests' own volumes.
	CapacityDisk int64 `json:"capacity_disk_bytes,omitempty"`
	UsedDisk     int64 `json:"used_disk_bytes,omitempty"`
	ReservedDisk int64 `json:"reserved_disk_bytes,omitempty"`
}

// SpareStatus says whether the guests of this host have places elsewhere if it fails, with as many
// others as room is kept for (the key survive).
type SpareStatus struct {
	Survive int `json:"survive"`
	Hosts   int `json:"hosts"` // that this host knows of, itself among them
	// Guests have no place, and this is what they need; Text names them.
	Guests        int     `json:"guests"`
	MissingCPU    float64 `json:"missing_cpu_cores"`
	MissingMemory int64   `json:"missing_memory_bytes"`
	Text          string  `json:"text,omitempty"`
}

// GuestStatus is one guest that the platform shows here.
type GuestStatus struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Kind       string     `json:"kind"` // vm, container or process
	State      string     `json:"state"`
	CPU        float64    `json:"cpu_cores"`
	Memory     int64      `json:"memory_bytes"`
	Processors float64    `json:"processors"` // number of processors; CPU is the forecast use
	Ineligible string     `json:"ineligible,omitempty"`
	Fault      string     `json:"fault,omitempty"` // what changed in it with its arrival here
	Rules      GuestRules `json:"rules"`
	Unmoved    Refusal    `json:"unmoved,omitzero"` // why no policy may move it now
	// Recommended says that a move of it was recommended a short time ago and not carried
	// out (`parley plan`).
	Recommended bool    `json:"recommended,omitempty"`
	Blocked     Refusal `json:"blocked,omitzero"`  // why the drain of this host could not move it
	Foreseen    Refusal `json:"foreseen,omitzero"` // why the drain's survey expects no room for it
	DirtyRate   int64   `json:"dirty_bytes_per_second,omitempty"`
	// Needs is what a target must offer, Disk what its own volumes take.
	Needs []string `json:"needs,omitempty"`
	Disk  int64    `json:"disk_bytes,omitempty"`
}

// GuestRules are the rules of a guest: its own and those of the configuration.
type GuestRules struct {
	Pin      bool     `json:"pin,omitempty"`
	Ignore   bool     `json:"ignore,omitempty"`
	Priority int      `json:"priority,omitempty"`
	Labels   []string `json:"labels,omitempty"`
	Requires []string `json:"requires,omitempty"`
	Near     []string `json:"near,omitempty"`
	Apart    []string `json:"apart,omitempty"`
	Avoids   []string `json:"avoids,omitempty"`
	AtMost   []string `json:"at_most,omitempty"`
}

// Faults of a peer's incarnations.
const (
	Doubled = "doubled" // two agents run with its key
	Older   = "older"   // a lower incarnation than the current one is heard of
)

// PeerStatus is one listed peer.
type PeerStatus struct {
	ID        string   `json:"id"`
	Name      string   `json:"name,omitempty"`
	Addresses []string `json:"addresses,omitempty"`
	Publisher string   `json:"publisher,omitempty"` // whose roster lists it
	Connected bool     `json:"connected"`
	Suspected bool     `json:"suspected"`
	// Incarnations is Doubled, Older, or "" if one incarnation is heard of.
	Incarnations string   `json:"incarnations,omitempty"`
	Roles        []string `json:"roles,omitempty"`
}

// DealStatus is one deal as seen by this end.
type DealStatus struct {
	Deal     string        `json:"deal"`
	Guest    string        `json:"guest"`
	Name     string        `json:"name"`
	Kind     string        `json:"kind,omitempty"` // the guest's
	Source   string        `json:"source"`
	Target   string        `json:"target"`
	Side     string        `json:"side"`
	State    string        `json:"state"`
	Reason   string        `json:"reason,omitempty"`
	Code     string        `json:"code,omitempty"`     // of the reason, stable
	Operator bool          `json:"operator,omitempty"` // begun by an operator
	Drain    bool          `json:"drain,omitempty"`    // begun by the drain of the source
	At       time.Time     `json:"at"`
	Total    time.Duration `json:"total_ns,omitempty"`
	Downtime time.Duration `json:"downtime_ns,omitempty"`
	Bytes    int64         `json:"bytes,omitempty"`
	// Of a migration in flight, at its source.
	Transferred int64 `json:"transferred_bytes,omitempty"`
	Remaining   int64 `json:"remaining_bytes,omitempty"`
	// Stage is the stage of a move in flight, Stages what those of an ended one took.
	Stage  string        `json:"stage,omitempty"`
	Stages []audit.Stage `json:"stages,omitempty"`
	// NeedCPU and NeedMemory are the guest's need as reserved.
	NeedCPU    float64 `json:"need_cpu_cores,omitempty"`
	NeedMemory int64   `json:"need_memory_bytes,omitempty"`
	// What is expected of the move, and what came of it.
	audit.Prospect
	// Load is this host's load when the state was reached.
	Load float64 `json:"load,omitempty"`
}

// BackOffStatus is a target to which this host moves nothing for a time, because
// migrations to it failed.
type BackOffStatus struct {
	Target string    `json:"target"` // peer id
	Name   string    `json:"name"`
	Whole  bool      `json:"whole,omitempty"` // all guests are affected; otherwise only the named ones
	Guests []string  `json:"guests"`          // names of the guests whose migrations failed
	Times  int       `json:"times"`           // in a row
	Since  time.Time `json:"since"`
	Until  time.Time `json:"until"`
	Why    string    `json:"why"` // the latest reason
}

// DuelStatus is a guest that policies of this host leave alone for a time, because
// someone else, or another policy, moves it back.
type DuelStatus struct {
	Guest string `json:"guest"`
	Name  string `json:"name"`
	Times int    `json:"times"` // how often it was moved back
	// By is the name of the host whose policy moved it back the last time; none: a person
	// or another balancer did.
	By    string    `json:"by,omitempty"`
	Last  time.Time `json:"last"`
	Until time.Time `json:"until"`
}
