package lcc

import (
	"fmt"
	"slices"
	"sort"
)

// Engine enacts one model for one peer. It is not safe for concurrent use.
type Engine struct {
	model   *Model
	self    PeerID
	world   World
	records bool

	now         Instant
	agents      map[AgentID]*agent
	order       []*agent // by id; ended ones are swept now and then
	ended       int      // in order
	lastAgent   AgentID
	begunBy     map[PeerID]int // running agents that a peer's messages began
	subscribed  map[string]bool
	requests    map[RequestID]request
	lastRequest RequestID
	suspects    map[PeerID]bool
	alarms      alarms
	roles       roleTable

	// Of the Step under way.
	meter     meter
	dirty     []*agent
	out       []Effect
	saidAlarm Instant
}

// request says which thread waits for an action.
type request struct {
	agent  *agent
	thread *thread
}

// Options say for whom an engine works. World is needed; Self is the peer's
// own id. Records turns on Record effects.
type Options struct {
	Self    PeerID
	World   World
	Limits  Limits
	Records bool
}

// New returns an engine without agents.
func New(m *Model, o Options) (*Engine, error) {
	if m == nil {
		return nil, fmt.Errorf("lcc: no model: compile one first")
	}
	if o.Self == "" {
		return nil, fmt.Errorf("lcc: Options.Self is empty: give the peer's id")
	}
	if o.World == nil {
		return nil, fmt.Errorf("lcc: Options.World is missing: use Nobody{} for a peer that knows nothing")
	}
	limits, err := o.Limits.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("lcc: %w", err)
	}
	return &Engine{
		model: m, self: o.Self, world: o.World, records: o.Records,
		agents: map[AgentID]*agent{}, begunBy: map[PeerID]int{},
		subscribed: map[string]bool{}, requests: map[RequestID]request{},
		suspects: map[PeerID]bool{}, roles: roleTable{},
		meter: meter{limits: limits},
	}, nil
}

// Nobody is a World that knows nothing and nobody.
type Nobody struct{}

// Ask knows no predicate.
func (Nobody) Ask(Term) (Answer, bool) { return Answer{}, false }

// Players finds nobody.
func (Nobody) Players(Digest, Term) ([]Player, Truth) { return nil, False }

// Step hands in one event and returns what is to be done about it, in order.
// now is never before that of an earlier Step. The effects belong to the
// caller. A non-nil error means a bug of the driver (an answer that nobody
// waits for, a clock that runs backwards) or of this package; what another
// peer or a text does wrong is an effect.
func (e *Engine) Step(now Instant, ev Event) (effects []Effect, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("lcc: bug in the engine at %T: %v", ev, r)
		}
	}()
	if now < e.now {
		return nil, fmt.Errorf("lcc: the clock went back from %d to %d: hand in the latest instant again", e.now, now)
	}
	e.now, e.out = now, nil
	if err := e.accept(ev); err != nil {
		return nil, err
	}
	for len(e.dirty) > 0 {
		a := e.dirty[0]
		e.dirty = e.dirty[1:]
		a.dirty = false
		if !a.over {
			e.run(a)
		}
	}
	e.advertise()
	if at := e.alarms.earliest(); at != e.saidAlarm {
		e.saidAlarm = at
		e.out = append(e.out, Alarm{At: at})
	}
	return e.out, nil
}

func (e *Engine) accept(ev Event) error {
	switch ev := ev.(type) {
	case Start:
		e.start(ev.Role, "", "", ev.Given...)
	case Subscribe:
		if e.model.clauses[key{ev.Role, 0}] == nil {
			e.out = append(e.out, Finish{Role: Atom(ev.Role), Reason: e.model.noRole(ev.Role, 0)})
			return nil
		}
		if !e.subscribed[ev.Role] {
			e.subscribed[ev.Role] = true
			e.roles.add(Atom(ev.Role))
		}
	case Received:
		e.route(ev.Message)
	case Solved:
		who, ok := e.requests[ev.Request]
		if !ok {
			return fmt.Errorf("lcc: nobody waits for an answer to request %d", ev.Request)
		}
		delete(e.requests, ev.Request)
		if !who.agent.over {
			e.guarded(who.agent, func() { e.solved(who.agent, who.thread, ev.Answer) })
			e.touch(who.agent, false)
		}
	case Changed:
		e.changed(ev.Names)
	case Woken:
		e.saidAlarm = 0
		for _, a := range e.alarms.due(e.now) {
			e.touch(a, true)
		}
	case Undelivered:
		if a := e.agents[ev.Message.Agent]; a != nil {
			e.undelivered(a, ev)
		}
	case Suspected:
		e.suspected(ev)
	case Stop:
		e.stop(ev.Agent)
	default:
		return fmt.Errorf("lcc: %T is not an event of an engine", ev)
	}
	return nil
}

// touch has an agent looked at in this Step. With news, something changed that
// could enable what was not: what was parked or refused is looked at again.
func (e *Engine) touch(a *agent, news bool) {
	if news {
		for _, t := range a.threads {
			t.parked, t.refused = false, nil
		}
	}
	if !a.dirty {
		a.dirty = true
		e.dirty = append(e.dirty, a)
	}
}

