package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/hostagent/config"
	"parley/hostagent/service"
)

// hookHost is a machine on which the agent may have been installed and started.
type hookHost struct {
	t   *testing.T
	dir string
	hookPlaces
}

func newHookHost(t *testing.T) hookHost {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	h := hookHost{t, dir, hookPlaces{at("etc/parley.yaml"), at("state"), at("state/hook-config"), at("hooks/qemu.d/50-parley"),
		at("state/hook-since")}}
	h.write("hooks/qemu.d/50-parley", "#!/bin/sh\n")
	return h
}

func (h hookHost) write(name, text string) string {
	h.t.Helper()
	path := filepath.Join(h.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		h.t.Fatal(err)
	}
	return path
}

// text is a configuration with a state directory.
func (h hookHost) text(state string) string {
	return fmt.Sprintf("state_dir: %[1]s\nkey: %[1]s/peer.key\nsocket: %[2]s/nobody\n", filepath.Join(h.dir, state), h.dir)
}

// printedID makes the key of a configuration, as `parley agent --print-id` does.
func (h hookHost) printedID(name string) {
	h.t.Helper()
	config, err := config.Read(h.write(name, h.text("state")))
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := service.Identity(config); err != nil {
		h.t.Fatal(err)
	}
}

// started writes a configuration and the files that the start of an agent with it
// leaves.
func (h hookHost) started(name, state string) {
	h.t.Helper()
	path := h.write(name, h.text(state))
	h.write(state+"/"+config.IncarnationFile, "1")
	config, err := config.Read(path)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := h.set(path, config); err != nil {
		h.t.Fatal(err)
	}
}

// ask runs the hook, and returns why the guest is refused.
func (h hookHost) ask() error {
	cmd := newHook()
	cmd.SetIn(strings.NewReader("<domain><uuid>u</uuid><memory unit='MiB'>96</memory><vcpu>1</vcpu></domain>"))
	cmd.SetErr(&strings.Builder{})
	cmd.SetContext(h.t.Context())
	return admit(cmd, "", h.hookPlaces)
}

// The hook checks migrations from the first start of an agent on, wherever its
// configuration and its key are, and changes nothing before.
func TestHookIsArmed(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(h hookHost)
		refused bool
	}{
		"nothing is there":              {func(hookHost) {}, false},
		"installed and never started":   {func(h hookHost) { h.write("etc/parley.yaml", h.text("state")) }, false},
		"installed, with another state": {func(h hookHost) { h.write("etc/parley.yaml", h.text("other")) }, false},
		"never started, a broken file":  {func(h hookHost) { h.write("etc/parley.yaml", "nonsense: [") }, false},
		"its id was printed":            {func(h hookHost) { h.printedID("etc/parley.yaml") }, false},
		"its id was printed, broken since": {func(h hookHost) {
			h.printedID("etc/parley.yaml")
			h.write("etc/parley.yaml", "nonsense: [")
		}, false},
		"started as usual":               {func(h hookHost) { h.started("etc/parley.yaml", "state") }, true},
		"with its state elsewhere":       {func(h hookHost) { h.started("etc/parley.yaml", "secret") }, true},
		"with a configuration elsewhere": {func(h hookHost) { h.started("srv/parley.yaml", "state") }, true},
		"with both elsewhere":            {func(h hookHost) { h.started("srv/parley.yaml", "secret") }, true},
		"started, and broken since": {func(h hookHost) {
			h.started("etc/parley.yaml", "state")
			h.write("etc/parley.yaml", "nonsense: [")
		}, true},
		"its state elsewhere, broken since": {func(h hookHost) {
			h.started("etc/parley.yaml", "secret")
			h.write("etc/parley.yaml", "nonsense: [")
		}, true},
		"started, and its file gone": {func(h hookHost) {
			h.started("srv/parley.yaml", "secret")
			_ = os.Remove(h.dir + "/srv/parley.yaml")
		}, true},
		"a mark that names nothing": {func(h hookHost) { h.write("state/hook-config", "") }, true},
		"moved back to the usual place": {func(h hookHost) {
			h.started("srv/parley.yaml", "secret")
			h.started("etc/parley.yaml", "state")
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHookHost(t)
			c.prepare(h)
			if err := h.ask(); (err != nil) != c.refused {
				t.Errorf("got %v, refused is %v", err, c.refused)
			}
		})
	}
}

// An agent without a hook leaves no mark: an agent that was started by hand as an
// experiment must decide nothing later.
func TestNoMarkWithoutHook(t *testing.T) {
	h := newHookHost(t)
	if err := os.Remove(h.hook); err != nil {
		t.Fatal(err)
	}
	h.started("srv/parley.yaml", "secret")
	if there(h.mark) {
		t.Error("a mark was left although no hook is installed")
	}
}

// A refusal of the agent is worded with its code, and with what to do instead.
func TestHookWordsRefusals(t *testing.T) {
	h := newHookHost(t)
	h.started("etc/parley.yaml", "state")
	listener, err := net.Listen("unix", filepath.Join(h.dir, "nobody"))
	if err != nil {
		t.Fatal(err)
	}
	agent := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusConflict)
		fmt.Fprint(w, `{"code": "no_deal", "detail": "no deal covers this migration"}`)
	})}
	var served sync.WaitGroup
	served.Go(func() { _ = agent.Serve(listener) })
	t.Cleanup(func() { _ = agent.Close(); served.Wait() })
	const want = "migration of u refused (no_deal): no deal covers this migration (move the guest with `parley migrate`"
	if err := h.ask(); err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want %q at the beginning", err, want)
	}
}
