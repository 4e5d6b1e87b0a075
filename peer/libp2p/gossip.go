package libp2p

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	pb "github.com/libp2p/go-libp2p-pubsub/pb"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	p2p "github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"

	"parley/peer"
)

// gossip is this host's membership in two topics: notices, and the adverts of its
// group.
type gossip struct {
	host    *Host
	router  *pubsub.PubSub
	filter  *filter
	origins origins
	notices *pubsub.Topic

	mu    sync.Mutex
	topic *pubsub.Topic // of adverts
	sub   *pubsub.Subscription
}

// messageMax bounds one gossip RPC in bytes: the largest notice and its envelope. A
// reader allocates no more than that for a peer.
const messageMax = NoticeBytes + 16<<10

// The router's queues and workers are fixed when it starts. They hold the traffic of a
// group of 500 for a few seconds (GossipSub's defaults hold 32 messages). Overflow is
// lost, as gossip may be: the next advert replaces it.
const (
	outboundQueue = 512  // RPCs for one peer
	validateQueue = 1024 // messages that wait for signature validation
	validateMost  = 64   // concurrent validators
	deliverQueue  = 1024 // adverts waiting for Events
)

func newGossip(h *Host) (*gossip, error) {
	g := &gossip{host: h, filter: newFilter(h), origins: newOrigins()}
	// No host of a site uses an older protocol; older ones have no scores.
	protocols := []protocol.ID{pubsub.GossipSubID_v12, pubsub.GossipSubID_v11}
	params, thresholds := scores(h)
	var err error
	g.router, err = pubsub.NewGossipSub(h.ctx, streamCounter{h.host, h},
		pubsub.WithGossipSubProtocols(protocols, pubsub.GossipSubDefaultFeatures),
		pubsub.WithMessageSignaturePolicy(pubsub.StrictSign),
		pubsub.WithMaxMessageSize(messageMax),
		pubsub.WithMaxControlMessageSize(messageMax/2),
		pubsub.WithSubscriptionFilter(g.filter),
		pubsub.WithAppSpecificRpcInspector(g.inspect),
		pubsub.WithRawTracer(tracer{h, g.filter}),
		// A host publishes to all neighbours and not only to the mesh: neighbours are
		// few, and a small group receives the message at once.
		pubsub.WithFloodPublish(true),
		pubsub.WithPeerScore(params, thresholds),
		pubsub.WithPeerOutboundQueueSize(outboundQueue),
		pubsub.WithValidateQueueSize(validateQueue),
		pubsub.WithValidateWorkers(max(2, runtime.NumCPU())),
		pubsub.WithValidateThrottle(validateMost),
	)
	if err != nil {
		return nil, fmt.Errorf("libp2p: gossip: %w", err)
	}
	if err := g.enterNotices(); err != nil {
		return nil, fmt.Errorf("libp2p: notices: %w", err)
	}
	return g, g.enter(h.roster.Load().group)
}

func advertsTopic(group string) string { return advertsPrefix + group + advertsSuffix }

const (
	advertsPrefix = "parley/adverts/"
	advertsSuffix = "/1"
)

// enter joins a group, whose adverts are reported from then on, and leaves the previous
// one.
func (g *gossip) enter(group string) error {
	topic, sub, err := g.join(advertsTopic(group))
	if err != nil {
		return fmt.Errorf("libp2p: gossip of group %q: %w", group, err)
	}
	g.mu.Lock()
	last, lastSub := g.topic, g.sub
	g.topic, g.sub = topic, sub
	g.mu.Unlock()
	g.host.links.goes(func() { g.read(sub) })
	if last == nil {
		return nil
	}
	lastSub.Cancel() // before the topic, which closes only without subscriptions
	return errors.Join(g.router.UnregisterTopicValidator(last.String()), last.Close())
}

func (g *gossip) join(name string) (*pubsub.Topic, *pubsub.Subscription, error) {
	err := g.router.RegisterTopicValidator(name, g.judgeAdvert, pubsub.WithValidatorConcurrency(validateMost))
	if err != nil {
		return nil, nil, err
	}
	topic, err := g.router.Join(name)
	if err != nil {
		return nil, nil, errors.Join(err, g.router.UnregisterTopicValidator(name))
	}
	if err := topic.SetScoreParams(topicScores()); err != nil {
		return nil, nil, err
	}
	sub, err := topic.Subscribe(pubsub.WithBufferSize(deliverQueue))
	return topic, sub, err
}

// publish sends an advert to the group.
func (g *gossip) publish(advert peer.Advert) error {
	data, err := peer.EncodeAdvert(advert)
	if err != nil {
		return err
	}
	g.mu.Lock()
	topic := g.topic
	g.mu.Unlock()
	return topic.Publish(context.Background(), data)
}

// read reports the adverts of others until the subscription or the host ends.
func (g *gossip) read(sub *pubsub.Subscription) {
	for {
		m, err := sub.Next(g.host.ctx)
		if err != nil {
			return
		}
		if advert, ok := m.ValidatorData.(peer.Advert); ok && g.host.roster.member(m.GetFrom()) != nil {
			g.host.o.Events(peer.Heard{Advert: advert})
		}
	}
}

// keep drops the state of hosts that are no longer listed.
func (g *gossip) keep(listed func(p2p.ID) bool) { g.origins.keep(listed) }

var errFlood = errors.New("the peer sends more gossip than all hosts of the site would")

// inspect counts a neighbour's traffic before validating it: a signature costs a
// hundred times as much as this.
func (g *gossip) inspect(from p2p.ID, rpc *pubsub.RPC) error {
	if g.host.meters.of(from).take(messages, entries(&rpc.RPC)) {
		return nil
	}
	g.host.blame(from, kindFlood)
	return errFlood
}

// entries returns the number of work items in an RPC.
func entries(rpc *pb.RPC) int {
	c := rpc.GetControl()
	n := 1 + len(rpc.GetPublish()) + len(rpc.GetSubscriptions()) +
		len(c.GetIhave()) + len(c.GetGraft()) + len(c.GetPrune()) + len(c.GetIdontwant())
	for _, wanted := range c.GetIwant() {
		n += len(wanted.GetMessageIDs())
	}
	return n
}

// streamCounter is a libp2p host that counts gossip streams like all others.
type streamCounter struct {
	host.Host
	h *Host
}

func (c streamCounter) SetStreamHandler(id protocol.ID, handle network.StreamHandler) {
	c.Host.SetStreamHandler(id, func(s network.Stream) {
		if !c.h.admit(s) {
			return
		}
		defer c.h.running.Done()
		handle(s)
	})
}
