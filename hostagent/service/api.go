package service

import (
	"context"
	"encoding/json"
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
func newAPI(path string, status func(context.Context) (Status, error)) (*api, error) {
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
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/status", func(w http.ResponseWriter, r *http.Request) {
		answer, err := status(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		// A client that went away is its own affair.
		_ = json.NewEncoder(w).Encode(answer)
	})
	return &api{
		listener: listener,
		server: &http.Server{
			Handler:           mux,
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

// AskStatus asks the agent that listens on the socket.
func AskStatus(ctx context.Context, socket string) (Status, error) {
	client := &http.Client{
		Timeout: 10 * time.Second,
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, "unix", socket)
			},
			DisableKeepAlives: true,
		},
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://parley/v1/status", nil)
	if err != nil {
		return Status{}, err
	}
	response, err := client.Do(request)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return Status{}, fmt.Errorf("no agent listens on %s: start `parley agent`, or name its socket with --socket", socket)
	case errors.Is(err, os.ErrPermission):
		return Status{}, fmt.Errorf("%s: permission denied: ask as the user of the agent or as a member of the socket's group", socket)
	case err != nil:
		return Status{}, fmt.Errorf("ask the agent on %s (does it run?): %w", socket, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return Status{}, fmt.Errorf("the agent on %s answered %s", socket, response.Status)
	}
	var status Status
	if err := json.NewDecoder(response.Body).Decode(&status); err != nil {
		return Status{}, fmt.Errorf("the answer of the agent on %s: %w", socket, err)
	}
	return status, nil
}
