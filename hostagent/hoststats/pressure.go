package hoststats

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/procfs"
	"github.com/shirou/gopsutil/v3/cpu"
	"github.com/shirou/gopsutil/v3/disk"
	"github.com/shirou/gopsutil/v3/net"

	"parley/hostagent"
)

// Pressure measures what the tasks of the machine wait for. Its zero value is
// ready. What is a difference of
// two readings is 0 at the first one.
type Pressure struct {
	proc, sys string // roots of the kernel's files; "": the usual
	at        time.Time
	steal     float64 // seconds
	total     float64
	sent      map[string]uint64 // bytes, of each interface
	busy      map[string]uint64 // milliseconds, of each disk
}

// Measure reads the counters once. A kernel without
// pressure stall information leaves that out.
func (w *Pressure) Measure(ctx context.Context) (p hostagent.Pressure, err error) {
	now := time.Now()
	since := now.Sub(w.at)
	first := w.at.IsZero() || since <= 0
	w.at = now
	p.CPU, p.Memory, p.IO = w.stalled("cpu"), w.stalled("memory"), w.stalled("io")
	if p.Steal, err = w.stolen(ctx); err != nil {
		return p, err
	}
	if p.Network, err = w.network(ctx, since); err != nil {
		return p, err
	}
	if p.Disk, err = w.disk(ctx, since); err != nil {
		return p, err
	}
	if first {
		p.Steal, p.Network, p.Disk = 0, 0, 0
	}
	p.Known = true
	return p, nil
}

func (w *Pressure) stalled(resource string) float64 {
	root := w.proc
	if root == "" {
		root = procfs.DefaultMountPoint
	}
	fs, err := procfs.NewFS(root)
	if err != nil {
		return 0
	}
	stats, err := fs.PSIStatsForResource(resource)
	if err != nil || stats.Some == nil {
		return 0
	}
	return stats.Some.Avg10 / 100
}

func (w *Pressure) stolen(ctx context.Context) (float64, error) {
	times, err := cpu.TimesWithContext(ctx, false)
	if err != nil || len(times) == 0 {
		return 0, fmt.Errorf("CPU times of the machine: %w", err)
	}
	t := times[0]
	total := t.User + t.Nice + t.System + t.Irq + t.Softirq + t.Steal + t.Idle + t.Iowait
	steal, all := t.Steal-w.steal, total-w.total
	w.steal, w.total = t.Steal, total
	if all <= 0 {
		return 0, nil
	}
	return clamp(steal / all), nil
}

// network is the use of the fullest interface whose speed is known, each
// direction for itself. Virtual ones have none.
func (w *Pressure) network(ctx context.Context, since time.Duration) (most float64, err error) {
	counters, err := net.IOCountersWithContext(ctx, true)
	if err != nil {
		return 0, fmt.Errorf("counters of the network: %w", err)
	}
	now := map[string]uint64{}
	for _, c := range counters {
		speed := w.speed(c.Name)
		if speed <= 0 {
			continue
		}
		for direction, bytes := range map[string]uint64{"in": c.BytesRecv, "out": c.BytesSent} {
			key := c.Name + " " + direction
			now[key] = bytes
			if before, ok := w.sent[key]; ok && bytes >= before && since > 0 {
				most = max(most, float64(bytes-before)/since.Seconds()/speed)
			}
		}
	}
	w.sent = now
	return clamp(most), nil
}

// speed is what an interface carries, in bytes per second; 0 when it is not
// known.
func (w *Pressure) speed(name string) float64 {
	root := w.sys
	if root == "" {
		root = "/sys"
	}
	text, err := os.ReadFile(filepath.Join(root, "class/net", name, "speed"))
	if err != nil {
		return 0
	}
	megabits, err := strconv.ParseFloat(strings.TrimSpace(string(text)), 64)
	if err != nil || megabits <= 0 {
		return 0
	}
	return megabits * 1e6 / 8
}

// disk is the share of the time in which the busiest disk was at work.
func (w *Pressure) disk(ctx context.Context, since time.Duration) (most float64, err error) {
	counters, err := disk.IOCountersWithContext(ctx)
	if err != nil {
		return 0, fmt.Errorf("counters of the disks: %w", err)
	}
	now := map[string]uint64{}
	for name, c := range counters {
		now[name] = c.IoTime
		if before, ok := w.busy[name]; ok && c.IoTime >= before && since > 0 {
			most = max(most, float64(c.IoTime-before)/float64(since.Milliseconds()+1))
		}
	}
	w.busy = now
	return clamp(most), nil
}

func clamp(share float64) float64 { return min(1, max(0, share)) }
