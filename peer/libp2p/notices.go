package libp2p

import (
	"context"
	"fmt"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	p2p "github.com/libp2p/go-libp2p/core/peer"
)

// Verdict is what becomes of a notice.
type Verdict int

const (
	// Accept hands a notice on to all hosts.
	Accept Verdict = iota
	// Reject is for what no honest host sends; who published it is blamed.
	Reject
	// Ignore is for what is old, or not for us, and nobody's fault.
	Ignore
)

// NoticeBytes bounds a notice.
const NoticeBytes = 48 << 10

const noticesTopic = "parley/notices/1"

// What a notice is, in its first byte.
const (
	noticeOpaque    = 0 // the driver's
	noticeAddresses = 1 // a sealed peer record, of the peer that publishes it
)

// enterNotices joins the topic that all hosts are in. Notices are taken where
// they are judged, so nothing subscribes to them; they are only handed on.
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
			// Who comes may be the first that hears what this host has to say.
			if _, err := neighbours.NextPeerEvent(g.host.ctx); err != nil {
				return
			}
			g.host.announcer.look()
		}
	})
	return nil
}

// Notify publishes a notice to all hosts, at most NoticeBytes. It is no error
// that nobody is connected to hear it.
func (h *Host) Notify(data []byte) error {
	if len(data) > NoticeBytes {
		return fmt.Errorf("libp2p: a notice of %d bytes, more than %d: publish its digest, and let others ask for the rest", len(data), NoticeBytes)
	}
	return h.gossip.notify(noticeOpaque, data)
}

func (g *gossip) notify(kind byte, data []byte) error {
	if err := g.notices.Publish(context.Background(), append([]byte{kind}, data...)); err != nil {
		return fmt.Errorf("libp2p: notice: %w", err)
	}
	return nil
}

// heard says whether anybody would hear a notice.
func (g *gossip) heard() bool { return len(g.notices.ListPeers()) > 0 }

// judgeNotice takes in a notice and says what becomes of it.
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
		return Ignore // a later version may know more kinds
	}
	verdict := h.o.Notice(h.roster.nameOf(from), data)
	if verdict == Reject {
		h.blame(from, kindMalformed)
	}
	return verdict
}
