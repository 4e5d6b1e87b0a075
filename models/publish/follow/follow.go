package follow

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"parley/lcc"
	"parley/models/publish/bundle"
	"parley/models/publish/chain"
)

// Driver follows publishers. It is safe for concurrent use.
type Driver struct {
	o      Options
	store  *store
	chains []*followed // the home publisher first
	log    *slog.Logger

	ctx    context.Context // of Run
	begun  bool            // every follower knows its needs; owned by the loop
	asking sync.WaitGroup  // questions to other hosts

	mu     sync.Mutex
	queue  []event
	filled chan struct{} // signals events; capacity 1
	done   chan struct{} // closed when Run has ended
	stands map[string]stand
	beats  map[string]beat // by publisher
}

// Options say which publishers to follow, and who carries out the consequences.
type Options struct {
	Dir        string // of the files
	Publishers []bundle.Anchor
	Self       lcc.PeerID
	Seed       [32]byte // the only random source
	Network    Network
	Daemon     Daemon
	Sign       func(text []byte) []byte // with this host's identity key
	Verify     func(id lcc.PeerID, text, signature []byte) bool
	Logger     *slog.Logger // nil: none
}

// Network sends questions to other hosts. It is safe for concurrent use.
type Network interface {
	Ask(ctx context.Context, to lcc.PeerID, request []byte) ([]byte, error)
	Notify(data []byte) error
	Blame(id lcc.PeerID, kind string)
}

// Daemon carries out the followers' requests. The loop calls its methods, which must
// not wait for the loop.
type Daemon interface {
	// Check says why this host would not enact a policy; nil: it would.
	Check(publisher string, policy chain.Text) error
	// Switch makes the host enact exactly these policies of a publisher. done may be
	// called from any goroutine, once.
	Switch(publisher string, policies []chain.Text, done func(error))
	// Hold makes the host begin nothing new under the policies of a publisher; why ""
	// ends that.
	Hold(publisher, why string)
	// Listed passes the roster of a publisher that is in force from now on.
	Listed(publisher string, roster bundle.Roster)
	// Note reports an event to people; refusals have a code.
	Note(publisher, kind, text string)
	Refused(publisher string, from lcc.PeerID, code bundle.Code, detail string, version uint64)
}

// followed is the state of one chain.
type followed struct {
	name     string
	follower *chain.Follower
	alarm    time.Time
	waiting  []waiter
}

// event is an event for the follower of a publisher; with a nil ev it is a call in the
// loop.
type event struct {
	to   string
	ev   chain.Event
	call func()
}

