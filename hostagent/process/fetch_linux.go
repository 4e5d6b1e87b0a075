package process

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"parley/hostagent/process/protocol"
)

// held is a socket of a program of which the supervisor has a descriptor of its own.
type held struct {
	protocol.Taken
	fd        int
	listens   bool
	datagrams bool // it is one of UDP
}

// fetch gets descriptors of a program's sockets, as it has numbered them.
func fetch(pid int, conns []protocol.Conn) (list []held, err error) {
	process, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return nil, fmt.Errorf("the program: %w", err)
	}
	defer func() { _ = unix.Close(process) }()
	defer func() {
		if err != nil {
			err = errors.Join(err, closeAll(list))
			list = nil
		}
	}()
	for _, c := range conns {
		fd, err := unix.PidfdGetfd(process, c.FD, 0)
		if err != nil {
			return list, fmt.Errorf("the socket %q of the program (this needs CAP_SYS_PTRACE): %w", c.Name, err)
		}
		list = append(list, held{Taken: protocol.Taken{Name: c.Name, Accepted: c.Accepted}, fd: fd})
		protocolOf, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_PROTOCOL)
		if err == nil && protocolOf == unix.IPPROTO_UDP {
			list[len(list)-1].datagrams = true
			continue
		}
		if err != nil || protocolOf != unix.IPPROTO_TCP {
			return list, fmt.Errorf("the descriptor %d (%q) of the program is no socket of plain TCP or of UDP, and only those move: "+
				"one of Multipath TCP is to be opened without it", c.FD, c.Name)
		}
		listens, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ACCEPTCONN)
		if err != nil {
			return list, err
		}
		list[len(list)-1].listens = listens != 0
	}
	return list, nil
}

// fetchAll gets descriptors of all sockets of TCP and UDP of a program.
func fetchAll(pid int) (list []held, err error) {
	dir := fmt.Sprintf("/proc/%d/fd", pid)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		fd, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		if to, err := os.Readlink(filepath.Join(dir, entry.Name())); err != nil || !strings.HasPrefix(to, "socket:") {
			continue
		}
		one, err := fetch(pid, []protocol.Conn{{FD: fd}})
		if err != nil {
			continue // closed since, or another kind of socket
		}
		list = append(list, one...)
	}
	return list, nil
}

func closeAll(list []held) (err error) {
	for _, h := range list {
		err = errors.Join(err, unix.Close(h.fd))
	}
	return err
}

// inRepair says whether a connection is frozen.
func (h held) inRepair() bool {
	is, err := unix.GetsockoptInt(h.fd, unix.IPPROTO_TCP, unix.TCP_REPAIR)
	return err == nil && is != 0
}
