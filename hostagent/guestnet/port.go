//go:build linux

package guestnet

import (
	"fmt"
	"net"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// States of a bridge's port (linux/if_bridge.h).
const (
	portCut  = 0
	portOpen = 3
)

// Port is the port of a guest, ready to be cut and opened within microseconds.
type Port struct {
	index     int      // of the port
	inner     int      // of the device inside of the namespace
	announcer int      // a socket there
	frames    [][]byte // that say where the guest is
}

// OpenPort makes a guest's port ready, from inside of its namespace.
func (n Network) OpenPort(room *Room, name string) (*Port, error) {
	link, err := netlink.LinkByName(name)
	if err != nil {
		return nil, fmt.Errorf("the port %s: %w", name, err)
	}
	p := &Port{index: link.Attrs().Index, announcer: -1}
	if p.frames, err = n.gratuitous(); err != nil {
		return nil, err
	}
	return p, room.Do(func() (err error) {
		device, err := net.InterfaceByName(n.Device)
		if err != nil {
			return err
		}
		p.inner = device.Index
		p.announcer, err = unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
		return err
	})
}

// Close gives the port up. It stays as it is.
func (p *Port) Close() error {
	if p.announcer < 0 {
		return nil
	}
	return unix.Close(p.announcer)
}

// Set opens or cuts the port.
func (p *Port) Set(open bool) error { return setPort(p.index, open) }

// announcements is how often a host says that an address is here.
const announcements = 3

// Announce says in ARP that the guest is here.
func (p *Port) Announce() error {
	everybody := [8]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}
	to := &unix.SockaddrLinklayer{Ifindex: p.inner, Protocol: order(unix.ETH_P_ARP), Halen: 6, Addr: everybody}
	for range announcements {
		for _, frame := range p.frames {
			if err := unix.Sendto(p.announcer, frame, 0, to); err != nil {
				return fmt.Errorf("announce the guest: %w", err)
			}
		}
	}
	return nil
}

// SetPort opens or cuts a port of a bridge.
func SetPort(name string, open bool) error {
	link, err := netlink.LinkByName(name)
	if err != nil {
		return fmt.Errorf("the port %s: %w", name, err)
	}
	return setPort(link.Attrs().Index, open)
}

// setPort opens or cuts a port of a bridge, with one message to the kernel.
func setPort(index int, open bool) error {
	state := byte(portCut)
	if open {
		state = portOpen
	}
	request := nl.NewNetlinkRequest(unix.RTM_SETLINK, unix.NLM_F_ACK)
	message := nl.NewIfInfomsg(unix.AF_BRIDGE)
	message.Index = int32(index)
	request.AddData(message)
	of := nl.NewRtAttr(unix.IFLA_PROTINFO|unix.NLA_F_NESTED, nil)
	of.AddRtAttr(nl.IFLA_BRPORT_STATE, []byte{state})
	request.AddData(of)
	if _, err := request.Execute(unix.NETLINK_ROUTE, 0); err != nil {
		return fmt.Errorf("set the state of a port: %w", err)
	}
	return nil
}
