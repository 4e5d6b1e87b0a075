//go:build linux

package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/examples/ground"
	"parley/hostagent"
	"parley/hostagent/libvirt"
	"parley/hostagent/platformtest"
)

const (
	// platformBandwidth makes a migration take some seconds, so that it can be observed
	// and stopped; with a guest that writes lastingDirtyMiB to its memory each second,
	// it never converges.
	platformBandwidth = 32 << 20
	lastingDirtyMiB   = 44
)

// platforms opens the hosts' libvirts from the test process.
type platforms struct {
	l      *lab
	source hostagent.Platform // of the first host
	target hostagent.Platform // of the second
	last   int                // number of the last guest
}

// platform returns the options of a host's platform: the test is outside the hosts'
// network namespaces, and reaches their daemons by their sockets.
func (h *host) platform(timeout time.Duration) libvirt.Options {
	return libvirt.Options{
		URI:      "qemu:///system?socket=" + filepath.Join(h.dir, "run", "libvirt", "libvirt-sock"),
		Capacity: hostagent.Resources{CPU: 1, MemoryBytes: 1 << 30},
		Endpoint: h.uri(), MigrateURI: "tcp://" + h.address,
		Timeout: timeout, BandwidthMax: platformBandwidth, DowntimeMax: 100 * time.Millisecond,
	}
}

func openPlatform(t *testing.T, o libvirt.Options) hostagent.Platform {
	t.Helper()
	p, err := libvirt.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return p
}

// suite runs the tests of every platform, and those of libvirt only, between the first
// two hosts. The third has no guests.
func (l *lab) suite(t *testing.T) {
	p := &platforms{l: l}
	p.source = openPlatform(t, l.hosts[0].platform(20*time.Second))
	p.target = openPlatform(t, l.hosts[1].platform(20*time.Second))
	platformtest.Run(t, platformtest.Fixture{With: func(t *testing.T, body func(*testing.T, platformtest.Site)) {
		body(t, platformtest.Site{
			Source: p.source, Target: p.target,
			Guest: func(t *testing.T) hostagent.GuestID { return p.start(t, p.guest(), false) },
			Lasting: func(t *testing.T) hostagent.GuestID {
				g := p.guest()
				g.dirtyMiB = lastingDirtyMiB
				return p.start(t, g, false)
			},
			Ineligible: func(t *testing.T) hostagent.GuestID {
				g := p.guest()
				g.disk = filepath.Join(runDir, g.name+".img")
				if err := os.WriteFile(g.disk, make([]byte, 1<<20), 0o644); err != nil {
					t.Fatal(err)
				}
				return p.start(t, g, false)
			},
			Obstruct: p.obstruct,
			Open:     func(t *testing.T) hostagent.Platform { return openPlatform(t, l.hosts[0].platform(20*time.Second)) },
		})
	}})
	t.Run("DefinitionMoves", p.definitionMoves)
	t.Run("TransientMoves", p.transientMoves)
	t.Run("AutostartMoves", p.autostartMoves)
	t.Run("SnapshotKeeps", p.snapshotKeeps)
	t.Run("BlockJobKeeps", p.blockJobKeeps)
	t.Run("ConnectionsAreClosed", p.connectionsAreClosed)
	t.Run("DaemonEnds", p.daemonEnds)
	t.Run("DaemonHangs", p.daemonHangs)
}

func (p *platforms) guest() guestSpec {
	p.last++
	return newGuest(p.last, 0.02)
}

// start starts a guest on the first host. A transient guest has no persistent
// definition. It waits only for a guest whose program must write to its memory: others
// may move while they boot.
func (p *platforms) start(t *testing.T, g guestSpec, transient bool) hostagent.GuestID {
	t.Helper()
	ctx, h := t.Context(), p.l.hosts[0]
	t.Cleanup(func() {
		for _, h := range p.l.hosts[:2] {
			// One of them does not have it, or both have it after a failure.
			_, _ = h.virsh(context.Background(), "destroy", g.name)
			_, _ = h.virsh(context.Background(), "undefine", g.name)
		}
	})
	file, err := h.writeXML(g, p.l.image, g.uuid)
	if err == nil && transient {
		_, err = h.virsh(ctx, "create", file)
	} else if err == nil {
		if _, err = h.virsh(ctx, "define", file); err == nil {
			_, err = h.virsh(ctx, "start", g.name)
		}
	}
	if err == nil && g.dirtyMiB == lastingDirtyMiB {
		err = answers(ctx, g)
	}
	if err != nil {
		t.Fatal(err)
	}
	return hostagent.GuestID(g.uuid)
}

// obstruct kills each QEMU that the second host starts.
func (p *platforms) obstruct(t *testing.T) (clear func()) {
	target := p.l.hosts[1].name
	before := emulators(target)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		ticker := time.NewTicker(20 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-stop:
				return
			case <-ticker.C:
			}
			for _, pid := range emulators(target) {
				if !slices.Contains(before, pid) {
					// It may have ended by itself, which is fine.
					_ = syscall.Kill(pid, syscall.SIGKILL)
				}
			}
		}
	}()
	return func() {
		close(stop)
		<-stopped
	}
}

