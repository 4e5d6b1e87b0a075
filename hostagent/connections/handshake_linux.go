package connections

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unsafe"

	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// A handshake that is in flight cannot be taken out of the kernel: what a socket that listens
// knows of it is in no socket of its own yet. So it is let come to its end before the listening
// socket moves, while no other begins.

// noneNew drops a SYN, of which a peer notices that it has to send it again, and keeps what
// belongs to a handshake that has begun. It sees a segment from its header on.
var noneNew = [...]unix.SockFilter{
	{Code: unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, K: 13}, // its flags
	{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: 0x12},
	{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jf: 1, K: 0x02}, // SYN without ACK
	{Code: unix.BPF_RET | unix.BPF_K, K: 0},
	{Code: unix.BPF_RET | unix.BPF_K, K: 1<<32 - 1},
}

// BeginNone has a socket that listens begin no handshake. One that has a filter of its program
// stays as it is.
func BeginNone(listener int) error {
	has, err := filterOf(listener)
	if err != nil || has != nil {
		return err
	}
	program := noneNew
	if err := unix.SetsockoptSockFprog(listener, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER,
		&unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}); err != nil {
		return fmt.Errorf("begin no handshake: %w", err)
	}
	return nil
}

// BeginAgain undoes BeginNone, also that of an agent that has ended.
func BeginAgain(listener int) error {
	has, err := filterOf(listener)
	if err != nil || len(has) != len(noneNew) || [len(noneNew)]unix.SockFilter(has) != noneNew {
		return err
	}
	if err := unix.SetsockoptInt(listener, unix.SOL_SOCKET, unix.SO_DETACH_FILTER, 0); err != nil {
		return fmt.Errorf("begin handshakes again: %w", err)
	}
	return nil
}

// filterMost is how many instructions a filter may have (BPF_MAXINSNS).
const filterMost = 4096

// filterOf returns the filter of a socket; nil if it has none.
func filterOf(socket int) ([]unix.SockFilter, error) {
	space := make([]unix.SockFilter, filterMost)
	count := uint32(len(space)) // the kernel counts instructions here, not bytes
	if _, _, errno := unix.Syscall6(unix.SYS_GETSOCKOPT, uintptr(socket), unix.SOL_SOCKET, unix.SO_GET_FILTER,
		uintptr(unsafe.Pointer(&space[0])), uintptr(unsafe.Pointer(&count)), 0); errno != 0 {
		return nil, fmt.Errorf("the filter of a socket: %w", errno)
	}
	if count == 0 {
		return nil, nil
	}
	return space[:count], nil
}

// inFlight asks for sockets of TCP whose handshake is in flight (struct inet_diag_req_v2).
type inFlight struct{ family byte }

const (
	inFlightBytes = 56
	synReceived   = 3
)

func (inFlight) Len() int { return inFlightBytes }

func (f inFlight) Serialize() []byte {
	b := make([]byte, inFlightBytes)
	b[0], b[1] = f.family, unix.IPPROTO_TCP
	binary.NativeEndian.PutUint32(b[4:], 1<<synReceived)
	return b
}

// Handshakes counts those in flight in the network namespace of the calling thread.
func Handshakes() (n int, err error) {
	for _, family := range []byte{unix.AF_INET, unix.AF_INET6} {
		request := nl.NewNetlinkRequest(nl.SOCK_DIAG_BY_FAMILY, unix.NLM_F_DUMP)
		request.AddData(inFlight{family})
		list, failed := request.Execute(unix.NETLINK_INET_DIAG, 0)
		n, err = n+len(list), errors.Join(err, failed)
	}
	if err != nil {
		return 0, fmt.Errorf("the handshakes in flight: %w", err)
	}
	return n, nil
}
