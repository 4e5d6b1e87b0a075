package service

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"
	p2p "github.com/libp2p/go-libp2p/core/peer"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/hostagent/memory"
	"parley/models/publish/bundle"
)

// BenchmarkDealUnderJunk measures honest deals, from an operator's order until the
// source's platform is told to move the guest, without load and while other listed
// peers send a thousand pieces of junk a second. They share the processors with the
// agents, so the same junk is also sent to a bare host that discards it: that cost is
// not the agents'. The three cases alternate, so that other load of the machine affects
// all of them. "shut out" is as agents run; with "let in" nobody is banned, as if each
// attacker came back at once under another name.
func BenchmarkDealUnderJunk(b *testing.B) {
	b.Run("shut out", func(b *testing.B) { dealsUnderJunk(b, 0) })
	b.Run("let in", func(b *testing.B) { dealsUnderJunk(b, 1) }) // for a nanosecond
}

const (
	junkPerSecond = 1100.0 // some of it does not get through
	hecklers      = 8
	connectors    = 2    // of them: 10 connections a second each
	dealsLeast    = 1500 // of each kind: with fewer, the slowest 1 % is chance
	turns         = 6
)

func dealsUnderJunk(b *testing.B, banFor time.Duration) {
	r := newRing(b, banFor)
	deals := max(b.N, dealsLeast)
	var warm, quiet, aside, junk figures
	r.deals(b, deals/5, &warm)
	for range turns {
		r.deals(b, deals/turns, &quiet)
		r.heckled(b, deals/turns, false, &aside)
		r.heckled(b, deals/turns, true, &junk)
	}
	for _, kind := range []struct {
		name string
		*figures
	}{{"quiet", &quiet}, {"aside", &aside}, {"junk", &junk}} {
		b.ReportMetric(ms(kind.at(50)), "ms-p50-"+kind.name)
		b.ReportMetric(ms(kind.at(99)), "ms-p99-"+kind.name)
	}
	b.ReportMetric(float64(junk.at(99))/float64(quiet.at(99)), "p99-junk/quiet")
	b.ReportMetric(float64(junk.at(99))/float64(aside.at(99)), "p99-junk/aside")
	b.ReportMetric(float64(junk.at(50))/float64(quiet.at(50)), "p50-junk/quiet")
	b.ReportMetric(aside.perSecond(aside.sent), "junk/s-aside")
	b.ReportMetric(junk.perSecond(junk.sent), "junk/s")
	b.ReportMetric(junk.perSecond(junk.failed), "unsent/s")
	banned, blamed := r.conduct()
	b.ReportMetric(float64(banned), "banned")
	b.ReportMetric(junk.perSecond(blamed), "blamed/s")
	b.ReportMetric(0, "ns/op")
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// ring is two honest agents and the hosts that heckle them.
type ring struct {
	agents   []*Service
	moved    *struck
	hecklers []*heckler
	sink     p2p.ID
	sinkAt   []string

	sent, failed atomic.Int64
}

func newRing(b *testing.B, banFor time.Duration) *ring {
	b.Helper()
	r := &ring{}
	site := memory.NewSite(memory.Options{})
	var configs []config.Config
	var peers []config.Peer
	names := []string{"h1", "h2"}
	for range hecklers {
		names = append(names, "heckler")
	}
	for _, name := range names {
		cfg := testConfig(b.TempDir(), name, "")
		cfg.SampleEvery = 200 * time.Millisecond
		id, err := Identity(cfg)
		if err != nil {
			b.Fatal(err)
		}
		configs, peers = append(configs, cfg), append(peers, config.Peer{ID: string(id), Name: name + cfg.StateDir})
	}
	r.openAgents(b, site, configs[:2], peers, banFor)
	sinkKey, _, err := crypto.GenerateEd25519Key(rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	sink := newHost(b, sinkKey)
	r.sink = sink.ID()
	for _, a := range sink.Addrs() {
		r.sinkAt = append(r.sinkAt, a.String())
	}
	for i, cfg := range configs[2:] {
		h := newHeckler(b, cfg, r.agents[i%2].PeerID())
		h.sent, h.failed = &r.sent, &r.failed
		r.hecklers = append(r.hecklers, h)
	}
	return r
}

// openAgents runs the two agents. They follow a publisher, so that notices are
// validated and requests answered.
func (r *ring) openAgents(b *testing.B, site *memory.Site, configs []config.Config, peers []config.Peer, banFor time.Duration) {
	b.Helper()
	key, err := bundle.NewPrivate(rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	root := bundle.Root{Version: 1, Threshold: 1, Keys: []bundle.Key{{Name: "operator", Public: key.Public()}}}
	anchor := filepath.Join(b.TempDir(), "anchor.json")
	if err := os.WriteFile(anchor, bundle.Anchor{Publisher: "north", Root: root}.MarshalFile(), 0o600); err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, len(configs))
	for _, cfg := range configs {
		host, err := site.Host(cfg.Host, hostagent.Resources{CPU: 4, MemoryBytes: 8 << 30})
		if err != nil {
			b.Fatal(err)
		}
		platform := &struck{Platform: host, at: make(chan time.Time, 1)}
		if r.moved == nil {
			r.moved = platform
			if err := host.Run(memory.Guest{ID: "g", Declared: hostagent.Resources{CPU: 1, MemoryBytes: 1 << 30}, CPU: 0.5}); err != nil {
				b.Fatal(err)
			}
		}
		cfg.Peers, cfg.Publishers = peers, []config.Publisher{{Anchor: anchor}}
		agent, err := New(Options{Config: cfg, Platform: platform, banFor: banFor, begins: 1 << 30})
		if err != nil {
			b.Fatal(err)
		}
		r.agents = append(r.agents, agent)
	}
	for i, agent := range r.agents {
		if err := agent.AddAddresses(r.agents[1-i].PeerID(), r.agents[1-i].Addresses()); err != nil {
			b.Fatal(err)
		}
		go func() { ended <- agent.Run(ctx) }()
	}
	b.Cleanup(func() {
		cancel()
		for range r.agents {
			if err := <-ended; err != nil {
				b.Error(err)
			}
		}
	})
	for i, agent := range r.agents {
		r.ready(b, agent, r.agents[1-i])
	}
}

func (r *ring) ready(b *testing.B, agent, other *Service) {
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		s, err := agent.Status(b.Context())
		if err == nil && s.Load.Known && connected(s, other.PeerID()) {
			return
		}
		select {
		case <-ticker.C:
		case <-b.Context().Done():
			b.Fatal("the agents did not become ready")
		}
	}
}

// struck is a platform that records when it is told to move a guest, and does not move
// it.
type struck struct {
	hostagent.Platform
	at chan time.Time
}

func (s *struck) Migrate(context.Context, hostagent.Migration, func(hostagent.Progress)) (hostagent.Migrated, error) {
	s.at <- time.Now()
	return hostagent.Migrated{}, errors.New("stopped by the benchmark")
}

// figures are the measurements of deals of one kind.
type figures struct {
	took         []time.Duration
	passed       time.Duration
	sent, failed int64 // pieces of junk
}

// at is a percentile of the durations.
func (f *figures) at(percent int) time.Duration {
	slices.Sort(f.took)
	return f.took[len(f.took)*percent/100]
}

func (f *figures) perSecond(n int64) float64 { return float64(n) / f.passed.Seconds() }

// deals makes n deals, one after the other.
func (r *ring) deals(b *testing.B, n int, f *figures) {
	b.Helper()
	order := api.Order{Do: "migrate", Guest: "g", Host: string(r.agents[1].PeerID())}
	for i := range n {
		began := time.Now()
		if err := r.agents[0].Order(b.Context(), order); !errors.Is(err, api.ErrRefused) {
			b.Fatalf("a move that the platform stops: got %v, want it refused", err)
		} else if len(r.moved.at) == 0 {
			b.Fatalf("deal %d came to nothing: %v", i, err)
		}
		f.took = append(f.took, (<-r.moved.at).Sub(began))
	}
}

// heckled makes deals while junk is sent to the agents or to the bare host.
func (r *ring) heckled(b *testing.B, n int, agents bool, f *figures) {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context())
	r.sent.Store(0)
	r.failed.Store(0)
	var all sync.WaitGroup
	for i, h := range r.hecklers {
		h.at(b, r.sink, r.sinkAt)
		if agents {
			id, err := p2p.Decode(string(r.agents[i%2].PeerID()))
			if err != nil {
				b.Fatal(err)
			}
			h.at(b, id, r.agents[i%2].Addresses())
		}
		all.Go(func() {
			if i < connectors {
				h.connects(ctx, 10)
				return
			}
			h.heckle(ctx, (junkPerSecond-10*connectors)/(hecklers-connectors))
		})
	}
	began := time.Now()
	r.deals(b, n, f)
	f.passed += time.Since(began)
	f.sent, f.failed = f.sent+r.sent.Load(), f.failed+r.failed.Load()
	cancel()
	all.Wait()
}

// conduct returns how many peers the agents have banned, and the number of violations.
func (r *ring) conduct() (banned int, blamed int64) {
	for _, agent := range r.agents {
		for _, c := range agent.network.Conduct() {
			if c.BannedUntil.After(time.Now()) {
				banned++
			}
			for _, k := range c.Kinds {
				blamed += int64(k.N)
			}
		}
	}
	return banned, blamed
}
