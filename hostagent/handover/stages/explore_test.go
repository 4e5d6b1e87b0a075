package stages

import (
	"flag"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"testing"
)

var thorough = flag.Bool("thorough", false, "explore more failures at one time; takes minutes")

// budget is how many failures of each kind a world may still have.
type budget struct{ killS, killT, cut, act, write, stop uint8 }

// link is the connection that the source has opened last. Messages are said[0] first.
type link struct {
	made, cut    bool
	seen         bool // the target has read of it
	toT, toS     [4]Message
	nToT, nToS   uint8
	sEnds, tEnds bool // the end has noticed that it is over, or has closed it
}

// end is what one agent's driver has in hand.
type end struct {
	up      bool
	exists  bool // the machine
	durable Record
	writing Record
	doing   Do
	halted  bool
	wait    bool
	linking bool
}

// world is both agents, what lies between them, and where the guest is.
type world struct {
	s      Source
	t      Target
	se, te end
	l      link
	ghosts uint8 // messages on connections that the source has given up: Go, Cancel, Closed
	onT    bool  // the target's machine is linked to l; otherwise to a connection that is dead
	// The truth: the guest may run, and there is something of it.
	sMay, tMay, sHere, tHere bool
	ran                      bool // at the target, for certain: its platform cannot deny it
	ended, moved             bool
	left                     budget
}

var ghostly = []Saying{Go, Cancel, Closed}

type explorer struct {
	t     *testing.T
	seed  maphash.Seed
	index map[uint64]int32
	preds [][]int32
	good  []int32
	front []world
	trace []string // how each state was reached, from its first predecessor
	first []int32
	bad   int
}

func (x *explorer) fail(from int32, w world, format string, args ...any) {
	x.bad++
	if x.bad > 3 {
		return
	}
	var path []string
	for at := from; at > 0; at = x.first[at] {
		path = append(path, x.trace[at])
	}
	slices.Reverse(path)
	x.t.Errorf("%s\nafter:\n  %s\nsource %+v\n  %+v\ntarget %+v\n  %+v\nlink %+v onT %v ghosts %b truth sMay %v tMay %v sHere %v tHere %v",
		fmt.Sprintf(format, args...), strings.Join(path, "\n  "), w.s, w.se, w.t, w.te, w.l, w.onT, w.ghosts, w.sMay, w.tMay, w.sHere, w.tHere)
}

func (x *explorer) add(from int32, how string, w world) {
	w.s.why, w.t.why = "", "" // texts decide nothing
	w.s.tries, w.t.tries = min(w.s.tries, closingsMost), min(w.t.tries, 2)
	key := maphash.Comparable(x.seed, w)
	at, known := x.index[key]
	if !known {
		at = int32(len(x.preds))
		x.index[key] = at
		x.preds = append(x.preds, nil)
		x.first = append(x.first, from)
		x.trace = append(x.trace, how)
		x.front = append(x.front, w)
		x.check(at, w)
	}
	x.preds[at] = append(x.preds[at], from)
}

// check holds a state against the invariants.
func (x *explorer) check(at int32, w world) {
	shownS := w.se.up && (w.se.exists && !w.s.Released || !w.se.exists && w.sHere)
	shownT := w.te.up && w.te.exists && w.t.Mine
	switch {
	case w.sMay && w.tMay:
		x.fail(at, w, "the guest may run at both ends")
	case shownS && shownT:
		x.fail(at, w, "the guest is shown as running at both ends")
	case !w.sHere && !w.tMay:
		x.fail(at, w, "the guest is lost")
	}
	settledT := !w.te.exists || w.t.Stage == Leaving && w.t.noted && w.te.writing == ""
	if w.se.up && w.te.up && !w.se.exists && settledT && w.sMay != w.tMay {
		x.good = append(x.good, at)
		if w.ended && w.moved != w.tMay {
			x.fail(at, w, "the move ended with moved %v, and the guest runs at the target: %v", w.moved, w.tMay)
		}
	}
}

// forbid is an effect that breaks the rules at once.
func (x *explorer) forbid(at int32, w world, is bool, what string) {
	if is {
		x.fail(at, w, "%s", what)
	}
}

