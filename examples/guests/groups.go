//go:build linux

package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"parley/internal/cgroups"
)

// This file gives each host a cgroup of its own, which is the root that it sees. An engine
// switches controllers on from the root down to a container: without a root of its own a
// host of the laboratory would do so for the whole machine, and libvirt beside it finds no
// controller that it knows any more.

// groupOf returns the path of the cgroup of a host.
func groupOf(name string) (string, error) {
	root, err := cgroups.Unified()
	return filepath.Join(root, space(name)), err
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

// removeGroup removes the cgroup of a host with those in it, once their processes are gone.
func removeGroup(ctx context.Context, name string) error {
	root, err := groupOf(name)
	if err != nil {
		return nil // then there is none
	}
	return until(ctx, "the processes of host "+name+" have ended", func() (bool, error) {
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
