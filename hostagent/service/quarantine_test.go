package service

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/hostagent/api"
	"parley/hostagent/memory"
	"parley/models"
	"parley/models/publish/bundle"
)

// A policy in whose Steps the agent dies three times is not enacted for an hour, then
// longer; a changed text is enacted, and a start that lasted resets the count.
func TestQuarantine(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	start := func(digest byte, dies bool) error {
		q, err := newQuarantine(dir, now)
		if err != nil {
			t.Fatal(err)
		}
		err = q.admit(bundle.Bundle{Digest: [32]byte{digest}}, now)
		if q.enter(); !dies {
			q.leave()
		}
		return err
	}
	dies := func(digest byte) {
		t.Helper()
		for i := range diedMax {
			if err := start(digest, true); err != nil {
				t.Fatalf("start %d: %v", i+1, err)
			}
		}
	}
	for range 4 * diedMax { // killed from outside
		if err := start(9, false); err != nil {
			t.Fatalf("deaths outside of Steps: %v", err)
		}
	}
	for _, lasts := range []time.Duration{time.Hour, 2 * time.Hour} {
		dies(1)
		err := start(1, false)
		if err == nil || !strings.Contains(err.Error(), "quarantined") || !strings.Contains(err.Error(), dir) {
			t.Fatalf("after %d deaths: got %v, want it quarantined, and how to lift that", diedMax, err)
		}
		now = now.Add(lasts - time.Minute)
		if err := start(1, false); err == nil {
			t.Errorf("after less than %v it is enacted", lasts)
		}
		now = now.Add(2 * time.Minute)
	}
	dies(1)
	if err := start(2, false); err != nil {
		t.Errorf("another text: %v", err)
	}
	if err := start(1, false); err != nil {
		t.Errorf("the first text again: %v", err)
	}
	for range 2 * diedMax {
		q, err := newQuarantine(dir, now)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // a start and a reload
			if err := q.admit(bundle.Bundle{Digest: [32]byte{3}}, now); err != nil {
				t.Fatalf("a policy whose starts last: %v", err)
			}
		}
		q.enter()
		if err := q.lasted(now.Add(liveLeast)); err != nil {
			t.Fatal(err)
		}
	}
}

// A clock that was ahead quarantines no policy for longer than a day.
func TestQuarantineUnderAClockThatWasAhead(t *testing.T) {
	now := time.Now()
	q := &quarantine{path: filepath.Join(t.TempDir(), "starts"), record: starts{Policy: strings.Repeat("00", 32), Until: now.AddDate(1, 0, 0)}}
	if err := q.admit(bundle.Bundle{}, now); err == nil || q.record.Until.After(now.Add(quarantineMost)) {
		t.Errorf("got %v until %v, want it kept out for a day at most", err, q.record.Until)
	}
	if q.over(now) || !q.over(now.Add(quarantineMost)) || q.over(now.Add(quarantineMost)) {
		t.Error("that it may be tried again is not told once")
	}
}

// The agent runs without a quarantined policy, reports it, and enacts another one.
func TestQuarantinedAgent(t *testing.T) {
	dir := t.TempDir()
	policy := filepath.Join(dir, "policy.lcc")
	text, _ := models.Text("agility")
	writePolicy(t, policy, string(text))
	set, err := bundle.Load(policy)
	if err != nil {
		t.Fatal(err)
	}
	for range diedMax { // three runs that ended during a Step
		q, err := newQuarantine(dir, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if err := q.admit(set, time.Now()); err != nil {
			t.Fatal(err)
		}
		q.enter()
	}
	d := begin(t, testConfig(dir, "h1", policy), testHost(t, memory.NewSite(memory.Options{}), "h1"))
	s := d.until(t, "the policy is refused", func(s api.Status) bool { return strings.Contains(s.Policy.Error, "quarantined") })
	if len(s.Policy.Models) != 0 {
		t.Errorf("models in force: got %v, want none", s.Policy.Models)
	}
	if err := d.reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.until(t, "it is refused still", func(s api.Status) bool { return strings.Contains(s.Policy.Error, "quarantined") })
	writePolicy(t, policy, string(text)+"% mended\n")
	if err := d.reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.until(t, "the mended one is in force", func(s api.Status) bool { return len(s.Policy.Models) == 1 && s.Policy.Error == "" })
}

// systemd is told that the agent is ready, alive and stopping.
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
