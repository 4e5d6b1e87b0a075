//go:build linux

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"parley/examples/ground"
	"parley/hostagent"
)

// lab is a running laboratory.
type lab struct {
	hosts   [2]*host
	client  *exec.Cmd
	orders  io.WriteCloser
	tallies *bufio.Scanner
}

// open builds the laboratory, with the container running at the first host, by runc or by
// podman.
func open(ctx context.Context, podman bool) (*lab, error) {
	install := ground.Install
	if podman {
		install = ground.InstallPodman
	}
	if err := install(ctx, say); err != nil {
		return nil, err
	}
	if err := closeAll(); err != nil {
		return nil, fmt.Errorf("clean up after an earlier laboratory: %w", err)
	}
	if err := os.MkdirAll(filepath.Join(runDir, "lab"), 0o755); err != nil {
		return nil, err
	}
	programs := filepath.Join(runDir, "lab")
	if err := errors.Join(ground.Build(ctx, programs+"/guests", "parley/examples/guests"),
		ground.Build(ctx, programs+"/parley", "parley/cmd/parley"),
		ground.Build(ctx, programs+"/mover", "parley/examples/guests/mover"),
		ground.BuildStatic(ctx, programs+"/server", "parley/examples/guests/server")); err != nil {
		return nil, err
	}
	if err := buildNetwork(ctx); err != nil {
		return nil, err
	}
	l := &lab{}
	for n, name := range []string{"h1", "h2"} {
		h, err := startHost(ctx, name, podman)
		if h != nil {
			l.hosts[n] = h
		}
		if err != nil {
			return nil, errors.Join(err, l.close())
		}
	}
	if err := l.begin(ctx); err != nil {
		logs()
		return nil, errors.Join(err, l.close())
	}
	return l, nil
}

// begin starts the agents, the container and the client.
func (l *lab) begin(ctx context.Context) error {
	for _, h := range l.hosts {
		if err := h.startAgent(ctx); err != nil {
			return err
		}
	}
	if err := l.hosts[0].runContainer(ctx, bundle(guest, 64)); err != nil {
		return err
	}
	return l.connect(ctx, address+":"+port)
}

// connect starts a client of a server, once that answers.
func (l *lab) connect(ctx context.Context, where string) (err error) {
	// Addresses of the bridges are to be used at once.
	if err := ground.Until(ctx, 30*time.Second, "the server answers", func() (bool, error) {
		_, err := ground.Run(ctx, "ip", "netns", "exec", fabric, "bash", "-c", "exec 3<>/dev/tcp/"+strings.Replace(where, ":", "/", 1))
		return err == nil, nil
	}); err != nil {
		return err
	}
	l.client = exec.CommandContext(ctx, "ip", "netns", "exec", fabric, filepath.Join(runDir, "lab/guests"), "client", where)
	if l.orders, err = l.client.StdinPipe(); err != nil {
		return err
	}
	out, err := l.client.StdoutPipe()
	if err != nil {
		return err
	}
	l.client.Stderr = os.Stderr
	if err := l.client.Start(); err != nil {
		return err
	}
	l.tallies = bufio.NewScanner(out)
	if !l.tallies.Scan() || l.tallies.Text() != "ready" {
		return errors.New("the client could not connect")
	}
	return nil
}

// disconnect ends the client.
func (l *lab) disconnect() {
	if l.client != nil && l.client.Process != nil {
		_ = l.client.Process.Kill() // it may have ended
		_ = l.client.Wait()
	}
}

func (l *lab) close() error {
	l.disconnect()
	for _, h := range l.hosts {
		h.stop()
	}
	return closeAll()
}

// tally asks the client what it has counted.
func (l *lab) tally(word string) (t tally, err error) {
	if _, err := fmt.Fprintln(l.orders, word); err != nil {
		return t, err
	}
	if !l.tallies.Scan() {
		return t, errors.New("the client has ended")
	}
	return t, json.Unmarshal(l.tallies.Bytes(), &t)
}

