//go:build linux

package guestnet

import (
	"errors"
	"fmt"
	"net"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// known are the states in which a neighbour's MAC is one (linux/neighbour.h).
const known = netlink.NUD_REACHABLE | netlink.NUD_STALE | netlink.NUD_DELAY | netlink.NUD_PROBE | netlink.NUD_PERMANENT

// Neighbours are those that the guest of a namespace knows.
func Neighbours(path string) (list []Neighbour, err error) {
	return list, within(path, func(inside *netlink.Handle) error {
		all, err := inside.NeighList(0, netlink.FAMILY_ALL)
		if err != nil && !errors.Is(err, netlink.ErrDumpInterrupted) { // what is missing is asked for
			return err
		}
		for _, n := range all {
			if n.State&known != 0 && len(n.HardwareAddr) == 6 && n.IP.IsGlobalUnicast() {
				list = append(list, Neighbour{n.IP.String(), n.HardwareAddr.String()})
			}
		}
		return nil
	})
}

// Learn tells the guest of a namespace about neighbours, which it verifies when it has
// spoken to them. A guest that knows none asks for each, and the kernel keeps only some
// hundred packets until the answer.
func (n Network) Learn(path string, list []Neighbour) error {
	return within(path, func(inside *netlink.Handle) error {
		device, err := inside.LinkByName(n.Device)
		if err != nil {
			return err
		}
		for _, one := range list {
			address, mac := net.ParseIP(one.Address), net.HardwareAddr(nil)
			if mac, err = net.ParseMAC(one.MAC); err != nil || address == nil || !address.IsGlobalUnicast() {
				return fmt.Errorf("%.60q at %.60q is no neighbour", one.Address, one.MAC)
			}
			family := unix.AF_INET6
			if address.To4() != nil {
				family = unix.AF_INET
			}
			if err := inside.NeighSet(&netlink.Neigh{LinkIndex: device.Attrs().Index, Family: family, State: netlink.NUD_STALE,
				IP: address, HardwareAddr: mac}); err != nil {
				return fmt.Errorf("the neighbour %s: %w", one.Address, err)
			}
		}
		return nil
	})
}
