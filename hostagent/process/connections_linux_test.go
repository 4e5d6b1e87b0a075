package process

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"parley/hostagent"
	"parley/hostagent/handover"
	"parley/hostagent/handover/handovertest"
)

// inNetwork runs a test again in a network and a mount namespace of its own.
func inNetwork[T testing.TB](t T, do func(T)) {
	t.Helper()
	const inside = "PARLEY_TEST_INSIDE"
	if os.Getenv(inside) != "" {
		if err := within(); err != nil {
			t.Fatal(err)
		}
		do(t)
		return
	}
	if os.Geteuid() != 0 {
		t.Skip("networks of guests need root")
	}
	cmd := exec.Command(self(t), "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=5m")
	b, benchmark := any(t).(*testing.B)
	if benchmark {
		if b.N > 1 {
			return // all is measured inside, and once
		}
		cmd = exec.Command(self(t), "-test.run=^$", "-test.bench=^"+t.Name()+"$",
			"-test.benchtime="+flag.Lookup("test.benchtime").Value.String(), "-test.timeout=30m")
	}
	cmd.Env = append(os.Environ(), inside+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWNS}
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if benchmark { // the log of a benchmark keeps ten lines
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	}
	err := cmd.Run()
	if errors.Is(err, unix.EPERM) {
		t.Skip("no network namespace can be made here")
	}
	t.Logf("inside: %s", said.String())
	if err != nil {
		t.Error(err)
	}
}

// within makes a bridge that the tests are on, with an address.
func within() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	if err := netlink.LinkAdd(&netlink.Bridge{LinkAttrs: netlink.LinkAttrs{
		Name: "br0", HardwareAddr: net.HardwareAddr{2, 0, 0, 9, 0, 1}}}); err != nil {
		return err
	}
	bridge, err := netlink.LinkByName("br0")
	if err != nil {
		return err
	}
	address, err := netlink.ParseAddr("10.9.0.1/24")
	if err != nil {
		return err
	}
	return errors.Join(netlink.AddrAdd(bridge, address), netlink.LinkSetUp(bridge))
}

// failing is a platform whose Restore fails when it is to.
type failing struct {
	moves
	fails atomic.Bool
}

func (f *failing) Restore(ctx context.Context, m handover.Move) error {
	if f.fails.Load() {
		return errors.Join(f.moves.Restore(ctx, m), errChance)
	}
	return f.moves.Restore(ctx, m)
}

// connectedHost is a host on the bridge.
type connectedHost struct {
	*handover.Mover
	of       *supervisor
	platform *failing
}

// connectedHosts are two of them.
func connectedHosts(t testing.TB, way string) (hosts [2]*connectedHost) {
	t.Helper()
	dir := shortDir(t)
	for i, name := range []string{"a", "b"} {
		s := open(t, filepath.Join(dir, name), name, func(o *Options) { o.Connections, o.Namespaces = way, filepath.Join(dir, "netns") })
		f := &failing{moves: moves{s}}
		mover, err := handover.OpenFile(filepath.Join(s.options.Dir, "moves"), handover.Options{
			Platform: f, Kind: hostagent.Process, Logger: s.log, Changed: s.changes.Raise,
		})
		if err != nil {
			t.Fatal(err)
		}
		mover.Start()
		mover.SetAdmission(func(context.Context, hostagent.AdmissionAsked) hostagent.Refusal { return hostagent.Refusal{} })
		t.Cleanup(func() {
			if err := mover.Close(); err != nil {
				t.Error(err)
			}
		})
		hosts[i] = &connectedHost{mover, s, f}
	}
	hosts[0].SetDial(handovertest.Dial(hosts[1], "a"))
	hosts[1].SetDial(handovertest.Dial(hosts[0], "b"))
	return hosts
}

// client asks over one connection until it is told to end, and holds each answer.
type client struct {
	conn  net.Conn
	from  *bufio.Reader
	asked int
	gap   atomic.Int64 // ns, the longest time until an answer
}

func newClient(conn net.Conn) *client { return &client{conn: conn, from: bufio.NewReader(conn)} }

func (c *client) ask() error {
	began := time.Now()
	c.asked++
	if err := c.conn.SetDeadline(began.Add(10 * time.Second)); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(c.conn, "line %d\n", c.asked); err != nil {
		return err
	}
	got, err := c.from.ReadString('\n')
	if want := fmt.Sprintf("line %d %d\n", c.asked, c.asked); err != nil || got != want {
		return fmt.Errorf("got %q, %w, want %q", got, err, want)
	}
	c.gap.Store(max(c.gap.Load(), int64(time.Since(began))))
	return nil
}

// TestConnectionsMove moves a server with its connections to and fro while they are in use,
// in each of the three ways, and with moves that fail. No answer is lost, and no connection.
func TestConnectionsMove(t *testing.T) {
	inNetwork(t, func(t *testing.T) {
		for i, way := range []string{Incremental, Collective, Iterative} {
			address := fmt.Sprintf("10.9.0.%d", 5+i)
			t.Run(way, func(t *testing.T) { moveConnections(t, connectedHosts(t, way), address, 16, 6) })
		}
	})
}

// startCounts starts the program counts.
func startCounts(t testing.TB, on *connectedHost, address string, args ...string) hostagent.GuestID {
	t.Helper()
	return startServer(t, on, self(t), address, append([]string{"counts", ":7000"}, args...)...)
}

