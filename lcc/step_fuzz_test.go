package lcc

import (
	"fmt"
	"hash/fnv"
	"strings"
	"testing"
	"time"

	"parley/lcc/check"
	"parley/lcc/syntax"
	"parley/lcc/vocabulary"
)

// dice draws values from bytes; after their end it draws zeros only, so that every
// program ends.
type dice struct{ rest []byte }

func (d *dice) roll(n int) int {
	if len(d.rest) == 0 {
		return 0
	}
	b := int(d.rest[0])
	d.rest = d.rest[1:]
	return b % n
}

func (d *dice) pick(list ...string) string { return list[d.roll(len(list))] }

// program generates a text from the bytes: three roles that know each other's messages,
// a few rules, and every kind of event and constraint.
func (d *dice) program() string {
	var b strings.Builder
	b.WriteString("r(x, initial, 0, 3). r(y, necessary, 1).\n")
	for _, role := range []string{"x", "y", "z(N)"} {
		fmt.Fprintf(&b, "a(%s, I) :: %s\n", role, d.def(5))
	}
	b.WriteString("fact(1). fact(two). pair(1, [a]). deep(0). deep(N) :- N > 0, M is N - 1, deep(M).\n")
	b.WriteString("loop(X) :- loop(s(X)). grow(X, Y) :- Y = f(X, X). twice(L, M) :- append(L, L, M).\n")
	return b.String()
}

func (d *dice) def(depth int) string {
	if depth == 0 {
		return d.event()
	}
	switch d.roll(6) {
	case 0, 1:
		return d.group(depth) + " then " + d.group(depth)
	case 2, 3:
		return d.group(depth) + " or " + d.group(depth)
	case 4:
		return d.group(depth) + " par " + d.group(depth)
	}
	return d.event()
}

func (d *dice) group(depth int) string { return "(" + d.def(depth-1) + ")" }

func (d *dice) event() string {
	switch d.roll(8) {
	case 0, 1:
		return d.message() + " => " + d.agent() + d.guard()
	case 2, 3:
		return d.message() + " <= " + d.agent() + d.guard()
	case 4:
		return "null" + d.guard()
	case 5:
		return d.constraint(2) + " <- " + d.message() + " <= " + d.agent()
	case 6:
		return "a(" + d.pick("x", "y", "z(1)", "z(s(N))", "z(X)") + ", I)" + d.guard()
	}
	return d.constraint(2)
}

func (d *dice) agent() string {
	return "a(" + d.pick("x", "y", "z(_)", "z(N)", "R", "y") + ", " + d.pick("P", "Q", "_", "I", `"q"`, "[P]", `["p", "q"]`) + ")"
}

func (d *dice) message() string { return d.pick("m", "n(X)", "n(1)", "o(X, Y)", "big(L)", "V") }

func (d *dice) guard() string {
	if d.roll(2) == 0 {
		return ""
	}
	return " <- " + d.constraint(3)
}

func (d *dice) constraint(depth int) string {
	if depth > 0 {
		switch d.roll(5) {
		case 0:
			return d.constraint(depth-1) + " and " + d.constraint(depth-1)
		case 1:
			return "(" + d.constraint(depth-1) + "; " + d.constraint(depth-1) + ")"
		case 2:
			return "not (" + d.constraint(depth-1) + ")"
		}
	}
	return d.pick("fact(X)", "pair(X, Y)", "deep(40)", "deep(Z)", "loop(X)", "grow(X, X)", "grow(X, L) and grow(L, L)", "X = f(X)",
		"twice([1, 2|L], L)", "X is 1 + 2", "X is 9223372036854775807 * 2", "X > Y", "X = Y", "X = 1", "L = [X, Y, 1]",
		"member(X, [1, 2, 3])", "append(A, B, [1, 2, 3])", "findall(X, member(X, [1, 2]), L)", "findall(X, loop(X), L)",
		"k(seen(X))", "k(seen(1))", "known(seen(X))", "retract(seen(X))", "timeout(1)", "timeout(X)", "failed(P)", "failed(P, W)",
		"player(y, P)", "asked(X)", "later(X)", "act(1, X)", "act(X, Y)", "me(P)", "between(1, 3, X)", "between(X, 9, Y)", "delete([1, X], 1, L)",
		"last(L, X)", "before(X, Y)", "sort([2, 1|L], L)", "length(L, X)", "nth(2, [a, b], X)")
}

// next generates an event from the bytes for one of two engines.
func (d *dice) next(queue *[]Message, asked *[]RequestID) Event {
	switch d.roll(9) {
	case 0:
		return Start{Role: Atom("x")}
	case 1:
		return Start{Role: NewTerm("z", Int(d.roll(3)))}
	case 2:
		return Changed{Names: []string{d.pick("asked", "later", "player")}}
	case 3:
		return Changed{}
	case 4:
		return Woken{}
	case 5:
		return Suspected{Peer: PeerID(d.pick("p", "q", "r")), Suspected: d.roll(2) == 0}
	case 6:
		if len(*asked) > 0 {
			id := (*asked)[0]
			*asked = (*asked)[1:]
			answer := Answer{}
			if d.roll(3) > 0 {
				answer = Answer{Truth: True, Solutions: [][]Term{{Int(1), List(Int(1), Atom("b"))}}}
			}
			return Solved{Request: id, Answer: answer}
		}
	case 7:
		if len(*queue) > 0 {
			m := (*queue)[0]
			*queue = (*queue)[1:]
			return Undelivered{Message: m.ID, To: m.To.Peer, Reason: Reason{Code: ReasonRefused}}
		}
	}
	return nil
}

