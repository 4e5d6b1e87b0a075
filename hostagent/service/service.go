package service

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"sync"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/hostagent/enact"
	"parley/hostagent/node"
	"parley/lcc"
	"parley/models/publish/bundle"
	"parley/peer"
	"parley/peer/libp2p"
)

// greetGap is the least time between two adverts that are sent for newcomers only. When
// a site starts, each host meets dozens of others within seconds, and each advert is a
// cost for its whole group; a newcomer that must wait that long hears the regular
// advert.
const greetGap = 2500 * time.Millisecond

// Service is the daemon of one host. Each of its parts is a type with its own state.
// The loop owns the parts, unless their comments allow any goroutine.
type Service struct {
	config   config.Config      // owned by the loop: Reconfigure changes it
	fixed    config.Config      // as at the start, for any goroutine: the keys that Reconfigure keeps
	rejected api.RejectedConfig // the last configuration that was read; zero: it is in force
	log      *slog.Logger
	chance   *mathrand.Rand // randomness for decisions outside the cores
	began    time.Time

	platform hostagent.Platform
	runs     processes
	network  *libp2p.Host
	book     *addressBook
	journal  *journalWriter
	audit    *auditor
	metrics  *metrics
	node     *node.Node

	names      *directory
	records    *recorder
	publishers *publishers
	policies   *switcher
	asked      pending
	view       view

	inbox  *inbox
	done   chan struct{} // closed when the loop has ended
	opened chan struct{} // closed when New has made all parts, which the network needs
	alarm  *time.Timer
	work   workers
}

// workers are the goroutines that look and move for the loop.
type workers struct {
	sampler sampler
	files   *fileLooker
	mover   mover
	moves   context.Context // ends when the daemon does
}

// Options configure a Service.
type Options struct {
	Config   config.Config
	Platform hostagent.Platform // closed by its owner, not by the service
	Runner   hostagent.Runner   // of cooperative processes; nil: this host runs none
	Logger   *slog.Logger       // nil: none
	// Watch receives the events of the host: messages of the models and states of
	// deals. It is called from the loop and must not block. It may be nil.
	Watch func(Occurrence)
	// Seed is the seed of the random numbers; zero means one from the system.
	Seed [32]byte

	begins int           // tests: how many deals a host may begin here at once; 0: the core's default
	banFor time.Duration // tests: how long a peer is banned; 0: the network's default
}

// Occurrence is an event of a host: exactly one field is set.
type Occurrence struct {
	Record *peer.Record
	Story  *hostagent.DealChanged
	Failed *peer.Finish // an agent of a model that failed
}

