package sim

import (
	"fmt"
	"time"

	"parley/lcc"
	"parley/peer"
)

// Act is something that happens to the peers of a run at a time.
type Act struct {
	At   time.Duration
	Kind ActKind
	Peer string // of Learn, Forget, Crash, Restart and Begin
	Fact lcc.Term
	What lcc.Pattern // of Forget and Lose
	Role lcc.Start   // of Begin
	// Groups of a Cut: peers of different groups cannot reach each other; the peers in
	// no group form one more.
	Groups [][]string
	// Of Lose: the next Count messages from Peer to To that match What are lost; "" is
	// any peer.
	To    string
	Count int
}

// ActKind is the kind of an Act.
type ActKind string

// The acts.
const (
	Learn   ActKind = "learns"
	Forget  ActKind = "forgets"
	Crash   ActKind = "crashes"
	Restart ActKind = "restarts"
	Begin   ActKind = "begins"
	Cut     ActKind = "cut"
	Heal    ActKind = "heal"
	Lose    ActKind = "lose"
)

// Scripted is the result of an action: the goal with the values of Goal, or a failure.
type Scripted struct {
	Goal   lcc.Pattern
	After  time.Duration
	Fails  bool
	Detail string
	Times  int // how often it answers; 0: always
}

// loss is a Lose with messages still to lose.
type loss struct {
	act  Act
	left int
}

func (t *peerRun) script() error {
	for i, act := range t.o.Script {
		switch act.Kind {
		case Cut, Heal, Lose:
		default:
			if t.peers[lcc.PeerID(act.Peer)] == nil {
				return fmt.Errorf("sim: script: there is no peer %q", act.Peer)
			}
		}
		t.acts++
		t.plan(settling+act.At, func() error {
			t.acts--
			t.last = t.now
			if err := t.do(act); err != nil {
				return &ActError{i, err}
			}
			return nil
		})
	}
	return nil
}

// ActError is the error of an act of the script that cannot be done.
type ActError struct {
	Act int // its place in the script
	Err error
}

func (e *ActError) Error() string { return e.Err.Error() }

// Unwrap returns why the act cannot be done.
func (e *ActError) Unwrap() error { return e.Err }

func (t *peerRun) do(act Act) error {
	p := t.peers[lcc.PeerID(act.Peer)]
	switch act.Kind {
	case Learn:
		if err := p.knows.learn(act.Fact); err != nil {
			return fmt.Errorf("sim: peer %s: %w", p.Name, err)
		}
		name, _, _ := lcc.Name(act.Fact)
		return t.step(p, peer.Changed{Names: append(p.Rules.Names(), name)})
	case Forget:
		names := p.knows.forget(act.What)
		if len(names) == 0 {
			return fmt.Errorf("%s is to forget %s, and knows no such fact at that time", p.Name, act.What)
		}
		return t.step(p, peer.Changed{Names: append(p.Rules.Names(), names...)})
	case Crash:
		return t.crash(p)
	case Restart:
		return t.restart(p)
	case Begin:
		return t.step(p, peer.Enact{Model: t.o.Model, Start: []lcc.Start{act.Role}})
	case Cut:
		sides := map[string]int{}
		for i, group := range act.Groups {
			for _, name := range group {
				sides[name] = i + 1
			}
		}
		return t.cut(func(p *runningPeer) int { return sides[p.Name] })
	case Heal:
		return t.cut(func(*runningPeer) int { return 0 })
	case Lose:
		t.losses = append(t.losses, &loss{act, max(1, act.Count)})
		return nil
	}
	return fmt.Errorf("sim: script: %q is not an act", act.Kind)
}

// reach says whether frames from one peer arrive at another.
func (t *peerRun) reach(from, to *runningPeer) bool {
	return from.core != nil && to.core != nil && from.side == to.side
}

func (t *peerRun) link(p, other *runningPeer, up bool) error {
	return t.step(p, peer.Link{Peer: lcc.PeerID(other.Name), Up: up})
}

// crash ends a peer without notice; its facts survive.
func (t *peerRun) crash(p *runningPeer) error {
	if p.core == nil {
		return nil
	}
	p.core = nil
	for _, other := range t.order {
		if other != p && other.side == p.side {
			if err := t.link(other, p, false); err != nil {
				return err
			}
		}
	}
	return nil
}

// restart starts a peer again, with its subscriptions and initial roles.
func (t *peerRun) restart(p *runningPeer) error {
	if p.core != nil {
		return nil
	}
	if err := t.live(p); err != nil {
		return err
	}
	for _, other := range t.order {
		if other == p || !t.reach(p, other) {
			continue
		}
		if err := t.link(p, other, true); err != nil {
			return err
		}
		if err := t.link(other, p, true); err != nil {
			return err
		}
	}
	return t.step(p, peer.Enact{Model: t.o.Model, Subscribe: p.Subscribe, Start: p.Start})
}

