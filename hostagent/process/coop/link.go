package coop

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"parley/hostagent/process/protocol"
)

// writeWithin bounds how long a supervisor that does not read can hold the program up.
const writeWithin = 30 * time.Second

// link is the connection to the supervisor. It is made again when it is lost: the
// supervisor may have been restarted, and the program continues meanwhile.
type link struct {
	socket string
	due    *atomic.Bool          // something waits for the next Point
	calls  chan struct{}         // has a value when something does
	begins chan begin            // one value
	stands chan *protocol.Resume // an answer to Suspended
	ends   chan struct{}         // closed by Leave after Done

	mu    sync.Mutex
	hello protocol.Hello // where the program is
	asked *protocol.Suspend
	conn  net.Conn // nil while there is none
	taken []taken  // sockets that came, until the program begins or continues

	writing sync.Mutex
}

// begin is how a program starts.
type begin struct {
	args    []string
	files   map[string]protocol.File
	state   []byte
	from    string
	resumed bool
	taken   []taken
}

func newLink(socket string, hello protocol.Hello, due *atomic.Bool) *link {
	return &link{socket: socket, hello: hello, due: due, calls: make(chan struct{}, 1), begins: make(chan begin, 1),
		stands: make(chan *protocol.Resume, 1), ends: make(chan struct{})}
}

// begin connects, and waits until the program is to begin.
func (l *link) begin() (begin, error) {
	conn, err := net.Dial("unix", l.socket)
	if err != nil {
		return begin{}, err
	}
	go l.listen(conn)
	go func() {
		for range time.Tick(beatEvery / 2) {
			l.call()
		}
	}()
	return <-l.begins, nil
}

// call has the program look at what waits for it.
func (l *link) call() {
	l.due.Store(true)
	select {
	case l.calls <- struct{}{}:
	default: // it is called already
	}
}

// listen serves one connection after the other.
func (l *link) listen(conn net.Conn) {
	const least, most = 20 * time.Millisecond, time.Second
	for wait := least; ; {
		if conn != nil {
			if l.serve(conn) {
				wait = least
			}
		}
		<-time.After(wait)
		wait = min(2*wait, most)
		conn, _ = net.Dial("unix", l.socket) // without a supervisor: tried again
	}
}

// serve says hello and reads until the connection is lost; it says whether anything came.
func (l *link) serve(conn net.Conn) (any bool) {
	defer conn.Close()
	l.writing.Lock()
	l.mu.Lock()
	hello := l.hello
	l.conn = conn
	l.mu.Unlock()
	err := write(conn, &hello, nil)
	l.writing.Unlock()
	defer func() {
		l.mu.Lock()
		l.conn = nil
		l.mu.Unlock()
	}()
	if err != nil {
		return false
	}
	from := &rights{conn: conn.(*net.UnixConn)}
	for r := protocol.FromSupervisor(from); ; any = true {
		m, err := r.Next()
		if err == nil {
			err = l.take(m, r, from)
		}
		if err != nil {
			return any
		}
	}
}

func (l *link) take(m protocol.Message, r *protocol.Reader, from *rights) error {
	switch m := m.(type) {
	case *protocol.Start:
		return l.start(begin{args: m.Args})
	case *protocol.Resume:
		state, err := io.ReadAll(r.State(m.State))
		if err != nil || int64(len(state)) != m.State {
			return errors.Join(err, io.ErrUnexpectedEOF)
		}
		return l.resume(m, state)
	case *protocol.Take:
		list, err := from.take(m)
		if err != nil {
			return err
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		l.taken = append(l.taken, list...)
	case *protocol.Suspend:
		l.mu.Lock()
		defer l.mu.Unlock()
		// One that comes while the program stands counts from when it is resumed.
		if (l.hello.At == protocol.AtRunning || l.hello.At == protocol.AtSuspended) && m.N > l.hello.N {
			l.asked = m
			l.call()
		}
	case *protocol.Leave:
		l.mu.Lock()
		finished := l.hello.At == protocol.AtDone
		l.mu.Unlock()
		if finished {
			close(l.ends)
			select {} // the program ends by itself
		}
		os.Exit(0)
	}
	return nil
}

func (l *link) start(b begin) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.hello.At != protocol.AtNew {
		return nil // it was told twice
	}
	l.hello.At = protocol.AtRunning
	l.begins <- b
	return nil
}

func (l *link) resume(m *protocol.Resume, state []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.hello.At == protocol.AtNew:
		l.hello.At, l.hello.N = protocol.AtRunning, m.N
		l.begins <- begin{m.Args, m.Files, state, m.From, true, l.claim()}
	case l.hello.At == protocol.AtSuspended && m.N == l.hello.N:
		l.hello.At = protocol.AtRunning
		l.stands <- m
	}
	return nil
}

// claim gives up the sockets that came, to the program. The caller holds mu.
func (l *link) claim() []taken {
	list := l.taken
	l.taken = nil
	return list
}

// suspend takes what the supervisor has asked for.
func (l *link) suspend() *protocol.Suspend {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.asked
	l.asked = nil
	if s != nil && s.N <= l.hello.N {
		return nil // it was told twice
	}
	return s
}

// stand says that the program is suspended, and waits until it runs again here. It returns
// the sockets that came meanwhile.
func (l *link) stand(m *protocol.Suspended, state []byte) []taken {
	l.writing.Lock()
	l.mu.Lock()
	l.hello.At, l.hello.N = protocol.AtSuspended, m.N
	conn := l.conn
	l.mu.Unlock()
	l.send(conn, m, state)
	l.writing.Unlock()
	<-l.stands
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.claim()
}

// refuse says that the program cannot be suspended now.
func (l *link) refuse(n int, why error) {
	l.mu.Lock()
	l.hello.N = n
	l.mu.Unlock()
	text := why.Error()
	l.say(&protocol.Cannot{N: n, Why: text[:min(len(text), protocol.TextMost)]}, nil)
}

// done says that the program has finished, and waits until the supervisor knows.
func (l *link) done(code int) {
	l.writing.Lock()
	l.mu.Lock()
	l.hello.At, l.hello.Code = protocol.AtDone, code
	conn := l.conn
	l.mu.Unlock()
	l.send(conn, &protocol.Done{Code: code}, nil)
	l.writing.Unlock()
	<-l.ends
}

// say sends a message, or drops it while there is no connection.
func (l *link) say(m protocol.Message, state []byte) {
	l.writing.Lock()
	defer l.writing.Unlock()
	l.mu.Lock()
	conn := l.conn
	l.mu.Unlock()
	l.send(conn, m, state)
}

// send writes to a connection. One that fails is closed: the next hello says where the
// program is. The caller holds writing.
func (l *link) send(conn net.Conn, m protocol.Message, state []byte) {
	if conn == nil {
		return
	}
	if err := write(conn, m, state); err != nil {
		fmt.Fprintln(os.Stderr, "parley: the supervisor:", err)
		conn.Close()
	}
}

func write(conn net.Conn, m protocol.Message, state []byte) error {
	if err := conn.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
		return err
	}
	return protocol.Write(conn, m, bytes.NewReader(state))
}