func (p *platforms) move(t *testing.T, guest hostagent.GuestID) {
	t.Helper()
	seen, err := p.target.Observe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	moved := time.Unix(1_700_000_000, 0)
	if _, err := p.source.Migrate(t.Context(),
		hostagent.Migration{Guest: guest, Endpoint: seen.Endpoints[hostagent.VM], MovedAt: moved}, nil); err != nil {
		t.Fatal(err)
	}
}

// definitionMoves: a definition left behind could be started.
func (p *platforms) definitionMoves(t *testing.T) {
	g := p.guest()
	p.move(t, p.start(t, g, false))
	defined := func(h *host) bool {
		out, err := h.virsh(t.Context(), "list", "--all", "--persistent", "--name")
		if err != nil {
			t.Fatal(err)
		}
		return slices.Contains(strings.Fields(out), g.name)
	}
	if got := defined(p.l.hosts[0]); got {
		t.Error("the definition is still at the source")
	}
	if got := defined(p.l.hosts[1]); !got {
		t.Error("the definition is not at the target")
	}
	// The guest's metadata survives its next start.
	out, err := p.l.hosts[1].virsh(t.Context(), "metadata", g.name, "--uri", "urn:parley:guest:1", "--config")
	if err != nil || !strings.Contains(out, "2023-11-14T22:13:20Z") {
		t.Errorf("metadata in the definition at the target: got %q, error %v, want the time of the move", out, err)
	}
}

func (p *platforms) transientMoves(t *testing.T) {
	g := p.guest()
	p.move(t, p.start(t, g, true))
	for i, want := range []bool{false, true} {
		out, err := p.l.hosts[i].virsh(t.Context(), "list", "--all", "--name")
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Contains(strings.Fields(out), g.name); got != want {
			t.Errorf("guest %s on %s: got %v, want %v", g.name, p.l.hosts[i].name, got, want)
		}
	}
}

func (p *platforms) connectionsAreClosed(t *testing.T) {
	sockets := func() (n int) {
		files, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if to, err := os.Readlink("/proc/self/fd/" + f.Name()); err == nil && strings.HasPrefix(to, "socket:") {
				n++
			}
		}
		return n
	}
	before := sockets()
	for range 5 {
		o, err := libvirt.Open(p.l.hosts[2].platform(20 * time.Second))
		if err != nil {
			t.Fatal(err)
		}
		if err := o.Close(); err != nil {
			t.Fatal(err)
		}
	}
	err := ground.Until(t.Context(), 5*time.Second, "the sockets are closed", func() (bool, error) { return sockets() <= before, nil })
	if err != nil {
		t.Errorf("sockets after 5 connections: got %d, want the %d from before (%v)", sockets(), before, err)
	}
}

// daemonEnds: the platform reports it, and reconnects by itself.
func (p *platforms) daemonEnds(t *testing.T) {
	h := p.l.hosts[2] // no guest runs there
	o := openPlatform(t, h.platform(5*time.Second))
	if _, err := o.Observe(t.Context()); err != nil {
		t.Fatal(err)
	}
	select {
	case <-o.Changes():
	default:
	}
	h.daemon.kill()
	select {
	case <-o.Changes():
	case <-time.After(10 * time.Second):
		t.Error("libvirtd was killed: got no value from Changes within 10 s, want one")
	}
	if _, err := o.Observe(t.Context()); err == nil || !strings.Contains(err.Error(), "systemctl status libvirtd") {
		t.Errorf("Observe without libvirtd: got error %v, want one that says what to look at", err)
	}
	if err := h.startDaemon(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := ground.Until(t.Context(), 20*time.Second, "the platform is back", func() (bool, error) {
		_, err := o.Observe(t.Context())
		return err == nil, nil
	}); err != nil {
		t.Error(err)
	}
}

// daemonHangs: each call returns in time, hanging calls do not accumulate, and
// everything works once the daemon continues.
func (p *platforms) daemonHangs(t *testing.T) {
	h := p.l.hosts[2]
	o := openPlatform(t, h.platform(200*time.Millisecond))
	if err := h.daemon.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	resume := func() {
		if err := h.daemon.cmd.Process.Signal(syscall.SIGCONT); err != nil {
			t.Error(err)
		}
	}
	var last error
	for range 20 {
		began := time.Now()
		if _, last = o.Observe(t.Context()); last == nil {
			t.Error("Observe with libvirtd stopped: got no error, want one")
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("Observe with libvirtd stopped: took %v, want little more than 200 ms", took)
		}
	}
	if last == nil || !strings.Contains(last.Error(), "do not return") {
		t.Errorf("the 20th look: got error %v, want one that says that calls do not come back", last)
	}
	resume()
	if err := ground.Until(t.Context(), 20*time.Second, "the platform is back", func() (bool, error) {
		_, err := o.Observe(t.Context())
		return err == nil, nil
	}); err != nil {
		t.Error(err)
	}
}
