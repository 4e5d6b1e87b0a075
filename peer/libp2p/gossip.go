package libp2p

import (
	"context"
	"fmt"
	"sync"
	"time"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	p2p "github.com/libp2p/go-libp2p/core/peer"

	"parley/lcc"
	"parley/peer"
)

// gossip is the topic of a group's adverts.
type gossip struct {
	host  *Host
	topic *pubsub.Topic
	sub   *pubsub.Subscription

	mu     sync.Mutex
	latest map[lcc.PeerID]position // of the adverts that were let through
}

// position orders the adverts of one peer.
type position struct{ life, seq uint64 }

func newGossip(ctx context.Context, h *Host) (*gossip, error) {
	g := &gossip{host: h, latest: map[lcc.PeerID]position{}}
	name := "parley/adverts/" + h.o.Group + "/1"
	router, err := pubsub.NewGossipSub(ctx, h.host,
		pubsub.WithMessageSignaturePolicy(pubsub.StrictSign),
		pubsub.WithMaxMessageSize(peer.AdvertBytes+4096),
		pubsub.WithSubscriptionFilter(pubsub.NewAllowlistSubscriptionFilter(name)),
		// A group is small and every peer of it is connected: an advert
		// reaches everybody at once and not only the mesh.
		pubsub.WithFloodPublish(true),
		pubsub.WithPeerScore(scores(name)),
	)
	if err != nil {
		return nil, fmt.Errorf("libp2p: gossip: %w", err)
	}
	if err := router.RegisterTopicValidator(name, g.validate); err != nil {
		return nil, fmt.Errorf("libp2p: gossip: %w", err)
	}
	if g.topic, err = router.Join(name); err != nil {
		return nil, fmt.Errorf("libp2p: gossip: %w", err)
	}
	if g.sub, err = g.topic.Subscribe(); err != nil {
		return nil, fmt.Errorf("libp2p: gossip: %w", err)
	}
	return g, nil
}

// scores make a peer that sends junk lose its place: forged and malformed
// adverts weigh more than any amount of good ones.
func scores(topic string) (*pubsub.PeerScoreParams, *pubsub.PeerScoreThresholds) {
	params := &pubsub.PeerScoreParams{
		AppSpecificScore:  func(p2p.ID) float64 { return 0 },
		AppSpecificWeight: 1,
		DecayInterval:     time.Second,
		DecayToZero:       0.01,
		RetainScore:       10 * time.Minute,

		BehaviourPenaltyWeight: -1, BehaviourPenaltyThreshold: 6, BehaviourPenaltyDecay: 0.9,

		Topics: map[string]*pubsub.TopicScoreParams{topic: {
			TopicWeight:                 1,
			TimeInMeshWeight:            0.01,
			TimeInMeshQuantum:           time.Second,
			TimeInMeshCap:               100,
			FirstMessageDeliveriesDecay: 0.9, FirstMessageDeliveriesWeight: 0.1, FirstMessageDeliveriesCap: 50,
			InvalidMessageDeliveriesDecay: 0.99, InvalidMessageDeliveriesWeight: -10,
		}},
	}
	return params, &pubsub.PeerScoreThresholds{
		GossipThreshold: -20, PublishThreshold: -50, GraylistThreshold: -100,
		AcceptPXThreshold: 100, OpportunisticGraftThreshold: 1,
	}
}

// validate accepts an advert that its own peer signed and that is newer than
// what was heard; rejects what cannot be honest; ignores what is only late.
func (g *gossip) validate(_ context.Context, _ p2p.ID, m *pubsub.Message) pubsub.ValidationResult {
	advert, err := peer.DecodeAdvert(m.Data)
	if err != nil || string(advert.Peer) != m.GetFrom().String() {
		return pubsub.ValidationReject
	}
	if m.GetFrom() != g.host.host.ID() && !g.host.gater.listed[m.GetFrom()] {
		return pubsub.ValidationIgnore // listed at others, not here
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	last := g.latest[advert.Peer]
	if advert.Life < last.life || advert.Life == last.life && advert.Seq <= last.seq {
		return pubsub.ValidationIgnore
	}
	g.latest[advert.Peer] = position{advert.Life, advert.Seq}
	m.ValidatorData = advert
	return pubsub.ValidationAccept
}

func (g *gossip) publish(advert peer.Advert) error {
	data, err := peer.EncodeAdvert(advert)
	if err != nil {
		return err
	}
	return g.topic.Publish(context.Background(), data)
}

// read hands on the adverts of others until the context ends.
func (g *gossip) read(ctx context.Context) {
	defer g.sub.Cancel()
	for {
		m, err := g.sub.Next(ctx)
		if err != nil {
			return
		}
		if advert, ok := m.ValidatorData.(peer.Advert); ok && m.GetFrom() != g.host.host.ID() {
			g.host.o.Events(peer.Heard{Advert: advert})
		}
	}
}
