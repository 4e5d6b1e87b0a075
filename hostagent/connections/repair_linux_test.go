package connections

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// inNetwork runs a test in a network namespace of its own, where only loopback is.
func inNetwork(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("connections are repaired with CAP_NET_ADMIN: run this as root")
	}
	runtime.LockOSThread() // the thread ends with the test, and with it the namespace
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		t.Skipf("a network namespace cannot be made here: %v", err)
	}
	if err := loopbackUp(); err != nil {
		t.Fatalf("loopback: %v", err)
	}
	test(t)
}

func loopbackUp() error {
	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	if err != nil {
		return err
	}
	defer unix.Close(socket)
	lo, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	lo.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	return unix.IoctlIfreq(socket, unix.SIOCSIFFLAGS, lo)
}

// connected returns a client, and the socket of the server's end.
func connected(t *testing.T, network, address string) (client net.Conn, server int) {
	t.Helper()
	listener, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if client, err = net.Dial(network, listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	accepted, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	file, err := accepted.(*net.TCPConn).File()
	if err != nil {
		t.Fatal(err)
	}
	if server, err = unix.Dup(int(file.Fd())); err != nil {
		t.Fatal(err)
	}
	// The copies would keep the connection open; they must not end it either.
	if err := errors.Join(Freeze(server), file.Close(), accepted.Close(), Thaw(server)); err != nil {
		t.Fatal(err)
	}
	return client, server
}

// move takes a connection out of the kernel and makes it again.
func move(t *testing.T, server int) net.Conn {
	t.Helper()
	if err := Freeze(server); err != nil {
		t.Fatal(err)
	}
	c, err := Dump(server)
	if err != nil {
		t.Fatal(err)
	}
	if err := Drop(server); err != nil {
		t.Fatal(err)
	}
	placed, err := Place(c.Local)
	if err != nil {
		t.Fatal(err)
	}
	if err := Fill(placed, c); err != nil {
		t.Fatal(err)
	}
	rest, err := Release(placed, c)
	if err != nil {
		t.Fatal(err)
	}
	file := os.NewFile(uintptr(placed), "moved")
	defer file.Close()
	conn, err := net.FileConn(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if len(rest) > 0 {
		return &resting{conn, rest}
	}
	return conn
}

// resting writes what was left before anything else.
type resting struct {
	net.Conn
	rest []byte
}

func (r *resting) Write(b []byte) (int, error) {
	if _, err := r.Conn.Write(r.rest); err != nil {
		return 0, err
	}
	r.rest = nil
	return r.Conn.Write(b)
}

// TestConnectionsMove moves connections with bytes in all their queues: what each end
// reads is what the other has written.
func TestConnectionsMove(t *testing.T) {
	for _, address := range []struct{ network, listen string }{{"tcp4", "127.0.0.1:0"}, {"tcp6", "[::1]:0"}, {"tcp", "127.0.0.1:0"}} {
		for _, sizes := range [][2]int{{0, 0}, {1, 1}, {1000, 0}, {0, 1000}, {100_000, 30_000}, {30_000, 4 << 20}} {
			t.Run(fmt.Sprint(address.network, sizes), func(t *testing.T) {
				inNetwork(t, func(t *testing.T) {
					client, server := connected(t, address.network, address.listen)
					up, down := random(sizes[0]), random(sizes[1])
					if _, err := client.Write(up); err != nil {
						t.Error(err)
						return
					}
					// The client does not read: what does not fit is not acknowledged, or not sent.
					written := writeSome(t, server, down)
					conn := move(t, server)
					after := random(2000)
					go func() {
						_, _ = conn.Write(down[written:])
						_, _ = conn.Write(after) // the reads say what is missing
					}()
					deadline := time.Now().Add(time.Minute)
					if err := errors.Join(client.SetDeadline(deadline), conn.SetDeadline(deadline)); err != nil {
						t.Error(err)
					}
					same(t, "the client", client, append(down, after...))
					if _, err := client.Write(after); err != nil {
						t.Error(err)
					}
					same(t, "the server", conn, append(up, after...))
				})
			})
		}
	}
}

// TestQueuesGrow fills a connection whose queues are larger than the buffers of a new socket.
func TestQueuesGrow(t *testing.T) {
	inNetwork(t, func(t *testing.T) {
		_, server := connected(t, "tcp4", "127.0.0.1:0")
		if err := Freeze(server); err != nil {
			t.Fatal(err)
		}
		c, err := Dump(server)
		if err != nil {
			t.Fatal(err)
		}
		if err := Drop(server); err != nil {
			t.Fatal(err)
		}
		c.Unread, c.Unacked = random(8<<20), random(8<<20+1)
		c.ReceiveSeq -= uint32(len(c.Unread))
		placed, err := Place(c.Local)
		if err != nil {
			t.Fatal(err)
		}
		defer unix.Close(placed)
		if err := Fill(placed, c); err != nil {
			t.Fatal(err)
		}
		got, err := Dump(placed)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Unread, c.Unread) || !bytes.Equal(got.Unacked, c.Unacked) || len(got.Unsent) > 0 {
			t.Errorf("got queues of %d, %d and %d bytes, want what was filled in: %d, %d and none",
				len(got.Unread), len(got.Unacked), len(got.Unsent), len(c.Unread), len(c.Unacked))
		}
	})
}

func random(n int) []byte {
	data := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{byte(n)}).Read(data) // it never fails
	return data
}

