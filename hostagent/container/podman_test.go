//go:build linux

package container

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	specs "github.com/opencontainers/runtime-spec/specs-go"
)

// digest is that of an image of the tests.
var digest = strings.Repeat("ab", 32)

// fakePodman answers as podman's service does, about one container.
type fakePodman struct {
	version, info string
	static        string // the directory of the container
	restore       func() error
	restores      sync.Mutex // while it is held, podman does not tell of the container

	mu     sync.Mutex
	there  bool
	status string
	mark   string
	asked  []string
	made   creation
}

func (f *fakePodman) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	what := r.Method + " " + strings.TrimPrefix(r.URL.Path, "/v5.0.0/libpod")
	f.mu.Lock()
	f.asked = append(f.asked, what)
	f.mu.Unlock()
	fails := func(code int, message string) {
		w.WriteHeader(code)
		_ = json.NewEncoder(w).Encode(map[string]string{"message": message}) // the test sees what is missing
	}
	switch what {
	case "GET /_ping":
		w.Header().Set("Libpod-API-Version", f.version)
	case "GET /info":
		_, _ = io.WriteString(w, f.info)
	case "GET /images/json":
		_, _ = io.WriteString(w, `[{"Id":"`+digest+`"}]`)
	case "POST /containers/create":
		f.create(w, r, fails)
	case "POST /containers/1/init":
		f.set("initialized")
	case "POST /containers/1/stop":
		f.set("exited")
	case "POST /containers/1/restore":
		f.restores.Lock()
		defer f.restores.Unlock()
		if err := f.restore(); err != nil {
			fails(http.StatusInternalServerError, err.Error())
			return
		}
		f.set("running")
	case "DELETE /containers/1":
		f.restores.Lock()
		defer f.restores.Unlock()
		f.mu.Lock()
		defer f.mu.Unlock()
		f.there = false
	case "GET /containers/1/json", "GET /containers/web/json":
		f.restores.Lock()
		defer f.restores.Unlock()
		f.mu.Lock()
		defer f.mu.Unlock()
		if !f.there {
			fails(http.StatusNotFound, "no such container")
			return
		}
		var i inspected
		i.ID, i.Name, i.StaticDir, i.State.Status = "1", "web", f.static, f.status
		i.GraphDriver.Data.UpperDir = f.static
		i.Config.Annotations = map[string]string{moveAnnotation: f.mark}
		_ = json.NewEncoder(w).Encode(i)
	default:
		fails(http.StatusNotFound, "no such "+what)
	}
}

func (f *fakePodman) create(w http.ResponseWriter, r *http.Request, fails func(int, string)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := json.NewDecoder(r.Body).Decode(&f.made); err != nil || f.made.Image != digest {
		fails(http.StatusNotFound, "no such image")
		return
	}
	f.there, f.mark = true, f.made.Annotations[moveAnnotation]
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, `{"Id":"1"}`)
}

func (f *fakePodman) set(status string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.status = status
}

func (f *fakePodman) isThere() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.there
}

const goodInfo = `{"host":{"security":{"rootless":false}},"store":{"graphDriverName":"overlay"}}`

// serve has podman's service listen, and returns the options of a host with it.
func (f *fakePodman) serve(t *testing.T) Options {
	t.Helper()
	o := Options{Podman: filepath.Join(t.TempDir(), "podman.sock"), State: t.TempDir(), Memory: t.TempDir()}
	listener, err := net.Listen("unix", o.Podman)
	if err != nil {
		t.Fatal(err)
	}
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: f}}
	server.Start()
	t.Cleanup(server.Close)
	return o
}

// engine is the engine of a host with the service.
func (f *fakePodman) engine(t *testing.T) *podman {
	t.Helper()
	p, err := openPodman(t.Context(), runc{f.serve(t), 1})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestOpenPodman(t *testing.T) {
	for _, c := range []struct{ version, info, want string }{
		{"5.0.1", goodInfo, ""},
		{"6.1", goodInfo, ""},
		{"4.9.4", goodInfo, "install 5.0 or newer"},
		{"", goodInfo, "does not say its version"},
		{"5.8.6", strings.Replace(goodInfo, "false", "true", 1), "that of a user"},
		{"5.8.6", strings.Replace(goodInfo, "overlay", "vfs", 1), "only the driver overlay"},
	} {
		f := &fakePodman{version: c.version, info: c.info}
		p, err := openPodman(t.Context(), runc{f.serve(t), 1})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: got %v", c, err)
		}
		if err != nil {
			continue
		}
		offers, err := p.offers(t.Context())
		if want := []string{"runc=1", "podman=" + c.version[:1], "image=sha256:" + digest}; err != nil || !slices.Equal(offers, want) {
			t.Errorf("%s offers %v and %v, want %v", c.version, offers, err, want)
		}
	}
	_, err := openPodman(t.Context(), runc{Options{Podman: filepath.Join(t.TempDir(), "none.sock"), State: t.TempDir()}, 1})
	if err == nil || !strings.Contains(err.Error(), "podman.socket") {
		t.Errorf("nobody listens: got %v, want what to do", err)
	}
}

