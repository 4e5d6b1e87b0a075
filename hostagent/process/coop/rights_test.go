package coop

import (
	"bufio"
	"errors"
	"net"
	"path/filepath"
	"syscall"
	"testing"
)

// TestSupervisorIsKilled: a supervisor that ends without having read what the program has
// said resets the connection, which the program notices as an error.
func TestSupervisorIsKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	conn, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	supervisor, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write([]byte("not read")); err != nil {
		t.Fatal(err)
	}
	if err := supervisor.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = bufio.NewReader(&rights{conn: conn.(*net.UnixConn)}).ReadByte()
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("got %v, want %v", err, syscall.ECONNRESET)
	}
}