// writeSome writes what fits into the queue of a socket.
func writeSome(t *testing.T, socket int, data []byte) (written int) {
	t.Helper()
	if err := unix.SetNonblock(socket, true); err != nil {
		t.Error(err)
	}
	for written < len(data) {
		n, err := unix.Write(socket, data[written:])
		if errors.Is(err, unix.EAGAIN) {
			break
		}
		if err != nil {
			t.Error(err)
			break
		}
		written += n
	}
	return written
}

func same(t *testing.T, who string, from io.Reader, want []byte) {
	t.Helper()
	got := make([]byte, len(want))
	if n, err := io.ReadFull(from, got); err != nil {
		t.Errorf("%s read %d of %d bytes: %v", who, n, len(want), err)
	} else if !bytes.Equal(got, want) {
		t.Errorf("%s read other bytes than were written", who)
	}
}

// TestConnectionStays: a move that fails after the dump leaves the connection as it was.
func TestConnectionStays(t *testing.T) {
	inNetwork(t, func(t *testing.T) {
		client, server := connected(t, "tcp4", "127.0.0.1:0")
		if _, err := client.Write([]byte("before ")); err != nil {
			t.Error(err)
		}
		if err := Freeze(server); err != nil {
			t.Error(err)
		}
		if _, err := Dump(server); err != nil {
			t.Error(err)
		}
		if err := Thaw(server); err != nil {
			t.Error(err)
		}
		file := os.NewFile(uintptr(server), "server")
		conn, err := net.FileConn(file)
		if err := errors.Join(err, file.Close()); err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		if _, err := client.Write([]byte("after")); err != nil {
			t.Error(err)
		}
		if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Error(err)
		}
		same(t, "the server", conn, []byte("before after"))
	})
}

// TestDumpRefuses: only established connections are dumped.
func TestDumpRefuses(t *testing.T) {
	inNetwork(t, func(t *testing.T) {
		socket, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
		if err != nil {
			t.Error(err)
			return
		}
		defer unix.Close(socket)
		if _, err := Dump(socket); err == nil {
			t.Error("a socket without a connection is dumped")
		}
	})
}

// TestValidate: what another host says about a connection is held against what there is.
func TestValidate(t *testing.T) {
	good := Connection{Local: netip.MustParseAddrPort("10.0.0.1:80"), Remote: netip.MustParseAddrPort("10.0.0.2:4000"), MSS: 1460}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(c *Connection){
		"no address":               func(c *Connection) { c.Local = netip.AddrPort{} },
		"no port":                  func(c *Connection) { c.Remote = netip.AddrPortFrom(c.Remote.Addr(), 0) },
		"two families":             func(c *Connection) { c.Remote = netip.MustParseAddrPort("[::1]:4000") },
		"multicast":                func(c *Connection) { c.Remote = netip.MustParseAddrPort("224.0.0.1:4000") },
		"no address in particular": func(c *Connection) { c.Local = netip.MustParseAddrPort("0.0.0.0:80") },
		"shift":                    func(c *Connection) { c.SendShift = 15 },
		"segments":                 func(c *Connection) { c.MSS = 0 },
		"queue":                    func(c *Connection) { c.Unread = make([]byte, queueMost+1) },
	} {
		c := good
		if change(&c); c.Validate() == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

// TestSegments: the segments of a connection that has moved are as large as before.
func TestSegments(t *testing.T) {
	for _, address := range []struct{ network, listen string }{{"tcp4", "127.0.0.1:0"}, {"tcp6", "[::1]:0"}} {
		t.Run(address.network, func(t *testing.T) {
			inNetwork(t, func(t *testing.T) {
				for _, most := range []int{0, 1400, 600} { // what the client takes at most; 0: what fits into a packet
					segments(t, address.network, address.listen, most)
				}
			})
		})
	}
}

func segments(t *testing.T, network, address string, most int) {
	t.Helper()
	config := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) (err error) {
		return errors.Join(raw.Control(func(fd uintptr) {
			if most > 0 {
				err = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_MAXSEG, most)
			}
		}), err)
	}}
	listener, err := config.Listen(t.Context(), network, address)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	client, err := net.Dial(network, listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	accepted, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	file, err := accepted.(*net.TCPConn).File()
	if err != nil {
		t.Fatal(err)
	}
	server, err := unix.Dup(int(file.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(Freeze(server), file.Close(), accepted.Close(), Thaw(server)); err != nil {
		t.Fatal(err)
	}
	before := segmentOf(t, server)
	raw, err := move(t, server).(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var after uint32
	if err := raw.Control(func(fd uintptr) { after = segmentOf(t, int(fd)) }); err != nil {
		t.Fatal(err)
	}
	if want := min(before, maxSegmentMost-12); after != want {
		t.Errorf("%s, at most %d: segments of %d bytes, want %d", network, most, after, want)
	}
}

func segmentOf(t *testing.T, socket int) uint32 {
	t.Helper()
	info, err := unix.GetsockoptTCPInfo(socket, unix.IPPROTO_TCP, unix.TCP_INFO)
	if err != nil {
		t.Fatal(err)
	}
	return info.Snd_mss
}
