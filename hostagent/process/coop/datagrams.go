package coop

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"time"

	"parley/hostagent/process/protocol"
)

// Datagrams is a socket of UDP that moves with the program, with what came to it and was not
// read: its peers notice nothing but the pause.
type Datagrams struct {
	name string
	conn *net.UDPConn
	posture
}

// ListenPacket returns the socket of UDP with a name: the one that came with the program, or a
// new one at an address. Serve begins to read it.
func (p *Process) ListenPacket(name, address string) (*Datagrams, error) {
	if name == "" || strings.Contains(name, "/") {
		return nil, fmt.Errorf("listen: %q is no name of a socket: it has no slash", name)
	}
	d := &Datagrams{name: name}
	d.init()
	came := p.claim(name)
	if len(came) == 0 {
		conn, err := net.ListenPacket("udp", address)
		if err != nil {
			return nil, err
		}
		d.conn = conn.(*net.UDPConn)
	}
	for _, t := range came {
		file := os.NewFile(uintptr(t.fd), t.Name)
		conn, err := net.FilePacketConn(file)
		if err = errors.Join(err, file.Close()); err != nil {
			return nil, fmt.Errorf("listen %s: %w", name, err)
		}
		is := false
		if d.conn, is = conn.(*net.UDPConn); !is {
			return nil, errors.Join(fmt.Errorf("listen %s: what came is a %T", name, conn), conn.Close())
		}
	}
	p.standing = append(p.standing, d)
	return d, nil
}

// Serve calls serve for each datagram, one after the other, on a goroutine of its own, and
// returns at once. data is serve's until it returns, and then used again. An error goes to the
// standard error. Between two calls the program may move. Call it once.
func (d *Datagrams) Serve(serve func(data []byte, from netip.AddrPort) error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.running++
	go d.read(serve)
}

func (d *Datagrams) read(serve func([]byte, netip.AddrPort) error) {
	data := make([]byte, 1<<16)
	for {
		n, from, err := d.conn.ReadFromUDPAddrPort(data)
		switch {
		case errors.Is(err, net.ErrClosed):
			d.mu.Lock()
			defer d.mu.Unlock()
			d.leaves()
			return
		case errors.Is(err, os.ErrDeadlineExceeded): // the program is to stand
		case err != nil: // what became of an earlier answer, say
			fmt.Fprintf(os.Stderr, "parley: socket %s: %v\n", d.name, err)
		default:
			if err := serve(data[:n], netip.AddrPortFrom(from.Addr().Unmap(), from.Port())); err != nil {
				fmt.Fprintf(os.Stderr, "parley: socket %s: %v\n", d.name, err)
			}
		}
		d.rest()
	}
}

// WriteTo sends a datagram.
func (d *Datagrams) WriteTo(data []byte, to netip.AddrPort) (int, error) {
	return d.conn.WriteToUDPAddrPort(data, to)
}

// Addr is the address of the socket.
func (d *Datagrams) Addr() net.Addr { return d.conn.LocalAddr() }

// Close closes the socket.
func (d *Datagrams) Close() error { return d.conn.Close() }

func (d *Datagrams) called() string { return d.name }

func (d *Datagrams) stand() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.still = true
	_ = d.conn.SetReadDeadline(time.Unix(1, 0)) // of one that is closed nobody waits
	d.awaitAll()
}

func (d *Datagrams) wake([]taken) {
	d.mu.Lock()
	defer d.mu.Unlock()
	_ = d.conn.SetReadDeadline(time.Time{})
	d.release()
}

func (d *Datagrams) sockets() ([]protocol.Conn, error) {
	one, err := descriptor(d.name, d.conn)
	if errors.Is(err, net.ErrClosed) {
		return nil, nil // the program has done with it
	}
	return []protocol.Conn{one}, err
}
