package coop

import (
	"cmp"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"parley/hostagent/process/protocol"
)

// Server is a listening socket of TCP with its connections. They move with the program, and
// their peers notice nothing but the pause. A goroutine serves each connection.
type Server struct {
	name     string
	listener *net.TCPListener
	serve    func(*Conn) error

	posture // its mutex guards what follows
	conns   map[string]*Conn
	last    uint64   // number of a connection
	lost    []string // see Lost
}

// keptOfServer is what moves of a server beside its sockets.
type keptOfServer struct {
	Last  uint64
	Conns []keptOfConn // in the order of their numbers, so that two states differ in what has changed
}

// keptOfConn is what moves of a connection beside its socket.
type keptOfConn struct {
	ID     string
	Unused []byte // what was read of it, and not used
	Value  []byte // see Conn.Carry
	// Rest fills up to a multiple of restUnit: what follows stays in its place when a value grows
	// by a few bytes, and has not to be sent again for that.
	Rest []byte
}

// restUnit makes Rest 1 to 127 bytes long, so that gob writes its length in one byte.
const restUnit = 127

// Listen returns the server with a name: the one that came with the program, or a new one
// that listens at an address of TCP. Serve begins to serve.
func (p *Process) Listen(name, address string) (*Server, error) {
	if name == "" || strings.Contains(name, "/") {
		return nil, fmt.Errorf("listen: %q is no name of a server: it has no slash", name)
	}
	s := &Server{name: name, conns: map[string]*Conn{}}
	s.posture.init()
	var before keptOfServer
	if err := p.CarryFunc("server "+name, s.save, func(r io.Reader) error { return gob.NewDecoder(r).Decode(&before) }); err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	s.last = before.Last
	were := map[string]keptOfConn{}
	for _, k := range before.Conns {
		were[k.ID] = k
	}
	if err := s.arrive(p.claim(name), were); err != nil {
		return nil, fmt.Errorf("listen %s: %w", name, err)
	}
	if s.listener == nil {
		var config net.ListenConfig
		config.SetMultipathTCP(false) // the kernel repairs plain connections only
		l, err := config.Listen(context.Background(), "tcp", address)
		if err != nil {
			return nil, err
		}
		s.listener = l.(*net.TCPListener)
	}
	p.standing = append(p.standing, s)
	return s, nil
}

// claim removes the sockets of a server from those that came.
func (p *Process) claim(name string) (list []taken) {
	rest := p.taken[:0]
	for _, t := range p.taken {
		if of, _, _ := strings.Cut(t.Name, "/"); of == name {
			list = append(list, t)
		} else {
			rest = append(rest, t)
		}
	}
	p.taken = rest
	return list
}

// arrive makes what has come the server's own.
func (s *Server) arrive(list []taken, were map[string]keptOfConn) error {
	for _, t := range list {
		file := os.NewFile(uintptr(t.fd), t.Name)
		err := s.arriveOne(t, file, were)
		if err := errors.Join(err, file.Close()); err != nil {
			return fmt.Errorf("the socket %s: %w", t.Name, err)
		}
	}
	for id := range were {
		if s.conns[id] == nil {
			s.lost = append(s.lost, id)
		}
	}
	slices.Sort(s.lost)
	return nil
}

func (s *Server) arriveOne(t taken, file *os.File, were map[string]keptOfConn) error {
	if t.Name == s.name && !t.Accepted {
		l, err := net.FileListener(file)
		if err != nil {
			return err
		}
		is := false
		if s.listener, is = l.(*net.TCPListener); !is {
			return errors.Join(fmt.Errorf("it is a %T", l), l.Close())
		}
		return nil
	}
	c, err := net.FileConn(file)
	if err != nil {
		return err
	}
	tcp, is := c.(*net.TCPConn)
	if !is {
		return errors.Join(fmt.Errorf("it is a %T", c), c.Close())
	}
	id := t.Name
	if t.Accepted {
		id = s.number()
	}
	s.conns[id] = newConn(s, id, tcp, were[id])
	return nil
}

func (s *Server) number() string {
	s.last++
	return s.name + "/" + strconv.FormatUint(s.last, 10)
}

// Lost are the connections, by their ids, that have ended while the program moved, or with a
// program that was started again from a checkpoint.
func (s *Server) Lost() []string { return s.lost }

