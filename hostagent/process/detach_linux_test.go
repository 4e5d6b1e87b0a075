package process

import (
	"errors"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// The names of network namespaces are mounts: a program that a test ends leaves its own.
func init() {
	detach = func(t testing.TB, dir string) {
		names, err := filepath.Glob(filepath.Join(dir, "netns", "*"))
		if err != nil {
			t.Error(err)
		}
		for _, name := range names {
			if err := unix.Unmount(name, unix.MNT_DETACH); err != nil && !errors.Is(err, unix.EINVAL) {
				t.Errorf("unmount %s: %v", name, err)
			}
		}
	}
}
