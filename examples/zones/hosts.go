//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"parley/examples/ground"
	"parley/hostagent/api"
	"parley/models"
)

// host is a host with its agent.
type host struct {
	number int
	name   string
	dir    string
	peerID string
	agent  *exec.Cmd
	ended  chan struct{} // closed when the agent has
}

func newHost(n int) *host {
	name := fmt.Sprintf("h%d", n+1)
	return &host{number: n, name: name, dir: filepath.Join(runDir, name)}
}

func (h *host) config() string { return filepath.Join(h.dir, "agent.yaml") }
func (h *host) socket() string { return filepath.Join(h.dir, "socket") }

func (h *host) client() api.Client { return api.Client{Socket: h.socket()} }

// configuration is that of an agent: its host, its address, the program of a zone, its
// capacity and the policy.
const configuration = `host: %s
key: peer.key
state_dir: state
socket: socket
listen: [/ip4/%s/tcp/4200]
group: zones
platform: {kind: none}
process: {on: true, programs: [%s/zone]}
capacity: {cpu: %g, memory: 16GiB, overhead_memory: 0MiB}
sample_every: 1s
smoothing: 8s
hold_samples: 2
cooldown: 20s
mode: auto
policy: {file: %s/policy}
`

// configure writes the agents' configurations, and the policy.
func configure(ctx context.Context, hosts []*host, s settings) error {
	if err := os.MkdirAll(runDir+"/policy", 0o755); err != nil {
		return err
	}
	if err := writePolicy(runDir + "/policy"); err != nil {
		return err
	}
	if s.cores == 0 {
		s.cores = 1 // until it is measured
	}
	for _, peers := range []bool{false, true} { // without peers it yields the ids
		for _, h := range hosts {
			text := fmt.Sprintf(configuration, h.name, fmt.Sprint(network, "0.", h.number+1), runDir, s.cores, runDir)
			if peers {
				text += "peers:\n"
				for _, other := range hosts {
					text += fmt.Sprintf("  - {id: %s, name: %s, addresses: [/ip4/%s0.%d/tcp/4200]}\n", other.peerID, other.name, network,
						other.number+1)
				}
			}
			if err := os.MkdirAll(h.dir, 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(h.config(), []byte(text), 0o644); err != nil {
				return err
			}
			if peers {
				continue
			}
			id, err := ground.Run(ctx, runDir+"/parley", "agent", "--config", h.config(), "--print-id")
			if err != nil {
				return err
			}
			h.peerID = strings.TrimSpace(id)
		}
	}
	return nil
}

// parameters of the policy that differ from the shipped ones: people walk within minutes, and
// a host of this laboratory is a small part of a processor, which a zone fills in steps.
var parameters = map[string][][2]string{
	"gossip":           {{"every(5).", "every(1)."}, {"rounds(16).", "rounds(8)."}, {"rest(300).", "rest(10)."}},
	"sender_initiated": {{"patience(5).", "patience(1)."}, {"threshold(0.15).", "threshold(0.1)."}, {"pause(5).", "pause(2)."}},
}

// writePolicy writes the models with these parameters into a directory.
func writePolicy(dir string) error {
	for name, facts := range parameters {
		data, _ := models.Text(name)
		text := string(data)
		for _, fact := range facts {
			changed := strings.Replace(text, "\n"+fact[0], "\n"+fact[1], 1)
			if changed == text {
				return fmt.Errorf("the model %s has no %s", name, fact[0])
			}
			text = changed
		}
		if err := os.WriteFile(filepath.Join(dir, name+".lcc"), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// start starts the agent, and waits until it answers.
func (h *host) start(ctx context.Context) error {
	log, err := os.Create(filepath.Join(h.dir, "agent.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	group, err := ground.OpenGroup(space(h.number))
	if err != nil {
		return err
	}
	defer group.Close()
	// Not ip netns exec, which hides the cgroups.
	h.agent = exec.Command("nsenter", "--net=/run/netns/"+space(h.number), runDir+"/parley", "agent", "--config", h.config())
	h.agent.Stdout, h.agent.Stderr = log, log
	h.agent.SysProcAttr = &syscall.SysProcAttr{Setsid: true, UseCgroupFD: true, CgroupFD: int(group.Fd())}
	if err := h.agent.Start(); err != nil {
		return err
	}
	h.ended = make(chan struct{})
	go func() {
		defer close(h.ended)
		_ = h.agent.Wait() // its log has the error
	}()
	return ground.Until(ctx, 30*time.Second, "the agent of "+h.name+" answers", func() (bool, error) {
		select {
		case <-h.ended:
			return false, fmt.Errorf("the agent of %s has ended", h.name)
		default:
		}
		_, err := h.client().Status(ctx)
		return err == nil, nil
	})
}

// launch starts the server of a zone here.
func (h *host) launch(ctx context.Context, zone int) error {
	_, err := ground.Run(ctx, runDir+"/parley", "process", "run", "--socket", h.socket(), "--name", zoneName(zone), "--cpu", "0.1",
		"--memory", "64MiB", "--network", bridge, "--address", fmt.Sprintf("%s1.%d/16", network, zone+1), runDir+"/zone", ":7000")
	return err
}

func zoneName(zone int) string { return fmt.Sprintf("zone-%03d", zone) }

func zoneOf(name string) (zone int, ok bool) {
	_, err := fmt.Sscanf(name, "zone-%d", &zone)
	return zone, err == nil
}

// empty ends the zones that run here.
func (h *host) empty(ctx context.Context) error {
	list, err := h.client().Processes(ctx)
	if err != nil {
		return err
	}
	for _, p := range list {
		if _, err := ground.Run(ctx, runDir+"/parley", "process", "stop", "--socket", h.socket(), p.ID); err != nil {
			return err
		}
	}
	return nil
}

// stop ends the agent.
func (h *host) stop() {
	if h.agent == nil || h.agent.Process == nil || h.ended == nil {
		return
	}
	_ = h.agent.Process.Signal(syscall.SIGTERM) // it may have ended
	select {
	case <-h.ended:
	case <-time.After(20 * time.Second):
		_ = h.agent.Process.Kill()
		<-h.ended
	}
}