// Serve calls serve for each connection, on a goroutine of its own: for those that came with
// the program, and for each new one. When serve returns the connection is closed, and an
// error goes to the standard error. Serve itself returns at once. Call it once.
//
// serve calls Point of the connection before each message. At a move it begins again at the
// other host: what it needs to know of a connection from message to message is carried with
// the connection (Conn.Carry), or by the program under the connection's ID.
func (s *Server) Serve(serve func(*Conn) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serve = serve
	s.running++
	go s.accept()
	for _, c := range s.conns {
		s.begin(c)
	}
}

// Addr is where the server listens.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// accept takes connections until the listening socket is closed.
func (s *Server) accept() {
	for {
		conn, err := s.listener.AcceptTCP()
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			s.rest()
		case errors.Is(err, net.ErrClosed):
			s.ends("")
			return
		case err != nil:
			s.say(err)
			<-time.After(acceptAgain) // there may be too many open files
			s.rest()
		default:
			s.mu.Lock()
			s.add(conn)
			s.mu.Unlock()
		}
	}
}

// acceptAgain is how long a server waits after an error.
const acceptAgain = 100 * time.Millisecond

// add serves a new connection. The caller holds mu.
func (s *Server) add(conn *net.TCPConn) {
	id := s.number()
	c := newConn(s, id, conn, keptOfConn{})
	s.conns[id] = c
	if s.serve != nil {
		s.begin(c)
	}
}

// begin serves a connection. The caller holds mu.
func (s *Server) begin(c *Conn) {
	s.running++
	if s.still {
		c.interrupt()
	}
	go func() {
		err := s.serve(c)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) && !errors.Is(err, syscall.ECONNRESET) {
			s.say(fmt.Errorf("connection %s: %w", c.id, err))
		}
		_ = c.tcp.Close() // it may be closed already
		s.ends(c.id)
	}()
}

func (s *Server) ends(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, id)
	s.leaves()
}

func (s *Server) say(err error) { fmt.Fprintln(os.Stderr, "parley:", err) }

// stand has all goroutines of the server stand still, each at its safe point.
func (s *Server) stand() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.still = true
	past := time.Unix(1, 0)
	_ = s.listener.SetDeadline(past) // of one that is closed nobody waits
	for _, c := range s.conns {
		c.interrupt()
	}
	s.awaitAll()
}

// wake lets all goroutines continue, and serves what the supervisor has accepted meanwhile.
func (s *Server) wake(accepted []taken) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := maps.Clone(s.conns)
	if err := s.arrive(accepted, nil); err != nil {
		s.say(err) // its peer sees that it ends
	}
	for id, c := range s.conns {
		if before[id] == nil && s.serve != nil {
			s.begin(c)
		}
	}
	_ = s.listener.SetDeadline(time.Time{})
	for _, c := range s.conns {
		c.resume()
	}
	s.release()
}

// save writes what moves of a server that stands still.
func (s *Server) save(w io.Writer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := keptOfServer{Last: s.last}
	for _, c := range s.conns {
		one, err := c.kept()
		if err != nil {
			return err
		}
		k.Conns = append(k.Conns, one)
	}
	slices.SortFunc(k.Conns, func(a, b keptOfConn) int {
		return cmp.Or(cmp.Compare(len(a.ID), len(b.ID)), cmp.Compare(a.ID, b.ID))
	})
	return gob.NewEncoder(w).Encode(k)
}

// sockets are the descriptors of a server that stands still.
func (s *Server) sockets() ([]protocol.Conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one, err := descriptor(s.name, s.listener)
	list := []protocol.Conn{one}
	for id, c := range s.conns {
		one, failed := descriptor(id, c.tcp)
		list, err = append(list, one), errors.Join(err, failed)
	}
	return list, err
}

// descriptor is a socket of the program under the name by which it moves.
func descriptor(name string, of syscall.Conn) (c protocol.Conn, err error) {
	raw, err := of.SyscallConn()
	if err != nil {
		return c, err
	}
	err = raw.Control(func(fd uintptr) { c = protocol.Conn{FD: int(fd), Name: name} })
	return c, err
}

func (s *Server) called() string { return s.name }
