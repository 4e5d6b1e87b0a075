//go:build linux

package guestnet

import (
	"errors"
	"fmt"
	"net"
	"slices"

	"github.com/vishvananda/netlink"
)

// LookAt says how the guest of a namespace is connected, and what its port is called.
func LookAt(path string) (n Network, port string, err error) {
	peer := 0
	err = within(path, func(inside *netlink.Handle) error {
		links, err := inside.LinkList()
		if err != nil {
			return err
		}
		for _, link := range links {
			a := link.Attrs()
			if a.Flags&net.FlagLoopback != 0 || link.Type() != "veth" {
				if a.Flags&net.FlagLoopback == 0 && a.Flags&net.FlagUp != 0 {
					return fmt.Errorf("its device %s is a %s, and only a veth is moved", a.Name, link.Type())
				}
				continue
			}
			if n.Device != "" {
				return errors.New("it has more than one device, and one is moved")
			}
			n.Device, n.MAC, n.MTU, peer = a.Name, a.HardwareAddr.String(), a.MTU, a.ParentIndex
			if err := n.lookAtAddresses(inside, link); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return n, "", err
	}
	if n.Device == "" || len(n.Addresses) == 0 {
		return n, "", errors.New("it has no veth with an address in its network namespace")
	}
	outside, err := netlink.LinkByIndex(peer)
	if err != nil || outside.Type() != "veth" || outside.Attrs().MasterIndex == 0 {
		return n, "", errors.New("the other end of its network is no port of a bridge of this host")
	}
	bridge, err := netlink.LinkByIndex(outside.Attrs().MasterIndex)
	if err != nil {
		return n, "", err
	}
	n.Bridge = bridge.Attrs().Name
	return n, outside.Attrs().Name, nil
}

func (n *Network) lookAtAddresses(inside *netlink.Handle, link netlink.Link) error {
	addresses, err := inside.AddrList(link, netlink.FAMILY_ALL)
	if err != nil {
		return err
	}
	for _, a := range addresses {
		if !a.IP.IsLinkLocalUnicast() { // the kernel makes it again from the MAC
			n.Addresses = append(n.Addresses, a.IPNet.String())
		}
	}
	routes, err := inside.RouteList(link, netlink.FAMILY_ALL)
	if err != nil {
		return err
	}
	for _, r := range routes {
		everywhere := r.Dst == nil || r.Dst.IP.IsUnspecified() && ones(r.Dst.Mask) == 0
		switch {
		case r.Gw == nil:
		case everywhere:
			n.Gateways = append(n.Gateways, r.Gw.String())
		default:
			return fmt.Errorf("it has a route to %s, and only default routes are moved", r.Dst)
		}
	}
	return nil
}

func ones(mask net.IPMask) int {
	n, _ := mask.Size()
	return n
}

// looksMost bounds how often the devices are read until none comes or goes meanwhile.
const looksMost = 10

// Bridges are the names of the bridges of this host, sorted.
func Bridges() (names []string, err error) {
	var links []netlink.Link
	for range looksMost {
		if links, err = netlink.LinkList(); !errors.Is(err, netlink.ErrDumpInterrupted) {
			break // other ports do not come and go just now
		}
	}
	if err != nil && !errors.Is(err, netlink.ErrDumpInterrupted) {
		return nil, err
	}
	for _, link := range links {
		if link.Type() == "bridge" {
			names = append(names, link.Attrs().Name)
		}
	}
	slices.Sort(names)
	return names, nil
}
