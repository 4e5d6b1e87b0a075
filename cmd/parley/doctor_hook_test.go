package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A file that is rewritten was made when it was made.
func TestRewrittenHookWasMadeBefore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "50-parley")
	if err := os.WriteFile(path, []byte("one"), 0o755); err != nil {
		t.Fatal(err)
	}
	before, known := madeAt(path)
	if !known {
		t.Skip("this file system does not tell when a file was made")
	}
	later := time.Now().Add(time.Hour)
	if err := os.WriteFile(path, []byte("another"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, later, later); err != nil {
		t.Fatal(err)
	}
	if after, _ := madeAt(path); !after.Equal(before) {
		t.Errorf("rewritten: got made at %v, want %v", after, before)
	}
}
