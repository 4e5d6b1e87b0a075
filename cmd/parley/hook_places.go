package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"parley/hostagent/config"
	"parley/internal/atomicfile"
)

// hookPlaces are the files in which libvirt's hook looks for the agent of this host.
// The number of the agent's incarnation shows that it was started once: from then on
// migrations are checked. The key does not show it: `parley agent --print-id` makes it
// before the first start. The mark shows it too, and names the configuration, if this or
// its state directory has another path. The time since which a hook was seen is in a
// separate file (hook_since.go).
type hookPlaces struct{ config, state, mark, hook, seen string }

var hostPlaces = hookPlaces{
	config: "/etc/parley/parley.yaml",
	state:  config.Default().StateDir,
	mark:   filepath.Join(config.Default().StateDir, "hook-config"),
	hook:   hookPath,
	seen:   filepath.Join(config.Default().StateDir, "hook-since"),
}

// markBytes bounds the size of the mark, which contains a path.
const markBytes = 4096

// find reads the configuration of this host's agent; path is the requested one, or "".
// armed is false if no agent was ever started.
func (p hookPlaces) find(path string) (cfg config.Config, armed bool, err error) {
	if path != "" {
		cfg, err = config.Read(path)
		return cfg, true, err
	}
	marked, err := p.marked()
	if err != nil {
		return cfg, true, err
	}
	cfg, err = config.Read(p.config)
	switch {
	case err == nil && startedIn(cfg.StateDir), err == nil && marked == p.config:
		return cfg, true, nil
	case marked != "":
		cfg, err = config.Read(marked)
		return cfg, true, err
	case err != nil && startedIn(p.state):
		return cfg, true, err
	}
	return cfg, false, nil
}

// startedIn says whether an agent was started with a state directory.
func startedIn(state string) bool { return there(filepath.Join(state, config.IncarnationFile)) }

// marked is the configuration that the mark names; "" without a mark.
func (p hookPlaces) marked() (string, error) {
	file, err := os.Open(p.mark)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("the configuration of the agent is not known: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	text := make([]byte, markBytes)
	n, err := file.Read(text)
	if path := strings.TrimSpace(string(text[:n])); err == nil && filepath.IsAbs(path) {
		return path, nil
	}
	return "", fmt.Errorf("the configuration of the agent is not known: %s names no file: restart the agent", p.mark)
}

// markForHook lets libvirt's hook find the configuration of a starting agent.
func markForHook(path string, config config.Config, log *slog.Logger) {
	if config.Platform.Kind != "libvirt" {
		return
	}
	if err := hostPlaces.set(path, config); err != nil {
		log.Error("libvirt's hook does not find this configuration, and may admit migrations unchecked: write --config into it",
			"event", "hook_not_marked",
			"hook", hostPlaces.hook, "config", path, "error", err)
	}
	hostPlaces.noteHook(time.Now(), log)
}

// set writes the mark if libvirt's hook is installed and would not find the
// configuration, or its state directory, otherwise.
func (p hookPlaces) set(path string, config config.Config) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	marked, err := p.marked()
	usual := path == p.config && config.StateDir == p.state
	if !there(p.hook) || usual && marked == "" && err == nil || marked == path {
		return nil
	}
	return leaveLine(p.mark, path)
}

// leaveLine replaces a file by one line, atomically.
func leaveLine(path, line string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return atomicfile.Write(path, []byte(line+"\n"), 0o644)
}

// there says whether a file exists or may exist: a file that cannot be inspected
// counts.
func there(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
