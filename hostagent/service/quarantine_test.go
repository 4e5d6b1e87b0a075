package service

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/hostagent/memory"
	"parley/models"
	"parley/models/bundle"
)

// A policy under which the agent dies three times is not enacted any more; one
// with another text is, and a start that lasted takes everything back.
func TestQuarantine(t *testing.T) {
	dir := t.TempDir()
	start := func(digest byte) error {
		q, err := newQuarantine(dir)
		if err != nil {
			t.Fatal(err)
		}
		return q.admit(bundle.Bundle{Digest: [32]byte{digest}})
	}
	for i := range diedMax {
		if err := start(1); err != nil {
			t.Fatalf("start %d: %v", i+1, err)
		}
	}
	err := start(1)
	if err == nil || !strings.Contains(err.Error(), "quarantined") || !strings.Contains(err.Error(), dir) {
		t.Fatalf("after %d deaths: got %v, want it quarantined, and how to lift that", diedMax, err)
	}
	if err := start(2); err != nil {
		t.Errorf("another text: %v", err)
	}
	if err := start(1); err != nil {
		t.Errorf("the first text again: %v", err)
	}
	for range 2 * diedMax {
		q, err := newQuarantine(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := q.admit(bundle.Bundle{Digest: [32]byte{3}}); err != nil {
			t.Fatalf("a policy whose starts last: %v", err)
		}
		if err := q.admit(bundle.Bundle{Digest: [32]byte{3}}); err != nil { // a reload
			t.Fatalf("a reload: %v", err)
		}
		if err := q.survived(); err != nil {
			t.Fatal(err)
		}
	}
}

// The agent runs without a quarantined policy, says so, and takes another one.
func TestQuarantinedAgent(t *testing.T) {
	dir := t.TempDir()
	policy := filepath.Join(dir, "policy.lcc")
	text, _ := models.Text("agility")
	writePolicy(t, policy, string(text))
	set, err := bundle.Load(policy)
	if err != nil {
		t.Fatal(err)
	}
	for range diedMax { // three lives that ended without a word
		q, err := newQuarantine(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := q.admit(set); err != nil {
			t.Fatal(err)
		}
	}
	d := begin(t, testConfig(dir, "h1", policy), testHost(t, memory.NewSite(memory.Options{}), "h1"))
	s := d.until(t, "the policy is refused", func(s Status) bool { return strings.Contains(s.Policy.Error, "quarantined") })
	if len(s.Policy.Models) != 0 {
		t.Errorf("models in force: got %v, want none", s.Policy.Models)
	}
	if err := d.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.until(t, "it is refused still", func(s Status) bool { return strings.Contains(s.Policy.Error, "quarantined") })
	writePolicy(t, policy, string(text)+"% mended\n")
	if err := d.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.until(t, "the mended one is in force", func(s Status) bool { return len(s.Policy.Models) == 1 && s.Policy.Error == "" })
}

// systemd hears that the agent is ready, that it lives, and that it stops.
func TestNotify(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	t.Setenv("NOTIFY_SOCKET", path)
	t.Setenv("WATCHDOG_USEC", "60000")
	t.Setenv("WATCHDOG_PID", "")
	if err := os.Unsetenv("WATCHDOG_PID"); err != nil {
		t.Fatal(err)
	}
	d := begin(t, testConfig(t.TempDir(), "h1", ""), testHost(t, memory.NewSite(memory.Options{}), "h1"))
	hears := func(want string) {
		t.Helper()
		buffer := make([]byte, 100)
		for {
			if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
				t.Fatal(err)
			}
			n, err := conn.Read(buffer)
			if errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatalf("systemd never heard %s", want)
			}
			if err != nil {
				t.Fatal(err)
			}
			if string(buffer[:n]) == want {
				return
			}
		}
	}
	hears("READY=1")
	hears("WATCHDOG=1")
	hears("WATCHDOG=1")
	d.stop()
	hears("STOPPING=1")
}
