package peer

import (
	"fmt"
	"slices"

	"parley/lcc"
)

// sender is an agent in the current incarnation of another peer.
type sender struct {
	peer        lcc.PeerID
	incarnation uint64
	agent       lcc.AgentID
}

// sequence tracks the messages from one agent. The numbers count all messages of the
// agent to anybody, so gaps are normal. A number below the last is a duplicate or late;
// a late message is refused, because order matters more than one message.
type sequence struct {
	from  sender
	last  uint64
	taken []taken // the last accepted ones, to detect duplicates
}

// refused reports whether a message was bounced.
func (s *sequence) refused(seq uint64) bool {
	return slices.ContainsFunc(s.taken, func(t taken) bool { return t.seq == seq && t.reason.Code != "" })
}

// refuse records why a message was bounced, for its duplicates.
func (s *sequence) refuse(seq uint64, reason lcc.Reason) {
	for i := range s.taken {
		if s.taken[i].seq == seq {
			s.taken[i].reason = reason
		}
	}
}

type taken struct {
	seq    uint64
	reason lcc.Reason // the latest receipt
}

const (
	takenMax = 64 // accepted messages tracked for each sender
)

// send delivers a message to this peer or transmits it to another one.
func (c *Core) send(m lcc.Message) {
	if m.To.Peer == c.o.Self {
		c.queue = append(c.queue, func() error { return c.receive(m) })
		return
	}
	if reason, refused := c.refusesModel(m.To.Peer, m.Model); refused {
		c.queue = append(c.queue, func() error { return c.reportUndelivered(m, reason) })
		return
	}
	if c.outgoing.len() >= c.o.PendingMax && !c.outgoing.dropAnswered() {
		reason := lcc.Reason{Code: lcc.ReasonBusy, Detail: fmt.Sprintf("%d messages wait for a receipt", c.outgoing.len())}
		c.queue = append(c.queue, func() error { return c.reportUndelivered(m, reason) })
		return
	}
	c.outgoing.add(m, c.now+lcc.Instant(c.o.ReceiptWithin))
	c.emit(Transmit{To: m.To.Peer, Frame: Frame{Incarnation: c.o.Incarnation, Message: &m}})
}

// undelivered ends an outgoing message and notifies the agent that sent it.
func (c *Core) undelivered(id lcc.MessageID, reason lcc.Reason) error {
	p := c.outgoing.take(id)
	if p == nil {
		return nil
	}
	if known := c.players.peer(p.message.To.Peer); known != nil {
		known.declined = c.now
		c.players.changed()
	}
	return c.reportUndelivered(p.message, reason)
}

// reportUndelivered notifies the agent that sent a message that it was not delivered.
func (c *Core) reportUndelivered(sent lcc.Message, reason lcc.Reason) error {
	m := c.models[sent.Model]
	if m == nil {
		return nil
	}
	return c.step(m, lcc.Undelivered{Message: sent.ID, To: sent.To.Peer, Reason: reason})
}

// overdue ends the messages whose receipt did not arrive in time.
func (c *Core) overdue() error {
	for _, p := range c.outgoing.overdue(c.now) {
		if !p.gone { // a notified agent may have ended it
			reason := lcc.Reason{Code: lcc.ReasonNoAnswer, Detail: fmt.Sprintf("no receipt within %v", c.o.ReceiptWithin)}
			if err := c.undelivered(p.message.ID, reason); err != nil {
				return err
			}
		}
	}
	return nil
}

// lost ends every message to a peer and forgets the messages from it.
func (c *Core) lost(id lcc.PeerID, reason lcc.Reason) error {
	for _, p := range c.outgoing.to(id) {
		if err := c.undelivered(p.message.ID, reason); err != nil {
			return err
		}
	}
	// Its agents are gone, so the agents that wait for them are notified too.
	if err := c.stepAll(lcc.Suspected{Peer: id, Suspected: true}); err != nil {
		return err
	}
	if p := c.players.peer(id); p != nil && p.suspected {
		return nil
	}
	return c.stepAll(lcc.Suspected{Peer: id, Suspected: false})
}

