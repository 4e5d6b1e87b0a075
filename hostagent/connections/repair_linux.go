package connections

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The queues of a socket in repair, and its options (linux/tcp.h, linux/sockios.h).
const (
	noQueue      = 0
	receiveQueue = 1
	sendQueue    = 2

	optionMSS        = 2
	optionScale      = 3
	optionSACK       = 4
	optionTimestamps = 8

	infoTimestamps = 1
	infoSACK       = 2
	infoScaling    = 4

	// maxSegmentMost is the most that TCP_MAXSEG takes (MAX_TCP_WINDOW of the kernel).
	maxSegmentMost = 32767

	established = 1
	unsentBytes = 0x894B // SIOCOUTQNSD
)

// Freeze stops a connection: nothing is sent, and what comes is not answered.
func Freeze(socket int) error {
	if err := unix.SetsockoptInt(socket, unix.IPPROTO_TCP, unix.TCP_REPAIR, 1); err != nil {
		return fmt.Errorf("freeze a connection (this needs CAP_NET_ADMIN): %w", err)
	}
	return nil
}

// Thaw lets a frozen connection continue here.
func Thaw(socket int) error {
	if err := unix.SetsockoptInt(socket, unix.IPPROTO_TCP, unix.TCP_REPAIR, 0); err != nil {
		return fmt.Errorf("let a frozen connection continue: %w", err)
	}
	return nil
}

// Drop closes a frozen connection without a packet, once it lives elsewhere.
func Drop(socket int) error { return unix.Close(socket) }

// Dump reads a frozen connection. It changes nothing of it.
func Dump(socket int) (Connection, error) {
	c, err := dump(socket)
	if err != nil {
		return Connection{}, fmt.Errorf("dump a connection: %w", err)
	}
	return c, c.Validate()
}

func dump(socket int) (c Connection, err error) {
	if c.Local, err = addressOf(unix.Getsockname(socket)); err != nil {
		return c, err
	}
	if c.Remote, err = addressOf(unix.Getpeername(socket)); err != nil {
		return c, err
	}
	if err := c.dumpOptions(socket); err != nil {
		return c, err
	}
	if c.Options, err = optionsOf(socket); err != nil {
		return c, err
	}
	got, err := c.dumpQueue(socket, receiveQueue, unix.SIOCINQ)
	if err != nil {
		return c, fmt.Errorf("what was received: %w", err)
	}
	c.ReceiveSeq, c.Unread = got.seq, got.bytes
	if got, err = c.dumpQueue(socket, sendQueue, unix.SIOCOUTQ); err != nil {
		return c, fmt.Errorf("what is to be sent: %w", err)
	}
	unsent, err := unix.IoctlGetInt(socket, unsentBytes)
	if err != nil {
		return c, err
	}
	if unsent > len(got.bytes) {
		return c, fmt.Errorf("%d bytes are not sent of %d", unsent, len(got.bytes))
	}
	acked := len(got.bytes) - unsent
	c.SendSeq, c.Unacked, c.Unsent = got.seq, got.bytes[:acked], got.bytes[acked:]
	return c, unix.SetsockoptInt(socket, unix.IPPROTO_TCP, unix.TCP_REPAIR_QUEUE, noQueue)
}

// Ends are the addresses of a socket of TCP; the remote one is not valid if it has none.
func Ends(socket int) (local, remote netip.AddrPort) {
	local, err := addressOf(unix.Getsockname(socket))
	if err != nil {
		return netip.AddrPort{}, remote
	}
	remote, _ = addressOf(unix.Getpeername(socket)) // it may have none
	return local, remote
}

// addressOf returns an address; one of IPv4 in a socket of IPv6 is one of IPv4.
func addressOf(address unix.Sockaddr, err error) (netip.AddrPort, error) {
	if err != nil {
		return netip.AddrPort{}, err
	}
	switch a := address.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port)), nil
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(a.Addr).Unmap(), uint16(a.Port)), nil
	}
	return netip.AddrPort{}, fmt.Errorf("%T is no address of TCP", address)
}

