package main

import (
	"io"
	"log/slog"
	"regexp"
	"strings"
	"testing"
)

// Each line for journald begins with its priority, in both formats and with attributes.
func TestJournalPriorities(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		var out strings.Builder
		log := slog.New(newJournalHandler(&out, func(w io.Writer) slog.Handler { return logHandler(w, format, slog.LevelDebug) }))
		log.Debug("d")
		log.With("host", "h1").Info("i")
		log.WithGroup("g").Warn("w", "a", 1)
		log.Error("e")
		want := []string{"<7>", "<6>", "<4>", "<3>"}
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		if len(lines) != len(want) {
			t.Fatalf("%s: got %q, want a line for each record", format, lines)
		}
		for i, line := range lines {
			if !strings.HasPrefix(line, want[i]) || !regexp.MustCompile(`msg"?[=:]"?[diwe]`).MatchString(line) {
				t.Errorf("%s: got %q, want %s and the record", format, line, want[i])
			}
		}
	}
}
