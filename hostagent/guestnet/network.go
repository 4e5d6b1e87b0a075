package guestnet

import (
	"crypto/rand"
	"errors"
	"fmt"
	"hash/fnv"
	"net"
	"net/netip"
	"path/filepath"
)

// Network is a guest's one device, a veth whose other end is a port of a bridge of its host.
type Network struct {
	Bridge    string   `json:"bridge"`
	Device    string   `json:"device"`
	MAC       string   `json:"mac"`
	MTU       int      `json:"mtu"`
	Addresses []string `json:"addresses"` // with the length of the prefix
	Gateways  []string `json:"gateways,omitempty"`
}

// Neighbour is a machine of the same network, of which a guest knows the MAC.
type Neighbour struct {
	Address string `cbor:"1,keyasint"`
	MAC     string `cbor:"2,keyasint"`
}

// New is the network of a new guest on a bridge, with a MAC by chance. Addresses have the
// length of their prefix.
func New(bridge string, addresses, gateways []string) (Network, error) {
	mac := make(net.HardwareAddr, 6)
	_, _ = rand.Read(mac[1:]) // never fails
	mac[0] = 0x02             // of one station, and given out locally
	n := Network{Bridge: bridge, Device: "eth0", MAC: mac.String(), MTU: 1500, Addresses: addresses, Gateways: gateways}
	link, err := net.InterfaceByName(bridge)
	if err != nil {
		return n, fmt.Errorf("the bridge %s: %w", bridge, err)
	}
	n.MTU = link.MTU
	return n, n.Validate()
}

// Validate looks at what another host has sent.
func (n Network) Validate() error {
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

// Own are the addresses of the guest; the network is valid.
func (n Network) Own() (list []netip.Addr) {
	for _, a := range n.Addresses {
		if prefix, err := netip.ParsePrefix(a); err == nil {
			list = append(list, prefix.Addr())
		}
	}
	return list
}

// PortOf is the name of the port of a guest that arrives, the same each time.
func PortOf(guest string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(guest)) // a hash takes everything
	return fmt.Sprintf("pc%08x", h.Sum32())
}