// feedS gives an event to the source and applies the effects.
func (x *explorer) feedS(at int32, w *world, ev Event) {
	for _, e := range w.s.Step(ev) {
		switch e := e.(type) {
		case Write:
			x.forbid(at, *w, w.se.writing != "", "two records of the source at one time")
			w.se.writing = e.Record
		case Say:
			x.forbid(at, *w, !slices.Contains(sourceSays, e.Message.Saying), "the source says what only a target does")
			e.Message.Why, e.Message.Code = "", ""
			if w.l.made && !w.l.sEnds && int(w.l.nToT) < len(w.l.toT) {
				w.l.toT[w.l.nToT] = e.Message
				w.l.nToT++
			}
		case Do:
			x.forbid(at, *w, w.se.doing.Action != "", "two actions of the source at one time")
			w.se.doing, w.se.halted = e, false
			switch e.Action {
			case DoResume:
				x.forbid(at, *w, !w.sHere, "a guest that is gone is resumed")
				w.sMay = true
			case DoLeave:
				x.forbid(at, *w, w.sMay || !w.tMay, "the source removes a guest that does not run at the target")
			}
		case Halt:
			w.se.halted = true
		case Link:
			x.forbid(at, *w, w.se.linking, "two links at one time")
			w.se.linking = true
		case Unlink:
			w.l.sEnds = true
		case Wait:
			w.se.wait = true
		case Ended:
			x.forbid(at, *w, w.ended, "the move ends twice")
			w.ended, w.moved = true, e.Moved
		case Finished:
			w.se.exists, w.se.wait, w.s = false, false, Source{}
			w.l.sEnds = true
		}
	}
}

func (x *explorer) feedT(at int32, w *world, ev Event) {
	for _, e := range w.t.Step(ev) {
		switch e := e.(type) {
		case Write:
			x.forbid(at, *w, w.te.writing != "", "two records of the target at one time")
			w.te.writing = e.Record
		case Say:
			x.forbid(at, *w, !slices.Contains(targetSays, e.Message.Saying), "the target says what only a source does")
			x.forbid(at, *w, e.Message.Saying == Never && w.te.durable != NeverWas, "never is said and was not journalled")
			x.sayT(w, e.Message)
		case Do:
			x.forbid(at, *w, w.te.doing.Action != "", "two actions of the target at one time")
			w.te.doing, w.te.halted = e, false
			switch e.Action {
			case DoActivate:
				x.forbid(at, *w, w.te.durable != Mine, "the guest is activated without its record")
				w.tMay = w.tMay || w.tHere
			case DoDiscard:
				x.forbid(at, *w, w.tMay, "a guest that may run is discarded")
			}
		case Halt:
			w.te.halted = true
		case Unlink:
			if w.onT {
				w.l.tEnds = true
			}
		case Wait:
			w.te.wait = true
		case Finished:
			w.te.exists, w.te.wait, w.t = false, false, Target{}
			w.onT = false
		}
	}
}

func (x *explorer) sayT(w *world, m Message) {
	m.Why, m.Code = "", ""
	if w.onT && !w.l.tEnds && int(w.l.nToS) < len(w.l.toS) {
		w.l.toS[w.l.nToS] = m
		w.l.nToS++
	}
}

var sourceSays, targetSays = Sayings()

func pop(queue *[4]Message, n *uint8) Message {
	m := queue[0]
	copy(queue[:], queue[1:])
	*n--
	queue[*n] = Message{}
	return m
}

// next adds every state that may follow.
func (x *explorer) next(at int32, w world) {
	then := func(how string, change func(w *world)) {
		n := w
		change(&n)
		x.add(at, how, n)
	}
	x.nextSource(at, w, then)
	x.nextTarget(at, w, then)
	if w.l.made && !w.l.cut && w.left.cut > 0 {
		then("the connection breaks", func(w *world) { w.left.cut--; w.l.cut = true })
	}
}