// cut assigns each peer to a side.
func (t *peerRun) cut(side func(*runningPeer) int) error {
	type pair struct{ a, b *runningPeer }
	var before []pair
	for _, a := range t.order {
		for _, b := range t.order {
			if a != b && t.reach(a, b) {
				before = append(before, pair{a, b})
			}
		}
	}
	for _, p := range t.order {
		p.side = side(p)
	}
	was := map[pair]bool{}
	for _, link := range before {
		was[link] = true
		if !t.reach(link.a, link.b) {
			if err := t.link(link.a, link.b, false); err != nil {
				return err
			}
		}
	}
	for _, a := range t.order {
		for _, b := range t.order {
			if a != b && t.reach(a, b) && !was[pair{a, b}] {
				if err := t.link(a, b, true); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// transmit delivers a frame, if it can.
func (t *peerRun) transmit(p *runningPeer, e peer.Transmit) {
	to := t.peers[e.To]
	unreachable := func(detail string) {
		incarnation := p.incarnation
		t.plan(0, func() error {
			if p.incarnation != incarnation {
				return nil
			}
			return t.step(p, peer.SendFailed{To: e.To, Frame: e.Frame, Reason: lcc.Reason{
				Code: lcc.ReasonUnreachable, Detail: detail}})
		})
	}
	switch {
	case to == nil:
		unreachable("there is no such peer")
		return
	case !t.reach(p, to):
		unreachable("there is no connection")
		return
	case t.lost(p, to, e.Frame):
		return
	}
	arrive := func() error {
		if to.side != p.side {
			return nil // the partition began while the frame was in flight
		}
		return t.step(to, peer.Arrived{From: lcc.PeerID(p.Name), Frame: e.Frame})
	}
	if e.Frame.Message != nil {
		carryInOrder(t.world, t.o.Network, p.Name, to.Name, arrive)
	} else {
		carry(t.world, t.o.Network, arrive)
	}
}

// lost says whether the script drops a message.
func (t *peerRun) lost(from, to *runningPeer, f peer.Frame) bool {
	if f.Message == nil {
		return false
	}
	for _, l := range t.losses {
		if l.left > 0 && (l.act.Peer == "" || l.act.Peer == from.Name) && (l.act.To == "" || l.act.To == to.Name) &&
			l.act.What.Match(f.Message.Body, lcc.Bindings{}) {
			l.left--
			return true
		}
	}
	return false
}

// act answers an action by its script.
func (t *peerRun) act(p *runningPeer, e peer.Solve) {
	answer, after, scripted := lcc.Answer{Detail: "nothing is scripted for it"}, time.Duration(0), false
	for i, s := range p.Actions {
		if s.Times > 0 && p.used[i] == s.Times {
			continue
		}
		args, ok := s.Goal.Solve(e.Goal)
		if s.Fails {
			ok = s.Goal.Match(e.Goal, lcc.Bindings{}) // a failure gives no values
		}
		if !ok {
			continue
		}
		scripted = true
		p.used[i]++
		answer, after = lcc.Answer{Truth: lcc.True, Solutions: [][]lcc.Term{args}}, s.After
		if len(args) == 0 {
			answer.Solutions = nil
		}
		if s.Fails {
			answer = lcc.Answer{Detail: s.Detail}
		}
		break
	}
	if !scripted && t.ask != nil {
		t.ask(p, e)
		return
	}
	if fact, ok := p.fact(e.Goal); ok && !scripted {
		answer = fact
	}
	incarnation := p.incarnation
	t.acts++ // an action in flight keeps the run from being idle
	t.plan(after, func() error {
		t.acts--
		if p.incarnation != incarnation {
			return nil
		}
		return t.step(p, peer.Solved{Model: e.Model, Request: e.Request, Answer: answer})
	})
}

// fact answers an action by the first fact of a peer that fits: where a test scripts what is
// a question otherwise, other peers still know it.
func (p *runningPeer) fact(goal lcc.Term) (lcc.Answer, bool) {
	found, _ := derived{facts: p.knows, rules: p.Rules}.Ask(goal)
	if found.Truth == lcc.True && len(found.Solutions) == 0 {
		return found, true
	}
	name, _, _ := lcc.Name(goal)
	for _, tuple := range found.Solutions {
		pattern, err := lcc.ParsePattern(lcc.NewTerm(name, tuple...).String())
		if err != nil {
			continue // a term that no text can hold
		}
		if args, ok := pattern.Solve(goal); ok {
			return lcc.Answer{Truth: lcc.True, Solutions: [][]lcc.Term{args}}, true
		}
	}
	return lcc.Answer{}, false
}
