package libp2p

import (
	"context"
	"fmt"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	p2p "github.com/libp2p/go-libp2p/core/peer"
)

// Verdict is the result of judging a notice.
type Verdict int

const (
	// Accept forwards a notice to all hosts.
	Accept Verdict = iota
	// Reject is for a notice that no honest host sends; its publisher is blamed.
	Reject
	// Ignore is for a notice that is old or not for us; nobody is blamed.
	Ignore
)

// NoticeBytes bounds a notice.
const NoticeBytes = 48 << 10

const noticesTopic = "parley/notices/1"

// Kinds of notices, in the first byte.
const (
	noticeOpaque    = 0 // the driver's
	noticeAddresses = 1 // a sealed peer record, of the peer that publishes it
)

// enterNotices joins the topic of all hosts. The validator already handles the notices,
// so there is no subscription; the router only forwards them.
func (g *gossip) enterNotices() (err error) {
	if err = g.router.RegisterTopicValidator(noticesTopic, g.judgeNotice, pubsub.WithValidatorConcurrency(validateMost)); err != nil {
		return err
	}
	if g.notices, err = g.router.Join(noticesTopic); err != nil {
		return err
	}
	if _, err = g.notices.Relay(); err != nil {
		return err
	}
	neighbours, err := g.notices.EventHandler()
	if err != nil {
		return err
	}
	g.host.running.Go(func() {
		for {
			// A new neighbour may be the first to receive what this host has to
			// announce.
			if _, err := neighbours.NextPeerEvent(g.host.ctx); err != nil {
				return
			}
			g.host.announcer.look()
		}
	})
	return nil
}

// Notify publishes a notice of at most NoticeBytes to all hosts. It is no error when no
// host is connected.
func (h *Host) Notify(data []byte) error {
	if len(data) > NoticeBytes {
		return fmt.Errorf("libp2p: a notice of %d bytes, more than %d: publish its digest, and let others ask for the rest", len(data),
			NoticeBytes)
	}
	return h.gossip.notify(noticeOpaque, data)
}

func (g *gossip) notify(kind byte, data []byte) error {
	if err := g.notices.Publish(context.Background(), append([]byte{kind}, data...)); err != nil {
		return fmt.Errorf("libp2p: notice: %w", err)
	}
	return nil
}

// heard reports whether any host would receive a notice.
func (g *gossip) heard() bool { return len(g.notices.ListPeers()) > 0 }

// judgeNotice handles a notice and returns its verdict.
func (g *gossip) judgeNotice(_ context.Context, by p2p.ID, m *pubsub.Message) pubsub.ValidationResult {
	from := m.GetFrom()
	switch {
	case from == g.host.self:
		return pubsub.ValidationAccept
	case !g.host.allowed(from):
		return pubsub.ValidationIgnore
	case !g.takes(from, func(o *origin) *bucket { return &o.notices }):
		return pubsub.ValidationIgnore
	case len(m.Data) == 0:
		return g.reject(from, by, kindMalformed)
	case len(m.Data) > NoticeBytes+1:
		return g.reject(from, by, kindOversized)
	}
	switch g.host.judge(from, m.Data[0], m.Data[1:]) {
	case Accept:
		return pubsub.ValidationAccept
	case Reject:
		if by == from {
			return pubsub.ValidationReject
		}
	}
	return pubsub.ValidationIgnore
}

func (h *Host) judge(from p2p.ID, kind byte, data []byte) Verdict {
	switch {
	case kind == noticeAddresses:
		return h.learn(from, data)
	case kind != noticeOpaque || h.o.Notice == nil:
		return Ignore // a later version may have more kinds
	}
	verdict := h.o.Notice(h.roster.nameOf(from), data)
	if verdict == Reject {
		h.blame(from, kindMalformed)
	}
	return verdict
}
