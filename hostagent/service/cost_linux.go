package service

import (
	"syscall"
	"time"
)

// readThreadTime reads the processor time of the calling thread.
func readThreadTime() threadTime {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_THREAD, &used); err != nil {
		return threadTime{}
	}
	return threadTime{thread: syscall.Gettid(), ran: time.Duration(used.Utime.Nano() + used.Stime.Nano()), ok: true}
}
