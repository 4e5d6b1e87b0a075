package handover

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/handover/handovertest"
)

const guestID = hostagent.GuestID("g1")

// world is two hosts with agents that can be killed, and what is true of the one guest.
type world struct {
	worksOn time.Duration // how long the guest works on when it is to stop
	t       *testing.T
	mu      sync.Mutex
	hosts   map[hostagent.HostID]*host
	steps   map[hostagent.HostID]int // what each agent has done: calls of its platform, and records
	kill    func(at hostagent.HostID, step int, what string, after bool) bool
	cut     int // a connection breaks after that many bytes; 0: never
	conns   []hostagent.Conn
	fault   map[string]int // calls that fail so many times
}

// host is what outlives its agent: guests, and the journal.
type host struct {
	w       *world
	name    hostagent.HostID
	guests  map[hostagent.GuestID]*guest
	records [][]byte
	agent   *agent
}

// guest is what a host has of a guest.
type guest struct {
	runs     bool
	frozen   bool
	restored bool
	data     []byte
	manifest string
}

// agent is one process: a platform and its mover. Once it is dead nothing that it does
// has an effect.
type agent struct {
	host  *host
	mover *Mover
	dead  chan struct{}
	die   sync.Once
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, hosts: map[hostagent.HostID]*host{}, steps: map[hostagent.HostID]int{}, fault: map[string]int{}}
	for _, name := range []hostagent.HostID{"a", "b"} {
		w.hosts[name] = &host{w: w, name: name, guests: map[hostagent.GuestID]*guest{}}
	}
	data := make([]byte, 300_000)
	r := rand.NewChaCha8([32]byte{1})
	_, _ = r.Read(data) // it never fails
	w.hosts["a"].guests[guestID] = &guest{runs: true, data: data, manifest: "two processors"}
	return w
}

// start starts the agent of a host.
func (w *world) start(name hostagent.HostID) *agent {
	h := w.hosts[name]
	a := &agent{host: h, dead: make(chan struct{})}
	m, err := Open(Options{Platform: a, Kind: hostagent.Process, Journal: a})
	if err != nil {
		w.t.Fatal(err)
	}
	a.mover = m
	m.SetAdmission(func(_ context.Context, asked hostagent.AdmissionAsked) hostagent.Refusal {
		if asked.Token == "wrong" {
			return hostagent.Refusal{Code: hostagent.CodeToken, Detail: "the migration names another deal or token"}
		}
		return hostagent.Refusal{}
	})
	m.SetDial(func(ctx context.Context, to hostagent.HostID) (hostagent.Conn, error) { return w.dial(ctx, a, to) })
	w.mu.Lock()
	h.agent = a
	w.mu.Unlock()
	m.Start()
	return a
}

func (w *world) dial(ctx context.Context, from *agent, to hostagent.HostID) (hostagent.Conn, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	other := w.hosts[to].agent
	if from.isDead() || other == nil || other.isDead() {
		return nil, errors.New("connection refused")
	}
	conn, err := handovertest.Dial(other.mover, from.host.name)(ctx, to)
	if err == nil && w.cut > 0 {
		conn = &cutAfter{Conn: conn, left: w.cut}
		w.cut = 0
	}
	w.conns = append(w.conns, conn)
	return conn, err
}

// cutAfter breaks after so many bytes in either direction.
type cutAfter struct {
	hostagent.Conn
	mu   sync.Mutex
	left int
}

func (c *cutAfter) spend(n int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left -= n
	return c.left < 0
}

func (c *cutAfter) Write(b []byte) (int, error) {
	if c.spend(len(b)) {
		_ = c.Close()
	}
	return c.Conn.Write(b)
}

func (c *cutAfter) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if c.spend(n) {
		_ = c.Close()
		return 0, io.ErrClosedPipe
	}
	return n, err
}

func (a *agent) isDead() bool {
	select {
	case <-a.dead:
		return true
	default:
		return false
	}
}