func (c *Connection) dumpOptions(socket int) error {
	info, err := unix.GetsockoptTCPInfo(socket, unix.IPPROTO_TCP, unix.TCP_INFO)
	if err != nil {
		return err
	}
	if info.State != established {
		return fmt.Errorf("%w: it is in state %d", ErrEnding, info.State)
	}
	c.Timestamps, c.SACK, c.Scaling = info.Options&infoTimestamps != 0, info.Options&infoSACK != 0, info.Options&infoScaling != 0
	// The kernel has two fields of four bits after the options, which the Go type leaves out.
	shifts := *(*byte)(unsafe.Add(unsafe.Pointer(info), unsafe.Offsetof(info.Options)+1))
	c.SendShift, c.ReceiveShift = shifts&0xf, shifts>>4
	mss, err := unix.GetsockoptInt(socket, unix.IPPROTO_TCP, unix.TCP_MAXSEG)
	if err != nil {
		return err
	}
	c.MSS = uint32(mss)
	stamp, err := unix.GetsockoptInt(socket, unix.IPPROTO_TCP, unix.TCP_TIMESTAMP)
	if err != nil {
		return err
	}
	c.Timestamp = uint32(stamp)
	size := uint32(unsafe.Sizeof(c.Window))
	if _, _, errno := unix.Syscall6(unix.SYS_GETSOCKOPT, uintptr(socket), unix.IPPROTO_TCP, unix.TCP_REPAIR_WINDOW,
		uintptr(unsafe.Pointer(&c.Window)), uintptr(unsafe.Pointer(&size)), 0); errno != 0 {
		return fmt.Errorf("its window: %w", errno)
	}
	return nil
}

// option is one of the kernel's, and its value.
type option struct {
	number int
	value  *uint32
}

// ofKeepAlive are the options of a socket that keeps its connection alive.
func (o *Options) ofKeepAlive() [3]option {
	return [3]option{{unix.TCP_KEEPIDLE, &o.KeepIdle}, {unix.TCP_KEEPINTVL, &o.KeepInterval}, {unix.TCP_KEEPCNT, &o.KeepCount}}
}

func optionsOf(socket int) (o Options, err error) {
	noDelay, err := unix.GetsockoptInt(socket, unix.IPPROTO_TCP, unix.TCP_NODELAY)
	if err != nil {
		return o, err
	}
	alive, err := unix.GetsockoptInt(socket, unix.SOL_SOCKET, unix.SO_KEEPALIVE)
	if err != nil {
		return o, err
	}
	o.NoDelay, o.KeepAlive = noDelay != 0, alive != 0
	if !o.KeepAlive {
		return o, nil
	}
	for _, one := range o.ofKeepAlive() {
		n, err := unix.GetsockoptInt(socket, unix.IPPROTO_TCP, one.number)
		if err != nil {
			return o, err
		}
		*one.value = uint32(n)
	}
	return o, nil
}

func (o Options) set(socket int) error {
	if o.NoDelay {
		if err := unix.SetsockoptInt(socket, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
			return err
		}
	}
	if !o.KeepAlive {
		return nil
	}
	for _, one := range o.ofKeepAlive() {
		if err := unix.SetsockoptInt(socket, unix.IPPROTO_TCP, one.number, int(*one.value)); err != nil {
			return err
		}
	}
	return unix.SetsockoptInt(socket, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1)
}

type queue struct {
	seq   uint32 // of the first byte
	bytes []byte
}

// dumpTries is how often a queue is read that changes meanwhile.
const dumpTries = 10

// dumpQueue reads a queue. An acknowledgement that was on its way when the socket froze takes
// bytes out of it: then it is read again.
func (c *Connection) dumpQueue(socket, which int, length uint) (q queue, err error) {
	if err := unix.SetsockoptInt(socket, unix.IPPROTO_TCP, unix.TCP_REPAIR_QUEUE, which); err != nil {
		return queue{}, err
	}
	for range dumpTries {
		var end, n, got int
		if end, err = unix.GetsockoptInt(socket, unix.IPPROTO_TCP, unix.TCP_QUEUE_SEQ); err != nil {
			return queue{}, err
		}
		if n, err = unix.IoctlGetInt(socket, length); err != nil {
			return queue{}, err
		}
		q = queue{seq: uint32(end) - uint32(n)}
		if n == 0 {
			return q, nil
		}
		q.bytes = make([]byte, n)
		got, _, err = unix.Recvfrom(socket, q.bytes, unix.MSG_PEEK|unix.MSG_DONTWAIT)
		if err == nil && got == n {
			return q, nil
		}
		if err == nil {
			err = fmt.Errorf("got %d bytes of %d", got, n)
		}
	}
	return q, err
}

