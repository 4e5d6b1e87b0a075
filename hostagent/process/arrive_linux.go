package process

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"

	"golang.org/x/sys/unix"

	"parley/hostagent/connections"
	"parley/hostagent/guestnet"
	"parley/hostagent/handover"
	"parley/hostagent/process/protocol"
)

// arriving are the sockets of a program that comes.
type arriving struct {
	room   *guestnet.Room // nil after a restart of the agent
	port   *guestnet.Port
	hold   *guestnet.Hold
	placed map[ends]int // sockets that were made beforehand
	come   []come       // in the order in which they came
}

// ends are the ends of a connection; of a socket that listens, the remote one is not valid.
type ends struct{ local, remote netip.AddrPort }

// come is a socket that has come, and is made here.
type come struct {
	travelling
	fd int
}

// expects makes ready for the sockets of a guest, and to hold what comes for it before it is
// here.
func (v moves) expects(g *guest) error {
	a := &arriving{placed: map[ends]int{}}
	v.p.mu.Lock()
	g.way.arriving = a
	v.p.mu.Unlock()
	of, port := g.rec.Spec.Network, v.p.networks.port(g.rec.ID)
	var err error
	if a.room, err = guestnet.Enter(v.p.networks.namespace(g.rec.ID)); err != nil {
		return err
	}
	if a.port, err = of.OpenPort(a.room, port); err != nil {
		return err
	}
	a.hold, err = of.MakeHold(port)
	return err
}

// arrivingOf is what comes for a guest; nil after a restart of the agent, and for a guest
// without a network of its own.
func (v moves) arrivingOf(g *guest) *arriving {
	v.p.mu.Lock()
	defer v.p.mu.Unlock()
	return g.way.arriving
}

// receivePlaces makes sockets while the program works at the source.
func (v moves) receivePlaces(g *guest, part io.Reader) error {
	var all places
	if err := readSized(part, &all); err != nil {
		return err
	}
	a := v.arrivingOf(g)
	if a == nil || len(all.Local) != len(all.Remote) || len(all.Local)+len(all.Listen)+len(a.placed) > socketsMost {
		return errors.New("the places of sockets are none of this guest")
	}
	if len(all.Known) > knownMost {
		return fmt.Errorf("it knows %d neighbours, more than %d", len(all.Known), knownMost)
	}
	if err := g.rec.Spec.Network.Learn(v.p.networks.namespace(g.rec.ID), all.Known); err != nil {
		return err
	}
	return a.room.Do(func() error {
		for _, text := range all.Listen {
			at, err := netip.ParseAddrPort(text)
			if err != nil {
				return err
			}
			if _, err := a.listen(at); err != nil {
				return err
			}
		}
		for i := range all.Local {
			local, err := netip.ParseAddrPort(all.Local[i])
			if err != nil {
				return err
			}
			remote, err := netip.ParseAddrPort(all.Remote[i])
			if err != nil {
				return err
			}
			if _, err := a.place(ends{local, remote}); err != nil {
				return err
			}
		}
		return nil
	})
}

// place returns the socket of a connection, and makes it if there is none yet. The caller is
// inside of the guest's namespace.
func (a *arriving) place(at ends) (fd int, err error) {
	if fd, is := a.placed[at]; is {
		return fd, nil
	}
	if fd, err = connections.Place(at.local); err == nil {
		a.placed[at] = fd
	}
	return fd, err
}

// listen returns a socket that listens, as place does.
func (a *arriving) listen(at netip.AddrPort) (fd int, err error) {
	key := ends{local: at}
	if fd, is := a.placed[key]; is {
		return fd, nil
	}
	if fd, err = connections.Listen(at); err != nil {
		return -1, err
	}
	a.placed[key] = fd
	return fd, nil
}

// receiveTurn turns the bridges to this host, and says so.
func (v moves) receiveTurn(g *guest, part handover.Part) error {
	a := v.arrivingOf(g)
	if a == nil {
		return errors.New("the guest has no network of its own here")
	}
	if err := answer(part); err != nil {
		return err
	}
	if err := a.hold.Turn(); err != nil {
		return err
	}
	_, err := part.Write([]byte{1})
	return err
}

