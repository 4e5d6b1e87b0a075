package coop

import (
	"bufio"
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

// Conn is a connection of a Server. One goroutine reads it.
type Conn struct {
	id    string
	of    *Server
	tcp   *net.TCPConn
	came  []byte // what was read before the move, and not used
	in    *bufio.Reader
	waits bool   // in Point
	value any    // see Carry
	had   []byte // what it was, until Carry asks for it
}

func newConn(of *Server, id string, tcp *net.TCPConn, came keptOfConn) *Conn {
	c := &Conn{id: id, of: of, tcp: tcp, came: came.Unused, had: came.Value}
	c.in = bufio.NewReader(source{c})
	return c
}

// ID names the connection, the same on every host: the server's name and a number.
func (c *Conn) ID() string { return c.id }

// Carry names what is known of the connection, and moves with it. value is a pointer; if the
// connection has moved, it is set here to what it was. Of a struct the exported fields are
// carried (encoding/gob). It is read while the connection is at its Point. Call it once, at
// the beginning.
func (c *Conn) Carry(value any) error {
	c.of.mu.Lock()
	defer c.of.mu.Unlock()
	had := c.had
	c.value, c.had = value, nil
	if had == nil {
		return nil
	}
	if err := gob.NewDecoder(bytes.NewReader(had)).Decode(value); err != nil {
		return fmt.Errorf("carry what is known of the connection %s: is the program the same on both hosts? %w", c.id, err)
	}
	return nil
}

// kept is what moves of a connection that rests. The caller holds the server's mu.
func (c *Conn) kept() (k keptOfConn, err error) {
	k = keptOfConn{ID: c.id, Unused: c.unused(), Value: c.had}
	if c.value != nil {
		var value bytes.Buffer
		if err := gob.NewEncoder(&value).Encode(c.value); err != nil {
			return k, fmt.Errorf("carry what is known of the connection %s: %w", c.id, err)
		}
		k.Value = value.Bytes()
	}
	k.Rest = make([]byte, restUnit-(len(k.Unused)+len(k.Value))%restUnit)
	return k, nil
}

// Reader reads the connection. What it has read ahead moves with the connection.
func (c *Conn) Reader() *bufio.Reader { return c.in }

// Write writes to the connection.
func (c *Conn) Write(data []byte) (int, error) { return c.tcp.Write(data) }

// SetWriteDeadline bounds writes, as that of a net.Conn.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.tcp.SetWriteDeadline(t) }

// RemoteAddr is the address of the peer.
func (c *Conn) RemoteAddr() net.Addr { return c.tcp.RemoteAddr() }

// Close ends the connection.
func (c *Conn) Close() error { return c.tcp.Close() }

// Point waits until the peer has sent something, and is the safe point of the connection:
// here it may move, and Point may never return. Call it before each message, with nothing of
// the last one left unanswered. It returns io.EOF once the peer has ended the connection.
func (c *Conn) Point() error {
	for {
		c.of.rest()
		if c.in.Buffered() > 0 {
			return nil
		}
		c.waits = true
		_, err := c.in.Peek(1)
		c.waits = false
		if errors.Is(err, os.ErrDeadlineExceeded) {
			continue
		}
		c.of.rest() // it may have been asked to while something came
		return err
	}
}

// source is what the reader of a connection reads from.
type source struct{ *Conn }

func (s source) Read(into []byte) (int, error) {
	if len(s.came) > 0 {
		n := copy(into, s.came)
		s.came = s.came[n:]
		return n, nil
	}
	for {
		n, err := s.tcp.Read(into)
		if n == 0 && errors.Is(err, os.ErrDeadlineExceeded) && !s.waits {
			// The program is to stand, and this connection is within a message.
			if err := s.tcp.SetReadDeadline(time.Time{}); err != nil {
				return 0, err
			}
			continue
		}
		return n, err
	}
}

// interrupt ends a wait for the next message.
func (c *Conn) interrupt() { _ = c.tcp.SetReadDeadline(time.Unix(1, 0)) } // of one that is closed nobody waits

// resume ends the effect of interrupt.
func (c *Conn) resume() { _ = c.tcp.SetReadDeadline(time.Time{}) }

// unused is what was read ahead. The connection rests.
func (c *Conn) unused() []byte {
	ahead, _ := c.in.Peek(c.in.Buffered()) // never fails: it is there
	return append(append([]byte(nil), ahead...), c.came...)
}
