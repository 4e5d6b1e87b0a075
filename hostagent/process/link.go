package process

import (
	"context"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"parley/hostagent/process/protocol"
)

// What a program may say: lines in a second, and at once. A state does not count.
const (
	bytesPerSecond = 64 << 10
	bytesAtOnce    = 256 << 10
	// writeWithin bounds how long a program may take to read a line; a state has a second
	// more for each slowState bytes.
	writeWithin = 10 * time.Second
	slowState   = 4 << 20
	queueMost   = 8 // messages that wait for a program that does not read
)

// link is the connection of a program. Messages to it are queued: a program that does not
// read stops nobody.
type link struct {
	conn   net.Conn
	reader *protocol.Reader
	pace   *pace
	queue  chan outgoing
	once   sync.Once
	ended  chan struct{}
}

type outgoing struct {
	message protocol.Message
	state   string // the file that follows it; "" for none
}

func newLink(ctx context.Context, conn net.Conn) *link {
	l := &link{conn: conn, queue: make(chan outgoing, queueMost), ended: make(chan struct{})}
	l.pace = &pace{ctx: ctx, from: conn, limit: rate.NewLimiter(bytesPerSecond, bytesAtOnce)}
	l.reader = protocol.FromProgram(l.pace)
	return l
}

// send queues a message. A program that reads none loses its connection.
func (l *link) send(m protocol.Message, state string) {
	select {
	case l.queue <- outgoing{m, state}:
	default:
		l.close()
	}
}

func (l *link) close() {
	l.once.Do(func() {
		close(l.ended)
		_ = l.conn.Close() // the program connects again
	})
}

// write sends what is queued until the connection ends.
func (l *link) write() {
	for {
		select {
		case o := <-l.queue:
			if l.put(o) != nil {
				l.close()
				return
			}
			if _, last := o.message.(*protocol.Leave); last {
				return
			}
		case <-l.ended:
			return
		}
	}
}

func (l *link) put(o outgoing) error {
	within := writeWithin
	var state io.Reader
	if o.state != "" {
		file, err := os.Open(o.state)
		if err != nil {
			return err
		}
		defer file.Close()
		info, err := file.Stat()
		if err != nil {
			return err
		}
		state = file
		within += time.Duration(info.Size()/slowState) * time.Second
	}
	if err := l.conn.SetWriteDeadline(time.Now().Add(within)); err != nil {
		return err
	}
	return protocol.Write(l.conn, o.message, state)
}

// pace reads no faster than a program may talk.
type pace struct {
	ctx   context.Context
	from  io.Reader
	limit *rate.Limiter
	free  bool   // a state is read
	slow  func() // called when the program is faster
}

func (p *pace) Read(into []byte) (int, error) {
	n, err := p.from.Read(into)
	if p.free || n == 0 {
		return n, err
	}
	if p.limit.TokensAt(time.Now()) < float64(n) && p.slow != nil {
		p.slow()
	}
	if wait := p.limit.WaitN(p.ctx, n); wait != nil {
		return 0, wait
	}
	return n, err
}
