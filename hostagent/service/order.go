package service

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/lcc"
)

// Order carries out an operator's order and waits for the end of a migration. An error
// wraps ErrRefused when the host refuses.
func (s *Service) Order(ctx context.Context, o api.Order) error {
	return s.runs.absent(perform(ctx, s, o), o.Guest)
}

func perform(ctx context.Context, s *Service, o api.Order) error {
	switch o.Do {
	case "pin", "unpin", "ignore", "unignore":
		return s.mark(ctx, o)
	case "forget":
		if o.Host != "" {
			return settle(ctx, s, o)
		}
	case "suspend", "stop":
		return s.runs.order(ctx, o)
	case "resume":
		if o.Guest != "" {
			return s.runs.order(ctx, o)
		}
	}
	_, err := s.instruct(ctx, func() (hostagent.Order, error) { return s.read(o) })
	return err
}

// settle hands a person's word where a guest runs to the platform that waits for it.
func settle(ctx context.Context, s *Service, o api.Order) error {
	settler, is := s.platform.(hostagent.Settler)
	if !is {
		return api.Refuse(hostagent.CodeNoOrder, "the platform of this host waits for no word about where a guest runs")
	}
	var guest hostagent.GuestStatus
	var at hostagent.HostID
	var refused error
	err := s.inLoop(ctx, func(lcc.Instant) error {
		if guest, refused = s.records.ordered(s.node.Host().Status().Guests, o.Guest); refused == nil {
			at, refused = s.names.target(o.Host)
		}
		return nil
	})
	if err := errors.Join(err, refused); err != nil {
		return err
	}
	defer s.work.sampler.lookSoon()
	if err := settler.Settle(guest.ID, at == hostagent.HostID(s.names.self)); err != nil {
		return api.Refuse(hostagent.CodeNoOrder, "%v", err)
	}
	return nil
}

// instruct passes an order to the core, and waits for its answer. read is called in the
// loop.
func (s *Service) instruct(ctx context.Context, read func() (hostagent.Order, error)) (hostagent.OrderDone, error) {
	answer := make(chan hostagent.OrderDone, 1)
	var refused error
	err := s.inLoop(ctx, func(lcc.Instant) error {
		order, err := read()
		if err != nil {
			refused = err
			return nil
		}
		return s.step(hostagent.Ordered{ID: s.asked.orders.add(answer), Order: order})
	})
	if err := errors.Join(err, refused); err != nil {
		return hostagent.OrderDone{}, err
	}
	select {
	case done := <-answer:
		if done.Why.Is() {
			return done, &api.Refused{Why: s.names.refusal(done.Why)}
		}
		return done, nil
	case <-s.done:
		return hostagent.OrderDone{}, errors.New("the agent is stopping; a move in flight continues")
	case <-ctx.Done():
		return hostagent.OrderDone{}, fmt.Errorf("stopped waiting; what has begun continues: %w", ctx.Err())
	}
}

// read converts an operator's order to one of the core.
func (s *Service) read(o api.Order) (hostagent.Order, error) {
	settings := s.node.Host().Settings()
	switch o.Do {
	case "drain":
		until, err := drainEnd(o)
		if err != nil {
			return nil, err
		}
		settings = settings.Draining(o.Force, until)
	case "undrain":
		if settings = settings.Undrained(); o.Home {
			settings = settings.HomeComing()
		}
	case "pause", "resume":
		settings.Paused = o.Do == "pause"
		if !settings.Paused {
			settings.Halted = "" // the host's own operator has the last word
		}
	case "migrate":
		guest, err := s.records.ordered(s.node.Host().Status().Guests, o.Guest)
		if err != nil {
			return nil, err
		}
		target, err := s.names.target(o.Host)
		return hostagent.MoveGuest{Guest: guest.ID, Target: target, Force: o.Force}, err
	case "forget":
		guest, err := s.records.ordered(s.node.Host().Status().Guests, o.Guest)
		return hostagent.Forget{Guest: guest.ID}, err
	default:
		return nil, api.Refuse(hostagent.CodeNoOrder, "there is no order %q", o.Do)
	}
	return hostagent.Set{Settings: settings}, nil
}

