package process

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"parley/hostagent"
	"parley/hostagent/changes"
)

// supervisor supervises the cooperative processes of a host.
type supervisor struct {
	options  Options
	store    store
	log      *slog.Logger
	account  *account
	groups   groups
	networks networks
	socket   string // where programs connect
	lock     *os.File
	listener net.Listener
	work     sync.WaitGroup // connections, checkpoints, the watch
	changes  *changes.Signal
	ended    context.Context // by Close
	stop     context.CancelCauseFunc

	// mu guards what follows, and the records.
	mu      sync.Mutex
	closed  bool
	guests  map[hostagent.GuestID]*guest
	strange int // connections that have not said hello
}

var errClosed = errors.New("the platform is closed")

// supervise becomes the supervisor of the guests of a directory. It fails while another process
// is.
func supervise(o Options) (_ *supervisor, err error) {
	if err := errors.Join(supported(), o.Validate()); err != nil {
		return nil, err
	}
	o = o.withDefaults()
	o.Dir = filepath.Clean(o.Dir)
	p := &supervisor{options: o, store: store(o.Dir), log: o.Logger, changes: changes.New(), guests: map[hostagent.GuestID]*guest{},
		groups: findGroups(o.Dir), networks: findNetworks(o)}
	if o.Capacity == (hostagent.Resources{}) {
		p.options.Capacity = machine()
	}
	p.ended, p.stop = context.WithCancelCause(context.Background())
	if p.account, err = lookUp(o.User); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Dir, 0o711); err != nil {
		return nil, fmt.Errorf("the directory of processes: %w", err)
	}
	if p.lock, err = lockFile(filepath.Join(o.Dir, "lock")); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.lock.Close())
		}
	}()
	if err := p.find(); err != nil {
		return nil, err
	}
	if missing := p.groups.unlimited(); len(missing) > 0 {
		p.log.Info("nothing holds programs to what they may use (docs/process.md)", "event", "process_not_limited", "missing", missing)
	}
	if err := p.listen(); err != nil {
		return nil, err
	}
	p.work.Go(door{p}.accept)
	p.work.Go(watcher{p}.watch)
	return p, nil
}

// find reads the guests that were here. Their programs connect again.
func (p *supervisor) find() error {
	records, err := p.store.read()
	if err == nil {
		err = p.store.tidy()
	}
	if err != nil {
		return err
	}
	for _, r := range records {
		g := newGuest(r, p.now())
		if alive, _ := r.Process.alive(); alive {
			g.meter = newMeter(r.Process.PID, p.groups.of(r.ID))
		}
		g.way.touched = r.Spec.Network != nil
		p.guests[r.ID] = g
	}
	here := func(id hostagent.GuestID) bool { return p.guests[id] != nil }
	p.groups.sweep(here)
	return p.networks.sweep(here)
}

// listen makes the socket for programs: in the directory of the platform, or, for programs
// of another user, where that user can reach it.
func (p *supervisor) listen() error {
	socket := filepath.Join(string(p.store), "socket")
	if p.account != nil {
		dir := runDir(p.options.Dir)
		if err := errors.Join(os.MkdirAll(dir, 0o711), os.Chmod(dir, 0o711)); err != nil {
			return fmt.Errorf("the directory for the socket of programs of the user %s: %w", p.options.User, err)
		}
		socket = filepath.Join(dir, "socket")
	}
	p.socket = socket
	if err := os.Remove(socket); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("left-over socket: %w", err)
	}
	var err error
	if p.listener, err = net.Listen("unix", socket); err != nil {
		return fmt.Errorf("listen for programs: %w", err)
	}
	mode := fs.FileMode(0o600)
	if p.account != nil {
		mode = 0o666 // the secret of its run admits a program
	}
	if err := os.Chmod(socket, mode); err != nil {
		return errors.Join(err, p.listener.Close())
	}
	return nil
}

func lockFile(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = fmt.Errorf("another agent supervises the processes of %s: stop it, or give this one another state_dir", filepath.Dir(path))
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// runDir is a directory that the platform in dir has for itself, and that others may pass.
func runDir(dir string) string { return fmt.Sprintf("/run/parley-process-%x", ownerOf(dir)) }

// ownerOf tells the directories of two agents of one machine apart.
func ownerOf(dir string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(dir)) // never fails
	return h.Sum64()
}

func (p *supervisor) now() time.Time { return time.Now() }

// Observe implements hostagent.Platform.
func (p *supervisor) Observe(ctx context.Context) (hostagent.Observation, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.usable(ctx); err != nil {
		return hostagent.Observation{}, fmt.Errorf("look at the processes of host %s: %w", p.options.Host, err)
	}
	seen := hostagent.Observation{
		Capacity: p.options.Capacity, ReserveBytes: p.options.Reserve, Guests: []hostagent.Guest{},
	}
	var err error
	if seen.Networks, err = p.networks.bridges(); err != nil {
		return hostagent.Observation{}, fmt.Errorf("look at the bridges of host %s: %w", p.options.Host, err)
	}
	for _, path := range p.options.Programs {
		if CheckProgram(path) == nil {
			seen.Offers = append(seen.Offers, "program="+path)
		}
	}
	slices.Sort(seen.Offers)
	for _, g := range p.guests {
		if !g.rec.State.ended() && !g.unborn {
			seen.Guests = append(seen.Guests, g.shown())
		}
	}
	slices.SortFunc(seen.Guests, func(a, b hostagent.Guest) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return seen, nil
}

func (p *supervisor) usable(ctx context.Context) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case p.closed:
		return errClosed
	}
	return nil
}

// SetRules implements hostagent.Platform.
func (p *supervisor) SetRules(ctx context.Context, id hostagent.GuestID, rules hostagent.Rules) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.usable(ctx); err != nil {
		return err
	}
	g, err := p.here(id)
	if err != nil {
		return err
	}
	if g.rec.State == frozen || g.rec.State == incoming {
		return fmt.Errorf("the process %s is moving: give it its rules afterwards", g.rec.Spec.Name)
	}
	before := g.rec.Spec.Rules
	g.rec.Spec.Rules = rules
	if err := p.store.write(g.rec); err != nil {
		g.rec.Spec.Rules = before
		return err
	}
	p.changes.Raise()
	return nil
}

// here finds a guest that has not ended. The caller holds mu.
func (p *supervisor) here(id hostagent.GuestID) (*guest, error) {
	g := p.guests[id]
	if g == nil || g.rec.State.ended() {
		return nil, fmt.Errorf("no process %s is on host %s", id, p.options.Host)
	}
	return g, nil
}

// Changes implements hostagent.Platform.
func (p *supervisor) Changes() <-chan struct{} { return p.changes.C() }

// Close ends the supervision. The programs run on, and connect to the next agent.
func (p *supervisor) Close() error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	p.closed = true
	p.changes.Close()
	p.stop(errClosed)
	err := p.listener.Close()
	for _, g := range p.guests {
		if g.link != nil {
			g.link.close()
		}
		if g.meter != nil {
			g.meter.close()
		}
	}
	p.mu.Unlock()
	p.work.Wait()
	// What was about to be ended is ended, and its cgroups do not stay.
	p.mu.Lock()
	p.groups.sweep(func(id hostagent.GuestID) bool { return p.guests[id] != nil && !p.guests[id].rec.State.ended() })
	p.mu.Unlock()
	return errors.Join(err, p.lock.Close())
}
