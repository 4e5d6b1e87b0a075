package main

import (
	"os"
	"strconv"
	"strings"
)

// peak is the most memory that this process had so far, in MiB; 0: it is not
// known. What the system tells of an ended process (ru_maxrss) counts what its
// parent had when it was made.
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
