package service

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// api answers an operator on the local socket: JSON over HTTP, so that any
// client can ask. Who may open the socket may ask; its mode is 0660.
type api struct {
	server   *http.Server
	listener net.Listener
}

// newAPI listens on the socket. One that a dead daemon left is taken over; one
// that answers belongs to a daemon that runs.
func newAPI(path string, routes http.Handler) (*api, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("directory of the socket: %w", err)
	}
	if conn, err := net.DialTimeout("unix", path, time.Second); err == nil {
		_ = conn.Close()
		return nil, fmt.Errorf("another agent answers on %s: stop it, or set another socket in the configuration", path)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("left-over socket: %w", err)
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("listen for the operator on %s: %w", path, err)
	}
	if err := os.Chmod(path, 0o660); err != nil {
		_ = listener.Close()
		return nil, fmt.Errorf("mode of the socket: %w", err)
	}
	return &api{
		listener: listener,
		server: &http.Server{
			Handler:           routes,
			ReadHeaderTimeout: 5 * time.Second,
			WriteTimeout:      10 * time.Second,
			MaxHeaderBytes:    8 << 10,
		},
	}, nil
}

// serve answers until close is called.
func (a *api) serve() error {
	if err := a.server.Serve(a.listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("operator's socket: %w", err)
	}
	return nil
}

func (a *api) close() error {
	bounded, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return a.server.Shutdown(bounded)
}
