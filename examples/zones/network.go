//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"parley/internal/cgroups"
)

const (
	prefix  = "pzones-"
	fabric  = prefix + "fabric" // the namespace of the clients
	network = "10.78."
	bridge  = "br0"
	runDir  = "/var/cache/parley-lab/zones"
)

func space(host int) string { return fmt.Sprintf("%sh%d", prefix, host+1) }

// buildNetwork makes a namespace with a bridge for each host, and one that connects them.
func buildNetwork(ctx context.Context, hosts int) error {
	lines := []string{
		"ip netns add " + fabric, "ip -n " + fabric + " link set lo up",
		"ip -n " + fabric + " link add br0 type bridge forward_delay 0",
		"ip -n " + fabric + " addr add " + network + "0.254/16 dev br0", "ip -n " + fabric + " link set br0 up",
	}
	for n := range hosts {
		in := "ip -n " + space(n)
		lines = append(lines, "ip netns add "+space(n), in+" link set lo up",
			fmt.Sprintf("%s link add %s address 02:78:00:00:00:%02x type bridge forward_delay 0", in, bridge, n+1),
			fmt.Sprintf("%s addr add %s0.%d/16 dev %s", in, network, n+1, bridge), in+" link set "+bridge+" up",
			fmt.Sprintf("%s link add up0 type veth peer name to-h%d netns %s", in, n+1, fabric), in+" link set up0 master "+bridge+" up",
			fmt.Sprintf("ip -n %s link set to-h%d master br0 up", fabric, n+1))
	}
	for _, line := range lines {
		words := strings.Fields(line)
		if _, err := do(ctx, words[0], words[1:]...); err != nil {
			return err
		}
	}
	return nil
}

// do runs a command and returns what it printed; that is in its error, too.
func do(ctx context.Context, name string, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out), err
}

// until polls a condition.
func until(ctx context.Context, within time.Duration, what string, holds func() (bool, error)) error {
	bounded, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	ticks := time.NewTicker(50 * time.Millisecond)
	defer ticks.Stop()
	for {
		ok, err := holds()
		if ok || err != nil {
			return err
		}
		select {
		case <-bounded.Done():
			return fmt.Errorf("gave up waiting until %s: %w", what, bounded.Err())
		case <-ticks.C:
		}
	}
}

// groupOf returns the path of the cgroup of a host, in which everything of it runs.
func groupOf(name string) (string, error) {
	root, err := cgroups.Unified()
	return filepath.Join(root, name), err
}

// openGroup makes and opens the cgroup of a host.
func openGroup(name string) (*os.File, error) {
	path, err := groupOf(name)
	if err == nil {
		err = os.Mkdir(path, 0o755)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return os.Open(path)
}

// removeGroup ends what runs in the cgroup of a host, and removes it with those in it.
func removeGroup(ctx context.Context, name string) error {
	root, err := groupOf(name)
	if err != nil {
		return nil // then there is none
	}
	if err := os.WriteFile(filepath.Join(root, "cgroup.kill"), []byte("1"), 0); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return until(ctx, 30*time.Second, "the processes in "+root+" have ended", func() (bool, error) {
		var groups []string
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() {
				groups = append(groups, path)
			}
			return nil // one that has gone meanwhile is what is wanted
		})
		if err != nil {
			return false, err
		}
		slices.Reverse(groups) // those in it come first
		for _, path := range groups {
			_ = os.Remove(path) // it stays while a process in it ends
		}
		_, err = os.Stat(root)
		return errors.Is(err, fs.ErrNotExist), nil
	})
}

// lock keeps a second laboratory from taking this one for the remains of a killed one.
func lock() (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(runDir), 0o755); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(runDir+".lock", os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("another laboratory of zones runs on this machine: wait until it ends: %w", err), file.Close())
	}
	return file, nil
}

// removeSpaces removes the network namespaces of zones whose agents were killed.
func removeSpaces() error {
	kept, err := filepath.Glob(runDir + "/h*/state/process/*")
	if err != nil {
		return err
	}
	for _, path := range kept {
		id, _, _ := strings.Cut(filepath.Base(path), ".")
		spaces, err := filepath.Glob("/run/netns/parley-*-" + id)
		if err != nil {
			return err
		}
		for _, space := range spaces {
			if err := errors.Join(unix.Unmount(space, unix.MNT_DETACH), os.Remove(space)); err != nil {
				return fmt.Errorf("remove the namespace %s: %w", space, err)
			}
		}
	}
	return nil
}

// cleanUp removes what a laboratory leaves on the machine, also an earlier one's.
func cleanUp(hosts int) error {
	ctx := context.Background()
	for n := range hosts {
		if err := removeGroup(ctx, space(n)); err != nil {
			return err
		}
	}
	if err := removeSpaces(); err != nil {
		return err
	}
	names := []string{fabric}
	for n := range hosts {
		names = append(names, space(n))
	}
	for _, name := range names {
		if _, err := os.Stat("/run/netns/" + name); err == nil {
			if _, err := do(ctx, "ip", "netns", "del", name); err != nil {
				return err
			}
		}
	}
	return os.RemoveAll(runDir)
}
