//go:build linux

package guestnet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// Hold keeps frames for a guest that is not here yet. It is a port of its own on the guest's
// bridge: Turn says from there that the guest's MAC is at this host, and HandOver gives the
// guest's own port, once that is open, what has come meanwhile. So what its peers send while
// it stands still is late, and not lost.
type Hold struct {
	name   string // of the port; the device at its other end is heldEnd longer
	mac    net.HardwareAddr
	frames [][]byte // gratuitous ARP
	kept   int      // socket of what comes
	index  int      // of the device that it is bound to
}

const (
	// heldPort and heldEnd come after the name of a guest's port.
	heldPort, heldEnd = "h", "e"
	// heldBytes bounds what is held; later frames are lost, and sent again by their senders.
	heldBytes = 16 << 20
	// headerBytes is the size of struct virtio_net_hdr: with it a frame keeps what its sender
	// has left to the device, its checksum and its parts.
	headerBytes = 10
	frameMost   = 64<<10 + headerBytes + 64
)

// MakeHold makes the port. What a former attempt has left is removed before.
func (n Network) MakeHold(port string) (_ *Hold, err error) {
	h := &Hold{name: port + heldPort, kept: -1}
	if h.mac, err = net.ParseMAC(n.MAC); err != nil {
		return nil, err
	}
	if h.frames, err = n.gratuitous(); err != nil {
		return nil, err
	}
	if err := RemoveHold(port); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.Close())
		}
	}()
	bridge, err := netlink.LinkByName(n.Bridge)
	if err != nil {
		return nil, fmt.Errorf("the bridge %s: %w", n.Bridge, err)
	}
	inner := h.name + heldEnd
	if err := netlink.LinkAdd(&netlink.Veth{
		LinkAttrs: netlink.LinkAttrs{Name: h.name, MTU: n.MTU, HardwareAddr: portMAC(h.mac)}, PeerName: inner}); err != nil {
		return nil, fmt.Errorf("make the port %s: %w", h.name, err)
	}
	return h, h.join(bridge, inner)
}

// join adds the port to the bridge, and keeps what comes to its other end.
func (h *Hold) join(bridge netlink.Link, inner string) error {
	end, err := netlink.LinkByName(inner)
	if err != nil {
		return err
	}
	h.index = end.Attrs().Index
	if err := netlink.LinkSetUp(end); err != nil { // a socket of a device that is down says so for ever
		return err
	}
	if h.kept, err = packetSocket(); err != nil {
		return err
	}
	if err := h.filter(); err != nil {
		return err
	}
	every := &unix.SockaddrLinklayer{Protocol: order(unix.ETH_P_ALL), Ifindex: h.index}
	if err := unix.Bind(h.kept, every); err != nil {
		return fmt.Errorf("listen at the port %s: %w", inner, err)
	}
	outside, err := netlink.LinkByName(h.name)
	if err != nil {
		return err
	}
	return errors.Join(netlink.LinkSetUp(outside), netlink.LinkSetMaster(outside, bridge), awaitUp(h.name))
}

// packetSocket makes a socket for whole frames.
func packetSocket() (int, error) {
	socket, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return -1, err
	}
	if err := errors.Join(unix.SetsockoptInt(socket, unix.SOL_PACKET, unix.PACKET_VNET_HDR, 1),
		unix.SetsockoptInt(socket, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, heldBytes)); err != nil {
		return -1, errors.Join(err, unix.Close(socket))
	}
	return socket, nil
}

// filter keeps frames to the guest's MAC, and no others (linux/filter.h).
func (h *Hold) filter() error {
	const loadWord, loadHalf, equal, give = 0x20, 0x28, 0x15, 0x06
	program := []unix.SockFilter{
		{Code: loadWord, K: 2},
		{Code: equal, Jf: 3, K: binary.BigEndian.Uint32(h.mac[2:])},
		{Code: loadHalf, K: 0},
		{Code: equal, Jf: 1, K: uint32(binary.BigEndian.Uint16(h.mac))},
		{Code: give, K: frameMost},
		{Code: give, K: 0},
	}
	return unix.SetsockoptSockFprog(h.kept, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER,
		&unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]})
}

// Turn has the bridges send to this host what is for the guest.
func (h *Hold) Turn() error {
	for _, frame := range h.frames {
		if err := h.put(h.index, append(make([]byte, headerBytes), frame...)); err != nil {
			return fmt.Errorf("turn the bridges to this host: %w", err)
		}
	}
	return nil
}

// HandOver gives the guest's own port what has come, in the order in which it came, and says
// how many frames that were. The port is open, and has announced the guest.
func (h *Hold) HandOver(port *Port) (frames int, err error) {
	space := make([]byte, frameMost)
	for {
		n, from, err := unix.Recvfrom(h.kept, space, unix.MSG_DONTWAIT)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.EAGAIN):
			return frames, nil
		case err != nil:
			return frames, fmt.Errorf("what is held: %w", err)
		}
		if at, is := from.(*unix.SockaddrLinklayer); is && at.Pkttype == unix.PACKET_OUTGOING {
			continue
		}
		if err := h.put(port.index, space[:n]); err != nil {
			return frames, fmt.Errorf("hand over a frame: %w", err)
		}
		frames++
	}
}

// put sends a frame, behind its header, out of a device.
func (h *Hold) put(index int, frame []byte) error {
	return unix.Sendto(h.kept, frame, 0, &unix.SockaddrLinklayer{Ifindex: index, Protocol: order(unix.ETH_P_IP)})
}

// Close removes the port, and drops what is still held. It leaves a port alone that another
// hold of the same guest has made since.
func (h *Hold) Close() error {
	var err error
	if h.index == 0 {
		err = removeLink(h.name)
	} else if err = netlink.LinkDel(&netlink.Veth{LinkAttrs: netlink.LinkAttrs{Index: h.index}}); errors.Is(err, unix.ENODEV) {
		err = nil // it has gone
	}
	if h.kept >= 0 {
		err = errors.Join(err, unix.Close(h.kept))
		h.kept = -1
	}
	return err
}

// RemoveHold removes what an agent that has ended has left of the hold of a guest's port.
func RemoveHold(port string) error { return removeLink(port + heldPort) }

func removeLink(name string) error {
	link, err := netlink.LinkByName(name)
	var missing netlink.LinkNotFoundError
	if errors.As(err, &missing) {
		return nil
	}
	if err == nil {
		err = netlink.LinkDel(link)
	}
	if err != nil && !errors.Is(err, unix.ENODEV) { // it has gone since
		return fmt.Errorf("remove the port %s: %w", name, err)
	}
	return nil
}

// order is a number of the network's order of bytes in that of this machine.
func order(n uint16) uint16 {
	return binary.NativeEndian.Uint16(binary.BigEndian.AppendUint16(nil, n))
}
