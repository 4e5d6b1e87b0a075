package config

import (
	"errors"
	"fmt"
	"strings"

	"parley/internal/bytesize"
)

// MemoryBytes returns capacity.memory in bytes, 0 if it is omitted.
func (c Capacity) MemoryBytes() (int64, error) {
	bytes, set, err := size("capacity.memory", c.Memory)
	if err == nil && set && bytes == 0 {
		err = &Fault{Key: "capacity.memory", Text: "is none: write what guests may use, such as 2GiB, or leave it out"}
	}
	return bytes, err
}

// ReserveBytes returns capacity.reserve_memory in bytes; set is false if it is omitted.
func (c Capacity) ReserveBytes() (bytes int64, set bool, err error) {
	return size("capacity.reserve_memory", c.ReserveMemory)
}

// OverheadBytes returns capacity.overhead_memory in bytes; set is false if it is
// omitted.
func (c Capacity) OverheadBytes() (bytes int64, set bool, err error) {
	return size("capacity.overhead_memory", c.OverheadMemory)
}

// DiskBytes returns capacity.disk in bytes, 0 if it is omitted.
func (c Capacity) DiskBytes() (int64, error) {
	bytes, _, err := size("capacity.disk", c.Disk)
	return bytes, err
}

// checkMemory returns what is wrong with the memory keys, and with that of the disk.
func (c Capacity) checkMemory() error {
	_, err := c.MemoryBytes()
	_, reserve, errReserve := c.ReserveBytes()
	_, _, errOverhead := c.OverheadBytes()
	_, errDisk := c.DiskBytes()
	if err == nil && reserve && c.Memory != "" {
		err = &Fault{Key: "capacity.reserve_memory", Text: "leave it out, or capacity.memory: what guests may use is the one, or all " +
			"that the other leaves"}
	}
	return errors.Join(err, errReserve, errOverhead, errDisk)
}

// sizeMax exceeds the memory of any host.
const sizeMax = 1 << 50

// size parses an amount of memory; set is false if the text is empty.
func size(key, text string) (bytes int64, set bool, err error) {
	if text == "" {
		return 0, false, nil
	}
	bytes, err = bytesize.Parse(text)
	// GB is refused: it is 7 % less than the GiB that is usually meant.
	if err == nil && bytes <= sizeMax && strings.HasSuffix(text, "iB") {
		return bytes, true, nil
	}
	return 0, false, &Fault{Key: key, Text: fmt.Sprintf("is %q: write a number and a unit, such as 2GiB or 512MiB", text)}
}
