package process

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"github.com/prometheus/procfs"
	"golang.org/x/sys/unix"

	"parley/hostagent"
	"parley/internal/cgroups"
)

// groups is the beginning of the paths of the guests' cgroups, below or beside that of the
// agent; "" where none can be made.
type groups string

// subgroup is the cgroup of an agent whose operator has given it those beside its own: what
// DelegateSubgroup of systemd says.
const subgroup = "agent"

// findGroups tries whether this agent can make cgroups. Two agents of one machine, with a
// directory each, have cgroups of different names.
func findGroups(dir string) groups {
	root, err := cgroups.Unified()
	own, errOwn := os.ReadFile("/proc/self/cgroup")
	if errors.Join(err, errOwn) != nil {
		return ""
	}
	for line := range strings.Lines(string(own)) {
		if path, is := strings.CutPrefix(strings.TrimSpace(line), "0::"); is {
			parent := filepath.Join(root, path)
			if filepath.Base(parent) == subgroup {
				parent = filepath.Dir(parent)
				switchOn(parent)
			}
			probe := filepath.Join(parent, "parley-probe-"+strconv.Itoa(os.Getpid()))
			if os.Mkdir(probe, 0o755) == nil && os.Remove(probe) == nil {
				return groups(filepath.Join(parent, fmt.Sprintf("parley-%x-", ownerOf(dir))))
			}
		}
	}
	return ""
}

func (g groups) of(id hostagent.GuestID) string {
	if g == "" {
		return ""
	}
	return string(g) + string(id)
}

// make makes the cgroup of a new run. One of an earlier run is not used again: what Linux
// 6.18 starts in a cgroup whose processes were once ended by cgroup.kill is ended at once.
func (g groups) make(id hostagent.GuestID) error {
	if g == "" {
		return nil
	}
	for until := time.Now().Add(emptyWithin); ; <-time.After(emptyAgain) {
		err := os.Mkdir(g.of(id), 0o755)
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
		// Whatever is still there was told to leave.
		if err := end(identity{}, g.of(id)); err != nil {
			return err
		}
		if !g.remove(id) && time.Now().After(until) {
			return fmt.Errorf("in the cgroup of an earlier run something runs for %v after it was ended: %s", emptyWithin, g.of(id))
		}
	}
}

const (
	emptyWithin = 2 * time.Second
	emptyAgain  = time.Millisecond
)

// remove removes a guest's cgroup; one in which something still ends is tried again later.
func (g groups) remove(id hostagent.GuestID) bool {
	err := os.Remove(g.of(id))
	return g == "" || err == nil || errors.Is(err, fs.ErrNotExist)
}

// sweep ends what runs in the cgroups of guests that are not here, and removes those in
// which nothing runs any more: a guest ended while no agent ran, or the agent ended before
// a program that it had told to leave.
func (g groups) sweep(here func(hostagent.GuestID) bool) {
	if g == "" {
		return
	}
	paths, err := filepath.Glob(string(g) + "*")
	if err != nil {
		return // no path of the kernel is a bad pattern
	}
	for _, path := range paths {
		if !here(hostagent.GuestID(strings.TrimPrefix(path, string(g)))) {
			_ = os.WriteFile(filepath.Join(path, "cgroup.kill"), []byte("1"), 0)
			_ = os.Remove(path) // it stays until all have ended; the next start removes it
		}
	}
}

// meter counts what a guest's processes use.
type meter struct {
	session  int
	cgroup   string
	counters []int // of instructions: one for each thread that was there, children included
	most     used  // the sums never fall
}

func newMeter(session int, cgroup string) *meter {
	m := &meter{session: session, cgroup: cgroup}
	m.count()
	return m
}

// count opens counters of instructions. Where the machine has none they stay unknown.
func (m *meter) count() {
	attr := unix.PerfEventAttr{
		Type: unix.PERF_TYPE_HARDWARE, Config: unix.PERF_COUNT_HW_INSTRUCTIONS, Size: uint32(unsafe.Sizeof(unix.PerfEventAttr{})),
		Bits: unix.PerfBitInherit | unix.PerfBitExcludeKernel | unix.PerfBitExcludeHv,
	}
	proc, err := procfs.AllThreads(m.session)
	if err != nil {
		return
	}
	for _, thread := range proc {
		fd, err := unix.PerfEventOpen(&attr, thread.PID, -1, -1, unix.PERF_FLAG_FD_CLOEXEC)
		if err != nil {
			m.close() // ENOENT: no counter; EACCES: not for this agent
			return
		}
		m.counters = append(m.counters, fd)
	}
}

func (m *meter) close() {
	for _, fd := range m.counters {
		_ = unix.Close(fd) // it was only read
	}
	m.counters = nil
}

func (m *meter) read() used {
	if m == nil {
		return used{}
	}
	now := m.processes()
	if cpu, is := m.cgroupCPU(); is {
		now.cpu = cpu
	}
	now.cpu, now.instructions = max(now.cpu, m.most.cpu), hostagent.Count{Known: len(m.counters) > 0}
	for _, fd := range m.counters {
		var count [8]byte
		if n, err := unix.Read(fd, count[:]); err == nil && n == len(count) {
			now.instructions.N += binary.NativeEndian.Uint64(count[:])
		}
	}
	now.instructions.N = max(now.instructions.N, m.most.instructions.N)
	m.most = now
	return now
}

// cgroupCPU is the CPU time of all that has run in the cgroup.
func (m *meter) cgroupCPU() (time.Duration, bool) {
	if m.cgroup == "" {
		return 0, false
	}
	file, err := os.Open(filepath.Join(m.cgroup, "cpu.stat"))
	if err != nil {
		return 0, false
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if text, is := strings.CutPrefix(lines.Text(), "usage_usec "); is {
			us, err := strconv.ParseInt(text, 10, 64)
			return time.Duration(us) * time.Microsecond, err == nil
		}
	}
	return 0, false
}

// processes adds up the processes of the session, or of the cgroup.
func (m *meter) processes() (sum used) {
	for _, pid := range m.pids() {
		stat, err := statOf(pid)
		if err != nil {
			continue // it has just ended
		}
		sum.memory += int64(stat.ResidentMemory())
		const tick = time.Second / 100 // of user space, on every Linux
		sum.cpu += time.Duration(int(stat.UTime)+int(stat.STime)+stat.CUTime+stat.CSTime) * tick
	}
	return sum
}

func (m *meter) pids() []int {
	if m.cgroup != "" {
		text, err := os.ReadFile(filepath.Join(m.cgroup, "cgroup.procs"))
		if err == nil {
			var list []int
			for line := range strings.Lines(string(text)) {
				if pid, err := strconv.Atoi(strings.TrimSpace(line)); err == nil {
					list = append(list, pid)
				}
			}
			return list
		}
	}
	all, err := procfs.AllProcs()
	if err != nil {
		return nil
	}
	var list []int
	for _, proc := range all {
		if stat, err := proc.Stat(); err == nil && stat.Session == m.session {
			list = append(list, proc.PID)
		}
	}
	return list
}

// machine is what this machine has, for a host that does not say.
func machine() hostagent.Resources {
	has := hostagent.Resources{CPU: float64(runtime.NumCPU())}
	if fs, err := procfs.NewDefaultFS(); err == nil {
		if info, err := fs.Meminfo(); err == nil && info.MemTotalBytes != nil {
			has.MemoryBytes = int64(*info.MemTotalBytes)
		}
	}
	return has
}
