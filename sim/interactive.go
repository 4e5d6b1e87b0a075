package sim

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/lcc"
	"parley/peer"
)

// Interactive is a run that its user drives: peers are added and time passes by calls.
// The same calls give the same run. It is not safe for concurrent use.
type Interactive struct {
	t       *peerRun
	events  int
	forged  uint64
	actions []stageAction
}

// stageAction is an action that waits for its answer.
type stageAction struct {
	peer        *runningPeer
	incarnation uint64
	goal        peer.Solve
}

// NewInteractive returns a run without peers. OnEvent receives the events of the run;
// Peers and Script are ignored.
func NewInteractive(o PeerRun) (*Interactive, error) {
	network, err := o.Network.withDefaults()
	if err != nil {
		return nil, err
	}
	if o.Model == nil {
		return nil, errors.New("sim: a run needs a model")
	}
	o.Network, o.Peers, o.Script = network, nil, nil
	o.Quiet = time.Minute
	s := &Interactive{}
	onEvent := o.OnEvent
	o.OnEvent = func(ev PeerRunEvent) {
		s.events++
		if onEvent != nil {
			onEvent(ev)
		}
	}
	if s.t, err = o.build(); err != nil {
		return nil, err
	}
	s.t.now, s.t.last = lcc.Instant(settling), lcc.Instant(settling)
	s.t.ask = func(p *runningPeer, e peer.Solve) { s.actions = append(s.actions, stageAction{p, p.incarnation, e}) }
	return s, nil
}

// Now is the virtual time of the run.
func (s *Interactive) Now() time.Duration { return s.t.since(s.t.now) }

// Peers returns the names of the peers, in the order in which they were added.
func (s *Interactive) Peers() (names []string) {
	for _, p := range s.t.order {
		names = append(names, p.Name)
	}
	return names
}

// Add adds a peer. All peers hear of it at once.
func (s *Interactive) Add(name string, facts ...lcc.Term) error {
	if err := s.t.add(PeerRunPeer{Name: name, Facts: facts}); err != nil {
		return err
	}
	p := s.t.order[len(s.t.order)-1]
	for _, other := range s.t.order {
		if other == p || !s.t.reach(p, other) {
			continue
		}
		if err := errors.Join(s.t.link(p, other, true), s.t.link(other, p, true)); err != nil {
			return err
		}
	}
	return s.t.step(p, peer.Enact{Model: s.t.o.Model})
}

// NoPeerError says that a run has no peer of a name.
type NoPeerError struct{ Name string }

func (e NoPeerError) Error() string {
	return fmt.Sprintf("there is no peer %s: add it with peer %s", e.Name, e.Name)
}

func (s *Interactive) peer(name string) (*runningPeer, error) {
	p := s.t.peers[lcc.PeerID(name)]
	if p == nil {
		return nil, NoPeerError{name}
	}
	return p, nil
}

// Start begins an agent. The peer begins it again when it restarts.
func (s *Interactive) Start(name string, start lcc.Start) error {
	p, err := s.peer(name)
	if err != nil {
		return err
	}
	p.Start = append(p.Start, start)
	return s.t.step(p, peer.Enact{Model: s.t.o.Model, Start: []lcc.Start{start}})
}

// Subscribe makes a peer offer a role.
func (s *Interactive) Subscribe(name, role string) error {
	p, err := s.peer(name)
	if err != nil {
		return err
	}
	p.Subscribe = append(p.Subscribe, role)
	return s.t.step(p, peer.Enact{Model: s.t.o.Model, Subscribe: []string{role}})
}

// Do carries out an act of a script now.
func (s *Interactive) Do(act Act) error {
	if act.Peer != "" && act.Kind != Lose {
		if _, err := s.peer(act.Peer); err != nil {
			return err
		}
	}
	return s.t.do(act)
}

