package main

import (
	"time"

	"golang.org/x/sys/unix"
)

// madeAt is a file's creation time, which rewriting does not change; false if the file
// system does not record it.
func madeAt(path string) (time.Time, bool) {
	return stamp(path, unix.STATX_BTIME, func(s unix.Statx_t) unix.StatxTimestamp { return s.Btime })
}

// wasThereAt is a time at which a file existed: its creation time, or its last
// modification if the creation time is unknown.
func wasThereAt(path string) (time.Time, bool) {
	if at, known := madeAt(path); known {
		return at, true
	}
	return stamp(path, unix.STATX_CTIME, func(s unix.Statx_t) unix.StatxTimestamp { return s.Ctime })
}

func stamp(path string, mask int, of func(unix.Statx_t) unix.StatxTimestamp) (time.Time, bool) {
	var s unix.Statx_t
	err := unix.Statx(unix.AT_FDCWD, path, 0, mask, &s)
	if err != nil || s.Mask&uint32(mask) == 0 {
		return time.Time{}, false
	}
	at := of(s)
	return time.Unix(at.Sec, int64(at.Nsec)), true
}
