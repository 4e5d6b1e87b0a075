package main

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

//go:embed shop.erl
var shopErl []byte

// errNoErlang says how to install Erlang.
var errNoErlang = errors.New("left out: erl and erlc are not installed (Debian: apt-get install erlang-base)")

// erlang is the shop compiled for Erlang, in its own directory.
type erlang struct{ dir string }

func newErlang() (*erlang, error) {
	for _, name := range []string{"erl", "erlc"} {
		if _, err := exec.LookPath(name); err != nil {
			return nil, errNoErlang
		}
	}
	dir, err := os.MkdirTemp("", "parley-speed-*")
	if err != nil {
		return nil, err
	}
	e := &erlang{dir}
	if err := os.WriteFile(filepath.Join(dir, "shop.erl"), shopErl, 0o600); err != nil {
		e.remove()
		return nil, err
	}
	compile := exec.Command("erlc", "shop.erl")
	compile.Dir = dir
	if out, err := compile.CombinedOutput(); err != nil {
		e.remove()
		return nil, fmt.Errorf("erlc: %w: %s", err, out)
	}
	return e, nil
}

func (e *erlang) remove() { _ = os.RemoveAll(e.dir) }

// run runs interactions between two Erlang processes and returns their duration,
// without the start of Erlang.
func (e *erlang) run(interactions, atOnce int) (time.Duration, error) {
	cmd := exec.Command("erl", "-noshell", "-s", "shop", "main", strconv.Itoa(interactions), strconv.Itoa(atOnce))
	cmd.Dir = e.dir
	out, err := cmd.Output()
	if err != nil {
		return 0, fmt.Errorf("erl: %w", err)
	}
	ns, err := strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("erl said %q", out)
	}
	return time.Duration(ns), nil
}
