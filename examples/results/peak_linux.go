package main

import (
	"os"
	"strconv"
	"strings"
)

// peak is the peak memory of this process so far, in MiB; 0: unknown. The ru_maxrss of
// an ended process is no use: it includes the memory of its parent at the fork.
func peak() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 64)
			if err != nil {
				return 0
			}
			return kib / 1024
		}
	}
	return 0
}
