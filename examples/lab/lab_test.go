//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"parley/examples/ground"
	"path/filepath"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	if handled, err := helper(context.Background(), os.Args[1:]); handled {
		exit(err)
	}
	maps.Copy(needed, neededByMachines)
	if wanted() {
		if err := installThenRestart(context.Background()); err != nil {
			exit(err)
		}
	}
	os.Exit(m.Run())
}

// wanted says whether these tests should build a laboratory.
func wanted() bool { return os.Getenv("PARLEY_LAB") != "" && os.Geteuid() == 0 }

// opened builds a laboratory, which is taken down at the end of the test.
func opened(ctx context.Context, t *testing.T, o options) *lab {
	t.Helper()
	l, err := open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			l.logs(t)
		}
		if err := l.close(); err != nil {
			t.Errorf("take the laboratory down: %v", err)
		}
	})
	return l
}

// TestLaboratory runs all steps in one laboratory, because building one takes a while:
// each step begins with the placement that the previous one left.
func TestLaboratory(t *testing.T) {
	if !wanted() {
		t.Skip("real hypervisors need root on Linux: run `sudo make test` or `sudo make lab` (PARLEY_LAB=1)")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 40*time.Minute)
	defer cancel()
	o := options{hosts: 3, guests: 6}
	l := opened(ctx, t, o)
	if !t.Run("libvirt keeps the promises of a platform", l.suite) {
		return
	}
	if err := l.populate(ctx, o.guests); err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		name string
		run  func(context.Context) error
	}{
		{"the arrival check admits what a deal covers", l.arrivals},
		{"a migration that fails at the target leaves the guest where it is", l.failAtTarget},
		{"agility spreads the guests", func(ctx context.Context) error { return l.perform(ctx, spreading) }},
		{"power_saving packs them", func(ctx context.Context) error { return l.perform(ctx, packing) }},
		{"an agent is killed in the middle of a migration", l.killDuringMove},
		{"a host is drained", l.drains},
		{"policies are published", l.publishes},
		{"whatever is killed, each guest runs once", l.shortChaos},
	}
	for _, s := range steps {
		ok := t.Run(s.name, func(t *testing.T) {
			if err := s.run(ctx); err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(l.exactlyOnce(ctx), l.noneLost()); err != nil {
				t.Fatal(err)
			}
		})
		if !ok {
			return // the next step would start from an unknown state
		}
	}
}

// logs prints the last log lines of the guests' QEMUs, the libvirts and the agents.
func (l *lab) logs(t *testing.T) {
	for _, h := range l.hosts {
		files, err := filepath.Glob(filepath.Join(h.dir, "var/log/libvirt/qemu/*.log"))
		if err != nil {
			t.Error(err)
		}
		for _, file := range files {
			lastLines(t, h.name, file, 1000)
		}
		lastLines(t, h.name, filepath.Join(h.dir, "libvirtd.log"), 4000)
		if h.agent != nil {
			lastLines(t, h.name, h.agent.log, 6000)
		}
	}
}

// lastLines prints the end of a host's log.
func lastLines(t *testing.T, host, file string, bytes int) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Logf("%s: %v", host, err)
		return
	}
	t.Logf("%s: %s:\n%s", host, filepath.Base(file), text[max(0, len(text)-bytes):])
}

// failAtTarget makes every target refuse: it defines a domain there with the same name
// and another id, so libvirt does not prepare the migration.
func (l *lab) failAtTarget(ctx context.Context) error {
	other := func(g guestSpec) string { return "2" + g.uuid[1:] }
	for _, h := range l.hosts[1:] {
		for _, g := range l.guests {
			if err := h.define(ctx, g, l.image, other(g)); err != nil {
				return err
			}
		}
	}
	since := time.Now()
	if err := l.enact(ctx, settings{policy: "agility"}); err != nil {
		return err
	}
	err := ground.Until(ctx, 2*time.Minute, "a deal has failed", func() (bool, error) {
		deals, _, err := l.deals(ctx, since)
		for _, d := range deals {
			if d.State != "aborted" {
				return false, fmt.Errorf("the deal for %s is %s: want it aborted", d.Name, d.State)
			}
		}
		return len(deals) > 0, err
	})
	if err != nil {
		return err
	}
	names, err := l.hosts[0].running(ctx)
	if err != nil {
		return err
	}
	if len(names) != len(l.guests) {
		return fmt.Errorf("%v run on %s: want all of them there", names, l.hosts[0].name)
	}
	for _, h := range l.hosts[1:] {
		for _, g := range l.guests {
			if _, err := h.virsh(ctx, "undefine", g.name); err != nil {
				return err
			}
		}
	}
	return nil
}

// slowly is a bandwidth at which a move takes some ten seconds but converges: the
// guests' write rate is lower.
const slowly = 8 << 20

// killDuringMove kills the agent of a source during a slow move, and restarts it. It
// first spreads the packed guests.
func (l *lab) killDuringMove(ctx context.Context) error {
	since := time.Now()
	if err := l.enact(ctx, settings{policy: "agility", bandwidthMax: slowly}); err != nil {
		return err
	}
	var source *host
	var deal string
	err := ground.Until(ctx, 2*time.Minute, "a guest is moving", func() (bool, error) {
		for _, h := range l.hosts {
			s, err := h.status(ctx)
			if err != nil {
				return false, err
			}
			for _, d := range s.Deals {
				if d.Side == "source" && d.State == "moving" {
					source, deal = h, d.Deal
					return true, nil
				}
			}
		}
		return false, nil
	})
	if err != nil {
		return err
	}
	source.agent.kill()
	say("killed the agent of %s", source.name)
	if err := l.startAgent(ctx, source); err != nil {
		return err
	}
	if err := l.settled(ctx, source, deal); err != nil {
		return err
	}
	// Spread with as much bandwidth as there is.
	if err := l.exactlyOnce(ctx); err != nil {
		return err
	}
	if err := l.enact(ctx, settings{policy: "agility"}); err != nil {
		return err
	}
	_, err = l.steady(ctx, settles, since, even)
	return err
}

// settled waits until the restarted agent knows how its predecessor's deal ended: with
// the guest on one host, not with a request for help.
func (l *lab) settled(ctx context.Context, source *host, deal string) error {
	return ground.Until(ctx, 3*time.Minute, "the deal is settled", func() (bool, error) {
		s, err := source.status(ctx)
		if err != nil {
			return false, err
		}
		for _, d := range s.History {
			if d.Deal == deal && d.State != "done" && d.State != "aborted" {
				return false, fmt.Errorf("the deal for %s is %s (%s): want it done or aborted", d.Name, d.State, d.Reason)
			}
			if d.Deal == deal {
				say("the deal of the killed agent is %s", d.State)
				return true, nil
			}
		}
		return false, nil
	})
}
