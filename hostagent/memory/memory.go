package memory

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"sync"
	"time"

	"parley/hostagent"
	"parley/hostagent/changes"
)

// Platform is one host of a site. It implements hostagent.Platform.
type Platform struct {
	site     *Site
	name     string
	capacity hostagent.Resources
	kinds    []hostagent.Kind // of guests that it has; set before the first guest
	offers   []string
	moves    sync.WaitGroup // the goroutines of its outgoing migrations

	// Guarded by site.mu.
	guests    map[hostagent.GuestID]*guest
	counted   time.Time // CPU time is counted up to here
	changes   *changes.Signal
	closed    bool
	fault     Fault
	admission hostagent.Admission
}

var _ hostagent.Platform = (*Platform)(nil)

// Fault is a misbehaviour of a platform that lasts until it is reset.
type Fault string

// The faults.
const (
	None    Fault = ""
	Refuses Fault = "refuses" // target: no guest is admitted
	Breaks  Fault = "breaks"  // target: a migration fails half-way
	Hangs   Fault = "hangs"   // target: a migration makes no progress
	Gone    Fault = "gone"    // the platform cannot be reached; its guests run on
)

var errClosed = errors.New("the platform is closed")

// Name returns "memory".
func (p *Platform) Name() string { return "memory" }

// Endpoint returns where the other hosts of the site reach this one.
func (p *Platform) Endpoint() string { return scheme + p.name }

// Inject makes the platform misbehave from now on; None ends it.
func (p *Platform) Inject(f Fault) {
	p.site.mu.Lock()
	defer p.site.mu.Unlock()
	p.fault = f
	p.changes.Raise()
}

// Serve says which kinds of guests the host has, in place of virtual machines alone, and
// what it offers them, sorted. It is called before the first guest runs.
func (p *Platform) Serve(kinds []hostagent.Kind, offers ...string) {
	p.site.mu.Lock()
	defer p.site.mu.Unlock()
	p.kinds, p.offers = kinds, offers
}

// SetAdmission sets who is asked before a guest is admitted; nil admits all.
func (p *Platform) SetAdmission(ask hostagent.Admission) {
	p.site.mu.Lock()
	defer p.site.mu.Unlock()
	p.admission = ask
}

// Observe implements hostagent.Platform.
func (p *Platform) Observe(ctx context.Context) (hostagent.Observation, error) {
	p.site.mu.Lock()
	defer p.site.mu.Unlock()
	if err := p.usable(ctx); err != nil {
		return hostagent.Observation{}, fmt.Errorf("look at host %s: %w", p.name, err)
	}
	p.count()
	seen := hostagent.Observation{
		Capacity: p.capacity, Endpoints: map[hostagent.Kind]string{}, Offers: p.offers,
		Guests: make([]hostagent.Guest, 0, len(p.guests)),
	}
	for _, kind := range p.kinds {
		seen.Endpoints[kind] = p.Endpoint()
	}
	for _, g := range p.sorted() {
		seen.Guests = append(seen.Guests, g.shown())
	}
	return seen, nil
}

func (p *Platform) usable(ctx context.Context) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case p.closed:
		return errClosed
	case p.fault == Gone:
		return errors.New("the platform does not answer")
	}
	return nil
}

// Changes implements hostagent.Platform.
func (p *Platform) Changes() <-chan struct{} { return p.changes.C() }

// Close ends the platform and its outgoing migrations, and waits for them. Its guests
// are no longer shown.
func (p *Platform) Close() error {
	p.site.mu.Lock()
	if p.closed {
		p.site.mu.Unlock()
		return nil
	}
	p.closed = true
	p.changes.Close()
	for _, g := range p.guests {
		if g.move != nil {
			g.move.stop(errClosed)
		}
	}
	p.site.mu.Unlock()
	p.moves.Wait()
	return nil
}

func (p *Platform) sorted() []*guest {
	list := make([]*guest, 0, len(p.guests))
	for _, g := range p.guests {
		list = append(list, g)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].spec.ID < list[j].spec.ID })
	return list
}
