package process

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/process/coop"
)

// envAgent makes this test's program an agent of the test below: its value is the directory
// of both hosts, and the name of this one.
const envAgent = "PARLEY_TEST_AGENT"

// agentMain is such an agent. A line on its input is an order, and is answered by a line.
func agentMain(dir, name, other string) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	p, end, err := openMortal(Options{
		Dir: filepath.Join(dir, name), Host: name, Capacity: hostagent.Resources{CPU: 8, MemoryBytes: 1 << 34}, Programs: []string{program},
		Look: 10 * time.Millisecond, StartWithin: 2 * time.Second, Restart: true, Checkpoint: 20 * time.Millisecond,
		Namespaces: filepath.Join(dir, "netns"), Logger: slog.New(slog.NewTextHandler(os.Stderr, nil)),
	})
	if err != nil {
		return err
	}
	p.SetAdmission(func(context.Context, hostagent.AdmissionAsked) hostagent.Refusal { return hostagent.Refusal{} })
	socket := filepath.Join(dir, name+".sock")
	if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				p.Arrive(context.Background(), hostagent.HostID(other), conn.(*net.UnixConn))
			}()
		}
	}()
	p.SetDial(func(ctx context.Context, _ hostagent.HostID) (hostagent.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, "unix", filepath.Join(dir, other+".sock"))
		if err != nil {
			return nil, err
		}
		return conn.(*net.UnixConn), nil
	})
	answers := json.NewEncoder(os.Stdout)
	for orders := bufio.NewScanner(os.Stdin); orders.Scan(); {
		seen, err := p.Observe(context.Background())
		if err != nil {
			return err
		}
		switch words := strings.Fields(orders.Text()); words[0] {
		case "launch":
			l := hostagent.Launch{
				Name: words[1], Program: program, Args: words[1:], Dir: dir, Need: hostagent.Resources{CPU: 1, MemoryBytes: 1 << 28},
			}
			if words[1] == "counts" {
				l.Network = &hostagent.LaunchNetwork{Bridge: "br0", Addresses: []string{killedAddress + "/24"}}
			}
			if _, err = p.Launch(context.Background(), l); err != nil {
				return err
			}
		case "at": // a step, and the signal that ends or stops this agent there
			end.set(words[1], words[2])
		case "migrate":
			for _, g := range seen.Guests {
				go func() {
					m := hostagent.Migration{Guest: g.ID, Target: hostagent.HostID(other), Endpoint: p.Endpoint()}
					_, err := p.Migrate(context.Background(), m, nil)
					// One of the ends may still settle the last move.
					for err != nil && (strings.Contains(err.Error(), "already") || strings.Contains(err.Error(), "another move")) {
						_, err = p.Migrate(context.Background(), m, nil)
					}
					fmt.Fprintln(os.Stderr, "a move:", err) // the test looks where it is
				}()
			}
		}
		if err := answers.Encode(looked{seen.Guests, p.Launched()}); err != nil {
			return err
		}
	}
	return p.Close()
}

// looked is an agent's answer.
type looked struct {
	Guests   []hostagent.Guest
	Launched []hostagent.Launched
}

// killedAddress is that of a server whose agents are killed.
const killedAddress = "10.9.0.5"

// loneSteps is how many lines lone writes while agents are killed at random moments.
const loneSteps = 4000

// lone writes a line at each step, with a lock that no other step holds.
func lone() error {
	p, err := coop.Join("lone")
	if err != nil {
		return err
	}
	n := 0
	if err := p.Carry("n", &n); err != nil {
		return err
	}
	path := p.Args()[1]
	steps, err := strconv.Atoi(p.Args()[2])
	if err != nil {
		return err
	}
	out, err := p.Output(path)
	if err != nil {
		return err
	}
	lock, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	for n < steps {
		p.Point()
		if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
			return os.WriteFile(path+".twice", nil, 0o600)
		}
		n++
		if _, err := fmt.Fprintln(out, n); err != nil {
			return err
		}
		<-time.After(200 * time.Microsecond)
		if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_UN); err != nil {
			return err
		}
	}
	return p.Done(0)
}

// agent is an agent that the test can kill.
type agent struct {
	t          *testing.T
	dir        string
	name, peer string
	cmd        *exec.Cmd
	in         io.Writer
	out        *bufio.Reader
	log        bytes.Buffer
}

func (a *agent) start() {
	a.t.Helper()
	a.cmd = exec.CommandContext(a.t.Context(), self(a.t))
	a.cmd.Env = append(os.Environ(), envAgent+"="+a.dir, envAgent+"_NAME="+a.name, envAgent+"_OTHER="+a.peer)
	a.cmd.Stderr = &a.log
	in, err := a.cmd.StdinPipe()
	if err != nil {
		a.t.Fatal(err)
	}
	out, err := a.cmd.StdoutPipe()
	if err != nil {
		a.t.Fatal(err)
	}
	if err := a.cmd.Start(); err != nil {
		a.t.Fatal(err)
	}
	a.in, a.out = in, bufio.NewReader(out)
}

