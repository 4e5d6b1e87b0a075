package handover

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/hostagent"
	"parley/hostagent/handover/handovertest"
	"parley/hostagent/handover/stages"
)

// TestMove moves a guest there and back.
func TestMove(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start("a")
		w.start("b")
		defer w.end()
		got, err := w.migrate(t.Context(), "a", "b")
		if err != nil {
			t.Fatal(err)
		}
		if at := w.where(); at != "b" {
			t.Errorf("the guest runs at %s, want b", at)
		}
		var names []string
		for _, s := range got.Stages {
			names = append(names, s.Stage)
		}
		if want := "[prepare copy freeze restore release activate leave]"; fmt.Sprint(names) != want {
			t.Errorf("stages: got %v, want %s", names, want)
		}
		if got.Bytes < 4*300_000 {
			t.Errorf("four rounds of 300,000 bytes: got %d", got.Bytes)
		}
		if _, err := w.migrate(t.Context(), "b", "a"); err != nil {
			t.Fatal(err)
		}
		if at := w.where(); at != "a" {
			t.Errorf("the guest runs at %s, want a", at)
		}
		w.settled()
	})
}

// TestDowntime: a guest that works on after it was asked to stop stands still from when it
// stops.
func TestDowntime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start("a")
		w.start("b")
		defer w.end()
		w.worksOn = time.Hour
		got, err := w.migrate(t.Context(), "a", "b")
		if err != nil {
			t.Fatal(err)
		}
		if got.Total < time.Hour || got.Downtime >= time.Minute {
			t.Errorf("got %v in all and a downtime of %v, want the hour in which it works only in the first", got.Total, got.Downtime)
		}
		w.settled()
	})
}

// settled checks that neither journal has an open move.
func (w *world) settled() {
	w.t.Helper()
	synctest.Wait()
	for name, h := range w.hosts {
		list, err := unsettled(h.records)
		if err != nil || len(list) > 0 {
			w.t.Errorf("the journal of host %s still has %v (%v)", name, list, err)
		}
	}
}

// TestRefused: a guest that is not admitted is not sent.
func TestRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		a := w.start("a")
		w.start("b")
		defer w.end()
		_, err := a.mover.Migrate(t.Context(), hostagent.Migration{
			Guest: guestID, Target: "b", Endpoint: a.mover.Endpoint(), Token: "wrong",
		}, nil)
		if !errors.Is(err, hostagent.ErrNotLetIn) {
			t.Errorf("got %v, want %v", err, hostagent.ErrNotLetIn)
		}
		if at := w.where(); at != "a" {
			t.Errorf("the guest runs at %s, want a", at)
		}
		for _, line := range w.hosts["b"].records {
			t.Errorf("the target has journalled %q for a guest that it refused", line)
		}
		w.settled()
	})
}

// TestKills kills each agent before and after each thing that it does in a move, and
// starts it again at once or later.
func TestKills(t *testing.T) {
	for _, side := range []hostagent.HostID{"a", "b"} {
		for _, after := range []bool{false, true} {
			for _, downFor := range []time.Duration{0, 30 * time.Second, 3 * time.Minute} {
				for step := 1; ; step++ {
					killed := ""
					name := fmt.Sprintf("%s at step %d, after %v, down for %v", side, step, after, downFor)
					synctest.Test(t, func(t *testing.T) {
						w := newWorld(t)
						again := make(chan struct{}, 1)
						var mu sync.Mutex
						w.kill = func(at hostagent.HostID, n int, what string, done bool) bool {
							mu.Lock()
							defer mu.Unlock()
							if killed != "" || at != side || n != step || done != after {
								return false
							}
							killed = what
							again <- struct{}{}
							return true
						}
						w.start("a")
						w.start("b")
						defer w.end()
						ended := make(chan error, 1)
						go func() {
							_, err := w.migrate(t.Context(), "a", "b")
							ended <- err
						}()
						synctest.Wait()
						time.Sleep(time.Minute) // of the bubble: longer than a move takes
						select {
						case <-again:
							w.hosts[side].agent.mover.work.Wait()
							time.Sleep(downFor)
							w.start(side)
						default: // it did fewer steps
						}
						time.Sleep(10 * time.Minute) // longer than any pause
						<-ended
						where := w.where()
						w.settled()
						if t.Failed() {
							t.Logf("%s: killed at %q, the guest runs at %s", name, killed, where)
						}
					})
					if t.Failed() || killed == "" {
						if step < 8 {
							t.Errorf("host %s took %d steps: the test kills nothing", side, step)
						}
						break
					}
				}
			}
		}
	}
}

// A source that connects at the moment at which its move ends at the target is not left
// waiting: its connection ends, and it asks again.
func TestConnectedTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start("a")
		b := w.start("b").mover
		defer w.end()
		r := b.newRun(key{true, "a", "m1"}, Move{ID: "m1", Guest: guestID, Other: "a"}, stages.Begin{})
		here, there := handovertest.Pipe()
		if err := there.SetDeadline(time.Now().Add(beatEvery / 2)); err != nil {
			t.Fatal(err)
		}
		s := b.newSession(here, r)
		s.start(bufio.NewReader(here))
		r.finished = true // by the event before it in the mailbox
		r.deliver([]posted{{Event: stages.Linked{}, session: s}})
		if _, err := io.ReadAll(there); err != nil {
			t.Errorf("the connection ends with %v, want its end", err)
		}
	})
}

