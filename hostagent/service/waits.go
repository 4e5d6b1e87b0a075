package service

import (
	"bufio"
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

// arcstats is where ZFS tells of its cache.
const arcstats = "/proc/spl/kstat/zfs/arcstats"

// zfsCache is how much memory the cache of ZFS would give back, in bytes: what it
// has above the least that it keeps. The kernel counts it as used. 0 without ZFS.
func zfsCache(path string) int64 {
	file, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer file.Close()
	var size, least int64
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) != 3 {
			continue
		}
		value, err := strconv.ParseInt(fields[2], 10, 64)
		if err != nil {
			continue
		}
		switch fields[0] {
		case "size":
			size = value
		case "c_min":
			least = value
		}
	}
	return max(0, size-least)
}

// waits measures what the tasks of the machine wait for. What is a difference of
// two readings is 0 at the first one.
type waits struct {
	proc, sys string // roots of the kernel's files; "": the usual
	at        time.Time
	steal     float64 // seconds
	total     float64
	sent      map[string]uint64 // bytes, of each interface
	busy      map[string]uint64 // milliseconds, of each disk
}

// measure reads the kernel's counters once; it does not wait. A kernel without
// pressure stall information leaves that out.
func (w *waits) measure(ctx context.Context) (p hostagent.Pressure, err error) {
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

func (w *waits) stalled(resource string) float64 {
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

func (w *waits) stolen(ctx context.Context) (float64, error) {
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
func (w *waits) network(ctx context.Context, since time.Duration) (most float64, err error) {
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
func (w *waits) speed(name string) float64 {
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
func (w *waits) disk(ctx context.Context, since time.Duration) (most float64, err error) {
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
