package libvirt

import (
	"os"
	"path/filepath"
	"slices"

	"libvirt.org/go/libvirtxml"
)

// networksOf returns the bridges and libvirt networks that a domain is connected to,
// sorted. Without them at the target, libvirt starts the migration and fails when it
// connects the guest. Direct devices are left out: their names are specific to a host.
func networksOf(domain *libvirtxml.Domain) (names []string) {
	if domain.Devices == nil {
		return nil
	}
	for _, i := range domain.Devices.Interfaces {
		switch {
		case i.Source == nil:
		case i.Source.Network != nil:
			// A running guest's interface names the bridge too: the target must have
			// the network.
			names = append(names, "the network "+i.Source.Network.Network)
		case i.Source.Bridge != nil:
			names = append(names, "the bridge "+i.Source.Bridge.Bridge)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// bridges returns the bridges in this host's network namespace, from sysfs.
func bridges(sys string) (names []string) {
	found, err := filepath.Glob(filepath.Join(sys, "class/net/*/bridge"))
	if err != nil {
		return nil // the pattern is constant
	}
	for _, path := range found {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			names = append(names, "the bridge "+filepath.Base(filepath.Dir(path)))
		}
	}
	return names
}
