package serve

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"os/user"
	"strconv"
)

// Caller is the process that asked on a local socket, as the kernel says.
type Caller struct {
	Known bool
	UID   uint32
	PID   int32
	// Login is the user who logged in, where the process runs as another one
	// now (sudo); nil where that is not known or the same.
	Login *uint32
	// Address is where the other end of a connection over TCP is; "" for a local socket.
	Address string
}

type callerKey struct{}

// CallerOf returns who sent the request of a context.
func CallerOf(ctx context.Context) Caller {
	caller, _ := ctx.Value(callerKey{}).(Caller)
	return caller
}

// callerOf asks the kernel about the other end of a connection that was just
// accepted: a process that has ended since has no login any more.
func callerOf(conn net.Conn) Caller {
	if local, ok := conn.(*net.UnixConn); ok {
		return peerOf(local)
	}
	return Caller{Address: conn.RemoteAddr().String()}
}

func (c Caller) user() string { return "uid " + strconv.FormatUint(uint64(c.UID), 10) }

// String names the caller for people, such as "alice (uid 1000, pid 4711)".
// A caller over TCP is known by its address alone.
func (c Caller) String() string {
	if !c.Known {
		return cmp.Or(c.Address, "unknown")
	}
	text := fmt.Sprintf("%s (uid %d, pid %d", nameOf(c.UID), c.UID, c.PID)
	if c.Login != nil {
		text += fmt.Sprintf(", logged in as %s, uid %d", nameOf(*c.Login), *c.Login)
	}
	return text + ")"
}

// Name is the user who asks, or who logged in before becoming that user; "unknown" where
// the kernel does not tell, or the address of a caller over TCP.
func (c Caller) Name() string {
	switch {
	case !c.Known:
		return cmp.Or(c.Address, "unknown")
	case c.Login != nil:
		return nameOf(*c.Login)
	}
	return nameOf(c.UID)
}

// nameOf is a user's name, "?" where the system knows none.
func nameOf(uid uint32) string {
	found, err := user.LookupId(strconv.FormatUint(uint64(uid), 10))
	if err != nil {
		return "?"
	}
	return found.Username
}
