//go:build linux

package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// guestShare is what a guest takes of a host: three make a host as full as
// power_saving makes it, with room for a busy machine; two are so few that it gives
// them away.
const guestShare = 0.18

// sampled is how long the guests are looked at to learn what they take.
const sampled = 8 * time.Second

// measure sets what each host declares as its capacity by what the guests take. They
// burn a fixed share of a core, but what emulation adds to it, and the client's
// echoes, depends on the machine: with a fixed capacity three of them would fit on a
// host here, and two there.
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
	l.capacity = each / guestShare
	say("a guest takes %.3f of a core: each host declares %.2f", each, l.capacity)
	return nil
}

// burnt is the CPU time that the guests of a host have taken since they were started.
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
