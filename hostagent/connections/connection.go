package connections

import (
	"errors"
	"fmt"
	"net/netip"
)

// Connection is an established TCP connection as a value.
type Connection struct {
	Local        netip.AddrPort
	Remote       netip.AddrPort
	SendSeq      uint32 // of the first byte of Unacked and Unsent
	ReceiveSeq   uint32 // of the first byte of Unread
	MSS          uint32
	Scaling      bool // of windows, by the two shifts
	SendShift    uint8
	ReceiveShift uint8
	SACK         bool
	Timestamps   bool
	Timestamp    uint32
	Window       Window
	Options      Options
	Unread       []byte // came, and was not read
	Unacked      []byte // was sent, and is not acknowledged
	Unsent       []byte
}

// Options are what a program has set at its socket.
type Options struct {
	NoDelay   bool // TCP_NODELAY
	KeepAlive bool // SO_KEEPALIVE
	// Of a socket with KeepAlive, in seconds and as a number.
	KeepIdle, KeepInterval, KeepCount uint32
}

// Window is struct tcp_repair_window of the kernel.
type Window struct{ SendLast, Send, SendMost, Receive, ReceiveUpTo uint32 }

// ErrEnding is wrapped in the error about a connection that one end has begun to end: only
// an established one moves.
var ErrEnding = errors.New("the connection is not established, or not any more")

// queueMost bounds each queue of a connection.
const queueMost = 64 << 20

// bufferMost bounds the buffer of a queue, in which the kernel counts its own need too.
const bufferMost = 4 * queueMost

// shiftMost is the largest shift of a window (RFC 7323).
const shiftMost = 14

// resendMost is what a connection may send at once (RFC 6928: ten segments of the smallest
// size that is usual).
const resendMost = 10 * 536

// resends says whether what was sent and is not acknowledged is sent again at once. Whether it
// came nobody knows, as the connection was cut, and the kernel's timer begins with a second.
// What is more than can be sent at once must stay what was sent: an acknowledgement of it
// would be one of what was not.
func (c Connection) resends() bool { return len(c.Unacked) <= resendMost }

// Validate returns what is wrong with a connection, which may come from another host.
func (c Connection) Validate() error {
	switch local, remote := c.Local.Addr(), c.Remote.Addr(); {
	case !local.IsValid() || !remote.IsValid() || local.Is4() != remote.Is4() || local.Is4In6() || remote.Is4In6():
		return fmt.Errorf("no connection is between %v and %v", c.Local, c.Remote)
	case c.Local.Port() == 0 || c.Remote.Port() == 0:
		return errors.New("a connection without a port")
	case local.IsUnspecified() || remote.IsUnspecified() || local.IsMulticast() || remote.IsMulticast():
		return fmt.Errorf("no connection is between %v and %v", c.Local, c.Remote)
	case c.SendShift > shiftMost || c.ReceiveShift > shiftMost:
		return fmt.Errorf("windows are shifted by %d and %d bits, more than %d", c.SendShift, c.ReceiveShift, shiftMost)
	case c.MSS == 0 || c.MSS > 1<<16-1:
		return fmt.Errorf("segments of %d bytes", c.MSS)
	case len(c.Unread) > queueMost || len(c.Unacked) > queueMost || len(c.Unsent) > queueMost:
		return fmt.Errorf("queues of %d, %d and %d bytes, more than %d", len(c.Unread), len(c.Unacked), len(c.Unsent), queueMost)
	}
	return nil
}
