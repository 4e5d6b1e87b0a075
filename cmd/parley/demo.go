package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"parley/hostagent"
	"parley/hostagent/config"
	"parley/hostagent/enact"
	"parley/hostagent/memory"
	"parley/hostagent/service"
)

// demoOptions are the flags of the demo.
type demoOptions struct {
	policy        string
	hosts, guests int
	seed          uint64
	limit         time.Duration
}

func newDemo() *cobra.Command {
	o := demoOptions{}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Run hosts in one process that negotiate until the load is steady",
		Long: `Run hosts in one process. Each is a real peer on the loopback network, with a
platform in memory and an uneven number of guests. They enact a policy and move
guests until nothing changes any more. Nothing is scripted. The exit code is 1 where
an agent of the policy failed.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case o.hosts < 2 || o.hosts > 200:
				return fmt.Errorf("--hosts is %d: from 2 to 200", o.hosts)
			case o.guests < 1 || o.guests > 20*o.hosts:
				return fmt.Errorf("--guests is %d: from 1 to 20 for each host", o.guests)
			case o.limit < time.Second:
				return fmt.Errorf("--limit is %v: at least 1s", o.limit)
			}
			return wrong(runDemo(cmd.Context(), cmd, o))
		},
	}
	cmd.Flags().StringVar(&o.policy, "policy", "agility", "policy: the name of a shipped model, or a file")
	completesFlag(cmd, "policy", completeModels())
	cmd.Flags().IntVar(&o.hosts, "hosts", 8, "number of hosts")
	cmd.Flags().IntVar(&o.guests, "guests", 40, "number of guests")
	cmd.Flags().Uint64Var(&o.seed, "seed", 1, "seed of the guests' sizes and places")
	cmd.Flags().DurationVar(&o.limit, "limit", 55*time.Second, "time to wait for a steady state")
	return cmd
}

// demoHost is one host of the demo.
type demoHost struct {
	name     string
	platform *memory.Platform
	agent    *service.Service
	config   config.Config
	uses     map[hostagent.GuestID]float64 // cores that each guest uses; shared by all hosts
}

const (
	demoCores  = 16
	demoMemory = 64 << 30
	// demoSpeedup makes a migration of some GiB take about a second.
	demoSpeedup = 8
	// demoQuiet is how long nothing may happen before the state counts as steady, while no
	// host rests: longer than the shipped policies wait for an answer.
	demoQuiet = 6 * time.Second
	// demoRestMost is how long a host that rests keeps the state from counting as steady.
	demoRestMost = 30 * time.Second
)

func runDemo(ctx context.Context, cmd *cobra.Command, o demoOptions) (err error) {
	text, err := readModel(o.policy)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "parley-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	policy := filepath.Join(dir, "policy.lcc")
	if err := os.WriteFile(policy, text, 0o600); err != nil {
		return err
	}
	if err := checkPolicy(o.policy, text); err != nil {
		return err
	}
	view := newDemoView(cmd.OutOrStdout())
	view.resting = restingRoles(text)
	hosts, err := buildDemo(dir, policy, o, view)
	if err != nil {
		return err
	}
	if err := view.begin(ctx, hosts, o); err != nil {
		return err
	}

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	group, running := errgroup.WithContext(ctx)
	for _, h := range hosts {
		group.Go(func() error { return h.agent.Run(running) })
	}
	watched := view.watch(running, hosts, o.limit)
	cancel()
	if err := group.Wait(); err != nil {
		return err
	}
	if watched != nil {
		if view.over != "" {
			watched = errors.Join(watched, view.summary(hosts))
		}
		return watched
	}
	return view.summary(hosts)
}

// checkPolicy reports the faults of a model before anything starts.
func checkPolicy(name string, text []byte) error {
	_, v := enact.Prepare(name, text, enact.Terms{})
	if v.Model != nil {
		return v.Err()
	}
	list := fmt.Errorf("%s has faults", name)
	for _, d := range v.Errors() {
		list = fmt.Errorf("%w\n%s", list, d.Text(text))
	}
	return list
}

// buildDemo makes the hosts, their guests and their network.
func buildDemo(dir, policy string, o demoOptions, view *demoView) ([]*demoHost, error) {
	site := memory.NewSite(memory.Options{Speedup: demoSpeedup})
	capacity := hostagent.Resources{CPU: demoCores, MemoryBytes: demoMemory}
	var hosts []*demoHost
	var peers []config.Peer
	for i := range o.hosts {
		h := &demoHost{name: fmt.Sprintf("host%02d", i+1)}
		platform, err := site.Host(h.name, capacity)
		if err != nil {
			return nil, err
		}
		h.platform = platform
		h.config = demoConfig(filepath.Join(dir, h.name), h.name, policy)
		id, err := service.Identity(h.config)
		if err != nil {
			return nil, err
		}
		peers = append(peers, config.Peer{ID: string(id), Name: h.name})
		hosts = append(hosts, h)
	}
	if err := placeGuests(hosts, o); err != nil {
		return nil, err
	}
	for i, h := range hosts {
		h.config.Peers = peers
		agent, err := service.New(service.Options{
			Config: h.config, Platform: h.platform, Logger: nil, Seed: demoSeed(o.seed, i),
			Watch: func(occurrence service.Occurrence) { view.show(h.name, occurrence) },
		})
		if err != nil {
			return nil, err
		}
		h.agent = agent
		h.platform.SetAdmission(agent.Admit)
		view.name(string(agent.PeerID()), h.name)
	}
	for _, h := range hosts {
		for _, other := range hosts {
			if other == h {
				continue
			}
			if err := h.agent.AddAddresses(other.agent.PeerID(), other.agent.Addresses()); err != nil {
				return nil, err
			}
		}
	}
	return hosts, nil
}

func demoConfig(dir, name, policy string) config.Config {
	c := config.Default()
	c.Host, c.Key, c.StateDir, c.Socket = name, filepath.Join(dir, "key"), dir, filepath.Join(dir, "sock")
	c.Listen = []string{"/ip4/127.0.0.1/tcp/0"}
	c.Group = "demo"
	c.Platform = config.Platform{Kind: "memory", CallTimeout: 5 * time.Second}
	c.Policy.File = policy
	c.SampleEvery, c.Smoothing, c.HoldSamples = 250*time.Millisecond, 250*time.Millisecond, 2
	c.Cooldown = time.Minute
	c.Mode = "auto"
	return c
}

// demoSeed derives a separate random seed for each host.
func demoSeed(seed uint64, host int) (bytes [32]byte) {
	chance := rand.New(rand.NewPCG(seed, uint64(host)+1))
	for i := range bytes {
		bytes[i] = byte(chance.Uint32())
	}
	return bytes
}

// placeGuests makes guests of mixed sizes and puts most of them on a few hosts.
func placeGuests(hosts []*demoHost, o demoOptions) error {
	drawn, err := drawGuests(o.hosts, o.guests, o.seed)
	if err != nil {
		return err
	}
	uses := map[hostagent.GuestID]float64{}
	for _, h := range hosts {
		h.uses = uses
	}
	for _, g := range drawn {
		uses[g.ID] = g.CPU
		if err := hosts[g.host].platform.Run(g.Guest); err != nil {
			return err
		}
	}
	return nil
}