func (x *explorer) nextSource(at int32, w world, then func(string, func(*world))) {
	feed := func(how string, before func(w *world), ev Event) {
		then(how, func(w *world) {
			if before != nil {
				before(w)
			}
			x.feedS(at, w, ev)
		})
	}
	if !w.se.up {
		then("source starts", func(w *world) {
			w.se.up = true
			if w.se.durable != "" && w.se.durable != Over {
				w.se.exists = true
				x.feedS(at, w, Restarted{w.se.durable})
			} else if w.sHere {
				w.sMay = true
			}
		})
		return
	}
	if w.left.killS > 0 {
		x.killSource(w, then)
	}
	if !w.se.exists {
		return
	}
	if r := w.se.writing; r != "" {
		feed("source: durable "+string(r), func(w *world) { w.se.writing, w.se.durable = "", r }, Recorded{Record: r})
		if w.left.write > 0 {
			lost := func(w *world) { w.left.write--; w.se.writing = "" }
			feed("source: lost "+string(r), lost, Recorded{Record: r, Err: "full", Lost: true})
			feed("source: unknown, not durable "+string(r), lost, Recorded{Record: r, Err: "broken"})
			feed("source: unknown, durable "+string(r), func(w *world) { lost(w); w.se.durable = r }, Recorded{Record: r, Err: "broken"})
		}
	}
	if d := w.se.doing; d.Action != "" {
		end := func(w *world) { w.se.doing, w.se.halted = Do{}, false }
		feed("source: did "+string(d.Action), func(w *world) {
			end(w)
			switch d.Action {
			case DoFreeze:
				w.sMay = false
			case DoLeave:
				w.sHere = false
			}
		}, Did{Action: d.Action})
		if w.left.act > 0 || w.se.halted {
			feed("source: failed "+string(d.Action), func(w *world) {
				end(w)
				if !d.halts(w.se) {
					w.left.act = sub(w.left.act)
				}
			}, Did{Action: d.Action, Err: "no"})
		}
	}
	if w.se.linking {
		if w.te.up {
			feed("source: linked", func(w *world) {
				w.se.linking = false
				w.orphan()
				w.l = link{made: true}
			}, Linked{})
		}
		if !w.te.up || w.left.cut > 0 {
			feed("source: not linked", func(w *world) {
				w.se.linking = false
				if w.te.up {
					w.left.cut--
				}
			}, Unlinked{})
		}
	}
	if w.l.made && !w.l.sEnds {
		if w.l.nToS > 0 {
			m := w.l.toS[0]
			feed("source: hears "+string(m.Saying), func(w *world) { pop(&w.l.toS, &w.l.nToS) }, Heard{m})
		}
		if w.l.cut || w.l.tEnds {
			feed("source: unlinked", func(w *world) { w.l.sEnds = true; w.l.nToS, w.l.toS = 0, [4]Message{} }, Unlinked{})
		}
	}
	if w.se.wait {
		feed("source: later", func(w *world) { w.se.wait = false }, Later{})
	}
	if w.left.stop > 0 {
		feed("source: stop", func(w *world) { w.left.stop-- }, Stop{})
	}
}

func (d Do) halts(e end) bool { return e.halted }

func sub(n uint8) uint8 {
	if n == 0 {
		return 0
	}
	return n - 1
}

// orphan leaves what is on the connection to come late, or never.
func (w *world) orphan() {
	if !w.l.made {
		return
	}
	for _, m := range w.l.toT[:w.l.nToT] {
		if i := slices.Index(ghostly, m.Saying); i >= 0 {
			w.ghosts |= 1 << i
		}
	}
	w.onT = false
}

func (x *explorer) killSource(w world, then func(string, func(*world))) {
	die := func(w *world) {
		w.left.killS--
		w.se = end{durable: w.se.durable}
		w.s, w.ended, w.moved = Source{}, false, false // whoever waited has died, too
		w.l.cut, w.l.sEnds = true, true
	}
	then("source dies", die)
	if r := w.se.writing; r != "" {
		then("source dies, durable "+string(r), func(w *world) { die(w); w.se.durable = r })
	}
	switch w.se.doing.Action {
	case DoFreeze:
		then("source dies, frozen", func(w *world) { die(w); w.sMay = false })
	case DoLeave:
		then("source dies, gone", func(w *world) { die(w); w.sHere = false })
	}
}

