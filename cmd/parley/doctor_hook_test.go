package main

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Rewriting a file does not change its creation time.
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

// A daemon calls the hook if any hook existed when it started, whatever has been
// replaced since; if the directory is newer than the daemon there was none.
func TestHookIsCalled(t *testing.T) {
	past, future := time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	for name, c := range map[string]struct {
		prepare func(h hookHost)
		started time.Time
		called  bool
		err     error
	}{
		"a hook that is older than the daemon": {func(hookHost) {}, future, true, nil},
		"the first hook, in a new directory":   {func(hookHost) {}, past, false, nil},
		"the first hook, known to the agent":   {func(h hookHost) { h.noteHook(time.Now(), slog.Default()) }, past, false, nil},
		"replaced by a package since": {func(h hookHost) {
			h.noteHook(past.Add(-time.Minute), slog.Default())
			h.replace("hooks/qemu.d/50-parley")
			h.noteHook(time.Now(), slog.Default())
		}, past, true, nil},
		"beside the main hook, which is as new": {func(h hookHost) { h.replace("hooks/qemu") }, past, false, errHookUnknown},
		"made anew after there was none": {func(h hookHost) {
			h.noteHook(past.Add(-time.Minute), slog.Default())
			if err := os.Remove(h.hook); err != nil {
				h.t.Fatal(err)
			}
			h.noteHook(time.Now(), slog.Default())
			h.replace("hooks/qemu.d/50-parley")
			h.noteHook(time.Now(), slog.Default())
		}, past, false, nil},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHookHost(t)
			h.replace("hooks/qemu.d/50-parley")
			if _, known := madeAt(h.hook); !known {
				t.Skip("this file system does not tell when a file was made")
			}
			c.prepare(h)
			if got, err := h.called(c.started); got != c.called || !errors.Is(err, c.err) {
				t.Errorf("got %v, %v, want %v, %v", got, err, c.called, c.err)
			}
		})
	}
}

// replace replaces a hook as a package does: by a new file under the old name.
func (h hookHost) replace(name string) {
	h.t.Helper()
	path := h.write(name+".new", "#!/bin/sh\n")
	if err := errors.Join(os.Chmod(path, 0o755), os.Rename(path, filepath.Join(h.dir, name))); err != nil {
		h.t.Fatal(err)
	}
}
