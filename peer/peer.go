package peer

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"time"

	"parley/lcc"
)

// Core is a peer as a state machine. It is not safe for concurrent use.
type Core struct {
	o      Options
	chance *rand.ChaCha8
	now    lcc.Instant

	models map[lcc.Digest]*enacted
	order  []*enacted // in the order of Enact

	players  matchmaker
	outgoing outbox
	incoming senders
	provoked backoffs
	lives    incarnations
	repeated repeats
	// enactments counts all models ever enacted.
	enactments uint64
	adverts    advertiser

	unable unable // actions that this host does not carry out now

	beyond sample

	queue []func() error // consequences of a Step, which never run within another engine's Step
	out   []Effect

	saidAlarm lcc.Instant
	late      time.Duration // delay of the current Step after the requested alarm
	refused   uint64
	spent     uint64 // by withdrawn engines
}

// followMax and followSteps bound the consequences of one event within its Step, in
// messages of this peer to itself and in reductions of the engines. followRest is the
// delay of the remaining ones, in nanoseconds, so that two agents in an endless
// exchange use only a part of a processor.
const (
	followMax   = 256
	followSteps = 20_000
	followRest  = lcc.Instant(4_000_000)
)

// enacted is a model that the peer enacts.
type enacted struct {
	model   *lcc.Model
	engine  *lcc.Engine
	refuse  []string // as Enact.Refuse, sorted
	retired bool     // it is being retired
	roles   []lcc.Term
	found   []lcc.Term // those of roles that are advertised
	closed  []string   // roles that need an action which this host does not carry out now (unable.go)
	alarm   lcc.Instant
	starts  []lcc.Start // starts requested by Enact
	revive  []revival
}

// Knowledge answers the questions of models about this host. It must be pure, as for
// lcc.World.
type Knowledge interface {
	Ask(goal lcc.Term) (answer lcc.Answer, known bool)
}

// The defaults of Options.AdvertEvery and AdvertGap.
const (
	AdvertEvery = 5 * time.Second
	AdvertGap   = 200 * time.Millisecond
)

// Options configure a Core. Zero durations mean their defaults.
type Options struct {
	Self        lcc.PeerID
	Incarnation uint64   // greater than in any earlier run: Unix nanoseconds of the start, unless an earlier one was greater
	Seed        [32]byte // the only source of chance
	World       Knowledge
	Extends     func(name string, arity int) bool // of lcc.Options
	// Limits apply to each model's engine.
	Limits  lcc.Limits
	Records bool // emit Record effects
	// Workspace is the memory of the engines during a Step. Peers of which only one is in
	// a Step at a time may share one. Nil: the peer has its own.
	Workspace *lcc.Workspace

	AdvertEvery   time.Duration // between two adverts when nothing changes, in a group of up to 32 (Grouped); default 5 s
	AdvertGap     time.Duration // minimum between two adverts; default 200 ms
	GreetGap      time.Duration // the same for an advert that only newcomers need; default AdvertGap
	ReceiptWithin time.Duration // timeout of a receipt; default 5 s
	LinkGrace     time.Duration // from a broken connection to suspicion; default 2 s
	ReviveAfter   time.Duration // from the failure of an agent of Enact.Start to its restart; default 5 s
	PendingMax    int           // messages without a receipt; default 4,096
}

func (o Options) withDefaults() (Options, error) {
	switch {
	case o.Self == "":
		return o, errors.New("peer: Options.Self is empty: give the peer's id")
	case o.World == nil:
		return o, errors.New("peer: Options.World is missing: use lcc.EmptyWorld{} for a peer that knows nothing")
	}
	for _, d := range []struct {
		name     string
		value    *time.Duration
		standard time.Duration
	}{
		{"AdvertEvery", &o.AdvertEvery, AdvertEvery},
		{"AdvertGap", &o.AdvertGap, AdvertGap},
		{"GreetGap", &o.GreetGap, cmp.Or(max(o.AdvertGap, 0), AdvertGap)},
		{"ReceiptWithin", &o.ReceiptWithin, 5 * time.Second},
		{"LinkGrace", &o.LinkGrace, 2 * time.Second},
		{"ReviveAfter", &o.ReviveAfter, 5 * time.Second},
	} {
		if *d.value < 0 {
			return o, fmt.Errorf("peer: Options.%s is %v: give a positive duration", d.name, *d.value)
		}
		if *d.value == 0 {
			*d.value = d.standard
		}
	}
	if o.PendingMax < 0 {
		return o, fmt.Errorf("peer: Options.PendingMax is %d: give a positive number", o.PendingMax)
	}
	if o.PendingMax == 0 {
		o.PendingMax = 4096
	}
	if o.Workspace == nil {
		o.Workspace = &lcc.Workspace{}
	}
	return o, nil
}

// New returns a core that enacts no model and knows no peer.
func New(o Options) (*Core, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	return &Core{
		o: o, chance: rand.NewChaCha8(o.Seed),
		models:   map[lcc.Digest]*enacted{},
		players:  newMatchmaker(o.Self),
		outgoing: newOutbox(),
		lives:    newIncarnations(),
		repeated: repeats{},
		adverts:  advertiser{usual: o.AdvertEvery},
	}, nil
}

