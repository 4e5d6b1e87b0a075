//go:build linux

package guestnet

import (
	"fmt"
	"net"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// Make makes the namespace of a guest, with its device and a port that is cut. What a former
// attempt has left is removed before.
func (n Network) Make(path, port string) error {
	if err := Unmake(path, port); err != nil {
		return err
	}
	bridge, err := netlink.LinkByName(n.Bridge)
	if err != nil {
		return fmt.Errorf("the bridge %s: %w", n.Bridge, err)
	}
	if err := newNamespace(path); err != nil {
		return err
	}
	space, err := netns.GetFromPath(path)
	if err != nil {
		return err
	}
	defer space.Close()
	mac, err := net.ParseMAC(n.MAC)
	if err != nil {
		return err
	}
	veth := &netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: port, MTU: n.MTU, HardwareAddr: portMAC(mac)},
		PeerName: n.Device, PeerHardwareAddr: mac, PeerNamespace: netlink.NsFd(space)}
	if err := netlink.LinkAdd(veth); err != nil {
		return fmt.Errorf("make the port %s: %w", port, err)
	}
	outside, err := netlink.LinkByName(port)
	if err != nil {
		return err
	}
	// A bridge opens a port that is added, and one whose link comes up. So the port is cut
	// as soon as that is over, and only then is there an address that could answer. Until then
	// the bridge learns nothing from it: what the kernel says from the guest's MAC as the link
	// comes up would turn the bridge to this port, while the guest still runs elsewhere.
	if err := netlink.LinkSetMaster(outside, bridge); err != nil {
		return fmt.Errorf("add the port %s to the bridge %s: %w", port, n.Bridge, err)
	}
	if err := netlink.LinkSetLearning(outside, false); err != nil {
		return fmt.Errorf("have the bridge %s learn nothing from the port %s: %w", n.Bridge, port, err)
	}
	if err := within(path, n.raise); err != nil {
		return err
	}
	if err := netlink.LinkSetUp(outside); err != nil {
		return err
	}
	if err := awaitUp(port); err != nil {
		return err
	}
	if err := SetPort(port, false); err != nil {
		return err
	}
	if err := netlink.LinkSetLearning(outside, true); err != nil {
		return err
	}
	return within(path, n.addTo)
}

// portMAC is the MAC of a port whose other end has another: a great one, as libvirt has it. A
// bridge without a MAC of its own takes the least of its ports, and while that changed, its
// host would not be reached at its address.
func portMAC(mac net.HardwareAddr) net.HardwareAddr {
	first := byte(0xfe)
	if mac[0] == first {
		first = 0xfa // the guest's own would be taken for the bridge's
	}
	return append(net.HardwareAddr{first}, mac[1:]...)
}

// upWithin bounds how long the kernel takes to see that both ends of a veth are up.
const upWithin = 5 * time.Second

// awaitUp waits until a port is up. The kernel looks at its ends later, at most once a
// second on some versions, and opens or cuts the port then.
func awaitUp(port string) error {
	for until := time.Now().Add(upWithin); ; {
		link, err := netlink.LinkByName(port)
		if err != nil {
			return err
		}
		if link.Attrs().OperState == netlink.OperUp {
			return nil
		}
		if time.Now().After(until) {
			return fmt.Errorf("the port %s is not up after %v: it is %v", port, upWithin, link.Attrs().OperState)
		}
		<-time.After(time.Millisecond)
	}
}

// raise brings the devices inside of the namespace up.
func (n Network) raise(inside *netlink.Handle) error {
	for _, name := range []string{"lo", n.Device} {
		link, err := inside.LinkByName(name)
		if err != nil {
			return err
		}
		if err := inside.LinkSetUp(link); err != nil {
			return err
		}
	}
	return nil
}

// addTo gives the device inside of the namespace its addresses.
func (n Network) addTo(inside *netlink.Handle) error {
	device, err := inside.LinkByName(n.Device)
	if err != nil {
		return err
	}
	for _, text := range n.Addresses {
		address, err := netlink.ParseAddr(text)
		if err != nil {
			return err
		}
		address.Flags |= unix.IFA_F_NODAD // the source still answers to it
		if err := inside.AddrAdd(device, address); err != nil {
			return fmt.Errorf("address %s: %w", text, err)
		}
	}
	for _, text := range n.Gateways {
		if err := inside.RouteAdd(&netlink.Route{LinkIndex: device.Attrs().Index, Gw: net.ParseIP(text)}); err != nil {
			return fmt.Errorf("route by %s: %w", text, err)
		}
	}
	return nil
}
