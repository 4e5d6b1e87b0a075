package service

import (
	"time"

	"golang.org/x/sys/unix"
)

// readThreadTime reads the clock of the thread that runs the caller.
func readThreadTime() threadTime {
	var ran unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &ran); err != nil {
		return threadTime{}
	}
	return threadTime{thread: unix.Gettid(), ran: time.Duration(ran.Nano()), ok: true}
}
