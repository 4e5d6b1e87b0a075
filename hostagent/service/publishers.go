package service

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

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

// publishers are the publishers whose releases this host follows, and what it accepts
// of each. The loop owns it, except driver, accepted and prepared, which any goroutine
// may use.
type publishers struct {
	driver   *follow.Driver // nil: no publisher is configured
	log      *slog.Logger
	rosters  map[string]bundle.Roster
	held     map[string]string // publishers whose policies are suspended, and why
	refusals []refusal         // the latest, oldest first
	accepted atomic.Pointer[acceptance]
	prepared enact.Cache // models of signed policies
}

// refusal is a publication that was refused.
type refusal struct {
	at        time.Time
	publisher string
	from      lcc.PeerID
	code      bundle.Code
	detail    string
}

// refusalsMost bounds the number of remembered refusals.
const refusalsMost = 50

func newPublishers(anchors []bundle.Anchor, list []config.Publisher, log *slog.Logger) *publishers {
	p := &publishers{log: log, rosters: map[string]bundle.Roster{}, held: map[string]string{}}
	p.accepted.Store(newAcceptance(namesOfAnchors(anchors), list))
	return p
}

// follow makes the driver of the configured chains.
func (s *Service) follow(anchors []bundle.Anchor) (err error) {
	if len(anchors) == 0 {
		return nil
	}
	var seed [32]byte
	for i := range seed {
		seed[i] = byte(s.chance.Uint32())
	}
	s.publishers.driver, err = follow.New(follow.Options{
		Dir: s.fixed.StateDir, Publishers: anchors, Self: s.network.ID(), Seed: seed,
		Network: s.network, Daemon: publisherDaemon{s}, Sign: s.network.Sign, Verify: s.network.Verify, Logger: s.log,
	})
	return err
}

// notice validates a notice for the network.
func (p *publishers) notice(from lcc.PeerID, data []byte) libp2p.Verdict {
	driver := p.driver
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

// answerWithin bounds the time to answer another host, which waits no longer.
const answerWithin = 5 * time.Second

// answerPeer answers another host's request.
func (p *publishers) answerPeer(from lcc.PeerID, request []byte) ([]byte, error) {
	if p.driver == nil {
		return nil, errors.New("this host follows no publisher")
	}
	ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
	defer cancel()
	return p.driver.Answer(ctx, from, request)
}

// usable returns a roster without the hosts that the network cannot parse: one faulty
// entry must not exclude the others.
func (p *publishers) usable(ev listed) (roster bundle.Roster) {
	roster = ev.roster
	roster.Hosts = nil
	for _, h := range ev.roster.Hosts {
		if err := netaddr.CheckPeer(h.ID, h.Addresses); err != nil {
			p.log.Error("a host of a roster is left out; have its publisher correct that", "event", "roster_host_left_out",
				"publisher", ev.publisher, "host", h.Name, "error", err)
			continue
		}
		roster.Hosts = append(roster.Hosts, h)
	}
	return roster
}

// refused remembers a refusal.
func (p *publishers) refused(r refusal) {
	r.at = time.Now()
	p.refusals = append(p.refusals, r)
	if len(p.refusals) > refusalsMost {
		p.refusals = slices.Clone(p.refusals[1:])
	}
}

// home is the publisher whose roster says who may connect.
func (p *publishers) home() string { return p.acceptance().names[0] }

// following says whether this host follows any publisher.
func (p *publishers) following() bool { return p.driver != nil }

// heldHome is why the home publisher's policies are suspended; "": they are not.
func (p *publishers) heldHome() string {
	if !p.following() {
		return ""
	}
	return p.held[p.home()]
}

// status asks the followers.
func (p *publishers) status(ctx context.Context) ([]chain.Status, error) {
	if p.driver == nil {
		return nil, nil
	}
	return p.driver.Status(ctx)
}

func namesOfAnchors(anchors []bundle.Anchor) (names []string) {
	for _, a := range anchors {
		names = append(names, a.Publisher)
	}
	return names
}

// labelled gives the followers this host's labels: those of the roster and of the
// configuration.
func (p *publishers) labelled(labels []string) {
	if p.driver != nil {
		p.driver.Labelled(labels)
	}
}

// sampled gives the followers the host's activity, for the guards of policies on trial.
func (p *publishers) sampled(sample chain.Sample) {
	if p.driver != nil {
		p.driver.Sampled(sample)
	}
}

// setKnownPeers gives the followers the peers that they can ask.
func (p *publishers) setKnownPeers(known []peer.Known) {
	if p.driver == nil {
		return
	}
	var ids []lcc.PeerID
	for _, k := range known {
		if k.Linked {
			ids = append(ids, k.Peer)
		}
	}
	p.driver.Peers(ids)
}
