package main

import (
	"log/slog"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// memoryShare is how much of what the machine or its cgroup leaves the agent its
// heap may use before the garbage collector works harder: at MemoryMax the kernel
// would kill it.
const memoryShare = 0.8

// limitMemory sets the limit of the runtime below that of the cgroup, such as the
// unit's MemoryMax. Where GOMEMLIMIT is set that counts; where there is no limit
// nothing is set.
func limitMemory(log *slog.Logger) {
	limit, err := memlimit.SetGoMemLimitWithOpts(memlimit.WithRatio(memoryShare), memlimit.WithProvider(memlimit.FromCgroup))
	switch {
	case err != nil:
		log.Debug("the agent's memory has no limit of its own", "event", "memory_unlimited", "error", err)
	case limit > 0:
		log.Info("the agent's memory is limited", "event", "memory_limited", "bytes", limit)
	}
}
