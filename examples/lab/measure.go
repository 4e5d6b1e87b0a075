//go:build linux

package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// guestShare is a guest's share of a host: three guests fill a host up to
// power_saving's bound, with a margin for a busy machine; two are so few that the host
// gives them away.
const guestShare = 0.18

// sampled is how long the guests' use is measured.
const sampled = 8 * time.Second

// measure sets the declared capacity of each host by what the guests use. They burn a
// fixed share of a core, but the costs of emulation and of the client's echoes depend
// on the machine: with a fixed capacity, three of them would fit on a host of one
// machine, and two on another.
func (l *lab) measure(ctx context.Context) error {
	before, err := l.hosts[0].burnt(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	pause(ctx, sampled)
	after, err := l.hosts[0].burnt(ctx)
	if err != nil {
		return err
	}
	each := (after - before).Seconds() / time.Since(began).Seconds() / float64(len(l.guests))
	if each <= 0 {
		return fmt.Errorf("%d guests have taken no CPU in %v", len(l.guests), sampled)
	}
	// A host that declares less than the one processor of a guest rightly refuses it;
	// on a machine that is busy with other work the guests take less than usual.
	l.capacity = max(1, each/guestShare)
	say("a guest takes %.3f of a core: each host declares %.2f", each, l.capacity)
	return nil
}

// burnt is the CPU time that the guests of a host have used since their start.
func (h *host) burnt(ctx context.Context) (time.Duration, error) {
	out, err := h.virsh(ctx, "domstats", "--cpu-total", "--list-running")
	if err != nil {
		return 0, err
	}
	var sum time.Duration
	for line := range strings.Lines(out) {
		text, ok := strings.CutPrefix(strings.TrimSpace(line), "cpu.time=")
		if !ok {
			continue
		}
		ns, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("domstats of %s: %w", h.name, err)
		}
		sum += time.Duration(ns)
	}
	return sum, nil
}