// TestCuts breaks the connection after each number of bytes, in steps.
func TestCuts(t *testing.T) {
	for cut := 1; cut < 1_300_000; cut += max(1, cut/9) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.cut = cut
			w.start("a")
			w.start("b")
			defer w.end()
			_, err := w.migrate(t.Context(), "a", "b")
			time.Sleep(10 * time.Minute) // of the bubble
			at := w.where()
			if (err == nil) != (at == "b") {
				t.Errorf("a cut after %d bytes: Migrate said %v, and the guest runs at %s", cut, err, at)
			}
			w.settled()
		})
	}
}

// TestFailures has each action and each record fail once.
func TestFailures(t *testing.T) {
	for what, moves := range map[string]bool{
		"prepare": false, "copy 2": false, "receive 2": false, "freeze": false, "receive 4": false, "restore": false,
		"activate": true, "leave": true, "record begun": false, "record released": false, "record mine": true,
		"record runs": true, "record left": true, "record over": true,
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.fault[what] = 1
			w.start("a")
			w.start("b")
			defer w.end()
			_, err := w.migrate(t.Context(), "a", "b")
			time.Sleep(10 * time.Minute) // of the bubble
			at := w.where()
			if (err == nil) != moves || (at == "b") != moves {
				t.Errorf("%s fails once: Migrate said %v, and the guest runs at %s", what, err, at)
			}
		})
	}
}

// TestSilent: a target that is silent after the release leaves the guest frozen, shown
// as such and told, until a person has spoken.
func TestSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.kill = func(at hostagent.HostID, _ int, what string, after bool) bool {
			return at == "b" && what == "record mine" && !after
		}
		a := w.start("a")
		w.start("b")
		defer w.end()
		ended := make(chan error, 1)
		go func() {
			_, err := w.migrate(t.Context(), "a", "b")
			ended <- err
		}()
		time.Sleep(time.Hour) // of the bubble
		shown := a.mover.Show([]hostagent.Guest{{ID: guestID, State: hostagent.Running}})
		if g := shown[0]; g.State != hostagent.Paused || !g.Leaving || g.Fault == "" {
			t.Errorf("a guest whose target is silent: got %+v, want it paused, leaving, and said", g)
		}
		if err := a.mover.Settle("other", true); err == nil {
			t.Error("a person's word about a guest in no move: got no error")
		}
		if err := a.mover.Settle(guestID, true); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; err == nil {
			t.Error("Migrate of a guest that a person took back: got no error")
		}
		w.hosts["b"].guests = map[hostagent.GuestID]*guest{} // the machine is gone
		if at := w.where(); at != "a" {
			t.Errorf("the guest runs at %s, want a", at)
		}
	})
}

// TestAbortAfterRelease: the target is asked to give up, and does if it can.
func TestAbortAfterRelease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		a := w.start("a")
		w.start("b")
		defer w.end()
		w.kill = func(at hostagent.HostID, _ int, what string, after bool) bool {
			if at == "a" && what == "record released" && after {
				if err := a.mover.Abort(t.Context(), guestID); err != nil {
					t.Error(err)
				}
				synctest.Wait() // the wish is there first
			}
			return false
		}
		_, err := w.migrate(t.Context(), "a", "b")
		if err == nil {
			t.Error("an aborted move: got no error")
		}
		time.Sleep(time.Minute) // of the bubble
		if at := w.where(); at != "a" {
			t.Errorf("the guest runs at %s, want a", at)
		}
		w.settled()
		if err := a.mover.Abort(t.Context(), guestID); err == nil {
			t.Error("Abort where no migration is in flight: got no error")
		}
	})
}

// TestCloseUndoes: an agent that ends lets a guest that it copies run on.
func TestCloseUndoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		a := w.start("a")
		w.start("b")
		defer w.end()
		w.kill = func(at hostagent.HostID, _ int, what string, after bool) bool {
			if at == "a" && what == "freeze" && after {
				go a.mover.Close()
				time.Sleep(time.Second) // of the bubble
			}
			return false
		}
		if _, err := w.migrate(t.Context(), "a", "b"); err == nil {
			t.Error("a move whose agent ends: got no error")
		}
		time.Sleep(time.Minute) // of the bubble
		if at := w.where(); at != "a" {
			t.Errorf("the guest runs at %s, want a", at)
		}
		w.settled()
	})
}

// TestShow: what a platform shows of guests that move.
func TestShow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		a, b := w.start("a"), w.start("b")
		defer w.end()
		var got []string
		w.kill = func(hostagent.HostID, int, string, bool) bool {
			there := a.mover.Show([]hostagent.Guest{{ID: guestID, State: hostagent.Paused}})[0]
			here := b.mover.Show(nil)
			line := fmt.Sprint(there.State, " ", there.Leaving)
			for _, g := range here {
				line += fmt.Sprint(" | ", g.Name, " ", g.State, " ", g.Declared.MemoryBytes)
			}
			if len(got) == 0 || got[len(got)-1] != line {
				got = append(got, line)
			}
			running := 0
			for _, g := range append(here, there) {
				if g.State == hostagent.Running {
					running++
				}
			}
			if running > 1 {
				t.Errorf("the guest is shown as running twice: %s", line)
			}
			return false
		}
		if _, err := w.migrate(t.Context(), "a", "b"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if len(got) < 4 {
			t.Errorf("got %q, want all stages", got)
		}
	})
}