// start begins an agent; nil when it could not.
func (e *Engine) start(role Term, by PeerID, conversation ConversationID, given ...Given) *agent {
	name, args, _ := Name(role)
	c := e.model.clauses[key{name, len(args)}]
	if c == nil {
		e.out = append(e.out, Finish{Role: role, Reason: e.model.noRole(name, len(args))})
		return nil
	}
	if len(e.agents) >= e.meter.limits.Agents {
		e.out = append(e.out, Finish{Role: role, Reason: Reason{ReasonLimit, fmt.Sprintf("more than %d agents at this peer", e.meter.limits.Agents)}})
		return nil
	}
	e.lastAgent++
	a := &agent{id: e.lastAgent, started: role, by: by, joined: conversation}
	e.agents[a.id] = a
	e.order = append(e.order, a)
	if by != "" {
		e.begunBy[by]++
	}
	e.guarded(a, func() {
		f := e.frameOf(c, args)
		e.give(c, f, given)
		sc := &scope{role: role, name: name}
		t := &thread{node: c.body, frame: f, next: &cont{leave: sc}, scope: sc}
		a.threads = append(a.threads, t)
		e.entered(a, t, sc)
	})
	if a.over {
		return nil
	}
	e.touch(a, true)
	return a
}

// give binds variables of a clause before it begins.
func (e *Engine) give(c *clause, f *frame, given []Given) {
	var tr trail
	for _, g := range given {
		at := slices.Index(c.names, g.Variable)
		if at < 0 {
			throw(ReasonUnbound, "the clause of role %s has no variable %s", c.role, g.Variable)
		}
		if !e.meter.unify(&tr, e.meter.term(slot(at), f), e.meter.resolve(g.Value)) {
			throw(ReasonFailed, "%s cannot be %s: it has another value", g.Variable, g.Value)
		}
	}
}

// guarded runs something for an agent and ends that agent, and nothing else,
// when it passes a limit or does what cannot be done.
func (e *Engine) guarded(a *agent, do func()) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case fault:
			e.finish(a, r.reason)
		default:
			panic(r)
		}
	}()
	e.meter.reset()
	do()
}

// run looks at an agent until no event of it can happen.
func (e *Engine) run(a *agent) {
	e.guarded(a, func() {
		a.deps = a.deps[:0]
		for moved := true; moved; {
			moved = false
			a.offered, a.wake = a.offered[:0], 0
			for i := 0; i < len(a.threads); i++ {
				t := a.threads[i]
				if e.advance(a, t) {
					moved = true
				}
				if t.node == nil && t.engaged == nil {
					a.threads = append(a.threads[:i], a.threads[i+1:]...)
					i--
				}
			}
		}
	})
	switch {
	case a.over:
	case len(a.threads) == 0:
		e.finish(a, Reason{Code: ReasonDone})
	default:
		e.returnMail(a)
		e.roles.update(a)
		e.alarms.set(a, a.wake)
	}
}

// finish ends an agent: its mail goes back, and when it failed the partners
// whose messages it took learn so.
func (e *Engine) finish(a *agent, reason Reason) {
	if a.over {
		return
	}
	a.over = true
	a.offered = nil
	threads := a.threads
	a.threads = nil
	for _, t := range threads {
		if t.engaged != nil && t.engaged.try.message != nil {
			a.mail = append([]Message{*t.engaged.try.message}, a.mail...)
		}
	}
	e.returnMail(a)
	if reason.Code != ReasonDone {
		for _, l := range a.links {
			if l.taken.Seq != 0 {
				e.out = append(e.out, Bounce{Message: l.taken, Reason: Reason{ReasonFailed, reason.String()}})
			}
		}
	}
	e.roles.update(a)
	e.alarms.set(a, 0)
	delete(e.agents, a.id)
	if a.by != "" {
		if e.begunBy[a.by]--; e.begunBy[a.by] == 0 {
			delete(e.begunBy, a.by)
		}
	}
	e.ended++
	if e.ended > 64 && e.ended > len(e.order)/2 {
		e.sweep()
	}
	e.out = append(e.out, Finish{Agent: a.id, Role: a.started, Reason: reason})
}

func (e *Engine) sweep() {
	running := make([]*agent, 0, len(e.order)-e.ended)
	for _, a := range e.order {
		if !a.over {
			running = append(running, a)
		}
	}
	e.order, e.ended = running, 0
}

func (e *Engine) changed(names []string) {
	sort.Strings(names)
	for _, a := range e.order {
		if !a.over && (len(names) == 0 || intersect(a.deps, names)) {
			e.touch(a, true)
		}
	}
}

// intersect says whether two sorted lists share a name.
func intersect(a, b []string) bool {
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] == b[0]:
			return true
		case a[0] < b[0]:
			a = a[1:]
		default:
			b = b[1:]
		}
	}
	return false
}

func (e *Engine) suspected(ev Suspected) {
	if !ev.Suspected {
		delete(e.suspects, ev.Peer)
		return
	}
	e.suspects[ev.Peer] = true
	for _, a := range e.order {
		for _, l := range a.links {
			if l.peer == ev.Peer && !a.over {
				a.fail(ev.Peer, ReasonSuspected)
				a.dropLinks(ev.Peer)
				e.touch(a, true)
				break
			}
		}
	}
}

func (e *Engine) undelivered(a *agent, ev Undelivered) {
	a.fail(ev.To, ev.Reason.Code)
	a.dropLinks(ev.To)
	e.touch(a, true)
}

func (e *Engine) stop(id AgentID) {
	for _, a := range append([]*agent(nil), e.order...) {
		if !a.over && (id == 0 || a.id == id) {
			e.finish(a, Reason{Code: ReasonStopped})
		}
	}
}

func (e *Engine) record(a *agent, kind RecordKind, role, term Term, peer PeerID) {
	if e.records {
		e.out = append(e.out, Record{Agent: a.id, Kind: kind, Role: role, Term: term, Peer: peer})
	}
}

func (e *Engine) newSolver(a *agent, t *thread) *solver {
	return &solver{m: &e.meter, agent: a, thread: t, engine: e, since: t.since}
}
