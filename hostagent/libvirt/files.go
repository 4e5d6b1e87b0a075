package libvirt

import (
	"slices"

	"libvirt.org/go/libvirtxml"
)

// filesOf returns the files that a domain reads and that each host must have locally:
// read-only images, firmware with the template of its variables, a kernel. If one is
// missing, the target's libvirt refuses the arriving domain.
func filesOf(domain *libvirtxml.Domain, shared func(string) bool) (files []string) {
	add := func(name string) {
		if name != "" && !shared(name) {
			files = append(files, name)
		}
	}
	if os := domain.OS; os != nil {
		add(os.Kernel)
		add(os.Initrd)
		add(os.DTB)
		if os.Loader != nil {
			add(os.Loader.Path)
		}
		if os.NVRam != nil {
			add(os.NVRam.Template)
		}
		if os.ACPI != nil {
			for _, table := range os.ACPI.Tables {
				add(table.Path)
			}
		}
	}
	if domain.Devices != nil {
		for _, disk := range domain.Devices.Disks {
			// With a start-up policy libvirt ejects a missing image; "mandatory" is the
			// same as no policy.
			if disk.ReadOnly == nil || disk.Source == nil || disk.Source.File == nil ||
				disk.Source.StartupPolicy == "optional" || disk.Source.StartupPolicy == "requisite" {
				continue
			}
			add(disk.Source.File.File)
		}
	}
	slices.Sort(files)
	return slices.Compact(files)
}
