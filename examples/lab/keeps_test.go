//go:build linux

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/examples/ground"
	"parley/hostagent"
)

// This file tests, with the installed libvirt, what libvirt refuses and what it leaves
// behind.

// reason waits until a platform gives this reason for a guest, or with "" that it may
// move.
func (p *platforms) reason(t *testing.T, from hostagent.Platform, guest hostagent.GuestID, want string) {
	t.Helper()
	got := ""
	err := ground.Until(t.Context(), 45*time.Second, "the platform says what keeps the guest", func() (bool, error) {
		seen, err := from.Observe(t.Context())
		for _, g := range seen.Guests {
			if g.ID == guest {
				got = g.Ineligible
				return strings.Contains(got, want) && (got == "") == (want == ""), err
			}
		}
		return false, err
	})
	if err != nil {
		t.Fatalf("%v: got %q, want one with %q", err, got, want)
	}
}

// refused: libvirt is not asked, so the error text is ours.
func (p *platforms) refused(t *testing.T, from hostagent.Platform, guest hostagent.GuestID, want string) {
	t.Helper()
	seen, err := p.target.Observe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = from.Migrate(t.Context(), hostagent.Migration{Guest: guest, Endpoint: seen.Endpoints[hostagent.VM]}, nil)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("Migrate: got error %v, want one with %q", err, want)
	}
}

// autostartMoves: a guest with autostart keeps it on its next host.
func (p *platforms) autostartMoves(t *testing.T) {
	g := p.guest()
	guest := p.start(t, g, false)
	if _, err := p.l.hosts[0].virsh(t.Context(), "autostart", g.name); err != nil {
		t.Fatal(err)
	}
	// Without a look in between nothing would be settled here.
	p.move(t, guest)
	out := ""
	err := ground.Until(t.Context(), 45*time.Second, "the guest starts with the target", func() (bool, error) {
		if _, err := p.target.Observe(t.Context()); err != nil {
			return false, err
		}
		info, err := p.l.hosts[1].virsh(t.Context(), "dominfo", g.name)
		out = info
		for line := range strings.Lines(info) {
			if name, value, _ := strings.Cut(line, ":"); name == "Autostart" {
				return strings.TrimSpace(value) == "enable", err
			}
		}
		return false, err
	})
	if err != nil {
		t.Fatalf("%v:\n%s", err, out)
	}
	for _, which := range []string{"--live", "--config"} {
		left := ""
		err := ground.Until(t.Context(), 20*time.Second, "nothing is left to carry", func() (bool, error) {
			xml, err := p.l.hosts[1].virsh(t.Context(), "metadata", g.name, "--uri", "urn:parley:carried:1", which)
			left = xml
			return err != nil, nil // there is none
		})
		if err != nil {
			t.Errorf("%s: %v: %s", which, err, left)
		}
	}
	// Moved back, it has autostart again: the owner's later setting counts.
	if _, err := p.l.hosts[1].virsh(t.Context(), "autostart", "--disable", g.name); err != nil {
		t.Fatal(err)
	}
	seen, err := p.source.Observe(t.Context())
	if err == nil {
		_, err = p.target.Migrate(t.Context(), hostagent.Migration{Guest: guest, Endpoint: seen.Endpoints[hostagent.VM]}, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.l.hosts[0].virsh(t.Context(), "metadata", g.name, "--uri", "urn:parley:carried:1", "--live"); err == nil {
		t.Error("a guest that starts with no host carries that it does")
	}
}

func (p *platforms) snapshotKeeps(t *testing.T) {
	g := p.guest()
	guest := p.start(t, g, false)
	memory := filepath.Join(runDir, "snapshot-"+g.name)
	out, err := p.l.hosts[0].virsh(t.Context(), "snapshot-create-as", g.name, "before-update", "--live", "--memspec",
		"file="+memory+",snapshot=external")
	if err != nil {
		t.Fatal(out, err)
	}
	p.reason(t, p.source, guest, "it has snapshots (1)")
	p.refused(t, p.source, guest, "it has snapshots (1)")
	if out, err := p.l.hosts[0].virsh(t.Context(), "snapshot-delete", g.name, "before-update", "--metadata"); err != nil {
		t.Fatal(out, err)
	}
	p.reason(t, p.source, guest, "")
	p.move(t, guest)
}

func (p *platforms) blockJobKeeps(t *testing.T) {
	o := p.l.hosts[0].platform(20 * time.Second)
	o.Shared = []string{runDir}
	source := openPlatform(t, o)
	g := p.guest()
	g.disk = filepath.Join(runDir, g.name+".img")
	if err := os.WriteFile(g.disk, make([]byte, 64<<20), 0o644); err != nil {
		t.Fatal(err)
	}
	guest := p.start(t, g, false)
	p.reason(t, source, guest, "")
	out, err := p.l.hosts[0].virsh(t.Context(), "blockcopy", g.name, "vda", "--dest", g.disk+".copy", "--format", "raw", "--transient-job",
		"--bandwidth", "1")
	if err != nil {
		t.Fatal(out, err)
	}
	p.reason(t, source, guest, "disk vda")
	p.refused(t, source, guest, "disk vda")
	if out, err := p.l.hosts[0].virsh(t.Context(), "blockjob", g.name, "vda", "--abort"); err != nil {
		t.Fatal(out, err)
	}
	p.reason(t, source, guest, "")
}
