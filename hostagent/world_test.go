package hostagent

import (
	"container/heap"
	"fmt"
	"math/rand/v2"
	"sort"
	"strings"
	"testing"
	"time"

	"parley/lcc"
)

// world drives several cores over a modelled network, journal and platform in virtual
// time. The platform behaves as libvirt was observed to: a migration outlives its
// caller, both ends show the guest for a while, and a look may show an earlier state.
type world struct {
	t      *testing.T
	now    lcc.Instant
	agenda agenda
	seq    int
	chance *rand.Rand
	hosts  map[HostID]*testHost
	order  []HostID
	config Config
	log    []string

	latency, latencySpread time.Duration
	loss, duplicate        float64
	lose                   map[string]int // how many messages of a kind to lose
	sent                   int            // messages so far
	fault                  func(message int) (copies int, late time.Duration)
	lateAborts             float64 // share of aborts that come too late
	syncTime               time.Duration
	lookTime               time.Duration // from the snapshot to its arrival
	beginTime, moveTime    time.Duration // until the target is asked, and from there to the switchover
	overlap                time.Duration
	moves                  []*testMove
	loud                   bool             // payloads are logged
	offered                lcc.Term         // the deal that was last offered
	ended                  map[GuestID]bool // by their owners
	unseeing               bool             // single kinds cannot be seen at times
}

type testHost struct {
	id          HostID
	core        *Core
	incarnation int // counts up with each start and crash; odd: up
	capacity    Resources
	guests      map[GuestID]*testGuest
	records     [][]byte // durable
	writing     [][]byte // written, not durable yet
	alarm       int      // counts up: an older alarm is void
	looking     bool
	again       bool
	blind       bool // its platform cannot be seen
	sick        error
	failing     bool // migrations to it fail half-way
	act         ActID
	answered    map[ActID]lcc.Answer
	outcome     map[DealID][]DealChanged
	networks    []string
	drift       float64 // of its clock: how much faster it runs
	early       bool    // its version knows virtual machines only
	measured    []DealMeasured
	signed      map[string]int // binding payloads of others, by kind
	told        []byte         // what it tells the others of itself
	kinds       []Kind         // of guests that it takes; none: VM
	offers      []string
	unseen      map[Kind]string
}

type testGuest struct {
	id       GuestID
	state    GuestState
	cores    float64
	memory   int64
	cpuTime  time.Duration
	counted  lcc.Instant
	movedAt  time.Time
	rules    Rules
	networks []string
	kind     Kind
	needs    []string
	disk     int64
}

// takes are the kinds of guests that can be on a host.
func (h *testHost) takes() []Kind {
	if len(h.kinds) == 0 {
		return []Kind{VM}
	}
	return h.kinds
}

// declared is the most that the guest takes.
func (g *testGuest) declared() Resources {
	return Resources{CPU: 4, MemoryBytes: g.memory, DiskBytes: g.disk}
}

type testMove struct {
	spec           Migration
	deal           DealID
	source, target *testHost
	incarnation    int // of the source, when it asked
	begun          bool
	switched, over bool
}

type appointment struct {
	at  lcc.Instant
	seq int
	do  func()
}

type agenda []appointment

func (a agenda) Len() int { return len(a) }
func (a agenda) Less(i, j int) bool {
	return a[i].at < a[j].at || a[i].at == a[j].at && a[i].seq < a[j].seq
}
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *agenda) Push(x any)   { *a = append(*a, x.(appointment)) }
func (a *agenda) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}

const testSample = time.Second

func newWorld(t *testing.T, seed uint64) *world {
	return &world{
		t: t, chance: rand.New(rand.NewPCG(seed, 1)), hosts: map[HostID]*testHost{}, lose: map[string]int{}, ended: map[GuestID]bool{},
		latency: 5 * time.Millisecond, syncTime: 2 * time.Millisecond, lookTime: 10 * time.Millisecond,
		beginTime: 10 * time.Millisecond, moveTime: 3 * time.Second, overlap: 0, now: 1,
		config: configWith(func(c *Config) {
			c.SampleEvery, c.Smoothing, c.OfferTTL = testSample, time.Second, 10*time.Second
			c.Cooldown, c.ReturnAfter = time.Minute, time.Minute
			c.Deadline = Deadline{Base: 30 * time.Second, PerGiB: time.Millisecond}
			c.ArmedTTL, c.SettleMax = 10*time.Second, 30*time.Second
			c.High = 1 // the gain of a move is not under test here
		}),
	}
}

