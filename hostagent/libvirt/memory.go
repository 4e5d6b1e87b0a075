package libvirt

import (
	"math"

	"libvirt.org/go/libvirtxml"

	"parley/hostagent"
)

// This file computes what QEMU needs for a guest beside the guest's own memory. It needs no
// libvirt.

// QEMU's own memory is estimated as KubeVirt does for its pods, without the pods' other
// processes (GetMemoryOverhead): page tables, a fixed part for the process and its
// libraries, and a part for each processor, I/O thread and video card.
const (
	overheadBase       = 64 << 20
	overheadTableParts = 512 // page tables: one byte per this many
	overheadProcessor  = 8 << 20
	overheadThread     = 8 << 20 // for each I/O thread, and for QEMU's main loop
	overheadVideo      = 16 << 20
)

// Overhead is what a guest needs beside its memory; with the zero value it is estimated
// for each guest.
type Overhead struct {
	Fixed bool
	Bytes int64 // of each guest, with Fixed
}

// or returns the overhead of a guest whose estimate is given.
func (o Overhead) or(estimate int64) int64 {
	if o.Fixed {
		return o.Bytes
	}
	return estimate
}

// overhead estimates what a domain needs beside its memory.
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

// declared returns the maximum that a guest may take of its host.
func (o Options) declared(d described) hostagent.Resources {
	return hostagent.Resources{CPU: d.declared.CPU, MemoryBytes: plus(d.declared.MemoryBytes, o.Overhead.or(d.overhead))}
}

// memoryMax returns the maximum of host memory that a guest may take after hot-plug; 0
// if it has none.
func (o Options) memoryMax(d described) int64 {
	if d.memoryMax == 0 {
		return 0
	}
	return plus(d.memoryMax, o.Overhead.or(d.overhead))
}

// plus saturates, because a domain's XML may contain any number.
func plus(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
