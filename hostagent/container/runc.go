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
	"strings"
	"syscall"

	"parley/hostagent"
)

// engine runs containers. What it starts for a move does not end with the agent.
type engine interface {
	// list returns the containers that are there.
	list(ctx context.Context) ([]contained, error)
	// dump starts to write a container's memory, and returns once the hook holds it.
	dump(ctx context.Context, guest hostagent.GuestID, h held) error
	// restore starts a container from its memory, and returns once the hook holds it.
	restore(ctx context.Context, guest hostagent.GuestID, bundle string, h held) error
	// remove ends a container, and forgets it. That it is not there is no error.
	remove(ctx context.Context, guest hostagent.GuestID) error
}

// contained is a container as the engine shows it.
type contained struct {
	ID     string `json:"id"`
	PID    int    `json:"pid"`
	Status string `json:"status"`
	Bundle string `json:"bundle"`
}

// runc is the engine of plain bundles.
type runc struct{ program, criu string }

// runcRoot is where runc keeps what it knows of root's containers.
const runcRoot = "/run/runc"

func (r runc) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, r.program, append([]string{"--root", runcRoot}, args...)...)
	cmd.Env = append(os.Environ(), "PATH="+filepath.Dir(r.criu)+":"+os.Getenv("PATH"))
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

func (r runc) list(ctx context.Context) (list []contained, err error) {
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

func (r runc) dump(ctx context.Context, guest hostagent.GuestID, h held) error {
	return r.hold(ctx, h, "checkpoint", "--manage-cgroups-mode", "ignore", "--tcp-established", "--file-locks",
		"--image-path", h.images(), "--work-path", h.work(), string(guest))
}

func (r runc) restore(ctx context.Context, guest hostagent.GuestID, bundle string, h held) error {
	return r.hold(ctx, h, "restore", "--detach", "--manage-cgroups-mode", "ignore", "--tcp-established", "--file-locks",
		"--bundle", bundle, "--image-path", h.images(), "--work-path", h.work(), string(guest))
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

func (r runc) remove(ctx context.Context, guest hostagent.GuestID) error {
	list, err := r.list(ctx)
	if err != nil {
		return err
	}
	for _, c := range list {
		if c.ID == string(guest) {
			_, err := r.output(ctx, "delete", "--force", string(guest))
			return err
		}
	}
	return nil
}
