package libvirt

import (
	"math"

	"libvirt.org/go/libvirtxml"

	"parley/hostagent"
)

// This file says how much of a machine's memory is not for guests: what the
// machine keeps for itself, and what QEMU takes for a guest beside the guest's
// own memory. It needs no libvirt.

// The machine keeps 1 GiB and 5 % of its memory, at most 8 GiB: what XenServer
// gives its control domain by default, which runs what runs on a host here
// (docs.xenserver.com, "Memory usage"). A small machine keeps half.
const (
	reserveBase  = 1 << 30
	reserveParts = 20 // one part of so many
	reserveMost  = 8 << 30
)

// DefaultReserve is what a machine with so many bytes of memory keeps for itself.
func DefaultReserve(total int64) int64 {
	return min(reserveBase+total/reserveParts, reserveMost, total/2)
}

// QEMU's own memory is estimated as KubeVirt does for its pods, without what runs in
// them beside QEMU (GetMemoryOverhead): page tables, a fixed part for the
// process and its libraries, and a part for each processor, I/O thread and
// video card.
const (
	overheadBase       = 64 << 20
	overheadTableParts = 512 // page tables: one byte for so many
	overheadProcessor  = 8 << 20
	overheadThread     = 8 << 20 // of the I/O threads, and of QEMU's main loop
	overheadVideo      = 16 << 20
)

// Overhead is what a guest costs beside its memory; the zero value is an
// estimate for each guest.
type Overhead struct {
	Fixed bool
	Bytes int64 // of each guest, with Fixed
}

// or is what a guest costs whose overhead is estimated at so many bytes.
func (o Overhead) or(estimate int64) int64 {
	if o.Fixed {
		return o.Bytes
	}
	return estimate
}

// overhead is what a domain with so much memory is expected to cost beside it.
func overhead(domain *libvirtxml.Domain, memoryBytes int64) int64 {
	bytes := int64(overheadBase + overheadThread + memoryBytes/overheadTableParts)
	if domain.VCPU != nil {
		bytes += int64(domain.VCPU.Value) * overheadProcessor
	}
	bytes += int64(domain.IOThreads) * overheadThread
	if domain.Devices != nil {
		for _, video := range domain.Devices.Videos {
			if video.Model.Type != "none" {
				bytes += overheadVideo
			}
		}
	}
	return bytes
}

// room divides a machine's memory into what guests may use and what the machine
// keeps.
func (o Options) room(total int64) (guests, reserve int64) {
	reserve = DefaultReserve(total)
	if o.Reserve != nil {
		reserve = min(*o.Reserve, total)
	}
	return total - reserve, reserve
}

// declared is what a guest may take of its host at most.
func (o Options) declared(d described) hostagent.Resources {
	return hostagent.Resources{CPU: d.declared.CPU, MemoryBytes: plus(d.declared.MemoryBytes, o.Overhead.or(d.overhead))}
}

// memoryMax is what a guest may take of its host's memory once memory was plugged
// in; 0 where none can be.
func (o Options) memoryMax(d described) int64 {
	if d.memoryMax == 0 {
		return 0
	}
	return plus(d.memoryMax, o.Overhead.or(d.overhead))
}

// plus adds what a domain's XML says, which may be any number.
func plus(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
