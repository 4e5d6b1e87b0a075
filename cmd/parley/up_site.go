package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/hostagent/memory"
	"parley/hostagent/service"
	"parley/models/publish/bundle"
	"parley/models/publish/repository"
)

// What a site to try Parley out is called, and its parts.
const (
	upPublisher = "laptop"
	upPolicy    = "balance"
	upKey       = "publisher.key"
)

// upSite is a site in one directory: a policy repository, its key, and a directory for
// each host.
type upSite struct {
	dir        string
	repository *repository.Repository
	hosts      []*upHost
}

// upHost is one host of it.
type upHost struct {
	name, socket string
	agent        *service.Service
}

// newUpSite makes the repository and the agents. Nothing runs yet.
func newUpSite(dir string, policy map[string][]byte, o upOptions, news *upNews) (_ *upSite, err error) {
	s := &upSite{dir: dir}
	key, err := repository.CreateKey(filepath.Join(dir, upKey), rand.Reader)
	if err != nil {
		return nil, err
	}
	s.repository, err = repository.Init(filepath.Join(dir, "policies"), repository.Beginning{
		Publisher: upPublisher, Root: bundle.Root{Version: 1, Threshold: 1, Keys: []bundle.Key{{Name: "publisher", Public: key.Public()}}},
	})
	if err != nil {
		return nil, err
	}
	if _, err := s.repository.InitPolicy(upPolicy, policy); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			for _, h := range s.hosts {
				h.agent.Close()
			}
		}
	}()
	if err := s.addHosts(o, news); err != nil {
		return nil, err
	}
	return s, s.release(key)
}

// addHosts makes the agents with their guests, and lists them in the repository.
func (s *upSite) addHosts(o upOptions, news *upNews) error {
	guests, err := drawGuests(o.hosts, o.guests, o.seed)
	if err != nil {
		return err
	}
	ground := memory.NewSite(memory.Options{})
	for i := range o.hosts {
		name := upHostName(i)
		platform, err := ground.Host(name, hostagent.Resources{CPU: demoCores, MemoryBytes: demoMemory})
		if err != nil {
			return err
		}
		for k, g := range guests {
			if g.host == i {
				g.Demand = risesAndFalls(g.CPU, k)
				if err := platform.Run(g.Guest); err != nil {
					return err
				}
			}
		}
		config := upConfig(filepath.Join(s.dir, name), name, filepath.Join(s.repository.Dir(), "anchor.json"), o.mode)
		if o.loadsEvery > 0 {
			config.Audit.LoadsEvery = o.loadsEvery
		}
		agent, err := service.New(service.Options{
			Config: config, Platform: platform, Seed: demoSeed(o.seed, i),
			Watch: func(occurrence service.Occurrence) { news.note(name, occurrence) },
		})
		if err != nil {
			return err
		}
		s.hosts = append(s.hosts, &upHost{name: name, socket: config.Socket, agent: agent})
		platform.SetAdmission(agent.Admit)
		news.names[hostagent.HostID(agent.PeerID())] = name
		h := repository.Host{Name: name, ID: string(agent.PeerID()), Addresses: agent.Addresses()}
		h.Labels = []string{fmt.Sprintf("rack=%c", 'a'+rune(i*2/o.hosts))}
		if err := s.repository.AddHost(h); err != nil {
			return err
		}
	}
	return nil
}

func upHostName(i int) string { return fmt.Sprintf("host%02d", i+1) }

func upConfig(dir, name, anchor, mode string) config.Config {
	c := config.Default()
	c.Host, c.Key, c.StateDir, c.Socket = name, filepath.Join(dir, "key"), dir, filepath.Join(dir, "sock")
	c.Listen = []string{"/ip4/127.0.0.1/tcp/0"}
	c.Platform = config.Platform{Kind: "memory", CallTimeout: 5 * time.Second}
	c.Publishers = []config.Publisher{{Anchor: anchor}}
	c.SampleEvery, c.Smoothing, c.HoldSamples = time.Second, 2*time.Second, 3
	c.Cooldown = time.Minute
	c.Mode = mode
	return c
}

// risesAndFalls is the demand of a guest over its age: around its mean, in a period of
// minutes that differs from guest to guest.
func risesAndFalls(mean float64, guest int) func(time.Duration) float64 {
	period := 4*time.Minute + time.Duration(guest%7)*time.Minute
	phase := float64(guest%5) / 5
	return func(age time.Duration) float64 {
		return mean * (1 + 0.4*math.Sin(2*math.Pi*(age.Seconds()/period.Seconds()+phase)))
	}
}

// release makes release 1 of the policy, which is a shipped one and was tried.
func (s *upSite) release(key bundle.Private) error {
	d, err := s.repository.Draft(repository.DraftOptions{Now: time.Now(), Note: "a site to try Parley out", Dirty: true})
	if err != nil {
		return err
	}
	if err := s.repository.Keep(d); err != nil {
		return err
	}
	if _, err := s.repository.Sign(key); err != nil {
		return err
	}
	_, err = s.repository.Append(time.Now())
	return err
}

// publish hands the release to every agent, and waits until all are ready. Without the
// release the agents know nobody from whom they could get it.
func (s *upSite) publish(ctx context.Context) error {
	data, err := packed(s.repository, 0)
	if err != nil {
		return err
	}
	within := upStart + time.Duration(len(s.hosts))*upStartHost
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	pause := 10 * time.Millisecond * time.Duration(len(s.hosts)) // so that asking leaves the processors to the hosts
	group, asked := errgroup.WithContext(ctx)
	for _, h := range s.hosts {
		group.Go(func() error {
			if _, err := h.agent.Publish(asked, data); err != nil {
				return fmt.Errorf("%s: the first release: %w", h.name, err)
			}
			for {
				status, err := h.agent.Status(asked)
				if err != nil {
					return fmt.Errorf("%s: %w", h.name, err)
				}
				if s.ready(status) {
					return nil
				}
				select {
				case <-time.After(pause):
				case <-asked.Done():
					return errors.Join(fmt.Errorf("%s does not take part after %v", h.name, within), asked.Err())
				}
			}
		})
	}
	return group.Wait()
}

// ready says whether a host enacts the release, knows its load and is connected to others.
func (s *upSite) ready(h api.Status) bool {
	connected := slices.ContainsFunc(h.Peers, func(p api.PeerStatus) bool { return p.Connected })
	return len(h.Policy.Models) > 0 && h.Load.Known && connected && len(h.Peers) == len(s.hosts)-1
}
