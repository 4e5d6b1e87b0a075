package hostagent

import (
	"context"
	"errors"
	"time"
)

// HostID names a host. It is the spelling of its peer id, so that what a model
// calls a partner and what a deal calls a host is one name.
type HostID string

// GuestID names a guest on every host it may run on: the UUID of a libvirt
// domain.
type GuestID string

// DealID names a deal. The target makes it when it offers.
type DealID string

// Resources is a vector of what guests take and hosts have.
type Resources struct {
	CPU         float64 // cores
	MemoryBytes int64
}

// ErrNotLetIn is in the error of Platform.Migrate where the target's side refused
// the guest before anything of it was sent.
var ErrNotLetIn = errors.New("refused on arrival")

// Platform is what runs guests: libvirt, or one in memory. Its methods may be
// called from several goroutines; each keeps to the deadline of its context. A
// call that does not come back in time is given up by its caller, who looks
// again later where the guest is.
type Platform interface {
	// Name is "libvirt" or "memory", for people.
	Name() string
	// Observe returns what the platform shows at this moment. It is what is
	// believed: where a journal says otherwise the platform is right.
	Observe(ctx context.Context) (Observation, error)
	// Migrate moves a running guest live to another host and returns when
	// the platform says it is over. A non-nil error does not say where the
	// guest is: Observe does. Progress may be nil; it is called from a
	// goroutine of the platform's, never after Migrate has returned.
	Migrate(ctx context.Context, m Migration, progress func(Progress)) (Migrated, error)
	// Abort stops the migration of a guest away from this host. The guest
	// may have moved all the same.
	Abort(ctx context.Context, guest GuestID) error
	// SetRules writes a guest's rules into the guest, so that they travel with
	// it; the next Observation shows them.
	SetRules(ctx context.Context, guest GuestID, rules Rules) error
	// Changes returns a channel that gets a value whenever the platform
	// noticed that an Observation would differ (a guest came, went, or the
	// connection was lost or came back). It holds one value: a reader that
	// was slow sees one. It is closed by Close.
	Changes() <-chan struct{}
	Close() error
}

// Observation is one look at a platform.
type Observation struct {
	// Capacity is what guests may use here, as declared or as found.
	Capacity Resources
	// ReserveBytes is the memory that the machine keeps for itself, where
	// Capacity was made by leaving it out; 0 where Capacity was declared.
	ReserveBytes int64
	// Endpoint is where other hosts' platforms reach this one; it is given
	// to Migration.Endpoint unchanged. For libvirt a connection URI.
	Endpoint string
	Guests   []Guest // by ID
	// Networks are what guests can be connected to here, sorted, named as in
	// Guest.Networks; none when that is not known.
	Networks []string
}

// Guest is what a platform shows of one guest.
type Guest struct {
	ID    GuestID
	Name  string
	State GuestState
	// Declared is what the guest may use at most: its vcpus, and its memory with
	// what the platform itself needs to run it.
	Declared Resources
	// MemoryMaxBytes is what its memory can grow to by hot-plug, which no host is
	// asked about: a target holds room for it. 0: to what is declared.
	MemoryMaxBytes int64
	// CPUTime is the guest's CPU time so far on this host; its use is the
	// difference of two looks.
	CPUTime time.Duration
	// MemoryBytes is what the guest takes of the host's memory now.
	MemoryBytes int64
	// Ineligible says in words why the guest cannot be migrated; "" when it
	// can as far as the platform knows.
	Ineligible string
	// Fault says in words what of the guest is not as it was before it came
	// here, and what to do; "" for nothing.
	Fault string
	// MovedAt is when the guest was last moved by Parley, in wall-clock
	// time; zero when never. It travels with the guest.
	MovedAt time.Time
	// Networks are what the guest is connected to, sorted: a target must have
	// each of them.
	Networks []string
	// Files are those that the guest needs and that each host has for itself, such
	// as an image that is only read: a target must have each of them.
	Files []string
	// Rules are those that are written into the guest.
	Rules Rules
	// DirtyRate is how fast the guest writes to its memory, in bytes per
	// second, as last measured; it means something with DirtyKnown only.
	DirtyRate  int64
	DirtyKnown bool
	// Leaving says that a migration away from here is under way, whoever began
	// it; the guest is Running or Paused meanwhile.
	Leaving bool
	// Delay is how long the guest's processors have waited for a core so far
	// on this host, summed over them.
	Delay time.Duration
}

// GuestState is where a guest stands on this host.
type GuestState string

const (
	// Running is a guest that runs here, also while it is being migrated
	// away. For the rule that a guest runs on one host (docs/architecture.md)
	// only this counts.
	Running GuestState = "running"
	// Incoming is a guest whose migration to this host is under way; it
	// does not run here.
	Incoming GuestState = "incoming"
	// Paused is a guest that is here and stands still.
	Paused GuestState = "paused"
)

// Migration says what to move and how.
type Migration struct {
	Guest       GuestID
	Endpoint    string        // the target's Observation.Endpoint
	Deal        DealID        // for the target's arrival check
	Token       string        // of the deal, for the target's arrival check
	DowntimeMax time.Duration // 0: the platform's default
	// BandwidthMax in bytes per second; 0: no limit.
	BandwidthMax int64
	// MovedAt is written into the guest so that it travels.
	MovedAt time.Time
	// Force says that an operator wants the guest away from here: the
	// platform may slow it down where it would not get away otherwise.
	Force bool
}

// Progress is one report of a migration under way.
type Progress struct {
	TransferredBytes, RemainingBytes int64
	Iteration                        int
	DirtyRate                        int64 // bytes per second
	Elapsed                          time.Duration
	Downtime                         time.Duration // as it would be now
}

// Migrated says what a finished migration cost, as the platform reports it.
type Migrated struct {
	Total    time.Duration
	Downtime time.Duration
	Bytes    int64
}
