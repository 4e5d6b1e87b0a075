package process

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"parley/hostagent"
)

// controllers hold a guest to what it may use.
var controllers = []string{"cpu", "memory"}

const (
	period     = 100_000 // microseconds, the kernel's own
	quotaLeast = 1000    // of them: the kernel takes no less
)

// switchOn switches the controllers on for the cgroups in a directory. One that the kernel
// does not have here stays off.
func switchOn(parent string) {
	for _, c := range controllers {
		_ = os.WriteFile(filepath.Join(parent, "cgroup.subtree_control"), []byte("+"+c), 0) // see unlimited
	}
}

// unlimited are the controllers that guests have not: nothing holds them to that.
func (g groups) unlimited() []string {
	if g == "" {
		return controllers
	}
	on, err := os.ReadFile(filepath.Join(filepath.Dir(string(g)), "cgroup.subtree_control"))
	if err != nil {
		return controllers
	}
	return slices.DeleteFunc(slices.Clone(controllers), func(c string) bool { return slices.Contains(strings.Fields(string(on)), c) })
}

// limit holds a guest to what it may use, as far as its cgroup has the controllers. What it
// may use is not known where it is 0.
func (g groups) limit(id hostagent.GuestID, most hostagent.Resources) error {
	if g == "" {
		return nil
	}
	set := func(file, value string) error {
		err := setFile(filepath.Join(g.of(id), file), value)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // see unlimited
		}
		return err
	}
	var err error
	if most.CPU > 0 {
		err = set("cpu.max", fmt.Sprintf("%d %d", max(quotaLeast, int64(most.CPU*period)), period))
	}
	if most.MemoryBytes > 0 {
		// What runs in it ends together: half a guest is none.
		err = errors.Join(err, set("memory.oom.group", "1"), set("memory.max", strconv.FormatInt(most.MemoryBytes, 10)))
	}
	return err
}

// setFile writes to a file of the kernel, which is there or not.
func setFile(path, value string) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteString(value)
	return errors.Join(err, file.Close())
}

// ranOut says whether the kernel has ended a guest that wanted more memory than it may use.
func (g groups) ranOut(id hostagent.GuestID) bool {
	if g == "" {
		return false
	}
	events, err := os.ReadFile(filepath.Join(g.of(id), "memory.events"))
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(events)) {
		if kills, is := strings.CutPrefix(line, "oom_kill "); is && strings.TrimSpace(kills) != "0" {
			return true
		}
	}
	return false
}
