package hostagent

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/lcc"
)

// noteTest writes a note and returns the answer and whether models were woken.
func noteTest(t *testing.T, c *Core, at time.Duration, name, value lcc.Term) (lcc.Answer, bool) {
	t.Helper()
	effects, err := c.Step(lcc.Instant(at)+1, Act{ID: 7, Goal: lcc.NewTerm("note", name, value)})
	if err != nil {
		t.Fatal(err)
	}
	woken := false
	for _, e := range effects {
		if changed, is := e.(Changed); is {
			woken = true
			if got := strings.Join(changed.Names, " "); got != "noted" {
				t.Errorf("Changed: got %s, want noted alone", got)
			}
		}
	}
	answer := answerOf(effects, 7)
	if answer == nil {
		t.Fatal("got no answer, want one")
	}
	return *answer, woken
}

// TestNotes: a note is visible to all models, even while the load is unknown; noise
// wakes none, and does not accumulate unnoticed.
func TestNotes(t *testing.T) {
	c := newCore(t, DefaultConfig())
	if got := asked(t, c, "noted", "average", "_", "_"); got != "no" {
		t.Errorf("before anything is noted: got %s, want no", got)
	}
	for _, step := range []struct {
		at    time.Duration
		value lcc.Term
		woken bool
		want  string
	}{
		{0, lcc.Float(0.5), true, "yes, 0.5 0"},
		{time.Minute, lcc.Float(0.504), false, "yes, 0.5 0"},
		{2 * time.Minute, lcc.Float(0.508), true, "yes, 0.508 0"},
		{3 * time.Minute, lcc.Float(0), true, "yes, 0.0 0"},
		{4 * time.Minute, lcc.Float(0), false, "yes, 0.0 0"},
		{5 * time.Minute, lcc.Int(-7), true, "yes, -7 0"},
	} {
		answer, woken := noteTest(t, c, step.at, lcc.Atom("average"), step.value)
		if answer.Truth != lcc.True || woken != step.woken {
			t.Errorf("note %v: got %+v and woken %v, want yes and woken %v", step.value, answer, woken, step.woken)
		}
		if got := asked(t, c, "noted", "average", "_", "_"); got != step.want {
			t.Errorf("noted after %v: got %s, want %s", step.value, got, step.want)
		}
	}
	if _, err := c.Step(lcc.Instant(5*time.Minute+90*time.Second)+1, Woken{}); err != nil {
		t.Fatal(err)
	}
	if got := asked(t, c, "noted", "average", "_", "_"); got != "yes, -7 90" {
		t.Errorf("a minute and a half later: got %s, want the age 90", got)
	}
	if got := asked(t, c, "noted", "other", "_", "_"); got != "no" {
		t.Errorf("another name: got %s, want no", got)
	}
}

// TestNotesAreBounded: models cannot fill the host's memory with notes, and non-numbers
// are refused; existing notes can still be written.
func TestNotesAreBounded(t *testing.T) {
	c := newCore(t, DefaultConfig())
	for i := range notesMax {
		if answer, _ := noteTest(t, c, 0, lcc.Atom(fmt.Sprintf("n%d", i)), lcc.Int(i)); answer.Truth != lcc.True {
			t.Fatalf("note %d: got %+v, want yes", i, answer)
		}
	}
	for _, wrong := range [][2]lcc.Term{
		{lcc.Atom("more"), lcc.Int(1)},
		{lcc.Atom("n0"), lcc.Atom("much")},
		{lcc.Int(3), lcc.Int(1)},
		{lcc.Atom(strings.Repeat("n", 257)), lcc.Int(1)},
	} {
		if answer, woken := noteTest(t, c, 0, wrong[0], wrong[1]); answer.Truth != lcc.False || !strings.Contains(answer.Detail, "note") ||
			woken {
			t.Errorf("note(%v, %v): got %+v and woken %v, want a no that says why", wrong[0], wrong[1], answer, woken)
		}
	}
	if answer, woken := noteTest(t, c, 0, lcc.Atom("n1"), lcc.Float(2.5)); answer.Truth != lcc.True || !woken {
		t.Errorf("a name that is there: got %+v and woken %v, want yes and woken", answer, woken)
	}
	if got := asked(t, c, "noted", "n1", "_", "_"); got != "yes, 2.5 0" {
		t.Errorf("noted: got %s, want 2.5", got)
	}
}
