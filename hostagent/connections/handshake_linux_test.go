package connections

import (
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestHandshakes: a handshake that has begun comes to its end at a socket that begins no other,
// and a later one is late, and not refused.
func TestHandshakes(t *testing.T) {
	inNetwork(t, func(t *testing.T) {
		listener, err := Listen(netip.MustParseAddrPort("127.0.0.1:7000"))
		if err != nil {
			t.Fatal(err)
		}
		defer unix.Close(listener)
		// The first one does not hear the answer at first.
		first, err := newSocket(netip.MustParseAddrPort("127.0.0.1:7000"))
		if err != nil {
			t.Fatal(err)
		}
		defer unix.Close(first)
		deaf := []unix.SockFilter{{Code: unix.BPF_RET | unix.BPF_K, K: 0}}
		if err := unix.SetsockoptSockFprog(first, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER,
			&unix.SockFprog{Len: 1, Filter: &deaf[0]}); err != nil {
			t.Fatal(err)
		}
		at := &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}, Port: 7000}
		if err := unix.Connect(first, at); !errors.Is(err, unix.EINPROGRESS) {
			t.Fatalf("connect: got %v, want %v", err, unix.EINPROGRESS)
		}
		if n, err := Handshakes(); err != nil || n != 1 {
			t.Fatalf("Handshakes: got %d, %v, want 1", n, err)
		}
		if err := BeginNone(listener); err != nil {
			t.Fatal(err)
		}
		if err := unix.SetsockoptInt(first, unix.SOL_SOCKET, unix.SO_DETACH_FILTER, 0); err != nil {
			t.Fatal(err)
		}
		if n, err := unix.Poll([]unix.PollFd{{Fd: int32(first), Events: unix.POLLOUT}}, 10_000); err != nil || n != 1 {
			t.Fatalf("the handshake does not end: %d, %v", n, err)
		}
		if n, err := Handshakes(); err != nil || n != 0 {
			t.Errorf("Handshakes: got %d, %v, want 0", n, err)
		}
		var failed net.Error
		if conn, err := net.DialTimeout("tcp4", "127.0.0.1:7000", 100*time.Millisecond); !errors.As(err, &failed) || !failed.Timeout() {
			t.Errorf("a later handshake: got %v, %v, want none", conn, err)
		}
		if err := errors.Join(BeginAgain(listener), BeginAgain(listener)); err != nil {
			t.Fatal(err)
		}
		conn, err := net.DialTimeout("tcp4", "127.0.0.1:7000", 10*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestOwnFilter: a listening socket keeps the filter of its program.
func TestOwnFilter(t *testing.T) {
	inNetwork(t, func(t *testing.T) {
		listener, err := Listen(netip.MustParseAddrPort("127.0.0.1:7000"))
		if err != nil {
			t.Fatal(err)
		}
		defer unix.Close(listener)
		own := []unix.SockFilter{{Code: unix.BPF_RET | unix.BPF_K, K: 1 << 16}}
		if err := unix.SetsockoptSockFprog(listener, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER,
			&unix.SockFprog{Len: 1, Filter: &own[0]}); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(BeginNone(listener), BeginAgain(listener)); err != nil {
			t.Fatal(err)
		}
		if has, err := filterOf(listener); err != nil || len(has) != 1 || has[0] != own[0] {
			t.Errorf("the filter: got %v, %v, want %v", has, err, own)
		}
	})
}
