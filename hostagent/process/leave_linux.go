package process

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"golang.org/x/sys/unix"

	"parley/hostagent/connections"
	"parley/hostagent/guestnet"
	"parley/hostagent/handover"
	"parley/hostagent/process/protocol"
)

// leaving are the sockets of a program that leaves.
type leaving struct {
	own      []held // those that the program named
	accepted []held // those that the supervisor has accepted for it, while it stood
}

func (l *leaving) all() []held { return slices.Concat(l.own, l.accepted) }

// sendPlaces says which sockets the target can make while the program works.
func (v moves) sendPlaces(g *guest, to handover.Out) error {
	list, err := fetchAll(g.rec.Process.PID)
	if err != nil {
		return err
	}
	all := places{Listen: []string{}, Local: []string{}, Remote: []string{}}
	for _, h := range list {
		local, remote := connections.Ends(h.fd)
		switch {
		case h.datagrams: // it is made when it comes
		case h.listens && local.IsValid():
			all.Listen = append(all.Listen, local.String())
		case local.IsValid() && remote.IsValid():
			all.Local, all.Remote = append(all.Local, local.String()), append(all.Remote, remote.String())
		}
	}
	if err := closeAll(list); err != nil {
		return err
	}
	if all.Known, err = guestnet.Neighbours(v.p.networks.namespace(g.rec.ID)); err != nil {
		return err
	}
	all.Known = all.Known[:min(len(all.Known), knownMost)]
	part, err := to.Part(partPlaces)
	if err != nil {
		return err
	}
	if err := writeSized(part, all); err != nil {
		return err
	}
	return part.CloseWrite()
}

// sendSockets freezes the connections of a program that stands, and sends them. From here on
// thaw lets them live again.
func (v moves) sendSockets(ctx context.Context, m handover.Move, g *guest, conns []protocol.Conn, to handover.Out) error {
	p := v.p
	own, err := fetch(g.rec.Process.PID, conns)
	if err != nil {
		return err
	}
	l := &leaving{own: own}
	p.mu.Lock()
	g.way.leaving, g.way.touched = l, true
	p.mu.Unlock()
	if err := g.way.handshakes.end(ctx, own); err != nil {
		return err
	}
	// First the bridges are turned, then the port is cut: what is on its way still comes here.
	if err := v.turn(to); err != nil {
		return err
	}
	if err := p.networks.cut(m.Guest); err != nil {
		return err
	}
	for _, h := range own {
		if h.listens {
			l.accept(h)
		}
	}
	iterative := p.options.Connections == Iterative
	name := partSockets
	if iterative {
		name = partEach
	}
	part, err := to.Part(name)
	if err != nil {
		return err
	}
	gathered := bufio.NewWriterSize(part, pieceBytes)
	for _, h := range l.all() {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		t, err := h.dump()
		if errors.Is(err, connections.ErrEnding) {
			continue // its peer has ended it: it ends here
		}
		if err == nil {
			err = writeSized(gathered, t)
		}
		if err == nil && iterative {
			if err = gathered.Flush(); err == nil {
				err = answer(part)
			}
		}
		if err != nil {
			return fmt.Errorf("the socket %q: %w", h.Name, err)
		}
	}
	if err := gathered.Flush(); err != nil {
		return err
	}
	return part.CloseWrite()
}

// turn has the target turn the bridges to itself.
func (v moves) turn(to handover.Out) error {
	part, err := to.Part(partTurn)
	if err == nil {
		_, err = part.Write([]byte{1})
	}
	if err == nil {
		err = answer(part)
	}
	return err
}

// answer waits for the byte by which the other host says that it has done something.
func answer(part handover.Part) error {
	_, err := io.ReadFull(part, make([]byte, 1))
	return err
}

// accept takes the connections that a program has not accepted yet: they do not move with
// the socket that listens.
func (l *leaving) accept(from held) {
	for len(l.accepted) < socketsMost/2 {
		// The program's socket may be one that waits.
		ready, err := unix.Poll([]unix.PollFd{{Fd: int32(from.fd), Events: unix.POLLIN}}, 0)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil || ready == 0 {
			return // there is none
		}
		fd, _, err := unix.Accept4(from.fd, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
		if errors.Is(err, unix.EINTR) || errors.Is(err, unix.ECONNABORTED) {
			continue
		}
		if err != nil {
			return
		}
		l.accepted = append(l.accepted, held{Taken: protocol.Taken{Name: from.Name, Accepted: true}, fd: fd})
	}
}

// dump freezes a connection, and describes a socket. One of UDP needs nothing: its port is cut,
// and its program reads nothing.
func (h held) dump() (t travelling, err error) {
	t = travelling{Name: h.Name, Accepted: h.Accepted}
	if h.listens {
		local, _ := connections.Ends(h.fd)
		t.Listens = local.String()
		return t, nil
	}
	if h.datagrams {
		d, err := connections.DumpDatagrams(h.fd)
		d.Unread = d.Unread[:min(len(d.Unread), unreadMost)]
		t.UDP = &d
		return t, err
	}
	if err := connections.Freeze(h.fd); err != nil {
		return t, err
	}
	c, err := connections.Dump(h.fd)
	if err != nil {
		return t, errors.Join(err, connections.Thaw(h.fd))
	}
	t.TCP = &c
	return t, nil
}

// thaw lets the connections of a program live that does not leave after all. Its agent may
// have been started again meanwhile. The program gets what was accepted for it, and must not
// be told to resume before. The caller holds mu.
func (p *supervisor) thaw(g *guest) error {
	if g.rec.Spec.Network == nil || !g.way.touched {
		return nil
	}
	l := g.way.leaving
	if l == nil {
		own, err := fetchAll(g.rec.Process.PID)
		if err != nil {
			return err
		}
		l = &leaving{own: own}
	}
	var err error
	for _, h := range l.all() {
		if h.listens {
			err = errors.Join(err, connections.BeginAgain(h.fd))
		} else if h.inRepair() {
			err = errors.Join(err, connections.Thaw(h.fd))
		}
	}
	err = errors.Join(err, p.networks.open(g.rec.ID, *g.rec.Spec.Network), closeAll(l.own))
	g.way.leaving, g.way.touched = nil, false
	if g.link == nil {
		return errors.Join(err, closeAll(l.accepted))
	}
	g.link.take(l.accepted, func() { _ = closeAll(l.accepted) })
	return err
}

// forgetSockets gives up the sockets of a program that has left. Of those that are frozen no
// packet says anything. The caller holds mu.
func (g *guest) forgetSockets() error {
	l := g.way.leaving
	if l == nil {
		return nil
	}
	g.way.leaving = nil
	return closeAll(l.all())
}
