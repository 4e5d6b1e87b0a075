package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"parley/hostagent/config"
)

// A SIGHUP during the agent's start does not end it: the agent reads the configuration
// again once it runs. The test sends it at the first log line of the service.
func TestAgentKeepsHangupDuringStart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parley.yaml")
	text := "host: h1\nkey: key\nstate_dir: state\nsocket: s\nlisten: [/ip4/127.0.0.1/tcp/0]\n" +
		"platform: {kind: memory}\ncapacity: {cpu: 4, memory: 8GiB}\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := config.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancelCause(t.Context())
	defer end(nil)
	read := errors.New("the configuration was reloaded")
	lines := &logHooks{on: map[string]func(){
		"no earlier incarnation of this host is on record: this one is numbered by the clock": func() {
			if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
				end(fmt.Errorf("send SIGHUP: %w", err))
			}
		},
		read.Error(): func() { end(read) },
	}}
	if err := runAgent(ctx, path, config, slog.New(lines)); err != nil {
		t.Fatal(err)
	}
	if cause := context.Cause(ctx); !errors.Is(cause, read) {
		t.Errorf("got %v, want that the configuration is read again", cause)
	}
}

// logHooks calls a function when the log contains a text.
type logHooks struct{ on map[string]func() }

func (h *logHooks) Enabled(context.Context, slog.Level) bool { return true }
func (h *logHooks) WithAttrs([]slog.Attr) slog.Handler       { return h }
func (h *logHooks) WithGroup(string) slog.Handler            { return h }

func (h *logHooks) Handle(_ context.Context, r slog.Record) error {
	if f := h.on[r.Message]; f != nil {
		f()
	}
	return nil
}
