package process

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"golang.org/x/time/rate"

	"parley/hostagent/process/protocol"
)

const (
	helloWithin   = 5 * time.Second
	strangersMost = 64
)

// door talks to the programs.
type door struct{ p *supervisor }

// accept takes connections until the platform is closed. A program that is refused may try
// again at once: the log tells of the first ones, and of one a second after them.
func (d door) accept() {
	p := d.p
	told := &rate.Sometimes{First: 10, Interval: time.Second}
	for {
		conn, err := p.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			p.log.Error("no program can connect any more", "event", "programs_cut_off", "error", err)
			return
		}
		p.mu.Lock()
		takes := !p.closed && p.strange < strangersMost
		if takes {
			p.strange++
			p.work.Go(func() { d.serve(conn, told) })
		}
		p.mu.Unlock()
		if !takes {
			_ = conn.Close() // it tries again
		}
	}
}

// serve talks to one program until its connection ends.
func (d door) serve(conn net.Conn, told *rate.Sometimes) {
	p := d.p
	l := newLink(p.ended, conn)
	defer l.close()
	release := make(chan struct{})
	defer close(release)
	p.work.Go(func() {
		select {
		case <-p.ended.Done():
			l.close()
		case <-release:
		}
	})
	g, err := d.greet(l)
	p.mu.Lock()
	p.strange--
	p.mu.Unlock()
	if err != nil {
		told.Do(func() {
			p.log.Warn("a connection to the socket of programs was refused", "event", "program_refused", "error", err)
		})
	}
	if g == nil {
		l.write() // a Leave, if one is queued
		return
	}
	p.work.Go(l.write)
	d.lost(g, l, d.hear(g, l))
}

