package service

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"parley/hostagent/config"
	"parley/internal/atomicfile"
	"parley/peer/libp2p"
)

// This file keeps the number of this host's latest incarnation (peer.Options.Incarnation).
// Each start has a greater number, even after a clock that was ahead was corrected:
// other hosts treat what a lower incarnation says as late and ignore it.

// nextIncarnation returns the number of this run after making it durable. If the last number
// is lost, or the new one cannot be stored, it logs that and uses the clock: if that
// number is too low, the other hosts accept it once they have not heard the higher one
// for a while.
func nextIncarnation(stateDir string, now time.Time, log *slog.Logger) uint64 {
	path := filepath.Join(stateDir, config.IncarnationFile)
	last, err := readIncarnation(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		log.Info("no earlier incarnation of this host is on record: this one is numbered by the clock", "event", "incarnation_first",
			"file", path)
	case err != nil:
		log.Warn("the number of this host's last incarnation is lost: this one is numbered by the clock; if the clock was set back, other "+
			"hosts choose this one again within a minute", "event", "incarnation_lost",
			"file", path, "error", err)
	case last >= uint64(now.UnixNano()):
		log.Warn("the clock was ahead in an earlier run of this host, or is behind now: this incarnation is numbered after the last one and "+
			"not by the clock", "event", "incarnation_clock_behind",
			"last", time.Unix(0, int64(last)).UTC().Format(time.RFC3339), "now", now.UTC().Format(time.RFC3339))
	}
	incarnation := max(last+1, uint64(now.UnixNano()))
	if err := keepIncarnation(path, incarnation); err != nil {
		log.Warn("the number of this incarnation is not saved: make room in state_dir, or make it writable", "event", "incarnation_not_kept",
			"file", path, "error", err)
	}
	return incarnation
}

func readIncarnation(path string) (uint64, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	incarnation, err := strconv.ParseUint(strings.TrimSpace(string(data)), 10, 63)
	if err != nil {
		return 0, fmt.Errorf("it holds no number: %w", err)
	}
	return incarnation, nil
}

// keepIncarnation writes the number durably.
func keepIncarnation(path string, incarnation uint64) error {
	return atomicfile.Write(path, fmt.Appendln(nil, incarnation), 0o600)
}

// twinText describes recent signs of another process with this host's key.
func twinText(twin libp2p.Twin, is bool) string {
	switch {
	case !is:
		return ""
	case twin.Incarnation == 0:
		return "another agent runs with the key of this host; it was heard of at " + twin.At.UTC().Format(time.RFC3339)
	}
	return fmt.Sprintf("another agent runs with the key of this host, as incarnation %d; it was heard of at %s",
		twin.Incarnation, twin.At.UTC().Format(time.RFC3339))
}
