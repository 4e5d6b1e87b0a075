package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// A changed, a new and a removed text run the command again; another file does not. Each look
// makes the next change first, so that nothing depends on the order of goroutines.
func TestWatch(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) func() error {
		return func() error { return os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600) }
	}
	ctx, cancel := context.WithCancel(t.Context())
	ticks := make(chan time.Time)
	close(ticks) // there is always a tick
	changes := []func() error{
		write("a.lcc", "1"), write("notes.md", "no model"), write("a.lcc", "12"), write("a.txtar", "1"),
		func() error { return os.Remove(filepath.Join(dir, "a.txtar")) },
		func() error { cancel(); return nil },
	}
	looks := 0
	var runs []int // after which look
	watch(ctx, ticks, func() string {
		if looks < len(changes) {
			if err := changes[looks](); err != nil {
				t.Error(err)
			}
			looks++
		}
		return stampOf([]string{filepath.Join(dir, "a.lcc")})
	}, func() { runs = append(runs, looks) })
	if want := []int{1, 3, 4, 5}; !slices.Equal(runs, want) {
		t.Errorf("it ran after the looks %v, want %v", runs, want)
	}
}

func TestSayUnsaid(t *testing.T) {
	var out strings.Builder
	sayUnsaid(&out, nil)
	sayUnsaid(&out, wrongError{err: errors.New("a test failed"), said: true})
	if sayUnsaid(&out, errors.New("no file")); out.String() != "parley: no file\n" {
		t.Errorf("got %q, want the one that was not said", out.String())
	}
}
