package libvirt

import (
	"os"
	"path/filepath"
	"slices"

	"libvirt.org/go/libvirtxml"
)

// networksOf are the bridges and the networks of libvirt's that a domain is
// connected to, sorted. libvirt takes a guest to a host without them, as far as
// its connection there, and then fails; a direct device is named by its host.
func networksOf(domain *libvirtxml.Domain) (names []string) {
	if domain.Devices == nil {
		return nil
	}
	for _, i := range domain.Devices.Interfaces {
		switch {
		case i.Source == nil:
		case i.Source.Network != nil:
			// A running guest's interface names the bridge too: the
			// network is what must be at the target.
			names = append(names, "the network "+i.Source.Network.Network)
		case i.Source.Bridge != nil:
			names = append(names, "the bridge "+i.Source.Bridge.Bridge)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// bridges are those of this host's network namespace, as the kernel shows them.
func bridges(sys string) (names []string) {
	found, err := filepath.Glob(filepath.Join(sys, "class/net/*/bridge"))
	if err != nil {
		return nil // the pattern is ours
	}
	for _, path := range found {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			names = append(names, "the bridge "+filepath.Base(filepath.Dir(path)))
		}
	}
	return names
}
