//go:build linux

package container

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	specs "github.com/opencontainers/runtime-spec/specs-go"

	"parley/hostagent"
	"parley/hostagent/handover"
	"parley/hostagent/volume"
)

func TestRoundOf(t *testing.T) {
	for part, want := range map[string]int{"memory/1": 1, "memory/64": 64, "memory/65": 0, "memory/0": 0, "memory/01": 0, "memory/../1": 0,
		"memory": 0, "memory/-1": 0, "root": 0} {
		if got := roundOf(part); got != want {
			t.Errorf("%s: got %d, want %d", part, got, want)
		}
	}
}

// script writes a program of the tests.
func script(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTracks(t *testing.T) {
	o := Options{Bundles: "/b", Volumes: "/v", State: "/s"}
	for says, want := range map[string]bool{"exit 0": true, "exit 1": false} {
		o.Criu = script(t, `[ "$*" = "check --feature mem_dirty_track" ] || exit 7`+"\n"+says+"\n")
		if got := Tracks(t.Context(), o); got != want {
			t.Errorf("criu's %q: got %v, want %v", says, got, want)
		}
	}
}

// fakeRunc takes a round of memory, and says where and after which.
const fakeRunc = `while [ $# -gt 0 ]; do case $1 in --image-path) images=$2 ;; --parent-path) parent=$2 ;; esac; shift; done
[ -z "$parent" ] || ln -s "$parent" "$images/parent"
echo pages >"$images/pages-1.img"
`

// Rounds of memory follow one another, each in its directory, and go as parts of their
// own; where one fails, the memory goes once.
func TestMemoryGoesInRounds(t *testing.T) {
	o := leftSite(t, 0)
	o.State, o.Memory = t.TempDir(), t.TempDir()
	o.Runc = script(t, fakeRunc)
	s := &site{Options: o, engines: []engine{runc{o, 1}}, leaving: leaving{guests: map[hostagent.GuestID]*copied{}}}
	s.leaving.begin("shop", 1, true)
	h := held{s.memory("shop")}
	to := &parts{dir: t.TempDir()}
	for n := range 2 {
		sent, err := s.sendMemory(t.Context(), "shop", move{}, to)
		if err != nil || sent != int64(len("pages\n")) {
			t.Fatalf("round %d: sent %d bytes, %v", n+1, sent, err)
		}
	}
	if want := []string{"memory/1", "memory/2"}; !slices.Equal(to.names, want) {
		t.Errorf("parts: got %v, want %v", to.names, want)
	}
	if parent, err := os.Readlink(filepath.Join(h.round(2), "parent")); err != nil || filepath.Join(h.round(2), parent) != h.round(1) {
		t.Errorf("the round before the second is %s, %v", parent, err)
	}
	own := move{Arriving: true}
	for n, name := range to.names {
		dir, err := own.partOf(o, "shop", place{}, name)
		if err != nil || dir != h.round(n+1) {
			t.Errorf("%s is taken to %s, %v; want %s", name, dir, err, h.round(n+1))
		}
	}
	if got := h.before(h.rounds() + 1); !slices.Equal(got, []string{"--parent-path", "../round-2"}) {
		t.Errorf("the last images come after %v", got)
	}
	s.engines = []engine{runc{Options{Runc: script(t, "echo no tracking >&2; exit 1"), Logger: o.Logger}, 1}}
	s.Logger = o.Logger
	for range 2 {
		if sent, err := s.sendMemory(t.Context(), "shop", move{}, to); err != nil || sent != 0 {
			t.Errorf("a round that fails: sent %d bytes, %v", sent, err)
		}
	}
	if len(to.names) != 2 || h.rounds() != 0 {
		t.Errorf("after a round that failed: parts %v, %d rounds are there", to.names, h.rounds())
	}
}

// TestMemoryIsWholeAfterRounds has criu and runc write a container in rounds and restore it.
func TestMemoryIsWholeAfterRounds(t *testing.T) {
	program := os.Getenv("PARLEY_STATIC")
	o := Options{Bundles: t.TempDir(), Volumes: "/v", State: t.TempDir(), Memory: t.TempDir()}
	o, err := o.withDefaults()
	switch {
	case err != nil:
		t.Fatal(err)
	case os.Geteuid() != 0 || program == "":
		t.Skip("it runs a container: as root, set PARLEY_STATIC to examples/guests/server, built with CGO_ENABLED=0 and -buildmode=exe")
	case !Tracks(t.Context(), o):
		t.Skip("criu check --feature mem_dirty_track: the kernel does not say which pages are written")
	}
	if err := o.writeHook(); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"bin", "dev", "proc"} {
		if err := os.MkdirAll(filepath.Join(o.root("web"), dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	code, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(o.root("web"), "bin/server"), code, 0o755); err != nil {
		t.Fatal(err)
	}
	spec := specs.Spec{Version: "1.0.2", Root: &specs.Root{Path: "rootfs"},
		Process: &specs.Process{Cwd: "/", Args: []string{"/bin/server", "0", "64", "/lines"},
			Env: []string{"GODEBUG=multipathtcp=0", "GOMAXPROCS=1"}},
		Mounts: []specs.Mount{{Destination: "/proc", Type: "proc", Source: "proc"}},
		Linux: &specs.Linux{CgroupsPath: "/web", Namespaces: []specs.LinuxNamespace{{Type: "pid"}, {Type: "mount"}, {Type: "ipc"},
			{Type: "uts"}}},
		Annotations: map[string]string{criuAnnotation: o.criuConfig()}}
	if err := writeJSON(o.config("web"), spec); err != nil {
		t.Fatal(err)
	}
	r, at, h := runc{o, 1}, o.runcPlace("web"), held{o.memory("web")}
	run := exec.Command(o.Runc, "--root", runcRoot, "run", "-d", "--bundle", at.Bundle, at.ID)
	if err := run.Run(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := r.remove(context.WithoutCancel(t.Context()), at, h); err != nil {
			t.Error(err)
		}
	}()
	lines := func() int {
		text, err := os.ReadFile(filepath.Join(at.Root, "lines"))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		return strings.Count(string(text), "\n")
	}
	grows := func() {
		t.Helper()
		from := lines()
		ticks := time.NewTicker(pause)
		defer ticks.Stop()
		for lines() == from {
			select {
			case <-ticks.C:
			case <-t.Context().Done():
				t.Fatal("the container does not run")
			}
		}
	}
	grows()
	var sizes []int64
	for range 3 {
		if err := r.preDump(t.Context(), at, h); err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, pages(t, h.round(h.rounds())))
	}
	if err := r.dump(t.Context(), at, h); err != nil {
		log, _ := os.ReadFile(filepath.Join(h.work(), "dump.log")) // for a person
		t.Fatalf("%v\n%s", err, log[max(0, len(log)-3000):])
	}
	sizes = append(sizes, pages(t, h.images()))
	if err := h.tell(t.Context(), "go"); err != nil {
		t.Fatal(err)
	}
	at0 := lines()
	if err := r.restore(t.Context(), at, h); err != nil {
		t.Fatal(err)
	}
	if lines() != at0 {
		t.Error("it has run before it was let go")
	}
	if err := h.tell(t.Context(), "go"); err != nil {
		t.Fatal(err)
	}
	grows()
	t.Logf("bytes of memory: %v", sizes)
	if sizes[0] < 64<<20 || sizes[3] > sizes[0]/4 {
		t.Errorf("bytes of memory: %v, want that rounds make the last one small", sizes)
	}
}

// pages is how much memory images have.
func pages(t *testing.T, dir string) (sum int64) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "pages-*.img"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		sum += info.Size()
	}
	return sum
}

// parts takes the parts of a round into directories.
type parts struct {
	dir   string
	names []string
}

func (p *parts) Stopped(time.Time) {}

func (p *parts) Part(name string) (handover.Part, error) {
	p.names = append(p.names, name)
	dir := filepath.Join(p.dir, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	here, there := net.Pipe()
	took := make(chan error, 1)
	go func() {
		_, err := volume.Receive(context.Background(), dir, there, volume.Options{})
		took <- errors.Join(err, there.Close())
	}()
	return part{here, took}, nil
}

// part is a stream to a directory.
type part struct {
	net.Conn
	took chan error
}

func (p part) CloseWrite() error { return errors.Join(<-p.took, p.Close()) }
