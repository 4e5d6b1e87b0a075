//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"parley/examples/ground"
	"parley/hostagent/api"
)

// setHook writes the host's hook for QEMU. The file must exist when libvirtd starts;
// libvirtd reads its content at each call.
func (h *host) setHook(what string) error {
	file := filepath.Join(h.dir, "etc/libvirt/hooks/qemu.d/50-parley")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, []byte("#!/bin/sh\n"+what+"\n"), 0o755)
}

// checkArrivals makes every host's libvirt ask its agent before a guest arrives, as
// packaging/qemu.hook does.
func (l *lab) checkArrivals() error {
	for _, h := range l.hosts {
		err := h.setHook(fmt.Sprintf(`[ "$2 $3" = "migrate begin" ] || exit 0
exec %s hook --config %s "$@" >/dev/null`, l.program, h.config()))
		if err != nil {
			return err
		}
	}
	return nil
}

// byHand migrates a guest as an operator does without Parley.
func (h *host) byHand(ctx context.Context, guest string, target *host) error {
	_, err := h.virsh(ctx, "migrate", "--live", "--p2p", "--persistent", "--undefinesource", guest, target.uri(), "--migrateuri",
		"tcp://"+target.address)
	return err
}

// order makes the agent of a host carry out an order.
func (h *host) order(ctx context.Context, o api.Order) error {
	return api.Client{Socket: h.socket()}.Order(ctx, o)
}

// arrivals tests the arrival check: it refuses a migration by hand, admits one with a
// deal, refuses all without an agent, and admits one by hand if the configuration
// allows it.
func (l *lab) arrivals(ctx context.Context) error {
	if err := l.checkArrivals(); err != nil {
		return err
	}
	if err := l.enact(ctx, settings{policy: "agility", recommend: true}); err != nil {
		return err
	}
	guest, first, second := l.guests[0].name, l.hosts[0], l.hosts[1]
	if err := refusedBecause(first.byHand(ctx, guest, second), "no deal covers this migration"); err != nil {
		return err
	}
	if err := errors.Join(l.runsOn(ctx, guest, first), l.exactlyOnce(ctx)); err != nil {
		return err
	}
	if err := l.loadsKnown(ctx); err != nil {
		return err
	}
	if err := first.order(ctx, api.Order{Do: "migrate", Guest: guest, Host: second.name}); err != nil {
		return err
	}
	if err := errors.Join(l.runsOn(ctx, guest, second), second.admittedByDeal()); err != nil {
		return err
	}
	first.agent.stop()
	if err := refusedBecause(second.byHand(ctx, guest, first), "arrival.down"); err != nil {
		return err
	}
	if err := l.enact(ctx, settings{policy: "agility", recommend: true, allowForeign: true}); err != nil {
		return err
	}
	if err := errors.Join(l.loadsKnown(ctx), first.hasProcessorsLeft(ctx)); err != nil {
		return err
	}
	if err := second.byHand(ctx, guest, first); err != nil {
		return err
	}
	return l.runsOn(ctx, guest, first)
}

// admittedByDeal says whether the agent of a host was asked with the deal that the
// guest brought along.
func (h *host) admittedByDeal() error {
	log, err := os.ReadFile(h.agent.log)
	if err == nil && !arrivedByDeal.Match(log) {
		err = fmt.Errorf("the hook of %s brought no deal along", h.name)
	}
	return err
}

var arrivedByDeal = regexp.MustCompile(`"a migration arrives" event=admission deal=[0-9a-f]{32} .*admitted=true`)

func (l *lab) loadsKnown(ctx context.Context) error {
	return ground.Until(ctx, 30*time.Second, "the loads are known", func() (bool, error) {
		_, _, known, err := l.loads(ctx)
		return known, err
	})
}

// hasProcessorsLeft waits until a host lets guests in. Its guests want more than they use while
// this machine has more to do than the laboratory.
func (h *host) hasProcessorsLeft(ctx context.Context) error {
	return ground.Until(ctx, 5*time.Minute, h.name+" has processors left", func() (bool, error) {
		s, err := h.status(ctx)
		return err == nil && s.Load.Known && s.Load.CPU < 0.9, err
	})
}

func refusedBecause(err error, why string) error {
	switch {
	case err == nil:
		return fmt.Errorf("the target let a migration in: want it refused (%s)", why)
	case !strings.Contains(err.Error(), why):
		return fmt.Errorf("the target refused with another reason than %q: %w", why, err)
	}
	return nil
}

func (l *lab) runsOn(ctx context.Context, guest string, h *host) error {
	names, err := h.running(ctx)
	if err == nil && !slices.Contains(names, guest) {
		err = fmt.Errorf("guest %s does not run on %s: %v do", guest, h.name, names)
	}
	return err
}
