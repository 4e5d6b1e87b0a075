package hostagent

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/lcc"
)

// adviceWorld has a host a with four guests of two cores each and an empty host b. Both
// have eight cores and only recommend.
func adviceWorld(t *testing.T) (*world, *testHost, *testHost) {
	t.Helper()
	w := newWorld(t, 1)
	w.config.Recommend = true
	a := w.addHost("a", Resources{CPU: 8, MemoryBytes: 32 << 30})
	b := w.addHost("b", Resources{CPU: 8, MemoryBytes: 32 << 30})
	for i := range 4 {
		id := GuestID(fmt.Sprintf("web%d", i+1))
		a.guests[id] = &testGuest{id: id, state: Running, cores: 2, memory: 1 << 30, counted: w.now}
	}
	w.run(5 * time.Second)
	return w, a, b
}

// asks returns the first solution of a question with one answer, as text.
func (h *testHost) asks(goal string, args ...lcc.Term) string {
	answer, _ := h.core.Ask(lcc.NewTerm(goal, append(args, &lcc.Var{Name: "X"})...))
	if answer.Truth != lcc.True {
		return fmt.Sprint(answer.Truth)
	}
	last := answer.Solutions[0]
	return last[len(last)-1].String()
}

// A host that only recommends answers models as if the recommended moves were made, at both
// ends, and an operator by what is there.
func TestRecommendedMovesCount(t *testing.T) {
	w, a, b := adviceWorld(t)
	check := func(when string, want ...string) {
		t.Helper()
		fits, _ := b.core.Ask(lcc.NewTerm("fits", lcc.NewTerm("need", lcc.Float(5), lcc.Int(1))))
		got := []string{
			a.asks("load"), b.asks("load"), a.asks("guests"), b.asks("guests"), a.asks("overloaded", lcc.Float(0.9)),
			a.asks("loadWithout", lcc.String("web2")), b.asks("loadWith", lcc.NewTerm("need", lcc.Float(2), lcc.Int(1))),
			fmt.Sprint(fits.Truth == lcc.True),
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s: got %v, want %v", when, got, want)
		}
		if a.core.Status().CPU != 1 || b.core.Status().CPU != 0 || b.core.Status().Reserved != (Resources{}) {
			t.Errorf("%s: the status must go by what is there: got %+v", when, b.core.Status())
		}
	}
	check("before", "1.0", "0.0", "4", "0", "need(0.8, 0)", "0.75", "0.25", "true")
	for i, guest := range []GuestID{"web1", "web2"} {
		if why := w.moveByModel(b, guest); why != "" {
			t.Fatalf("%s is not recommended: %s", guest, why)
		}
		for _, d := range a.outcome {
			if last := d[len(d)-1]; last.Guest == guest && last.Load != 1-0.25*float64(i) {
				t.Errorf("the load before move %d: got %v", i+1, last.Load)
			}
		}
	}
	check("after two", "0.5", "0.5", "2", "2", "0", "0.5", "0.75", "false")

	// The round is over when the first has held for a cool-down.
	w.run(15 * time.Second)
	if !a.core.Status().Guests[1].Recommended {
		t.Error("the recommendation ended early")
	}
	w.run(25 * time.Second)
	check("after the round", "1.0", "0.0", "4", "0", "need(0.8, 0)", "0.75", "0.25", "true")
}

// A recommended move ends at its target too when its guest goes elsewhere, when it comes,
// and when hosts are to make moves.
func TestRecommendedMoveEnds(t *testing.T) {
	for name, c := range map[string]struct {
		then func(w *world, a, b *testHost)
		want string
	}{
		"elsewhere": {func(w *world, a, _ *testHost) { w.endGuest(a, "web1") }, "0.0"},
		"comes": {func(w *world, a, _ *testHost) {
			w.step(a, Ordered{ID: 9, Order: MoveGuest{Guest: "web1", Target: "b"}})
			w.run(20 * time.Second)
		}, "0.25"},
		"the source is to make moves": {func(w *world, a, _ *testHost) { w.step(a, Configured{Config: auto(a)}) }, "0.0"},
		"the target is to make moves": {func(w *world, _, b *testHost) { w.step(b, Configured{Config: auto(b)}) }, "0.0"},
		"the source is silent": {func(w *world, a, _ *testHost) {
			w.crash(a)
			w.run(time.Minute)
		}, "0.0"},
	} {
		t.Run(name, func(t *testing.T) {
			w, a, b := adviceWorld(t)
			if why := w.moveByModel(b, "web1"); why != "" {
				t.Fatal(why)
			}
			if got := b.asks("load"); got != "0.25" {
				t.Fatalf("before: the load of the target is %s", got)
			}
			c.then(w, a, b)
			w.run(3 * time.Second)
			if got := b.asks("load"); got != c.want {
				t.Errorf("the load of the target: got %s, want %s\n%s", got, c.want, strings.Join(w.log, "\n"))
			}
		})
	}
}

func auto(h *testHost) Config {
	c := h.core.config
	c.Recommend = false
	return c
}

// Guests that must be apart are not recommended for one host.
func TestRecommendedApart(t *testing.T) {
	w, a, b := adviceWorld(t)
	for _, guest := range []GuestID{"web1", "web2"} {
		a.guests[guest].rules = Rules{Labels: []string{"app=web"}, Apart: []string{"app=web"}}
	}
	w.run(2 * time.Second)
	if why := w.moveByModel(b, "web1"); why != "" {
		t.Fatal(why)
	}
	if why := w.moveByModel(b, "web2"); !strings.Contains(why, "apart from web1, whose move here is recommended") {
		t.Errorf("got %q", why)
	}
}
