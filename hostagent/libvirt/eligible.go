package libvirt

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"libvirt.org/go/libvirtxml"
)

// ineligible says why a domain cannot be migrated live; "" if it can. It covers what
// libvirt refuses, and what libvirt allows although the guest would find other data at
// the target: a block device is identified there by its name alone. Libvirt has the
// last word when the migration begins.
func ineligible(domain *libvirtxml.Domain, shared func(path string) bool) string {
	if domain.LaunchSecurity != nil {
		return "its memory is encrypted for this host (launchSecurity): pin the guest"
	}
	if reason := cpuStays(domain); reason != "" {
		return reason
	}
	if domain.Devices == nil {
		return ""
	}
	for _, disk := range domain.Devices.Disks {
		if reason := diskStays(disk, shared); reason != "" {
			return reason
		}
	}
	if reason := deviceStays(domain.Devices); reason != "" {
		return reason
	}
	return partStays(domain.Devices, shared)
}

// blockJobText says which disk a QEMU block job works on.
func blockJobText(guest, disk string) string {
	return fmt.Sprintf("a block job works on its disk %s, and libvirt moves no guest meanwhile: wait for its end, or end it "+
		"(`virsh blockjob %s %[1]s --abort`)", disk, guest)
}

// cpuStays says which property of a guest's processors QEMU does not migrate.
func cpuStays(domain *libvirtxml.Domain) string {
	if domain.CPU == nil {
		return ""
	}
	if domain.CPU.Migratable == "off" {
		return "its processors are not migratable (migratable='off'): take that out of its <cpu>, or pin the guest"
	}
	frequency := domain.Clock != nil && slices.ContainsFunc(domain.Clock.Timer, func(t libvirtxml.DomainTimer) bool {
		return t.Name == "tsc" && t.Frequency > 0
	})
	for _, f := range domain.CPU.Features {
		if f.Name == "invtsc" && (f.Policy == "require" || f.Policy == "force" || f.Policy == "") && !frequency {
			return "its processors have an invariant TSC (invtsc) without a frequency: give its tsc timer one, or pin the guest"
		}
	}
	return ""
}

// deviceStays says which device, disks excepted, ties a guest to its host.
func deviceStays(devices *libvirtxml.DomainDeviceList) string {
	if len(devices.Hostdevs) > 0 {
		return "it has a device of this host passed through (hostdev): detach it, or pin the guest"
	}
	for _, i := range devices.Interfaces {
		if i.Source != nil && i.Source.Hostdev != nil {
			return "it has a network device of this host passed through: give it one on a bridge, or pin the guest"
		}
	}
	if len(devices.Filesystems) > 0 {
		return "it mounts a directory of this host (filesystem): detach it, or pin the guest"
	}
	if len(devices.Shmems) > 0 {
		return "it shares memory with its host (shmem): detach it, or pin the guest"
	}
	for _, i := range devices.Interfaces {
		if i.Source != nil && i.Source.VDPA != nil {
			return "it has a vDPA device of this host: give it a network device on a bridge, or pin the guest"
		}
	}
	for _, tpm := range devices.TPMs {
		if tpm.Backend != nil && tpm.Backend.Passthrough != nil {
			return "it uses the TPM of this host: give it an emulated one, or pin the guest"
		}
	}
	return ""
}

// partStays says which smaller part of a guest ties it to its host.
func partStays(devices *libvirtxml.DomainDeviceList, shared func(string) bool) string {
	for _, video := range devices.Videos {
		if video.Model.Accel != nil && video.Model.Accel.Accel3D == "yes" {
			return "its video card is accelerated by this host (accel3d): turn that off, or pin the guest"
		}
	}
	if devices.IOMMU != nil && devices.IOMMU.Model == "amd" {
		return "its IOMMU (amd) cannot be migrated by QEMU: take it out, or pin the guest"
	}
	for _, input := range devices.Inputs {
		if input.Source != nil && (input.Source.Passthrough != nil || input.Source.EVDev != nil) {
			return "it uses an input device of this host: detach it, or pin the guest"
		}
	}
	for _, memory := range devices.Memorydevs {
		if memory.Source != nil && memory.Source.Path != "" && !shared(memory.Source.Path) {
			return "its memory " + memory.Source.Path + " lies on this host: move it to shared storage, or pin the guest"
		}
	}
	for _, serial := range devices.Serials {
		if serial.Source != nil && serial.Source.Dev != nil {
			return "its serial port is the device " + serial.Source.Dev.Path + " of this host: detach it, or pin the guest"
		}
	}
	for _, parallel := range devices.Parallels {
		if parallel.Source != nil && parallel.Source.Dev != nil {
			return "its parallel port is the device " + parallel.Source.Dev.Path + " of this host: detach it, or pin the guest"
		}
	}
	return ""
}

// diskStays says why another host cannot access a disk. A read-only disk may be
// anywhere: the target refuses the migration if it is missing there.
func diskStays(disk libvirtxml.DomainDisk, shared func(string) bool) string {
	switch {
	case disk.Source == nil:
		return ""
	case disk.Mirror != nil && disk.Target != nil:
		// The block job behind it may be waiting to be ended.
		return "its disk " + disk.Target.Dev + " is being copied, and libvirt moves no guest meanwhile: wait for the copy's end, or end it " +
			"(`virsh blockjob`)"
	case disk.Transient != nil:
		return "it has a disk whose changes are thrown away (transient), which libvirt moves for no guest: pin the guest"
	case disk.Source.VHostUser != nil || disk.Source.VHostVDPA != nil:
		return "its disk is served by a process or a device of this host: pin the guest"
	case disk.ReadOnly != nil:
		return ""
	}
	stays := func(what string) string {
		return what + ": move it to shared storage, declare the path as shared in this host's configuration, or pin the guest"
	}
	switch {
	case disk.Source.NVME != nil:
		return "its disk is an NVMe device of this host: pin the guest"
	case disk.Source.File != nil && disk.Source.File.File != "" && !shared(disk.Source.File.File):
		return stays(fmt.Sprintf("its disk %s is not on storage that is shared with the other hosts", disk.Source.File.File))
	case disk.Source.Dir != nil && !shared(disk.Source.Dir.Dir):
		return stays(fmt.Sprintf("its disk %s is a directory of this host", disk.Source.Dir.Dir))
	case disk.Source.Block != nil && disk.Source.Block.Dev != "" && !shared(disk.Source.Block.Dev):
		return stays(fmt.Sprintf("its disk %s is a block device that may be another one at the target", disk.Source.Block.Dev))
	case disk.Source.Volume != nil && !shared(disk.Source.Volume.Pool+"/"+disk.Source.Volume.Volume):
		return stays(fmt.Sprintf("its disk %s/%s is a volume of a pool that may be another one at the target", disk.Source.Volume.Pool,
			disk.Source.Volume.Volume))
	}
	return ""
}

// declaredShared says whether an operator declared a path as shared, or a directory or
// pool that contains it.
func declaredShared(declared []string, path string) bool {
	path = filepath.Clean(path)
	for _, d := range declared {
		d = filepath.Clean(d)
		if path == d || strings.HasPrefix(path, strings.TrimSuffix(d, "/")+"/") {
			return true
		}
	}
	return false
}

// shared says whether a path is shared, by Options or by its file system.
func (o Options) shared(path string) bool {
	return declaredShared(o.Shared, path) || filepath.IsAbs(path) && !strings.HasPrefix(path, "/dev/") && onClusterFileSystem(path)
}
