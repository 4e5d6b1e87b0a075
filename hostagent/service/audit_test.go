package service

import (
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"parley/hostagent/api"
	"parley/hostagent/audit/store"
	"parley/hostagent/memory"
	"parley/peer/libp2p"
)

// The agent signs its audit with its key, verifies it, and reports when it has been
// changed.
func TestAuditHoldsTogether(t *testing.T) {
	dir := t.TempDir()
	config, platform := testConfig(dir, "h1", ""), testHost(t, memory.NewSite(memory.Options{}), "h1")
	d := begin(t, config, platform)
	ask := api.Client{Socket: config.Socket}
	d.until(t, "the agent answers", func(api.Status) bool { return true })
	for _, inLoop := range []string{"pause", "resume", "pause"} {
		if err := ask.Order(t.Context(), api.Order{Do: inLoop}); err != nil {
			t.Fatal(err)
		}
	}
	d.until(t, "the orders are in the audit", func(api.Status) bool {
		r, err := ask.VerifyAudit(t.Context())
		return err == nil && r.Entries >= 3 && len(r.Faults) == 0 && r.Checkpoint.Host == string(d.PeerID())
	})
	d.stop()
	path := filepath.Join(dir, "audit.db")
	signer := store.Signer{Host: string(d.PeerID()), Verify: libp2p.VerifyBy}
	if r, err := store.VerifyFile(path, store.CheckpointPath(path), signer); err != nil || len(r.Faults) != 0 {
		t.Errorf("the file: got %+v, %v, want no fault", r, err)
	}
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(func(tx *bolt.Tx) error {
		key, _ := tx.Bucket([]byte("entries")).Cursor().First()
		return tx.Bucket([]byte("entries")).Delete(key)
	}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	d = begin(t, config, platform)
	d.until(t, "the status tells of it", func(s api.Status) bool {
		return len(s.Audit.Faults) > 0 && strings.Contains(s.Audit.Faults[0], "missing")
	})
	if r, err := ask.VerifyAudit(t.Context()); err != nil || len(r.Faults) == 0 {
		t.Errorf("got %+v, %v, want what is missing", r, err)
	}
	if log := d.log.String(); !strings.Contains(log, "the audit is inconsistent") {
		t.Errorf("the log does not tell:\n%s", log)
	}
}
