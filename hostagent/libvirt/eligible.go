package libvirt

import (
	"fmt"
	"path/filepath"
	"strings"

	"libvirt.org/go/libvirtxml"
)

// ineligible says why a domain cannot be moved live; "" when nothing speaks
// against it. It names what libvirt refuses, and what it lets pass though the
// guest would find other data at the target: a block device is taken there by
// its name alone. Libvirt has the last word when the migration begins.
func ineligible(domain *libvirtxml.Domain, shared func(path string) bool) string {
	if domain.LaunchSecurity != nil {
		return "its memory is encrypted for this host (launchSecurity): pin the guest"
	}
	if domain.Devices == nil {
		return ""
	}
	for _, disk := range domain.Devices.Disks {
		if reason := diskStays(disk, shared); reason != "" {
			return reason
		}
	}
	return deviceStays(domain.Devices)
}

// deviceStays says which device other than a disk ties a guest to its host.
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
	for _, tpm := range devices.TPMs {
		if tpm.Backend != nil && tpm.Backend.Passthrough != nil {
			return "it uses the TPM of this host: give it an emulated one, or pin the guest"
		}
	}
	return ""
}

// diskStays says why a disk cannot be had at another host. A disk that is only
// read may lie anywhere: the target refuses to begin where it is missing.
func diskStays(disk libvirtxml.DomainDisk, shared func(string) bool) string {
	if disk.Source == nil || disk.ReadOnly != nil {
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
		return stays(fmt.Sprintf("its disk %s/%s is a volume of a pool that may be another one at the target", disk.Source.Volume.Pool, disk.Source.Volume.Volume))
	}
	return ""
}

// declaredShared says whether an operator declared a path, or a directory or
// pool that it lies in, as shared.
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

// shared is what Options say of a path, and what the file system says.
func (o Options) shared(path string) bool {
	return declaredShared(o.Shared, path) || filepath.IsAbs(path) && !strings.HasPrefix(path, "/dev/") && onClusterFileSystem(path)
}