// Place makes a socket for a connection in the network namespace of the calling thread.
// Its address must be there.
func Place(local netip.AddrPort) (socket int, err error) {
	if socket, err = newSocket(local); err != nil {
		return -1, fmt.Errorf("place a connection: %w", err)
	}
	// A frozen socket may have an address that others have, also one that listens; with
	// SO_REUSEADDR it would not be one that listens.
	if err = Freeze(socket); err == nil {
		err = unix.Bind(socket, sockaddr(local))
	}
	if err != nil {
		return -1, errors.Join(fmt.Errorf("place a connection at %v: %w", local, err), unix.Close(socket))
	}
	return socket, nil
}

// backlog is how many connections a socket that listens keeps that nobody has accepted; the
// kernel makes it what net.core.somaxconn allows.
const backlog = 4096

// Listen makes a socket that listens, in the network namespace of the calling thread.
func Listen(local netip.AddrPort) (socket int, err error) {
	if socket, err = newSocket(local); err != nil {
		return -1, fmt.Errorf("listen at %v: %w", local, err)
	}
	err = unix.SetsockoptInt(socket, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
	if err == nil {
		err = unix.Bind(socket, sockaddr(local))
	}
	if err == nil {
		err = unix.Listen(socket, backlog)
	}
	if err != nil {
		return -1, errors.Join(fmt.Errorf("listen at %v: %w", local, err), unix.Close(socket))
	}
	return socket, nil
}

// newSocket makes a socket for an address.
func newSocket(local netip.AddrPort) (int, error) {
	family := unix.AF_INET
	if local.Addr().Is6() {
		family = unix.AF_INET6
	}
	return unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
}

func sockaddr(a netip.AddrPort) unix.Sockaddr {
	if a.Addr().Is4() {
		return &unix.SockaddrInet4{Addr: a.Addr().As4(), Port: int(a.Port())}
	}
	return &unix.SockaddrInet6{Addr: a.Addr().As16(), Port: int(a.Port())}
}

// Fill makes a socket that was placed the connection. It stays frozen.
func Fill(socket int, c Connection) error {
	if err := c.Validate(); err != nil {
		return fmt.Errorf("fill a connection: %w", err)
	}
	if err := fill(socket, c); err != nil {
		return fmt.Errorf("fill the connection of %v and %v: %w", c.Local, c.Remote, err)
	}
	return nil
}

func fill(socket int, c Connection) error {
	set := func(option int, value uint32) error {
		return unix.SetsockoptInt(socket, unix.IPPROTO_TCP, option, int(value))
	}
	// Sequence numbers are taken by a closed socket only.
	if err := errors.Join(
		set(unix.TCP_REPAIR_QUEUE, receiveQueue), set(unix.TCP_QUEUE_SEQ, c.ReceiveSeq),
		set(unix.TCP_REPAIR_QUEUE, sendQueue), set(unix.TCP_QUEUE_SEQ, c.SendSeq),
	); err != nil {
		return fmt.Errorf("its sequence numbers: %w", err)
	}
	// The size of segments is computed here, and not again when the options come below: it
	// would be that of a peer that has named none.
	if err := set(unix.TCP_MAXSEG, min(c.MSS, maxSegmentMost)); err != nil {
		return fmt.Errorf("the size of its segments: %w", err)
	}
	if err := unix.Connect(socket, sockaddr(c.Remote)); err != nil {
		return fmt.Errorf("its peer: %w", err)
	}
	if err := set(unix.TCP_MAXSEG, 0); err != nil { // the program has set none
		return fmt.Errorf("the size of its segments: %w", err)
	}
	if err := unix.SetsockoptString(socket, unix.IPPROTO_TCP, unix.TCP_REPAIR_OPTIONS, c.options()); err != nil {
		return fmt.Errorf("its options: %w", err)
	}
	if c.Timestamps {
		if err := set(unix.TCP_TIMESTAMP, c.Timestamp); err != nil {
			return fmt.Errorf("its clock: %w", err)
		}
	}
	if err := set(unix.TCP_REPAIR_QUEUE, receiveQueue); err != nil {
		return err
	}
	if err := writeAll(socket, unix.SO_RCVBUF, c.Unread); err != nil {
		return fmt.Errorf("what was received: %w", err)
	}
	if !c.resends() {
		if err := set(unix.TCP_REPAIR_QUEUE, sendQueue); err != nil {
			return err
		}
		if err := writeAll(socket, unix.SO_SNDBUF, c.Unacked); err != nil {
			return fmt.Errorf("what was sent: %w", err)
		}
	}
	if err := set(unix.TCP_REPAIR_QUEUE, noQueue); err != nil {
		return err
	}
	window := string(unsafe.Slice((*byte)(unsafe.Pointer(&c.Window)), unsafe.Sizeof(c.Window)))
	if err := unix.SetsockoptString(socket, unix.IPPROTO_TCP, unix.TCP_REPAIR_WINDOW, window); err != nil {
		return fmt.Errorf("its window: %w", err)
	}
	if err := c.Options.set(socket); err != nil {
		return fmt.Errorf("what the program has set: %w", err)
	}
	return nil
}

// options are rows of struct tcp_repair_opt.
func (c Connection) options() string {
	var rows []byte
	add := func(code, value uint32) {
		rows = binary.NativeEndian.AppendUint32(binary.NativeEndian.AppendUint32(rows, code), value)
	}
	if c.SACK {
		add(optionSACK, 0)
	}
	if c.Scaling {
		add(optionScale, uint32(c.SendShift)|uint32(c.ReceiveShift)<<16)
	}
	if c.Timestamps {
		add(optionTimestamps, 0)
	}
	add(optionMSS, c.MSS)
	return string(rows)
}

// Release lets a connection live that was filled, and queues what the program had written
// and the kernel had not sent, or may have sent and lost. It returns what of that does not
// fit into the socket's queue: whoever owns the connection writes it before anything else.
func Release(socket int, c Connection) (rest []byte, err error) {
	if err := Thaw(socket); err != nil {
		return nil, err
	}
	rest = c.Unsent
	if c.resends() {
		rest = append(slices.Clip(c.Unacked), c.Unsent...)
	}
	for len(rest) > 0 {
		n, err := unix.Write(socket, rest)
		switch {
		case errors.Is(err, unix.EAGAIN):
			return rest, nil
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return rest, fmt.Errorf("what was not sent: %w", err)
		}
		rest = rest[n:]
	}
	return nil, nil
}

// writeAll fills a queue of a frozen socket, and makes its buffer larger as often as it is
// full: that of the first socket may have grown with the connection, and a new one's has not.
func writeAll(socket, buffer int, data []byte) error {
	for len(data) > 0 {
		n, err := unix.Write(socket, data)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.ENOMEM): // by the send queue and the receive queue
			if cannot := enlarge(socket, buffer); cannot != nil {
				return fmt.Errorf("%d bytes do not fit into its queue: %w", len(data), cannot)
			}
			continue
		case err != nil:
			return err
		}
		data = data[n:]
	}
	return nil
}

// enlarge doubles a buffer of a socket, within bounds, and leaves it to the kernel to make it
// larger still.
func enlarge(socket, buffer int) error {
	size, err := unix.GetsockoptInt(socket, unix.SOL_SOCKET, buffer)
	if err != nil {
		return err
	}
	if size >= bufferMost {
		return fmt.Errorf("its buffer has %d bytes already", size)
	}
	force := unix.SO_SNDBUFFORCE
	if buffer == unix.SO_RCVBUF {
		force = unix.SO_RCVBUFFORCE
	}
	// The kernel doubles what it is given, for its own need (socket(7)).
	if err := unix.SetsockoptInt(socket, unix.SOL_SOCKET, force, size); err != nil {
		return err
	}
	// A size that was set is one that stays, until this is said. Before Linux 5.14 it cannot be.
	err = unix.SetsockoptInt(socket, unix.SOL_SOCKET, unix.SO_BUF_LOCK, 0)
	if errors.Is(err, unix.ENOPROTOOPT) {
		return nil
	}
	return err
}
