package connections

import (
	"fmt"
	"net/netip"
)

// Datagrams is a socket of UDP as a value.
type Datagrams struct {
	Local  netip.AddrPort
	Remote netip.AddrPort // not valid: it is connected to nobody
	// Options are those that move, by their names (socketOptions); one that the target does not
	// know is an error there.
	Options map[string]int
	Unread  []Datagram // in the order in which they came
}

// Datagram came to a socket, and was not read.
type Datagram struct {
	From, To netip.AddrPort
	Data     []byte
}

// optionsMost bounds the options of a socket.
const optionsMost = 32

// datagramMost is what a datagram can have: a packet of IP less its headers (RFC 768).
const datagramMost = 1<<16 - 1 - 20 - 8

// Validate returns what is wrong with a socket, which may come from another host.
func (d Datagrams) Validate() error {
	local := d.Local.Addr()
	switch {
	case !local.IsValid() || local.Is4In6() || d.Local.Port() == 0:
		return fmt.Errorf("no socket of UDP is at %v", d.Local)
	case local.IsMulticast():
		return fmt.Errorf("a socket at the group address %v does not move: the program is to have it at its own address", local)
	case d.Remote.IsValid() && (local.Is4() != d.Remote.Addr().Is4() || d.Remote.Addr().Is4In6() || d.Remote.Port() == 0):
		return fmt.Errorf("no socket of UDP is between %v and %v", d.Local, d.Remote)
	}
	if len(d.Options) > optionsMost {
		return fmt.Errorf("a socket has %d options, more than %d", len(d.Options), optionsMost)
	}
	bytes := 0
	for _, one := range d.Unread {
		from, to := one.From.Addr(), one.To.Addr()
		switch {
		case !from.IsValid() || !to.IsValid() || from.Is4() != to.Is4() || from.Is4In6() || to.Is4In6():
			return fmt.Errorf("no datagram is from %v to %v", one.From, one.To)
		case local.Is4() && to.Is6():
			return fmt.Errorf("no datagram to %v comes to %v", one.To, d.Local)
		case len(one.Data) > datagramMost:
			return fmt.Errorf("a datagram of %d bytes, more than %d", len(one.Data), datagramMost)
		}
		if bytes += len(one.Data); bytes > queueMost {
			return fmt.Errorf("a queue of more than %d bytes", queueMost)
		}
	}
	return nil
}
