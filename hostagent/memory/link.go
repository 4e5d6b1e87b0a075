package memory

import "time"

// Link is the way that guests' memory takes from host to host. A zero field means its
// default.
type Link struct {
	// BandwidthBytes is what one migration transfers per second; default 1.25e9, a link
	// of 10 Gbit/s. Concurrent migrations do not share it.
	BandwidthBytes int64
	// DowntimeMax is how long a guest may be paused at the switchover if a migration
	// does not say; default 300 ms.
	DowntimeMax time.Duration
	// Speedup divides the duration of migrations, but not the one that they report:
	// with 10, a migration of ten seconds takes one. Default 1.
	Speedup float64
}

// OrDefault replaces what is zero or invalid.
func (l Link) OrDefault() Link {
	if l.BandwidthBytes <= 0 {
		l.BandwidthBytes = 1_250_000_000
	}
	if l.DowntimeMax <= 0 {
		l.DowntimeMax = 300 * time.Millisecond
	}
	if !(l.Speedup > 0) {
		l.Speedup = 1
	}
	return l
}

// Real converts a duration that a migration reports to the one that it takes.
func (l Link) Real(d time.Duration) time.Duration { return time.Duration(float64(d) / l.Speedup) }
