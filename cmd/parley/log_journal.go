package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"

	"github.com/coreos/go-systemd/v22/journal"
)

// journalHandler begins each line of a log with its priority, as journald reads it from
// standard error (sd-daemon(3)): without it `journalctl -p err` shows nothing.
type journalHandler struct {
	slog.Handler
	lines *journalLines
}

// journalLines writes lines, each with the priority of the record that is handled.
type journalLines struct {
	mu       sync.Mutex // held while a record is handled
	out      io.Writer
	priority journal.Priority
}

// newJournalHandler wraps a handler that writes each record by one call.
func newJournalHandler(out io.Writer, handler func(io.Writer) slog.Handler) slog.Handler {
	lines := &journalLines{out: out}
	return journalHandler{handler(lines), lines}
}

func (l *journalLines) Write(line []byte) (int, error) {
	prefix := fmt.Appendf(nil, "<%d>", l.priority)
	n, err := l.out.Write(append(prefix, line...))
	return max(0, n-len(prefix)), err
}

// Handle writes a record.
func (h journalHandler) Handle(ctx context.Context, r slog.Record) error {
	h.lines.mu.Lock()
	defer h.lines.mu.Unlock()
	switch {
	case r.Level >= slog.LevelError:
		h.lines.priority = journal.PriErr
	case r.Level >= slog.LevelWarn:
		h.lines.priority = journal.PriWarning
	case r.Level >= slog.LevelInfo:
		h.lines.priority = journal.PriInfo
	default:
		h.lines.priority = journal.PriDebug
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs returns a handler with more attributes.
func (h journalHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return journalHandler{h.Handler.WithAttrs(attrs), h.lines}
}

// WithGroup returns a handler that puts attributes into a group.
func (h journalHandler) WithGroup(name string) slog.Handler {
	return journalHandler{h.Handler.WithGroup(name), h.lines}
}
