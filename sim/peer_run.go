package sim

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/lcc"
	"parley/peer"
)

// PeerRun is a run of peers that enact one model.
type PeerRun struct {
	Model   *lcc.Model
	Peers   []PeerRunPeer
	Seed    uint64
	Network Network
	Limit   time.Duration // of virtual time, from when the peers begin; default 10 min
	// Quiet is how long nothing may happen before the run ends; default 1 min. An agent
	// with a longer timeout is reported as waiting.
	Quiet time.Duration
	// Events bounds the events that OnEvent receives: a run that exceeds it is stopped. 0:
	// no bound.
	Events int
	Script []Act // what happens to the peers during the run
	// OnEvent receives the events in order. It may be nil.
	OnEvent func(PeerRunEvent)
}

// PeerRunPeer is one peer: its facts, and its roles at the beginning.
type PeerRunPeer struct {
	Name      string
	Facts     []lcc.Term // ground terms, which answer its constraints
	Rules     *lcc.Rules // that derive others; nil: none
	Start     []lcc.Start
	Subscribe []string
	// Actions answer the model's actions: the first one whose goal matches and that has an
	// answer left. Without one a fact answers; without a fact the action fails.
	Actions []Scripted
}

// PeerRunEvent is an event of a run: a record of an agent, or its end.
type PeerRunEvent struct {
	At     time.Duration // since the beginning
	Peer   string
	Record *lcc.Record
	Finish *lcc.Finish
}

// PeerRunResult says how a run ended.
type PeerRunResult struct {
	Took     time.Duration // of virtual time, until the last event
	Messages int
	Finished []PeerRunEvent // the agents that ended, in order
	// Waiting are the roles of the agents that have not ended, by peer: they wait for
	// something that will not happen.
	Waiting map[string][]lcc.Term
	// Agents are the agents that have not ended, by peer: what each waits for, and why.
	Agents map[string][]lcc.View
	// Offered are the roles that a peer offers, in which no agent waits for anything but a
	// message to begin with.
	Offered map[string][]lcc.Term
	Ended   Ending // what ended the run
	// Unused are the places of the Actions that answered nothing, by peer.
	Unused map[string][]int
}

// Ending says why a run ended.
type Ending string

// The endings.
const (
	EndedQuiet  Ending = "quiet"  // nothing happened for Quiet
	EndedLimit  Ending = "limit"  // the limit of virtual time was reached
	EndedEvents Ending = "events" // more events than Events
)

// BegunByMessage says whether peers offer a role instead of beginning in it: it begins
// with a receive and is not declared initial.
func BegunByMessage(model *lcc.Model, role lcc.Term) bool {
	name, args, _ := lcc.Name(role)
	if len(args) > 0 || !model.Opens(name) {
		return false
	}
	return !slices.Contains(model.Initial(), name)
}

// runningPeer is a peer during a run.
type runningPeer struct {
	PeerRunPeer
	core        *peer.Core // nil while it is down
	knows       knowledge
	used        []int // answers of each of Actions
	incarnation uint64
	side        int // of a partition; peers of one side reach each other
	alarm       lcc.Instant
	rush        rush
}

type peerRun struct {
	*world
	o      PeerRun
	peers  map[lcc.PeerID]*runningPeer
	order  []*runningPeer
	result PeerRunResult
	last   lcc.Instant // time of the last event
	events int         // events so far
	acts   int         // acts of the script still to come
	losses []*loss
	ask    func(*runningPeer, peer.Solve) // answers actions without a script; nil: they fail
}

