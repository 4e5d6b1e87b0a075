package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"parley/hostagent"
	"parley/hostagent/config"
	"parley/hostagent/memory"
	"parley/hostagent/service"
	"parley/lcc"
	"parley/models/publish/bundle"
	"parley/peer"
)

// site has the agents of one run. All others initially know only the first.
type site struct {
	dir       string
	within    time.Duration
	publisher *publisher
	policy    bundle.Policy
	agents    []*agent

	stop  context.CancelFunc
	ended chan error // one result for each running agent
}

// agent is one host of a site.
type agent struct {
	*service.Service
	config   config.Config
	id       lcc.PeerID
	platform *memory.Platform
	near     []lcc.PeerID // the other hosts of its group
}

// newSite starts the agents, without a roster.
func newSite(dir string, peers, groupMost int) (s *site, err error) {
	s = &site{dir: dir, stop: func() {}, ended: make(chan error, peers)}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if s.publisher, err = newPublisher("north"); err != nil {
		return s, err
	}
	s.publisher.roster.GroupMost = groupMost
	if s.policy, err = s.publisher.policy(0, 0); err != nil {
		return s, err
	}
	fabric := memory.NewSite(memory.Options{})
	for i := range peers {
		if err := s.prepare(fabric, fmt.Sprintf("h%04d", i)); err != nil {
			return s, err
		}
	}
	if err := s.open(); err != nil {
		return s, err
	}
	s.run()
	return s, s.introduce()
}

// prepare makes a host's key, files and guest.
func (s *site) prepare(fabric *memory.Site, name string) error {
	a := &agent{config: config.Default()}
	dir := filepath.Join(s.dir, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	anchor := filepath.Join(dir, "north.json")
	if err := os.WriteFile(anchor, s.publisher.first.MarshalFile(), 0o600); err != nil {
		return err
	}
	a.config.Host, a.config.Key = name, filepath.Join(dir, "key")
	a.config.StateDir, a.config.Socket = dir, filepath.Join(dir, "s")
	a.config.Listen = []string{"/ip4/127.0.0.1/tcp/0"}
	a.config.Platform = config.Platform{Kind: "memory", CallTimeout: 5 * time.Second}
	a.config.Publishers = []config.Publisher{{Anchor: anchor}}
	a.config.Mode = "auto"
	var err error
	if a.id, err = service.Identity(a.config); err != nil {
		return err
	}
	room := hostagent.Resources{CPU: 4, MemoryBytes: 8 << 30}
	if a.platform, err = fabric.Host(name, room); err != nil {
		return err
	}
	s.agents = append(s.agents, a)
	need := hostagent.Resources{CPU: 2, MemoryBytes: 1 << 30}
	return a.platform.Run(memory.Guest{ID: hostagent.GuestID("guest-of-" + name), Declared: need, CPU: 0.4})
}

// open opens the networks. The first agent lists all others, and they list it.
func (s *site) open() error {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	for i, a := range s.agents {
		known := s.agents[:1]
		if i == 0 {
			known = s.agents[1:]
		}
		for _, other := range known {
			a.config.Peers = append(a.config.Peers, config.Peer{ID: string(other.id), Name: other.config.Host})
		}
		var err error
		if a.Service, err = service.New(service.Options{Config: a.config, Platform: a.platform, Logger: log}); err != nil {
			return err
		}
		a.platform.SetAdmission(a.Admit)
	}
	return nil
}

func (s *site) run() {
	var ctx context.Context
	ctx, s.stop = context.WithCancel(context.Background())
	for _, a := range s.agents {
		go func() { s.ended <- a.Run(ctx) }()
	}
}

// introduce gives all agents the address of the first, and puts all into the roster.
func (s *site) introduce() error {
	first := s.agents[0]
	for _, a := range s.agents {
		s.publisher.roster.Hosts = append(s.publisher.roster.Hosts, bundle.Host{ID: string(a.id), Name: a.config.Host, Addresses: a.Addresses()})
		if a == first {
			continue
		}
		if err := a.AddAddresses(first.id, first.Addresses()); err != nil {
			return err
		}
	}
	return s.group()
}

// group computes the groups, as every agent does.
func (s *site) group() error {
	var all []peer.Member
	for _, a := range s.agents {
		all = append(all, peer.Member{Peer: a.id})
	}
	groups, err := peer.Groups(all, peer.Grouping{Most: s.publisher.roster.GroupMost})
	if err != nil {
		return err
	}
	for _, g := range groups {
		for _, a := range s.agents {
			if slices.Contains(g.Peers, a.id) {
				a.near = slices.DeleteFunc(slices.Clone(g.Peers), func(id lcc.PeerID) bool { return id == a.id })
			}
		}
	}
	return nil
}

// close stops the agents.
func (s *site) close() (err error) {
	s.stop()
	for _, a := range s.agents {
		if a.Service != nil {
			err = errors.Join(err, <-s.ended)
		}
		err = errors.Join(err, a.platform.Close())
	}
	return err
}
