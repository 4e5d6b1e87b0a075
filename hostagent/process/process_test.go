package process

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/handover"
)

func ended(l hostagent.Launched) bool {
	return l.State == hostagent.LaunchDone || l.State == hostagent.LaunchFailed
}

// Programs that are moved to and fro at random moments, by moves of which some fail, write
// what they would have written alone.
func TestOutputsAreExact(t *testing.T) {
	dir := shortDir(t)
	in, want := input(t, dir, 600_000)
	factorial := func(n int64) string { return fmt.Sprintf("%x\n", new(big.Int).MulRange(1, n)) }
	all := 0
	grepGo, factorialGo := build(t, dir, "grep"), build(t, dir, "factorial")
	for _, c := range []struct {
		name, program string
		args          []string
		want          string
		python        bool
	}{
		{"grep", grepGo, []string{"yes", in}, string(want), false},
		{"factorial", factorialGo, []string{"100000"}, factorial(100_000), false},
		{"grep.py", example(t, "grep.py"), []string{"yes", in}, string(want), true},
		{"factorial.py", example(t, "factorial.py"), []string{"25000"}, factorial(25_000), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.python {
				if _, err := exec.LookPath("python3"); err != nil {
					t.Skip("python3 is not here: the SDK for Python is not tested")
				}
			}
			programs := func(o *Options) { o.Programs = []string{c.program} }
			a, b := open(t, filepath.Join(shortDir(t), "a"), "a", programs), open(t, filepath.Join(shortDir(t), "b"), "b", programs)
			out := filepath.Join(dir, c.name+".out")
			l := launch(t, c.name, append(c.args, out)...)
			l.Program = c.program
			id, err := a.Launch(bounded(t), l)
			if err != nil {
				t.Fatal(err)
			}
			moved, failed := wander(t, id, a, b, rand.New(rand.NewPCG(7, 7)))
			t.Logf("%d moves, %d failed", moved, failed)
			all += moved + failed
			got, err := os.ReadFile(out)
			if err != nil || string(got) != c.want {
				t.Errorf("got %d bytes, %v, want the %d of a program that was not moved", len(got), err, len(c.want))
			}
		})
	}
	if all < 4 {
		t.Errorf("got %d moves of four programs, want more while they ran", all)
	}
}

// wander moves a guest until it has finished.
func wander(t *testing.T, id hostagent.GuestID, here, there *supervisor, chance *rand.Rand) (moved, failed int) {
	t.Helper()
	for i := 1; ; i++ {
		pause := time.NewTimer(time.Duration(chance.IntN(8)) * time.Millisecond)
		<-pause.C
		failAt := 0
		if chance.IntN(3) == 0 {
			failAt = 1 + chance.IntN(4)
		}
		err := shift(bounded(t), id, strconv.Itoa(i), here, there, failAt)
		l := launched(here, id)
		switch {
		case err == nil:
			moved++
			here, there = there, here
		case errors.Is(err, errChance):
			failed++
			if strings.Contains(err.Error(), "\n") {
				t.Fatalf("move %d was not undone: %v", i, err)
			}
		case l.State == hostagent.LaunchDone:
			return moved, failed
		default:
			// It may be finishing at this moment.
			l = until(t, here, id, "done", ended)
			if l.State != hostagent.LaunchDone {
				t.Fatalf("move %d: %v; %+v", i, err, l)
			}
			return moved, failed
		}
	}
}

// build builds an example.
func build(t *testing.T, dir, name string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if out, err := exec.Command("go", "build", "-o", path, "parley/examples/process/"+name).CombinedOutput(); err != nil {
		t.Fatalf("build the example: %v\n%s", err, out)
	}
	return path
}

