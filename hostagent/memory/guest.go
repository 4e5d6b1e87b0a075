package memory

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"parley/hostagent"
)

// Guest describes a guest to run.
type Guest struct {
	ID       hostagent.GuestID
	Name     string // default: the ID
	Kind     hostagent.Kind
	Declared hostagent.Resources
	// Needs is what a target must offer.
	Needs []string
	// CPU is how many cores the guest wants; Demand, if set, gives that as a function
	// of the time since the guest was started. The guest gets at most what it declares,
	// and less if its host has too little for all.
	CPU    float64
	Demand func(age time.Duration) float64
	// DirtyBytes is how much of its memory it writes per second.
	DirtyBytes int64
	// Ineligible says why the guest cannot be migrated; "" if it can.
	Ineligible string
	// MovedAt is when it was last moved; zero if never.
	MovedAt time.Time
	// Rules say where it may go; SetRules changes them.
	Rules hostagent.Rules
}

// guest is a Guest on one host; while it migrates there is one on each.
type guest struct {
	spec    Guest
	started time.Time
	state   hostagent.GuestState
	cpuTime time.Duration
	movedAt time.Time
	move    *move // away from here; nil if there is none
}

// Run starts a guest on the host. Its id must be new to the site.
func (p *Platform) Run(spec Guest) error {
	if spec.Name == "" {
		spec.Name = string(spec.ID)
	}
	switch {
	case spec.ID == "":
		return fmt.Errorf("memory platform: a guest has no id: give it one")
	case !(spec.Declared.CPU > 0) || spec.Declared.MemoryBytes <= 0:
		return fmt.Errorf("memory platform: guest %s: declare CPU cores and bytes of memory above 0", spec.Name)
	case spec.CPU < 0 || math.IsNaN(spec.CPU) || spec.DirtyBytes < 0:
		return fmt.Errorf("memory platform: guest %s: CPU and DirtyBytes must not be negative", spec.Name)
	case !slices.Contains(p.kinds, spec.Kind.Known()):
		return fmt.Errorf("memory platform: guest %s is of the kind %s, and host %s has %v: see Serve", spec.Name, spec.Kind.Known(), p.name,
			p.kinds)
	}
	p.site.mu.Lock()
	defer p.site.mu.Unlock()
	for _, host := range p.site.hosts {
		if host.guests[spec.ID] != nil {
			return fmt.Errorf("memory platform: guest %s is on host %s already", spec.Name, host.name)
		}
	}
	p.count()
	p.guests[spec.ID] = &guest{spec: spec, started: time.Now(), state: hostagent.Running, movedAt: spec.MovedAt}
	p.changes.Raise()
	return nil
}

// Stop ends a guest of this host; a migration of it fails. If the guest is not here,
// Stop does nothing.
func (p *Platform) Stop(id hostagent.GuestID) {
	p.site.mu.Lock()
	defer p.site.mu.Unlock()
	g := p.guests[id]
	if g == nil || g.state == hostagent.Incoming {
		return
	}
	p.count()
	if g.move != nil {
		g.move.stop(fmt.Errorf("guest %s was stopped", g.spec.Name))
	}
	delete(p.guests, id)
	p.changes.Raise()
}

// SetRules changes the rules of a guest of this host.
func (p *Platform) SetRules(ctx context.Context, id hostagent.GuestID, rules hostagent.Rules) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	p.site.mu.Lock()
	defer p.site.mu.Unlock()
	g := p.guests[id]
	if g == nil || g.state == hostagent.Incoming {
		return fmt.Errorf("memory platform: guest %s is not on host %s", id, p.name)
	}
	g.spec.Rules = rules
	p.changes.Raise()
	return nil
}

func (g *guest) shown() hostagent.Guest {
	return hostagent.Guest{
		ID: g.spec.ID, Kind: g.spec.Kind.Known(), Name: g.spec.Name, State: g.state, Needs: g.spec.Needs, Declared: g.spec.Declared,
		CPUTime: g.cpuTime, MemoryBytes: g.spec.Declared.MemoryBytes,
		Ineligible: g.spec.Ineligible, MovedAt: g.movedAt, Rules: g.spec.Rules,
		Leaving:   g.move != nil && g.state != hostagent.Incoming,
		DirtyRate: g.spec.DirtyBytes, DirtyKnown: true,
	}
}

// wants returns the demand at a moment, bounded by what is declared.
func (g *guest) wants(at time.Time) float64 {
	cores := g.spec.CPU
	if g.spec.Demand != nil {
		cores = g.spec.Demand(at.Sub(g.started))
	}
	if !(cores > 0) {
		return 0
	}
	return min(cores, g.spec.Declared.CPU)
}

// count adds up the CPU time that the guests have used since the last count.
func (p *Platform) count() {
	now := time.Now()
	guests := p.sorted()
	wants := make([]func(time.Time) float64, len(guests))
	for i, g := range guests {
		wants[i] = func(at time.Time) float64 {
			if g.state != hostagent.Running {
				return 0
			}
			return g.wants(at)
		}
	}
	for i, used := range ShareCores(p.capacity.CPU, p.counted, now, wants) {
		guests[i].cpuTime += used.CPU
	}
	if now.After(p.counted) {
		p.counted = now
	}
}
