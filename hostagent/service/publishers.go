package service

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/hostagent"
	"parley/hostagent/config"
	"parley/hostagent/enact"
	"parley/internal/netaddr"
	"parley/lcc"
	"parley/models/publish/bundle"
	"parley/models/publish/chain"
	"parley/models/publish/follow"
	"parley/peer"
	"parley/peer/libp2p"
)

// following is what the daemon keeps of the publishers that it follows. The loop owns
// it.
type following struct {
	driver   *follow.Driver // nil: none is configured
	rosters  map[string]bundle.Roster
	held     map[string]string // publishers under whose policies nothing new is begun, and why
	refusals []refusal         // the latest, oldest first
}

// refusal is something of a publisher that was refused.
type refusal struct {
	at        time.Time
	publisher string
	from      lcc.PeerID
	code      bundle.Code
	detail    string
}

// refusalsMost bounds the refusals that are remembered.
const refusalsMost = 50

// openPublishers makes the driver of the chains that the configuration names.
func (s *Service) openPublishers(anchors []bundle.Anchor) (err error) {
	s.following = following{rosters: map[string]bundle.Roster{}, held: map[string]string{}}
	if len(anchors) == 0 {
		return nil
	}
	var seed [32]byte
	for i := range seed {
		seed[i] = byte(s.chance.Uint32())
	}
	s.following.driver, err = follow.New(follow.Options{
		Dir: s.fixed.StateDir, Publishers: anchors, Self: s.network.ID(), Seed: seed,
		Network: s.network, Daemon: publisherDaemon{s}, Sign: s.network.Sign, Verify: s.network.Verify, Logger: s.log,
	})
	return err
}

// notice judges a notice for the network.
func (s *Service) notice(from lcc.PeerID, data []byte) libp2p.Verdict {
	<-s.opened
	driver := s.following.driver
	if driver == nil {
		return libp2p.Ignore
	}
	switch driver.Validate(from, data) {
	case follow.Accept:
		return libp2p.Accept
	case follow.Reject:
		return libp2p.Reject
	}
	return libp2p.Ignore
}

// answerWithin bounds an answer to another host, which waits no longer.
const answerWithin = 5 * time.Second

// answerPeer answers what another host asks.
func (s *Service) answerPeer(from lcc.PeerID, request []byte) ([]byte, error) {
	<-s.opened
	if s.following.driver == nil {
		return nil, errors.New("this host follows no publisher")
	}
	ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
	defer cancel()
	return s.following.driver.Answer(ctx, from, request)
}

// publisherDaemon is the service as the followers see it: what they want is done by
// the loop.
type publisherDaemon struct{ s *Service }

// Check is called from the followers' loop; what it reads of the service is never
// changed, or has a lock.
func (d publisherDaemon) Check(publisher string, p bundle.Policy, files map[string][]byte) error {
	_, err := d.s.prepared.Policy(d.s.acceptance().terms(publisher), p, files)
	return err
}

func (d publisherDaemon) Switch(publisher string, policies []bundle.Policy, files map[bundle.Digest][]byte, done func(error)) {
	d.s.inbox.put(wish{publisher, policies, files, done})
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
	log("publisher "+publisher, "what", kind, "text", text)
	d.s.notePolicy(kind, publisher+": "+text)
}

func (d publisherDaemon) Refused(publisher string, from lcc.PeerID, code bundle.Code, detail string, version uint64) {
	d.s.metrics.refusals.WithLabelValues(string(code)).Inc()
	d.s.log.Warn("something of a publisher was refused", "publisher", publisher, "code", code, "from", from, "version", version, "detail", detail)
	d.s.inbox.put(refusal{publisher: publisher, from: from, code: code, detail: detail})
}

// Events of the loop that the node does not know.
type (
	// wish is what a publisher wants this host to enact.
	wish struct {
		publisher string
		policies  []bundle.Policy
		files     map[bundle.Digest][]byte
		done      func(error)
	}
	holding struct{ publisher, why string }
	listed  struct {
		publisher string
		roster    bundle.Roster
	}
)

// published handles an event of a publisher; it says false for any other.
func (s *Service) published(ev any) (mine bool, err error) {
	switch ev := ev.(type) {
	case wish:
		return true, s.wants(ev)
	case holding:
		return true, s.holds(ev)
	case listed:
		s.following.rosters[ev.publisher] = s.usable(ev)
		return true, s.enlistRosters()
	case refusal:
		f := &s.following
		ev.at = time.Now()
		f.refusals = append(f.refusals, ev)
		if len(f.refusals) > refusalsMost {
			f.refusals = slices.Clone(f.refusals[1:])
		}
		return true, nil
	}
	return false, nil
}

