package coop

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"sync/atomic"
	"time"

	"parley/hostagent/process/protocol"
)

// beatEvery is the time between two beats.
const beatEvery = time.Second

// Process is the program as its supervisor sees it.
type Process struct {
	link     *link // nil: it runs alone
	args     []string
	from     string
	state    map[string][]byte        // carried here, by name
	places   map[string]protocol.File // in files, as they were left
	carried  []carried
	files    []file
	taken    []taken // sockets that came, and that no Listen or ListenPacket has claimed
	standing []standing
	before   func() error
	after    func(from string) error
	arrived  bool // after is to be called
	due      atomic.Bool
	beats    int
	beaten   time.Time
	progress *float64
}

// Join connects to the supervisor, and returns when the program is to begin, or to
// continue from where it stood on another host.
func Join(name string) (*Process, error) {
	socket, run := os.Getenv(protocol.EnvSocket), os.Getenv(protocol.EnvRun)
	if socket == "" {
		return &Process{args: os.Args[1:]}, nil
	}
	// What this program starts itself is no guest.
	if err := errors.Join(os.Unsetenv(protocol.EnvSocket), os.Unsetenv(protocol.EnvRun)); err != nil {
		return nil, err
	}
	return join(socket, run, name)
}

func join(socket, run, name string) (*Process, error) {
	p := &Process{beaten: time.Now()}
	p.link = newLink(socket, protocol.Hello{Name: name, Version: protocol.Version, Run: run, PID: os.Getpid(), At: protocol.AtNew}, &p.due)
	begin, err := p.link.begin()
	if err != nil {
		return nil, fmt.Errorf("join the supervisor: %w", err)
	}
	p.args, p.from, p.places = begin.args, begin.from, begin.files
	if p.state, err = unpack(begin.state); err != nil {
		return nil, fmt.Errorf("the state that was carried: %w", err)
	}
	p.arrived, p.taken = begin.resumed, begin.taken
	return p, nil
}

// Args are the arguments of the program, the same on every host.
func (p *Process) Args() []string { return p.args }

// BeforeMove sets what is called before the program leaves for another host. With an
// error it stays.
func (p *Process) BeforeMove(f func() error) { p.before = f }

// AfterMove sets what is called at the first Point after a move, and not before; and after
// a move that failed. from is the host that the program came from; "" if it stayed, or was
// started again from a checkpoint.
func (p *Process) AfterMove(f func(from string) error) { p.after = f }

// Progress says how much of the work is done, from 0 to 1.
func (p *Process) Progress(part float64) { p.progress = new(min(1, max(0, part))) }

// Point is a safe point: the program may be suspended here, and resumed, or leave and
// never return. Call it as often as you like, at least once a second.
func (p *Process) Point() {
	if p.arrived {
		p.afterMove()
	}
	if p.link == nil || !p.due.Swap(false) {
		return
	}
	for s := p.link.suspend(); s != nil; s = p.link.suspend() { // a move may follow a checkpoint
		p.stand(*s)
	}
	if now := time.Now(); now.Sub(p.beaten) >= beatEvery {
		p.beats, p.beaten = p.beats+1, now
		p.link.say(&protocol.Beat{Count: p.beats, Progress: p.progress}, nil)
	}
}

// Pause waits for a time, and is a safe point all the while: for a main loop that has
// nothing else to do.
func (p *Process) Pause(d time.Duration) {
	until := time.NewTimer(d)
	defer until.Stop()
	for {
		p.Point()
		var asked chan struct{} // nil without a supervisor: nothing comes
		if p.link != nil {
			asked = p.link.calls
		}
		select {
		case <-until.C:
			return
		case <-asked:
		}
	}
}

func (p *Process) afterMove() {
	p.arrived = false
	if p.after == nil {
		return
	}
	if err := p.after(p.from); err != nil {
		p.fail(fmt.Errorf("after the move: %w", err))
	}
}

// fail ends the program: it cannot keep what it promised.
func (p *Process) fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// stand hands over what the program is, and returns when it runs again here.
func (p *Process) stand(s protocol.Suspend) {
	if s.For == protocol.ForMove && p.before != nil {
		if err := p.before(); err != nil {
			p.link.refuse(s.N, err)
			return
		}
	}
	for _, of := range p.standing {
		of.stand()
	}
	said, state, err := p.describe(s)
	if err != nil {
		p.wake(nil)
		p.link.refuse(s.N, err)
		return
	}
	p.wake(p.link.stand(said, state))
	p.from, p.arrived = "", s.For == protocol.ForMove
	p.beaten = time.Now()
	if p.arrived {
		p.afterMove()
	}
}

// describe says what the program is, while it stands.
func (p *Process) describe(s protocol.Suspend) (*protocol.Suspended, []byte, error) {
	said := &protocol.Suspended{N: s.N, Files: map[string]protocol.File{}}
	if err := p.commit(said.Files); err != nil {
		return nil, nil, err
	}
	state, err := p.pack()
	if err != nil {
		return nil, nil, err
	}
	said.State = int64(len(state))
	if s.For != protocol.ForMove {
		return said, state, nil
	}
	for _, t := range p.taken {
		said.Conns = append(said.Conns, protocol.Conn{FD: t.fd, Name: t.Name, Accepted: t.Accepted})
	}
	for _, of := range p.standing {
		sockets, err := of.sockets()
		if err != nil {
			return nil, nil, err
		}
		said.Conns = append(said.Conns, sockets...)
	}
	if n := len(said.Conns); n > protocol.ConnsMost {
		return nil, nil, fmt.Errorf("it has %d connections, and at most %d move", n, protocol.ConnsMost)
	}
	return said, state, nil
}

// wake lets servers and sockets continue, with what was accepted for them meanwhile.
func (p *Process) wake(accepted []taken) {
	p.taken = append(p.taken, accepted...)
	for _, of := range p.standing {
		of.wake(p.claim(of.called()))
	}
}

// commit makes the outputs durable, and says how far the program is in its files.
func (p *Process) commit(places map[string]protocol.File) error {
	// What the program has not opened again yet stays as it came.
	maps.Copy(places, p.places)
	for _, f := range p.files {
		at, err := f.commit()
		if err != nil {
			return err
		}
		places[f.name()] = at
	}
	return nil
}

// Done makes the outputs durable and tells the supervisor that the program has finished,
// with this code; 0 is success. The program ends then.
func (p *Process) Done(code int) error {
	if err := p.commit(map[string]protocol.File{}); err != nil {
		return err
	}
	if p.link != nil {
		p.link.done(code)
	}
	return nil
}
