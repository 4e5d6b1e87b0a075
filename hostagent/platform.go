package hostagent

import (
	"context"
	"errors"
	"time"
)

// HostID names a host. It is the string form of its peer id, so that models and deals
// use the same name for a host.
type HostID string

// GuestID names a guest, the same on every host: the UUID of a libvirt domain.
type GuestID string

// Kind is what a guest is. A host has at most one platform for each kind.
type Kind string

// The kinds of guests.
const (
	VM        Kind = "vm"
	Container Kind = "container"
	Process   Kind = "process" // one that takes part in its own moves
)

// DealID names a deal. The target creates it with the offer; for an operator's move the
// source does.
type DealID string

// Resources is what guests need and hosts have.
type Resources struct {
	CPU         float64 // cores
	MemoryBytes int64
	// DiskBytes is what a guest's own volumes may take, which are copied with it; of a
	// host, what such volumes may take there in all. Shared storage does not count.
	DiskBytes int64
}

// ErrNotLetIn is wrapped in the error of Platform.Migrate if the target's side refused
// the guest before any of it was sent.
var ErrNotLetIn = errors.New("refused on arrival")

// Platform is what runs guests: libvirt, or an in-memory one. Its methods are safe for
// concurrent use; each respects the deadline of its context. A caller abandons a call
// that does not return in time, and looks again later where the guest is.
type Platform interface {
	// Name is "libvirt" or "memory", for display.
	Name() string
	// Observe returns what the platform shows now. It is the source of truth: where a
	// journal differs, the platform is right.
	Observe(ctx context.Context) (Observation, error)
	// Migrate moves a running guest live to another host and returns when the platform
	// reports the end. A non-nil error does not say where the guest is: Observe does.
	// progress may be nil; it is called from a goroutine of the platform, never after
	// Migrate has returned.
	Migrate(ctx context.Context, m Migration, progress func(Progress)) (Migrated, error)
	// Abort stops the migration of a guest away from this host. The guest may have
	// moved anyway.
	Abort(ctx context.Context, guest GuestID) error
	// SetRules writes a guest's rules into the guest, so that they travel with
	// it; the next Observation shows them.
	SetRules(ctx context.Context, guest GuestID, rules Rules) error
	// Changes returns a channel that gets a value whenever the platform notices that an
	// Observation would differ (a guest came or left, or the connection was lost or
	// restored). It has a buffer of one: a slow reader sees one value. Close closes it.
	Changes() <-chan struct{}
	Close() error
}

// Observation is one look at a platform.
type Observation struct {
	// Capacity is what guests may use here, as declared or as detected.
	Capacity Resources
	// ReserveBytes is the memory that the machine keeps for itself if Capacity was
	// computed without it; 0 if Capacity was declared.
	ReserveBytes int64
	// Endpoints says for each kind of guest that can come where other hosts' platforms
	// reach this one; it is passed to Migration.Endpoint unchanged. For libvirt it is a
	// connection URI. A Carrier needs no address: any text that is not empty.
	Endpoints map[Kind]string
	Guests    []Guest // by ID
	// Networks are the networks that guests can be connected to here, sorted, named as
	// in Guest.Networks; empty if unknown.
	Networks []string
	// Offers is what guests may need here, sorted, in the words of Guest.Needs.
	Offers []string
	// Unseen says for each kind of guest that could not be looked at now why not. Guests
	// of that kind are missing from Guests, and nothing says that they are gone.
	Unseen map[Kind]string
}

// Guest is what a platform shows of one guest.
type Guest struct {
	ID    GuestID
	Kind  Kind // "" is VM
	Name  string
	State GuestState
	// Declared is the maximum that the guest may use: its vCPUs, and its memory plus
	// what the platform needs to run it.
	Declared Resources
	// MemoryMaxBytes is what the guest's memory can grow to by hot-plug. Hosts are not
	// asked before it grows, so a target reserves room for it. 0: the guest cannot grow
	// beyond Declared.
	MemoryMaxBytes int64
	// CPUTime is the guest's CPU time so far on this host; its CPU use is the
	// difference between two looks.
	CPUTime time.Duration
	// MemoryBytes is how much of the host's memory the guest uses now.
	MemoryBytes int64
	// Ineligible says in words why the guest cannot be migrated; "" if it can, as far
	// as the platform knows.
	Ineligible string
	// Fault says in words what changed in the guest with its arrival here, and what to
	// do; "" if nothing did.
	Fault string
	// MovedAt is the wall-clock time of the guest's last move by Parley; zero if never.
	// It travels with the guest.
	MovedAt time.Time
	// Networks are the networks that the guest is connected to, sorted: a target must
	// have all of them.
	Networks []string
	// Files are the local files that the guest needs and that every host must have
	// itself, such as a read-only image: a target must have all of them.
	Files []string
	// Needs is what a target must offer for the guest, sorted: each is one of its
	// Observation.Offers, such as "criu=4.2", "cpu=avx2" or "image=sha256:…".
	Needs []string
	// Rules are the rules that are written into the guest.
	Rules Rules
	// DirtyRate is how fast the guest writes to its memory, in bytes per second, as
	// last measured; valid only with DirtyKnown.
	DirtyRate  int64
	DirtyKnown bool
	// Leaving says that a migration away from here is in flight, whoever began it; the
	// guest is Running or Paused meanwhile.
	Leaving bool
	// Delay is how long the guest's processors have waited for a core so far on this
	// host, summed over the processors.
	Delay time.Duration
	// Instructions is how many the guest has executed so far on this host.
	Instructions Count
}

// Count is what a counter of the machine says. Some machines have no such counter.
type Count struct {
	N     uint64
	Known bool
}

// GuestState is the state of a guest on this host.
type GuestState string

const (
	// Running is a guest that runs here, also while it is migrating away. Only this
	// state counts for the rule that a guest runs on one host (docs/architecture.md).
	Running GuestState = "running"
	// Incoming is a guest whose migration to this host is in flight; it does not run
	// here.
	Incoming GuestState = "incoming"
	// Paused is a guest that is here and does not run.
	Paused GuestState = "paused"
)

// Migration says what to move and how.
type Migration struct {
	Guest       GuestID
	Target      HostID
	Endpoint    string        // the target's Observation.Endpoints for the guest's kind
	Deal        DealID        // for the target's admission check
	Token       string        // of the deal, for the target's admission check
	DowntimeMax time.Duration // 0: the platform's default
	// BandwidthMax in bytes per second; 0: no limit.
	BandwidthMax int64
	// MovedAt is written into the guest so that it travels.
	MovedAt time.Time
	// Force says that an operator wants the guest away: the platform may slow it down
	// if it would not converge otherwise.
	Force bool
}

// Progress is one report on a migration in flight.
type Progress struct {
	// Stage is the stage of the move as the platform names it, such as "copy"; "" if it
	// has none.
	Stage                            string
	TransferredBytes, RemainingBytes int64
	Iteration                        int
	DirtyRate                        int64 // bytes per second
	Elapsed                          time.Duration
	Downtime                         time.Duration // expected if the guest were switched over now
}

// Migrated is the cost of a finished migration, as the platform reports it.
type Migrated struct {
	Total    time.Duration
	Downtime time.Duration
	Bytes    int64
	// Stages are the stages of the move in their order; nil if the platform has none.
	Stages []StageTime
}

// StageTime is what a stage of a move took.
type StageTime struct {
	Stage string
	Took  time.Duration
	Bytes int64 // sent by the source; 0 also if the platform does not count them
}
