package joint

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/hostagent"
)

// look is what a part has shown.
type look struct {
	seen hostagent.Observation
	err  error
}

// partShare of the time that a look may take is for the parts: what one of them does not
// answer in it, it does not answer, and the others are still shown in time.
const partShare = 0.8

// Observe implements hostagent.Platform: it looks at all parts at once. Its error is that
// of every part where none could be looked at.
func (p *Platform) Observe(ctx context.Context) (hostagent.Observation, error) {
	if ctx.Err() != nil {
		return hostagent.Observation{}, fmt.Errorf("look at the host: %w", context.Cause(ctx))
	}
	select {
	case p.turn <- struct{}{}: // one look at a time
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return hostagent.Observation{}, fmt.Errorf("look at the host: %w", context.Cause(ctx))
	}
	bounded, cancel := forParts(ctx)
	defer cancel()
	results := make([]chan look, len(p.parts))
	for i, one := range p.parts {
		results[i] = make(chan look, 1)
		p.lookAt(bounded, one, results[i])
	}
	looks := make([]look, len(p.parts))
	for i := range p.parts {
		select {
		case looks[i] = <-results[i]:
		case <-bounded.Done():
			looks[i] = look{err: fmt.Errorf("it does not answer: %w", context.Cause(bounded))}
			select {
			case looks[i] = <-results[i]:
			default: // its goroutine gives the answer to nobody
			}
		}
	}
	return p.merge(looks)
}

// forParts bounds a look at the parts within one at the host.
func forParts(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, bounded := ctx.Deadline()
	if !bounded {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Duration(partShare*float64(time.Until(deadline))))
}

// lookAt begins a look at a part, unless one that was given up has not returned.
func (p *Platform) lookAt(ctx context.Context, one *part, result chan<- look) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.closed:
		result <- look{err: errClosed}
		return
	case one.looking:
		result <- look{err: errors.New("an earlier look at it has not ended")}
		return
	}
	one.looking = true
	go func() {
		seen, err := one.Platform.Observe(ctx)
		p.mu.Lock()
		one.looking = false
		p.mu.Unlock()
		result <- look{seen, err}
	}()
}

// merge makes one observation of those of the parts.
func (p *Platform) merge(looks []look) (hostagent.Observation, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	whole := hostagent.Observation{Endpoints: map[hostagent.Kind]string{}}
	owners := map[hostagent.GuestID]*part{}
	var errs []error
	for i, one := range p.parts {
		err := looks[i].err
		if err == nil {
			err = one.fault(looks[i].seen, owners)
		}
		if err != nil {
			err = fmt.Errorf("%s: %w", one.Platform.Name(), err)
			errs = append(errs, err)
			p.unseen(&whole, one, err, owners)
			continue
		}
		p.add(&whole, one, looks[i].seen, owners)
	}
	p.owners = owners
	if len(errs) == len(p.parts) {
		return hostagent.Observation{}, errors.Join(errs...)
	}
	whole.Capacity, whole.ReserveBytes = p.capacity()
	if whole.Capacity.CPU <= 0 || whole.Capacity.MemoryBytes <= 0 {
		// Its guests would seem to overload it.
		return hostagent.Observation{}, errors.Join(append(errs, errors.New("what guests may use of this host is not known yet"))...)
	}
	slices.SortFunc(whole.Guests, func(a, b hostagent.Guest) int { return strings.Compare(string(a.ID), string(b.ID)) })
	whole.Networks, whole.Offers = sorted(whole.Networks), sorted(whole.Offers)
	return whole, nil
}

// fault says what is wrong with the guests that a part shows.
func (one *part) fault(seen hostagent.Observation, owners map[hostagent.GuestID]*part) error {
	for _, g := range seen.Guests {
		if !slices.Contains(one.Kinds, g.Kind.Known()) {
			return fmt.Errorf("it shows the guest %s of the kind %s, and is for %s", g.Name, g.Kind.Known(), one.kinds())
		}
		if other := owners[g.ID]; other != nil {
			return fmt.Errorf("it shows the guest %s, which %s shows as well: give each guest an id of its own", g.Name, other.Platform.Name())
		}
	}
	return nil
}

// unseen notes that a part could not be looked at. Its guests stay its own. The caller
// holds mu.
func (p *Platform) unseen(whole *hostagent.Observation, one *part, why error, owners map[hostagent.GuestID]*part) {
	if whole.Unseen == nil {
		whole.Unseen = map[hostagent.Kind]string{}
	}
	for _, kind := range one.Kinds {
		whole.Unseen[kind] = why.Error()
	}
	for guest, owner := range p.owners {
		if owner == one && owners[guest] == nil {
			owners[guest] = one
		}
	}
	if !one.unseen && !p.closed {
		p.log.Warn("guests of a kind cannot be looked at: they count as before, and no guest comes", "event", "kind_unseen",
			"kinds", one.kinds(), "error", why)
	}
	one.unseen = true
}

// add adds what a part shows. The caller holds mu.
func (p *Platform) add(whole *hostagent.Observation, one *part, seen hostagent.Observation, owners map[hostagent.GuestID]*part) {
	if one.unseen {
		p.log.Info("guests of a kind are seen again", "event", "kind_seen", "kinds", one.kinds())
	}
	one.unseen, one.capacity, one.reserve = false, seen.Capacity, seen.ReserveBytes
	for _, g := range seen.Guests {
		owners[g.ID] = one
	}
	whole.Guests = append(whole.Guests, seen.Guests...)
	whole.Networks = append(whole.Networks, seen.Networks...)
	whole.Offers = append(whole.Offers, seen.Offers...)
	for kind, at := range seen.Endpoints {
		if slices.Contains(one.Kinds, kind) {
			whole.Endpoints[kind] = at
		}
	}
	for kind, why := range seen.Unseen { // of a part that is joint itself
		if whole.Unseen == nil {
			whole.Unseen = map[hostagent.Kind]string{}
		}
		whole.Unseen[kind] = why
	}
}

// capacity is what is declared, and beside it what the first part showed last that has
// shown any. The caller holds mu.
func (p *Platform) capacity() (all hostagent.Resources, reserve int64) {
	all = p.declared
	for _, one := range p.parts {
		if all.CPU == 0 {
			all.CPU = one.capacity.CPU
		}
		if all.MemoryBytes == 0 && one.capacity.MemoryBytes > 0 {
			all.MemoryBytes, reserve = one.capacity.MemoryBytes, one.reserve
		}
		if all.DiskBytes == 0 {
			all.DiskBytes = one.capacity.DiskBytes
		}
	}
	return all, reserve
}

func sorted(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
