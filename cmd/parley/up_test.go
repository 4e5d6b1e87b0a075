package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/hostagent/api"
)

// upTest is a site of `parley up` that runs in this process.
type upTest struct {
	dir string
	out *syncedBuffer
	end func()
}

// startUp starts a site whose policies move nothing, and waits until it is there.
func startUp(t *testing.T, o upOptions) *upTest {
	t.Helper()
	t.Setenv("TMPDIR", t.TempDir())
	u := &upTest{out: &syncedBuffer{}}
	o.web.listen = "127.0.0.1:0"
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- runUp(ctx, u.out, o) }()
	stopped := false
	u.end = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the site ended with %v", err)
		}
	}
	t.Cleanup(u.end)
	late := time.After(patience)
	for {
		if found := regexp.MustCompile(`Ctrl-C ends the site and removes (\S+)\.\n`).FindStringSubmatch(u.out.String()); found != nil {
			u.dir = found[1]
			return u
		}
		select {
		case err := <-ended:
			stopped = true
			t.Fatalf("the site did not start: %v\n%s", err, u.out)
		case <-late:
			t.Fatalf("the site did not start: %s", u.out)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// parley runs a verb that asks the agent of a host.
func (u *upTest) parley(t *testing.T, host string, args ...string) (string, int) {
	t.Helper()
	var out strings.Builder
	code := run(append(args, "--socket", filepath.Join(u.dir, host, "sock")), strings.NewReader(""), &out, &out)
	return out.String(), code
}

// must runs a verb that succeeds, and whose output has a text.
func (u *upTest) must(t *testing.T, want, host string, args ...string) string {
	t.Helper()
	out, code := u.parley(t, host, args...)
	if code != 0 || !strings.Contains(out, want) {
		t.Fatalf("parley %s on %s: exit %d, want 0 and %q:\n%s", strings.Join(args, " "), host, code, want, out)
	}
	return out
}

// soon runs a verb until its output has a text, as a person repeats it.
func (u *upTest) soon(t *testing.T, want, host string, args ...string) {
	t.Helper()
	late := time.Now().Add(patience)
	for {
		out, code := u.parley(t, host, args...)
		if code == 0 && strings.Contains(out, want) {
			return
		}
		if time.Now().After(late) {
			t.Fatalf("parley %s on %s: exit %d, want 0 and %q:\n%s", strings.Join(args, " "), host, code, want, out)
		}
		<-time.After(50 * time.Millisecond)
	}
}

// smallestOn is the guest with the least memory on a host, which moves fastest.
func (u *upTest) smallestOn(t *testing.T, host string) string {
	t.Helper()
	var status api.Status
	if err := json.Unmarshal([]byte(u.must(t, "{", host, "status", "--json")), &status); err != nil {
		t.Fatal(err)
	}
	var least api.GuestStatus
	for _, g := range status.Guests {
		if least.Name == "" || g.Memory < least.Memory {
			least = g
		}
	}
	return least.Name
}

// drains drains a host and waits until it is empty; a watcher beside it sees that.
func (u *upTest) drains(t *testing.T, host string) {
	t.Helper()
	watched := &syncedBuffer{}
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() {
		s := siteFlags{watch: true, within: 2 * time.Second, outputFlags: outputFlags{format: "table"}, sort: "name"}
		a := agentFlags{socket: filepath.Join(u.dir, "host01", "sock")}
		if err := s.show(ctx, watched, &a, (&siteStatus{siteFlags: s}).render); err != nil {
			t.Errorf("watching ends with %v", err)
		}
	})
	group.Go(func() { u.must(t, "the host is empty", host, "drain") })
	u.must(t, host+" has no guest", "host01", "status", "--site", "--wait", "empty="+host)
	late := time.Now().Add(patience)
	for !strings.Contains(watched.String(), "drained") && time.Now().Before(late) {
		<-time.After(50 * time.Millisecond)
	}
	cancel()
	group.Wait()
	if out := watched.String(); !strings.Contains(out, "drained") || strings.Count(out, "HOST ") < 2 {
		t.Errorf("the watcher saw\n%s", out)
	}
}

// hostOf is the host that a guest is on.
func (u *upTest) hostOf(t *testing.T, guest string) string {
	t.Helper()
	return strings.TrimSpace(u.must(t, "host", "host01", "where", guest, "-o", "name"))
}

// An operator's verbs work on a site of `parley up`, a change of the policy is published
// as the command says, and nothing is left at the end.
func TestUp(t *testing.T) {
	u := startUp(t, upOptions{policy: "agility", hosts: 3, guests: 6, seed: 1, mode: "recommend"})
	u.soon(t, "3 hosts; laptop 1 on 3\n", "host01", "policy", "status")
	guest := u.smallestOn(t, "host01")
	u.must(t, "balance is active on 3 of 3 hosts", "host02", "status", "--site", "--wait", "active=balance")
	u.must(t, "host01", "host03", "where", guest, "-o", "name")
	u.must(t, "host01\n", "host02", "place", "--cores", "1", "--memory", "1GiB", "--near", guest, "-o", "name")
	u.must(t, "the guest "+guest+" is not here", "host02", "place", "--cores", "1", "--memory", "1GiB", "--near", guest)
	if out, code := u.parley(t, "host03", "place", "--cores", "1", "--memory", "1GiB", "--near", guest+"x"); code != 1 ||
		!strings.Contains(out, `has a guest "`+guest+`x": did you mean "`) {
		t.Errorf("near a guest that is nowhere: exit %d and %s", code, out)
	}
	if out, code := u.parley(t, "host03", "place", "--cores", "17", "--memory", "1GiB", "--label", "rack=a"); code != 1 ||
		!strings.Contains(out, "no host takes the guest: no_room on 2, label on 1") {
		t.Errorf("a guest that fits nowhere: exit %d and %s", code, out)
	}
	u.soon(t, guest+" would move to host03", "host01", "migrate", guest, "host03", "--dry-run")
	u.must(t, guest+" runs on host03", "host01", "migrate", guest, "host03")
	u.soon(t, guest, "host03", "status")
	u.soon(t, "host03\n", "host01", "where", guest, "-o", "name")
	u.must(t, "3 hosts; 6 guests; cpu ", "host01", "status", "--site")
	out, code := u.parley(t, "host01", "where", "nobody")
	if code != 1 || !strings.Contains(out, `no host that answered has a guest "nobody"`) {
		t.Errorf("parley where nobody: exit %d and %s", code, out)
	}
	if out, code := u.parley(t, "host01", "status", "--site", "--wait", "empty=host03", "--timeout", "1s"); code != 1 ||
		!strings.Contains(out, "it does not hold after 1s: host03 has ") {
		t.Errorf("a host that is not empty: exit %d and %s", code, out)
	}
	u.drains(t, "host03")
	u.soon(t, "done", "host01", "history", "--guest", guest)
	u.must(t, "is pinned", u.hostOf(t, guest), "pin", guest)
	u.must(t, "paused", "host02", "pause")

	t.Chdir(filepath.Join(u.dir, "policies"))
	model := filepath.Join("policies", upPolicy, "agility.lcc")
	text, err := os.ReadFile(model)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(model, append(text, "% changed\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	u.must(t, "release 2 of laptop is in force here", "host02", "policy", "publish", "--key", filepath.Join("..", upKey), "--no-simulation")

	u.end()
	if out := u.out.String(); !strings.HasSuffix(out, "the site has ended, and "+u.dir+" is removed\n") ||
		!strings.Contains(out, "host01 -> host03: "+guest+" has moved in ") {
		t.Errorf("got the output\n%s", out)
	}
	if _, err := os.Stat(u.dir); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", u.dir, err)
	}
}

// A site runs a policy of a file with all that it imports; explain names the library of a line.
func TestUpOfAFile(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"mine.lcc": "@import(\"waiting.lcc\")\nr(idle, initial).\na(idle, ID) :: a(waiting, ID)\n",
		"waiting.lcc": "@exports(waiting)\n\n@takes(idle)\nr(waiting, auxiliary).\n" +
			"a(waiting, ID) ::\n    null <- load(L) and L > 7 then\n    a(idle, ID)\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	u := startUp(t, upOptions{policy: filepath.Join(dir, "mine.lcc"), hosts: 2, guests: 4, seed: 1, mode: "auto"})
	u.must(t, "agent 1, begun in idle, plays ", "host01", "explain", upPolicy, "--agent", "0")
	u.must(t, "line 6 of waiting.lcc: null <- load(L) and L > 7", "host01", "explain", "mine", "--agent", "1")
}

// What a site did is gathered from its hosts as a scenario, with the policy that they enact.
func TestUpRecords(t *testing.T) {
	u := startUp(t, upOptions{policy: "agility", hosts: 3, guests: 6, seed: 1, mode: "recommend", loadsEvery: time.Second})
	guest := u.smallestOn(t, "host01")
	u.must(t, guest+" runs on host03", "host01", "migrate", guest, "host03")
	dir := filepath.Join(t.TempDir(), "yesterday")
	want := "in steps of 1s: 3 hosts, 6 guests (0 came, 0 went)\npolicies: agility; they moved 0 guests, and orders 1\n"
	for late := time.Now().Add(patience); ; {
		got, code := u.parley(t, "host02", "record", "--since", "1h", "--out", dir)
		if code == 0 && strings.Contains(got, want) {
			break
		}
		if time.Now().After(late) {
			t.Fatalf("got exit %d and\n%s, want %q", code, got, want)
		}
		<-time.After(time.Second) // hosts take many questions a second for misconduct
	}
	u.end()
	var out strings.Builder
	if code := run([]string{"sim", "run", dir, "--policy", "none"}, strings.NewReader(""), &out, &out); code != 0 ||
		!strings.Contains(out.String(), "3 hosts, 6 guests") {
		t.Errorf("the record does not run: exit %d and\n%s", code, out.String())
	}
	deals, err := os.ReadFile(filepath.Join(dir, "deals.jsonl"))
	if err != nil || !strings.Contains(string(deals), `"source":"host01","target":"host03","operator":true`) {
		t.Errorf("got the deals %q, %v", deals, err)
	}
}

// What the command cannot run is refused before anything is made.
func TestUpRefuses(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for args, want := range map[string]string{
		"--hosts 1":               "--hosts is 1: from 2 to 100",
		"--guests 900":            "--guests is 900: from 1 to 20 for each host",
		"--mode atuo":             `--mode: `,
		"--policy agilty":         `--policy: no file agilty, and no shipped model of that name: did you mean "agility"`,
		"--hosts 2 --guests 40":   "40 guests do not fit on 2 hosts: take fewer guests or more hosts",
		"--hosts 2 --guests 2 -x": "unknown shorthand flag",
		"--dir .":                 "--dir: . is there: remove it, or name a directory that is not",
		"--dir no/such":           "--dir: mkdir ",
	} {
		var out strings.Builder
		code := run(append([]string{"up"}, strings.Fields(args)...), strings.NewReader(""), &out, &out)
		if code == 0 || !strings.Contains(out.String(), want) {
			t.Errorf("parley up %s: got %d and %q, want an error with %q", args, code, out.String(), want)
		}
	}
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	if err != nil || len(left) > 0 {
		t.Errorf("got %v (%v) left, want nothing", left, err)
	}
}

// Where sockets cannot have the paths that they would get, it says what to do.
func TestUpInALongDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("d", 100))
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", dir)
	err := runUp(t.Context(), io.Discard, upOptions{hosts: 1, policy: "agility"})
	if err == nil || !strings.Contains(err.Error(), "name a shorter directory with --dir, or set TMPDIR to one") {
		t.Errorf("got %v, want that the directory is too long", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("got %v left, %v, want nothing", left, err)
	}
}
