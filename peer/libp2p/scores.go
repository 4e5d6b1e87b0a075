package libp2p

import (
	"strings"
	"sync"
	"time"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	pb "github.com/libp2p/go-libp2p-pubsub/pb"
	p2p "github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
)

// scores make a peer that sends junk lose its place: forged and malformed
// messages weigh more than any amount of good ones. What it did wrong elsewhere
// counts too: at a ban its score is that of a peer that is not read at all. Many
// hosts may share an address, so that is no fault.
func scores(h *Host) (*pubsub.PeerScoreParams, *pubsub.PeerScoreThresholds) {
	params := &pubsub.PeerScoreParams{
		AppSpecificScore:  func(id p2p.ID) float64 { return -h.conduct.score(id) },
		AppSpecificWeight: 1,
		DecayInterval:     time.Second,
		DecayToZero:       0.01,
		RetainScore:       10 * time.Minute,

		BehaviourPenaltyWeight: -1, BehaviourPenaltyThreshold: 6, BehaviourPenaltyDecay: 0.9,

		Topics: map[string]*pubsub.TopicScoreParams{noticesTopic: topicScores()},
	}
	return params, &pubsub.PeerScoreThresholds{
		GossipThreshold: -20, PublishThreshold: -50, GraylistThreshold: -banAt,
		AcceptPXThreshold: 100, OpportunisticGraftThreshold: 1,
	}
}

func topicScores() *pubsub.TopicScoreParams {
	return &pubsub.TopicScoreParams{
		TopicWeight:       1,
		TimeInMeshWeight:  0.01,
		TimeInMeshQuantum: time.Second, // without it the score is not a number
		TimeInMeshCap:     100,

		FirstMessageDeliveriesDecay: 0.9, FirstMessageDeliveriesWeight: 0.1, FirstMessageDeliveriesCap: 50,
		InvalidMessageDeliveriesDecay: 0.99, InvalidMessageDeliveriesWeight: -10,
	}
}

// filter lets peers subscribe to the topics of this protocol. Topics of other
// groups are remembered too: this host may join one of them later, and
// subscriptions are told only once.
type filter struct {
	host *Host

	mu     sync.Mutex
	topics map[p2p.ID]map[string]bool
}

// topicsMax bounds the topics of one neighbour: that of the notices, and those
// of the groups that it is and lately was in.
const topicsMax = 8

func newFilter(h *Host) *filter { return &filter{host: h, topics: map[p2p.ID]map[string]bool{}} }

// CanSubscribe says whether a topic is one of this protocol.
func (f *filter) CanSubscribe(topic string) bool {
	group, ok := strings.CutPrefix(topic, advertsPrefix)
	group, ends := strings.CutSuffix(group, advertsSuffix)
	return topic == noticesTopic || ok && ends && len(group) <= groupMax
}

// FilterIncomingSubscriptions drops what is not of this protocol, and all of a
// peer's that subscribes to more than any peer needs.
func (f *filter) FilterIncomingSubscriptions(from p2p.ID, subs []*pb.RPC_SubOpts) ([]*pb.RPC_SubOpts, error) {
	subs = pubsub.FilterSubscriptions(subs, f.CanSubscribe)
	f.mu.Lock()
	topics := f.topics[from]
	if topics == nil {
		topics = map[string]bool{}
		f.topics[from] = topics
	}
	for _, sub := range subs {
		if !sub.GetSubscribe() {
			delete(topics, sub.GetTopicid())
		} else if len(topics) <= topicsMax {
			topics[sub.GetTopicid()] = true
		}
	}
	many := len(topics) > topicsMax
	f.mu.Unlock()
	if many {
		f.host.blame(from, kindFlood)
		return nil, pubsub.ErrTooManySubscriptions
	}
	return subs, nil
}

// gone forgets the topics of a peer whose stream is closed, and with it its
// subscriptions.
func (f *filter) gone(id p2p.ID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.topics, id)
}

// tracer hears what GossipSub refuses by itself. It must not block.
type tracer struct {
	host   *Host
	filter *filter
}

// RejectMessage blames who brought a message without a signature or with a
// wrong one: an honest peer checks it before it hands a message on.
func (t tracer) RejectMessage(m *pubsub.Message, reason string) {
	switch reason {
	case pubsub.RejectMissingSignature, pubsub.RejectInvalidSignature, pubsub.RejectUnexpectedAuthInfo:
		t.host.blame(m.ReceivedFrom, kindForged)
	}
}

// OnClosedOutboundStream hears that a peer is gone.
func (t tracer) OnClosedOutboundStream(id p2p.ID) { t.filter.gone(id) }

// The rest of what GossipSub tells is of no interest here.

func (t tracer) OnNewOutboundStream(p2p.ID, protocol.ID) {}
func (t tracer) Join(string)                             {}
func (t tracer) Leave(string)                            {}
func (t tracer) Graft(p2p.ID, string)                    {}
func (t tracer) Prune(p2p.ID, string)                    {}
func (t tracer) ValidateMessage(*pubsub.Message)         {}
func (t tracer) DeliverMessage(*pubsub.Message)          {}
func (t tracer) DuplicateMessage(*pubsub.Message)        {}
func (t tracer) ThrottlePeer(p2p.ID)                     {}
func (t tracer) RecvRPC(*pubsub.RPC)                     {}
func (t tracer) SendRPC(*pubsub.RPC, p2p.ID)             {}
func (t tracer) DropRPC(*pubsub.RPC, p2p.ID)             {}
func (t tracer) UndeliverableMessage(*pubsub.Message)    {}