// Send gives a peer a message as if another peer had sent it. From need not be a peer
// of the run.
func (s *Interactive) Send(from string, fromRole lcc.Term, to string, toRole, body lcc.Term) error {
	p, err := s.peer(to)
	if err != nil {
		return err
	}
	s.forged++
	return s.t.step(p, peer.Arrived{From: lcc.PeerID(from), Frame: peer.Frame{Incarnation: 1, Message: &lcc.Message{
		ID:           lcc.MessageID{Peer: lcc.PeerID(from), Agent: 1 << 40, Seq: s.forged},
		Model:        s.t.o.Model.Digest(),
		Conversation: lcc.ConversationID(fmt.Sprintf("%s/by-hand", from)),
		From:         lcc.Party{Peer: lcc.PeerID(from), Agent: 1 << 40, Role: fromRole},
		To:           lcc.Party{Peer: lcc.PeerID(to), Role: toRole},
		Body:         body,
	}}})
}

// Actions returns the actions that wait for an answer, oldest first, as peer and goal.
func (s *Interactive) Actions() (list []string) {
	for _, a := range s.actions {
		list = append(list, fmt.Sprintf("%s: %s", a.peer.Name, a.goal.Goal))
	}
	return list
}

// Solve answers the oldest action of a peer: with a pattern that binds its arguments
// or, if the pattern is nil, with a failure and its reason.
func (s *Interactive) Solve(name string, as *lcc.Pattern, why string) error {
	p, err := s.peer(name)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(s.actions, func(a stageAction) bool { return a.peer == p && a.incarnation == p.incarnation })
	if at < 0 {
		return fmt.Errorf("%s has asked for no action", name)
	}
	action := s.actions[at]
	answer := lcc.Answer{Detail: why}
	if as != nil {
		args, ok := as.Solve(action.goal.Goal)
		if !ok {
			return fmt.Errorf("%s does not answer %s: give every argument a value", as, action.goal.Goal)
		}
		if answer = (lcc.Answer{Truth: lcc.True}); len(args) > 0 {
			answer.Solutions = [][]lcc.Term{args}
		}
	}
	s.actions = slices.Delete(s.actions, at, at+1)
	return s.t.step(p, peer.Solved{Model: action.goal.Model, Request: action.goal.Request, Answer: answer})
}

// Step runs until n events have been reported; it returns their number, which is lower
// if nothing happens within an hour.
func (s *Interactive) Step(n int) (steps int, err error) {
	for ; steps < n; steps++ {
		before := s.events
		end := s.t.now + lcc.Instant(time.Hour)
		if err := s.t.run(end, func() bool { return s.events > before }); err != nil {
			return steps, err
		}
		if s.events == before {
			return steps, nil
		}
	}
	return steps, nil
}

// Run runs until nothing has happened for a minute.
func (s *Interactive) Run() error {
	s.t.last = s.t.now
	return s.t.run(s.t.now+lcc.Instant(24*time.Hour), s.t.idle)
}

// Advance runs for a duration of virtual time.
func (s *Interactive) Advance(d time.Duration) error {
	if d < 0 {
		return errors.New("time does not go back")
	}
	end := s.t.now + lcc.Instant(d)
	if err := s.t.run(end, nil); err != nil {
		return err
	}
	s.t.now = end
	return nil
}

// Views returns the agents of a peer; nil while it is down.
func (s *Interactive) Views(name string) ([]lcc.View, error) {
	p, err := s.peer(name)
	if err != nil || p.core == nil {
		return nil, err
	}
	var list []lcc.View
	for _, v := range p.core.Views() {
		list = append(list, v.Agents...)
	}
	return list, nil
}

// Knows returns the facts of a peer, sorted by name.
func (s *Interactive) Knows(name string) (facts []lcc.Term, err error) {
	p, err := s.peer(name)
	if err != nil {
		return nil, err
	}
	var keys []string
	for key := range p.knows {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		for _, args := range p.knows[key] {
			facts = append(facts, lcc.NewTerm(key[:lastSlash(key)], args...))
		}
	}
	return facts, nil
}

// Ask asks a query of the facts of a peer, and of its model.
func (s *Interactive) Ask(name string, q *lcc.Query, most int) (lcc.Answers, error) {
	p, err := s.peer(name)
	if err != nil {
		return lcc.Answers{}, err
	}
	return q.Ask(lcc.PeerID(name), derived{facts: p.knows, rules: p.Rules}, p.knows.has, most), nil
}

// Up says whether a peer runs.
func (s *Interactive) Up(name string) bool {
	p := s.t.peers[lcc.PeerID(name)]
	return p != nil && p.core != nil
}