// where waits until the container runs on exactly one host, and is unknown to the other.
func (l *lab) where(ctx context.Context) (at int, err error) {
	seen := ""
	err = ground.Until(ctx, 30*time.Second, "the container runs on one host and the other knows nothing of it", func() (bool, error) {
		running := 0
		seen = ""
		for n, h := range l.hosts {
			a, err := h.ask(ctx, order{})
			if err != nil || a.Error != "" {
				return false, errors.Join(err, errors.New(a.Error))
			}
			for _, g := range a.Guests {
				seen += fmt.Sprintf(" %s: %s leaving %v %s;", h.name, g.State, g.Leaving, g.Ineligible)
				if g.State == hostagent.Running {
					running++
					at = n
				}
			}
			if running > 1 {
				return false, errors.New("the container runs on two hosts")
			}
		}
		return running == 1 && strings.Count(seen, ";") == 1 && !strings.Contains(seen, "leaving true"), nil
	})
	if err != nil {
		return at, fmt.Errorf("%w (%s)", err, seen)
	}
	return at, nil
}

// whole holds that all connections live and that answers come.
func (l *lab) whole(ctx context.Context) (t tally, err error) {
	before, err := l.tally("count")
	if err != nil {
		return t, err
	}
	err = ground.Until(ctx, 30*time.Second, "answers come on all connections", func() (bool, error) {
		t, err = l.tally("count")
		if err == nil && (t.Broken > 0 || t.Wrong > 0) {
			err = fmt.Errorf("%d connections are broken, %d answers are wrong", t.Broken, t.Wrong)
		}
		t.GapMs = max(t.GapMs, before.GapMs)
		before.GapMs = t.GapMs
		return t.Echoes >= before.Echoes+4*connections, err
	})
	return t, err
}

// move moves the container to the other host.
func (l *lab) move(ctx context.Context) (a answer, from int, err error) {
	from, err = l.where(ctx)
	if err != nil {
		return a, from, err
	}
	a, err = l.hosts[from].ask(ctx, order{Migrate: l.hosts[1-from].name})
	return a, from, err
}

// play moves the container, with and without trouble.
func (l *lab) play(ctx context.Context, moves int) error {
	if err := l.moves(ctx, moves); err != nil {
		return err
	}
	for _, trouble := range troubles {
		if err := l.suffer(ctx, trouble); err != nil {
			return fmt.Errorf("%s: %w", trouble, err)
		}
	}
	return l.deals(ctx)
}

// moves moves the container to and fro.
func (l *lab) moves(ctx context.Context, moves int) error {
	for n := range moves {
		a, from, err := l.move(ctx)
		if err != nil || a.Error != "" {
			return fmt.Errorf("move %d: %w", n+1, errors.Join(err, errors.New(a.Error)))
		}
		at, err := l.where(ctx)
		if err != nil || at == from {
			return errors.Join(fmt.Errorf("move %d: the container runs on host %d", n+1, at+1), err)
		}
		t, err := l.whole(ctx)
		if err != nil {
			return fmt.Errorf("move %d: %w", n+1, err)
		}
		m := a.Migrated
		say("moved to %s in %v, stood still for %v, %.1f MiB; longest gap of a connection %d ms; %s", l.hosts[at].name,
			m.Total.Round(time.Millisecond), m.Downtime.Round(time.Millisecond), float64(m.Bytes)/(1<<20), t.GapMs, stages(a))
	}
	return nil
}

func stages(a answer) string {
	var list []string
	for _, s := range a.Stages {
		list = append(list, fmt.Sprintf("%s %v", s.Stage, s.Took.Round(time.Millisecond)))
	}
	return strings.Join(list, ", ")
}

// trouble is what happens before a step.
type trouble struct {
	step   string
	source bool
	do     string
}

func (t trouble) String() string {
	side := map[bool]string{true: "source", false: "target"}[t.source]
	switch t.do {
	case "kill":
		return "the agent of the " + side + " is killed before " + t.step
	case "stop":
		return "the agent of the " + side + " is silent before " + t.step
	}
	return "the " + side + " says no to " + t.step
}

var troubles = []trouble{
	{"Prepare", false, "no"}, {"Copy", true, "no"}, {"Freeze", true, "no"},
	{"Frozen", true, "no"}, {"Restore", false, "no"}, {"Restored", false, "no"},
	{"Describe", true, "kill"}, {"Copy", true, "kill"}, {"Freeze", true, "kill"}, {"Frozen", true, "kill"}, {"Leave", true, "kill"},
	{"Prepare", false, "kill"}, {"Receive", false, "kill"}, {"Restore", false, "kill"}, {"Restored", false, "kill"},
	{"Activate", false, "kill"}, {"Activate", false, "stop"}, {"Leave", true, "stop"},
}

