package peer

import "parley/lcc"

// outbox holds our messages with an unknown outcome: those that wait for a receipt, and
// those that were received and may still be bounced from a mailbox. Each message of a
// negotiation is a step, so no step may visit all of them: waiting messages are kept in
// sending order, which is also the order of their timeouts.
type outbox struct {
	by      map[lcc.MessageID]*pending
	waiting []*pending // in sending order; gone and answered ones are skipped at the front
	kept    []*pending // answered, oldest receipt first; gone ones are skipped at the front
}

// pending is a message of ours with an unknown outcome.
type pending struct {
	message  lcc.Message
	until    lcc.Instant // when it counts as lost
	answered bool        // a receipt came; it may still be bounced from a mailbox
	gone     bool        // its outcome is known
}

// keptMax bounds the received messages that are tracked. A later bounce is noticed only
// by a timeout.
const keptMax = 256

func newOutbox() outbox { return outbox{by: map[lcc.MessageID]*pending{}} }

func (o *outbox) len() int { return len(o.by) }

func (o *outbox) add(m lcc.Message, until lcc.Instant) {
	p := &pending{message: m, until: until}
	o.by[m.ID] = p
	o.waiting = append(o.waiting, p)
}

// take ends a message; it returns nil when the outcome was known already.
func (o *outbox) take(id lcc.MessageID) *pending {
	p := o.by[id]
	if p != nil {
		p.gone = true
		delete(o.by, id)
	}
	return p
}

// answered records a receipt for a message that was received.
func (o *outbox) answered(p *pending) {
	if p.answered {
		return
	}
	p.answered = true
	o.kept = append(o.kept, p)
	if len(o.kept) > keptMax {
		o.dropAnswered()
	}
	o.trim()
}

// dropAnswered drops the message with the oldest receipt: if it is still bounced from a
// mailbox, its sender notices only by a timeout. It returns false when every message
// still waits for its receipt.
func (o *outbox) dropAnswered() bool {
	for len(o.kept) > 0 {
		p := o.kept[0]
		o.kept[0] = nil
		o.kept = o.kept[1:]
		if !p.gone {
			o.take(p.message.ID)
			return true
		}
	}
	return false
}

// trim drops messages that no longer wait.
func (o *outbox) trim() {
	for len(o.waiting) > 0 && (o.waiting[0].gone || o.waiting[0].answered) {
		o.waiting[0] = nil
		o.waiting = o.waiting[1:]
	}
}

// next returns when the first message counts as lost; 0 when none waits.
func (o *outbox) next() lcc.Instant {
	o.trim()
	if len(o.waiting) == 0 {
		return 0
	}
	return o.waiting[0].until
}

// overdue returns the messages that count as lost, in sending order.
func (o *outbox) overdue(now lcc.Instant) (list []*pending) {
	for _, p := range o.waiting {
		if p.until > now {
			break
		}
		if !p.gone && !p.answered {
			list = append(list, p)
		}
	}
	return list
}

// to returns the messages to a peer with an unknown outcome: first those that wait, in
// sending order, then those that were received.
func (o *outbox) to(peer lcc.PeerID) (list []*pending) {
	for _, p := range o.waiting {
		if !p.gone && !p.answered && p.message.To.Peer == peer {
			list = append(list, p)
		}
	}
	for _, p := range o.kept {
		if !p.gone && p.message.To.Peer == peer {
			list = append(list, p)
		}
	}
	return list
}

// postpone extends the timeouts of waiting messages to at least this instant.
func (o *outbox) postpone(until lcc.Instant) {
	for _, p := range o.waiting {
		p.until = max(p.until, until)
	}
}
