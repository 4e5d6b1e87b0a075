package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// watchEvery is how often --watch looks whether a file has changed.
const watchEvery = 300 * time.Millisecond

// watched runs a command now, and again each time a text or a test beside or below the
// arguments has changed, until it is interrupted. What the command finds is printed, and ends
// nothing.
func watched(cmd *cobra.Command, args []string, run func() error) error {
	ticks := time.NewTicker(watchEvery)
	defer ticks.Stop()
	out := cmd.OutOrStdout()
	watch(cmd.Context(), ticks.C, func() string { return stampOf(args) }, func() {
		sayUnsaid(out, run())
		fmt.Fprintf(out, "%s: waits for a change; Ctrl-C ends\n\n", time.Now().Format(time.TimeOnly))
	})
	return nil
}

// watch runs now, and at a tick at which the stamp is another one.
func watch(ctx context.Context, ticks <-chan time.Time, stamp func() string, run func()) {
	last := stamp()
	for run(); ; {
		select {
		case <-ctx.Done():
			return
		case <-ticks:
		}
		if now := stamp(); now != last {
			last = now
			run()
		}
	}
}

// sayUnsaid prints an error that was not printed yet.
func sayUnsaid(out io.Writer, err error) {
	var bad wrongError
	if err == nil || errors.As(err, &bad) && bad.said {
		return
	}
	printJudged(out, "parley: "+indented(err))
}

// stampOf changes with the models and tests in the directory of each file, and below each
// directory.
func stampOf(args []string) string {
	var stamp strings.Builder
	for _, arg := range args {
		dir, deep := arg, true
		if info, err := os.Stat(arg); err != nil || !info.IsDir() {
			dir, deep = filepath.Dir(arg), false
		}
		_ = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil: // it is gone: so it has changed
				return nil
			case entry.IsDir() && path != dir && !deep:
				return filepath.SkipDir
			case entry.IsDir() || filepath.Ext(path) != ".lcc" && filepath.Ext(path) != ".txtar":
				return nil
			}
			if info, err := entry.Info(); err == nil {
				fmt.Fprintln(&stamp, path, info.Size(), info.ModTime().UnixNano())
			}
			return nil
		})
	}
	return stamp.String()
}
