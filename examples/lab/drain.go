//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"parley/examples/ground"
	"parley/hostagent/api"
)

// drains empties a host with the command, as an operator does before maintenance: its
// guests spread over the others, the pinned one stays and is named, and the host stays
// empty until it is undrained.
func (l *lab) drains(ctx context.Context) error {
	if err := l.enact(ctx, settings{policy: "agility", recommend: true, paused: true}); err != nil {
		return err
	}
	if err := l.loadsKnown(ctx); err != nil {
		return err
	}
	h := l.fullest(ctx)
	names, err := h.running(ctx)
	if err != nil || len(names) < 2 {
		return fmt.Errorf("%v run on %s, want two at least to drain: %w", names, h.name, err)
	}
	pinned := names[0]
	if err := h.order(ctx, api.Order{Do: "pin", Guest: pinned}); err != nil {
		return err
	}
	// The mark is in the metadata that libvirt's own tools show.
	if out, err := h.virsh(ctx, "metadata", pinned, "--uri", "urn:parley:guest:1"); err != nil || !strings.Contains(out, `pin="yes"`) {
		return fmt.Errorf("virsh shows no pin in %s: %s %w", pinned, out, err)
	}
	bounded, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	out, err := ground.Run(bounded, l.program, "drain", "--socket", h.socket())
	if err == nil || !strings.Contains(out, pinned+": it is pinned") {
		return fmt.Errorf("drain with a pinned guest: got %q, %v, want an error that names it", out, err)
	}
	if left, err := h.running(ctx); err != nil || len(left) != 1 || left[0] != pinned {
		return errors.Join(fmt.Errorf("%v are left on %s, want %s alone", left, h.name, pinned), err)
	}
	out, err = ground.Run(bounded, l.program, "drain", "--force", "--socket", h.socket())
	if err != nil || !strings.Contains(out, "the host is empty") {
		return fmt.Errorf("drain --force: %q, %w", out, err)
	}
	out, err = ground.Run(ctx, l.program, "undrain", "--socket", h.socket())
	if err != nil {
		return fmt.Errorf("undrain: %q, %w", out, err)
	}
	return l.unpin(ctx, pinned)
}

// unpin removes the pin at the guest's present host: it has moved with the guest.
func (l *lab) unpin(ctx context.Context, guest string) error {
	where, err := l.everywhere(ctx)
	if err != nil {
		return err
	}
	h := l.named(where[guest][0])
	s, err := h.status(ctx)
	if err != nil {
		return err
	}
	for _, g := range s.Guests {
		if g.Name == guest && !g.Rules.Pin {
			return fmt.Errorf("the pin of %s has not travelled to %s", guest, h.name)
		}
	}
	return h.order(ctx, api.Order{Do: "unpin", Guest: guest})
}

// fullest is the host with the most guests.
func (l *lab) fullest(ctx context.Context) *host {
	most, at := -1, l.hosts[0]
	for _, h := range l.hosts {
		if names, err := h.running(ctx); err == nil && len(names) > most {
			most, at = len(names), h
		}
	}
	return at
}
