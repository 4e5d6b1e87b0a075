package peer

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/lcc"
)

// watcher is a core that knows one other peer, in virtual time.
type watcher struct {
	t        *testing.T
	core     *Core
	model    *lcc.Model
	now      lcc.Instant
	seq      uint64
	reported []IncarnationKind
	met      int
}

func newWatcher(t *testing.T) *watcher {
	t.Helper()
	model, diagnostics := lcc.Compile("ping", []byte(pingModel), nil)
	if model == nil {
		t.Fatal(diagnostics)
	}
	core, err := New(Options{Self: "a", Incarnation: 1, World: lcc.EmptyWorld{}})
	if err != nil {
		t.Fatal(err)
	}
	return &watcher{t: t, core: core, model: model, now: 1}
}

func (w *watcher) step(ev Event) {
	w.t.Helper()
	effects, err := w.core.Step(w.now, ev)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range effects {
		switch e := e.(type) {
		case Incarnation:
			w.reported = append(w.reported, e.Kind)
		case Meet:
			w.met++
		}
	}
}

// after lets time pass; it serves the core's alarm each second.
func (w *watcher) after(d time.Duration) {
	w.t.Helper()
	for range d / time.Second {
		w.now += lcc.Instant(time.Second)
		w.step(Woken{})
	}
}

func (w *watcher) advert(incarnation uint64) {
	w.t.Helper()
	w.seq++
	w.step(Heard{Advert{Peer: "b", Incarnation: incarnation, Seq: w.seq,
		Plays: []Play{{Model: w.model.Digest(), Roles: []lcc.Term{lcc.Atom("echo")}}}}})
}

func (w *watcher) greeted(incarnation uint64) {
	w.t.Helper()
	w.step(Greeted{Peer: "b", Incarnation: incarnation})
}

// chosen reports whether a model would choose the peer.
func (w *watcher) chosen() bool {
	return len(w.core.players.find(w.model.Digest(), lcc.Atom("echo"))) > 0
}

// A host whose clock was ahead, and that lost the file with its last incarnation, is
// chosen again soon after its clock was corrected.
func TestAHostWithALowerIncarnationIsSeenAgain(t *testing.T) {
	w := newWatcher(t)
	w.greeted(1000)
	w.advert(1000)
	w.after(time.Minute)
	for waited := 0; ; waited += 5 {
		w.greeted(500)
		w.advert(500)
		if w.chosen() {
			break
		}
		if waited > 30 {
			t.Fatalf("it is not chosen after %d s; told: %v", waited, w.reported)
		}
		w.after(5 * time.Second)
	}
	if want := []IncarnationKind{IncarnationTaken}; !slices.Equal(w.reported, want) {
		t.Errorf("people were told %v, want %v", w.reported, want)
	}
	if w.core.lives.of("b") != 500 {
		t.Errorf("incarnation %d counts, want 500", w.core.lives.of("b"))
	}
}

// Replayed adverts prove nothing: a lower incarnation known only from adverts is
// reported and asked for, and never accepted.
func TestKeptAdvertsBringNoIncarnationBack(t *testing.T) {
	w := newWatcher(t)
	w.greeted(1000)
	w.advert(1000)
	w.after(time.Minute)
	for range 60 {
		w.advert(500)
		w.after(2 * time.Second)
	}
	if w.chosen() || w.core.lives.of("b") != 1000 {
		t.Errorf("incarnation %d counts after adverts alone, want 1000", w.core.lives.of("b"))
	}
	if want := []IncarnationKind{IncarnationOlder}; !slices.Equal(w.reported, want) {
		t.Errorf("people were told %v, want %v", w.reported, want)
	}
	if w.met < 2 || w.met > 6 {
		t.Errorf("in two minutes the peer was asked for a proof %d times, want each %v", w.met, meetEvery)
	}
	if got := w.core.Known()[0].Lives; got != IncarnationOlder {
		t.Errorf("status says %q, want %q", got, IncarnationOlder)
	}
}

