package lcc

import "fmt"

// Engine enacts one model for one peer. It is not safe for concurrent use.
type Engine struct {
	model   *Model
	around  *surroundings
	records bool
	retired bool            // nothing new begins (engine_retire.go)
	closed  closed          // roles in which nothing new begins (engine_close.go)
	refused map[string]bool // roles that are never entered, by name (engine_refuse.go)

	agents        population
	conversations conversations
	waiting       waiters
	subscribed    map[string]bool
	requests      map[RequestID]request
	lastRequest   RequestID
	alarms        alarms
	roles         roleTable

	// State of the current Step.
	meter     meter
	weight    uint64 // passes of the weigher
	look      look
	dirty     []*agent
	mails     mailPool
	out       []Effect
	saidAlarm Instant
}

// request identifies the thread that waits for an action.
type request struct {
	agent  *agent
	thread *thread
}

// Options configure an engine. World is required; Self is the peer's own id. Records
// turns on Record effects. FirstAgent is the number of the first agent; 0 means 1. A
// peer that enacts several models gives each a separate range, because a MessageID
// names the agent and not the model. Refuse names roles, with any number of arguments,
// that this peer never plays. A name that the model does not have is not an error,
// because the next version of a policy may drop a role.
type Options struct {
	Self  PeerID
	World World
	// Extends names predicates that the text defines and that World adds solutions to: in a
	// test a peer is given facts. With it the engine keeps no tables. nil: there is none.
	Extends    func(name string, arity int) bool
	Limits     Limits
	Records    bool
	FirstAgent AgentID
	Refuse     []string
	Workspace  *Workspace // nil: the engine has its own
}

// New returns an engine that has no agents.
func New(m *Model, o Options) (*Engine, error) {
	if m == nil {
		return nil, fmt.Errorf("lcc: no model: compile one first")
	}
	if o.Self == "" {
		return nil, fmt.Errorf("lcc: Options.Self is empty: give the peer's id")
	}
	if o.World == nil {
		return nil, fmt.Errorf("lcc: Options.World is missing: use EmptyWorld{} for a peer that knows nothing")
	}
	limits, err := o.Limits.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("lcc: %w", err)
	}
	e := &Engine{
		model: m, records: o.Records, refused: refusing(o.Refuse),
		around: &surroundings{
			self: o.Self, selfTerm: String(o.Self), model: m.digest, world: o.World, suspects: map[PeerID]bool{},
		},
		agents:        newPopulation(o.FirstAgent),
		conversations: conversations{}, waiting: waiters{},
		subscribed: map[string]bool{}, requests: map[RequestID]request{},
		roles: roleTable{played: map[uint64]*played{}},
		meter: meter{limits: limits},
	}
	e.around.extends = o.Extends
	e.look = look{model: m, around: e.around, refused: e.refused, roles: &e.roles, m: &e.meter, workspace: o.Workspace}
	if e.look.workspace == nil {
		e.look.workspace = &Workspace{}
	}
	e.look.newSolver()
	return e, nil
}

// EmptyWorld is a World without predicates and players.
type EmptyWorld struct{}

// Ask reports every predicate as unknown.
func (EmptyWorld) Ask(Term) (Answer, bool) { return Answer{}, false }

// Players returns no players.
func (EmptyWorld) Players(Digest, Term) ([]Player, Truth) { return nil, False }

// Step handles one event and returns its effects in order; the caller owns them. now
// must not be before that of an earlier Step. A non-nil error means a bug of the driver
// (an answer to no request, a clock that runs backwards) or of this package; faults of
// another peer or of a text are effects.
func (e *Engine) Step(now Instant, ev Event) (effects []Effect, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("lcc: bug in the engine at %T: %v", ev, r)
		}
	}()
	if now < e.around.now {
		return nil, fmt.Errorf("lcc: the clock went back from %d to %d: hand in the latest instant again", e.around.now, now)
	}
	e.around.now, e.out = now, make([]Effect, 0, 4)
	began := e.meter.spent()
	_, e.around.mail = ev.(Received)
	if err := e.accept(ev); err != nil {
		return nil, err
	}
	e.runTurn(began)
	e.look.solver.rest()
	e.agents.sweep()
	if roles, changed := e.roles.latest(); changed {
		e.out = append(e.out, Advertise{Roles: roles})
	}
	if at := e.wakeAt(); at != e.saidAlarm {
		e.saidAlarm = at
		e.out = append(e.out, Alarm{At: at})
	}
	return e.out, nil
}

func (e *Engine) accept(ev Event) error {
	switch ev := ev.(type) {
	case Start:
		e.startGiven(ev)
	case Subscribe:
		e.subscribe(ev.Role)
	case Received:
		e.route(&ev.Message)
	case Solved:
		who, ok := e.requests[ev.Request]
		if !ok {
			return fmt.Errorf("lcc: no agent waits for an answer to request %d", ev.Request)
		}
		delete(e.requests, ev.Request)
		if !who.agent.over {
			e.solved(who.agent, who.thread, ev.Answer)
			e.touch(who.agent, false)
		}
	case Changed:
		e.changed(ev.Names)
	case Woken:
		e.saidAlarm = 0
		for _, a := range e.alarms.due(e.around.now) {
			a.cause = "" // from here on, time drives the agent
			e.touch(a, true)
		}
	case Undelivered:
		e.undelivered(ev)
	case Suspected:
		e.suspected(ev)
	case Retired:
		e.retired = ev.Retired
	case Closed:
		e.closed = closing(ev)
	case Stop:
		e.stop(ev.Agent)
	default:
		return fmt.Errorf("lcc: %T is not an event of an engine", ev)
	}
	return nil
}

func (e *Engine) subscribe(role string) {
	if e.model.clauses[key{role, 0}] == nil {
		e.out = append(e.out, Finish{Role: Atom(role), Reason: e.model.noRole(role, 0)})
		return
	}
	if e.refused[role] {
		e.out = append(e.out, Finish{Role: Atom(role), Reason: refusedRole(role)})
		return
	}
	if !e.subscribed[role] {
		e.subscribed[role] = true
		e.roles.add(Atom(role))
	}
}