// Run runs until no agent has anything to do, or the limit. The error is a RushError where a
// peer sends without a pause, so that the limit may never come.
func (o PeerRun) Run() (PeerRunResult, error) {
	network, err := o.Network.withDefaults()
	if err != nil {
		return PeerRunResult{}, err
	}
	o.Network = network
	if o.Model == nil || len(o.Peers) == 0 {
		return PeerRunResult{}, errors.New("sim: a run needs a model and peers")
	}
	if o.Limit == 0 {
		o.Limit = 10 * time.Minute
	}
	if o.Quiet == 0 {
		o.Quiet = time.Minute
	}
	t, err := o.build()
	if err != nil {
		return PeerRunResult{}, err
	}
	for _, p := range t.order {
		for _, other := range t.order {
			if p != other {
				t.plan(0, func() error { return t.link(p, other, true) })
			}
		}
	}
	// All peers hear who offers which role before any agent begins.
	for _, p := range t.order {
		t.plan(0, func() error { return t.step(p, peer.Enact{Model: o.Model, Subscribe: p.Subscribe}) })
	}
	if err := t.script(); err != nil { // acts at 0 s precede the agents
		return PeerRunResult{}, err
	}
	for _, p := range t.order {
		t.plan(settling, func() error { return t.step(p, peer.Enact{Model: o.Model, Start: p.Start}) })
	}
	t.last = t.now
	if err := t.run(t.now+lcc.Instant(settling+o.Limit), t.idle); err != nil {
		return t.result, err
	}
	t.result.Took, t.result.Ended = t.since(t.last), t.ended()
	for _, p := range t.order {
		for i, used := range p.used {
			if used == 0 {
				t.result.Unused[p.Name] = append(t.result.Unused[p.Name], i)
			}
		}
		if p.core == nil {
			continue
		}
		t.result.wait(p)
	}
	return t.result, nil
}

// wait records the roles in which a peer's agents wait, and those that it offers.
func (r *PeerRunResult) wait(p *runningPeer) {
	offered := func(role lcc.Term) bool {
		name, args, _ := lcc.Name(role)
		return len(args) == 0 && slices.Contains(p.Subscribe, name)
	}
	stuck := map[string]bool{} // offered roles in which an agent waits in the middle
	for _, v := range p.core.Views() {
		r.Agents[p.Name] = append(r.Agents[p.Name], v.Agents...)
		for _, a := range v.Agents {
			for _, role := range a.Roles {
				stuck[role] = stuck[role] || !a.Begins
			}
		}
	}
	for _, e := range p.core.Enacted() {
		for _, role := range e.Roles {
			if offered(role) && !stuck[role.String()] {
				r.Offered[p.Name] = append(r.Offered[p.Name], role)
			} else {
				r.Waiting[p.Name] = append(r.Waiting[p.Name], role)
			}
		}
	}
}

// Why lists, one on a line, the events that the agents of a peer in a role wait for, and why
// they have not happened.
func (r *PeerRunResult) Why(peer string, role lcc.Term) (lines []string) {
	for _, v := range r.Agents[peer] {
		if len(v.Roles) > 0 && v.Roles[len(v.Roles)-1] == role.String() {
			for _, w := range v.Waits {
				lines = append(lines, w.String())
			}
		}
	}
	return lines
}

