package process

import (
	"net"

	"golang.org/x/sys/unix"

	"parley/hostagent/process/protocol"
)

// take hands sockets to a program. done is called once, when they are the program's or the
// connection to it has ended; until then the caller keeps the descriptors open.
func (l *link) take(list []held, done func()) {
	if len(list) == 0 {
		done()
		return
	}
	for len(list) > 0 {
		part := list[:min(len(list), protocol.TakeMost)]
		list = list[len(part):]
		m, fds := &protocol.Take{}, []int{}
		for _, h := range part {
			m.Conns, fds = append(m.Conns, h.Taken), append(fds, h.fd)
		}
		o := outgoing{message: m, rides: fds}
		if len(list) == 0 {
			o.done = done
		}
		l.queueUp(o)
	}
}

// writeRiding writes a line on whose first byte descriptors ride.
func writeRiding(conn net.Conn, line []byte, fds []int) error {
	n, _, err := conn.(*net.UnixConn).WriteMsgUnix(line[:1], unix.UnixRights(fds...), nil)
	if err == nil && n == 1 {
		_, err = conn.Write(line[1:])
	}
	return err
}