// An incarnation that was given up does not return by replayed adverts of it.
func TestAGivenUpIncarnationComesBackOnlyWithAProof(t *testing.T) {
	w := newWatcher(t)
	w.greeted(1000)
	w.after(time.Minute)
	w.greeted(500)
	w.after(lifeSettles)
	w.greeted(500)
	w.advert(500)
	w.advert(1000)
	if got := w.core.lives.of("b"); got != 500 {
		t.Fatalf("incarnation %d counts after a kept advert of 1000, want 500", got)
	}
	w.advert(2000) // a real restart has the greatest number
	if got := w.core.lives.of("b"); got != 2000 {
		t.Errorf("incarnation %d counts after a restart, want 2000", got)
	}
}

// Two machines with one key are reported and not chosen, and chosen again some time
// after one of them has gone.
func TestTwoProcessesWithOneKeyAreReportedAndNotChosen(t *testing.T) {
	for _, gap := range []time.Duration{2 * time.Second, 20 * time.Second} {
		t.Run(fmt.Sprint(gap), func(t *testing.T) {
			w := newWatcher(t)
			for range 4 * max(1, int(20*time.Second/gap)) {
				w.greeted(500)
				w.advert(500)
				w.after(gap / 2)
				w.greeted(1000)
				w.advert(1000)
				w.after(gap - gap/2)
			}
			if w.chosen() || w.core.Known()[0].Lives != IncarnationDoubled {
				t.Errorf("a host that runs twice may be chosen: %v; status %q", w.chosen(), w.core.Known()[0].Lives)
			}
			if want := []IncarnationKind{IncarnationDoubled}; !slices.Equal(w.reported, want) {
				t.Errorf("people were told %v, want %v", w.reported, want)
			}
			for range 30 {
				w.greeted(1000)
				w.advert(1000)
				w.after(5 * time.Second)
			}
			if want := []IncarnationKind{IncarnationDoubled, IncarnationSingle}; !w.chosen() || !slices.Equal(w.reported, want) {
				t.Errorf("after one has gone: chosen %v, told %v, want %v", w.chosen(), w.reported, want)
			}
		})
	}
}

// Data that a process sent before its end may arrive after the start of the next one.
func TestARestartIsNotTwoProcesses(t *testing.T) {
	w := newWatcher(t)
	incarnation := uint64(1)
	for range 10 {
		w.greeted(incarnation)
		w.after(3 * time.Second)
		w.greeted(incarnation + 1)
		w.greeted(incarnation) // late
		w.greeted(incarnation + 1)
		w.advert(incarnation + 1)
		incarnation++
		if w.core.lives.of("b") != incarnation || !w.chosen() {
			t.Fatalf("incarnation %d counts, want %d", w.core.lives.of("b"), incarnation)
		}
	}
	if len(w.reported) > 0 {
		t.Errorf("people were told %v of restarts", w.reported)
	}
}

// Two machines with one key that say hello once each and then only advertise are
// reported too: each has an open connection, and no reason to open another.
func TestTwoProcessesThatOnlyAdvertiseAreReported(t *testing.T) {
	w := newWatcher(t)
	w.greeted(500)
	w.advert(500)
	w.after(10 * time.Second)
	w.greeted(1000)
	for range 8 {
		w.advert(500)
		w.advert(1000)
		w.after(5 * time.Second)
	}
	if want := []IncarnationKind{IncarnationDoubled}; w.chosen() || !slices.Equal(w.reported, want) {
		t.Errorf("chosen: %v; people were told %v, want %v", w.chosen(), w.reported, want)
	}
	for range 30 {
		w.advert(1000)
		w.after(5 * time.Second)
	}
	if !w.chosen() {
		t.Error("after one has gone the host is not chosen")
	}
}

// Host frames without an incarnation, as earlier versions send them, are no sign of a
// second process.
func TestHostFramesWithoutAnIncarnationAreNoSecondProcess(t *testing.T) {
	w := newWatcher(t)
	w.greeted(500)
	for range 60 {
		w.advert(500)
		w.step(Arrived{From: "b", Frame: Frame{Incarnation: 500, Receipt: &Receipt{}}})
		w.step(Arrived{From: "b", Frame: Frame{Host: &Host{Payload: []byte("x")}}})
		w.after(time.Second)
	}
	if !w.chosen() || len(w.reported) != 0 || w.core.lives.of("b") != 500 {
		t.Errorf("chosen: %v; people were told %v; incarnation %d counts", w.chosen(), w.reported, w.core.lives.of("b"))
	}
}