// movablePodman is what podman says of a container that can be moved.
func movablePodman() inspected {
	i := inspected{ID: "1", Name: "web", Image: digest, OCIRuntime: "/usr/bin/runc", StaticDir: "/c/1/userdata",
		ConmonPidFile: "/r/1/userdata/conmon.pid"}
	i.GraphDriver.Name, i.HostConfig.LogConfig.Type, i.HostConfig.RestartPolicy.Name = "overlay", "journald", "no"
	i.Config.Healthcheck = json.RawMessage("null")
	return i
}

func TestPodmanWhyNot(t *testing.T) {
	if why := movablePodman().whyNot(); why != "" {
		t.Fatalf("a container that can be moved: %s", why)
	}
	for want, change := range map[string]func(*inspected){
		"--runtime runc":        func(i *inspected) { i.OCIRuntime = "crun" },
		"in a pod":              func(i *inspected) { i.Pod = "x" },
		"without --rm":          func(i *inspected) { i.HostConfig.AutoRemove = true },
		"--restart no web":      func(i *inspected) { i.HostConfig.RestartPolicy.Name = "always" },
		"--no-healthcheck":      func(i *inspected) { i.Config.Healthcheck = json.RawMessage(`{"Test":["x"]}`) },
		"it has secrets":        func(i *inspected) { i.Config.Secrets = []json.RawMessage{[]byte("{}")} },
		"seccomp=unconfined":    func(i *inspected) { i.HostConfig.SecurityOpt = []string{"seccomp=unconfined"} },
		"--systemd=false":       func(i *inspected) { i.Config.SystemdMode = true },
		"has no image":          func(i *inspected) { i.Rootfs = "/x" },
		"only overlay":          func(i *inspected) { i.GraphDriver.Name = "btrfs" },
		"--log-driver journald": func(i *inspected) { i.HostConfig.LogConfig.Type = "passthrough" },
		"give it a directory": func(i *inspected) {
			i.Mounts = []struct{ Type, Name, Source, Destination string }{{"volume", "data", "/x", "/data"}}
		},
	} {
		i := movablePodman()
		change(&i)
		if why := i.whyNot(); !strings.Contains(why, want) {
			t.Errorf("got %q, want %q", why, want)
		}
	}
}

// podmanSpec is what podman hands to its runtime.
func podmanSpec() specs.Spec {
	spec := movable()
	spec.Root.Path = "/c/overlay/x/merged"
	spec.Process.Env = []string{"HOSTNAME=web", "A=b=c"}
	spec.Process.Rlimits = []specs.POSIXRlimit{{Type: "RLIMIT_NOFILE", Soft: 1, Hard: 2}}
	spec.Annotations["io.podman.annotations.pids-limit"] = "0"
	spec.Annotations[moveAnnotation] = "earlier"
	spec.Mounts = append(spec.Mounts, specs.Mount{Type: "bind", Source: "/c/1/userdata/shm", Destination: "/dev/shm"},
		specs.Mount{Type: "bind", Source: "/r/1/userdata/hosts", Destination: "/etc/hosts"},
		specs.Mount{Type: "cgroup", Source: "cgroup", Destination: "/sys/fs/cgroup"},
		specs.Mount{Type: "tmpfs", Source: "tmpfs", Destination: "/dev"}, specs.Mount{Type: "tmpfs", Source: "tmpfs", Destination: "/tmp"})
	spec.Linux.Resources = &specs.LinuxResources{Devices: []specs.LinuxDeviceCgroup{{Allow: false, Access: "rwm"}}}
	return spec
}