// New opens the files. It follows nothing until Run.
func New(o Options) (*Driver, error) {
	if o.Network == nil || o.Daemon == nil || o.Sign == nil || o.Verify == nil {
		return nil, errors.New("follow: Options.Network, Daemon, Sign and Verify are needed")
	}
	d := &Driver{o: o, log: o.Logger, filled: make(chan struct{}, 1), done: make(chan struct{}), stands: map[string]stand{},
		beats: map[string]beat{}}
	if d.log == nil {
		d.log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	var err error
	if d.store, err = openStore(filepath.Join(o.Dir, "publishers")); err != nil {
		return nil, err
	}
	chance := rand.NewChaCha8(o.Seed)
	for _, anchor := range o.Publishers {
		if slices.ContainsFunc(d.chains, func(f *followed) bool { return f.name == anchor.Publisher }) {
			return nil, fmt.Errorf("publishers: %s is listed twice", anchor.Publisher)
		}
		var seed [32]byte
		// ChaCha8.Read never fails.
		_, _ = chance.Read(seed[:])
		follower, err := chain.New(chain.Options{
			Anchor: anchor, Self: string(o.Self), Seed: seed, Sign: o.Sign,
			Verify: func(id string, text, signature []byte) bool { return o.Verify(lcc.PeerID(id), text, signature) },
		})
		if err != nil {
			return nil, fmt.Errorf("publishers: %s: %w", anchor.Publisher, err)
		}
		if err := d.store.add(anchor.Publisher); err != nil {
			return nil, err
		}
		d.chains = append(d.chains, &followed{name: anchor.Publisher, follower: follower})
	}
	return d, nil
}

// Run follows the chains until the context ends, and then returns nil; an error is a
// bug.
func (d *Driver) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	d.ctx = ctx
	defer func() {
		cancel()
		close(d.done)
		d.asking.Wait()
	}()
	alarm := time.NewTimer(time.Hour)
	defer alarm.Stop()
	for _, f := range d.chains {
		state, err := d.store.state(f.name)
		if err != nil {
			d.log.Error("what is known of a publisher cannot be read; it is followed from its anchor", "event", "publisher_state_lost",
				"publisher", f.name, "error", err)
		}
		if err := d.step(f, chain.Started{State: state, Object: d.store.object}); err != nil {
			return err
		}
	}
	d.begun = true
	for {
		d.wakeAt(alarm)
		select {
		case <-ctx.Done():
			return nil
		case <-d.filled:
		case <-alarm.C:
			for _, f := range d.chains {
				if !f.alarm.IsZero() && !f.alarm.After(time.Now()) {
					f.alarm = time.Time{}
					d.post(f.name, chain.Woken{})
				}
			}
		}
		if err := d.drain(); err != nil {
			return err
		}
	}
}

// drain handles the queued events and their consequences.
func (d *Driver) drain() error {
	for {
		d.mu.Lock()
		events := d.queue
		d.queue = nil
		d.mu.Unlock()
		if len(events) == 0 {
			return nil
		}
		for _, e := range events {
			if e.call != nil {
				e.call()
				continue
			}
			for _, f := range d.chains {
				if e.to != "" && e.to != f.name {
					continue
				}
				if err := d.step(f, e.ev); err != nil {
					return err
				}
			}
		}
	}
}

// wakeAt sets the timer to the earliest alarm of a follower.
func (d *Driver) wakeAt(alarm *time.Timer) {
	next := time.Hour
	for _, f := range d.chains {
		if !f.alarm.IsZero() {
			next = min(next, max(0, time.Until(f.alarm)))
		}
	}
	alarm.Reset(next)
}

// post queues an event for the follower of a publisher; "" means all.
func (d *Driver) post(to string, ev chain.Event) { d.put(event{to: to, ev: ev}) }

func (d *Driver) put(e event) {
	d.mu.Lock()
	d.queue = append(d.queue, e)
	d.mu.Unlock()
	select {
	case d.filled <- struct{}{}:
	default:
	}
}

// call runs a function in the loop and waits for it.
func (d *Driver) call(ctx context.Context, f func()) error {
	finished := make(chan struct{})
	d.put(event{call: func() { f(); close(finished) }})
	select {
	case <-finished:
		return nil
	case <-d.done:
		return errors.New("the agent is stopping")
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Peers sets the peers that can be asked now.
func (d *Driver) Peers(ids []lcc.PeerID) {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = string(id)
	}
	d.post("", chain.Peers{IDs: list})
}

// Labelled sets the labels of this host.
func (d *Driver) Labelled(labels []string) { d.post("", chain.Labelled{Labels: labels}) }

// Recheck makes the followers check policies again, as after a change of what is
// accepted.
func (d *Driver) Recheck() { d.post("", chain.Recheck{}) }

// Sampled passes the host's measurements so far.
func (d *Driver) Sampled(s chain.Sample) { d.post("", chain.Sampled{Sample: s}) }

// Status returns the status of each chain, that of the home publisher first.
func (d *Driver) Status(ctx context.Context) (list []chain.Status, err error) {
	err = d.call(ctx, func() {
		for _, f := range d.chains {
			list = append(list, f.follower.Status())
		}
	})
	return list, err
}