// fuzzWorld answers the questions of the program.
type fuzzWorld struct{ self PeerID }

func (fuzzWorld) Ask(goal Term) (Answer, bool) {
	switch name, _, _ := Name(goal); name {
	case "asked":
		return Answer{Truth: True, Solutions: [][]Term{{Int(1)}, {Atom("two")}}}, true
	case "later":
		return Answer{Truth: Later}, true
	}
	return Answer{}, false
}

func (w fuzzWorld) Players(Digest, Term) ([]Player, Truth) {
	return []Player{{Peer: "p", Role: Atom("y")}, {Peer: "q", Role: Atom("y")}, {Peer: "q", Role: NewTerm("z", Int(1))}}, True
}

var fuzzLimits = Limits{StepsPerEvent: 1000, CellsPerAgent: 2000, MailboxMessages: 8, Agents: 20, AgentsPerPeer: 6, MessageBytes: 2000}

// TestFuzzPrograms makes sure that the programs of FuzzStep run.
func TestFuzzPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine and much work: nothing for the race detector; go test without -short runs it")
	}
	read, sent := 0, 0
	for i := range 150 {
		seed := make([]byte, 400)
		for k := range seed {
			h := fnv.New32a()
			fmt.Fprint(h, i, k)
			seed[k] = byte(h.Sum32())
		}
		run := fuzzRun(t, seed)
		if run != "" {
			read++
		}
		sent += strings.Count(run, "send ")
	}
	if read < 130 || sent < 50 {
		t.Errorf("got %d programs that were read and %d messages, want more", read, sent)
	}
}

// FuzzStep: with any program and any events, no step returns an error, an agent stays
// within its budget, the effects are bounded, and the same bytes give the same effects.
func FuzzStep(f *testing.F) {
	for i := range 20 {
		seed := make([]byte, 300)
		for k := range seed {
			seed[k] = byte(k*(2*i+1) + k*k*i)
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if first, second := fuzzRun(t, data), fuzzRun(t, data); first != second {
			t.Errorf("the same bytes gave\n%s\nand\n%s", first, second)
		}
	})
}

// fuzzRun compiles and runs the program of some bytes, and returns all effects; "" when
// the text cannot be parsed.
func fuzzRun(t *testing.T, data []byte) string {
	d := &dice{data}
	text := d.program()
	host := &vocabulary.Set{Predicates: []vocabulary.Signature{{Name: "act", Acts: true, Params: []vocabulary.Param{{Mode: vocabulary.In},
		{Mode: vocabulary.Out}}}}}
	file, errs := syntax.Parse("fuzz", []byte(text))
	if len(errs) > 0 {
		return ""
	}
	check.File(file, Builtins(), host)
	model := lower("fuzz", []byte(text), file, host)
	explore(model, 1000)
	var out strings.Builder
	engines := map[PeerID]*Engine{}
	asked := map[PeerID]*[]RequestID{"p": {}, "q": {}}
	for _, self := range []PeerID{"p", "q"} {
		e, err := New(model, Options{Self: self, World: fuzzWorld{self}, Limits: fuzzLimits, Records: true})
		if err != nil {
			t.Fatal(err)
		}
		engines[self] = e
	}
	var queue []Message
	now := Instant(1)
	step := func(self PeerID, ev Event) {
		effects, err := engines[self].Step(now, ev)
		if err != nil {
			t.Fatalf("%s\nat %#v of %s: %v", text, ev, self, err)
		}
		if len(effects) > 20_000 {
			t.Fatalf("%s\n%d effects of one step", text, len(effects))
		}
		for _, effect := range effects {
			line := describe(effect)
			if len(line) < 300 {
				fmt.Fprintf(&out, "%s: %s\n", self, line)
			}
			switch effect := effect.(type) {
			case Send:
				queue = append(queue, effect.Message)
			case Solve:
				*asked[self] = append(*asked[self], effect.Request)
			}
		}
		for _, a := range engines[self].agents.order {
			if !a.over && a.held > fuzzLimits.CellsPerAgent {
				t.Fatalf("%s\nan agent holds %d cells", text, a.held)
			}
		}
	}
	step("p", Subscribe{Role: "y"})
	step("q", Subscribe{Role: "y"})
	step("p", Start{Role: Atom("x")})
	step("q", Start{Role: Atom("x")})
	for range 40 {
		now += Instant(d.roll(3)) * Instant(time.Second)
		self := PeerID(d.pick("p", "q"))
		if ev := d.next(&queue, asked[self]); ev != nil {
			step(self, ev)
		} else if len(queue) > 0 {
			m := queue[0]
			queue = queue[1:]
			if engines[m.To.Peer] != nil {
				step(m.To.Peer, Received{m})
			}
		}
		if len(queue) > 200 {
			queue = queue[:200]
		}
	}
	step("p", Stop{})
	step("q", Stop{})
	for self, e := range engines {
		if len(e.agents.byID) > 0 || len(e.conversations) > 0 || len(e.alarms) > 0 {
			t.Fatalf("%s\n%s keeps %d agents, %d conversations, %d alarms", text, self, len(e.agents.byID), len(e.conversations), len(e.alarms))
		}
	}
	return out.String() + "."
}
