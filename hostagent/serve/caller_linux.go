package serve

import (
	"fmt"
	"math"
	"net"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// peerOf reads the credentials that the kernel noted when the other end connected.
func peerOf(conn *net.UnixConn) Caller {
	raw, err := conn.SyscallConn()
	if err != nil {
		return Caller{}
	}
	var credentials *unix.Ucred
	var failed error
	if err := raw.Control(func(fd uintptr) {
		credentials, failed = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
	}); err != nil || failed != nil {
		return Caller{}
	}
	c := Caller{Known: true, UID: credentials.Uid, PID: credentials.Pid}
	if login, ok := loginOf(credentials.Pid); ok && login != c.UID {
		c.Login = &login
	}
	return c
}

// loginOf is the user whose login a process belongs to; sudo does not change it.
func loginOf(pid int32) (uint32, bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/loginuid", pid))
	if err != nil {
		return 0, false
	}
	uid, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 32)
	return uint32(uid), err == nil && uid != math.MaxUint32
}