// build makes the peers of a run.
func (o PeerRun) build() (*peerRun, error) {
	t := &peerRun{world: newWorld(o.Seed), o: o, peers: map[lcc.PeerID]*runningPeer{},
		result: PeerRunResult{
			Waiting: map[string][]lcc.Term{}, Offered: map[string][]lcc.Term{}, Agents: map[string][]lcc.View{}, Unused: map[string][]int{},
		}}
	for _, p := range o.Peers {
		if err := t.add(p); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// settling is how long the peers hear of each other before the run begins.
const settling = time.Second

// since is the time of the run, counted from when the peers begin.
func (t *peerRun) since(at lcc.Instant) time.Duration { return max(0, time.Duration(at)-settling) }

// idle says whether the run is over: nothing has happened for Quiet and the script is
// finished, or there were too many events.
func (t *peerRun) idle() bool {
	return t.tooMuch() || t.acts == 0 && t.now-t.last > lcc.Instant(t.o.Quiet)
}

func (t *peerRun) tooMuch() bool { return t.o.Events > 0 && t.events > t.o.Events }

func (t *peerRun) ended() Ending {
	switch {
	case t.tooMuch():
		return EndedEvents
	case t.idle() || len(t.agenda) == 0:
		return EndedQuiet
	}
	return EndedLimit
}

func (t *peerRun) add(p PeerRunPeer) error {
	if p.Name == "" || t.peers[lcc.PeerID(p.Name)] != nil {
		return fmt.Errorf("sim: peer %q: every peer has a name of its own", p.Name)
	}
	k, err := newKnowledge(p.Facts)
	if err != nil {
		return fmt.Errorf("sim: peer %s: %w", p.Name, err)
	}
	added := &runningPeer{PeerRunPeer: p, knows: k, used: make([]int, len(p.Actions))}
	t.peers[lcc.PeerID(p.Name)] = added
	t.order = append(t.order, added)
	return t.live(added)
}

// extended reports whether a peer has, derives or will learn facts of predicates that the text
// defines.
func (t *peerRun) extended(p *runningPeer) bool {
	facts := slices.Clone(p.Facts)
	for _, act := range t.o.Script {
		if act.Fact != nil {
			facts = append(facts, act.Fact)
		}
	}
	return p.Rules != nil || slices.ContainsFunc(facts, func(fact lcc.Term) bool {
		name, args, _ := lcc.Name(fact)
		return t.o.Model != nil && t.o.Model.Defines(name, len(args))
	})
}

// live begins an incarnation of a peer.
func (t *peerRun) live(p *runningPeer) (err error) {
	p.incarnation++
	p.alarm = 0
	world := derived{facts: p.knows, rules: p.Rules}
	o := peer.Options{Self: lcc.PeerID(p.Name), Incarnation: p.incarnation, Seed: t.seed(), World: world, Records: true}
	if t.extended(p) {
		o.Extends = world.has
	}
	p.core, err = peer.New(o)
	return err
}

func (t *peerRun) step(p *runningPeer, ev peer.Event) error {
	if p.core == nil {
		return nil
	}
	effects, err := p.core.Step(t.now, ev)
	if err != nil {
		return fmt.Errorf("sim: peer %s: %w", p.Name, err)
	}
	for _, effect := range effects {
		switch e := effect.(type) {
		case peer.Transmit:
			t.transmit(p, e)
		case peer.Publish:
			for _, other := range t.order {
				if other != p && t.reach(p, other) {
					carry(t.world, t.o.Network, func() error { return t.step(other, peer.Heard(e)) })
				}
			}
		case peer.Solve:
			t.act(p, e)
		case peer.Alarm:
			t.alarm(p, e.At)
		case peer.Record:
			t.emit(PeerRunEvent{Peer: p.Name, Record: &e.Record})
			if e.Record.Kind == lcc.RecordSend && p.rush.note(t.now) {
				p.rush = rush{} // the user of an interactive run may continue
				return &RushError{Peer: p.Name, At: t.since(t.now), Last: e.Record}
			}
		case peer.Finish:
			t.emit(PeerRunEvent{Peer: p.Name, Finish: &e.Finish})
		}
	}
	return nil
}

func (t *peerRun) alarm(p *runningPeer, at lcc.Instant) {
	p.alarm = at
	if at == 0 {
		return
	}
	incarnation := p.incarnation
	t.planLast(at, func() error {
		if p.alarm != at || p.incarnation != incarnation {
			return nil // a later alarm replaced it
		}
		p.alarm = 0
		return t.step(p, peer.Woken{})
	})
}

func (t *peerRun) emit(ev PeerRunEvent) {
	t.last = t.now
	t.events++
	ev.At = t.since(t.now)
	if ev.Record != nil && ev.Record.Kind == lcc.RecordSend {
		t.result.Messages++
	}
	if ev.Finish != nil {
		t.result.Finished = append(t.result.Finished, ev)
	}
	if t.o.OnEvent != nil {
		t.o.OnEvent(ev)
	}
}
