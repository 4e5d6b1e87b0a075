//go:build linux

package container

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// hooked starts the hook as criu does, below a directory, and says how it ends.
func hooked(t *testing.T, h held, action string) (ends chan error) {
	t.Helper()
	hook := filepath.Join(t.TempDir(), "hook")
	if err := os.WriteFile(hook, []byte(hookText), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(hook)
	cmd.Env = []string{"CRTOOLS_SCRIPT_ACTION=" + action, "CRTOOLS_IMAGE_DIR=" + h.images(), "PATH=/bin:/usr/bin"}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := h.note(cmd.Process.Pid); err != nil {
		t.Fatal(err)
	}
	ends = make(chan error, 1)
	go func() { ends <- cmd.Wait() }()
	return ends
}

func TestHook(t *testing.T) {
	for word, ok := range map[string]bool{"go": true, "back": false} {
		t.Run(word, func(t *testing.T) {
			h := held{t.TempDir()}
			if err := h.prepare(); err != nil {
				t.Fatal(err)
			}
			ends := hooked(t, h, "post-dump")
			if is, err := h.until(t.Context(), h.isHeld); !is || err != nil {
				t.Fatalf("the hook does not hold: %v", err)
			}
			// Another agent, which knows the directory only, tells it.
			if err := (held{h.dir}).tell(t.Context(), word); err != nil {
				t.Errorf("tell: %v", err)
			}
			if got := <-ends == nil; got != ok {
				t.Errorf("the hook lets it go on: got %v, want %v", got, ok)
			}
			if err := h.tell(t.Context(), word); err != nil {
				t.Errorf("tell nobody: %v", err)
			}
		})
	}
}

// TestHookLetsOthersPass runs the hook at other steps, and in dumps that are not Parley's.
func TestHookLetsOthersPass(t *testing.T) {
	h := held{t.TempDir()}
	if err := h.prepare(); err != nil {
		t.Fatal(err)
	}
	if err := <-hooked(t, h, "pre-dump"); err != nil {
		t.Errorf("another step: %v", err)
	}
	if err := os.Remove(h.path("verdict")); err != nil {
		t.Fatal(err)
	}
	if err := <-hooked(t, h, "post-dump"); err != nil {
		t.Errorf("another's dump: %v", err)
	}
}

func TestUntilEndsWithTheContext(t *testing.T) {
	h := held{t.TempDir()}
	if err := h.note(os.Getpid()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.until(ctx, h.isHeld); err != context.Canceled {
		t.Errorf("got %v, want that it was cancelled", err)
	}
}

func TestMapping(t *testing.T) {
	for line, want := range map[string]uint64{
		"7f00-7f01 rw-s 00000000 08:01 1234 /srv/volumes/web/db": 1234,
		"7f00-7f01 r--s 00000000 08:01 1234 /srv/volumes/web/db": 0,
		"7f00-7f01 rw-p 00000000 08:01 1234 /srv/volumes/web/db": 0,
		"7f00-7f01 rw-s 00000000 00:01 0 /dev/zero":              0,
		"": 0,
	} {
		if got, ok := mapping(line); got != want || ok != (want != 0) {
			t.Errorf("%q: got %d and %v, want %d", line, got, ok, want)
		}
	}
}
