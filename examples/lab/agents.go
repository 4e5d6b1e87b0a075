//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"parley/examples/ground"
	"parley/hostagent/api"
	"parley/models"
)

// settings are the agents' settings that a step of the laboratory may change.
type settings struct {
	policy       string // a shipped model
	bandwidthMax int64  // bytes per second; 0: no limit
	recommend    bool   // no deal of the policy moves a guest
	paused       bool   // the hosts begin no deal of the policy
	allowForeign bool   // a migration without a deal is admitted
	published    bool   // the agents follow the laboratory's publisher, and have no policy file
	refuses      string // with published: the host that never plays the role underloaded
}

// configure writes the configuration of every agent; it creates missing keys.
func (l *lab) configure(ctx context.Context, s settings) error {
	text, ok := models.Text(s.policy)
	if !ok {
		return fmt.Errorf("no shipped model %s: there are %s", s.policy, strings.Join(models.Names(), ", "))
	}
	for _, h := range l.hosts {
		if err := os.WriteFile(filepath.Join(h.dir, "policy.lcc"), text, 0o644); err != nil {
			return err
		}
		if s.published {
			anchor, err := l.inRepository(ctx, "cluster", "show", "--anchor")
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(h.dir, "anchor.json"), []byte(anchor), 0o644); err != nil {
				return err
			}
		}
	}
	// The first pass has no peers and yields the ids.
	for _, last := range []bool{false, true} {
		for _, h := range l.hosts {
			if err := os.WriteFile(h.config(), []byte(l.config(h, s, last)), 0o644); err != nil {
				return err
			}
			if last {
				continue
			}
			words := h.inside(l.program, "agent", "--config", h.config(), "--print-id")
			id, err := ground.Run(ctx, words[0], words[1:]...)
			if err != nil {
				return err
			}
			h.peerID = strings.TrimSpace(id)
		}
	}
	return nil
}

func (h *host) config() string { return filepath.Join(h.dir, "agent.yaml") }
func (h *host) socket() string { return filepath.Join(h.dir, "parley.sock") }

func (l *lab) config(h *host, s settings, peers bool) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, `host: %s
key: peer.key
state_dir: %s
socket: parley.sock
listen: [/ip4/%s/tcp/4200]
group: lab
platform:
  kind: libvirt
  uri: qemu:///system
  endpoint: %s
  migrate_uri: tcp://%s
  downtime_max: 100ms
  bandwidth_max: %d
capacity: {cpu: 1, memory: %dMiB, disk: 1GiB, overhead_memory: 0MiB}
sample_every: 1s
smoothing: 4s
hold_samples: 2
cooldown: 15s
return_after: 15s
mode: %s
arrival: {foreign: %s}
`, h.name, choose(l.engines != (engines{}), "/var/lib/parley", "state"), h.address, h.uri(), h.address, s.bandwidthMax, l.memoryMiB,
		choose(s.recommend, "recommend", "auto"), choose(s.allowForeign, "allow", "refuse"))
	if l.engines != (engines{}) {
		b.WriteString(l.engines.config())
	}
	if s.published {
		b.WriteString("publishers:\n  - anchor: anchor.json\n")
		if s.refuses == h.name {
			b.WriteString("    refuse_roles: [underloaded]\n")
		}
	} else {
		b.WriteString("policy: {file: policy.lcc}\n")
	}
	if peers {
		b.WriteString("peers:\n")
		for _, other := range l.hosts {
			fmt.Fprintf(&b, "  - {id: %s, name: %s, addresses: [/ip4/%s/tcp/4200]}\n", other.peerID, other.name, other.address)
		}
	}
	return b.String()
}

func choose(which bool, yes, no string) string {
	if which {
		return yes
	}
	return no
}

// startAgent starts the agent of a host in its namespaces, and waits until it answers.
func (l *lab) startAgent(ctx context.Context, h *host) error {
	var err error
	h.agent, err = h.start("agent.log", append(l.engines.limit(), l.program, "agent", "--config", h.config())...)
	if err != nil {
		return err
	}
	if err := remember(h.agent, h.name+"-agent"); err != nil {
		return err
	}
	return ground.Until(ctx, 30*time.Second, "the agent of "+h.name+" answers", func() (bool, error) {
		if h.agent.ended() {
			log, err := os.ReadFile(h.agent.log)
			if err != nil {
				return false, err
			}
			return false, fmt.Errorf("the agent of %s has ended: %s", h.name, log)
		}
		_, err := h.status(ctx)
		return err == nil, nil
	})
}

func (h *host) status(ctx context.Context) (api.Status, error) {
	return api.Client{Socket: h.socket()}.Status(ctx)
}

// enact stops, reconfigures and starts the agents.
func (l *lab) enact(ctx context.Context, s settings) error {
	for _, h := range l.hosts {
		h.agent.stop()
	}
	if err := l.configure(ctx, s); err != nil {
		return err
	}
	for _, h := range l.hosts {
		if err := l.startAgent(ctx, h); err != nil {
			return err
		}
		do := choose(s.paused, "pause", "resume")
		if err := h.order(ctx, api.Order{Do: do}); err != nil {
			return err
		}
	}
	return nil
}

// dealt is a deal as its source reported it, with the names of the hosts.
type dealt struct {
	api.DealStatus
	from, to string
}

// deals returns the deals that have ended at their source since a time, sorted by their
// ends.
func (l *lab) deals(ctx context.Context, since time.Time) (list []dealt, inFlight int, err error) {
	names := map[string]string{}
	for _, h := range l.hosts {
		names[h.peerID] = h.name
	}
	for _, h := range l.hosts {
		s, err := h.status(ctx)
		if err != nil {
			return nil, 0, err
		}
		inFlight += len(s.Deals)
		for _, d := range s.History {
			if d.Side == "source" && d.At.After(since) {
				list = append(list, dealt{d, names[d.Source], names[d.Target]})
			}
		}
	}
	sortDeals(list)
	return list, inFlight, nil
}

// loads returns the load of each host; ok is false while one is unknown.
func (l *lab) loads(ctx context.Context) (loads []float64, guests []int, ok bool, err error) {
	for _, h := range l.hosts {
		s, err := h.status(ctx)
		if err != nil {
			return nil, nil, false, err
		}
		if !s.Load.Known {
			return nil, nil, false, nil
		}
		loads = append(loads, max(s.Load.CPU, s.Load.Memory))
		guests = append(guests, len(s.Guests))
	}
	return loads, guests, true, nil
}
