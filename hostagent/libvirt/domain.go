package libvirt

import (
	"fmt"
	"math"

	"libvirt.org/go/libvirtxml"

	"parley/hostagent"
)

// This file reads a domain's XML. It needs no libvirt.

// described is what Parley needs to know from a domain's XML.
type described struct {
	declared   hostagent.Resources
	memoryMax  int64 // by hot-plug; 0: none
	overhead   int64 // of memory, estimated
	ineligible string
	mark       mark
	networks   []string
	files      []string // that a target must have locally
}

// describe reads a domain's XML. shared says whether a path is on storage that the
// other hosts see as well.
func describe(text string, shared func(path string) bool) (described, error) {
	var domain libvirtxml.Domain
	if err := domain.Unmarshal(text); err != nil {
		return described{}, fmt.Errorf("the XML of a domain: %w", err)
	}
	d := described{ineligible: ineligible(&domain, shared)}
	if domain.VCPU != nil {
		d.declared.CPU = float64(domain.VCPU.Value)
	}
	if domain.Memory != nil {
		bytes, err := inBytes(domain.Memory.Value, domain.Memory.Unit)
		if err != nil {
			return described{}, err
		}
		d.declared.MemoryBytes = bytes
		d.overhead = overhead(&domain, bytes)
	}
	if domain.MaximumMemory != nil {
		bytes, err := inBytes(domain.MaximumMemory.Value, domain.MaximumMemory.Unit)
		if err != nil {
			return described{}, err
		}
		d.memoryMax = bytes
	}
	d.networks = networksOf(&domain)
	d.files = filesOf(&domain, shared)
	if domain.Metadata != nil {
		d.mark = readMark(domain.Metadata.XML)
	}
	if d.mark.fault != "" && d.ineligible == "" {
		d.ineligible = "Parley's metadata in it cannot be read: " + d.mark.fault + ": correct it with `virsh metadata --uri " + metadataURI + "`"
	}
	return d, nil
}

// inBytes converts libvirt's units of memory; without a unit it is KiB.
func inBytes(value uint, unit string) (int64, error) {
	scale := map[string]int64{
		"b": 1, "bytes": 1, "KB": 1e3, "k": 1 << 10, "KiB": 1 << 10, "": 1 << 10,
		"MB": 1e6, "M": 1 << 20, "MiB": 1 << 20, "GB": 1e9, "G": 1 << 30, "GiB": 1 << 30,
		"TB": 1e12, "T": 1 << 40, "TiB": 1 << 40,
	}[unit]
	if scale == 0 {
		return 0, fmt.Errorf("the XML of a domain: memory in the unknown unit %q", unit)
	}
	if uint64(value) > math.MaxInt64/uint64(scale) {
		return 0, fmt.Errorf("the XML of a domain: memory of %d %s, more than any host has", value, unit)
	}
	return int64(value) * scale, nil
}
