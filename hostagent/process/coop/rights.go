package coop

import (
	"fmt"
	"net"
	"syscall"

	"parley/hostagent/process/protocol"
)

// rights reads from a supervisor, and keeps the descriptors that ride on its lines, in their
// order.
type rights struct {
	conn *net.UnixConn
	held []int
	oob  [4096]byte
}

func (r *rights) Read(into []byte) (int, error) {
	n, oob, _, _, err := r.conn.ReadMsgUnix(into, r.oob[:])
	n = max(n, 0) // it is -1 after an error such as ECONNRESET
	if oob == 0 || err != nil {
		return n, err
	}
	list, err := syscall.ParseSocketControlMessage(r.oob[:oob])
	if err != nil {
		return n, err
	}
	for _, m := range list {
		got, err := syscall.ParseUnixRights(&m)
		if err != nil {
			return n, err
		}
		for _, fd := range got {
			syscall.CloseOnExec(fd)
		}
		r.held = append(r.held, got...)
	}
	return n, nil
}

// take removes the descriptors of a line.
func (r *rights) take(m *protocol.Take) (list []taken, err error) {
	if len(r.held) < len(m.Conns) {
		return nil, fmt.Errorf("%d sockets came of %d", len(r.held), len(m.Conns))
	}
	for i, c := range m.Conns {
		list = append(list, taken{c, r.held[i]})
	}
	r.held = r.held[len(m.Conns):]
	return list, nil
}

// taken is a socket that the supervisor has handed over.
type taken struct {
	protocol.Taken
	fd int
}