func (w *world) after(d time.Duration, do func()) {
	w.seq++
	heap.Push(&w.agenda, appointment{w.now + lcc.Instant(d), w.seq, do})
}

// run lets time pass.
func (w *world) run(d time.Duration) {
	end := w.now + lcc.Instant(d)
	for len(w.agenda) > 0 && w.agenda[0].at <= end {
		next := heap.Pop(&w.agenda).(appointment)
		w.now = next.at
		next.do()
		w.check()
	}
	w.now = end
}

func (w *world) note(format string, args ...any) {
	w.log = append(w.log, fmt.Sprintf("%8.3f ", time.Duration(w.now-1).Seconds())+fmt.Sprintf(format, args...))
}

func (w *world) wall() time.Time { return time.Unix(1_700_000_000, int64(w.now)) }

func (w *world) addHost(id HostID, capacity Resources) *testHost {
	h := &testHost{id: id, capacity: capacity, guests: map[GuestID]*testGuest{}, outcome: map[DealID][]DealChanged{}}
	w.hosts[id] = h
	w.order = append(w.order, id)
	sort.Slice(w.order, func(i, j int) bool { return w.order[i] < w.order[j] })
	w.start(h)
	return h
}

// start begins a run of a host's agent.
func (w *world) start(h *testHost) {
	h.incarnation++
	var seed [32]byte
	copy(seed[:], h.id)
	seed[31] = byte(h.incarnation)
	core, err := New(Options{Self: h.id, Seed: seed, Config: w.config})
	if err != nil {
		w.t.Fatal(err)
	}
	h.core, h.looking, h.again, h.answered = core, false, false, map[ActID]lcc.Answer{}
	effects, err := core.Recover(h.records)
	if err != nil {
		w.t.Fatal(err)
	}
	w.carryOut(h, effects)
	for _, id := range w.order {
		if other := w.hosts[id]; other != h && w.up(other) {
			w.step(h, Reachable{Host: other.id, Up: true})
			w.step(other, Reachable{Host: h.id, Up: true})
			w.step(h, Told{From: other.id, Data: other.told})
		}
	}
	w.sample(h, h.incarnation)
}

func (w *world) up(h *testHost) bool { return h.incarnation%2 == 1 }

// crash ends a run. Some of the records that were being written may be on the disk
// anyway.
func (w *world) crash(h *testHost) {
	h.incarnation++
	h.core, h.told = nil, nil
	keep := 0
	if len(h.writing) > 0 {
		keep = w.chance.IntN(len(h.writing) + 1)
	}
	h.records = append(h.records, h.writing[:keep]...)
	h.writing = nil
	for _, id := range w.order {
		if w.up(w.hosts[id]) {
			w.step(w.hosts[id], Reachable{Host: h.id})
			w.step(w.hosts[id], Told{From: h.id})
		}
	}
}

func (w *world) sample(h *testHost, incarnation int) {
	if h.incarnation != incarnation {
		return
	}
	w.look(h)
	w.after(testSample, func() { w.sample(h, incarnation) })
}

// look takes a snapshot now and passes it in later, one at a time.
func (w *world) look(h *testHost) {
	if h.looking {
		h.again = true
		return
	}
	h.looking, h.again = true, false
	incarnation := h.incarnation
	var ev Event = Unobserved{Err: "the platform is gone"}
	if !h.blind {
		ev = Observed{Wall: w.wall(), Observation: w.snapshot(h)}
	}
	w.after(w.lookTime, func() {
		if h.incarnation != incarnation {
			return
		}
		h.looking = false
		w.step(h, ev)
		if h.again {
			w.look(h)
		}
	})
}