func example(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs("../../examples/process/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// A program that is killed at random moments writes what it would have written alone.
func TestCrashRepeatsWork(t *testing.T) {
	dir := shortDir(t)
	in, want := input(t, dir, 500_000)
	p := open(t, filepath.Join(dir, "a"), "a", func(o *Options) { o.Restart, o.Checkpoint = true, time.Millisecond })
	out := filepath.Join(dir, "out")
	id := run(t, p, "grep", "grep", "yes", in, out)
	chance := rand.New(rand.NewPCG(3, 3))
	kills := 0
	for kills < 3 {
		kept := launched(p, id).Checkpoint
		l := until(t, p, id, "a checkpoint since the last kill", func(l hostagent.Launched) bool {
			return ended(l) || l.PID != 0 && l.Checkpoint.After(kept)
		})
		if ended(l) {
			break
		}
		pause := time.NewTimer(time.Duration(chance.IntN(3)) * time.Millisecond)
		<-pause.C
		if err := syscall.Kill(l.PID, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
			t.Fatal(err)
		}
		kills++
		p.mu.Lock()
		p.guests[id].backoff = 0
		p.mu.Unlock()
		until(t, p, id, "another run", func(now hostagent.Launched) bool { return ended(now) || now.PID != 0 && now.PID != l.PID })
	}
	l := until(t, p, id, "done", ended)
	got, err := os.ReadFile(out)
	if l.State != hostagent.LaunchDone || err != nil || !bytes.Equal(got, want) || l.Restarts == 0 {
		t.Errorf("after %d kills: got %+v, %d bytes, %v, want done, restarts and %d bytes", kills, l, len(got), err, len(want))
	}
}

// Without leave to start it again, a program that ends is said to have failed, and why.
func TestFailedIsSaid(t *testing.T) {
	p := open(t, shortDir(t), "a", nil)
	id := run(t, p, "idle", "idle")
	if err := syscall.Kill(launched(p, id).PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	l := until(t, p, id, "failed", ended)
	if l.State != hostagent.LaunchFailed || !strings.Contains(l.Why, "killed") {
		t.Errorf("got %+v, want failed and the signal", l)
	}
	if _, err := p.Launch(bounded(t), launch(t, "quit", "quit")); err == nil || !strings.Contains(err.Error(), "the disk is on fire") {
		t.Errorf("Launch of a program that ends: got %v, want what it printed", err)
	}
	for _, c := range []struct {
		need hostagent.Resources
		want string
	}{
		{hostagent.Resources{CPU: 9, MemoryBytes: 1 << 20}, "it may use 9 cores, and host a has 8 for its guests: give a smaller --cpu"},
		{hostagent.Resources{CPU: 8, MemoryBytes: 1 << 35},
			"it may use 32768 MiB of memory, and host a has 16384 MiB for its guests: give a smaller --memory"},
	} {
		large := launch(t, "large", "idle")
		large.Need = c.need
		if _, err := p.Launch(bounded(t), large); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Launch of a guest that is larger than the host: got %v, want %q", err, c.want)
		}
	}
	other := launch(t, "x")
	other.Program = "/bin/true"
	if _, err := p.Launch(bounded(t), other); err == nil || !strings.Contains(err.Error(), "add it to the programs") {
		t.Errorf("Launch of a program that the configuration does not name: got %v, want what to do", err)
	}
}

// An operator suspends a guest; it stands across restarts of the agent and of its program.
func TestSuspendResumeStop(t *testing.T) {
	dir := shortDir(t)
	out, gate := filepath.Join(dir, "out"), filepath.Join(dir, "gate")
	p := open(t, filepath.Join(dir, "a"), "a", nil)
	id := run(t, p, "counter", "counter", out, gate)
	if err := p.Suspend(bounded(t), id); err != nil {
		t.Fatal(err)
	}
	if err := p.Suspend(bounded(t), id); err == nil {
		t.Error("Suspend of a suspended guest: got no error, want one")
	}
	if err := shift(bounded(t), id, "m", p, p, 0); err == nil {
		t.Error("a move of a suspended guest: got no error, want one")
	}
	before := launched(p, id)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	p = open(t, filepath.Join(dir, "a"), "a", nil)
	connected(t, p, id)
	if l := launched(p, id); l.State != hostagent.LaunchSuspended || l.PID != before.PID {
		t.Errorf("after a restart of the agent: got %+v, want it suspended as process %d", l, before.PID)
	}
	if err := syscall.Kill(before.PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	until(t, p, id, "no process", func(l hostagent.Launched) bool { return l.PID == 0 })
	if err := os.WriteFile(gate, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := p.Resume(bounded(t), id); err != nil {
		t.Fatal(err)
	}
	if l := until(t, p, id, "done", ended); l.State != hostagent.LaunchDone {
		t.Errorf("after Resume: got %+v, want done", l)
	}
	counted(t, out)
	idle := run(t, p, "idle", "idle")
	if err := p.Stop(bounded(t), idle); err != nil {
		t.Fatal(err)
	}
	l := until(t, p, idle, "no process", func(l hostagent.Launched) bool { return l.PID == 0 })
	if l.State != hostagent.LaunchStopped {
		t.Errorf("after Stop: got %+v, want stopped", l)
	}
	until(t, p, idle, "gone", func(l hostagent.Launched) bool { return l.ID == "" || p.Stop(bounded(t), idle) == nil })
}

func counted(t *testing.T, path string) {
	t.Helper()
	var want bytes.Buffer
	for n := range 80 {
		fmt.Fprintln(&want, n+1)
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want.Bytes()) {
		t.Errorf("the output: got %q, %v, want the numbers from 1 to 80", got, err)
	}
}

// The programs of an agent that ends run on, and the next agent has them.
func TestAgentRestarts(t *testing.T) {
	dir := shortDir(t)
	out, gate := filepath.Join(dir, "out"), filepath.Join(dir, "gate")
	p := open(t, filepath.Join(dir, "a"), "a", nil)
	id := run(t, p, "counter", "counter", out, gate)
	before := launched(p, id)
	if _, err := supervise(p.options); err == nil || !strings.Contains(err.Error(), "another agent") {
		t.Errorf("Open of a directory in use: got %v, want who has it", err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	p = open(t, filepath.Join(dir, "a"), "a", nil)
	connected(t, p, id)
	if l := launched(p, id); l.State != hostagent.LaunchRunning || l.PID != before.PID {
		t.Errorf("after a restart of the agent: got %+v, want process %d", l, before.PID)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	// It finishes while no agent is there.
	if err := os.WriteFile(gate, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p = open(t, filepath.Join(dir, "a"), "a", nil)
	if l := until(t, p, id, "done", ended); l.State != hostagent.LaunchDone {
		t.Errorf("after it finished: got %+v, want done", l)
	}
	counted(t, out)
	// One that ends while no agent is there is said to be lost.
	idle := run(t, p, "idle", "idle")
	pid := launched(p, idle).PID
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	p = open(t, filepath.Join(dir, "a"), "a", nil)
	if l := until(t, p, idle, "failed", ended); l.State != hostagent.LaunchFailed || l.Why == "" {
		t.Errorf("a program that ended without an agent: got %+v, want failed and why", l)
	}
}

// A guest that a move has frozen stands until the move says what becomes of it, whichever
// ends in between.
func TestFrozenStands(t *testing.T) {
	dir := shortDir(t)
	out := filepath.Join(dir, "out")
	p := open(t, filepath.Join(dir, "a"), "a", func(o *Options) { o.Restart = true })
	id := run(t, p, "counter", "counter", out, filepath.Join(dir, "later"))
	m := moveOf(id, "1")
	var sent parcel
	if err := (moves{p}).Freeze(bounded(t), m, &sent); err != nil {
		t.Fatal(err)
	}
	if err := (moves{p}).Resume(bounded(t), moveOf(id, "another")); err != nil {
		t.Errorf("Resume of another move: got %v, want none", err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	p = open(t, filepath.Join(dir, "a"), "a", func(o *Options) { o.Restart = true })
	connected(t, p, id)
	if l := launched(p, id); l.State != hostagent.LaunchMoving {
		t.Errorf("after a restart of the agent: got %+v, want it to stand", l)
	}
	if err := syscall.Kill(launched(p, id).PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	until(t, p, id, "no process", func(l hostagent.Launched) bool { return l.PID == 0 })
	if l := launched(p, id); l.State != hostagent.LaunchMoving {
		t.Errorf("after the end of its program: got %+v, want it to stand", l)
	}
	if err := os.WriteFile(filepath.Join(dir, "later"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // it is called again
		if err := (moves{p}).Resume(bounded(t), m); err != nil {
			t.Fatal(err)
		}
	}
	if l := until(t, p, id, "done", ended); l.State != hostagent.LaunchDone {
		t.Errorf("after Resume: got %+v, want done", l)
	}
	counted(t, out)
}

// An Activate whose program cannot start any more says that the guest has not run here; a
// closing agent, and one that may have written that it runs, say nothing of the kind.
func TestActivateSaysThatItNeverRan(t *testing.T) {
	dir := shortDir(t)
	out := filepath.Join(dir, "out")
	a, b := open(t, filepath.Join(dir, "a"), "a", nil), open(t, filepath.Join(dir, "b"), "b", nil)
	id := run(t, a, "counter", "counter", out, filepath.Join(dir, "later"))
	m := moveOf(id, "1")
	var sent parcel
	d, err := moves{a}.Describe(bounded(t), m)
	if err == nil {
		err = moves{b}.Prepare(bounded(t), m, d)
	}
	if err == nil {
		err = moves{a}.Freeze(bounded(t), m, &sent)
	}
	if err == nil {
		err = moves{b}.Receive(bounded(t), m, 1, true, &sent)
	}
	if err == nil {
		err = moves{b}.Restore(bounded(t), m)
	}
	if err != nil {
		t.Fatal(err)
	}
	pid := launched(b, id).PID
	b.mu.Lock()
	b.guests[id].rec.Spec.Program = filepath.Join(dir, "gone") // it was there for Prepare
	b.mu.Unlock()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	until(t, b, id, "no process", func(l hostagent.Launched) bool { return l.PID == 0 })
	doubt := func(is bool) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.guests[id].doubtful = is
	}
	doubt(true)
	if err := (moves{b}).Activate(bounded(t), m); err == nil || errors.Is(err, handover.ErrNeverRan) {
		t.Errorf("where a record may say that it runs: got %v, want an error that does not say that it never ran", err)
	}
	doubt(false)
	if err := (moves{b}).Activate(bounded(t), m); !errors.Is(err, handover.ErrNeverRan) {
		t.Fatalf("Activate: got %v, want that it never ran", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := (moves{b}).Activate(ctx, m); err == nil || errors.Is(err, handover.ErrNeverRan) {
		t.Errorf("a cancelled Activate: got %v, want an error that does not say that it never ran", err)
	}
	if err := (moves{b}).Discard(bounded(t), m); err != nil {
		t.Fatal(err)
	}
	if err := (moves{a}).Resume(bounded(t), m); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "later"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if l := until(t, a, id, "done", ended); l.State != hostagent.LaunchDone {
		t.Errorf("at the source: got %+v, want done", l)
	}
	if l := launched(b, id); l.ID != "" {
		t.Errorf("at the target: got %+v, want nothing", l)
	}
	counted(t, out)
}

// A guest that has come waits until the move says that it may run, whichever ends in
// between.
func TestIncomingWaits(t *testing.T) {
	dir := shortDir(t)
	out := filepath.Join(dir, "out")
	a, b := open(t, filepath.Join(dir, "a"), "a", nil), open(t, filepath.Join(dir, "b"), "b", nil)
	id := run(t, a, "counter", "counter", out, filepath.Join(dir, "later"))
	m := moveOf(id, "1")
	var sent parcel
	d, err := moves{a}.Describe(bounded(t), m)
	if err == nil {
		err = moves{b}.Prepare(bounded(t), m, d)
	}
	if err == nil {
		err = moves{a}.Freeze(bounded(t), m, &sent)
	}
	if err == nil {
		err = moves{b}.Receive(bounded(t), m, 1, true, &sent)
	}
	if err == nil {
		err = moves{b}.Restore(bounded(t), m)
	}
	if err != nil {
		t.Fatal(err)
	}
	pid := launched(b, id).PID
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	b = open(t, filepath.Join(dir, "b"), "b", nil)
	until(t, b, id, "no process", func(l hostagent.Launched) bool { return l.PID == 0 })
	if got := launched(b, id).State; got != hostagent.LaunchMoving {
		t.Errorf("before Activate: got %v, want moving", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "later"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // both are called again
		if err := (moves{b}).Activate(bounded(t), m); err != nil {
			t.Fatal(err)
		}
		if err := (moves{a}).Leave(bounded(t), m); err != nil {
			t.Fatal(err)
		}
	}
	if l := launched(a, id); l.ID != "" {
		t.Errorf("at the source: got %+v, want nothing", l)
	}
	if l := until(t, b, id, "done", ended); l.State != hostagent.LaunchDone {
		t.Errorf("at the target: got %+v, want done", l)
	}
	counted(t, out)
}

// A program that lies, hangs or floods stops nobody, and the operator is told.
func TestProgramsThatMisbehave(t *testing.T) {
	// The others have as long as a busy machine needs: it is their fault that is told, not the time.
	impatient := open(t, shortDir(t), "c", func(o *Options) { o.BeatMissed, o.SuspendWithin = 50*time.Millisecond, 200*time.Millisecond })
	p := open(t, shortDir(t), "a", func(o *Options) { o.StateMost = 1 << 20 })
	for _, c := range []struct{ program, suspend, why string }{
		{"deaf", "safe point", "no beat"},
		{"liar", "protocol", "absolute"},
		{"flood", "bytes a second", "bytes a second"},
		{"huge", "takes at most", ""},
		{"twice", "", ""},
	} {
		t.Run(c.program, func(t *testing.T) {
			p := p
			if c.program == "deaf" {
				p = impatient
			}
			id := run(t, p, c.program, c.program)
			until(t, p, id, "its fault", func(l hostagent.Launched) bool { return strings.Contains(l.Why, c.why) })
			err := p.Suspend(bounded(t), id)
			if err == nil || !strings.Contains(err.Error(), c.suspend) {
				t.Errorf("Suspend: got %v, want that it says %q", err, c.suspend)
			}
			if l := launched(p, id); l.State != hostagent.LaunchRunning {
				t.Errorf("after a suspension that failed: got %+v, want it running", l)
			}
		})
	}
	short := open(t, shortDir(t), "b", func(o *Options) { o.StartWithin = 200 * time.Millisecond })
	if _, err := short.Launch(bounded(t), launch(t, "silent", "silent")); err == nil || !strings.Contains(err.Error(), "hello") {
		t.Errorf("Launch of a program that says nothing: got %v, want that it has not said hello", err)
	}
	refuses := run(t, p, "refuses", "refuses")
	if err := (moves{p}).Freeze(bounded(t), moveOf(refuses, "1"), &parcel{}); err == nil || !strings.Contains(err.Error(), "a call lasts") {
		t.Errorf("Freeze of a program that refuses: got %v, want its reason", err)
	}
	if err := p.checkpoint(bounded(t), refuses); err != nil {
		t.Errorf("a checkpoint of a program that refuses moves: got %v, want none", err)
	}
}

// A silent program is ended and started again where the configuration says so.
func TestSilentIsStartedAgain(t *testing.T) {
	p := open(t, shortDir(t), "a", func(o *Options) {
		o.Restart, o.SilentMost, o.BeatMissed = true, 500*time.Millisecond, 20*time.Millisecond
	})
	id := run(t, p, "deaf", "deaf")
	until(t, p, id, "a restart", func(l hostagent.Launched) bool { return l.PID != 0 && l.Restarts > 0 })
}

// A program of a run that was given up is told to leave.
func TestOldRunLeaves(t *testing.T) {
	dir := shortDir(t)
	p := open(t, dir, "a", nil)
	id := run(t, p, "idle", "idle")
	pid := launched(p, id).PID
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if err := p.store.remove(id); err != nil {
		t.Fatal(err)
	}
	open(t, dir, "a", nil)
	ctx := bounded(t)
	for old := p.guests[id].rec.Process; ; {
		if alive, _ := old.alive(); !alive {
			break
		}
		if ctx.Err() != nil {
			t.Fatalf("process %d still runs, want that it has left", pid)
		}
	}
}

// What a program uses is counted: in its cgroup where there is one, and in its session.
// Instructions are counted, or not known.
func TestUseIsCounted(t *testing.T) {
	for _, without := range []bool{false, true} {
		p := open(t, shortDir(t), "a", nil)
		if without {
			p.mu.Lock()
			p.groups = ""
			p.mu.Unlock()
		}
		id := run(t, p, "busy", "busy")
		l := until(t, p, id, "CPU time and memory", func(l hostagent.Launched) bool { return l.CPUTime > 20*time.Millisecond })
		if l.Memory <= 0 || l.Instructions.Known != (l.Instructions.N > 0) {
			t.Errorf("without cgroup %v: got %+v, want memory, and instructions that are known or none", without, l)
		}
		seen, err := p.Observe(bounded(t))
		if err != nil || len(seen.Guests) != 1 || seen.Guests[0].CPUTime < l.CPUTime {
			t.Errorf("Observe: got %+v, %v, want CPU time that does not fall below %v", seen.Guests, err, l.CPUTime)
		}
	}
}

// Programs run as the user that the configuration names.
func TestUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root starts programs as another user")
	}
	who, err := user.Lookup("nobody")
	if err != nil {
		t.Skip("there is no user nobody:", err)
	}
	dir := shortDir(t)
	program := filepath.Join(dir, "program")
	text, err := os.ReadFile(self(t))
	if err := errors.Join(err, os.Chmod(dir, 0o755), os.WriteFile(program, text, 0o755)); err != nil {
		t.Fatal(err)
	}
	state := filepath.Join(dir, "state")
	p := open(t, filepath.Join(state, "a"), "a", func(o *Options) { o.User, o.Programs = "nobody", []string{program} })
	t.Cleanup(func() { _ = os.RemoveAll(runDir(p.options.Dir)) })
	if err := os.Chmod(state, 0o700); err != nil {
		t.Fatal(err)
	}
	l := launch(t, "idle", "idle")
	l.Program = program
	id, err := p.Launch(bounded(t), l)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(fmt.Sprintf("/proc/%d", launched(p, id).PID))
	if err != nil || fmt.Sprint(info.Sys().(*syscall.Stat_t).Uid) != who.Uid {
		t.Errorf("the program: got %+v, %v, want that it runs as user %s", info, err, who.Uid)
	}
}
