//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"parley/examples/ground"
	"parley/hostagent/api"
)

// moved has the durations of one migration.
type moved struct {
	total, downtime, wall time.Duration
}

// compare migrates a guest back and forth between two hosts, alternately by `virsh
// migrate` and through a deal, and returns the durations. libvirt's job statistics have
// the total time and the downtime of the migration; wall is the time of the whole
// command.
func (l *lab) compare(ctx context.Context, times int) (byHand, byDeal []moved, err error) {
	// Both include the arrival check.
	if err := l.checkArrivals(); err != nil {
		return nil, nil, err
	}
	if err := l.enact(ctx, settings{policy: "agility", recommend: true, paused: true, allowForeign: true}); err != nil {
		return nil, nil, err
	}
	guest, here, there := l.guests[0], l.hosts[0], l.hosts[1]
	hand := func() error { return here.byHand(ctx, guest.name, there) }
	deal := func() error {
		return here.order(ctx, api.Order{Do: "migrate", Guest: guest.name, Host: there.name})
	}
	for i := range 2 * times {
		if err := l.settledOn(ctx, guest, here); err != nil {
			return nil, nil, err
		}
		move, into := hand, &byHand
		// Two by hand, two by deals: there and back each.
		if i/2%2 == 1 {
			move, into = deal, &byDeal
		}
		began := time.Now()
		if err := move(); err != nil {
			return nil, nil, err
		}
		m := moved{wall: time.Since(began)}
		if m.total, m.downtime, err = there.lastJob(ctx, guest.name); err != nil {
			return nil, nil, err
		}
		*into = append(*into, m)
		here, there = there, here
	}
	return byHand, byDeal, nil
}

// settledOn waits until the agents see the guest at its host and no deal is in flight.
func (l *lab) settledOn(ctx context.Context, guest guestSpec, h *host) error {
	return ground.Until(ctx, time.Minute, "the guest is seen where it is", func() (bool, error) {
		for _, other := range l.hosts {
			s, err := other.status(ctx)
			if err != nil {
				return false, err
			}
			here := slices.ContainsFunc(s.Guests, func(g api.GuestStatus) bool { return g.ID == guest.uuid && g.State == "running" })
			if len(s.Deals) > 0 || !s.Load.Known || here != (other == h) {
				return false, nil
			}
		}
		return true, nil
	})
}

// lastJob reads libvirt's statistics of the migration by which a guest arrived.
func (h *host) lastJob(ctx context.Context, guest string) (total, downtime time.Duration, err error) {
	out, err := h.virsh(ctx, "domjobinfo", guest, "--completed", "--keep-completed")
	if err != nil {
		return 0, 0, err
	}
	read := func(key string) time.Duration {
		for line := range strings.Lines(out) {
			if value, ok := strings.CutPrefix(line, key); ok {
				if fields := strings.Fields(value); len(fields) > 0 {
					if ms, err := strconv.ParseFloat(fields[0], 64); err == nil {
						return time.Duration(ms * float64(time.Millisecond))
					}
				}
			}
		}
		return 0
	}
	total, downtime = read("Time elapsed:"), read("Total downtime:")
	if total == 0 {
		return 0, 0, fmt.Errorf("libvirt says nothing of the migration of %s: %s", guest, out)
	}
	return total, downtime, nil
}

// showBench prints medians and their ratios.
func showBench(ctx context.Context, times int) (err error) {
	o := options{hosts: 2, guests: 1}
	l, err := open(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.close()) }()
	if err := l.populate(ctx, o.guests); err != nil {
		return err
	}
	byHand, byDeal, err := l.compare(ctx, times)
	if err != nil {
		return err
	}
	t := table.NewWriter()
	t.SetOutputMirror(os.Stdout)
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{fmt.Sprintf("medians of %d", times), "virsh migrate", "through a deal", "ratio"})
	for _, row := range []struct {
		name string
		of   func(moved) time.Duration
	}{
		{"migration", func(m moved) time.Duration { return m.total }},
		{"downtime", func(m moved) time.Duration { return m.downtime }},
		{"whole command", func(m moved) time.Duration { return m.wall }},
	} {
		hand, deal := ground.Median(byHand, row.of), ground.Median(byDeal, row.of)
		t.AppendRow(table.Row{row.name, hand.Round(time.Millisecond), deal.Round(time.Millisecond),
			fmt.Sprintf("%.2f", float64(deal)/float64(hand))})
	}
	t.Render()
	return nil
}
