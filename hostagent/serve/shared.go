package serve

import (
	"net"
	"sync"
)

// shared is a listener with room for some connections, of which one client has a
// share only. Beyond the room clients wait, not accepted; beyond its share a
// client's connection is closed, so that it keeps nobody else out. netutil's
// LimitListener has no shares, and hides the connection that knows its caller.
type shared struct {
	net.Listener
	room      chan struct{} // holds one value for each connection
	perClient int

	closing sync.Once
	closed  chan struct{}

	mu    sync.Mutex
	count map[string]int
}

func newShared(listener net.Listener, room, perClient int) *shared {
	return &shared{
		Listener: listener, room: make(chan struct{}, room), perClient: perClient,
		closed: make(chan struct{}), count: map[string]int{},
	}
}

// Accept returns the next connection of a client that is within its share.
func (l *shared) Accept() (net.Conn, error) {
	for {
		select {
		case l.room <- struct{}{}:
		case <-l.closed:
			return nil, net.ErrClosed
		}
		conn, err := l.Listener.Accept()
		if err != nil {
			<-l.room
			return nil, err
		}
		if c := l.enter(conn); c != nil {
			return c, nil
		}
		_ = conn.Close() // its client has no share left
		<-l.room
	}
}

// Close stops to accept; connections stay.
func (l *shared) Close() error {
	l.closing.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

func (l *shared) enter(conn net.Conn) net.Conn {
	c := &counted{Conn: conn, of: l, caller: callerOf(conn)}
	c.client = clientOf(c.caller, conn)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.count[c.client] >= l.perClient {
		return nil
	}
	l.count[c.client]++
	return c
}

func (l *shared) leave(client string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.count[client]--; l.count[client] <= 0 {
		delete(l.count, client)
	}
	<-l.room
}

// counted is a connection that gives its place back once.
type counted struct {
	net.Conn
	of     *shared
	client string
	caller Caller
	once   sync.Once
}

func (c *counted) Close() error {
	err := c.Conn.Close()
	c.once.Do(func() { c.of.leave(c.client) })
	return err
}

// clientOf names who a connection is of: the user on a local socket, the address
// without its port on others.
func clientOf(caller Caller, conn net.Conn) string {
	if caller.Known {
		return caller.user()
	}
	address := conn.RemoteAddr().String()
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return address
}