func (x *explorer) nextTarget(at int32, w world, then func(string, func(*world))) {
	feed := func(how string, before func(w *world), ev Event) {
		then(how, func(w *world) {
			if before != nil {
				before(w)
			}
			x.feedT(at, w, ev)
		})
	}
	if !w.te.up {
		then("target starts", func(w *world) {
			w.te.up = true
			if w.te.durable != "" && w.te.durable != Over {
				w.te.exists = true
				x.feedT(at, w, Restarted{w.te.durable})
			}
		})
		return
	}
	if w.left.killT > 0 {
		x.killTarget(w, then)
	}
	x.hearTarget(at, w, then)
	if !w.te.exists {
		return
	}
	if r := w.te.writing; r != "" {
		feed("target: durable "+string(r), func(w *world) { w.te.writing, w.te.durable = "", r }, Recorded{Record: r})
		if w.left.write > 0 {
			lost := func(w *world) { w.left.write--; w.te.writing = "" }
			feed("target: lost "+string(r), lost, Recorded{Record: r, Err: "full", Lost: true})
			feed("target: unknown, not durable "+string(r), lost, Recorded{Record: r, Err: "broken"})
			feed("target: unknown, durable "+string(r), func(w *world) { lost(w); w.te.durable = r }, Recorded{Record: r, Err: "broken"})
		}
	}
	if d := w.te.doing; d.Action != "" {
		x.actTarget(w, d, feed)
	}
	if w.t.linked && (!w.onT || w.l.cut || w.l.sEnds) {
		feed("target: unlinked", func(w *world) {
			if w.onT {
				w.l.tEnds, w.onT = true, false
				w.l.nToT, w.l.toT = 0, [4]Message{}
			}
		}, Unlinked{})
	}
	if w.te.wait {
		feed("target: later", func(w *world) { w.te.wait = false }, Later{})
	}
}

func (x *explorer) actTarget(w world, d Do, feed func(string, func(*world), Event)) {
	end := func(w *world) { w.te.doing, w.te.halted = Do{}, false }
	never := func(w *world) { end(w); w.tMay, w.tHere = false, false }
	if d.Action == DoActivate && !w.tHere && !w.tMay {
		feed("target: nothing to activate", never, Did{Action: d.Action, Err: "gone", NeverRan: true})
		return
	}
	feed("target: did "+string(d.Action), func(w *world) {
		end(w)
		switch d.Action {
		case DoRestore:
			w.tHere = true
		case DoActivate:
			w.ran = true
		case DoDiscard:
			w.tHere = false
		}
	}, Did{Action: d.Action})
	if w.left.act > 0 || w.te.halted {
		spend := func(w *world) {
			if !w.te.halted {
				w.left.act--
			}
		}
		feed("target: failed "+string(d.Action), func(w *world) { spend(w); end(w) }, Did{Action: d.Action, Err: "no"})
		if d.Action == DoActivate && !w.ran {
			feed("target: never ran", func(w *world) { spend(w); never(w) }, Did{Action: d.Action, Err: "no", NeverRan: true})
		}
	}
}

// hearTarget delivers what is on the source's connection, or came late on one before.
func (x *explorer) hearTarget(at int32, w world, then func(string, func(*world))) {
	if w.l.made && !w.l.tEnds && w.l.nToT > 0 {
		then("target: hears "+string(w.l.toT[0].Saying), func(w *world) {
			m := pop(&w.l.toT, &w.l.nToT)
			first := !w.l.seen
			w.l.seen = true
			x.route(at, w, m, first, true)
		})
	}
	if w.l.made && !w.l.seen && (w.l.cut || w.l.sEnds) && w.l.nToT > 0 {
		then("target: never sees the connection", func(w *world) { w.l.tEnds = true; w.l.nToT, w.l.toT = 0, [4]Message{} })
	}
	for i, saying := range ghostly {
		if w.ghosts&(1<<i) != 0 {
			then("target: hears late "+string(saying), func(w *world) {
				w.ghosts &^= 1 << i
				if w.onT {
					w.l.tEnds = true // the newest connection counts
				}
				x.route(at, w, Message{Saying: saying}, true, false)
			})
		}
	}
}

