package service

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"parley/hostagent/api"
	"parley/hostagent/audit"
	"parley/hostagent/memory"
	"parley/internal/atomicfile"
	"parley/models"
)

// An agent that starts on a full disk begins no deal and enacts no policy, reports it,
// and begins both without a restart once there is room.
func TestStartOnFullDisk(t *testing.T) {
	dir := t.TempDir()
	policy := filepath.Join(dir, "policy.lcc")
	text, _ := models.Text("agility")
	writePolicy(t, policy, string(text))
	// Writes there fail once, as on a full disk; the failed file is removed.
	for _, name := range []string{"journal.reserve", "audit.db"} {
		if err := os.Symlink("/dev/full", filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	d := prepared(t, testConfig(dir, "h1", policy), testHost(t, memory.NewSite(memory.Options{}), "h1"))
	d.policies.quarantine.replace = func(path string, _ []byte, _ fs.FileMode) error {
		d.policies.quarantine.replace = atomicfile.Write
		return &fs.PathError{Op: "write", Path: path, Err: syscall.ENOSPC}
	}
	d.start(t)
	d.until(t, "the disk is told of", func(s api.Status) bool {
		return strings.Contains(s.Idle.Detail, "no room to spare") && strings.Contains(s.Policy.Error, "no space left")
	})
	if text := metricsOf(t, d.config.Socket); !strings.Contains(text, "parley_journal_full 1") {
		t.Error("the metrics do not tell of the full disk")
	}
	if _, err := d.History(t.Context(), audit.Filter{}); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("history: got %v, want that the disk is full", err)
	}
	d.inbox.put(tick{})
	d.until(t, "the policy is in force and deals are begun", func(s api.Status) bool {
		return !s.Idle.Is() && s.Policy.Error == "" && len(s.Policy.Models) == 1
	})
	if log := d.log.String(); !strings.Contains(log, "there is room for the journal again") {
		t.Errorf("the log does not tell that there is room again:\n%s", log)
	}
	if text := metricsOf(t, d.config.Socket); !strings.Contains(text, "parley_journal_full 0") {
		t.Error("the metrics still tell of a full disk")
	}
}