// Step handles one event and returns its effects in order. A non-nil error means a bug
// of the driver or of an engine; faults of another peer are counted and refused.
func (c *Core) Step(now lcc.Instant, ev Event) ([]Effect, error) {
	if now < c.now {
		return nil, fmt.Errorf("peer: the clock went back from %d to %d: hand in the latest instant again", c.now, now)
	}
	c.late = max(0, time.Duration(now-c.saidAlarm))
	if c.saidAlarm == 0 {
		c.late = 0
	}
	c.now, c.out = now, nil
	c.excuse()
	if err := c.accept(ev); err != nil {
		return nil, err
	}
	// Messages to this peer itself are handled here and not sent over the network. Two
	// agents of one peer could exchange messages for ever, so the remaining ones wait
	// for the next Step, for which an alarm is set.
	began := c.Spent()
	for range followMax {
		if len(c.queue) == 0 || c.Spent()-began > followSteps {
			break
		}
		next := c.queue[0]
		c.queue = c.queue[1:]
		if err := next(); err != nil {
			return nil, err
		}
	}
	c.advertise()
	c.setAlarm()
	return c.out, nil
}

func (c *Core) accept(ev Event) error {
	switch ev := ev.(type) {
	case Enact:
		return c.enact(ev)
	case Retire:
		return c.retire(ev)
	case Withdraw:
		return c.withdraw(ev)
	case Outsiders:
		return c.setOutsiders(ev.List)
	case Arrived:
		return c.arrived(ev)
	case SendFailed:
		if ev.Frame.Message != nil {
			return c.undelivered(ev.Frame.Message.ID, ev.Reason)
		}
		return nil
	case Heard:
		return c.heard(ev.Advert)
	case Greeted:
		_, err := c.sign(ev.Peer, ev.Incarnation, true)
		return err
	case Link:
		c.players.link(ev, c.now, c.o)
		if ev.Up {
			// The newcomer has not received any of our adverts.
			c.adverts.met = c.adverts.met || !ev.Beyond
			return c.suspect(ev.Peer, false)
		}
		return nil
	case Avoid:
		return c.avoid(ev)
	case Unable:
		return c.setUnable(ev)
	case Beyond:
		return c.setBeyond(ev.Peers)
	case Grouped:
		c.grouped(ev.Hosts)
		return nil
	case Solved:
		if m := c.models[ev.Model]; m != nil {
			return c.step(m, lcc.Solved{Request: ev.Request, Answer: ev.Answer})
		}
		return nil
	case Changed:
		return c.stepAll(lcc.Changed{Names: ev.Names})
	case Tell:
		return c.adverts.tell(ev)
	case Woken:
		return c.woken()
	}
	return fmt.Errorf("peer: %T is not an event of a peer", ev)
}

func (c *Core) enact(ev Enact) error {
	if ev.Model == nil {
		return errors.New("peer: Enact without a model")
	}
	refuse := slices.Compact(slices.Sorted(slices.Values(ev.Refuse)))
	m := c.models[ev.Model.Digest()]
	if m == nil {
		engine, err := lcc.New(ev.Model, lcc.Options{
			Self: c.o.Self, World: world{c}, Limits: c.o.Limits, Records: c.o.Records,
			// A message is identified by agent and number, so agents of two models must
			// not have the same number.
			FirstAgent: lcc.AgentID(c.enactments<<32 + 1),
			Refuse:     refuse,
			Workspace:  c.o.Workspace,
			Extends:    c.o.Extends,
		})
		if err != nil {
			return err
		}
		c.enactments++
		m = &enacted{model: ev.Model, engine: engine, refuse: refuse}
		c.models[ev.Model.Digest()] = m
		c.order = append(c.order, m)
		if err := c.close(m); err != nil {
			return err
		}
	}
	if !slices.Equal(m.refuse, refuse) {
		return fmt.Errorf("peer: model %s is enacted with the refused roles %v and not %v: withdraw it first", m.model.Name(), m.refuse, refuse)
	}
	if err := c.setRetired(m, false); err != nil {
		return err
	}
	for _, role := range ev.Subscribe {
		if err := c.step(m, lcc.Subscribe{Role: role}); err != nil {
			return err
		}
	}
	m.starts = append(m.starts, ev.Start...)
	for _, start := range ev.Start {
		if err := c.step(m, start); err != nil {
			return err
		}
	}
	return nil
}

func (c *Core) withdraw(ev Withdraw) error {
	m := c.models[ev.Model]
	if m == nil {
		return nil
	}
	if err := c.step(m, lcc.Stop{}); err != nil {
		return err
	}
	c.spent += m.engine.Spent()
	delete(c.models, ev.Model)
	for i, other := range c.order {
		if other == m {
			c.order = append(c.order[:i:i], c.order[i+1:]...)
			break
		}
	}
	c.adverts.due = true
	return nil
}

// world is an engine's view of its peer.
type world struct{ c *Core }

