package connections

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"golang.org/x/sys/unix"
)

// named is an option of a socket that moves with it.
type named struct {
	name          string
	level, number int
	force         int // the number by which it is set where that is another; else 0
}

// socketOptions are the options of sockets of UDP that move, in the order in which they are
// set. Those of IPv6 are not there in a socket of IPv4.
var socketOptions = []named{
	{"v6only", unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 0},
	{"reuse_address", unix.SOL_SOCKET, unix.SO_REUSEADDR, 0},
	{"reuse_port", unix.SOL_SOCKET, unix.SO_REUSEPORT, 0},
	{"broadcast", unix.SOL_SOCKET, unix.SO_BROADCAST, 0},
	{"receive_buffer", unix.SOL_SOCKET, unix.SO_RCVBUF, unix.SO_RCVBUFFORCE},
	{"send_buffer", unix.SOL_SOCKET, unix.SO_SNDBUF, unix.SO_SNDBUFFORCE},
	{"packet_info", unix.IPPROTO_IP, unix.IP_PKTINFO, 0},
	{"receive_tos", unix.IPPROTO_IP, unix.IP_RECVTOS, 0},
	{"tos", unix.IPPROTO_IP, unix.IP_TOS, 0},
	{"path_mtu", unix.IPPROTO_IP, unix.IP_MTU_DISCOVER, 0},
	{"packet_info6", unix.IPPROTO_IPV6, unix.IPV6_RECVPKTINFO, 0},
	{"receive_class6", unix.IPPROTO_IPV6, unix.IPV6_RECVTCLASS, 0},
	{"path_mtu6", unix.IPPROTO_IPV6, unix.IPV6_MTU_DISCOVER, 0},
	{"merge", unix.IPPROTO_UDP, unix.UDP_GRO, 0},
}

// absent says that a kind of socket has no such option.
func absent(err error) bool {
	return errors.Is(err, unix.ENOPROTOOPT) || errors.Is(err, unix.EOPNOTSUPP)
}

// DumpDatagrams reads a socket of UDP, from which nobody reads meanwhile. It changes nothing of
// it, and what came stays in it: if its program does not leave it reads that.
func DumpDatagrams(socket int) (Datagrams, error) {
	d, err := dumpDatagrams(socket)
	if err != nil {
		return Datagrams{}, fmt.Errorf("dump a socket of UDP: %w", err)
	}
	return d, d.Validate()
}

func dumpDatagrams(socket int) (d Datagrams, err error) {
	if d.Local, err = addressOf(unix.Getsockname(socket)); err != nil {
		return d, err
	}
	_, d.Remote = Ends(socket)
	d.Options = map[string]int{}
	for _, o := range socketOptions {
		value, err := unix.GetsockoptInt(socket, o.level, o.number)
		if absent(err) {
			continue
		}
		if err != nil {
			return d, fmt.Errorf("its option %s: %w", o.name, err)
		}
		d.Options[o.name] = value
	}
	d.Unread, err = peekAll(socket, d.Local)
	return d, err
}

// peekAll reads what came to a socket, and leaves it there. For the addresses that the
// datagrams were sent to it changes options of the socket for the time.
func peekAll(socket int, local netip.AddrPort) (list []Datagram, err error) {
	changed := []struct{ level, number, value int }{
		{unix.SOL_SOCKET, unix.SO_PEEK_OFF, 0}, {unix.IPPROTO_IP, unix.IP_PKTINFO, 1}, {unix.IPPROTO_IPV6, unix.IPV6_RECVPKTINFO, 1},
	}
	for _, c := range changed {
		before, failed := unix.GetsockoptInt(socket, c.level, c.number)
		if absent(failed) {
			continue
		}
		if failed == nil {
			failed = unix.SetsockoptInt(socket, c.level, c.number, c.value)
		}
		if failed != nil {
			return nil, failed
		}
		defer func() { err = errors.Join(err, unix.SetsockoptInt(socket, c.level, c.number, before)) }()
	}
	data, control := make([]byte, 1<<16), make([]byte, 256)
	for bytes := 0; bytes <= queueMost; {
		n, beside, _, from, err := unix.Recvmsg(socket, data, control, unix.MSG_PEEK|unix.MSG_DONTWAIT)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.EAGAIN):
			return list, nil
		case err != nil:
			return nil, fmt.Errorf("what came: %w", err)
		}
		parts, err := datagramsOf(data[:n], control[:beside], from, local)
		if err != nil {
			return nil, err
		}
		list = append(list, parts...)
		bytes += n
	}
	return list, nil
}

// datagramsOf makes one datagram of what was read, or several that the kernel has merged.
func datagramsOf(data, control []byte, from unix.Sockaddr, local netip.AddrPort) (list []Datagram, err error) {
	one := Datagram{To: local}
	if one.From, err = addressOf(from, nil); err != nil {
		return nil, err
	}
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil {
		return nil, err
	}
	size := len(data)
	for _, m := range messages {
		switch h := m.Header; {
		case h.Level == unix.IPPROTO_IP && h.Type == unix.IP_PKTINFO && len(m.Data) >= 12: // struct in_pktinfo: ipi_addr is last
			one.To = netip.AddrPortFrom(netip.AddrFrom4([4]byte(m.Data[8:12])), local.Port())
		case h.Level == unix.IPPROTO_IPV6 && h.Type == unix.IPV6_PKTINFO && len(m.Data) >= 16: // struct in6_pktinfo: the address is first
			one.To = netip.AddrPortFrom(netip.AddrFrom16([16]byte(m.Data[:16])).Unmap(), local.Port())
		case h.Level == unix.IPPROTO_UDP && h.Type == unix.UDP_GRO && len(m.Data) >= 4:
			size = int(binary.NativeEndian.Uint32(m.Data))
		}
	}
	for first := true; first || len(data) > 0; first = false {
		part := data
		if size > 0 && size < len(data) {
			part = data[:size]
		}
		one.Data, data = append([]byte{}, part...), data[len(part):]
		list = append(list, one)
	}
	return list, nil
}