// suffer moves the container with trouble.
func (l *lab) suffer(ctx context.Context, t trouble) error {
	from, err := l.where(ctx)
	if err != nil {
		return err
	}
	victim := l.hosts[1-from]
	if t.source {
		victim = l.hosts[from]
	}
	if _, err := victim.ask(ctx, order{Step: t.step, Do: t.do}); err != nil {
		return err
	}
	began := time.Now()
	moved := make(chan answer, 1)
	go func() {
		a, err := l.hosts[from].ask(ctx, order{Migrate: l.hosts[1-from].name})
		if err != nil {
			a.Error = err.Error()
		}
		moved <- a
	}()
	switch t.do {
	case "kill":
		victim.killed()
		err = victim.startAgent(ctx)
	case "stop":
		err = l.silence(ctx, victim, l.hosts[from])
	}
	if err != nil {
		return err
	}
	a := <-moved
	at, err := l.where(ctx)
	if err != nil {
		return fmt.Errorf("%w (the move said: %s)", err, a.Error)
	}
	counted, err := l.whole(ctx)
	if err != nil {
		return err
	}
	if t.do == "no" && (at != from || a.Error == "") {
		return fmt.Errorf("the container is on %s, and the move said %q", l.hosts[at].name, a.Error)
	}
	outcome := "runs on at the source"
	if at != from {
		outcome = "runs at the target"
	}
	say("%s: %s, longest gap %d ms, in %v", t, outcome, counted.GapMs, time.Since(began).Round(time.Millisecond))
	return nil
}

// looks is how often the laboratory looks at a guest while an agent is silent.
const looks = 20

// silence has an agent be silent that stops itself in a move from a host. While it is the target,
// which was told that the guest is its own, the source must not let the guest run; while it is the
// source, the guest runs at the target.
func (l *lab) silence(ctx context.Context, victim, from *host) error {
	if err := victim.stopped(ctx); err != nil {
		return err
	}
	if victim == from {
		_, err := l.whole(ctx)
		return errors.Join(err, victim.continues())
	}
	return errors.Join(l.standsStill(ctx, from), victim.continues())
}

// standsStill holds that the container, which a host has given up, runs there no more: it
// writes a line each 10 ms.
func (l *lab) standsStill(ctx context.Context, at *host) error {
	written := func() (int64, error) {
		info, err := os.Stat(filepath.Join(at.dir, "srv/volumes", guest, "lines"))
		if err != nil {
			return 0, err
		}
		return info.Size(), nil
	}
	before, err := written()
	if err != nil {
		return err
	}
	for range looks {
		a, err := at.ask(ctx, order{})
		if err == nil && a.Error != "" {
			err = errors.New(a.Error)
		}
		if err != nil {
			return err
		}
		for _, g := range a.Guests {
			if g.State == hostagent.Running && !g.Leaving {
				return errors.New("the source lets the container run while the target is silent")
			}
		}
	}
	after, err := written()
	if err == nil && after != before {
		err = fmt.Errorf("the container has written %d bytes at the source while the target was silent", after-before)
	}
	return err
}

// counted holds that no echo was lost, and no line of the volume at a host.
func (l *lab) counted(at int) error {
	t, err := l.tally("end")
	if err != nil {
		return err
	}
	if t.Broken+t.Wrong+t.Missing > 0 {
		return fmt.Errorf("%d connections broken, %d answers wrong, %d missing", t.Broken, t.Wrong, t.Missing)
	}
	lines, err := os.ReadFile(filepath.Join(l.hosts[at].dir, "srv/volumes", guest, "lines"))
	if err != nil {
		return err
	}
	all := strings.Split(strings.TrimSuffix(string(lines[:strings.LastIndexByte(string(lines), '\n')+1]), "\n"), "\n")
	for n, line := range all {
		if line != fmt.Sprint(n+1) {
			return fmt.Errorf("line %d of the volume says %q", n+1, line)
		}
	}
	say("%d echoes over %d connections and %d lines of the volume: none lost, none twice", t.Echoes, connections, len(all))
	return nil
}
