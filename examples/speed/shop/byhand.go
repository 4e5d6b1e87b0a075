package shop

import "parley/lcc"

// deal is the state of a conversation in a hand-written machine.
type deal struct {
	id      lcc.AgentID
	role    lcc.Term
	state   int
	item    lcc.Term
	price   lcc.Term
	partner lcc.Party
	conv    lcc.ConversationID
	seq     uint64
}

func (d *deal) send(self lcc.PeerID, body lcc.Term) lcc.Effect {
	d.seq++
	return lcc.Send{Message: lcc.Message{
		ID: lcc.MessageID{Peer: self, Agent: d.id, Seq: d.seq}, Conversation: d.conv,
		From: lcc.Party{Peer: self, Agent: d.id, Role: d.role}, To: d.partner, Body: body,
	}}
}

// buyer is the role buyer(X), written by hand.
type buyer struct {
	players []lcc.Player
	last    lcc.AgentID
	running map[lcc.AgentID]*deal
}

// Step behaves like the text, with the messages and the effects of an engine.
func (m *buyer) Step(_ lcc.Instant, ev lcc.Event) ([]lcc.Effect, error) {
	switch ev := ev.(type) {
	case lcc.Start:
		m.last++
		shop := m.players[0]
		d := &deal{
			id: m.last, role: ev.Role, item: ev.Role.(*lcc.Compound).Args[0],
			partner: lcc.Party{Peer: shop.Peer, Role: shop.Role},
		}
		d.conv = lcc.ConversationID("alice/" + lcc.Int(d.id).String() + "/1")
		m.running[d.id] = d
		return []lcc.Effect{d.send("alice", lcc.NewTerm("ask", d.item))}, nil
	case lcc.Received:
		d, body := m.running[ev.Message.To.Agent], ev.Message.Body.(*lcc.Compound)
		taken := lcc.Deliver{Message: ev.Message.ID, Agent: d.id}
		d.partner.Agent = ev.Message.From.Agent
		switch {
		case d.state == 0 && body.Functor == "price" && len(body.Args) == 2 && body.Args[0] == d.item:
			if price, ok := body.Args[1].(lcc.Int); !ok || price >= 10 {
				return nil, nil
			}
			d.state, d.price = 1, body.Args[1]
			return []lcc.Effect{taken, d.send("alice", lcc.NewTerm("buy", d.item, d.price))}, nil
		case d.state == 1 && body.Functor == "sold" && body.Args[0] == d.item && body.Args[1] == d.price:
			delete(m.running, d.id)
			return []lcc.Effect{taken, done(d)}, nil
		}
	}
	return nil, nil
}

func done(d *deal) lcc.Effect {
	return lcc.Finish{Agent: d.id, Role: d.role, Reason: lcc.Reason{Code: lcc.ReasonDone}}
}

// keeper is the role shopkeeper, written by hand.
type keeper struct {
	last    lcc.AgentID
	running map[lcc.ConversationID]*deal
}

// Step behaves like the text, with the messages and the effects of an engine.
func (m *keeper) Step(_ lcc.Instant, ev lcc.Event) ([]lcc.Effect, error) {
	received, ok := ev.(lcc.Received)
	if !ok {
		return nil, nil
	}
	message := received.Message
	d, body := m.running[message.Conversation], message.Body.(*lcc.Compound)
	if d == nil && body.Functor == "ask" && len(body.Args) == 1 {
		m.last++
		d = &deal{id: m.last, role: lcc.Atom("shopkeeper"), item: body.Args[0], partner: message.From, conv: message.Conversation}
		m.running[d.conv] = d
		if d.item != lcc.Atom("lamp") {
			return nil, nil
		}
		d.price = lcc.Int(5)
		return []lcc.Effect{lcc.Deliver{Message: message.ID, Agent: d.id}, d.send("bob", lcc.NewTerm("price", d.item, d.price))}, nil
	}
	if d != nil && body.Functor == "buy" && len(body.Args) == 2 && body.Args[0] == d.item && body.Args[1] == d.price {
		delete(m.running, d.conv)
		return []lcc.Effect{
			lcc.Deliver{Message: message.ID, Agent: d.id}, d.send("bob", lcc.NewTerm("sold", d.item, d.price)), done(d),
		}, nil
	}
	return nil, nil
}
