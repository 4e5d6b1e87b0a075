//go:build linux

package container

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	specs "github.com/opencontainers/runtime-spec/specs-go"
	"golang.org/x/sys/unix"

	"parley/hostagent"
)

// runc is the engine of plain bundles.
type runc struct {
	Options
	major int // of its version
}

const runcName = "runc"

func (r runc) name() string { return runcName }

func (r runc) offers(context.Context) ([]string, error) { return []string{r.need()}, nil }

func (r runc) need() string { return fmt.Sprintf("runc=%d", r.major) }

// runcRoot is where runc keeps what it knows of root's containers.
const runcRoot = "/run/runc"

func (r runc) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, r.Runc, append([]string{"--root", runcRoot}, args...)...)
	cmd.Env = append(os.Environ(), "PATH="+filepath.Dir(r.Criu)+":"+os.Getenv("PATH"))
	return cmd
}

func (r runc) output(ctx context.Context, args ...string) ([]byte, error) {
	var out, problem bytes.Buffer
	cmd := r.command(ctx, args...)
	cmd.Stdout, cmd.Stderr = &out, &problem
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("runc %s: %w: %s", args[0], err, lastLine(problem.String()))
	}
	return out.Bytes(), nil
}

// all returns the containers of all who use runc.
func (r runc) all(ctx context.Context) (list []contained, err error) {
	if _, err := os.Stat(runcRoot); errors.Is(err, os.ErrNotExist) {
		return nil, nil // it has run none
	}
	text, err := r.output(ctx, "list", "--format", "json")
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("what runc list says: %w", err)
	}
	return list, nil
}

// active says that a container runs or stands still.
func (c contained) active() bool { return c.Status == "running" || c.Status == "paused" }

func (r runc) list(ctx context.Context) (own []contained, err error) {
	list, err := r.all(ctx)
	for _, c := range list {
		c.Guest = hostagent.GuestID(c.ID)
		if c.Bundle == r.bundle(c.Guest) && checkName(c.Guest) == nil && c.active() {
			own = append(own, c)
		}
	}
	return own, err
}

func (r runc) has(ctx context.Context, guest hostagent.GuestID) (bool, error) {
	list, err := r.all(ctx)
	if err != nil {
		return false, err
	}
	if slices.ContainsFunc(list, func(c contained) bool { return c.ID == string(guest) }) {
		return true, nil
	}
	_, err = os.Lstat(r.bundle(guest))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func (r runc) mounts(context.Context) (map[hostagent.GuestID][]specs.Mount, error) {
	entries, err := os.ReadDir(r.Bundles)
	if err != nil {
		return nil, err
	}
	here := map[hostagent.GuestID][]specs.Mount{}
	for _, entry := range entries {
		other := hostagent.GuestID(entry.Name())
		spec, err := r.readSpec(other)
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, unix.ENOTDIR) {
			continue // no bundle
		}
		if err != nil {
			return nil, fmt.Errorf("the volumes of the container %s cannot be known: %w", other, err)
		}
		here[other] = spec.Mounts
	}
	return here, nil
}

func (r runc) look(_ context.Context, c contained) (looked, error) {
	spec, err := r.readSpec(c.Guest)
	return looked{spec: spec, place: r.runcPlace(c.Guest), needs: []string{r.need()}}, err
}

// runcPlace is where runc has a container.
func (o Options) runcPlace(guest hostagent.GuestID) place {
	return place{Name: string(guest), ID: string(guest), Root: o.root(guest), Bundle: o.bundle(guest)}
}

func (r runc) make(_ context.Context, at place, spec specs.Spec, _ json.RawMessage) (place, error) {
	guest := hostagent.GuestID(at.Name)
	if err := os.MkdirAll(r.root(guest), 0o700); err != nil {
		return place{}, err
	}
	return r.runcPlace(guest), writeJSON(r.config(guest), spec)
}

func (r runc) dump(ctx context.Context, at place, h held) error {
	args := append([]string{"checkpoint", "--manage-cgroups-mode", "ignore", "--tcp-established", "--file-locks",
		"--image-path", h.images(), "--work-path", h.work()}, h.before(h.rounds()+1)...)
	return r.hold(ctx, h, append(args, at.ID)...)
}

func (r runc) restore(ctx context.Context, at place, h held) error {
	return r.hold(ctx, h, "restore", "--detach", "--manage-cgroups-mode", "ignore", "--tcp-established", "--file-locks",
		"--bundle", at.Bundle, "--image-path", h.images(), "--work-path", h.work(), at.ID)
}

// hold starts a run of runc that the hook will hold, in a session of its own: it stays
// when the agent ends.
func (r runc) hold(ctx context.Context, h held, args ...string) error {
	if err := h.prepare(); err != nil {
		return err
	}
	log, err := os.Create(h.path("log"))
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := r.command(context.WithoutCancel(ctx), args...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start runc: %w", err)
	}
	if err := h.note(cmd.Process.Pid); err != nil {
		return errors.Join(err, cmd.Process.Kill(), cmd.Wait())
	}
	go func() { _ = cmd.Wait() }() // it may outlive the agent; its log says how it ended
	is, err := h.until(ctx, h.isHeld)
	if err != nil {
		return fmt.Errorf("wait for criu: %w", err)
	}
	if !is {
		return fmt.Errorf("runc %s: %s", args[0], h.why())
	}
	return nil
}

// why says what a run has complained about.
func (h held) why() string {
	text, _ := os.ReadFile(h.path("log")) // no log, no reason
	why := lastLine(string(text))
	for _, name := range []string{"dump.log", "restore.log"} {
		text, err := os.ReadFile(filepath.Join(h.work(), name))
		if err != nil {
			continue
		}
		return why + ": " + firstError(string(text))
	}
	return why
}

// firstError is the first error of criu's log that matters, or its last line. That it
// cannot raise its own limits stops nothing.
func firstError(log string) string {
	for line := range strings.SplitSeq(log, "\n") {
		if strings.Contains(line, "Error") && !strings.Contains(line, "rlimit") {
			return strings.TrimSpace(line)
		}
	}
	return lastLine(log)
}

// failed says that criu has taken a restore back after the hook.
func (h held) failed() bool {
	text, err := os.ReadFile(filepath.Join(h.work(), "restore.log"))
	return err == nil && strings.Contains(string(text), "Restoring FAILED")
}

func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}

// lapsed implements engine: runc waits as long as the hook.
func (r runc) lapsed(context.Context, place, held) bool { return false }

// started implements engine: runc has ended when the hook is done.
func (r runc) started(context.Context, place) error { return nil }

func (r runc) remove(ctx context.Context, at place, _ held) error {
	list, err := r.all(ctx)
	if err != nil {
		return err
	}
	for _, c := range list {
		if c.ID == at.ID {
			if _, err := r.output(ctx, "delete", "--force", at.ID); err != nil {
				return err
			}
		}
	}
	return nil
}
