package prove

import "runtime/debug"

// Roomy lets much more garbage accumulate than usual: a run throws away all that it allocates,
// and the search keeps little. A quarter of the time was the collector's. It is for programs
// that do nothing else.
func Roomy() {
	debug.SetGCPercent(roomyPercent)
	debug.SetMemoryLimit(roomyMost)
}

const (
	roomyPercent = 1000
	roomyMost    = 2 << 30 // above this the garbage collector runs more often again
)
