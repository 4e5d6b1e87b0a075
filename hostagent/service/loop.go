package service

import (
	"context"
	"fmt"
	"slices"
	"time"

	"parley/hostagent"
	"parley/hostagent/node"
	"parley/lcc"
	"parley/peer"
)

// loop is the only goroutine that accesses the node.
func (s *Service) loop(ctx context.Context) error {
	s.alarm = time.AfterFunc(time.Hour, func() { s.inbox.put(woken{}) })
	s.alarm.Stop()
	defer s.alarm.Stop()
	effects, err := s.node.Recover(s.now(), s.journal.Records())
	if err != nil {
		return fmt.Errorf("recover from the journal in %s: %w", s.config.StateDir, err)
	}
	s.carryOut(effects)
	if err := s.journal.Err(); err != nil {
		// The platforms' state settles deals in flight; no deal is begun on a journal
		// that cannot be trusted.
		s.log.Error("the journal takes no records: no deal is begun", "event", "journal_broken", "error", err)
		if err := s.step(hostagent.Journalled{Err: err.Error()}); err != nil {
			return err
		}
	}
	if err := s.announceLabels(); err != nil {
		return err
	}
	if err := s.policies.load(s.config.Policy.File); err != nil {
		return err
	}
	regular := time.AfterFunc(regularly, func() { s.inbox.put(tick{}) })
	defer regular.Stop()
	for {
		it, ok := s.inbox.next(ctx)
		if !ok {
			return s.policies.quarantine.survived()
		}
		if _, is := it.event.(tick); is {
			regular.Reset(regularly)
		}
		watch := startWatch()
		if err := s.take(it.event); err != nil {
			return err
		}
		if err := s.policies.finishSwitch(); err != nil {
			return err
		}
		now := time.Now()
		s.inbox.charge(it, now, watch.cost(now))
	}
}

// woken reports that the node's alarm is due.
type woken struct{}

// tick triggers the periodic work.
type tick struct{}

// regularly is the period of the periodic work, of which drawing hosts beyond the group is
// a part.
const regularly = peer.BeyondEvery

// regular does the periodic work: it samples for the guards of policies on trial,
// flushes and tidies, retries the journal, ends a quarantine that is over, retries a
// policy that could not be read, and draws new hosts beyond the group. Its tick also
// lets the loop finish a switch that has waited for restWithin.
func (s *Service) regular() error {
	s.publishers.sampled(s.records.trial.sample())
	s.book.flush(s.log)
	s.inbox.tidy(time.Now())
	s.journal.Retry()
	now := time.Now()
	if err := s.policies.quarantine.lasted(now); err != nil {
		s.log.Error("the record of the quarantine was not saved; the agent continues", "event", "quarantine_not_kept", "error", err)
	}
	if s.policies.quarantine.over(now) && s.publishers.driver != nil {
		if err := s.policies.beginSwitch(s.policies.union(), func(error) {}); err != nil {
			return err
		}
	}
	if s.policies.policy.again {
		if err := s.policies.load(s.config.Policy.File); err != nil {
			return err
		}
	}
	return s.drawBeyond()
}

// take dispatches an event.
func (s *Service) take(ev event) error {
	if mine, err := s.published(ev); mine {
		return err
	}
	switch ev := ev.(type) {
	case tick:
		return s.regular()
	case *request:
		return ev.answer(s.now())
	case peer.Link:
		defer func() { s.publishers.setKnownPeers(s.node.Peer().Known()) }()
		ev.Beyond = s.names.members().beyond(ev.Peer)
		return s.step(ev)
	case hostagent.JournalRoom:
		s.journal.noteRoom(ev)
	case learned:
		s.book.learn(ev)
		return nil
	case hostagent.Observed:
		defer func() {
			failing, duels := s.node.Host().Avoided()
			status := s.node.Host().Status()
			s.records.looked(status, s.config.High, failing, duels)
			s.records.waiting(s.node.Peer().Views())
			s.records.past.look(ev.Wall, s.config.Host, s.config.Power, status)
		}()
	}
	return s.step(ev)
}

func (s *Service) step(ev event) error {
	s.records.alerts.note(ev, s.log)
	began := time.Now()
	s.policies.quarantine.enter()
	effects, err := stepNode(s.node, s.now(), ev)
	s.metrics.steps.Observe(time.Since(began).Seconds())
	if err != nil {
		s.policies.diedOf(err)
		return fmt.Errorf("this is a bug of Parley, please report it: %w", err)
	}
	s.policies.quarantine.leave()
	s.carryOut(effects)
	return nil
}

// stepNode passes an event to the node's method for its type.
func stepNode(n *node.Node, now lcc.Instant, ev event) ([]node.Effect, error) {
	switch ev := ev.(type) {
	case peer.Event:
		return n.StepPeer(now, ev)
	case hostagent.Event:
		return n.StepHost(now, ev)
	case woken:
		return n.Wake(now)
	}
	return nil, fmt.Errorf("%T is not an event of the loop", ev)
}

// now counts from the start of the process on the monotonic clock, so that setting the
// clock does not move a lease. It is never 0.
func (s *Service) now() lcc.Instant { return lcc.Instant(time.Since(s.began)) + 1 }

// fromNetwork queues a network event. What other peers send goes into the lane of each;
// events of the network itself do not.
func (s *Service) fromNetwork(ev peer.Event) {
	switch ev := ev.(type) {
	case peer.Arrived:
		s.inbox.putFrame(context.Background(), ev)
	case peer.Heard:
		s.inbox.putAdvert(ev)
	default:
		s.inbox.put(ev)
	}
}

// rest says whether no deal is in flight, and whether the agents of all these models are
// between two negotiations.
func (s *Service) rest(models []lcc.Digest) (noDeals, agents bool) {
	talks := slices.ContainsFunc(models, func(d lcc.Digest) bool { return !s.node.Peer().Resting(d) })
	return s.node.Host().Quiet(), !talks
}
