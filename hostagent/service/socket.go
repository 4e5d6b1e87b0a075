package service

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"parley/hostagent/serve"
)

// socketConnections bounds the simultaneous connections to the socket. Each user has a
// share of them, so that a user of the socket cannot block the admission check, which
// libvirt asks as root.
const socketConnections = 8192

// socket serves JSON over HTTP on a local socket. The file mode 0660 says who may use
// it.
type socket struct {
	server   *serve.Server
	listener net.Listener
}

// openSocket listens on the socket. It replaces a stale socket of a dead daemon of the
// same user; it never removes anything else.
func openSocket(path string, routes http.Handler) (*socket, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("directory of the socket: %w", err)
	}
	if err := removeLeftOver(path); err != nil {
		return nil, err
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("listen for the operator on %s: %w", path, err)
	}
	if err := os.Chmod(path, 0o660); err != nil {
		_ = listener.Close()
		return nil, fmt.Errorf("mode of the socket: %w", err)
	}
	return &socket{listener: listener, server: serve.New(listener, routes, serve.Limits{Connections: socketConnections})}, nil
}

// removeLeftOver removes a stale socket of a daemon of this user.
func removeLeftOver(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("socket: %w", err)
	case info.Mode().Type() != fs.ModeSocket:
		return fmt.Errorf("socket: %s is there and is no socket: it is left alone; name another path, or move it away", path)
	}
	if owner, known := ownerOf(info); known && owner != os.Geteuid() {
		return fmt.Errorf("socket: %s belongs to the user with the uid %d: it is left alone; name another path, or remove it", path, owner)
	}
	conn, err := net.DialTimeout("unix", path, time.Second)
	switch {
	case err == nil:
		_ = conn.Close()
		return fmt.Errorf("another agent answers on %s: stop it, or set another socket in the configuration", path)
	case !errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("socket: %s may belong to a program that runs (%w): it is left alone; name another path, or remove it", path, err)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("left-over socket: %w", err)
	}
	return nil
}

// serve answers until close is called.
func (a *socket) serve() error {
	if err := a.server.Serve(); err != nil {
		return fmt.Errorf("operator's socket: %w", err)
	}
	return nil
}

func (a *socket) close() error { return a.server.Close() }
