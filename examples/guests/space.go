//go:build linux

package main

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// alone becomes a program that has a session of its own, as criu wants it of what it dumps.
func alone(words []string) error {
	if _, err := unix.Setsid(); err != nil {
		return err
	}
	return unix.Exec(words[0], words, os.Environ())
}

// nameSpace gives the network namespace in which it runs a name on its host.
func nameSpace(name string) error {
	path := filepath.Join("/run/netns", name)
	if err := os.WriteFile(path, nil, 0o444); err != nil {
		return err
	}
	return unix.Mount("/proc/self/ns/net", path, "none", unix.MS_BIND, "")
}
