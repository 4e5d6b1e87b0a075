package service

import (
	"context"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/audit"
	"parley/hostagent/memory"
)

// A stale socket of a dead agent of ours is removed; anything else in its place is
// kept, and the error names it.
func TestSocketPlace(t *testing.T) {
	dir := t.TempDir()
	left := func(name, network string) string {
		path := filepath.Join(dir, name)
		if network == "unixgram" {
			conn, err := net.ListenUnixgram(network, &net.UnixAddr{Name: path, Net: network})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = conn.Close() })
			return path
		}
		listener, err := net.ListenUnix(network, &net.UnixAddr{Name: path, Net: network})
		if err != nil {
			t.Fatal(err)
		}
		listener.SetUnlinkOnClose(false)
		if err := listener.Close(); err != nil {
			t.Fatal(err)
		}
		return path
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(dir, "folder")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	cases := map[string]string{
		file: "is no socket", link: "is no socket", folder: "is no socket",
		left("gram", "unixgram"): "may belong to a program that runs",
		left("dead", "unix"):     "",
	}
	if os.Geteuid() == 0 {
		other := left("other", "unix")
		if err := os.Chown(other, 4711, -1); err != nil {
			t.Fatal(err)
		}
		cases[other] = "belongs to the user with the uid 4711"
	}
	for path, want := range cases {
		a, err := openSocket(path, nil)
		if want == "" {
			if err != nil {
				t.Errorf("%s: %v, want it taken over", path, err)
			} else if err := a.listener.Close(); err != nil {
				t.Error(err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want that it %s", path, err, want)
		}
		if _, err := os.Lstat(path); err != nil {
			t.Errorf("%s is not there any more: %v", path, err)
		}
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "precious" {
		t.Errorf("the file: got %q, %v, want it untouched", text, err)
	}
}

// Others cannot write where the journal is: the mode of a directory of ours is
// corrected, and a shared one is refused.
func TestStateDirOfOthers(t *testing.T) {
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	for mode, want := range map[os.FileMode]os.FileMode{0o700: 0o700, 0o755: 0o755, 0o777: 0o755, 0o770: 0o750, 0o722: 0o700} {
		dir := filepath.Join(t.TempDir(), "state")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		if err := openStateDir(dir, log); err != nil {
			t.Errorf("%o: %v", mode, err)
		}
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != want {
			t.Errorf("%o: got %v, %v, want %o", mode, info.Mode(), err, want)
		}
	}
	all := filepath.Join(t.TempDir(), "all")
	if err := os.Mkdir(all, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(all, 0o777|os.ModeSticky); err != nil {
		t.Fatal(err)
	}
	if err := openStateDir(all, log); err == nil || !strings.Contains(err.Error(), "others may write") {
		t.Errorf("a directory that all use: got %v, want it refused", err)
	}
	fresh := filepath.Join(t.TempDir(), "a", "b")
	if err := openStateDir(fresh, log); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(fresh); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("a new directory: got %v, %v, want 0700", info.Mode(), err)
	}
}

// The audit and the log show who gave an order.
func TestWhoOrdered(t *testing.T) {
	d := begin(t, testConfig(t.TempDir(), "h1", ""), testHost(t, memory.NewSite(memory.Options{}), "h1"))
	ask := api.Client{Socket: d.config.Socket}
	d.until(t, "the agent answers", func(api.Status) bool { return true })
	if err := ask.Order(t.Context(), api.Order{Do: "pause"}); err != nil {
		t.Fatal(err)
	}
	var orders []audit.Entry
	d.until(t, "the order is in the audit", func(api.Status) bool {
		list, err := ask.History(t.Context(), audit.Filter{Kind: "order"})
		orders = list
		return err == nil && len(list) == 1
	})
	e := orders[0]
	if e.UID == nil || int(*e.UID) != os.Getuid() || int(e.PID) != os.Getpid() || !strings.Contains(e.By, "uid") {
		t.Errorf("got by %q, uid %v, pid %d, want this process", e.By, e.UID, e.PID)
	}
	if err := ask.Order(t.Context(), api.Order{Do: "migrate", Guest: "nobody"}); codeOf(err) != hostagent.CodeAbsent {
		t.Errorf("an order about no guest: got %v, want the code %q", err, hostagent.CodeAbsent)
	}
	d.until(t, "the refused order is in the audit, with its code", func(api.Status) bool {
		list, err := ask.History(t.Context(), audit.Filter{Kind: "order"})
		return err == nil && len(list) == 2 && list[0].Code == string(hostagent.CodeAbsent)
	})
	if log := d.log.String(); !strings.Contains(log, "do=pause") || !strings.Contains(log, "by=") {
		t.Errorf("the log does not say who ordered:\n%s", log)
	}
}

// Only one bundle at a time is in memory; a request that does not get its turn fails.
func TestTurn(t *testing.T) {
	turns := newTurn()
	if !turns.take(t.Context()) {
		t.Fatal("the first got no turn")
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if turns.take(over) {
		t.Error("a second got the turn of the first")
	}
	turns.give()
	if !turns.take(t.Context()) {
		t.Error("nobody has the turn, and nobody gets it")
	}
}
