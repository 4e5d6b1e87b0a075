package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/shirou/gopsutil/v3/process"
)

// figures are the measurements of one run.
type figures struct {
	memory, resident        float64 // bytes for each peer
	goroutines, connections float64 // for each peer
	cpu                     float64 // cores that an idle peer uses
	trade, cutOff           spread
	policy                  []spread
}

// weight is the resource use of the process.
type weight struct {
	memory, resident int64 // bytes
	goroutines       int
	connections      int // open connection ends
}

func weigh() (w weight, err error) {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	w.memory, w.goroutines = int64(m.HeapInuse+m.StackInuse), runtime.NumGoroutine()
	self, err := process.NewProcess(int32(os.Getpid()))
	if err != nil {
		return w, fmt.Errorf("what this process uses: %w", err)
	}
	resident, err := self.MemoryInfo()
	if err != nil {
		return w, fmt.Errorf("memory of this process: %w", err)
	}
	w.resident = int64(resident.RSS)
	open, err := self.Connections()
	if err != nil {
		return w, fmt.Errorf("connections of this process: %w", err)
	}
	for _, c := range open {
		if c.Status == "ESTABLISHED" {
			w.connections++
		}
	}
	return w, nil
}

// cpuTime is the CPU time of the process, in seconds; 0 if the system does not report
// it.
func cpuTime() float64 {
	self, err := process.NewProcess(int32(os.Getpid()))
	if err != nil {
		return 0
	}
	times, err := self.Times()
	if err != nil {
		return 0
	}
	return times.User + times.System
}

// rest waits without any requests, and records what the idle site uses.
func (s *site) rest(ctx context.Context, f *figures, before weight, idle time.Duration) error {
	since, usedBefore := time.Now(), cpuTime()
	select {
	case <-time.After(idle):
	case <-ctx.Done():
		return ctx.Err()
	}
	peers := float64(len(s.agents))
	f.cpu = (cpuTime() - usedBefore) / time.Since(since).Seconds() / peers
	after, err := weigh()
	if err != nil {
		return err
	}
	f.memory = float64(after.memory-before.memory) / peers
	f.resident = float64(after.resident-before.resident) / peers
	f.goroutines = float64(after.goroutines-before.goroutines) / peers
	f.connections = float64(after.connections-before.connections) / peers
	return nil
}

// show prints a column for each run.
func show(out io.Writer, o options, runs []*figures) error {
	fmt.Fprintf(out, "%d peers in one process on %d processors (%s)\n", o.peers, runtime.NumCPU(), runtime.Version())
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(name, aim string, cell func(*figures) string) {
		fmt.Fprintf(table, "  %s\t%s", name, aim)
		for _, f := range runs {
			fmt.Fprintf(table, "\t%s", cell(f))
		}
		fmt.Fprintln(table)
	}
	fmt.Fprint(table, "  of each peer, or until it is so\taim")
	for _, most := range o.groups {
		fmt.Fprintf(table, "\tgroups of at most %d", most)
	}
	fmt.Fprintln(table)
	const none = "-"
	row("memory: heap and stacks in use", none, func(f *figures) string { return fmt.Sprintf("%.1f MB", f.memory/1e6) })
	row("memory: resident", none, func(f *figures) string { return fmt.Sprintf("%.1f MB", f.resident/1e6) })
	row("goroutines", none, func(f *figures) string { return fmt.Sprintf("%.0f", f.goroutines) })
	row("connections", none, func(f *figures) string { return fmt.Sprintf("%.1f", f.connections) })
	row("CPU while idle, of a core", none, func(f *figures) string { return fmt.Sprintf("%.2f %%", 100*f.cpu) })
	row("all can trade, from the first roster on", none, func(f *figures) string { return f.trade.String() })
	row("a policy of 100 kB is active: median", aimPolicy.String(),
		func(f *figures) string { return f.median().String() + reached(f.median()) })
	row("a policy of 100 kB is active: worst", aimPolicy.String(), func(f *figures) string { return f.worst().String() + reached(f.worst()) })
	row("a host that was removed is cut off", none, func(f *figures) string { return f.cutOff.String() })
	return table.Flush()
}

// aimPolicy is the aim for the time until a policy is active everywhere.
const aimPolicy = 5 * time.Second

func reached(s spread) string {
	if s.all > aimPolicy {
		return ", missed"
	}
	return ", reached"
}

func (s spread) String() string {
	return fmt.Sprintf("%.1f s (half: %.1f s; CPU: %.1f s)", s.all.Seconds(), s.half.Seconds(), s.cpu)
}

func (f *figures) sorted() []spread {
	return slices.SortedFunc(slices.Values(f.policy), func(a, b spread) int { return cmp.Compare(a.all, b.all) })
}

func (f *figures) median() spread { return f.sorted()[len(f.policy)/2] }

func (f *figures) worst() spread { return f.sorted()[len(f.policy)-1] }