// arrived handles a frame.
func (c *Core) arrived(ev Arrived) error {
	f := ev.Frame
	if f.Host != nil && f.Incarnation == 0 {
		// Earlier versions do not name an incarnation here, so 0 is no sign of a second
		// one.
		c.emit(HostFrame{From: ev.From, Payload: f.Host.Payload})
		return nil
	}
	counts, err := c.sign(ev.From, f.Incarnation, true)
	if err != nil {
		return err
	}
	switch {
	case f.Message != nil && !counts:
		c.refused++ // of an incarnation that does not count: no sender waits for a receipt
		return nil
	case f.Message != nil:
		return c.messageArrived(ev.From, f)
	case f.Receipt != nil:
		return c.receiptArrived(ev.From, *f.Receipt)
	case f.Host != nil:
		c.emit(HostFrame{From: ev.From, Payload: f.Host.Payload})
		return nil
	}
	c.refused++
	return nil
}

func (c *Core) messageArrived(from lcc.PeerID, f Frame) error {
	m := *f.Message
	if m.ID.Peer != from || m.From.Peer != from || m.To.Peer != c.o.Self || m.From.Agent != m.ID.Agent || m.ID.Seq == 0 {
		c.misbehaved(from, blameForged) // it claims another sender or receiver
		return nil
	}
	s := c.incoming.use(sender{from, f.Incarnation, m.ID.Agent})
	if m.ID.Seq <= s.last {
		if c.repeated.may(from, c.now) {
			c.repeat(s, from, m.ID)
		} else {
			c.misbehaved(from, blameReplayed)
		}
		return nil
	}
	s.last = m.ID.Seq
	if len(s.taken) == takenMax {
		s.taken = append(s.taken[:0], s.taken[1:]...) // in place, because this runs for each message
	}
	s.taken = append(s.taken, taken{seq: m.ID.Seq})
	if err := c.receive(m); err != nil {
		return err
	}
	if !s.refused(m.ID.Seq) { // a refusal has sent its receipt
		c.receipt(from, m.ID, lcc.Reason{})
	}
	return nil
}

// repeat answers a duplicate with the receipt of the original, and a message that is
// too late with a refusal.
func (c *Core) repeat(s *sequence, from lcc.PeerID, id lcc.MessageID) {
	for _, t := range s.taken {
		if t.seq == id.Seq {
			c.receipt(from, id, t.reason)
			return
		}
	}
	c.receipt(from, id, lcc.Reason{Code: lcc.ReasonRefused, Detail: "a later message came before it"})
}

// receive passes a message to the engine of its model.
func (c *Core) receive(m lcc.Message) error {
	if reason, refused := c.refusesModel(m.From.Peer, m.Model); refused {
		return c.bounce(lcc.Bounce{Message: m.ID, Reason: reason})
	}
	if reason, refused := c.provoked.refuses(provocation{m.From.Peer, m.Model}, c.now); refused {
		return c.bounce(lcc.Bounce{Message: m.ID, Reason: reason})
	}
	e := c.models[m.Model]
	if e == nil {
		return c.bounce(lcc.Bounce{Message: m.ID, Reason: lcc.Reason{
			Code: lcc.ReasonOtherModel, Detail: "this peer does not enact the model",
		}})
	}
	return c.step(e, lcc.Received{Message: m})
}

// bounce returns a message to its sender.
func (c *Core) bounce(b lcc.Bounce) error {
	from := b.Message.Peer
	if from == c.o.Self {
		// Not now: an engine is in its Step, and its later effects would seem newer
		// than the effects of this one.
		c.queue = append(c.queue, func() error {
			return c.stepAll(lcc.Undelivered{Message: b.Message, To: c.o.Self, Reason: b.Reason})
		})
		return nil
	}
	if s := c.incoming.of(sender{from, c.lives.of(from), b.Message.Agent}); s != nil {
		s.refuse(b.Message.Seq, b.Reason)
	}
	c.receipt(from, b.Message, b.Reason)
	return nil
}

func (c *Core) receipt(to lcc.PeerID, id lcc.MessageID, reason lcc.Reason) {
	c.emit(Transmit{To: to, Frame: Frame{Incarnation: c.o.Incarnation, Receipt: &Receipt{Message: id, Reason: reason}}})
}

// receiptArrived handles the receipt for one of our messages. Only the peer to which
// the message was sent may send it.
func (c *Core) receiptArrived(from lcc.PeerID, r Receipt) error {
	p := c.outgoing.by[r.Message]
	if p == nil {
		return nil
	}
	if p.message.To.Peer != from {
		c.misbehaved(from, blameForged)
		return nil
	}
	if r.Reason.Code == "" {
		c.outgoing.answered(p)
		return nil
	}
	return c.undelivered(r.Message, r.Reason)
}
