package hostagent

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/lcc"
	"parley/lcc/vocabulary"
)

// look passes in a look in which each guest has used its cores since time 0.
func look(t *testing.T, c *Core, at time.Duration, capacity Resources, guests ...Guest) []Effect {
	t.Helper()
	effects, err := c.Step(lcc.Instant(at)+1, Observed{
		Wall:        time.Unix(1_700_000_000, 0).Add(at),
		Observation: Observation{Capacity: capacity, Endpoints: map[Kind]string{VM: "here"}, Guests: guests},
	})
	if err != nil {
		t.Fatal(err)
	}
	return effects
}

func guestOf(id GuestID, cores float64, memoryGiB int64, at time.Duration) Guest {
	return Guest{
		ID: id, Name: string(id), State: Running, CPUTime: time.Duration(cores * float64(at)),
		Declared: Resources{CPU: 4, MemoryBytes: memoryGiB << 30},
	}
}

func newCore(t *testing.T, config Config) *Core {
	t.Helper()
	c, err := New(Options{Self: "me", Config: config})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// asked returns the solutions of a goal; capitals are unbound.
func asked(t *testing.T, c *Core, name string, args ...any) string {
	t.Helper()
	terms := make([]lcc.Term, len(args))
	for i, a := range args {
		text := fmt.Sprint(a)
		if text == "_" {
			terms[i] = &lcc.Var{Name: "X"}
			continue
		}
		term, err := lcc.ParseTerm(text)
		if err != nil {
			t.Fatal(err)
		}
		terms[i] = term
	}
	answer, known := c.Ask(lcc.NewTerm(name, terms...))
	if !known {
		return "unknown"
	}
	var lines []string
	for _, solution := range answer.Solutions {
		var texts []string
		for i, a := range args {
			if fmt.Sprint(a) == "_" {
				texts = append(texts, solution[i].String())
			}
		}
		lines = append(lines, strings.Join(texts, " "))
	}
	switch {
	case answer.Truth == lcc.Later:
		return "later"
	case answer.Truth == lcc.False:
		return "no"
	}
	return strings.Join(append([]string{"yes"}, lines...), ", ")
}

func TestAsk(t *testing.T) {
	c := newCore(t, configWith(func(c *Config) { c.SampleEvery, c.HoldSamples, c.High, c.Low = time.Second, 3, 0.6, 0.5 }))
	capacity := Resources{CPU: 8, MemoryBytes: 16 << 30}
	if got := asked(t, c, "load", "_"); got != "later" {
		t.Errorf("load before the first look: got %s, want later", got)
	}
	for i := range 4 {
		at := time.Duration(i) * time.Second
		pinned := guestOf("pinned", 1, 2, at)
		pinned.Ineligible = "a host device"
		moved := guestOf("moved", 0.5, 1, at)
		moved.MovedAt = time.Unix(1_700_000_000, 0)
		look(t, c, at, capacity, guestOf("big", 3, 4, at), moved, pinned, guestOf("small", 1.5, 2, at))
		if i == 0 {
			if got := asked(t, c, "load", "_"); got != "later" {
				t.Errorf("load after one look: got %s, want later", got)
			}
		}
	}
	for _, q := range []struct {
		goal []any
		want string
	}{
		{[]any{"load", "_"}, "yes, 0.75"},
		{[]any{"load", "cpu", "_"}, "yes, 0.75"},
		{[]any{"load", "memory", "_"}, "yes, 0.563"},
		{[]any{"load", "disk", "_"}, "no"},
		{[]any{"guests", "_"}, "yes, 4"},
		{[]any{"capacity", "_"}, "yes, room(8.0, 16384)"},
		{[]any{"guest", "_", "_"}, `yes, "big" need(3.0, 4096), "small" need(1.5, 2048)`},
		{[]any{"overloaded", "_"}, "yes, need(1.2, 0)"},
		{[]any{"overloaded", 0.7, "_"}, "yes, need(0.4, 0)"},
		{[]any{"overloaded", 0.75, "_"}, "no"},
		{[]any{"overloaded", "high", "_"}, "no"},
		{[]any{"underloaded", "_"}, "no"},
		{[]any{"underloaded", 0.8, "_"}, "yes, room(0.4, 3891)"},
		{[]any{"fits", "need(2, 7168)"}, "yes, "},
		{[]any{"fits", "need(2.1, 7168)"}, "no"},
		{[]any{"fits", "need(2, 7169)"}, "no"},
		{[]any{"fits", "need(-1, 1)"}, "no"},
		{[]any{"fits", "much"}, "no"},
		{[]any{"loadWith", "need(1, 0)", "_"}, "yes, 0.875"},
		{[]any{"loadWithout", `"big"`, "_"}, "yes, 0.375"},
		{[]any{"loadWithout", `"nobody"`, "_"}, "no"},
		{[]any{"canMigrate", "room(1, 100)", "need(1, 100)"}, "yes, "},
		{[]any{"canMigrate", "room(1, 100)", "need(1, 101)"}, "no"},
		{[]any{"settled", `deal("x", "y", 1)`, "_"}, "yes, expired"},
		{[]any{"settled", `"x"`, "_"}, "no"},
		{[]any{"nonsense", "_"}, "unknown"},
		{[]any{"load", "_", "_", "_"}, "unknown"},
	} {
		if got := asked(t, c, q.goal[0].(string), q.goal[1:]...); got != q.want {
			t.Errorf("%v: got %s, want %s", q.goal, got, q.want)
		}
	}
	if _, err := c.Step(lcc.Instant(time.Minute), Unobserved{Err: "gone"}); err != nil {
		t.Fatal(err)
	}
	if got := asked(t, c, "load", "_"); got != "later" {
		t.Errorf("load while the platform cannot be observed: got %s, want later", got)
	}
}

// Rules and labels are queried like the load, and a model is woken when they change
// although the load has not.
func TestAskRules(t *testing.T) {
	c := newCore(t, configWith(func(c *Config) {
		c.SampleEvery, c.HoldSamples, c.Labels = time.Second, 1, []string{"rack=2", "drain=yes"}
		c.Rules = []RulesFor{{Guests: "db*", Rules: Rules{Priority: 50}}}
	}))
	capacity := Resources{CPU: 8, MemoryBytes: 16 << 30}
	var last []Effect
	for i := range 152 { // what is expected of the load to last is settled by then
		at := time.Duration(i) * time.Second
		web := guestOf("web", 1, 1, at)
		if i == 151 {
			web.Rules.Priority = -3
		}
		last = look(t, c, at, capacity, guestOf("db1", 2, 2, at), web)
		if i < 150 {
			continue
		}
		want := map[int]string{150: "0", 151: "-3"}[i]
		if got := asked(t, c, "priority", `"web"`, "_"); got != "yes, "+want {
			t.Errorf("look %d: got %s, want yes, %s", i, got, want)
		}
		woken := false
		for _, e := range last {
			changed, is := e.(Changed)
			woken = woken || is && slices.Contains(changed.Names, "priority")
		}
		if woken != (i == 151) {
			t.Errorf("look %d: got Changed of priority %v, want %v", i, woken, i == 151)
		}
	}
	for _, q := range []struct {
		goal []any
		want string
	}{
		{[]any{"priority", `"db1"`, "_"}, "yes, 50"},
		{[]any{"priority", `"nobody"`, "_"}, "no"},
		{[]any{"label", "_"}, `yes, "drain=yes", "rack=2"`},
	} {
		if got := asked(t, c, q.goal[0].(string), q.goal[1:]...); got != q.want {
			t.Errorf("%v: got %s, want %s", q.goal, got, q.want)
		}
	}
}

// TestVocabularyIsAnswered: each declared predicate is implemented, and each
// implemented one is declared, in the declared modes.
func TestVocabularyIsAnswered(t *testing.T) {
	c := newCore(t, configWith(func(c *Config) { c.SampleEvery = time.Second }))
	look(t, c, 0, Resources{CPU: 4, MemoryBytes: 1 << 30})
	declared := map[predicate]bool{}
	for _, s := range Vocabulary().Predicates {
		if s.Doc == "" || !strings.HasSuffix(s.Doc, ".") {
			t.Errorf("%s/%d: got doc %q, want a sentence", s.Name, len(s.Params), s.Doc)
		}
		args := make([]lcc.Term, len(s.Params))
		for i, p := range s.Params {
			if p.Name == "" || p.Type == "" || p.Doc == "" || p.Mode != vocabulary.In && p.Mode != vocabulary.Out {
				t.Errorf("%s/%d, parameter %d: got %+v, want a name, a mode, a type and a doc", s.Name, len(s.Params), i+1, p)
			}
			args[i] = &lcc.Var{Name: "X"}
			if p.Mode == vocabulary.In {
				args[i] = lcc.Atom("nonsense")
			}
		}
		if s.Acts {
			effects, err := c.Step(c.now, Act{ID: 1, Goal: lcc.NewTerm(s.Name, args...)})
			if err != nil {
				t.Fatal(err)
			}
			if got := answerOf(effects, 1); got == nil || got.Truth != lcc.False || !strings.Contains(got.Detail, s.Name) {
				t.Errorf("%s with nonsense: got %+v, want a no that says what it needs", s.Name, got)
			}
			continue
		}
		declared[predicate{s.Name, len(s.Params)}] = true
		if _, known := c.Ask(lcc.NewTerm(s.Name, args...)); !known {
			t.Errorf("%s/%d is declared: got unknown, want an answer", s.Name, len(s.Params))
		}
	}
	if len(declared) != len(questions) {
		t.Errorf("got %d questions of %d names: two have one name", len(questions), len(declared))
	}
	for _, name := range loadNames() {
		found := false
		for q := range declared {
			found = found || q.name == name
		}
		if !found {
			t.Errorf("Changed names %s, which is no question", name)
		}
	}
}

func answerOf(effects []Effect, id ActID) *lcc.Answer {
	for _, e := range effects {
		if a, ok := e.(Answered); ok && a.ID == id {
			return &a.Answer
		}
	}
	return nil
}

// Each question that is answered Later is named by a Changed effect once the load is
// known, so that a model that waits only for it is woken.
func TestEachQuestionThatWaitsIsWoken(t *testing.T) {
	e := newEnd(t, "h")
	woken := map[string]bool{}
	for _, name := range loadNames() {
		woken[name] = true
	}
	for q := range questionOf {
		args := make([]lcc.Term, q.arity)
		for i := range args {
			args[i] = lcc.Atom("x")
		}
		answer, known := e.core.Ask(lcc.NewTerm(q.name, args...))
		if !known || answer.Truth == lcc.Later && !woken[q.name] {
			t.Errorf("%s/%d: got %v before the load is known, and no Changed names it", q.name, q.arity, answer.Truth)
		}
	}
	if !woken["capacity"] {
		t.Error("capacity/1 waits for the load and is not named")
	}
}
