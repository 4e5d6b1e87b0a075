package libvirt

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"parley/hostagent"
)

// inspectEvery is how often each guest is asked what its XML does not tell.
const inspectEvery = 10 * time.Second

// finding is what a guest's XML does not tell.
type finding struct {
	stays string // why libvirt would refuse to migrate it; "" when nothing is known
	fault string // what of it is not as it was before it came here
}

// inspector asks libvirt about each guest beside the looks. Some of its questions
// go to the guest's QEMU: one that hangs must not hold up a look at all guests.
// Its methods may be called from several goroutines.
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

// note adds to the guests of a look what is known of them, and asks soon about
// those of which nothing is.
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

// run asks until the context ends.
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

// round asks about all guests, or those of which nothing is known.
func (i *inspector) round(ctx context.Context, all bool) {
	differs := false
	for _, guest := range i.guests(all) {
		f, err := i.ask(ctx, guest)
		switch {
		case ctx.Err() != nil:
			return
		case errors.Is(err, context.DeadlineExceeded):
			f = finding{stays: "libvirt does not answer about it: look whether its QEMU hangs"}
		case err != nil:
			continue // it has gone, or libvirt has: the next look says so
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

// keep notes a finding and says whether it is another one than before.
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
