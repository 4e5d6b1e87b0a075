//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"parley/examples/ground"
	"path/filepath"
	"strings"
	"time"
)

// configuration is that of a real agent on a host.
const configuration = `host: %s
listen: [/ip4/%s/tcp/4200]
mode: recommend
platform: {kind: memory}
capacity: {cpu: 2, memory: 1GiB, disk: 1GiB}
process: {on: true, programs: [/lab/mover]}
container: {on: true, cgroups: /pguest/%s, podman: "%s", keep_left: 1h}
peers:
%s`

// deals ends the laboratory's agents, starts those that users run in their place, and has
// the container moved there and back by an operator's order.
func (l *lab) deals(ctx context.Context) error {
	from, err := l.where(ctx)
	if err != nil {
		return err
	}
	if err := l.become(ctx); err != nil {
		return err
	}
	for range 2 {
		to := l.hosts[1-from]
		began := time.Now()
		var said string
		if err := ground.Until(ctx, 30*time.Second, "a deal moves the container to "+to.name, func() (bool, error) {
			said, err = l.hosts[from].parley(ctx, "migrate", guest, to.name)
			return err == nil, nil // the agents may not know each other yet
		}); err != nil {
			return fmt.Errorf("%w: %s", err, said)
		}
		t, err := l.whole(ctx)
		if err == nil {
			err = l.hosts[from].left(ctx)
		}
		if err != nil {
			return err
		}
		say("by a deal to %s in %v; longest gap of a connection %d ms: %s", to.name, time.Since(began).Round(time.Millisecond), t.GapMs,
			strings.Join(strings.Fields(said), " "))
		from = 1 - from
	}
	return l.counted(from)
}

// become starts the agents that users run, in the place of the laboratory's.
func (l *lab) become(ctx context.Context) error {
	for _, h := range l.hosts {
		_, _ = h.ask(ctx, order{Do: "kill"}) // there is no answer
		h.killed()
	}
	return l.startParley(ctx)
}

// left holds that a host keeps what the container has left there: the bundle, and the volume with
// its lines.
func (h *host) left(ctx context.Context) error {
	for _, of := range []string{"srv/containers/.left/*_" + guest + "/config.json", "srv/volumes/.left/*_" + guest + "/" + guest + "/lines"} {
		if err := ground.Until(ctx, 30*time.Second, h.name+" keeps "+of, func() (bool, error) {
			kept, err := filepath.Glob(filepath.Join(h.dir, of))
			return len(kept) > 0, err
		}); err != nil {
			return err
		}
	}
	return nil
}

// startParley starts a real agent on each host.
func (l *lab) startParley(ctx context.Context) error {
	for n, h := range l.hosts {
		if err := h.configure(n, ""); err != nil {
			return err
		}
	}
	var ids [2]string
	for n, h := range l.hosts {
		id, err := h.parley(ctx, "agent", "--config", "/lab/"+h.name+".yaml", "--print-id")
		if err != nil {
			return fmt.Errorf("the identity of %s: %w: %s", h.name, err, id)
		}
		ids[n] = strings.TrimSpace(id)
	}
	for n, h := range l.hosts {
		other := 1 - n
		if err := h.configure(n, fmt.Sprintf("  - {id: %s, name: %s, addresses: [/ip4/%s%d/tcp/4200]}\n", ids[other], l.hosts[other].name, subnet,
			other+1)); err != nil {
			return err
		}
		if err := h.startParley(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (h *host) configure(n int, peers string) error {
	if peers == "" {
		peers = "  []\n"
	}
	podman := ""
	if h.podman {
		podman = podmanSocket
	}
	text := fmt.Sprintf(configuration, h.name, fmt.Sprint(subnet, n+1), h.name, podman, peers)
	return os.WriteFile(filepath.Join(runDir, "lab", h.name+".yaml"), []byte(text), 0o644)
}

func (h *host) startParley(ctx context.Context) error {
	words := h.enter("/lab/parley", "agent", "--config", "/lab/"+h.name+".yaml")
	return h.runAgent(ctx, "parley.log", words, func() error {
		_, err := h.parley(ctx, "status")
		return err
	})
}

// parley runs a command of an operator on a host.
func (h *host) parley(ctx context.Context, args ...string) (string, error) {
	words := h.enter(append([]string{"/lab/parley"}, args...)...)
	out, err := exec.CommandContext(ctx, words[0], words[1:]...).CombinedOutput()
	return string(out), err
}
