package hostagent

import "fmt"

const (
	mebibyte = 1 << 20
	// coresMax and memoryMax exceed any real host; a greater need is a mistake.
	coresMax  = 1e6
	memoryMax = 1 << 50
)

// Validate returns what is wrong with resources from another host, a hypervisor or a
// person.
func (r Resources) Validate() error {
	switch {
	case !(r.CPU >= 0 && r.CPU <= coresMax):
		return fmt.Errorf("%g cores: give 0 to %g", r.CPU, float64(coresMax))
	case r.MemoryBytes < 0 || r.MemoryBytes > memoryMax:
		return fmt.Errorf("%d bytes of memory: give 0 to %d", r.MemoryBytes, int64(memoryMax))
	case r.DiskBytes < 0 || r.DiskBytes > memoryMax:
		return fmt.Errorf("%d bytes of disk: give 0 to %d", r.DiskBytes, int64(memoryMax))
	}
	return nil
}