// New opens the journal and the network and makes the node; nothing runs until Run. The
// caller must call Run or Close.
func New(o Options) (_ *Service, err error) {
	if err := o.Config.Validate(); err != nil {
		return nil, err
	}
	if o.Platform == nil {
		return nil, errors.New("service: Options.Platform is missing")
	}
	s := &Service{
		config: o.Config, fixed: o.Config, platform: o.Platform, log: o.Logger,
		began: time.Now(), inbox: newInbox(), done: make(chan struct{}), opened: make(chan struct{}), asked: newPending(),
	}
	s.runs = processes{o.Runner, s.work.sampler.lookSoon}
	if s.log == nil {
		s.log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	if o.Seed == ([32]byte{}) {
		// crypto/rand.Read never fails.
		_, _ = rand.Read(o.Seed[:])
	}
	chance := mathrand.NewChaCha8(o.Seed)
	s.chance = mathrand.New(chance)
	// The node's random stream differs from the one that this package draws from.
	// ChaCha8.Read never fails.
	_, _ = chance.Read(o.Seed[:])
	anchors, err := o.Config.Anchors()
	if err != nil {
		return nil, err
	}
	s.publishers = newPublishers(anchors, o.Config.Publishers, s.log)
	defer func() {
		close(s.opened)
		if err != nil {
			s.Close()
		}
	}()
	if err := s.openDisk(); err != nil {
		return nil, err
	}
	incarnation := nextIncarnation(o.Config.StateDir, s.began, s.log)
	if err := s.openNetwork(incarnation, o.banFor); err != nil {
		return nil, err
	}
	s.names = &directory{self: s.network.ID(), host: o.Config.Host}
	s.names.put(listedMembers(o.Config, s.network.ID()))
	s.openParts(o.Watch)
	s.view.open(s)
	if err := s.records.openHistory(); err != nil {
		return nil, err
	}
	if err := s.openPolicies(anchors); err != nil {
		return nil, err
	}
	s.node, err = node.New(node.Options{
		Self: s.network.ID(), Incarnation: incarnation, Seed: o.Seed,
		Host: o.Config.Core(), Signer: signer{s.network}, BeginsAtOnce: o.begins,
		Peer: peer.Options{Records: true, GreetGap: greetGap},
	})
	return s, err
}

// openDisk opens the files of this host.
func (s *Service) openDisk() (err error) {
	if err := openStateDir(s.fixed.StateDir, s.log); err != nil {
		return err
	}
	written, err := openJournal(s.fixed.StateDir, s.log, func(why string) { s.inbox.put(hostagent.JournalRoom{Why: why}) })
	if err != nil {
		return err
	}
	s.journal = &journalWriter{File: written, log: s.log, put: func(ev hostagent.Event) { s.inbox.put(ev) }}
	if s.audit, err = openAudit(s.fixed, s.journal.File, s.log); err != nil {
		return err
	}
	s.metrics = newMetrics(s.audit.Dropped)
	s.journal.metrics = s.metrics
	return nil
}

// openParts makes the parts that need no files.
func (s *Service) openParts(watch func(Occurrence)) {
	if watch == nil {
		watch = func(Occurrence) {}
	}
	s.records = &recorder{log: s.log, names: s.names, metrics: s.metrics, audit: s.audit, watch: watch,
		past: openPast(s.fixed, s.log)}
	post := func(ev hostagent.Event) { s.inbox.put(ev) }
	s.work = workers{
		sampler: sampler{
			platform: s.platform, useAll: s.fixed.LoadSource == "machine",
			every: s.fixed.SampleEvery, timeout: s.fixed.Platform.CallTimeout,
			log: s.log, ask: make(chan struct{}, 1), post: post,
		},
		files: newFileLooker(func(ev hostagent.Found) { s.inbox.put(ev) }),
		mover: mover{platform: s.platform, timeout: s.fixed.Platform.CallTimeout, post: post},
	}
}

// openPolicies makes the switcher, and follows the publishers.
func (s *Service) openPolicies(anchors []bundle.Anchor) error {
	quarantine, err := newQuarantine(s.fixed.StateDir, time.Now())
	if err != nil {
		return err
	}
	s.policies = &switcher{
		host: s, log: s.log, publishers: s.publishers, names: s.names, note: s.audit.notePolicy, wantedModels: map[string][]enact.Model{},
		quarantine: quarantine, safe: newSafeStart(s.fixed.StateDir, s.began, s.log),
	}
	return s.follow(anchors)
}

// PeerID returns the identity of this host.
func (s *Service) PeerID() lcc.PeerID { return s.network.ID() }

// Addresses returns the addresses on which the network listens.
func (s *Service) Addresses() []string { return s.network.Addrs() }

// AddAddresses adds addresses of a listed peer.
func (s *Service) AddAddresses(id lcc.PeerID, multiaddrs []string) error {
	return s.network.AddAddrs(id, multiaddrs)
}

// Close releases what New opened, for a Service that is never run.
func (s *Service) Close() {
	if s.network != nil {
		if err := s.network.Close(); err != nil {
			s.log.Warn("closing the network", "event", "close_failed", "error", err)
		}
	}
	if s.audit != nil {
		if err := s.audit.Close(); err != nil {
			s.log.Warn("closing the audit", "event", "close_failed", "error", err)
		}
	}
	if s.journal != nil {
		if err := s.journal.Close(); err != nil {
			s.log.Warn("closing the journal", "event", "close_failed", "error", err)
		}
	}
}

// Run drives the host until the context ends, and then returns nil; it returns an error
// if the daemon cannot continue. The platform finishes migrations in flight; the next
// run learns of them from the journal.
func (s *Service) Run(ctx context.Context) error {
	defer s.Close()
	doors := &handlers{
		agent: s, log: s.log, noteOrder: s.audit.noteOrder, processes: s.runs, view: &s.view, bundles: newTurn(), verifying: newTurn(),
	}
	answers, err := openSocket(s.fixed.Socket, doors.routes())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var helpers sync.WaitGroup
	helpers.Go(func() {
		if err := answers.serve(); err != nil {
			s.log.Error("the operator's socket failed; the agent continues without it", "event", "socket_failed", "error", err)
		}
	})
	helpers.Go(func() {
		if err := doors.scraped(ctx, s.fixed.Metrics.Listen); err != nil {
			s.log.Error("the metrics listener failed; the agent continues without it", "event", "metrics_failed", "error", err)
		}
	})
	helpers.Go(func() {
		if err := s.view.page(ctx, s.fixed.Web, s.log, doors.ordered); err != nil {
			s.log.Error("the page of the site is not served; the agent continues without it", "event", "page_failed", "error", err)
		}
	})
	alive := func() bool { return s.inLoop(ctx, func(lcc.Instant) error { return nil }) == nil }
	helpers.Go(func() { tellSystemd(ctx, alive, s.log) })
	for _, n := range s.fixed.Notify {
		helpers.Go(func() { s.view.tell(ctx, n, s.log) })
	}
	s.work.moves = ctx
	helpers.Go(func() { s.work.sampler.run(ctx) })
	helpers.Go(func() { s.records.past.run(ctx) })
	if driver := s.publishers.driver; driver != nil {
		helpers.Go(func() {
			if err := driver.Run(ctx); err != nil {
				s.log.Error("publishers are no longer followed; the agent continues with what it has", "event", "publishers_failed", "error", err)
			}
		})
	}
	err = s.loop(ctx)
	cancel()
	s.inbox.close()
	close(s.done)
	if closing := answers.close(); closing != nil {
		s.log.Debug("closing the operator's socket", "event", "close_failed", "error", closing)
	}
	s.work.mover.running.Wait()
	helpers.Wait()
	return err
}