// killed ends an agent at once, with its connections, and returns when nothing of it is
// left. It may be called by the agent itself.
func (a *agent) killed() {
	a.die.Do(func() {
		close(a.dead)
		a.host.w.mu.Lock()
		conns := a.host.w.conns
		a.host.w.conns = nil
		a.host.w.mu.Unlock()
		for _, c := range conns {
			_ = c.Close()
		}
		m := a.mover
		m.mu.Lock()
		m.closed = true
		m.mu.Unlock()
		m.close()
	})
}

// step counts what an agent does, and kills it where the test says so: before it is done
// or after.
func (a *agent) step(what string, do func() error) error {
	w := a.host.w
	if a.isDead() {
		return errors.New("dead")
	}
	w.mu.Lock()
	w.steps[a.host.name]++
	n := w.steps[a.host.name]
	w.mu.Unlock()
	if w.kill != nil && w.kill(a.host.name, n, what, false) {
		a.killed()
		return errors.New("dead")
	}
	w.mu.Lock()
	err := do()
	w.check(what)
	w.mu.Unlock()
	if w.kill != nil && w.kill(a.host.name, n, what, true) {
		a.killed()
		return errors.New("dead")
	}
	return err
}

// check holds the truth against the rule. The caller holds mu.
func (w *world) check(what string) {
	running := 0
	for _, h := range w.hosts {
		if g := h.guests[guestID]; g != nil && g.runs {
			running++
		}
	}
	if running > 1 {
		w.t.Errorf("after %s the guest runs on %d hosts", what, running)
	}
}

// Records and Append are the journal of an agent.
func (a *agent) Records() [][]byte { return Keep(a.host.records) }

func (a *agent) Append(line []byte, done func(error)) {
	go func() {
		rec, err := decode[record](line)
		if err != nil {
			a.host.w.t.Error(err)
		}
		err = a.step("record "+string(rec.Record), func() error {
			if a.host.w.faulty("record " + string(rec.Record)) {
				return errors.New("the disk is broken")
			}
			a.host.records = append(a.host.records, line)
			return nil
		})
		if !a.isDead() {
			done(err)
		}
	}()
}

// faulty says that what is done now is to fail. The caller holds mu.
func (w *world) faulty(what string) bool {
	if w.fault[what] == 0 {
		return false
	}
	w.fault[what]--
	return true
}

func (a *agent) change(what string, m Move, do func(guests map[hostagent.GuestID]*guest) error) error {
	return a.step(what, func() error {
		if a.host.w.faulty(what) {
			return errors.New(what + " fails")
		}
		return do(a.host.guests)
	})
}

var errNoGuest = errors.New("there is no such guest")

func (a *agent) Describe(_ context.Context, m Move) (d Description, err error) {
	err = a.change("describe", m, func(guests map[hostagent.GuestID]*guest) error {
		g := guests[m.Guest]
		if g == nil || !g.runs {
			return errNoGuest
		}
		d = Description{Name: "guest one", Declared: hostagent.Resources{CPU: 2, MemoryBytes: 1 << 20}, Manifest: []byte(g.manifest)}
		return nil
	})
	return d, err
}

// Copy sends the data, and wants to hear its digest.
func (a *agent) Copy(_ context.Context, m Move, round int, to Out) (bool, error) {
	return round < 3, a.send(m, fmt.Sprint("copy ", round), to, false)
}

func (a *agent) Freeze(_ context.Context, m Move, to Out) error {
	if works := a.host.w.worksOn; works > 0 {
		<-time.After(works)
		to.Stopped(time.Now())
	}
	return a.send(m, "freeze", to, true)
}

func (a *agent) send(m Move, what string, to Out, freeze bool) error {
	var data []byte
	if err := a.change(what, m, func(guests map[hostagent.GuestID]*guest) error {
		g := guests[m.Guest]
		if g == nil {
			return errNoGuest
		}
		data = bytes.Clone(g.data)
		if freeze {
			g.runs, g.frozen = false, true
		}
		return nil
	}); err != nil {
		return err
	}
	half := len(data) / 2
	for i, bytes := range [][]byte{data[:half], data[half:]} {
		part, err := to.Part(fmt.Sprint("half ", i))
		if err != nil {
			return err
		}
		if _, err := part.Write(bytes); err != nil {
			return err
		}
		if err := part.CloseWrite(); err != nil {
			return err
		}
		digest, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		if want := sha256.Sum256(bytes); string(digest) != string(want[:]) {
			return errors.New("it arrives as something else")
		}
	}
	return nil
}

