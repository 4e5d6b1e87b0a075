package libvirt

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"parley/hostagent"
)

// inspectEvery is how often each guest is inspected for what its XML does not show.
const inspectEvery = 10 * time.Second

// finding is what a guest's XML does not show.
type finding struct {
	stays string // why libvirt would refuse to migrate it; "" if no reason is known
	fault string // what changed in it with its arrival here
}

// inspector asks libvirt about each guest, separately from the looks. Some questions go
// to the guest's QEMU: one that hangs must not delay a look at all guests. Its methods
// are safe for concurrent use.
type inspector struct {
	ask     func(ctx context.Context, guest hostagent.GuestID) (finding, error)
	changed func() // an observation would differ
	soon    chan struct{}

	mu    sync.Mutex
	found map[hostagent.GuestID]*finding // of the guests seen last; nil until asked
}

func newInspector(ask func(context.Context, hostagent.GuestID) (finding, error), changed func()) *inspector {
	return &inspector{ask: ask, changed: changed, soon: make(chan struct{}, 1), found: map[hostagent.GuestID]*finding{}}
}

// note adds the findings to the guests of a look, and triggers an inspection of guests
// without one.
func (i *inspector) note(guests []hostagent.Guest) {
	i.mu.Lock()
	defer i.mu.Unlock()
	was := i.found
	i.found = make(map[hostagent.GuestID]*finding, len(guests))
	for n := range guests {
		g := &guests[n]
		if g.State == hostagent.Incoming {
			continue // it is not here yet
		}
		f := was[g.ID]
		i.found[g.ID] = f
		if f == nil {
			select {
			case i.soon <- struct{}{}:
			default:
			}
			continue
		}
		if g.Ineligible == "" {
			g.Ineligible = f.stays
		}
		g.Fault = f.fault
	}
}

// run inspects guests until the context ends.
func (i *inspector) run(ctx context.Context) {
	ticker := time.NewTicker(inspectEvery)
	defer ticker.Stop()
	for {
		all := false
		select {
		case <-ctx.Done():
			return
		case <-i.soon:
		case <-ticker.C:
			all = true
		}
		i.round(ctx, all)
	}
}

// round inspects all guests, or those without a finding.
func (i *inspector) round(ctx context.Context, all bool) {
	differs := false
	for _, guest := range i.guests(all) {
		f, err := i.ask(ctx, guest)
		switch {
		case ctx.Err() != nil:
			return
		case errors.Is(err, context.DeadlineExceeded):
			f = finding{stays: "libvirt does not answer about it: check whether its QEMU hangs"}
		case err != nil:
			continue // the guest or libvirt has gone: the next look shows it
		}
		differs = i.keep(guest, f) || differs
	}
	if differs {
		i.changed()
	}
}

func (i *inspector) guests(all bool) (list []hostagent.GuestID) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for guest, f := range i.found {
		if all || f == nil {
			list = append(list, guest)
		}
	}
	slices.Sort(list)
	return list
}

// keep stores a finding and says whether it differs from the previous one.
func (i *inspector) keep(guest hostagent.GuestID, f finding) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	was, here := i.found[guest]
	if !here {
		return false
	}
	i.found[guest] = &f
	return was == nil && f != (finding{}) || was != nil && *was != f
}
