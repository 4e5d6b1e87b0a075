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
	bytesAtOnce    = 2 * protocol.LineMost
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
	rides   []int  // descriptors
	done    func() // called once it is written, or never will be; nil for none
}

func (o outgoing) over() {
	if o.done != nil {
		o.done()
	}
}

func newLink(ctx context.Context, conn net.Conn) *link {
	l := &link{conn: conn, queue: make(chan outgoing, queueMost), ended: make(chan struct{})}
	l.pace = &pace{ctx: ctx, limit: rate.NewLimiter(bytesPerSecond, bytesAtOnce)}
	l.reader = protocol.FromProgram(conn)
	return l
}

// send queues a message. A program that reads none loses its connection.
func (l *link) send(m protocol.Message, state string) { l.queueUp(outgoing{message: m, state: state}) }

func (l *link) queueUp(o outgoing) {
	select {
	case l.queue <- o:
	default:
		l.close()
		o.over()
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
	defer l.drop()
	for {
		select {
		case o := <-l.queue:
			err := l.put(o)
			o.over()
			if err != nil {
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

// drop gives up what is queued, once nobody writes any more.
func (l *link) drop() {
	for {
		select {
		case o := <-l.queue:
			o.over()
		default:
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
	if len(o.rides) > 0 {
		line, err := protocol.Line(o.message)
		if err != nil {
			return err
		}
		return writeRiding(l.conn, line, o.rides)
	}
	return protocol.Write(l.conn, o.message, state)
}

// pace lets a program say no more than it may. A state does not count.
type pace struct {
	ctx   context.Context
	limit *rate.Limiter
	slow  func() // called when the program is faster
}

// charge counts a line, and waits until there may be another.
func (p *pace) charge(bytes int) error {
	if p.limit.TokensAt(time.Now()) < float64(bytes) && p.slow != nil {
		p.slow()
	}
	return p.limit.WaitN(p.ctx, bytes)
}
