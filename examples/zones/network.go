//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"parley/examples/ground"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
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
	return ground.RunAll(ctx, lines...)
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

// makeRunDir makes the directory of the laboratory.
func makeRunDir(inMemory bool) error {
	if err := os.MkdirAll(runDir, 0o755); err != nil || !inMemory {
		return err
	}
	if err := unix.Mount("parley-zones", runDir, "tmpfs", 0, "mode=0755"); err != nil {
		return fmt.Errorf("mount memory at %s: %w", runDir, err)
	}
	return nil
}

// removeRunDir removes it, and what is mounted there.
func removeRunDir() error {
	if err := unix.Unmount(runDir, unix.MNT_DETACH); err != nil && !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.ENOENT) {
		return fmt.Errorf("unmount %s: %w", runDir, err)
	}
	return os.RemoveAll(runDir)
}

// cleanUp removes what a laboratory leaves on the machine, also an earlier one's.
func cleanUp(hosts int) error {
	ctx := context.Background()
	for n := range hosts {
		if err := ground.RemoveGroup(ctx, space(n)); err != nil {
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
			if _, err := ground.Run(ctx, "ip", "netns", "del", name); err != nil {
				return err
			}
		}
	}
	return removeRunDir()
}