func (a *agent) Resume(_ context.Context, m Move) error {
	return a.change("resume", m, func(guests map[hostagent.GuestID]*guest) error {
		g := guests[m.Guest]
		if g == nil {
			a.host.w.t.Error("a guest is resumed that is not there")
			return errNoGuest
		}
		g.runs, g.frozen = true, false
		return nil
	})
}

func (a *agent) Leave(_ context.Context, m Move) error {
	return a.change("leave", m, func(guests map[hostagent.GuestID]*guest) error {
		if g := guests[m.Guest]; g != nil && g.runs {
			a.host.w.t.Error("a guest that runs is removed")
		}
		delete(guests, m.Guest)
		return nil
	})
}

func (a *agent) Has(_ context.Context, id hostagent.GuestID) (has bool, err error) {
	err = a.step("has", func() error {
		g := a.host.guests[id]
		has = g != nil && (g.runs || g.frozen)
		return nil
	})
	return has, err
}

func (a *agent) Prepare(_ context.Context, m Move, d Description) error {
	return a.change("prepare", m, func(guests map[hostagent.GuestID]*guest) error {
		guests[m.Guest] = &guest{manifest: string(d.Manifest)}
		return nil
	})
}

func (a *agent) Receive(_ context.Context, m Move, round int, last bool, from In) error {
	var data []byte
	for {
		_, part, err := from.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		bytes, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		digest := sha256.Sum256(bytes)
		if _, err := part.Write(digest[:]); err != nil {
			return err
		}
		data = append(data, bytes...)
	}
	return a.change(fmt.Sprint("receive ", round), m, func(guests map[hostagent.GuestID]*guest) error {
		guests[m.Guest].data = data
		return nil
	})
}

func (a *agent) Restore(_ context.Context, m Move) error {
	return a.change("restore", m, func(guests map[hostagent.GuestID]*guest) error {
		guests[m.Guest].restored = true
		return nil
	})
}

func (a *agent) Activate(_ context.Context, m Move) error {
	return a.change("activate", m, func(guests map[hostagent.GuestID]*guest) error {
		g := guests[m.Guest]
		if g == nil || !g.runs && !g.restored {
			return ErrNeverRan
		}
		g.runs = true
		return nil
	})
}

func (a *agent) Discard(_ context.Context, m Move) error {
	return a.change("discard", m, func(guests map[hostagent.GuestID]*guest) error {
		if g := guests[m.Guest]; g != nil && g.runs {
			a.host.w.t.Error("a guest that runs is discarded")
		}
		delete(guests, m.Guest)
		return nil
	})
}

// migrate moves the guest and returns how it ended.
func (w *world) migrate(ctx context.Context, from, to hostagent.HostID) (hostagent.Migrated, error) {
	m := w.hosts[from].agent.mover
	return m.Migrate(ctx, hostagent.Migration{Guest: guestID, Target: to, Endpoint: m.Endpoint(), MovedAt: time.Unix(1e9, 0)}, nil)
}

// where returns the host that runs the guest, and fails unless it is whole and nothing of
// it is left elsewhere.
func (w *world) where() hostagent.HostID {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	var at hostagent.HostID
	for name, h := range w.hosts {
		switch g := h.guests[guestID]; {
		case g == nil:
		case !g.runs || g.frozen:
			w.t.Errorf("host %s has something left of the guest: runs %v, frozen %v", name, g.runs, g.frozen)
		case len(g.data) != 300_000 || g.manifest != "two processors":
			w.t.Errorf("the guest on host %s is not whole: %d bytes, %q", name, len(g.data), g.manifest)
		default:
			at = name
		}
	}
	if at == "" {
		w.t.Error("the guest runs nowhere")
	}
	return at
}

// end ends both agents, and waits for what they have begun.
func (w *world) end() {
	for _, h := range w.hosts {
		h.agent.killed()
		h.agent.mover.work.Wait()
	}
}
