//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"parley/examples/ground"
)

// remember records a process, so that a later laboratory can end it if this one is
// killed.
func remember(p *process, name string) error {
	dir := filepath.Join(runDir, "pids")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	pid := p.cmd.Process.Pid
	born, err := birth(pid)
	if err != nil {
		return fmt.Errorf("%s has ended at once: see %s", name, p.log)
	}
	return os.WriteFile(filepath.Join(dir, name), []byte(fmt.Sprintf("%d %s", pid, born)), 0o644)
}

// birth is the start time of a process, in the kernel's ticks: it distinguishes a
// process from a later one with the same pid.
func birth(pid int) (string, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", err
	}
	// The second field is the name in parentheses and may contain anything.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) < 20 {
		return "", errors.New("unexpected /proc/PID/stat")
	}
	return fields[19], nil
}

// cleanUp removes everything that a laboratory made: agents, guests, daemons,
// namespaces and files, in this order. Any of it may be missing.
func cleanUp(ctx context.Context) error {
	var errs []error
	for _, pattern := range []string{"*-agent", "client", "*-machine"} {
		errs = append(errs, endRemembered(pattern))
	}
	errs = append(errs, endGuests())
	errs = append(errs, endRemembered("*-libvirtd"))
	spaces, err := filepath.Glob("/run/netns/" + prefix + "*")
	errs = append(errs, err)
	groups, err := ground.Groups(prefix)
	errs = append(errs, err)
	for _, group := range groups { // also what containers and processes are
		errs = append(errs, ground.RemoveGroup(ctx, group))
	}
	for _, space := range spaces {
		errs = append(errs, endIn(ctx, filepath.Base(space)))
		_, err := ground.Run(ctx, "ip", "netns", "delete", filepath.Base(space))
		errs = append(errs, err)
	}
	// Through a mount the removal would reach what belongs to others.
	if err := unmountAll(runDir); err != nil {
		return errors.Join(append(errs, err)...)
	}
	errs = append(errs, os.RemoveAll(runDir))
	return errors.Join(errs...)
}

// unmountAll unmounts what is mounted below a directory, the last first.
func unmountAll(dir string) error {
	text, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return err
	}
	lines := strings.Split(string(text), "\n")
	for _, line := range slices.Backward(lines) {
		fields := strings.Fields(line)
		if len(fields) < 5 || !strings.HasPrefix(fields[4], dir+"/") {
			continue
		}
		if err := unix.Unmount(fields[4], unix.MNT_DETACH|unix.UMOUNT_NOFOLLOW); err != nil {
			return fmt.Errorf("unmount %s: %w", fields[4], err)
		}
	}
	return nil
}

// endRemembered ends recorded processes that are still the same.
func endRemembered(pattern string) error {
	files, err := filepath.Glob(filepath.Join(runDir, "pids", pattern))
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		number, born, _ := strings.Cut(string(text), " ")
		pid, err := strconv.Atoi(number)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if now, err := birth(pid); err == nil && now == born {
			if err := end(pid); err != nil {
				return err
			}
		}
	}
	return nil
}

// endGuests ends the laboratory's QEMU processes.
func endGuests() error {
	for _, pid := range emulators("h*") {
		if err := end(pid); err != nil {
			return err
		}
	}
	return nil
}

// emulators returns the QEMU processes of hosts, by a pattern of host names.
func emulators(hosts string) (pids []int) {
	files, err := filepath.Glob(filepath.Join(runDir, hosts, "run", "libvirt", "qemu", "*.pid"))
	if err != nil {
		panic(err) // the pattern is valid
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it ended just now
		}
		pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil {
			continue // it is being written
		}
		command, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if err == nil && strings.Contains(string(command), "qemu-system") && strings.Contains(string(command), cacheOrRun) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// cacheOrRun is in the command line of every guest of a laboratory: the path of its
// initramfs.
const cacheOrRun = runDir + "/initrd"

// endIn ends all processes in one of the laboratory's namespaces.
func endIn(ctx context.Context, space string) error {
	out, err := ground.Run(ctx, "ip", "netns", "pids", space)
	if err != nil {
		return err
	}
	for _, word := range strings.Fields(out) {
		pid, err := strconv.Atoi(word)
		if err != nil {
			return err
		}
		if err := end(pid); err != nil {
			return err
		}
	}
	return nil
}

// end ends a process, first with SIGTERM, and waits until it is gone.
func end(pid int) error {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		if err := syscall.Kill(pid, signal); errors.Is(err, syscall.ESRCH) {
			return nil
		}
		err := ground.Until(context.Background(), 5*time.Second, "process "+strconv.Itoa(pid)+" ends", func() (bool, error) {
			state, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
			return err != nil || strings.Contains(string(state), ") Z "), nil
		})
		if err == nil {
			return nil
		}
	}
	return fmt.Errorf("process %d does not end", pid)
}