// greet reads the hello of a program, and answers it. It returns the guest that the program
// is; nil for none.
func (d door) greet(l *link) (*guest, error) {
	p := d.p
	refuse := func(why string) (*guest, error) {
		l.send(&protocol.Leave{Why: why}, "")
		return nil, errors.New(why)
	}
	drop := func(err error) (*guest, error) {
		l.close()
		return nil, err
	}
	if err := l.conn.SetReadDeadline(time.Now().Add(helloWithin)); err != nil {
		return drop(err)
	}
	m, err := l.reader.Next()
	if err != nil {
		return drop(err)
	}
	hello, is := m.(*protocol.Hello)
	if !is {
		return drop(errors.New("it does not begin with hello"))
	}
	pid, uid := 0, 0
	raw, err := l.conn.(*net.UnixConn).SyscallConn()
	if err == nil {
		err = errors.Join(raw.Control(func(fd uintptr) { pid, uid, err = caller(fd) }), err)
	}
	if err == nil {
		err = l.conn.SetReadDeadline(time.Time{})
	}
	if err == nil && uid != os.Geteuid() && (p.account == nil || uid != int(p.account.uid)) {
		err = fmt.Errorf("process %d is one of user %d, as whom no program runs", pid, uid)
	}
	if err != nil {
		return drop(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	g := d.ofRun(hello.Run)
	switch {
	case p.closed:
		return drop(errClosed)
	case g == nil:
		return refuse(fmt.Sprintf("this run of the program (process %d) is none of host %s any more", pid, p.options.Host))
	case g.link != nil:
		return drop(fmt.Errorf("the program of guest %s has a connection already", g.rec.Spec.Name))
	case hello.Version != protocol.Version:
		g.wrong = fmt.Sprintf("it speaks version %d, and this agent version %d", hello.Version, protocol.Version)
		p.changes.Raise()
		return drop(errors.New(g.wrong))
	}
	if g.rec.Process.PID == 0 {
		// The agent that started it ended before it could write which process that was.
		if err := d.adopt(g, pid); err != nil {
			return drop(err)
		}
	}
	if !d.welcome(g, l, hello) {
		return nil, nil
	}
	p.changes.Raise()
	return g, nil
}

// ofRun finds the guest of a run. The caller holds mu.
func (d door) ofRun(run string) *guest {
	p := d.p
	for _, g := range p.guests {
		if g.rec.Run == run && !g.rec.State.ended() {
			return g
		}
	}
	return nil
}

func (d door) adopt(g *guest, pid int) error {
	p := d.p
	id, err := identify(pid)
	if err != nil {
		return err
	}
	g.rec.Process = id
	if err := p.store.write(g.rec); err != nil {
		return err
	}
	g.began(p, id)
	return nil
}

// welcome does what follows from where a program is, and where its guest is to be; false
// ends the connection. The caller holds mu.
func (d door) welcome(g *guest, l *link, hello *protocol.Hello) bool {
	p := d.p
	g.n = max(g.n, hello.N)
	stands := g.rec.State == suspended || g.rec.State == frozen
	switch {
	case hello.At == protocol.AtRunning && g.rec.State != running,
		hello.At == protocol.AtDone && g.rec.State != running,
		hello.At == protocol.AtSuspended && g.rec.State == incoming:
		// It must not have done anything. A program that lies is ended.
		p.log.Error("a program says that it has run, and must not have", "event", "program_ran", "guest", g.rec.Spec.Name, "says", hello.At,
			"state", g.rec.State)
		if err := end(g.rec.Process, p.groups.of(g.rec.ID)); err != nil {
			p.log.Error("a program cannot be ended", "event", "program_not_ended", "guest", g.rec.Spec.Name, "error", err)
		}
		l.close()
		return false
	}
	g.link, g.at, g.unborn = l, hello.At, false
	if hello.At == protocol.AtSuspended {
		g.stands = hello.N
	}
	l.pace.slow = func() { d.blame(g, fmt.Sprintf("it says more than %d bytes a second", bytesPerSecond)) }
	switch hello.At {
	case protocol.AtNew:
		g.isReady()
		if g.rec.State == running {
			d.tell(g)
		}
	case protocol.AtSuspended:
		if !stands {
			p.resumeHere(g, hello.N)
		}
	case protocol.AtDone:
		d.finish(g, hello.Code)
	}
	return true
}

// tell tells a new run to begin: from the checkpoint, or from the start. The record says
// that it runs here. The caller holds mu.
func (d door) tell(g *guest) {
	p := d.p
	g.at = protocol.AtRunning
	c := g.rec.Checkpoint
	if c == nil {
		g.link.send(&protocol.Start{Start: 1, Args: g.rec.Spec.Args}, "")
		return
	}
	g.link.send(&protocol.Resume{N: c.N, Args: g.rec.Spec.Args, State: c.Bytes, Files: c.Files, From: g.rec.From},
		p.store.state(g.rec.ID, c.N))
}

// blame says how a program breaks the protocol, until its next run.
func (d door) blame(g *guest, why string) {
	p := d.p
	p.mu.Lock()
	defer p.mu.Unlock()
	if g.wrong != why {
		g.wrong = why
		p.log.Warn("a program breaks the protocol", "event", "program_breaks_protocol", "guest", g.rec.Spec.Name, "why", why)
		p.changes.Raise()
	}
}

// hear takes what a program says until its connection ends.
func (d door) hear(g *guest, l *link) error {
	for {
		m, err := l.reader.Next()
		if err == nil {
			err = l.pace.charge(l.reader.LineBytes)
		}
		if err == nil {
			err = d.take(g, l, m)
		}
		if err != nil {
			return err
		}
	}
}

func (d door) take(g *guest, l *link, m protocol.Message) error {
	p := d.p
	if s, is := m.(*protocol.Suspended); is {
		return d.takeSuspended(g, l, s)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch m := m.(type) {
	case *protocol.Beat:
		g.beat, g.missed = p.now(), false
		if m.Progress != nil {
			g.progress = *m.Progress
		}
	case *protocol.Cannot:
		if s := g.standing; s != nil && s.n == m.N {
			g.standing = nil
			s.fail(fmt.Errorf("the program stays: %s", m.Why))
		}
	case *protocol.Done:
		if g.at != protocol.AtRunning {
			return fmt.Errorf("%w: it is done before it was told to run", protocol.ErrLine)
		}
		d.finish(g, m.Code)
	default:
		return fmt.Errorf("%w: it says hello twice", protocol.ErrLine)
	}
	return nil
}

// finish ends a guest whose program has finished. The caller holds mu.
func (d door) finish(g *guest, code int) {
	p := d.p
	before := *g.rec
	g.rec.State, g.rec.Code, g.rec.EndedAt = done, code, p.now()
	if code != 0 {
		g.rec.Why = fmt.Sprintf("the program says that it has failed, with the code %d%s", code, p.lastWords(g))
	}
	if err := p.store.write(g.rec); err != nil {
		*g.rec = before
		p.log.Error("the end of a guest cannot be written", "event", "process_end_not_written", "guest", g.rec.Spec.Name, "error", err)
		g.link.close() // it says so again
		return
	}
	g.at = protocol.AtDone
	g.link.send(&protocol.Leave{Why: "it is done"}, "")
	p.log.Info("a guest is done", "event", "process_done", "guest", g.rec.Spec.Name, "code", code)
	p.changes.Raise()
}

// takeSuspended takes the state of a program that stands.
func (d door) takeSuspended(g *guest, l *link, m *protocol.Suspended) error {
	p := d.p
	p.mu.Lock()
	g.n = max(g.n, m.N)
	s := g.standing
	wanted := s != nil && s.n == m.N
	if wanted && g.at == protocol.AtRunning {
		s.at, g.at, g.stands = p.now(), protocol.AtSuspended, m.N
	}
	p.mu.Unlock()
	if m.State > p.options.StateMost {
		why := fmt.Sprintf("its state has %d bytes, and host %s takes at most %d", m.State, p.options.Host, p.options.StateMost)
		d.failStanding(g, s, errors.New(why))
		return errors.New(why) // it connects again, and is resumed
	}
	if err := l.conn.SetReadDeadline(time.Now().Add(p.options.SuspendWithin)); err != nil {
		return err
	}
	path := os.DevNull
	if wanted {
		path = p.store.state(g.rec.ID, m.N)
	}
	// Of a move it is made durable with the record that names it, while it is sent.
	copied, err := keep(path, l.reader.State(m.State), wanted && s.why != protocol.ForMove)
	if err == nil && copied != m.State {
		err = io.ErrUnexpectedEOF
	}
	if err == nil {
		err = l.conn.SetReadDeadline(time.Time{})
	}
	if err != nil {
		d.failStanding(g, s, fmt.Errorf("its state: %w", err))
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if g.standing != s || !wanted {
		// Whoever asked has given up.
		p.resumeHere(g, m.N)
		if later := g.standing; later != nil && g.link == l {
			// It may have come while the program stood, which ignores it then.
			l.send(&protocol.Suspend{N: later.n, For: later.why}, "")
		}
		return nil
	}
	g.standing = nil
	s.stood(m)
	return nil
}

func (d door) failStanding(g *guest, s *standing, why error) {
	p := d.p
	p.mu.Lock()
	defer p.mu.Unlock()
	if s != nil && g.standing == s {
		g.standing = nil
		s.fail(why)
	}
}

// keep writes a state, durable; its name is so with the record that names it.
func keep(path string, from io.Reader, durable bool) (int64, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, err
	}
	copied, err := io.Copy(file, from)
	if err == nil && durable {
		err = file.Sync()
	}
	return copied, errors.Join(err, file.Close())
}

// lost is called when a connection has ended. The program connects again, if it can.
func (d door) lost(g *guest, l *link, why error) {
	p := d.p
	p.mu.Lock()
	defer p.mu.Unlock()
	if g.link != l {
		return
	}
	g.link = nil
	if s := g.standing; s != nil {
		g.standing = nil
		s.fail(errors.New("the connection to the program was lost"))
	}
	if errors.Is(why, protocol.ErrLine) {
		g.wrong = why.Error()
		p.log.Warn("a program breaks the protocol", "event", "program_breaks_protocol", "guest", g.rec.Spec.Name, "why", why)
	}
	p.changes.Raise()
}
