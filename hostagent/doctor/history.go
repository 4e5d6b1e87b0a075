package doctor

import (
	"fmt"

	"parley/hostagent/api"
)

// history looks at the audit of the agent that runs: nothing is said where all is
// well, or where no agent answers.
func history(status api.Status) (list []Finding) {
	if n := status.Audit.Dropped; n > 0 {
		list = append(list, Finding{"audit", Warn, fmt.Sprintf("%d entries of the audit were lost since the start", n),
			"make room in state_dir, or put it on a faster disk: `parley history` is incomplete"})
	}
	if n := len(status.Audit.Faults); n > 0 {
		list = append(list, Finding{"audit", Fail, fmt.Sprintf("the audit is inconsistent (%d faults): %s", n, status.Audit.Faults[0]),
			"`parley history --verify` shows all: find out who changed it or put an older copy back (docs/operations.md)"})
	}
	return list
}
