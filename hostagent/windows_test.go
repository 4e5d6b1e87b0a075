package hostagent

import (
	"strings"
	"testing"
	"time"

	"parley/hostagent/hours"
)

// denies is a plan that denies moves from a minute of 2023-11-14, 22 o'clock, on: the world
// begins at 22:13:20.
func denies(t *testing.T, schedule string, d time.Duration, drains bool) hours.Plan {
	t.Helper()
	plan, faults := hours.Read([]hours.Window{{Deny: schedule, For: d, Zone: "UTC", Drains: drains, Why: "backup"}})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return plan
}

// windowed is a world of two hosts of which one has windows.
func windowed(t *testing.T, of HostID, plan hours.Plan) *world {
	t.Helper()
	w := newWorld(t, 1)
	for _, id := range []HostID{"a", "b"} {
		if id == of {
			w.config.Moves.Windows = plan
		}
		w.addHost(id, Resources{CPU: 8, MemoryBytes: 32 << 30})
		w.config.Moves.Windows = hours.Plan{}
	}
	w.hosts["a"].guests["web"] = &testGuest{id: "web", state: Running, cores: 1, memory: 1 << 30, counted: w.now}
	w.run(5 * time.Second)
	return w
}

// No model moves a guest at the wrong time, whichever of the two hosts has the window, and
// models learn of both its ends without asking.
func TestWindowsKeepModels(t *testing.T) {
	const until = "the windows of this host deny moves until 2023-11-14 22:16 UTC: backup"
	for _, of := range []HostID{"a", "b"} {
		w := windowed(t, of, denies(t, "14 22 * * *", 2*time.Minute, false))
		w.run(50 * time.Second) // 22:14:15
		if why := w.moveByModel(w.hosts["b"], "web"); !strings.Contains(why, until) {
			t.Errorf("a window of %s: got %q, want %q", of, why, until)
		}
		if got := w.hosts[of].core.Status().Idle; got != (Refusal{CodeWindow, until}) {
			t.Errorf("a window of %s: its status says %+v, want %q", of, got, until)
		}
		if w.hosts[of].core.permits.begins() {
			t.Errorf("a window of %s: it begins deals", of)
		}
		w.run(2 * time.Minute) // 22:16:15
		if got := w.hosts[of].core.Status().Idle; got.Is() {
			t.Errorf("a window of %s has ended, and it says %+v", of, got)
		}
		if why := w.moveByModel(w.hosts["b"], "web"); why != "" {
			t.Errorf("a window of %s has ended: got %q, want a move", of, why)
		}
	}
}

// A window that closes gives up an offer, and lets a migration end.
func TestWindowCloses(t *testing.T) {
	for begun, want := range map[bool]HostID{false: "a", true: "b"} {
		w := windowed(t, "a", denies(t, "14 22 * * *", 2*time.Minute, false))
		w.moveTime = 20 * time.Second
		if begun {
			w.run(30 * time.Second) // 22:13:55
			if why := w.moveByModel(w.hosts["b"], "web"); why != "" {
				t.Fatal(why)
			}
			w.run(40 * time.Second) // the migration ended at 22:14:16
		} else {
			w.lose[kindArmed] = 1000 // the source waits for its target to be armed
			w.run(33 * time.Second)
			w.moveByModel(w.hosts["b"], "web") // 22:14:19
			log := strings.Join(w.log, "\n")
			if w.hosts["a"].core.book.dealOf("web") != nil || !strings.Contains(log, "aborted: the windows of this host") {
				t.Errorf("the window has closed, and the deal is not given up for it:\n%s", log)
			}
		}
		if g := w.hosts[want].guests["web"]; g == nil || g.state != Running {
			t.Errorf("begun %v: the guest does not run on %s:\n%s", begun, want, strings.Join(w.log, "\n"))
		}
	}
}

// A drain waits for the end of a window that says so, and goes on in another.
func TestWindowKeepsDrain(t *testing.T) {
	for _, waits := range []bool{true, false} {
		w := windowed(t, "a", denies(t, "13 22 * * *", 2*time.Minute, waits)) // until 22:15
		a := w.hosts["a"]
		w.step(a, Ordered{ID: 1, Order: Set{Settings{Drained: true}}})
		w.run(45 * time.Second)
		left := a.guests["web"] == nil
		if left == waits {
			t.Errorf("drains %v: the guest has left: %v", waits, left)
		}
		if got := a.core.Status().DrainWaits.Is(); got != waits {
			t.Errorf("drains %v: the status says that the drain waits: %v", waits, got)
		}
		w.run(time.Minute)
		if a.guests["web"] != nil {
			t.Errorf("drains %v: the window has ended, and the guest is here", waits)
		}
		if got := a.core.Status().DrainWaits; got.Is() {
			t.Errorf("drains %v: the window has ended, and the status says %+v", waits, got)
		}
	}
}
