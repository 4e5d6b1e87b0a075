//go:build linux

package container

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// usage is what the processes of a container have used.
type usage struct {
	cpu    time.Duration
	memory int64
}

// usageOf reads the cgroups of a container, of either version. Where the host counts no
// memory for it, the memory of its processes is summed up.
func usageOf(pid int) (u usage) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cgroup")
	if err != nil {
		return u // it has ended
	}
	groups := map[string]string{} // by controller; "" of version 2
	for line := range strings.SplitSeq(strings.TrimSpace(string(text)), "\n") {
		if parts := strings.SplitN(line, ":", 3); len(parts) == 3 {
			for name := range strings.SplitSeq(parts[1], ",") {
				groups[name] = parts[2]
			}
		}
	}
	const mount = "/sys/fs/cgroup"
	unified := filepath.Join(mount, groups[""])
	if _, err := os.Stat(mount + "/unified"); err == nil {
		unified = filepath.Join(mount, "unified", groups[""])
	}
	if spent, ok := number(filepath.Join(mount, "cpuacct", groups["cpuacct"], "cpuacct.usage")); ok && groups["cpuacct"] != "" {
		u.cpu = time.Duration(spent)
	} else {
		u.cpu = time.Duration(field(filepath.Join(unified, "cpu.stat"), "usage_usec")) * time.Microsecond
	}
	memory, ok := number(filepath.Join(unified, "memory.current"))
	if !ok && groups["memory"] != "" {
		memory, ok = number(filepath.Join(mount, "memory", groups["memory"], "memory.usage_in_bytes"))
	}
	if !ok {
		memory = resident(filepath.Join(unified, "cgroup.procs"))
	}
	u.memory = memory
	return u
}

func number(path string) (int64, bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return n, err == nil
}

// field reads a line "name value"; 0 if it is not there.
func field(path, name string) int64 {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			n, _ := strconv.ParseInt(value, 10, 64) // 0 is what is not known
			return n
		}
	}
	return 0
}

// resident sums up the memory of a cgroup's processes.
func resident(list string) (sum int64) {
	text, err := os.ReadFile(list)
	if err != nil {
		return 0
	}
	for pid := range strings.FieldsSeq(string(text)) {
		sizes, err := os.ReadFile("/proc/" + pid + "/statm")
		if err != nil {
			continue // it has ended
		}
		if fields := strings.Fields(string(sizes)); len(fields) > 1 {
			pages, _ := strconv.ParseInt(fields[1], 10, 64) // 0 is what is not known
			sum += pages * int64(os.Getpagesize())
		}
	}
	return sum
}

// mapped returns the files that the processes of a container have mapped for writing.
func mapped(pid int) map[uint64]bool {
	files := map[uint64]bool{}
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cgroup")
	if err != nil {
		return files
	}
	own := string(text)
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return files
	}
	for _, entry := range entries {
		if _, err := strconv.Atoi(entry.Name()); err != nil {
			continue
		}
		group, err := os.ReadFile("/proc/" + entry.Name() + "/cgroup")
		if err != nil || string(group) != own && !inside(own, string(group)) {
			continue
		}
		maps, err := os.ReadFile("/proc/" + entry.Name() + "/maps")
		if err != nil {
			continue
		}
		for line := range strings.SplitSeq(string(maps), "\n") {
			if inode, ok := mapping(line); ok {
				files[inode] = true
			}
		}
	}
	return files
}

// inside says that the unified cgroup of the second is below that of the first.
func inside(own, other string) bool {
	path := func(text string) string {
		for line := range strings.SplitSeq(text, "\n") {
			if rest, ok := strings.CutPrefix(line, "0::"); ok {
				return rest
			}
		}
		return ""
	}
	a, b := path(own), path(other)
	return a != "" && a != "/" && strings.HasPrefix(b+"/", a+"/")
}

// mapping reads a line of /proc/PID/maps: the inode of a file that is shared and may be
// written.
func mapping(line string) (inode uint64, ok bool) {
	fields := strings.Fields(line)
	if len(fields) < 5 || len(fields[1]) != 4 || fields[1][1] != 'w' || fields[1][3] != 's' {
		return 0, false
	}
	inode, err := strconv.ParseUint(fields[4], 10, 64)
	return inode, err == nil && inode != 0
}
