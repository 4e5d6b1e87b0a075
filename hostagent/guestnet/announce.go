//go:build linux

package guestnet

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"

	"golang.org/x/sys/unix"
)

// Announce says in ARP that the guest of a namespace is here, whose port is given.
func (n Network) Announce(path, port string) error {
	room, err := Enter(path)
	if err != nil {
		return err
	}
	defer room.Close()
	p, err := n.OpenPort(room, port)
	if err != nil {
		return err
	}
	return errors.Join(p.Announce(), p.Close())
}

// gratuitous are frames that say in ARP where the addresses are. The bridges learn the MAC
// from any of them, so a guest with addresses of IPv6 alone has one of an empty address.
func (n Network) gratuitous() (frames [][]byte, err error) {
	mac, err := net.ParseMAC(n.MAC)
	if err != nil {
		return nil, err
	}
	for _, text := range n.Addresses {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, err
		}
		if prefix.Addr().Is4() {
			frames = append(frames, gratuitous(mac, prefix.Addr()))
		}
	}
	if frames == nil {
		frames = [][]byte{gratuitous(mac, netip.IPv4Unspecified())}
	}
	return frames, nil
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
