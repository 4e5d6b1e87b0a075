package process

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"parley/hostagent"
	"parley/hostagent/process/coop"
)

// echoes is a program that answers each datagram with what is in it and how many it has
// answered, which moves with the program. With the argument late it begins after its first move,
// also one that fails.
func echoes() error {
	p, err := coop.Join("echoes")
	if err != nil {
		return err
	}
	answered := 0
	if err := p.Carry("answered", &answered); err != nil {
		return err
	}
	d, err := p.ListenPacket("echo", p.Args()[1])
	if err != nil {
		return err
	}
	echo := func(data []byte, from netip.AddrPort) error {
		answered++
		_, err := d.WriteTo(fmt.Appendf(nil, "%s %d", data, answered), from)
		return err
	}
	if len(p.Args()) == 2 {
		d.Serve(echo)
	}
	p.AfterMove(func(string) error {
		if len(p.Args()) > 2 {
			d.Serve(echo)
		}
		return nil
	})
	for {
		p.Pause(time.Second)
	}
}

// pythonEchoes is the program echoes with the SDK for Python.
const pythonEchoes = `#!/usr/bin/env python3
import select, sys
sys.path.insert(0, %q)
import parley_coop

p = parley_coop.join("echoes")
p.carry("answered", 0)
echo = p.datagrams("echo", ("", 7000))
while True:
    p.point()
    if select.select([echo], [], [], 0.005)[0]:
        data, sender = echo.recvfrom(65536)
        p.state["answered"] += 1
        echo.sendto(b"%%s %%d" %% (data, p.state["answered"]), sender)
`

// window is how many datagrams of a client are under way: those of all clients fit into the
// queue of the server's socket while it stands still.
const window = 32

// sender sends datagrams, and counts the answers to each.
type sender struct {
	conn   net.Conn
	sent   int
	got    map[string]int
	latest int // the largest count of the server
	lost   int // what was not answered
	answer []byte
}

func (s *sender) send() error {
	s.sent++
	_, err := fmt.Fprintf(s.conn, "%d", s.sent)
	return err
}

// hear takes one answer.
func (s *sender) hear() error {
	if err := s.conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	n, err := s.conn.Read(s.answer)
	if err != nil {
		return fmt.Errorf("after %d answers of %d: %w", len(s.got), s.sent, err)
	}
	text, number, _ := strings.Cut(string(s.answer[:n]), " ")
	s.got[text]++
	count := 0
	if _, err := fmt.Sscan(number, &count); err != nil || count <= s.latest {
		return fmt.Errorf("got the answer %q after the count %d", s.answer[:n], s.latest)
	}
	s.latest = count
	return nil
}

