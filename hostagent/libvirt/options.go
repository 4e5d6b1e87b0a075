package libvirt

import (
	"errors"
	"log/slog"
	"time"

	"parley/hostagent"
)

// Options say which libvirt runs the guests, and how other hosts reach it.
type Options struct {
	URI string // of the local daemon, such as qemu:///system
	// Capacity is what guests may use; a zero part is detected from the node.
	Capacity hostagent.Resources
	// Reserve is the memory that the machine keeps for itself if Capacity gives none
	// for guests; nil: hostagent.DefaultReserve.
	Reserve  *int64
	Overhead Overhead // beside each guest's memory
	// Endpoint is this daemon as other hosts' daemons reach it, such as
	// qemu+tls://host2/system. MigrateURI is where the memory of an arriving guest is
	// sent, such as tcp://10.0.0.2; "" leaves it to libvirt, which asks the target for
	// its hostname.
	Endpoint, MigrateURI string
	// Shared are directories, block devices and storage pools that all hosts see under
	// the same name, besides cluster file systems, which are detected. A guest with a
	// disk elsewhere is not moved.
	Shared       []string
	Timeout      time.Duration // of each call except a migration; default 10 s
	DowntimeMax  time.Duration // of a switchover, if a migration sets none; default 300 ms
	BandwidthMax int64         // bytes per second, if a migration sets none; 0: no limit
	StallMax     time.Duration // a migration is aborted after this time without progress; default 1 min
	DirtyEvery   time.Duration // how often each guest's dirty rate is measured; 0: never
	Logger       *slog.Logger  // nil: none
}

// ErrNotBuilt says that this build leaves libvirt out, and what to do.
var ErrNotBuilt = errors.New("this build leaves libvirt out: build with CGO_ENABLED=1 and -tags libvirt_dlopen, as `make build` does, " +
	"or set platform.kind to memory to try things out")