// route is what the driver does with a message: first on its connection, it goes to the
// machine of its move, which gets that connection, or is answered without one.
func (x *explorer) route(at int32, w *world, m Message, first, live bool) {
	switch {
	case w.te.exists:
		if first && w.t.linked {
			x.feedT(at, w, Unlinked{})
		}
		if first && w.te.exists {
			w.onT = live
			x.feedT(at, w, Linked{})
		}
		if w.te.exists {
			x.feedT(at, w, Heard{m})
		}
	case m.Saying == Offer:
		w.te.exists, w.onT = true, live
		x.feedT(at, w, Begin{})
	default:
		answer := Message{Saying: Never}
		if w.tMay {
			answer.Saying = Unclear
		}
		switch m.Saying {
		case Closed:
			answer.Saying = Forgotten
		case Go, Cancel:
		default:
			return
		}
		w.onT = live
		x.sayT(w, answer)
		w.onT = false
	}
}

func (x *explorer) killTarget(w world, then func(string, func(*world))) {
	die := func(w *world) {
		w.left.killT--
		w.te = end{durable: w.te.durable}
		w.t = Target{}
		if w.l.made {
			w.l.cut, w.l.tEnds = true, true
			w.l.nToT, w.l.toT = 0, [4]Message{}
		}
		w.onT, w.ghosts = false, 0
	}
	then("target dies", die)
	if w.tHere && !w.tMay {
		then("target's machine dies", func(w *world) { die(w); w.tHere = false })
	}
	if r := w.te.writing; r != "" {
		then("target dies, durable "+string(r), func(w *world) { die(w); w.te.durable = r })
	}
	if w.te.doing.Action == DoActivate && w.tHere {
		then("target dies, activated", func(w *world) { die(w); w.ran = true })
	}
	if w.te.doing.Action == DoRestore {
		then("target dies, restored", func(w *world) { die(w); w.tHere = true })
	}
}

// explore plays every interleaving within a budget of failures.
func explore(t *testing.T, left budget) int {
	x := &explorer{t: t, seed: maphash.MakeSeed(), index: map[uint64]int32{}}
	w := world{se: end{up: true, exists: true}, te: end{up: true}, sMay: true, sHere: true, left: left}
	x.feedS(0, &w, Begin{})
	x.add(0, "begin", w)
	for at := int32(0); len(x.front) > 0 && x.bad == 0; at++ {
		w := x.front[0]
		x.front = x.front[1:]
		x.next(at, w)
	}
	if x.bad > 0 {
		return len(x.preds)
	}
	x.reach()
	return len(x.preds)
}

// reach checks that from every state the guest can come to run at one end, for good.
func (x *explorer) reach() {
	can := make([]bool, len(x.preds))
	todo := slices.Clone(x.good)
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if !can[at] {
			can[at] = true
			todo = append(todo, x.preds[at]...)
		}
	}
	for at, ok := range can {
		if !ok {
			x.fail(int32(at), world{}, "from here the move is never settled")
			return
		}
	}
}

// TestExplore plays all interleavings of both ends with kills, cuts, failing actions and
// failing records, and holds each state against the invariants.
func TestExplore(t *testing.T) {
	defer func(n int) { closingsMost = n }(closingsMost)
	closingsMost = 1
	budgets := []budget{{}, {cut: 1}, {killS: 1}, {killT: 1}, {act: 1}, {write: 1}, {stop: 1}, {killS: 1, cut: 1}, {killT: 1, cut: 1}}
	if !testing.Short() {
		budgets = append(budgets, budget{cut: 2}, budget{killS: 1, killT: 1}, budget{killS: 2, cut: 1}, budget{killT: 2, cut: 1},
			budget{act: 2, cut: 1}, budget{write: 1, killS: 1}, budget{write: 2, killT: 1}, budget{write: 1, cut: 1},
			budget{stop: 1, killT: 1}, budget{stop: 1, cut: 1, act: 1})
	}
	if *thorough {
		budgets = append(budgets, budget{killT: 1, act: 1, cut: 1}, budget{killS: 1, killT: 1, cut: 1})
	}
	for _, left := range budgets {
		t.Logf("%+v: %d states", left, explore(t, left))
		if t.Failed() {
			return
		}
	}
}