// drainEnd returns when the time of a drain is over; zero: never.
func drainEnd(o api.Order) (time.Time, error) {
	switch {
	case o.Timeout < 0:
		return time.Time{}, api.Refuse(hostagent.CodeBadQuestion, "timeout is %v: give 0, for no limit, or more", o.Timeout)
	case o.Timeout == 0:
		return time.Time{}, nil
	}
	return time.Now().Add(o.Timeout), nil
}

// ordered finds the guest of an order. A refusal never names another guest: who takes
// such a suggestion moves what was not meant. It names the host where the guest runs, as
// far as this host knows.
func (r *recorder) ordered(here []hostagent.GuestStatus, name string) (hostagent.GuestStatus, error) {
	guest, err := findGuest(here, name)
	var refused *api.Refused
	if !errors.As(err, &refused) || refused.Why.Code != string(hostagent.CodeAbsent) {
		return guest, err
	}
	if to, at, ok := r.history.leftFor(name); ok {
		return guest, api.Refuse(hostagent.CodeAbsent, "%s: it moved to %s at %s: give the order there", refused.Why.Detail,
			r.names.name(to), at.Format(time.DateTime))
	}
	return guest, api.Refuse(hostagent.CodeAbsent, "%s: `parley status` lists those that are", refused.Why.Detail)
}

// findGuest finds a guest of this host by its id or its name.
func findGuest(guests []hostagent.GuestStatus, name string) (hostagent.GuestStatus, error) {
	var found []hostagent.GuestStatus
	for _, g := range guests {
		if string(g.ID) == name {
			return g, nil
		}
		if g.Name == name {
			found = append(found, g)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return hostagent.GuestStatus{}, api.Refuse(hostagent.CodeAbsent, "no guest %q is on this host", name)
	}
	return hostagent.GuestStatus{}, api.Refuse(hostagent.CodeBadQuestion, "%d guests are called %q: give the id (`parley status --json`)",
		len(found), name)
}

// seesRules waits until a look has shown the rules of a guest; they take effect only
// then.
func (s *Service) seesRules(ctx context.Context, id hostagent.GuestID, rules hostagent.Rules) error {
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		s.work.sampler.lookSoon()
		seen := false
		err := s.inLoop(ctx, func(lcc.Instant) error {
			seen = slices.ContainsFunc(s.node.Host().Status().Guests, func(g hostagent.GuestStatus) bool {
				return g.ID == id && reflect.DeepEqual(g.Guest.Rules, rules)
			})
			return nil
		})
		if err != nil || seen {
			return err
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return fmt.Errorf("the rules are written into the guest, but no look has shown them yet: %w", ctx.Err())
		}
	}
}

// mark changes the rules that are stored in a guest.
func (s *Service) mark(ctx context.Context, o api.Order) error {
	var guest hostagent.GuestStatus
	var refused error
	err := s.inLoop(ctx, func(lcc.Instant) error {
		guest, refused = s.records.ordered(s.node.Host().Status().Guests, o.Guest)
		return nil
	})
	if err := errors.Join(err, refused); err != nil {
		return err
	}
	rules := guest.Guest.Rules
	switch o.Do {
	case "pin", "unpin":
		rules.Pinned = o.Do == "pin"
	case "ignore", "unignore":
		rules.Ignored = o.Do == "ignore"
	}
	bounded, cancel := context.WithTimeout(ctx, s.fixed.Platform.CallTimeout)
	defer cancel()
	if err := s.platform.SetRules(bounded, guest.ID, rules); err != nil {
		return fmt.Errorf("write the rules into the guest: %w", err)
	}
	if err := s.seesRules(bounded, guest.ID, rules); err != nil {
		return err
	}
	switch by := guest.Rules; {
	case o.Do == "unpin" && by.Pinned && !guest.Guest.Rules.Pinned:
		return api.Refuse(hostagent.CodePinnedHere, "a rule of this host's configuration pins it")
	case o.Do == "unignore" && by.Ignored && !guest.Guest.Rules.Ignored:
		return api.Refuse(hostagent.CodeIgnoredHere, "a rule of this host's configuration has Parley ignore it")
	}
	return nil
}
