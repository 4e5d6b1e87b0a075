//go:build linux

package container

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// network is a container's one device, a veth whose other end is a port of a bridge of
// the host.
type network struct {
	Bridge    string   `json:"bridge"`
	Device    string   `json:"device"`
	MAC       string   `json:"mac"`
	MTU       int      `json:"mtu"`
	Addresses []string `json:"addresses"` // with the length of the prefix
	Gateways  []string `json:"gateways,omitempty"`
	port      string   // on this host
}

// validate looks at what another host has sent.
func (n network) validate() error {
	if _, err := net.ParseMAC(n.MAC); err != nil {
		return err
	}
	for _, name := range []string{n.Bridge, n.Device} {
		if name == "" || len(name) > 15 || filepath.Base(name) != name || name == "." || name == ".." {
			return fmt.Errorf("%q is no name of a device", name)
		}
	}
	for _, a := range n.Addresses {
		if _, err := netip.ParsePrefix(a); err != nil {
			return err
		}
	}
	for _, g := range n.Gateways {
		if _, err := netip.ParseAddr(g); err != nil {
			return err
		}
	}
	if len(n.Addresses) == 0 || len(n.Addresses) > 16 || len(n.Gateways) > 16 || n.MTU < 68 || n.MTU > 65535 {
		return errors.New("a network without addresses, or with too many")
	}
	return nil
}

// within calls a function with a handle of the network namespace that a path names.
func within(path string, do func(*netlink.Handle) error) error {
	space, err := netns.GetFromPath(path)
	if err != nil {
		return fmt.Errorf("its network namespace %s: %w", path, err)
	}
	defer space.Close()
	handle, err := netlink.NewHandleAt(space)
	if err != nil {
		return err
	}
	defer handle.Close()
	return do(handle)
}

// lookAtNetwork says how the container of a namespace is connected.
func lookAtNetwork(path string) (n network, err error) {
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
		return n, err
	}
	if n.Device == "" || len(n.Addresses) == 0 {
		return n, errors.New("it has no veth with an address in its network namespace")
	}
	port, err := netlink.LinkByIndex(peer)
	if err != nil || port.Type() != "veth" || port.Attrs().MasterIndex == 0 {
		return n, errors.New("the other end of its network is no port of a bridge of this host")
	}
	bridge, err := netlink.LinkByIndex(port.Attrs().MasterIndex)
	if err != nil {
		return n, err
	}
	n.port, n.Bridge = port.Attrs().Name, bridge.Attrs().Name
	return n, nil
}

func (n *network) lookAtAddresses(inside *netlink.Handle, link netlink.Link) error {
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

// portOf is the name of a container's port, the same each time.
func portOf(guest string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(guest)) // a hash takes everything
	return fmt.Sprintf("pc%08x", h.Sum32())
}

// make makes the namespace of a container that arrives, with its device and a port that
// is cut. What a former attempt has left is removed before.
func (n network) make(path, port string) error {
	if err := unmake(path, port); err != nil {
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
	veth := &netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: port, MTU: n.MTU},
		PeerName: n.Device, PeerHardwareAddr: mac, PeerNamespace: netlink.NsFd(space)}
	if err := netlink.LinkAdd(veth); err != nil {
		return fmt.Errorf("make the port %s: %w", port, err)
	}
	outside, err := netlink.LinkByName(port)
	if err != nil {
		return err
	}
	if err := within(path, n.raise); err != nil {
		return err
	}
	// A bridge opens a port that is added, and one whose link comes up. So the port is cut
	// as soon as that is over, and only then is there an address that could answer.
	if err := netlink.LinkSetUp(outside); err != nil {
		return err
	}
	if err := netlink.LinkSetMaster(outside, bridge); err != nil {
		return fmt.Errorf("add the port %s to the bridge %s: %w", port, n.Bridge, err)
	}
	if err := setPort(port, false); err != nil {
		return err
	}
	return within(path, n.addTo)
}

