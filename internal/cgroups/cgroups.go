// Package cgroups finds the control groups of a machine.
package cgroups

import (
	"errors"
	"fmt"

	"github.com/prometheus/procfs"
)

// Unified returns where the hierarchy of cgroups of version 2 is mounted that was mounted
// last. The error says what to do where there is none.
func Unified() (string, error) {
	mounts, err := procfs.GetMounts()
	if err != nil {
		return "", fmt.Errorf("what is mounted: %w", err)
	}
	path := ""
	for _, m := range mounts {
		if m.FSType == "cgroup2" {
			path = m.MountPoint
		}
	}
	if path == "" {
		return "", errors.New("the machine has no cgroups of version 2: mount cgroup2 at /sys/fs/cgroup/unified")
	}
	return path, nil
}
