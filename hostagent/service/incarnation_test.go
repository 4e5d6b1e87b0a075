package service

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/hostagent/config"
)

// Each start has a greater number than the one before, whatever the clock shows, and
// anomalies are logged.
func TestIncarnationsGrowWhateverTheClockSays(t *testing.T) {
	dir := t.TempDir()
	clock := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	start := func(now time.Time) (uint64, string) {
		var log strings.Builder
		incarnation := nextIncarnation(dir, now, slog.New(slog.NewTextHandler(&log, nil)))
		return incarnation, log.String()
	}
	first, said := start(clock.Add(24 * time.Hour))
	if first != uint64(clock.Add(24*time.Hour).UnixNano()) || !strings.Contains(said, "no earlier incarnation") {
		t.Errorf("the first incarnation is %d, told %q", first, said)
	}
	second, said := start(clock) // the clock was corrected
	if second != first+1 || !strings.Contains(said, "the clock was ahead") {
		t.Errorf("after the clock was set back: %d after %d, told %q", second, first, said)
	}
	third, said := start(clock.Add(48 * time.Hour))
	if third != uint64(clock.Add(48*time.Hour).UnixNano()) || said != "" {
		t.Errorf("with a clock that is right again: %d, told %q", third, said)
	}
	for _, text := range []string{"", "x", "-1", "99999999999999999999"} {
		if err := os.WriteFile(filepath.Join(dir, config.IncarnationFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if incarnation, said := start(clock); incarnation != uint64(clock.UnixNano()) || !strings.Contains(said, "is lost") {
			t.Errorf("with %q on disk: %d, told %q", text, incarnation, said)
		}
	}
}

// A number that cannot be stored does not prevent a start.
func TestAnIncarnationThatCannotBeSavedIsReported(t *testing.T) {
	var log strings.Builder
	dir := filepath.Join(t.TempDir(), "gone")
	if incarnation := nextIncarnation(dir, time.Unix(7, 0), slog.New(slog.NewTextHandler(&log, nil))); incarnation != 7e9 ||
		!strings.Contains(log.String(), "is not saved") {
		t.Errorf("got %d, told %q", incarnation, log.String())
	}
}