// receiveSockets makes the connections of a program, which do nothing yet. It answers each,
// if the source waits for that.
func (v moves) receiveSockets(ctx context.Context, g *guest, part handover.Part, answers bool) error {
	a := v.arrivingOf(g)
	if a == nil {
		return errors.New("the guest has no network of its own here")
	}
	// The source may have said something between the turn and the cut.
	if err := a.hold.Turn(); err != nil {
		return err
	}
	// A second agent of this host finds here what the kernel has not sent.
	kept, err := os.OpenFile(v.p.store.sockets(g.rec.ID), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer kept.Close()
	buffered := bufio.NewWriterSize(kept, pieceBytes)
	from := io.TeeReader(part, buffered)
	err = a.room.Do(func() error {
		for {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			var t travelling
			if err := readSized(from, &t); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
			if err := a.fill(t); err != nil {
				return err
			}
			if answers {
				if _, err := part.Write([]byte{1}); err != nil {
					return err
				}
			}
		}
	})
	return errors.Join(err, buffered.Flush())
}

func (a *arriving) fill(t travelling) error {
	if err := t.validate(); err != nil {
		return err
	}
	if len(a.come) == socketsMost {
		return fmt.Errorf("more than %d sockets", socketsMost)
	}
	var fd int
	var err error
	switch {
	case t.UDP != nil:
		fd, err = connections.PlaceDatagrams(*t.UDP)
	case t.TCP == nil:
		fd, err = a.listen(netip.MustParseAddrPort(t.Listens)) // validate has parsed it
	default:
		if fd, err = a.place(ends{t.TCP.Local, t.TCP.Remote}); err == nil {
			err = connections.Fill(fd, *t.TCP)
		}
	}
	if err != nil {
		return fmt.Errorf("the socket %q: %w", t.Name, err)
	}
	a.come = append(a.come, come{t, fd})
	return nil
}

// handSockets gives the program its sockets, and returns once they are its own. They do
// nothing yet.
func (v moves) handSockets(ctx context.Context, g *guest) error {
	p := v.p
	p.mu.Lock()
	a, l := g.way.arriving, g.link
	if a == nil || len(a.come) == 0 {
		p.mu.Unlock()
		return nil
	}
	if l == nil || g.at != protocol.AtNew {
		p.mu.Unlock()
		return errors.New("its program is not there any more" + p.lastWords(g))
	}
	list := make([]held, 0, len(a.come))
	for _, c := range a.come {
		list = append(list, held{Taken: protocol.Taken{Name: c.Name, Accepted: c.Accepted}, fd: c.fd})
	}
	written := make(chan struct{})
	l.take(list, func() { close(written) })
	p.mu.Unlock()
	select {
	case <-written:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// releaseSockets lets the connections of a program live that is about to be told to resume.
// The caller holds mu.
func (v moves) releaseSockets(g *guest) error {
	p := v.p
	of := g.rec.Spec.Network
	if of == nil {
		return nil
	}
	a := g.way.arriving
	if a == nil { // the agent was started again
		var err error
		if a, err = v.findSockets(g); err != nil {
			return err
		}
		g.way.arriving = a
	}
	if err := v.deliver(g, a); err != nil {
		p.log.Warn("datagrams have not come along", "event", "datagrams_lost", "guest", g.rec.Spec.Name, "error", err)
	}
	if err := v.opens(g, a); err != nil {
		return err
	}
	for _, c := range a.come {
		if c.TCP == nil {
			continue
		}
		rest, err := connections.Release(c.fd, *c.TCP)
		if err == nil && len(rest) > 0 {
			err = writeRest(c.fd, rest)
		}
		if err != nil { // this one ends, and the others live
			p.log.Error("a connection has not come along", "event", "connection_lost", "guest", g.rec.Spec.Name,
				"connection", c.Name, "error", err)
		}
	}
	if a.hold == nil { // that of the agent before: what it has held is sent again
		return errors.Join(guestnet.RemoveHold(p.networks.port(g.rec.ID)), p.store.removeSockets(g.rec.ID))
	}
	if _, err := a.hold.HandOver(a.port); err != nil {
		p.log.Warn("what came too early is not handed over: its senders send it again", "event", "hold_not_handed_over",
			"guest", g.rec.Spec.Name, "error", err)
	}
	return p.store.removeSockets(g.rec.ID)
}

// deliver gives the program's sockets of UDP what had come to them. The port is cut still, so
// that it stays before what comes later.
func (v moves) deliver(g *guest, a *arriving) error {
	var all []connections.Datagram
	for _, c := range a.come {
		if c.UDP != nil {
			all = append(all, c.UDP.Unread...)
		}
	}
	if len(all) == 0 {
		return nil
	}
	own := g.rec.Spec.Network.Own()
	each := func() (err error) {
		for _, one := range all {
			err = errors.Join(err, connections.Deliver(one, own))
		}
		return err
	}
	if a.room == nil { // the agent was started again
		return guestnet.Inside(v.p.networks.namespace(g.rec.ID), each)
	}
	return a.room.Do(each)
}

// opens opens the port of a guest, and says so to the bridges.
func (v moves) opens(g *guest, a *arriving) error {
	if a.port == nil {
		return v.p.networks.open(g.rec.ID, *g.rec.Spec.Network)
	}
	return errors.Join(a.port.Set(true), a.port.Announce())
}

// writeRest makes room for what a program had written and the kernel has not sent.
func writeRest(fd int, rest []byte) error {
	size, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF)
	if err == nil {
		err = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUFFORCE, size+2*len(rest))
	}
	for err == nil && len(rest) > 0 {
		var n int
		if n, err = unix.Write(fd, rest); n > 0 {
			rest = rest[n:]
		}
		if errors.Is(err, unix.EINTR) {
			err = nil
		}
	}
	return err
}

// findSockets finds the sockets that an agent before this one has handed to a program.
func (v moves) findSockets(g *guest) (*arriving, error) {
	p := v.p
	a := &arriving{}
	kept, err := os.Open(p.store.sockets(g.rec.ID))
	if errors.Is(err, os.ErrNotExist) {
		return a, nil
	}
	if err != nil {
		return nil, err
	}
	defer kept.Close()
	were, datagrams := map[ends]travelling{}, map[ends]travelling{}
	for {
		var t travelling
		if err := readSized(kept, &t); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		switch {
		case t.TCP != nil:
			were[ends{t.TCP.Local, t.TCP.Remote}] = t
		case t.UDP != nil:
			at := ends{t.UDP.Local, t.UDP.Remote}
			if other := datagrams[at].UDP; other != nil { // they share an address
				t.UDP.Unread = append(other.Unread, t.UDP.Unread...)
			}
			datagrams[at] = t
		}
	}
	all, err := fetchAll(g.rec.Process.PID)
	if err != nil {
		return nil, err
	}
	for _, h := range all {
		local, remote := connections.Ends(h.fd)
		t, is := were[ends{local, remote}]
		if h.datagrams {
			t, is = datagrams[ends{local, remote}]
			delete(datagrams, ends{local, remote}) // each is delivered once
		}
		if is && (h.datagrams || h.inRepair()) {
			a.come = append(a.come, come{t, h.fd})
		} else if err := unix.Close(h.fd); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// arrived gives up what is left of the arrival of a guest's sockets: the program has them, or
// never gets them. It touches nothing that a later move has made.
func (v moves) arrived(g *guest) {
	p := v.p
	p.mu.Lock()
	a := g.way.arriving
	g.way.arriving = nil
	p.mu.Unlock()
	if a == nil {
		return
	}
	if err := a.close(); err != nil {
		p.log.Warn("what is left of a move cannot be removed", "event", "process_move_left", "guest", g.rec.Spec.Name, "error", err)
	}
}

// close closes the supervisor's own descriptors of the sockets, and ends the hold.
func (a *arriving) close() (err error) {
	if a.hold != nil {
		err = a.hold.Close()
	}
	if a.port != nil {
		err = errors.Join(err, a.port.Close())
	}
	if a.room != nil {
		a.room.Close()
	}
	closed := map[int]bool{}
	for _, fd := range a.placed {
		closed[fd] = true
		err = errors.Join(err, unix.Close(fd))
	}
	for _, c := range a.come {
		if !closed[c.fd] {
			err = errors.Join(err, unix.Close(c.fd))
		}
	}
	return err
}