// startServer starts a server that listens at port 7000.
func startServer(t testing.TB, on *connectedHost, program, address string, args ...string) hostagent.GuestID {
	t.Helper()
	id := launchServer(t, on, program, address, args...)
	until(t, on.of, id, "a server that listens", func(hostagent.Launched) bool {
		conn, err := net.DialTimeout("tcp", address+":7000", time.Second)
		if err == nil {
			err = conn.Close()
		}
		return err == nil
	})
	return id
}

// launchServer starts a program that has a network of its own.
func launchServer(t testing.TB, on *connectedHost, program, address string, args ...string) hostagent.GuestID {
	t.Helper()
	l := launch(t, "server", args...)
	l.Program = program
	l.Network = &hostagent.LaunchNetwork{Bridge: "br0", Addresses: []string{address + "/24"}}
	id, err := on.of.Launch(bounded(t), l)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// pythonCounts is the program counts with the SDK for Python.
const pythonCounts = `#!/usr/bin/env python3
import select, sys
sys.path.insert(0, %q)
import parley_coop

p = parley_coop.join("counts")
seen = p.carry("seen", {})
listener = p.listen("count", ("", 7000))
while True:
    p.point()
    clients = p.connections("count")
    names = {s: k for k, s in clients.items()}
    if p.waiting("count"):
        p.accept("count")
        continue
    for s in select.select([listener, *names], [], [], 0.005)[0]:
        if s is listener:
            name, conn = p.accept("count")
            seen[name] = 0
            continue
        line = s.recv(4096)  # a line of these clients comes whole
        if not line:
            p.forget(names[s])
            continue
        name = names[s]
        seen[name] = seen.get(name, 0) + 1
        s.sendall(b"%%s %%d\n" %% (line.strip(), seen[name]))
`

// TestPythonConnections moves a server in Python.
func TestPythonConnections(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("python3 is not here")
	}
	inNetwork(t, func(t *testing.T) {
		sdk, err := filepath.Abs("coop/python")
		if err != nil {
			t.Fatal(err)
		}
		program := filepath.Join(shortDir(t), "counts.py")
		if err := os.WriteFile(program, fmt.Appendf(nil, pythonCounts, sdk), 0o755); err != nil {
			t.Fatal(err)
		}
		hosts := connectedHosts(t, Incremental)
		for _, h := range hosts {
			h.of.options.Programs = append(h.of.options.Programs, program)
		}
		moveServer(t, hosts, startServer(t, hosts[0], program, "10.9.0.5"), "10.9.0.5", 8, 4)
	})
}

func moveConnections(t *testing.T, hosts [2]*connectedHost, address string, connections, moves int) {
	moveServer(t, hosts, startCounts(t, hosts[0], address), address, connections, moves)
}

// moveServer moves a server to and fro while its clients talk to it.
func moveServer(t *testing.T, hosts [2]*connectedHost, id hostagent.GuestID, address string, connections, moves int) {
	t.Helper()
	var work sync.WaitGroup
	var ended atomic.Bool
	talk := func(c *client) {
		defer c.conn.Close()
		for !ended.Load() {
			if err := c.ask(); err != nil {
				t.Errorf("line %d: %v", c.asked, err)
				return
			}
		}
	}
	clients := make([]*client, connections)
	for i := range clients {
		conn, err := net.DialTimeout("tcp", address+":7000", 5*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		clients[i] = newClient(conn)
		work.Go(func() { talk(clients[i]) })
	}
	// Others come and go all the while.
	var visits atomic.Int64
	work.Go(func() {
		for !ended.Load() {
			conn, err := net.DialTimeout("tcp", address+":7000", 5*time.Second)
			if err != nil {
				t.Errorf("a new connection: %v", err)
				return
			}
			one := newClient(conn)
			if err := one.ask(); err != nil {
				t.Errorf("a new connection: %v", err)
			}
			_ = conn.Close()
			visits.Add(1)
		}
	})
	for n := range moves {
		from, to := hosts[n%2], hosts[(n+1)%2]
		if n%2 == 0 {
			failingMove(t, id, from, to)
		}
		got, err := moveGuest(t, id, from)
		if err != nil {
			t.Errorf("move %d: %v", n, err)
			break
		}
		t.Logf("move %d: stood still %v, sent %d bytes, stages %v", n, got.Downtime, got.Bytes, got.Stages)
	}
	ended.Store(true)
	work.Wait()
	longest := int64(0)
	for _, c := range clients {
		longest = max(longest, c.gap.Load())
		if c.asked < moves {
			t.Errorf("a connection has got %d answers", c.asked)
		}
	}
	t.Logf("%d visits; the longest time until an answer is %v", visits.Load(), time.Duration(longest))
}

// moveGuest moves a guest to the other host, once nothing is left there of its last move.
func moveGuest(t testing.TB, id hostagent.GuestID, from *connectedHost) (hostagent.Migrated, error) {
	t.Helper()
	for ctx := bounded(t); ; runtime.Gosched() {
		got, err := from.Migrate(ctx, hostagent.Migration{Guest: id, Endpoint: from.Endpoint(), Target: "other"}, func(hostagent.Progress) {})
		settles := err != nil && (strings.Contains(err.Error(), "already") || strings.Contains(err.Error(), "another move"))
		if !settles || ctx.Err() != nil {
			return got, err
		}
	}
}

// failingMove has a move fail after the connections have come to the target.
func failingMove(t *testing.T, id hostagent.GuestID, from, to *connectedHost) {
	t.Helper()
	to.platform.fails.Store(true)
	defer to.platform.fails.Store(false)
	if _, err := moveGuest(t, id, from); err == nil {
		t.Error("a move whose target cannot restore: got no error")
	}
}
