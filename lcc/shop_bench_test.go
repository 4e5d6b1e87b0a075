package lcc

import "testing"

const shopText = `
a(buyer(X), B) ::
	ask(X) => a(shopkeeper, S) then
	price(X, P) <= a(shopkeeper, S) then
	buy(X, P) => a(shopkeeper, S) <- afford(X, P) then
	sold(X, P) <= a(shopkeeper, S)
a(shopkeeper, S) ::
	ask(X) <= a(buyer(_), B) then
	price(X, P) => a(buyer, B) <- in_stock(X, P) then
	buy(X, P) <= a(buyer, B) then
	sold(X, P) => a(buyer, B)
afford(lamp, P) :- P < 10.
in_stock(lamp, 5).`

// shopWorld knows one shop.
type shopWorld struct{ players []Player }

func (shopWorld) Ask(Term) (Answer, bool)                  { return Answer{}, false }
func (w shopWorld) Players(Digest, Term) ([]Player, Truth) { return w.players, True }

// machine is what the two engines and the machines written by hand have in
// common.
type machine interface {
	Step(now Instant, ev Event) ([]Effect, error)
}

// trade runs whole interactions, four messages each, between two machines.
func trade(b *testing.B, alice, bob machine) {
	b.ReportAllocs()
	role := NewTerm("buyer", Atom("lamp"))
	ends := 0
	var queue []Message
	take := func(effects []Effect, err error) {
		if err != nil {
			b.Fatal(err)
		}
		for _, effect := range effects {
			switch effect := effect.(type) {
			case Send:
				queue = append(queue, effect.Message)
			case Finish:
				ends++
				if effect.Reason.Code != ReasonDone {
					b.Fatal(effect.Reason)
				}
			}
		}
	}
	for b.Loop() {
		take(alice.Step(0, Start{Role: role}))
		for i := 0; i < len(queue); i++ {
			to := alice
			if queue[i].To.Peer == "bob" {
				to = bob
			}
			take(to.Step(0, Received{queue[i]}))
		}
		queue = queue[:0]
	}
	if ends != 2*b.N {
		b.Fatalf("got %d agents done, want %d", ends, 2*b.N)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "interactions/s")
}

func BenchmarkShop(b *testing.B) {
	model := compileText(b, shopText)
	world := shopWorld{[]Player{{"bob", Atom("shopkeeper")}}}
	engine := func(self PeerID) machine {
		e, err := New(model, Options{Self: self, World: world})
		if err != nil {
			b.Fatal(err)
		}
		return e
	}
	bob := engine("bob")
	if _, err := bob.Step(0, Subscribe{Role: "shopkeeper"}); err != nil {
		b.Fatal(err)
	}
	trade(b, engine("alice"), bob)
}

// BenchmarkShopByHand is the same interaction as state machines written in Go,
// with the same messages and effects.
func BenchmarkShopByHand(b *testing.B) {
	players := []Player{{"bob", Atom("shopkeeper")}}
	trade(b, &buyerByHand{players: players, running: map[AgentID]*deal{}}, &keeperByHand{running: map[ConversationID]*deal{}})
}

type deal struct {
	id      AgentID
	role    Term
	state   int
	item    Term
	price   Term
	partner Party
	conv    ConversationID
	seq     uint64
}

func (d *deal) send(self PeerID, body Term) Effect {
	d.seq++
	return Send{Message{
		ID: MessageID{self, d.id, d.seq}, Conversation: d.conv,
		From: Party{self, d.id, d.role}, To: d.partner, Body: body,
	}}
}

type buyerByHand struct {
	players []Player
	last    AgentID
	running map[AgentID]*deal
}

func (m *buyerByHand) Step(_ Instant, ev Event) ([]Effect, error) {
	switch ev := ev.(type) {
	case Start:
		m.last++
		shop := m.players[0]
		d := &deal{id: m.last, role: ev.Role, item: ev.Role.(*Compound).Args[0], partner: Party{Peer: shop.Peer, Role: shop.Role}}
		d.conv = ConversationID("alice/" + Int(d.id).String() + "/1")
		m.running[d.id] = d
		return []Effect{d.send("alice", NewTerm("ask", d.item))}, nil
	case Received:
		d, body := m.running[ev.Message.To.Agent], ev.Message.Body.(*Compound)
		taken := Deliver{Message: ev.Message.ID, Agent: d.id}
		d.partner.Agent = ev.Message.From.Agent
		switch {
		case d.state == 0 && body.Functor == "price" && len(body.Args) == 2 && body.Args[0] == d.item:
			if price, ok := body.Args[1].(Int); !ok || price >= 10 {
				return nil, nil
			}
			d.state, d.price = 1, body.Args[1]
			return []Effect{taken, d.send("alice", NewTerm("buy", d.item, d.price))}, nil
		case d.state == 1 && body.Functor == "sold" && body.Args[0] == d.item && body.Args[1] == d.price:
			delete(m.running, d.id)
			return []Effect{taken, Finish{Agent: d.id, Role: d.role, Reason: Reason{Code: ReasonDone}}}, nil
		}
	}
	return nil, nil
}

type keeperByHand struct {
	last    AgentID
	running map[ConversationID]*deal
}

func (m *keeperByHand) Step(_ Instant, ev Event) ([]Effect, error) {
	message := ev.(Received).Message
	d, body := m.running[message.Conversation], message.Body.(*Compound)
	if d == nil && body.Functor == "ask" && len(body.Args) == 1 {
		m.last++
		d = &deal{id: m.last, role: Atom("shopkeeper"), item: body.Args[0], partner: message.From, conv: message.Conversation}
		m.running[d.conv] = d
		if d.item != Atom("lamp") {
			return nil, nil
		}
		d.price = Int(5)
		return []Effect{Deliver{message.ID, d.id}, d.send("bob", NewTerm("price", d.item, d.price))}, nil
	}
	if d != nil && body.Functor == "buy" && len(body.Args) == 2 && body.Args[0] == d.item && body.Args[1] == d.price {
		delete(m.running, d.conv)
		return []Effect{
			Deliver{message.ID, d.id}, d.send("bob", NewTerm("sold", d.item, d.price)),
			Finish{Agent: d.id, Role: d.role, Reason: Reason{Code: ReasonDone}},
		}, nil
	}
	return nil, nil
}
