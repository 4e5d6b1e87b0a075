package sim

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/lcc"
	"parley/peer"
)

// Table is a world of peers that enact one model.
type Table struct {
	Model   *lcc.Model
	Peers   []TablePeer
	Seed    uint64
	Network Network
	Limit   time.Duration // of virtual time; default 10 min
	// Tell is told what happens, in order. May be nil.
	Tell func(TableEvent)
}

// TablePeer is one peer: what it knows, and what it does at the beginning.
type TablePeer struct {
	Name      string
	Facts     []lcc.Term // ground: what its constraints are answered from
	Start     []lcc.Start
	Subscribe []string
}

// TableEvent is something that happened: a record of an agent, or its end.
type TableEvent struct {
	At     time.Duration // since the beginning
	Peer   string
	Record *lcc.Record
	Finish *lcc.Finish
}

// TableResult says how a run ended.
type TableResult struct {
	Took     time.Duration // of virtual time, until nothing happened any more
	Messages int
	Finished []TableEvent // the agents that ended, in order
	// Waiting are the roles that are still played by agents, by peer: they
	// wait for something that will not come by itself.
	Waiting map[string][]lcc.Term
}

// tablePeer is a peer of a run.
type tablePeer struct {
	TablePeer
	core  *peer.Core
	alarm lcc.Instant
}

type table struct {
	*world
	o      Table
	peers  map[lcc.PeerID]*tablePeer
	order  []*tablePeer
	result TableResult
	last   lcc.Instant // when something last happened
}

// Run runs the table until no agent has anything to do or the limit.
func (o Table) Run() (TableResult, error) {
	network, err := o.Network.withDefaults()
	if err != nil {
		return TableResult{}, err
	}
	o.Network = network
	if o.Model == nil || len(o.Peers) == 0 {
		return TableResult{}, errors.New("sim: a table needs a model and peers")
	}
	if o.Limit == 0 {
		o.Limit = 10 * time.Minute
	}
	t := &table{world: newWorld(o.Seed), o: o, peers: map[lcc.PeerID]*tablePeer{}, result: TableResult{Waiting: map[string][]lcc.Term{}}}
	for _, p := range o.Peers {
		if err := t.add(p); err != nil {
			return TableResult{}, err
		}
	}
	for _, p := range t.order {
		for _, other := range t.order {
			if p != other {
				t.plan(0, func() error { return t.step(p, peer.Link{Peer: lcc.PeerID(other.Name), Up: true}) })
			}
		}
	}
	// Everybody has heard who plays what before anybody begins.
	for _, p := range t.order {
		t.plan(0, func() error { return t.step(p, peer.Enact{Model: o.Model, Subscribe: p.Subscribe}) })
	}
	for _, p := range t.order {
		t.plan(time.Second, func() error { return t.step(p, peer.Enact{Model: o.Model, Start: p.Start}) })
	}
	t.last = t.now
	if err := t.run(t.now+lcc.Instant(o.Limit), t.idle); err != nil {
		return t.result, err
	}
	t.result.Took = max(0, time.Duration(t.last)-time.Second)
	for _, p := range t.order {
		for _, e := range p.core.Enacted() {
			for _, role := range e.Roles {
				if name, args, _ := lcc.Name(role); len(args) > 0 || !slices.Contains(p.Subscribe, name) {
					t.result.Waiting[p.Name] = append(t.result.Waiting[p.Name], role)
				}
			}
		}
	}
	return t.result, nil
}

// idle says whether nothing has happened for longer than any receipt or advert
// may take. Timeouts of agents that are longer end the run with them waiting.
func (t *table) idle() bool {
	return t.now-t.last > lcc.Instant(time.Minute)
}

func (t *table) add(p TablePeer) error {
	if p.Name == "" || t.peers[lcc.PeerID(p.Name)] != nil {
		return fmt.Errorf("sim: peer %q: every peer has a name of its own", p.Name)
	}
	k, err := newKnowledge(p.Facts)
	if err != nil {
		return fmt.Errorf("sim: peer %s: %w", p.Name, err)
	}
	core, err := peer.New(peer.Options{
		Self: lcc.PeerID(p.Name), Life: 1, Seed: t.seed(), World: k, Records: true,
	})
	if err != nil {
		return err
	}
	added := &tablePeer{TablePeer: p, core: core}
	t.peers[lcc.PeerID(p.Name)] = added
	t.order = append(t.order, added)
	return nil
}

func (t *table) step(p *tablePeer, ev peer.Event) error {
	effects, err := p.core.Step(t.now, ev)
	if err != nil {
		return fmt.Errorf("sim: peer %s: %w", p.Name, err)
	}
	for _, effect := range effects {
		switch e := effect.(type) {
		case peer.Transmit:
			to := t.peers[e.To]
			if to == nil {
				t.plan(0, func() error {
					return t.step(p, peer.SendFailed{To: e.To, Frame: e.Frame, Reason: lcc.Reason{
						Code: lcc.ReasonUnreachable, Detail: "there is no such peer"}})
				})
				continue
			}
			t.carry(t.o.Network, func() error {
				return t.step(to, peer.Arrived{From: lcc.PeerID(p.Name), Frame: e.Frame})
			})
		case peer.Publish:
			for _, other := range t.order {
				if other != p {
					t.carry(t.o.Network, func() error { return t.step(other, peer.Heard(e)) })
				}
			}
		case peer.Solve:
			// Plain peers have no actions: the model was compiled without a
			// vocabulary, so there is none to ask for.
			return fmt.Errorf("sim: peer %s is asked to act: %s", p.Name, e.Goal)
		case peer.Alarm:
			t.alarm(p, e.At)
		case peer.Record:
			t.tell(TableEvent{Peer: p.Name, Record: &e.Record})
		case peer.Finish:
			t.tell(TableEvent{Peer: p.Name, Finish: &e.Finish})
		}
	}
	return nil
}

func (t *table) alarm(p *tablePeer, at lcc.Instant) {
	p.alarm = at
	if at == 0 {
		return
	}
	t.planAt(at, func() error {
		if p.alarm != at {
			return nil // replaced
		}
		p.alarm = 0
		return t.step(p, peer.Woken{})
	})
}

func (t *table) tell(ev TableEvent) {
	t.last = t.now
	ev.At = max(0, time.Duration(t.now)-time.Second)
	if ev.Record != nil && ev.Record.Kind == lcc.RecordSend {
		t.result.Messages++
	}
	if ev.Finish != nil {
		t.result.Finished = append(t.result.Finished, ev)
	}
	if t.o.Tell != nil {
		t.o.Tell(ev)
	}
}

// knowledge is what a plain peer knows: facts, by name and arity.
type knowledge map[string][][]lcc.Term

func newKnowledge(facts []lcc.Term) (knowledge, error) {
	k := knowledge{}
	for _, fact := range facts {
		name, args, ok := lcc.Name(fact)
		if !ok {
			return nil, fmt.Errorf("%s is not a fact such as in_stock(lamp, 5)", fact)
		}
		key := fmt.Sprintf("%s/%d", name, len(args))
		k[key] = append(k[key], args)
	}
	return k, nil
}

// Ask answers from the facts.
func (k knowledge) Ask(goal lcc.Term) (lcc.Answer, bool) {
	name, args, _ := lcc.Name(goal)
	facts, known := k[fmt.Sprintf("%s/%d", name, len(args))]
	if !known {
		return lcc.Answer{}, false
	}
	if len(args) == 0 {
		return lcc.Answer{Truth: lcc.True}, true
	}
	return lcc.Answer{Truth: lcc.True, Solutions: facts}, true
}
