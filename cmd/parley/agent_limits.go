package main

import (
	"log/slog"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// memoryShare is the share of the memory limit that the heap may use before the garbage
// collector works harder: at MemoryMax the kernel would kill the agent.
const memoryShare = 0.8

// limitMemory sets the runtime's memory limit below that of the cgroup, such as the
// unit's MemoryMax. It sets nothing if there is no limit or GOMEMLIMIT is set.
func limitMemory(log *slog.Logger) {
	limit, err := memlimit.SetGoMemLimitWithOpts(memlimit.WithRatio(memoryShare), memlimit.WithProvider(memlimit.FromCgroup))
	switch {
	case err != nil:
		log.Debug("the agent's memory has no limit of its own", "event", "memory_unlimited", "error", err)
	case limit > 0:
		log.Info("the agent's memory is limited", "event", "memory_limited", "bytes", limit)
	}
}