// raise brings the devices inside of the namespace up.
func (n network) raise(inside *netlink.Handle) error {
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
func (n network) addTo(inside *netlink.Handle) error {
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

// newNamespace makes a network namespace of a name.
func newNamespace(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o444)
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	made := make(chan error)
	go func() {
		runtime.LockOSThread() // it ends with the goroutine
		err := unix.Unshare(unix.CLONE_NEWNET)
		if err == nil {
			err = unix.Mount("/proc/thread-self/ns/net", path, "none", unix.MS_BIND, "")
		}
		made <- err
	}()
	return <-made
}

// unmake removes a namespace and its port.
func unmake(path, port string) error {
	if link, err := netlink.LinkByName(port); err == nil {
		if err := netlink.LinkDel(link); err != nil {
			return fmt.Errorf("remove the port %s: %w", port, err)
		}
	}
	if err := unix.Unmount(path, unix.MNT_DETACH); err != nil && !errors.Is(err, unix.ENOENT) && !errors.Is(err, unix.EINVAL) {
		return fmt.Errorf("remove the namespace %s: %w", path, err)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// States of a bridge's port (linux/if_bridge.h).
const (
	portCut  = 0
	portOpen = 3
)

// setPort opens or cuts a port of a bridge, with one message to the kernel.
func setPort(name string, open bool) error {
	link, err := netlink.LinkByName(name)
	if err != nil {
		return fmt.Errorf("the port %s: %w", name, err)
	}
	state := byte(portCut)
	if open {
		state = portOpen
	}
	request := nl.NewNetlinkRequest(unix.RTM_SETLINK, unix.NLM_F_ACK)
	message := nl.NewIfInfomsg(unix.AF_BRIDGE)
	message.Index = int32(link.Attrs().Index)
	request.AddData(message)
	of := nl.NewRtAttr(unix.IFLA_PROTINFO|unix.NLA_F_NESTED, nil)
	of.AddRtAttr(nl.IFLA_BRPORT_STATE, []byte{state})
	request.AddData(of)
	if _, err := request.Execute(unix.NETLINK_ROUTE, 0); err != nil {
		return fmt.Errorf("the port %s: %w", name, err)
	}
	return nil
}

// announcements is how often a host says that an address is here.
const announcements = 3

// announce says in ARP that the addresses are here, from inside of the namespace.
func (n network) announce(path string) error {
	told := make(chan error)
	go func() {
		runtime.LockOSThread() // it ends with the goroutine
		told <- n.announceHere(path)
	}()
	return <-told
}

func (n network) announceHere(path string) error {
	space, err := netns.GetFromPath(path)
	if err != nil {
		return err
	}
	defer space.Close()
	if err := netns.Set(space); err != nil {
		return err
	}
	device, err := net.InterfaceByName(n.Device)
	if err != nil {
		return err
	}
	socket, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer func() { _ = unix.Close(socket) }()
	to := &unix.SockaddrLinklayer{Ifindex: device.Index, Protocol: 0x0608, Halen: 6, Addr: [8]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}
	for range announcements {
		for _, text := range n.Addresses {
			prefix, err := netip.ParsePrefix(text)
			if err != nil || !prefix.Addr().Is4() {
				continue // the bridges learn the MAC from any frame
			}
			if err := unix.Sendto(socket, gratuitous(device.HardwareAddr, prefix.Addr()), 0, to); err != nil {
				return fmt.Errorf("announce %s: %w", text, err)
			}
		}
	}
	return nil
}

// gratuitous is an ARP request of an address for itself (RFC 5227).
func gratuitous(mac net.HardwareAddr, address netip.Addr) []byte {
	frame := make([]byte, 0, 42)
	frame = append(frame, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
	frame = append(frame, mac...)
	frame = binary.BigEndian.AppendUint16(frame, unix.ETH_P_ARP)
	frame = append(frame, 0, 1, 8, 0, 6, 4, 0, 1)
	frame = append(frame, mac...)
	frame = append(frame, address.AsSlice()...)
	frame = append(frame, 0, 0, 0, 0, 0, 0)
	return append(frame, address.AsSlice()...)
}
