package service

import (
	"parley/lcc"
	"parley/models/publish/bundle"
	"parley/models/publish/chain"
)

// publisherDaemon is the service as the followers see it: it passes their requests to
// the loop.
type publisherDaemon struct{ s *Service }

// Check is called from the followers' loop; the parts of the service that it reads are
// immutable or have a lock.
func (d publisherDaemon) Check(publisher string, t chain.Text) error {
	_, err := d.s.publishers.prepared.Policy(d.s.publishers.acceptance().terms(publisher), t.Policy, t.Files)
	return err
}

func (d publisherDaemon) Switch(publisher string, policies []chain.Text, done func(error)) {
	d.s.inbox.put(switchRequest{publisher, policies, done})
}

func (d publisherDaemon) Hold(publisher, why string) { d.s.inbox.put(holding{publisher, why}) }

func (d publisherDaemon) Listed(publisher string, roster bundle.Roster) {
	d.s.inbox.put(listed{publisher, roster})
}

func (d publisherDaemon) Note(publisher, kind, text string) {
	log := d.s.log.Info
	if kind == "alarm" {
		log = d.s.log.Error
	}
	log("publisher "+publisher, "event", "publisher_"+kind, "what", kind, "text", text)
	d.s.audit.notePolicy(kind, publisher+": "+text)
}

func (d publisherDaemon) Refused(publisher string, from lcc.PeerID, code bundle.Code, detail string, version uint64) {
	d.s.metrics.chains.refusals.WithLabelValues(string(code)).Inc()
	d.s.log.Warn("an object or notice of a publisher was refused", "event", "publication_refused", "publisher", publisher, "code", code,
		"from", from,
		"version", version, "detail", detail)
	d.s.inbox.put(refusal{publisher: publisher, from: from, code: code, detail: detail})
}

// Events of the loop that the node does not handle.
type (
	// switchRequest is the set of policies that a publisher wants this host to enact.
	switchRequest struct {
		publisher string
		policies  []chain.Text
		done      func(error)
	}
	holding struct{ publisher, why string }
	listed  struct {
		publisher string
		roster    bundle.Roster
	}
)

// published handles a publisher's event; mine is false for any other event.
func (s *Service) published(ev any) (mine bool, err error) {
	switch ev := ev.(type) {
	case switchRequest:
		return true, s.policies.requestSwitch(ev)
	case holding:
		return true, s.policies.holds(ev)
	case listed:
		s.publishers.rosters[ev.publisher] = s.publishers.usable(ev)
		return true, s.enlistRosters()
	case refusal:
		s.publishers.refused(ev)
		return true, nil
	}
	return false, nil
}

// reaccept applies the acceptance terms of a reloaded configuration.
func (s *Service) reaccept() error {
	s.publishers.accepted.Store(newAcceptance(s.publishers.acceptance().names, s.config.Publishers))
	s.publishers.driver.Recheck()
	return s.enlistRosters()
}

// enlistRosters puts the rosters in force once there is one of the home publisher:
// another owner's roster alone admits nobody. A host that is not in its own roster
// keeps its first contacts, through which it learns that it has been added again.
func (s *Service) enlistRosters() error {
	if _, ok := s.publishers.rosters[s.publishers.acceptance().names[0]]; !ok {
		return nil
	}
	m := rosterMembers(s.publishers.acceptance(), s.network.ID(), s.publishers.rosters)
	if m.alone {
		m = listedMembers(s.fixed, s.network.ID())
		m.alone = true
	}
	return s.enlist(m)
}
