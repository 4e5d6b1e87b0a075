package process

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/hostagent"
)

// kill is a step at which the agent of one end of a move is killed, and where the guest runs
// after it: at the source until "released" is durable there, and from then on where the
// target says, which says never while "mine" is not durable.
type kill struct {
	end  int // 0: the source
	step string
	ends int // where the guest runs
}

// kills are all steps of a move.
func kills() (list []kill) {
	add := func(end, ends int, steps ...string) {
		for _, step := range steps {
			list = append(list, kill{end, "before-" + step, ends}, kill{end, "after-" + step, ends})
		}
	}
	add(0, 0, "Describe", "Copy", "Freeze")
	list = append(list, kill{0, "before-released", 0}, kill{0, "after-released", 1})
	add(0, 1, "left", "Leave")
	add(1, 0, "begun", "Prepare", "Receive", "Receive-last", "Restore")
	list = append(list, kill{1, "before-mine", 0}, kill{1, "after-mine", 1})
	add(1, 1, "Activate", "runs")
	return list
}

func (k kill) String() string {
	return map[int]string{0: "source", 1: "target"}[k.end] + "-" + k.step
}

// TestAgentsAreKilledAtEachStep kills the agent of each end of a move at each of its steps.
// The guest runs on the host where that step has left it, once, and writes what it would have
// written alone.
func TestAgentsAreKilledAtEachStep(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	for _, k := range kills() {
		t.Run(k.String(), func(t *testing.T) {
			t.Parallel()
			const steps = 1000
			dir := shortDir(t)
			agents := startAgents(t, dir)
			agents[0].order(fmt.Sprintf("launch lone %s %d", filepath.Join(dir, "out"), steps))
			whereIs(t, agents)
			killAt(t, agents, k)
			if on := finished(t, agents); on != k.ends {
				t.Errorf("it has ended on host %s, want %s", agents[on].name, agents[k.ends].name)
			}
			holdLone(t, dir, steps)
		})
	}
}

// killAt orders a move from the first host, and kills an agent at a step of it.
func killAt(t *testing.T, agents []*agent, k kill) {
	t.Helper()
	victim := agents[k.end]
	eventually(t, "a guest that can be moved", func() bool {
		seen := agents[0].order("look").Guests
		return len(seen) == 1 && seen[0].Ineligible == ""
	})
	victim.order("at " + k.step + " kill")
	died := make(chan struct{})
	go func() {
		_, _ = victim.cmd.Process.Wait() // it is killed
		close(died)
	}()
	agents[0].tell("migrate")
	select {
	case <-died:
	case <-time.After(timeout):
		victim.kill()
		victim.start()
		t.Fatalf("the move has not come to %s\n%s", k, &agents[0].log)
	}
	if k.end != 0 {
		agents[0].answer()
	}
	victim.start()
}

// finished waits until the guest has finished, and returns where.
func finished(t *testing.T, agents []*agent) (on int) {
	t.Helper()
	ctx := bounded(t)
	ticks := time.NewTicker(5 * time.Millisecond)
	defer ticks.Stop()
	for {
		on, pid := whereIs(t, agents)
		if pid < 0 {
			return on
		}
		select {
		case <-ticks.C:
		case <-ctx.Done():
			t.Fatal("the guest does not finish")
		}
	}
}

// TestTargetIsSilent has the target say nothing once the source has given the guest up: it
// stands still, also where the source's agent is started again. When the target speaks it
// runs where the target says: its agent of before continues, or the next one knows its records.
func TestTargetIsSilent(t *testing.T) {
	for _, step := range []string{"before-mine", "after-mine", "before-Activate"} {
		for _, restarts := range []bool{false, true} {
			ends := 1
			if restarts && step == "before-mine" {
				ends = 0
			}
			t.Run(fmt.Sprintf("%s/%v", step, restarts), func(t *testing.T) {
				t.Parallel()
				const steps = 300
				dir := shortDir(t)
				agents := startAgents(t, dir)
				agents[0].order(fmt.Sprintf("launch lone %s %d", filepath.Join(dir, "out"), steps))
				whereIs(t, agents)
				agents[1].order("at " + step + " stop")
				agents[0].order("migrate")
				awaitStopped(t, agents[1])
				before := awaitStill(t, agents[0], dir)
				agents[0].kill()
				agents[0].start()
				if after := awaitStill(t, agents[0], dir); after != before {
					t.Errorf("the guest has written %d bytes while the target was silent", after-before)
				}
				if restarts {
					agents[1].kill()
					agents[1].start()
				} else if err := agents[1].cmd.Process.Signal(syscall.SIGCONT); err != nil {
					t.Fatal(err)
				}
				if on := finished(t, agents); on != ends {
					t.Errorf("it has ended on host %s, want %s", agents[on].name, agents[ends].name)
				}
				holdLone(t, dir, steps)
			})
		}
	}
}

// awaitStopped waits until an agent has stopped.
func awaitStopped(t *testing.T, a *agent) {
	t.Helper()
	eventually(t, "an agent that has stopped", func() bool {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", a.cmd.Process.Pid))
		return err == nil && strings.Contains(string(stat), ") T ")
	})
}

// awaitStill waits until a guest stands still on its way from a host, and returns how much it has
// written.
func awaitStill(t *testing.T, from *agent, dir string) int64 {
	t.Helper()
	eventually(t, "a guest that stands still", func() bool {
		seen := from.order("look").Guests
		return len(seen) == 1 && seen[0].Leaving && seen[0].State == hostagent.Paused
	})
	info, err := os.Stat(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	ctx := bounded(t)
	ticks := time.NewTicker(5 * time.Millisecond)
	defer ticks.Stop()
	for !is() {
		select {
		case <-ticks.C:
		case <-ctx.Done():
			t.Fatalf("%s: not within %v", what, timeout)
		}
	}
}
