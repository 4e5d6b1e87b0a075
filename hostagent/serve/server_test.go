package serve

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a listener whose connections are pipes in memory.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipes"} }

// from is a connection that says from which address it comes.
type from struct {
	net.Conn
	address string
}

func (f from) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.ParseIP(f.address), Port: 1} }

// dial connects from an address.
func (p *pipes) dial(address string) net.Conn {
	here, there := net.Pipe()
	p.conns <- from{there, address}
	return here
}

// closedBy says whether the other end closes a connection.
func closedBy(conn net.Conn) bool {
	_, err := io.Copy(io.Discard, conn)
	return err == nil || errors.Is(err, io.EOF)
}

// Whoever neither ends its request nor sends another is let go.
func TestSlowClients(t *testing.T) {
	for name, sent := range map[string]string{
		"nothing is sent":           "",
		"half a head":               "GET / HTTP/1.1\r\nHost: x\r\n",
		"a body without its end":    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf",
		"idle after a whole answer": "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				listener := newPipes()
				server := New(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					_, _ = io.Copy(io.Discard, r.Body)
				}), Limits{})
				go func() { _ = server.Serve() }()
				conn, began := listener.dial("192.0.2.1"), time.Now()
				go func() { _, _ = io.WriteString(conn, sent) }()
				if !closedBy(conn) || time.Since(began) > 31*time.Second {
					t.Errorf("the connection was let go after %v, want 30 s at most", time.Since(began))
				}
				if err := server.Close(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// One client has its share of the connections and no more; others are let in
// beside it, and its place is free again once a connection ends.
func TestShares(t *testing.T) {
	listener := newPipes()
	l := newShared(listener, 3, 2)
	accepted := make(chan net.Conn)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				close(accepted)
				return
			}
			accepted <- conn
		}
	}()
	listener.dial("192.0.2.1")
	first := <-accepted
	listener.dial("192.0.2.1")
	<-accepted
	if third := listener.dial("192.0.2.1"); !closedBy(third) {
		t.Error("a third connection of a client with a share of two was not closed")
	}
	listener.dial("192.0.2.2")
	<-accepted
	// The room is used up: the next one waits until a place is free.
	for range 2 {
		if err := first.Close(); err != nil { // twice gives one place back
			t.Fatal(err)
		}
	}
	listener.dial("192.0.2.3")
	if last := <-accepted; !strings.HasPrefix(last.RemoteAddr().String(), "192.0.2.3") {
		t.Errorf("got %v, want the one that waited", last.RemoteAddr())
	}
	if got := len(l.room); got != 3 {
		t.Errorf("connections: got %d, want the 3 that there is room for", got)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, open := <-accepted; open {
		t.Error("a closed listener accepted a connection")
	}
}

// The kernel says who asks on a local socket.
func TestCaller(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	server := New(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintln(w, CallerOf(r.Context()))
	}), Limits{})
	go func() { _ = server.Serve() }()
	conn, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("(uid %d, pid %d", os.Getuid(), os.Getpid())
	if runtime.GOOS != "linux" {
		want = "unknown"
	}
	if !strings.Contains(string(text), want) {
		t.Errorf("who asked: got %q, want %q in it", text, want)
	}
	if err := errors.Join(response.Body.Close(), server.Close()); err != nil {
		t.Error(err)
	}
	if got := CallerOf(context.Background()).String(); got != "unknown" {
		t.Errorf("nobody: got %q, want unknown", got)
	}
}

// A handler that asked for time goes on while its client waits, and hears when its
// client is gone.
func TestWithin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		listener := newPipes()
		gone := make(chan struct{})
		server := New(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := Within(w, 0); err != nil {
				t.Error(err)
			}
			select {
			case <-r.Context().Done():
				close(gone)
			case <-time.After(time.Hour):
				_, _ = io.WriteString(w, "moved")
			}
		}), Limits{})
		go func() { _ = server.Serve() }()
		for _, patient := range []bool{true, false} {
			conn := listener.dial("192.0.2.1")
			go func() { _, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n") }()
			if !patient {
				time.Sleep(time.Minute)
				_ = conn.Close()
				<-gone
				continue
			}
			response, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatal(err)
			}
			if text, err := io.ReadAll(response.Body); err != nil || string(text) != "moved" {
				t.Errorf("after an hour: got %q, %v, want the answer", text, err)
			}
			_ = conn.Close()
		}
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
}