// PlaceDatagrams makes a socket of UDP, in the network namespace of the calling thread. Its
// address must be there. Its queue is empty (Deliver).
func PlaceDatagrams(d Datagrams) (socket int, err error) {
	if err := d.Validate(); err != nil {
		return -1, err
	}
	family := unix.AF_INET
	if d.Local.Addr().Is6() {
		family = unix.AF_INET6
	}
	if socket, err = unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0); err != nil {
		return -1, fmt.Errorf("make a socket of UDP: %w", err)
	}
	if err = d.set(socket); err == nil {
		err = unix.Bind(socket, sockaddr(d.Local))
	}
	if err == nil && d.Remote.IsValid() {
		err = unix.Connect(socket, sockaddr(d.Remote))
	}
	if err != nil {
		return -1, errors.Join(fmt.Errorf("make a socket of UDP at %v: %w", d.Local, err), unix.Close(socket))
	}
	return socket, nil
}

// set gives a socket that is not bound yet its options.
func (d Datagrams) set(socket int) error {
	known := 0
	for _, o := range socketOptions {
		if _, is := d.Options[o.name]; is {
			known++
		}
	}
	if known < len(d.Options) {
		return fmt.Errorf("its options %v: this host does not know all: are both agents of one version?", slices.Sorted(maps.Keys(d.Options)))
	}
	for _, o := range socketOptions {
		value, is := d.Options[o.name]
		if !is {
			continue
		}
		number := o.number
		if o.force != 0 {
			number, value = o.force, value/2 // the kernel doubles it (socket(7))
		}
		if err := unix.SetsockoptInt(socket, o.level, number, value); err != nil && !absent(err) {
			return fmt.Errorf("its option %s: %w", o.name, err)
		}
	}
	return nil
}

// Deliver gives the sockets of the calling thread's network namespace a datagram, as if it had
// come from its sender. It goes over loopback, which must be up. own are the addresses of this
// network: one that was sent to many is delivered to the first of them that fits.
func Deliver(d Datagram, own []netip.Addr) error {
	to := d.To.Addr()
	if !slices.Contains(own, to) {
		if i := slices.IndexFunc(own, func(a netip.Addr) bool { return a.Is4() == d.From.Addr().Is4() }); i >= 0 {
			to = own[i]
		}
	}
	var family int
	var packet []byte
	var at unix.Sockaddr
	if from := d.From.Addr(); to.Is4() && from.Is4() {
		family, packet, at = unix.AF_INET, packet4(d, from, to), &unix.SockaddrInet4{Addr: to.As4()}
	} else if to.Is6() && from.Is6() {
		family, packet, at = unix.AF_INET6, packet6(d, from, to), &unix.SockaddrInet6{Addr: to.As16()}
	} else {
		return fmt.Errorf("no datagram is from %v to %v", d.From, to)
	}
	raw, err := unix.Socket(family, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.IPPROTO_RAW)
	if err != nil {
		return fmt.Errorf("deliver a datagram (this needs CAP_NET_RAW): %w", err)
	}
	defer func() { _ = unix.Close(raw) }()
	if err := unix.Sendto(raw, packet, 0, at); err != nil {
		return fmt.Errorf("deliver a datagram of %d bytes from %v: %w", len(d.Data), d.From, err)
	}
	return nil
}

const timeToLive = 64

// packet4 is a packet of IPv4 (RFC 791); the kernel fills in its length and checksum (raw(7)).
func packet4(d Datagram, from, to netip.Addr) []byte {
	p := make([]byte, 20, 20+8+len(d.Data))
	p[0], p[8], p[9] = 0x45, timeToLive, unix.IPPROTO_UDP
	a, b := from.As4(), to.As4()
	copy(p[12:], a[:])
	copy(p[16:], b[:])
	return appendUDP(p, d, a[:], b[:])
}

// packet6 is a packet of IPv6 (RFC 8200).
func packet6(d Datagram, from, to netip.Addr) []byte {
	p := make([]byte, 40, 40+8+len(d.Data))
	p[0], p[6], p[7] = 0x60, unix.IPPROTO_UDP, timeToLive
	binary.BigEndian.PutUint16(p[4:], uint16(8+len(d.Data)))
	a, b := from.As16(), to.As16()
	copy(p[8:], a[:])
	copy(p[24:], b[:])
	return appendUDP(p, d, a[:], b[:])
}

// appendUDP appends the header and the data of UDP, with a checksum (RFC 768).
func appendUDP(p []byte, d Datagram, from, to []byte) []byte {
	at := len(p)
	length := uint16(8 + len(d.Data))
	for _, n := range []uint16{d.From.Port(), d.To.Port(), length, 0} {
		p = binary.BigEndian.AppendUint16(p, n)
	}
	p = append(p, d.Data...)
	sum := uint32(unix.IPPROTO_UDP) + uint32(length)
	for _, part := range [][]byte{from, to, p[at:]} {
		for i := 0; i+1 < len(part); i += 2 {
			sum += uint32(binary.BigEndian.Uint16(part[i:]))
		}
		if len(part)%2 == 1 {
			sum += uint32(part[len(part)-1]) << 8
		}
	}
	for sum > 1<<16-1 {
		sum = sum>>16 + sum&(1<<16-1)
	}
	if sum = ^sum & (1<<16 - 1); sum == 0 {
		sum = 1<<16 - 1
	}
	binary.BigEndian.PutUint16(p[at+6:], uint16(sum))
	return p
}
