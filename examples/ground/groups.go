//go:build linux

package ground

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"parley/internal/cgroups"
)

// What follows gives each host a cgroup of its own, which is the root that it sees. An engine
// switches controllers on from the root down to a container: without a root of its own a
// host of the laboratory would do so for the whole machine, and libvirt beside it finds no
// controller that it knows any more.

// groupOf returns the path of the cgroup of a host.
func groupOf(space string) (string, error) {
	root, err := cgroups.Unified()
	return filepath.Join(root, space), err
}

// OpenGroup makes and opens the cgroup of a host, by a name that it has on the machine.
func OpenGroup(space string) (*os.File, error) {
	path, err := groupOf(space)
	if err == nil {
		err = os.MkdirAll(path, 0o755)
	}
	if err != nil {
		return nil, err
	}
	return os.Open(path)
}

// Groups are the names of the cgroups of hosts that begin so.
func Groups(prefix string) (names []string, err error) {
	pattern, err := groupOf(prefix + "*")
	if err != nil {
		return nil, nil // then there are none
	}
	paths, err := filepath.Glob(pattern)
	for _, path := range paths {
		names = append(names, filepath.Base(path))
	}
	return names, err
}

// RemoveGroup ends what runs in the cgroup of a host, and removes it with those in it.
func RemoveGroup(ctx context.Context, space string) error {
	root, err := groupOf(space)
	if err != nil {
		return nil // then there is none
	}
	// Whatever still runs in it: there may be no such file, where there is no such group.
	_ = os.WriteFile(filepath.Join(root, "cgroup.kill"), []byte("1"), 0)
	return Until(ctx, 30*time.Second, "the processes in "+root+" have ended", func() (bool, error) { return removeTree(root), nil })
}

// removeTree removes a cgroup with those in it, and says whether it is gone: one in which
// a process ends stays.
func removeTree(root string) bool {
	var groups []string
	// What has gone meanwhile is what is wanted.
	_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			groups = append(groups, path)
		}
		return nil
	})
	slices.Reverse(groups) // those in it come first
	for _, path := range groups {
		_ = os.Remove(path)
	}
	_, err := os.Stat(root)
	return errors.Is(err, fs.ErrNotExist)
}