func (w *world) snapshot(h *testHost) Observation {
	seen := Observation{
		Capacity: h.capacity, Endpoints: map[Kind]string{}, Networks: h.networks, Offers: h.offers, Unseen: h.unseen,
	}
	for _, kind := range h.takes() {
		if _, unseen := h.unseen[kind]; unseen {
			continue
		}
		seen.Endpoints[kind] = "at:" + string(h.id)
	}
	for _, g := range h.sorted() {
		if _, unseen := h.unseen[g.kind.Known()]; unseen {
			continue
		}
		if g.state == Running {
			g.cpuTime += time.Duration(g.cores * float64(w.now-g.counted))
		}
		g.counted = w.now
		seen.Guests = append(seen.Guests, Guest{
			ID: g.id, Name: string(g.id), State: g.state, CPUTime: g.cpuTime, MovedAt: g.movedAt, Rules: g.rules, Networks: g.networks,
			Leaving:  w.leaves(h, g.id),
			Declared: g.declared(), MemoryBytes: g.memory, Kind: g.kind, Needs: g.needs,
		})
	}
	return seen
}

func (h *testHost) sorted() (list []*testGuest) {
	for _, g := range h.guests {
		list = append(list, g)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].id < list[j].id })
	return list
}

func (w *world) step(h *testHost, ev Event) {
	if !w.up(h) {
		return
	}
	effects, err := h.core.Step(w.clock(h), ev)
	if err != nil {
		w.t.Fatalf("host %s, event %T: %v", h.id, ev, err)
	}
	w.carryOut(h, effects)
}

// until returns how long it takes until the clock of a host shows an instant.
func (w *world) until(h *testHost, at lcc.Instant) time.Duration {
	left := max(0, time.Duration(at-w.clock(h)))
	if h.drift == 0 {
		return left
	}
	return time.Duration(float64(left)/(1+h.drift)) + 1
}

// clock returns what the clock of a host shows.
func (w *world) clock(h *testHost) lcc.Instant { return w.now + lcc.Instant(h.drift*float64(w.now)) }

func (w *world) carryOut(h *testHost, effects []Effect) {
	incarnation := h.incarnation
	for _, effect := range effects {
		switch e := effect.(type) {
		case Journal:
			w.journal(h, e, incarnation)
		case Transmit:
			w.carry(h, e)
		case Answered:
			if _, twice := h.answered[e.ID]; twice {
				w.t.Fatalf("act %d at host %s was answered twice", e.ID, h.id)
			}
			h.answered[e.ID] = e.Answer
			if len(e.Answer.Solutions) == 1 && len(e.Answer.Solutions[0]) == 4 {
				w.offered = e.Answer.Solutions[0][3]
			}
			w.note("%s answers %s", h.id, printAnswer(e.Answer))
		case StartMove:
			w.startMove(h, e)
		case AbortMove:
			w.note("%s aborts the move of %s", h.id, e.Guest)
			w.abortMove(h, e.Guest)
		case Observe:
			w.after(0, func() {
				if h.incarnation == incarnation {
					w.look(h)
				}
			})
		case Alarm:
			h.alarm++
			alarm := h.alarm
			if e.At != 0 {
				w.after(w.until(h, e.At), func() {
					if h.incarnation == incarnation && h.alarm == alarm {
						w.step(h, Woken{})
					}
				})
			}
		case DealChanged:
			w.story(h, e)
		case OrderDone:
			w.note("%s: order %d %s", h.id, e.ID, orderText(e.Why.Detail))
			for _, m := range e.Moves {
				w.note("%s: %s", h.id, foreseenText(m))
			}
		case DealMeasured:
			h.measured = append(h.measured, e)
		case Signed:
			if h.signed == nil {
				h.signed = map[string]int{}
			}
			h.signed[e.Kind]++
		case Tell:
			w.tell(h, e)
		case Admit, Changed, Misbehaved, Avoid, Unable:
		default:
			w.t.Fatalf("host %s: unknown effect %T", h.id, e)
		}
	}
}

// tell brings what a host tells of itself to the others.
func (w *world) tell(h *testHost, e Tell) {
	h.told = e.Data
	w.after(w.latency, func() {
		for _, id := range w.order {
			if other := w.hosts[id]; other != h && w.up(h) {
				w.step(other, Told{From: h.id, Data: h.told})
			}
		}
	})
}