func (w world) Ask(goal lcc.Term) (lcc.Answer, bool) {
	if answer, is := w.c.beyond.ask(goal); is {
		return answer, true
	}
	return w.c.o.World.Ask(goal)
}

func (w world) Players(model lcc.Digest, role lcc.Term) ([]lcc.Player, lcc.Truth) {
	return w.c.players.find(model, role), lcc.True
}

func (w world) LeastPlayer(model lcc.Digest, role lcc.Term) (lcc.Player, bool) {
	return w.c.players.least(model, role)
}

func (c *Core) stepAll(ev lcc.Event) error {
	for _, m := range append([]*enacted(nil), c.order...) {
		if err := c.step(m, ev); err != nil {
			return err
		}
	}
	return nil
}

// step steps one engine and carries out its effects.
func (c *Core) step(m *enacted, ev lcc.Event) error {
	effects, err := m.engine.Step(c.now, ev)
	if err != nil {
		return fmt.Errorf("model %s: %w", m.model.Name(), err)
	}
	digest := m.model.Digest()
	for _, effect := range effects {
		switch e := effect.(type) {
		case lcc.Send:
			c.send(e.Message)
		case lcc.Deliver:
			// Its receipt already said that it is taken or waits.
		case lcc.Bounce:
			if err := c.bounce(e); err != nil {
				return err
			}
		case lcc.Solve:
			c.emit(Solve{Model: digest, Request: e.Request, Agent: e.Agent, Goal: e.Goal})
		case lcc.Alarm:
			m.alarm = e.At
		case lcc.Advertise:
			m.roles = e.Roles
			c.offer(m)
		case lcc.Finish:
			c.emit(Finish{Model: digest, Finish: e})
			c.ended(m, e)
		case lcc.Record:
			c.emit(Record{Model: digest, Record: e})
		}
	}
	return nil
}

// Spent returns the total of the engines' reductions: the cost of all Steps.
func (c *Core) Spent() (sum uint64) {
	sum = c.spent
	for _, m := range c.order {
		sum += m.engine.Spent()
	}
	return sum
}

// Work returns what the engines of the enacted models did.
func (c *Core) Work() (sum lcc.Work) {
	for _, m := range c.order {
		sum = sum.Add(m.engine.Work())
	}
	return sum
}

func (c *Core) emit(e Effect) { c.out = append(c.out, e) }

func (c *Core) woken() error {
	c.saidAlarm = 0
	for _, m := range append([]*enacted(nil), c.order...) {
		if err := c.revive(m); err != nil {
			return err
		}
		if m.alarm != 0 && m.alarm <= c.now {
			m.alarm = 0
			if err := c.step(m, lcc.Woken{}); err != nil {
				return err
			}
		}
	}
	if err := c.overdue(); err != nil {
		return err
	}
	for _, id := range c.players.silent(c.now, c.o) {
		if err := c.suspect(id, true); err != nil {
			return err
		}
	}
	if err := c.undouble(); err != nil {
		return err
	}
	c.players.expect(c.now, c.o)
	return nil
}

// excuse restarts all waiting for others after a pause of this peer itself: its missed
// input says nothing about them.
func (c *Core) excuse() {
	if c.late <= c.o.AdvertEvery {
		return
	}
	c.players.forgive(c.now)
	c.outgoing.postpone(c.now + lcc.Instant(c.o.ReceiptWithin))
}

func (c *Core) setAlarm() {
	at := c.adverts.next
	if len(c.queue) > 0 {
		at = earliest(at, c.now+followRest)
	}
	for _, m := range c.order {
		at = earliest(at, m.alarm)
		if len(m.revive) > 0 {
			at = earliest(at, m.revive[0].at)
		}
	}
	at = earliest(at, c.outgoing.next())
	at = earliest(at, c.players.next)
	at = earliest(at, c.lives.next)
	if at != 0 && at <= c.now {
		at = c.now + 1
	}
	if at != c.saidAlarm {
		c.saidAlarm = at
		c.emit(Alarm{At: at})
	}
}

func earliest(a, b lcc.Instant) lcc.Instant {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// Enacted describes an enacted model for people.
type Enacted struct {
	Model *lcc.Model
	Roles []lcc.Term // played here now
}

// Enacted returns the models in the order of Enact.
func (c *Core) Enacted() []Enacted {
	var list []Enacted
	for _, m := range c.order {
		list = append(list, Enacted{m.model, m.roles})
	}
	return list
}

// Known describes another peer for people.
type Known struct {
	Peer      lcc.PeerID
	Linked    bool
	Suspected bool
	Plays     []Play
	Lives     IncarnationKind // IncarnationDoubled or IncarnationOlder; "": only one incarnation is known
}

// Known returns the known peers by id.
func (c *Core) Known() []Known {
	var list []Known
	for id, p := range c.players.peers {
		list = append(list, Known{id, p.linked, p.suspected, p.advert.Plays, c.lives.state(id, c.now)})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Peer < list[j].Peer })
	return list
}

// Refused returns the number of frames refused for misbehaviour or an old incarnation.
func (c *Core) Refused() uint64 { return c.refused }