// What podman puts into each container is left out, and what is left is held against the
// rules of all containers.
func TestPodmanSpecThroughTheWire(t *testing.T) {
	o := testOptions(t)
	i := movablePodman()
	i.Config.StopSignal, i.HostConfig.CapAdd = "SIGTERM", []string{"CAP_NET_ADMIN"}
	plain := i.plain(podmanSpec())
	if why := o.whyNot(plain); why != "" {
		t.Fatalf("its spec: %s", why)
	}
	own, err := i.own()
	if err != nil {
		t.Fatal(err)
	}
	c, err := creationOf("web", "move", plain, own)
	if err != nil {
		t.Fatal(err)
	}
	var mounts []string
	for _, m := range c.Mounts {
		mounts = append(mounts, m.Destination)
	}
	if want := []string{"/data", "/tmp"}; !slices.Equal(mounts, want) {
		t.Errorf("mounts: got %v, want %v", mounts, want)
	}
	if len(c.Env) != 1 || c.Env["A"] != "b=c" || c.Annotations[moveAnnotation] != "move" || len(c.Annotations) != 5 {
		t.Errorf("environment and annotations: got %v and %v", c.Env, c.Annotations)
	}
	if m := c.Manner; m.StopSignal != 15 || c.Limits[0].Type != "NOFILE" || m.Restart != "no" || c.Network.Value != "/run/netns/web" {
		t.Errorf("got %+v", c)
	}
	text, err := json.Marshal(c)
	if err != nil || !strings.Contains(string(text), `"oci_runtime":"runc"`) || !strings.Contains(string(text), `"name":"web"`) {
		t.Errorf("podman is told %s, %v", text, err)
	}
	for want, change := range map[string]func(*podmanOwn){
		"image is malformed": func(o *podmanOwn) { o.Image = "../" + digest },
		"CAP_SYS_ADMIN":      func(o *podmanOwn) { o.CapAdd = []string{"CAP_SYS_ADMIN"} },
		"output goes to":     func(o *podmanOwn) { o.Log = "passthrough" },
		"/dev/shm":           func(o *podmanOwn) { o.ShmSize = -1 },
	} {
		var evil podmanOwn
		if err := json.Unmarshal(own, &evil); err != nil {
			t.Fatal(err)
		}
		change(&evil)
		said, err := json.Marshal(evil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := creationOf("web", "move", plain, said); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// made is a container that podman has made for one that comes.
func made(t *testing.T, f *fakePodman) (*podman, place, held) {
	t.Helper()
	f.version, f.info, f.static = "5.8.6", goodInfo, t.TempDir()
	p := f.engine(t)
	i := movablePodman()
	own, err := i.own()
	if err != nil {
		t.Fatal(err)
	}
	at, err := p.make(t.Context(), place{Name: "web", Mark: "move"}, i.plain(podmanSpec()), own)
	if err != nil {
		t.Fatal(err)
	}
	return p, at, held{p.runc.memory("web")}
}

func TestPodmanMakes(t *testing.T) {
	f := &fakePodman{}
	_, at, _ := made(t, f)
	want := []string{"GET /_ping", "GET /info", "POST /containers/create", "POST /containers/1/init", "POST /containers/1/stop",
		"GET /containers/1/json"}
	if !slices.Equal(f.asked, want) {
		t.Errorf("asked podman for %v, want %v", f.asked, want)
	}
	if at.ID != "1" || at.Root != f.static || at.Static != f.static || !at.Layer || at.Bundle != "" {
		t.Errorf("the place is %+v", at)
	}
	p := f.engine(t)
	i := movablePodman()
	i.Image = strings.Repeat("cd", 32)
	own, err := i.own()
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.make(t.Context(), place{Name: "web", Mark: "move"}, i.plain(podmanSpec()), own)
	if err == nil || !strings.Contains(err.Error(), "podman pull") {
		t.Errorf("an image that is not here: got %v, want what to do", err)
	}
}

// heldRestore is what podman does to restore a container: it is held by the hook, and goes
// on as the hook says.
func (f *fakePodman) heldRestore(t *testing.T, h held) func() error {
	return func() error {
		if to, err := os.Readlink(filepath.Join(f.static, "checkpoint")); err != nil || to != h.images() {
			return fmt.Errorf("the memory is in %s, %w", to, err)
		}
		return <-hooked(t, h, "post-restore")
	}
}

// restored is a container that podman has restored, held by the hook.
func restored(t *testing.T, f *fakePodman) (*podman, place, held) {
	t.Helper()
	p, at, h := made(t, f)
	f.restore = f.heldRestore(t, h)
	if err := p.restore(t.Context(), at, h); err != nil {
		t.Fatal(err)
	}
	return p, at, h
}

func TestPodmanRestores(t *testing.T) {
	p, at, h := restored(t, &fakePodman{})
	if p.lapsed(t.Context(), at, h) {
		t.Error("podman waits, and is said not to")
	}
	// Another agent knows only what is on the disk.
	again := &podman{runc: p.runc, api: p.api, known: map[string]known{}, runs: map[string]restoring{}}
	if again.lapsed(t.Context(), at, h) {
		t.Error("podman waits, and another agent takes it not to")
	}
	if i, err := p.inspected(t.Context(), at.ID); err != nil || i.Name != "web" {
		t.Errorf("a look while podman is busy: got %v, %v", i.Name, err)
	}
	if err := h.tell(t.Context(), "go"); err != nil {
		t.Fatal(err)
	}
	for name, engine := range map[string]*podman{"the agent": p, "another agent": again} {
		if err := engine.started(t.Context(), at); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A container that podman gives up while the hook holds it must not run.
func TestPodmanGivesUp(t *testing.T) {
	f := &fakePodman{}
	p, at, h := made(t, f)
	ended := make(chan error, 1)
	f.restore = func() error {
		ends := hooked(t, h, "post-restore")
		go func() { ended <- <-ends }()
		if is, err := h.until(t.Context(), h.isHeld); !is || err != nil {
			return err
		}
		return errors.New("container creation timeout")
	}
	err := p.restore(t.Context(), at, h)
	if err == nil {
		<-p.runs[at.ID].ended
	}
	again := &podman{runc: p.runc, api: p.api, known: map[string]known{}, runs: map[string]restoring{}}
	if !again.lapsed(t.Context(), at, h) {
		t.Error("podman has given up, and another agent takes it to wait")
	}
	if err == nil && !p.lapsed(t.Context(), at, h) {
		t.Error("podman has given up, and is taken to wait")
	}
	if _, err := h.until(t.Context(), func() bool { return h.say("back") }); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err == nil {
		t.Error("the hook has let it go")
	}
	if err := p.started(t.Context(), at); err == nil || !strings.Contains(err.Error(), "exited") {
		t.Errorf("started: got %v", err)
	}
	old := time.Now().Add(-podmanWaits - time.Second)
	if err := os.Chtimes(h.path("held"), old, old); err != nil {
		t.Fatal(err)
	}
	if !p.lapsed(t.Context(), at, h) {
		t.Error("podman waits for ever")
	}
}

// A container that podman restores just now is taken back with its removal.
func TestPodmanRemovesWhileItRestores(t *testing.T) {
	f := &fakePodman{}
	p, at, h := restored(t, f)
	if err := p.remove(t.Context(), at, h); err != nil {
		t.Fatal(err)
	}
	if f.isThere() {
		t.Error("the container is there")
	}
	if h.running() {
		t.Error("criu is there")
	}
	if err := p.remove(t.Context(), at, h); err != nil {
		t.Errorf("again: %v", err)
	}
}

// What an agent made that was killed then is known by its mark, and nothing else is removed.
func TestPodmanRemovesByMark(t *testing.T) {
	f := &fakePodman{}
	p, at, h := made(t, f)
	for mark, there := range map[string]bool{"another": true, at.Mark: false} {
		f.mu.Lock()
		f.there = true
		f.mu.Unlock()
		if err := p.remove(t.Context(), place{Name: "web", Mark: mark}, h); err != nil {
			t.Fatal(err)
		}
		if f.isThere() != there {
			t.Errorf("mark %s: the container is there: %v, want %v", mark, !there, there)
		}
	}
}

func TestPackShm(t *testing.T) {
	dir, to := t.TempDir(), filepath.Join(t.TempDir(), "shm.tar")
	if err := packShm(dir, to); err != nil || is(to) {
		t.Fatalf("nothing: got %v, and a file: %v", err, is(to))
	}
	if err := os.Mkdir(filepath.Join(dir, "d"), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "d/segment"), []byte("17 orders"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("segment", filepath.Join(dir, "d/link")); err != nil {
		t.Fatal(err)
	}
	if err := packShm(dir, to); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(to)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	got := map[string]string{}
	for archive := tar.NewReader(file); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		got[header.Name] = fmt.Sprintf("%o %s%s", header.Mode, header.Linkname, text)
	}
	if got["d/segment"] != "640 17 orders" || got["d/link"] != "777 segment" || !strings.HasPrefix(got["d/"]+got["d"], "750") {
		t.Errorf("got %v", got)
	}
}

// Containers of moves in flight are known at once.
func TestPodmanRecalls(t *testing.T) {
	f := &fakePodman{version: "5.8.6", info: goodInfo}
	o := f.serve(t)
	if err := os.MkdirAll(filepath.Join(o.State, "moves"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := writeJSON(o.move("web"), move{Engine: podmanName, Place: place{ID: "1", Name: "web"}}); err != nil {
		t.Fatal(err)
	}
	f.restores.Lock() // podman is busy with it
	defer f.restores.Unlock()
	p, err := openPodman(context.WithoutCancel(t.Context()), runc{o, 1})
	if err != nil {
		t.Fatal(err)
	}
	if i, err := p.inspected(t.Context(), "1"); err != nil || i.Name != "web" {
		t.Errorf("got %q, %v", i.Name, err)
	}
}
