package service

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"parley/hostagent"
	"parley/hostagent/audit/store"
	"parley/hostagent/config"
	"parley/hostagent/enact"
	"parley/hostagent/journal"
	"parley/hostagent/node"
	"parley/lcc"
	"parley/peer"
	"parley/peer/libp2p"
)

// greetGap is the least time between two adverts that only newcomers need. When a site
// starts each host meets dozens of others within seconds, and each advert costs all of
// its group; who waits that long hears the regular one.
const greetGap = 2500 * time.Millisecond

// Service is the daemon of one host.
type Service struct {
	config   config.Config // the loop's: it changes with Reconfigure
	book     *addressBook
	fixed    config.Config // as at the start, for every goroutine: what Reconfigure keeps
	log      *slog.Logger
	platform hostagent.Platform
	network  *libp2p.Host
	journal  *journal.File
	audit    *store.Store
	metrics  *metrics
	node     *node.Node
	watch    func(Occurrence)

	began     time.Time
	inbox     *inbox
	done      chan struct{} // closed when the loop has ended
	opened    chan struct{} // closed when New has made all parts: the network asks for them before
	bundles   turn          // of who publishes
	verifying turn          // of who has the audit verified

	sampler sampler
	files   *fileLooker
	mover   mover

	site site // has a lock

	// Replaced whole by the loop, read by every goroutine.
	members  atomic.Pointer[members]
	accepted atomic.Pointer[acceptance]

	prepared enact.Cache // models of signed policies

	// Owned by the loop.
	alarm      *time.Timer
	moves      context.Context // ends when the daemon does
	admissions map[uint64]chan<- hostagent.Admit
	admission  uint64
	orders     map[uint64]chan<- hostagent.OrderDone
	lastOrder  uint64
	policy     policy
	quarantine *quarantine
	safe       *safeStart
	chance     *mathrand.Rand // of what no core decides
	following  following
	wanted     map[string][]enact.Model // by publisher
	switching  *switching               // nil: none is under way
	trial      trial
	configErr  string // why the configuration that was read last was not taken
	seen       seen
	avoided    avoided
	lines      logRate
	history    history
	mentions   mentions
}

// Options say what a daemon is made of.
type Options struct {
	Config   config.Config
	Platform hostagent.Platform // closed by its owner, not by the service
	Logger   *slog.Logger       // nil: none
	// Watch is told what happens: messages of the models and the states of
	// deals. It is called from the loop and must not block. May be nil.
	Watch func(Occurrence)
	// Seed is the source of chance; zero means one from the system.
	Seed [32]byte

	begins int           // tests: how many deals a host may begin here at once; 0: as the core does
	banFor time.Duration // tests: how long a peer is shut out; 0: as the network does
}

// Occurrence is something that happened at a host: exactly one field is set.
type Occurrence struct {
	Record *peer.Record
	Story  *hostagent.DealChanged
}

