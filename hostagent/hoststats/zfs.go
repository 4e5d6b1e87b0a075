package hoststats

import (
	"bufio"
	"os"
	"strconv"
	"strings"
)

// arcstats is where ZFS reports its cache.
const arcstats = "/proc/spl/kstat/zfs/arcstats"

// zfsCache is how much memory the cache of ZFS would give back, in bytes: what it
// has above the least that it keeps. The kernel counts it as used. 0 without ZFS.
func zfsCache(path string) int64 {
	file, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer file.Close()
	var size, least int64
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) != 3 {
			continue
		}
		value, err := strconv.ParseInt(fields[2], 10, 64)
		if err != nil {
			continue
		}
		switch fields[0] {
		case "size":
			size = value
		case "c_min":
			least = value
		}
	}
	return max(0, size-least)
}
