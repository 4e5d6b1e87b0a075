package process

import (
	"time"

	"parley/hostagent"
)

// used is what the processes of a guest have used.
type used struct {
	cpu          time.Duration
	memory       int64
	instructions hostagent.Count
}
