package joint

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"

	"parley/hostagent"
	"parley/hostagent/changes"
)

// Part is a platform, and the kinds of its guests.
type Part struct {
	Kinds    []hostagent.Kind
	Platform hostagent.Platform
}

// kinds are those of its guests, for people.
func (p Part) kinds() string {
	var words []string
	for _, kind := range p.Kinds {
		words = append(words, string(kind))
	}
	return strings.Join(words, ", ")
}

// Options say what a platform is made of.
type Options struct {
	// Capacity is what guests of all kinds may use. What is 0 is what the first part
	// shows that shows any.
	Capacity hostagent.Resources
	Parts    []Part
	Logger   *slog.Logger // nil: none
}

// Platform is several platforms as one. It implements hostagent.Carrier.
type Platform struct {
	parts    []*part
	declared hostagent.Resources
	log      *slog.Logger
	changes  *changes.Signal
	stop     chan struct{}
	work     sync.WaitGroup // the forwarders of changes
	turn     chan struct{}  // holds a value while a look is in progress

	mu     sync.Mutex
	closed bool
	owners map[hostagent.GuestID]*part // by the last look at each part
}

var _ hostagent.Carrier = (*Platform)(nil)

// part is a Part with what its last look has shown.
type part struct {
	Part
	looking bool // a look that was given up has not returned; guarded by Platform.mu
	unseen  bool // it could not be looked at the last time; guarded by Platform.mu
	// capacity and reserve are those that it showed last; guarded by Platform.mu.
	capacity hostagent.Resources
	reserve  int64
}

var errClosed = errors.New("the platform is closed")

// New joins platforms, which it closes with itself. The error says what is wrong with the
// parts.
func New(o Options) (*Platform, error) {
	p := &Platform{
		declared: o.Capacity, log: o.Logger, changes: changes.New(), stop: make(chan struct{}), turn: make(chan struct{}, 1),
		owners: map[hostagent.GuestID]*part{},
	}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	var taken []hostagent.Kind
	for _, one := range o.Parts {
		if one.Platform == nil || len(one.Kinds) == 0 {
			return nil, errors.New("joint: a part has no platform, or no kind of guests")
		}
		for _, kind := range one.Kinds {
			if slices.Contains(taken, kind) {
				return nil, fmt.Errorf("joint: two platforms are for guests of the kind %s: a host has one for each", kind)
			}
			taken = append(taken, kind)
		}
		p.parts = append(p.parts, &part{Part: one})
	}
	if len(p.parts) == 0 {
		return nil, errors.New("joint: there is no platform")
	}
	for _, one := range p.parts {
		p.work.Go(func() { p.changes.Forward(one.Platform.Changes(), p.stop) })
	}
	return p, nil
}

// Name lists the names of the parts.
func (p *Platform) Name() string {
	var names []string
	for _, one := range p.parts {
		names = append(names, one.Platform.Name())
	}
	return strings.Join(names, "+")
}

// Changes implements hostagent.Platform.
func (p *Platform) Changes() <-chan struct{} { return p.changes.C() }

// Migrate implements hostagent.Platform.
func (p *Platform) Migrate(ctx context.Context, m hostagent.Migration, progress func(hostagent.Progress)) (hostagent.Migrated, error) {
	one, err := p.owner(ctx, m.Guest)
	if err != nil {
		return hostagent.Migrated{}, fmt.Errorf("migrate guest %s: %w", m.Guest, err)
	}
	return one.Platform.Migrate(ctx, m, progress)
}

// Abort implements hostagent.Platform.
func (p *Platform) Abort(ctx context.Context, guest hostagent.GuestID) error {
	one, err := p.owner(ctx, guest)
	if err != nil {
		return fmt.Errorf("abort the migration of guest %s: %w", guest, err)
	}
	return one.Platform.Abort(ctx, guest)
}

// SetRules implements hostagent.Platform.
func (p *Platform) SetRules(ctx context.Context, guest hostagent.GuestID, rules hostagent.Rules) error {
	one, err := p.owner(ctx, guest)
	if err != nil {
		return fmt.Errorf("rules of guest %s: %w", guest, err)
	}
	return one.Platform.SetRules(ctx, guest, rules)
}

// owner returns the part that shows a guest; if none has, it looks once more.
func (p *Platform) owner(ctx context.Context, guest hostagent.GuestID) (*part, error) {
	one, err := p.known(guest)
	if one != nil || err != nil {
		return one, err
	}
	if _, err := p.Observe(ctx); err != nil {
		return nil, err
	}
	one, err = p.known(guest)
	if one == nil && err == nil {
		err = errors.New("no platform of this host shows it")
	}
	return one, err
}

func (p *Platform) known(guest hostagent.GuestID) (*part, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errClosed
	}
	return p.owners[guest], nil
}

// Close closes all parts.
func (p *Platform) Close() error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	p.closed = true
	p.mu.Unlock()
	close(p.stop)
	p.work.Wait()
	p.changes.Close()
	var errs []error
	for _, one := range p.parts {
		if err := one.Platform.Close(); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", one.Platform.Name(), err))
		}
	}
	return errors.Join(errs...)
}
