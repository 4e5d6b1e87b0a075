//go:build linux

package container

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"parley/internal/atomicfile"
)

// hookText is run by criu at each step of a dump and of a restore. At the last step at
// which it can say no it waits for a word of the agent. A dump that is not Parley's has no
// fifo, and is let through.
const hookText = `#!/bin/sh
# Written by Parley, which holds a container here while it moves.
case $CRTOOLS_SCRIPT_ACTION in post-dump|post-restore) ;; *) exit 0 ;; esac
dir=$CRTOOLS_IMAGE_DIR/..
[ -p "$dir/verdict" ] || exit 0
read -r stat <"/proc/$PPID/stat"
echo "$stat" >"$dir/parent"
: >"$dir/held"
read -r word <"$dir/verdict"
[ "$word" = go ]
`

// criuText are criu's options for a container: the port is cut by the agent, and cgroups are the
// engine's.
const criuText = "# Written by Parley.\nnetwork-lock skip\ntcp-established\nskip-in-flight\nmanage-cgroups=ignore\naction-script %s\n"

// writeHook writes what criu reads.
func (o Options) writeHook() error {
	if err := atomicfile.Write(o.hook(), []byte(hookText), 0o700); err != nil {
		return err
	}
	return atomicfile.Write(o.criuConfig(), fmt.Appendf(nil, criuText, o.hook()), 0o600)
}

// held is a run of runc that the hook holds. What it needs is in a directory, so that an
// agent that was started again finds it.
type held struct{ dir string }

func (h held) images() string { return filepath.Join(h.dir, "images") }
func (h held) shm() string    { return filepath.Join(h.dir, "shm") }
func (h held) work() string   { return filepath.Join(h.dir, "work") }
func (h held) path(name string) string {
	return filepath.Join(h.dir, name)
}

// prepare makes the directory of a run.
func (h held) prepare() error {
	for _, dir := range []string{h.images(), h.work()} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
	}
	for _, name := range []string{"held", "run", "parent"} {
		if err := os.Remove(h.path(name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	if err := unix.Mkfifo(h.path("verdict"), 0o600); err != nil && !errors.Is(err, unix.EEXIST) {
		return fmt.Errorf("make the fifo of the hook: %w", err)
	}
	return nil
}

// running says whether the run of runc is there, whoever has started it; where podman has
// started it, whether the run of criu is there that the hook holds.
func (h held) running() bool {
	if text, err := os.ReadFile(h.path("run")); err == nil {
		pid, began, ok := strings.Cut(strings.TrimSpace(string(text)), " ")
		return ok && beganAt(pid) == began
	}
	text, err := os.ReadFile(h.path("parent"))
	if err != nil {
		return false
	}
	pid, _, _ := strings.Cut(string(text), " ")
	began := beganOf(string(text))
	return began != "" && beganAt(pid) == began
}

// note writes down which process the run is.
func (h held) note(pid int) error {
	number := strconv.Itoa(pid)
	return atomicfile.Write(h.path("run"), []byte(number+" "+beganAt(number)+"\n"), 0o600)
}

// beganAt is when a process began, in the kernel's ticks; "" if it has ended.
func beganAt(pid string) string {
	text, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return ""
	}
	return beganOf(string(text))
}

// beganOf is when a process began of which the kernel says this.
func beganOf(stat string) string {
	// The name in brackets may have spaces.
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(fields) < 20 || fields[0] == "Z" {
		return ""
	}
	return fields[19]
}

// pause is how long a look at the hook is from the next.
const pause = time.Millisecond

// until waits until a condition holds, or the run has ended; it says whether it holds.
func (h held) until(ctx context.Context, holds func() bool) (bool, error) {
	ticks := time.NewTicker(pause)
	defer ticks.Stop()
	for {
		switch {
		case holds():
			return true, nil
		case !h.running():
			return holds(), nil
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-ticks.C:
		}
	}
}

// isHeld says that the hook waits.
func (h held) isHeld() bool {
	_, err := os.Stat(h.path("held"))
	return err == nil
}

// say gives the hook its word, if it waits for one; it says whether it did.
func (h held) say(word string) bool {
	fd, err := unix.Open(h.path("verdict"), unix.O_WRONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer func() { _ = unix.Close(fd) }()
	_, err = unix.Write(fd, []byte(word+"\n"))
	return err == nil
}

// tell gives the hook its word, and waits until the run has ended. A run that has ended
// needs no word.
func (h held) tell(ctx context.Context, word string) error {
	heard, err := h.until(ctx, func() bool { return h.say(word) })
	if err != nil || !heard {
		return err
	}
	_, err = h.until(ctx, func() bool { return !h.running() })
	return err
}
