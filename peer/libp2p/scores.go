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

// scores configures GossipSub's peer scores so that a peer that sends junk loses its
// place: forged and malformed messages outweigh any amount of good ones. Other
// misbehaviour counts too: the score of a banned peer is so low that GossipSub reads
// nothing from it. Sharing an address is no fault, because many hosts may do so.
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
		TimeInMeshQuantum: time.Second, // without it the score is NaN
		TimeInMeshCap:     100,

		FirstMessageDeliveriesDecay: 0.9, FirstMessageDeliveriesWeight: 0.1, FirstMessageDeliveriesCap: 50,
		InvalidMessageDeliveriesDecay: 0.99, InvalidMessageDeliveriesWeight: -10,
	}
}

// filter lets peers subscribe to the topics of this protocol. It records topics of
// other groups too: this host may join one of them later, and peers announce a
// subscription only once.
type filter struct {
	host *Host

	mu     sync.Mutex
	topics map[p2p.ID]map[string]bool
}

// topicsMax bounds the topics of one neighbour: the notices, its group, and former
// groups.
const topicsMax = 8

func newFilter(h *Host) *filter { return &filter{host: h, topics: map[p2p.ID]map[string]bool{}} }

// CanSubscribe reports whether a topic belongs to this protocol.
func (f *filter) CanSubscribe(topic string) bool {
	group, ok := strings.CutPrefix(topic, advertsPrefix)
	group, ends := strings.CutSuffix(group, advertsSuffix)
	return topic == noticesTopic || ok && ends && len(group) <= groupMax
}

// FilterIncomingSubscriptions drops foreign topics, and all subscriptions of a peer
// with more than any peer needs.
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

// gone drops the topics of a peer whose stream is closed, which ends its subscriptions.
func (f *filter) gone(id p2p.ID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.topics, id)
}

// tracer handles GossipSub's own rejections. It must not block.
type tracer struct {
	host   *Host
	filter *filter
}

// RejectMessage blames the forwarder of a message without a valid signature: an honest
// peer checks it before it forwards a message.
func (t tracer) RejectMessage(m *pubsub.Message, reason string) {
	switch reason {
	case pubsub.RejectMissingSignature, pubsub.RejectInvalidSignature, pubsub.RejectUnexpectedAuthInfo:
		t.host.blame(m.ReceivedFrom, kindForged)
	}
}

// OnClosedOutboundStream handles the end of a peer's stream.
func (t tracer) OnClosedOutboundStream(id p2p.ID) { t.filter.gone(id) }

// The other trace events are not used.

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
