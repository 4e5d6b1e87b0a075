package peer

import "parley/lcc"

// outbox holds the messages of ours whose end is not known: those that wait for
// a receipt, and those that were received and may yet come back from a mailbox.
// A peer steps for each message of a negotiation, so no step may look at all of
// them: what waits stands in the order in which it was sent, which is also the
// order in which it counts as lost.
type outbox struct {
	by      map[lcc.MessageID]*pending
	waiting []*pending // as they were sent; gone and answered ones are skipped at the front
	kept    []*pending // answered, the oldest receipt first; gone ones are skipped at the front
}

// pending is a message of ours whose end is not known.
type pending struct {
	message  lcc.Message
	until    lcc.Instant // when it counts as lost
	answered bool        // a receipt came; it may yet come back from a mailbox
	gone     bool        // its end is known
}

// keptMax bounds the messages that were received and are remembered. One that
// comes back later than that is noticed by a timeout only.
const keptMax = 256

func newOutbox() outbox { return outbox{by: map[lcc.MessageID]*pending{}} }

func (o *outbox) len() int { return len(o.by) }

func (o *outbox) add(m lcc.Message, until lcc.Instant) {
	p := &pending{message: m, until: until}
	o.by[m.ID] = p
	o.waiting = append(o.waiting, p)
}

// take ends a message; nil if its end was known.
func (o *outbox) take(id lcc.MessageID) *pending {
	p := o.by[id]
	if p != nil {
		p.gone = true
		delete(o.by, id)
	}
	return p
}

// answered notes a receipt that says that a message was received.
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

// dropAnswered forgets the message whose receipt is oldest: if it still comes
// back from a mailbox, nobody learns it but by a timeout. It says false when
// every message still waits for its receipt.
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

// trim skips what no longer waits.
func (o *outbox) trim() {
	for len(o.waiting) > 0 && (o.waiting[0].gone || o.waiting[0].answered) {
		o.waiting[0] = nil
		o.waiting = o.waiting[1:]
	}
}

// next is when the first message counts as lost; 0 when none waits.
func (o *outbox) next() lcc.Instant {
	o.trim()
	if len(o.waiting) == 0 {
		return 0
	}
	return o.waiting[0].until
}

// overdue returns the messages that count as lost, as they were sent.
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

// to returns the messages to a peer whose end is not known: those that wait, as
// they were sent, then those that were received.
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

// postpone gives what waits until at least this instant.
func (o *outbox) postpone(until lcc.Instant) {
	for _, p := range o.waiting {
		p.until = max(p.until, until)
	}
}