func foreseenText(m Foreseen) string {
	text := m.Name + " would stay"
	if m.Target != "" {
		text = fmt.Sprintf("%s would go to %s (load %.2f)", m.Name, m.Target, m.Load)
	}
	if m.Why.Is() {
		text += ": " + m.Why.Detail
	}
	for _, host := range m.Also {
		text += "; also " + string(host)
	}
	for _, no := range m.Noes {
		text += fmt.Sprintf("; not %s: %s", no.Host, no.Why)
	}
	return text
}

func orderText(err string) string {
	if err == "" {
		return "is done"
	}
	return "fails: " + err
}

func printAnswer(a lcc.Answer) string {
	switch {
	case a.Truth != lcc.True:
		return "no: " + a.Detail
	case len(a.Solutions) == 0:
		return "yes"
	}
	var terms []string
	for _, t := range a.Solutions[0] {
		terms = append(terms, t.String())
	}
	return "yes: " + strings.Join(terms, " ")
}

func (w *world) journal(h *testHost, e Journal, incarnation int) {
	if h.sick != nil {
		w.after(w.syncTime, func() {
			if h.incarnation == incarnation {
				w.step(h, Journalled{Seq: e.Seq, Err: h.sick.Error()})
			}
		})
		return
	}
	h.writing = append(h.writing, e.Record)
	w.after(w.syncTime, func() {
		if h.incarnation != incarnation {
			return
		}
		h.records = append(h.records, h.writing[0])
		h.writing = h.writing[1:]
		w.step(h, Journalled{Seq: e.Seq})
	})
}

func (w *world) carry(from *testHost, e Transmit) {
	p, err := decodePayload(e.Payload)
	if err != nil {
		w.t.Fatalf("host %s transmits what cannot be read: %v", from.id, err)
	}
	copies, late := 1, time.Duration(0)
	if w.fault != nil {
		copies, late = w.fault(w.sent)
	}
	w.sent++
	switch {
	case w.lose[p.Kind] > 0:
		w.lose[p.Kind]--
		copies = 0
	case w.chance.Float64() < w.loss:
		copies = 0
	case w.chance.Float64() < w.duplicate:
		copies = 2
	}
	if w.loud {
		lost := ""
		if copies == 0 {
			lost = ", lost"
		}
		w.note("%s => %s %s%s%s", from.id, e.To, p.Kind, describe(p), lost)
	}
	to := w.hosts[e.To]
	for range copies {
		delay := w.latency + late
		late = 0 // the other copy is on time
		if w.latencySpread > 0 {
			delay += time.Duration(w.chance.Int64N(int64(w.latencySpread)))
		}
		payload := e.Payload
		if from.early || to.early {
			payload = withoutKinds(w.t, payload)
		}
		w.after(delay, func() { w.step(to, Received{From: from.id, Payload: payload}) })
	}
}

func describe(p payload) string {
	var parts []string
	if p.Place != "" {
		parts = append(parts, string(p.Place))
	}
	if p.Over {
		parts = append(parts, "over")
	}
	if p.Reason != "" {
		parts = append(parts, "("+p.Reason+")")
	}
	if len(parts) == 0 {
		return ""
	}
	return " " + strings.Join(parts, " ")
}

// askTerm makes a model at a host request an action.
func (w *world) askTerm(h *testHost, goal lcc.Term) ActID {
	h.act++
	w.step(h, Act{ID: h.act, Goal: goal})
	return h.act
}

func (w *world) story(h *testHost, s DealChanged) {
	reason := ""
	if s.Reason != "" {
		reason = ": " + s.Reason
	}
	w.note("%s %s %s %s => %s %s%s", h.id, s.Side, s.Guest, s.Source, s.Target, s.State, reason)
	if s.Deal != "" {
		h.outcome[s.Deal] = append(h.outcome[s.Deal], s)
	}
	if s.Deal != "" && s.Side == SourceSide {
		w.checkOutcome(s)
	}
}
