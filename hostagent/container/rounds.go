//go:build linux

package container

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"parley/hostagent"
	"parley/hostagent/handover"
	"parley/hostagent/volume"
)

// While a container runs, its memory goes in rounds where the kernel tells which pages are
// written: each round has the pages since the one before, and the last one, while the
// container is held, those since the last round.

// Tracks says whether the memory of containers goes in rounds on this host.
func Tracks(ctx context.Context, o Options) bool {
	o, err := o.withDefaults()
	return err == nil && exec.CommandContext(ctx, o.Criu, "check", "--feature", "mem_dirty_track").Run() == nil
}

// roundName is the directory of a round of memory, beside that of the last images.
const roundName = "round-"

// round is the directory of a round.
func (h held) round(n int) string { return h.path(roundName + strconv.Itoa(n)) }

// rounds is how many rounds of memory are there.
func (h held) rounds() (n int) {
	for {
		if _, err := os.Stat(h.round(n + 1)); err != nil {
			return n
		}
		n++
	}
}

// before names the round before one, as criu wants it: from the directory of that one.
func (h held) before(n int) []string {
	if n <= 1 {
		return nil
	}
	return []string{"--parent-path", "../" + roundName + strconv.Itoa(n-1)}
}

// roundOf is the round of a part of a move; 0 if it is none.
func roundOf(part string) int {
	text, is := strings.CutPrefix(part, "memory/")
	n, err := strconv.Atoi(text)
	if !is || err != nil || n < 1 || n > handover.RoundsMost || text != strconv.Itoa(n) {
		return 0
	}
	return n
}

// preDump writes what a running container has changed of its memory since the last round.
func (r runc) preDump(ctx context.Context, at place, h held) error {
	n := h.rounds() + 1
	if err := os.MkdirAll(h.round(n), 0o700); err != nil {
		return err
	}
	args := append([]string{"checkpoint", "--pre-dump", "--manage-cgroups-mode", "ignore", "--tcp-established", "--file-locks",
		"--image-path", h.round(n), "--work-path", h.round(n)}, h.before(n)...)
	_, err := r.output(ctx, append(args, at.ID)...)
	if err != nil {
		log, _ := os.ReadFile(filepath.Join(h.round(n), "dump.log")) // it is a part of the error
		return fmt.Errorf("%w: %s", err, firstError(string(log)))
	}
	return nil
}

// sendMemory sends a round of a container's memory, and how much that was. What goes wrong
// with it is no reason not to move: then the memory goes once.
func (s *site) sendMemory(ctx context.Context, guest hostagent.GuestID, own move, to handover.Out) (int64, error) {
	e, at, err := s.of(guest, own)
	if err != nil || !s.leaving.inRounds(guest) {
		return 0, err
	}
	h := held{s.memory(guest)}
	if err := e.preDump(ctx, at, h); err != nil {
		s.leaving.atOnce(guest)
		s.Logger.Warn("the memory of a container goes once, not in rounds", "event", "memory_at_once", "guest", guest, "error", err)
		return 0, errors.Join(h.forgetRounds(), ctx.Err())
	}
	n := h.rounds()
	from, err := volume.Open(h.round(n), volume.Options{})
	if err != nil {
		return 0, err
	}
	defer from.Close()
	sent, err := send(ctx, from, to, "memory/"+strconv.Itoa(n), volume.Round{Frozen: true})
	if err != nil {
		return 0, fmt.Errorf("a round of its memory: %w", err)
	}
	return sent.Data, nil
}

// forgetRounds removes all rounds of memory.
func (h held) forgetRounds() error {
	for n := h.rounds(); n > 0; n-- {
		if err := os.RemoveAll(h.round(n)); err != nil {
			return err
		}
	}
	return nil
}