// talk sends until it is told to end, and then waits for the rest of the answers. While the
// bridges learn where the guest is, they may lose what is under way: once, and no more.
func (s *sender) talk(ended *atomic.Bool) error {
	for !ended.Load() || len(s.got)+s.lost < s.sent {
		for !ended.Load() && s.sent-len(s.got)-s.lost < window {
			if err := s.send(); err != nil {
				return err
			}
		}
		err := s.hear()
		if errors.Is(err, os.ErrDeadlineExceeded) && s.lost == 0 {
			s.lost = s.sent - len(s.got)
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// TestDatagramsMove moves a server of UDP to and fro under a stream of datagrams: each is
// answered, once, in the order in which it came. After a move that fails, in which a network may
// lose some, it is so again.
func TestDatagramsMove(t *testing.T) {
	inNetwork(t, func(t *testing.T) {
		hosts := connectedHosts(t, Incremental)
		moveDatagrams(t, hosts, launchServer(t, hosts[0], self(t), "10.9.0.5", "echoes", ":7000"), "10.9.0.5:7000")
	})
}

// TestPythonDatagrams moves one in Python.
func TestPythonDatagrams(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("python3 is not here")
	}
	inNetwork(t, func(t *testing.T) {
		sdk, err := filepath.Abs("coop/python")
		if err != nil {
			t.Fatal(err)
		}
		program := filepath.Join(shortDir(t), "echoes.py")
		if err := os.WriteFile(program, fmt.Appendf(nil, pythonEchoes, sdk), 0o755); err != nil {
			t.Fatal(err)
		}
		hosts := connectedHosts(t, Collective)
		for _, h := range hosts {
			h.of.options.Programs = append(h.of.options.Programs, program)
		}
		moveDatagrams(t, hosts, launchServer(t, hosts[0], program, "10.9.0.5"), "10.9.0.5:7000")
	})
}

func moveDatagrams(t *testing.T, hosts [2]*connectedHost, id hostagent.GuestID, address string) {
	t.Helper()
	const clients, moves = 4, 4
	senders := make([]*sender, clients)
	for i := range senders {
		conn, err := net.Dial("udp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		senders[i] = &sender{conn: conn, got: map[string]int{}, answer: make([]byte, 100)}
	}
	awaitEcho(t, senders[0])
	failingMove(t, id, hosts[0], hosts[1])
	var ended atomic.Bool
	var work sync.WaitGroup
	for i, s := range senders {
		work.Go(func() {
			if err := s.talk(&ended); err != nil {
				t.Errorf("client %d: %v", i, err)
			}
		})
	}
	for n := range moves {
		got, err := moveGuest(t, id, hosts[n%2])
		if err != nil {
			t.Errorf("move %d: %v", n, err)
			break
		}
		t.Logf("move %d: stood still %v, sent %d bytes", n, got.Downtime, got.Bytes)
	}
	ended.Store(true)
	work.Wait()
	sent, latest := 0, 0
	for _, s := range senders {
		sent, latest = sent+s.sent-s.lost, max(latest, s.latest)
		for text, times := range s.got {
			if times != 1 {
				t.Errorf("the datagram %s was answered %d times", text, times)
			}
		}
	}
	if latest != sent {
		t.Errorf("the server has answered %d datagrams, want all %d once", latest, sent)
	}
	t.Logf("%d datagrams were answered", sent)
}

// awaitEcho has one datagram answered, once the server is there.
func awaitEcho(t *testing.T, s *sender) {
	t.Helper()
	for until := time.Now().Add(30 * time.Second); ; {
		s.sent = 0
		err := s.send()
		if err == nil {
			err = s.conn.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
		}
		if err == nil {
			var n int
			if n, err = s.conn.Read(s.answer); err == nil && n > 0 {
				s.got["1"], s.latest = 1, 1
				return
			}
		}
		if time.Now().After(until) || !errors.Is(err, os.ErrDeadlineExceeded) && !errors.Is(err, unix.ECONNREFUSED) {
			t.Fatalf("the server does not answer: %v", err)
		}
	}
}

// TestDatagramsOutliveAgents ends the agent of the source once the sockets are described there,
// and that of the target once it has made them. What had come to them is there in both cases.
func TestDatagramsOutliveAgents(t *testing.T) {
	for _, stays := range []bool{true, false} {
		t.Run(fmt.Sprint("stays ", stays), func(t *testing.T) {
			inNetwork(t, func(t *testing.T) {
				dir := shortDir(t)
				start := func(name string) *supervisor {
					return open(t, filepath.Join(dir, name), name, func(o *Options) { o.Namespaces = filepath.Join(dir, "netns") })
				}
				again := func(s *supervisor, id hostagent.GuestID) *supervisor {
					if err := s.Close(); err != nil {
						t.Fatal(err)
					}
					s = start(s.options.Host)
					connected(t, s, id)
					return s
				}
				a, b := start("a"), start("b")
				id := launchServer(t, &connectedHost{of: a}, self(t), "10.9.0.5", "echoes", ":7000", "late")
				connected(t, a, id)
				client := awaitSocket(t, a, id, "10.9.0.5:7000")
				m := moveOf(id, "1")
				if stays {
					halfMove(t, id, "1", a, b, "freeze")
					a = again(a, id)
					if err := errors.Join(moves{a}.Resume(bounded(t), m), moves{b}.Discard(bounded(t), m)); err != nil {
						t.Fatal(err)
					}
				} else {
					halfMove(t, id, "1", a, b, "restore")
					b = again(b, id)
					if err := errors.Join(moves{b}.Activate(bounded(t), m), moves{a}.Leave(bounded(t), m)); err != nil {
						t.Fatal(err)
					}
				}
				for len(client.got) < client.sent {
					if err := client.hear(); err != nil {
						t.Fatal(err)
					}
				}
				if client.latest != client.sent {
					t.Errorf("%d answers to %d datagrams", client.latest, client.sent)
				}
			})
		})
	}
}

// awaitSocket sends a window of datagrams to a program that reads none yet, once its socket is
// there.
func awaitSocket(t *testing.T, of *supervisor, id hostagent.GuestID, address string) *sender {
	t.Helper()
	of.mu.Lock()
	pid := of.guests[id].rec.Process.PID
	of.mu.Unlock()
	for ctx := bounded(t); ; runtime.Gosched() {
		sockets, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/udp6", pid))
		if err == nil && strings.Contains(string(sockets), ":1B58 ") { // 7000
			break
		}
		if ctx.Err() != nil {
			t.Fatalf("the program has no socket of UDP: %s, %v", sockets, err)
		}
	}
	conn, err := net.Dial("udp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	s := &sender{conn: conn, got: map[string]int{}, answer: make([]byte, 100)}
	for s.sent < window {
		if err := s.send(); err != nil {
			t.Fatal(err)
		}
	}
	return s
}
