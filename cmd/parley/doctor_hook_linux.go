package main

import (
	"time"

	"golang.org/x/sys/unix"
)

// madeAt is when a file was made, which rewriting it does not change; false where the
// file system does not tell.
func madeAt(path string) (time.Time, bool) {
	var s unix.Statx_t
	err := unix.Statx(unix.AT_FDCWD, path, 0, unix.STATX_BTIME, &s)
	if err != nil || s.Mask&unix.STATX_BTIME == 0 {
		return time.Time{}, false
	}
	return time.Unix(s.Btime.Sec, int64(s.Btime.Nsec)), true
}