// usable is a roster without the hosts that no network would understand: one that is
// written wrongly must not keep the others out.
func (s *Service) usable(ev listed) (roster bundle.Roster) {
	roster = ev.roster
	roster.Hosts = nil
	for _, h := range ev.roster.Hosts {
		if err := netaddr.CheckPeer(h.ID, h.Addresses); err != nil {
			s.log.Error("a host of a roster is left out; have its publisher mend that", "publisher", ev.publisher, "host", h.Name, "error", err)
			continue
		}
		roster.Hosts = append(roster.Hosts, h)
	}
	return roster
}

// labelled tells the followers which labels this host has: those of the roster and of
// its configuration.
func (s *Service) labelled() {
	if s.following.driver != nil {
		s.following.driver.Labelled(s.hostConfig().Labels)
	}
}

// setOutsiders lets the hosts of other owners use the models only that this host
// accepts from them.
func (s *Service) setOutsiders() error {
	var list []peer.Outsider
	shares := map[string]peer.Outsider{} // by publisher, without a host
	for _, m := range s.members.Load().list {
		if m.publisher == "" || m.publisher == s.acceptance().names[0] {
			continue
		}
		o, known := shares[m.publisher]
		if !known {
			o = s.share(m.publisher)
			shares[m.publisher] = o
		}
		o.Peer = m.id
		list = append(list, o)
	}
	return s.step(peer.Outsiders{List: list})
}

// share is what the hosts of another owner may use here.
func (s *Service) share(publisher string) (o peer.Outsider) {
	terms := s.acceptance().terms(publisher)
	models := "the models that it enacts"
	if len(terms.Models) > 0 {
		models = strings.Join(terms.Models, ", ")
	}
	o.Why = fmt.Sprintf("this host takes part with hosts of %s in %s only", publisher, models)
	for _, e := range s.policy.enacted {
		if terms.Accepts(e.Name()) {
			o.Models = append(o.Models, e.Digest())
		}
	}
	return o
}

// holds begins or ends the time in which nothing new is begun under the policies of
// a publisher. Another owner's models are left; the host's own stay, and begin no
// deal.
func (s *Service) holds(ev holding) error {
	if ev.why == "" {
		delete(s.following.held, ev.publisher)
	} else {
		s.following.held[ev.publisher] = ev.why
	}
	if ev.publisher != s.acceptance().names[0] {
		return s.beginSwitch(s.union(), func(error) {})
	}
	return s.hold()
}

// hold tells the host whether a deal may be begun.
func (s *Service) hold() error {
	why := ""
	switch {
	case s.following.driver != nil && s.following.held[s.acceptance().names[0]] != "":
		why = s.following.held[s.acceptance().names[0]]
	case s.switching != nil:
		why = "another policy is being put in force"
	}
	return s.step(hostagent.Suspended{Why: why})
}

// acceptance is what this host accepts, for every goroutine.
type acceptance struct {
	names      []string // the home publisher first
	publishers map[string]config.Publisher
}

func (a *acceptance) publisher(name string) config.Publisher { return a.publishers[name] }

// terms are what this host accepts of a publisher.
func (a *acceptance) terms(name string) enact.Terms {
	p := a.publishers[name]
	return enact.Terms{Models: p.Models, RefuseRoles: p.RefuseRoles}
}

func (s *Service) acceptance() *acceptance { return s.accepted.Load() }

func newAcceptance(names []string, list []config.Publisher) *acceptance {
	a := &acceptance{names, map[string]config.Publisher{}}
	for i, name := range names {
		a.publishers[name] = list[i]
	}
	return a
}

// sampled tells the followers what the host has done, for the guards of policies on
// trial.
func (s *Service) sampled() {
	if s.following.driver != nil {
		s.following.driver.Sampled(s.trial.sample())
	}
}

// statusOfChains asks the followers.
func (s *Service) statusOfChains(ctx context.Context) ([]chain.Status, error) {
	if s.following.driver == nil {
		return nil, nil
	}
	return s.following.driver.Status(ctx)
}

// reaccept puts what this host accepts in force after the configuration was read
// again.
func (s *Service) reaccept() error {
	s.accepted.Store(newAcceptance(s.acceptance().names, s.config.Publishers))
	s.following.driver.Recheck()
	return s.enlistRosters()
}

// enlistRosters puts the rosters in force, once the home publisher's is there: that
// of another owner alone lets nobody in. A host that is not in its own roster has its
// first contacts left, who let it in again when it is added.
func (s *Service) enlistRosters() error {
	if _, ok := s.following.rosters[s.acceptance().names[0]]; !ok {
		return nil
	}
	m := rosterMembers(s.acceptance(), s.network.ID(), s.following.rosters)
	if m.alone {
		m = listedMembers(s.fixed, s.network.ID())
		m.alone = true
	}
	return s.enlist(m)
}

func namesOfAnchors(anchors []bundle.Anchor) (names []string) {
	for _, a := range anchors {
		names = append(names, a.Publisher)
	}
	return names
}
