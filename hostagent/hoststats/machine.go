// Package hoststats measures the machine that an agent runs on: what it uses, and
// what its tasks wait for. It reads the kernel's counters and waits for nothing.
package hoststats

import (
	"context"
	"fmt"

	"github.com/shirou/gopsutil/v3/cpu"
	"github.com/shirou/gopsutil/v3/mem"

	"parley/hostagent"
)

// Machine measures what the whole machine uses. Its zero value is ready. CPU use
// is the difference of two readings of the kernel's counters, so the first
// measurement knows only memory and is not Known.
type Machine struct {
	cores        float64
	busy, total  float64 // seconds over all cores, at the last reading
	hasReference bool
}

// Measure reads the counters once.
func (m *Machine) Measure(ctx context.Context) (hostagent.MachineLoad, error) {
	times, err := cpu.TimesWithContext(ctx, false)
	if err != nil {
		return hostagent.MachineLoad{}, fmt.Errorf("CPU times of the machine: %w", err)
	}
	if len(times) == 0 {
		return hostagent.MachineLoad{}, fmt.Errorf("CPU times of the machine: the kernel shows none")
	}
	memory, err := mem.VirtualMemoryWithContext(ctx)
	if err != nil {
		return hostagent.MachineLoad{}, fmt.Errorf("memory of the machine: %w", err)
	}
	if m.cores == 0 {
		count, err := cpu.CountsWithContext(ctx, true)
		if err != nil {
			return hostagent.MachineLoad{}, fmt.Errorf("CPU count of the machine: %w", err)
		}
		m.cores = float64(count)
	}
	t := times[0]
	// Stolen time is time that a guest wanted and did not get, so it counts
	// as use. Guest time is part of user time already.
	busy := t.User + t.Nice + t.System + t.Irq + t.Softirq + t.Steal
	total := busy + t.Idle + t.Iowait
	load := hostagent.MachineLoad{
		Total: hostagent.Resources{CPU: m.cores, MemoryBytes: int64(memory.Total)},
		// What the kernel can give back at once (page cache, and with it
		// most of what a file system caches) is not use.
		Used: hostagent.Resources{MemoryBytes: int64(memory.Total-memory.Available) - zfsCache(arcstats)},
	}
	load.Used.MemoryBytes = max(0, load.Used.MemoryBytes)
	if m.hasReference && total > m.total {
		load.Known = true
		load.Used.CPU = m.cores * (busy - m.busy) / (total - m.total)
	}
	m.busy, m.total, m.hasReference = busy, total, true
	return load, nil
}