func (a *agent) kill() {
	a.t.Helper()
	if err := a.cmd.Process.Kill(); err != nil {
		a.t.Fatal(err)
	}
	_ = a.cmd.Wait() // it was killed
}

// order gives an order, and returns what the agent saw.
func (a *agent) order(what string) looked {
	a.t.Helper()
	a.tell(what)
	return a.answer()
}

func (a *agent) tell(what string) {
	a.t.Helper()
	if _, err := fmt.Fprintln(a.in, what); err != nil {
		a.t.Fatalf("%s: %v\n%s", a.name, err, &a.log)
	}
}

func (a *agent) answer() (l looked) {
	a.t.Helper()
	line, err := a.out.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &l)
	}
	if err != nil {
		a.t.Fatalf("%s: %v\n%s", a.name, err, &a.log)
	}
	return l
}

// A guest whose agents are killed at random moments of its moves, and its program as well,
// runs once, and writes what it would have written alone.
func TestAgentsAreKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	dir := shortDir(t)
	agents := startAgents(t, dir)
	agents[0].order(fmt.Sprintf("launch lone %s %d", filepath.Join(dir, "out"), loneSteps))
	chance := rand.New(rand.NewPCG(5, 5))
	kills, ends, moves, was := 0, 0, 0, 0
	for {
		here, pid := whereIs(t, agents)
		if pid < 0 {
			break
		}
		if here != was {
			moves++
		}
		was = here
		agents[here].order("migrate")
		pause := time.NewTimer(time.Duration(chance.IntN(60)) * time.Millisecond)
		<-pause.C
		if chance.IntN(10) == 0 && syscall.Kill(pid, syscall.SIGKILL) == nil {
			ends++
		}
		for _, a := range agents {
			if chance.IntN(2) == 0 {
				a.kill()
				a.start()
				kills++
			}
		}
	}
	t.Logf("%d kills of agents and %d of the program, %d moves", kills, ends, moves)
	holdLone(t, dir, loneSteps)
	if kills == 0 || moves == 0 {
		t.Errorf("got %d kills and %d moves, want some", kills, moves)
	}
}

// startAgents starts the agents of two hosts. At the end of the test they end, with what
// they have started.
func startAgents(t *testing.T, dir string) []*agent {
	agents := []*agent{{t: t, dir: dir, name: "a", peer: "b"}, {t: t, dir: dir, name: "b", peer: "a"}}
	for _, a := range agents {
		a.start()
	}
	t.Cleanup(func() {
		for _, a := range agents {
			a.kill()
			records, err := store(filepath.Join(dir, a.name)).read()
			if err != nil {
				t.Error(err)
			}
			groups := findGroups(filepath.Join(dir, a.name))
			for _, r := range records {
				if err := end(r.Process, groups.of(r.ID)); err != nil {
					t.Error(err)
				}
			}
			sweepAll(t, groups)
		}
	})
	return agents
}

// holdLone holds that lone has written what it would have written alone.
func holdLone(t *testing.T, dir string, steps int) {
	t.Helper()
	var want bytes.Buffer
	for n := range steps {
		fmt.Fprintln(&want, n+1)
	}
	got, err := os.ReadFile(filepath.Join(dir, "out"))
	if err != nil || !bytes.Equal(got, want.Bytes()) {
		t.Errorf("got %d bytes, %v, want %d", len(got), err, want.Len())
	}
	if _, err := os.Stat(filepath.Join(dir, "out.twice")); err == nil {
		t.Error("the guest ran twice at one time")
	}
}

// whereIs waits until the guest is on one host and in no move, and returns its process; -1
// when it has finished.
func whereIs(t *testing.T, agents []*agent) (here, pid int) {
	t.Helper()
	ctx := bounded(t)
	ticks := time.NewTicker(5 * time.Millisecond)
	defer ticks.Stop()
	for {
		running, quiet, on, pid := 0, true, 0, 0
		for i, a := range agents {
			l := a.order("look")
			for _, g := range l.Guests {
				quiet = quiet && g.State == hostagent.Running && !g.Leaving
				running, on = running+1, i
			}
			for _, is := range l.Launched {
				if is.State == hostagent.LaunchDone {
					return i, -1
				}
				pid = is.PID
			}
		}
		if quiet && running == 1 && pid > 0 {
			return on, pid
		}
		select {
		case <-ticks.C:
		case <-ctx.Done():
			for _, a := range agents {
				t.Logf("%s: %+v\n%s", a.name, a.order("look"), &a.log)
			}
			t.Fatalf("the guest is in a move for %v", timeout)
		}
	}
}
