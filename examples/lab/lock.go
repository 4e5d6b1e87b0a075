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
	"time"

	"golang.org/x/sys/unix"
)

// lockFile is locked by the running laboratory: a second one would treat the first as
// the remains of a killed one. The kernel releases the lock when its holder dies.
const lockFile = cacheDir + "/lock"

// lock waits until no other laboratory runs on this machine.
func lock(ctx context.Context) (_ *os.File, err error) {
	if err := os.MkdirAll(filepath.Dir(lockFile), 0o755); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(lockFile, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	said := false
	err = ground.Until(ctx, 20*time.Minute, "the other laboratory of this machine ends", func() (bool, error) {
		err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if !errors.Is(err, unix.EWOULDBLOCK) {
			return err == nil, err
		}
		if !said {
			said = true
			holder, err := os.ReadFile(lockFile)
			if err != nil {
				return false, err
			}
			say("waiting for another laboratory to end (process %s)", strings.TrimSpace(string(holder)))
		}
		return false, nil
	})
	if err == nil {
		err = file.Truncate(0)
	}
	if err == nil {
		_, err = file.WriteAt(fmt.Appendln(nil, os.Getpid()), 0)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock the laboratory: %w", err), file.Close())
	}
	return file, nil
}