// New opens the journal and the network and makes the node; nothing runs until
// Run. Close what New returned by running it, or with Close.
func New(o Options) (_ *Service, err error) {
	if err := o.Config.Validate(); err != nil {
		return nil, err
	}
	if o.Platform == nil {
		return nil, errors.New("service: Options.Platform is missing")
	}
	s := &Service{
		config: o.Config, fixed: o.Config, platform: o.Platform, log: o.Logger, watch: o.Watch,
		began:      time.Now(),
		inbox:      newInbox(),
		done:       make(chan struct{}),
		opened:     make(chan struct{}),
		bundles:    newTurn(),
		verifying:  newTurn(),
		admissions: map[uint64]chan<- hostagent.Admit{},
		orders:     map[uint64]chan<- hostagent.OrderDone{},
		wanted:     map[string][]enact.Model{},
	}
	if s.log == nil {
		s.log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	if s.watch == nil {
		s.watch = func(Occurrence) {}
	}
	if o.Seed == ([32]byte{}) {
		// crypto/rand.Read never fails.
		_, _ = rand.Read(o.Seed[:])
	}
	chance := mathrand.NewChaCha8(o.Seed)
	s.chance = mathrand.New(chance)
	// The node's stream of chance is not the one that this package draws from.
	// ChaCha8.Read never fails.
	_, _ = chance.Read(o.Seed[:])
	anchors, err := o.Config.Anchors()
	if err != nil {
		return nil, err
	}
	s.accepted.Store(newAcceptance(namesOfAnchors(anchors), o.Config.Publishers))
	defer func() {
		close(s.opened)
		if err != nil {
			s.closeParts()
		}
	}()
	if err := openStateDir(o.Config.StateDir, s.log); err != nil {
		return nil, err
	}
	if s.journal, err = s.openJournal(); err != nil {
		return nil, err
	}
	if err := s.openAudit(); err != nil {
		return nil, err
	}
	s.metrics = newMetrics(s.audit.Dropped)
	if s.quarantine, err = newQuarantine(o.Config.StateDir, time.Now()); err != nil {
		return nil, err
	}
	s.safe = newSafeStart(o.Config.StateDir, s.began, s.log)
	life := nextLife(o.Config.StateDir, s.began, s.log)
	if err := s.openNetwork(life, o.banFor); err != nil {
		return nil, err
	}
	s.members.Store(listedMembers(o.Config, s.network.ID()))
	if err := s.openPublishers(anchors); err != nil {
		return nil, err
	}
	s.node, err = node.New(node.Options{
		Self: s.network.ID(), Incarnation: life, Seed: o.Seed,
		Host: o.Config.Core(), Signer: signer{s.network}, BeginsAtOnce: o.begins,
		Peer: peer.Options{Records: true, GreetGap: greetGap},
	})
	if err != nil {
		return nil, err
	}
	s.sampler = sampler{
		platform: o.Platform, useAll: o.Config.LoadSource == "machine",
		every: o.Config.SampleEvery, timeout: o.Config.Platform.CallTimeout,
		log: s.log, ask: make(chan struct{}, 1), post: func(ev hostagent.Event) { s.inbox.put(ev) },
	}
	s.files = newFileLooker(func(ev hostagent.Found) { s.inbox.put(ev) })
	s.mover = mover{
		platform: o.Platform, timeout: o.Config.Platform.CallTimeout,
		post: func(ev hostagent.Event) { s.inbox.put(ev) },
	}
	return s, nil
}

// PeerID returns the identity of this host.
func (s *Service) PeerID() lcc.PeerID { return s.network.ID() }

// Addresses returns where the network listens.
func (s *Service) Addresses() []string { return s.network.Addrs() }

// AddAddresses adds addresses of a listed peer.
func (s *Service) AddAddresses(id lcc.PeerID, multiaddrs []string) error {
	return s.network.AddAddrs(id, multiaddrs)
}

// Close releases what New opened, for a Service that is never run.
func (s *Service) Close() { s.closeParts() }

func (s *Service) closeParts() {
	if s.network != nil {
		if err := s.network.Close(); err != nil {
			s.log.Warn("closing the network", "error", err)
		}
	}
	if s.audit != nil {
		if err := s.audit.Close(); err != nil {
			s.log.Warn("closing the audit", "error", err)
		}
	}
	if s.journal != nil {
		if err := s.journal.Close(); err != nil {
			s.log.Warn("closing the journal", "error", err)
		}
	}
}

// Run drives the host until the context ends, and then returns nil; an error
// is something that the daemon cannot go on with. Migrations under way are
// left to the platform; the journal tells the next run of them.
func (s *Service) Run(ctx context.Context) error {
	defer s.closeParts()
	answers, err := openSocket(s.config.Socket, s.routes())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var helpers sync.WaitGroup
	helpers.Go(func() {
		if err := answers.serve(); err != nil {
			s.log.Error("the operator's socket is closed; the agent goes on", "error", err)
		}
	})
	helpers.Go(func() {
		if err := s.scraped(ctx); err != nil {
			s.log.Error("nobody can scrape the metrics; the agent goes on", "error", err)
		}
	})
	helpers.Go(func() { s.notify(ctx) })
	s.moves = ctx
	helpers.Go(func() { s.sampler.run(ctx) })
	if driver := s.following.driver; driver != nil {
		helpers.Go(func() {
			if err := driver.Run(ctx); err != nil {
				s.log.Error("no publisher is followed any more; the agent goes on with what it has", "error", err)
			}
		})
	}
	err = s.loop(ctx)
	cancel()
	s.inbox.close()
	close(s.done)
	if closing := answers.close(); closing != nil {
		s.log.Debug("closing the operator's socket", "error", closing)
	}
	s.mover.running.Wait()
	helpers.Wait()
	return err
}

// Reload reads the policy again, as after a SIGHUP.
func (s *Service) Reload(ctx context.Context) error {
	return s.do(ctx, func(lcc.Instant) error { return s.loadPolicy() })
}

// Admit asks whether a migration to this host may begin; a platform that can
// ask before it lets a guest in calls it.
func (s *Service) Admit(ctx context.Context, arriving hostagent.AdmissionAsked) (ok bool, reason string) {
	answer := make(chan hostagent.Admit, 1)
	err := s.ask(ctx, s.inbox.putFirst, func(lcc.Instant) error {
		s.admission++
		arriving.ID = s.admission
		s.admissions[arriving.ID] = answer
		return s.step(arriving)
	})
	if err != nil {
		return false, "the target's agent does not answer: " + err.Error()
	}
	select {
	case admit := <-answer:
		return admit.OK, admit.Reason
	case <-s.done:
		return false, "the target's agent is stopping"
	case <-ctx.Done():
		return false, "the target's agent did not answer in time"
	}
}
