package main

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// This file determines whether libvirt calls the agent's hook. libvirt checks once,
// when its daemon starts, whether there is any hook for QEMU, and from then on runs all
// hooks that exist at each call. So it is enough that any hook existed at that time:
// this one, an earlier version that a package has since replaced, or another program's.
// A file records when it was created but not what it replaced, so the agent records
// since when it has seen a hook.

// errHookUnknown is doctor's answer if neither the files nor the record show it.
var errHookUnknown = errors.New("libvirt's hook is newer than its daemon, and it is not known whether there was one before: " +
	"without one the daemon calls it only after a restart")

// called says whether a daemon with this start time calls the hook.
func (p hookPlaces) called(started time.Time) (bool, error) {
	if since, known := p.since(); known && since.Before(started) {
		return true, nil
	}
	// If the directory itself is new, nothing in it was replaced.
	dir := filepath.Dir(p.hook)
	if made, known := madeAt(dir); known && made.After(started) && !there(mainHook(dir)) {
		return false, nil
	}
	return false, errHookUnknown
}

// since is the earliest known time at which a hook existed.
func (p hookPlaces) since() (earliest time.Time, known bool) {
	take := func(at time.Time, ok bool) {
		if ok && (!known || at.Before(earliest)) {
			earliest, known = at, true
		}
	}
	if text, err := os.ReadFile(p.seen); err == nil {
		at, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(string(text)))
		take(at, err == nil)
	}
	dir := filepath.Dir(p.hook)
	files, _ := filepath.Glob(filepath.Join(dir, "*")) // the pattern is valid
	for _, file := range append(files, mainHook(dir)) {
		if executable(file) {
			take(wasThereAt(file))
		}
	}
	return earliest, known
}

// mainHook is the hook beside a directory of hooks: /etc/libvirt/hooks/qemu.
func mainHook(dir string) string { return strings.TrimSuffix(dir, ".d") }

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// noteHook records since when a starting agent has seen a hook, and deletes the record
// if there is no hook.
func (p hookPlaces) noteHook(now time.Time, log *slog.Logger) {
	if err := p.note(now); err != nil {
		log.Warn("parley doctor may not know whether libvirt calls its hook after the hook is replaced", "event", "hook_not_dated",
			"file", p.seen, "error", err)
	}
}

func (p hookPlaces) note(now time.Time) error {
	if !executable(p.hook) {
		if err := os.Remove(p.seen); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	since, known := p.since()
	if !known || now.Before(since) {
		since = now
	}
	return leaveLine(p.seen, since.Format(time.RFC3339Nano))
}
