package sim

import (
	"fmt"
	"slices"
	"time"

	"parley/hostagent"
)

// Balancer is a person or program that moves guests by its own rule, without a deal, as
// with virsh.
type Balancer struct {
	// Rule is "sends_back": each guest of Guests that leaves its first host returns
	// there; or "evens": one guest moves from the host with the most guests to the one
	// with the fewest.
	Rule string
	// After is the delay between a guest's arrival and its return; Every is the
	// interval at which guests are counted.
	After, Every time.Duration
	// From and Until bound the time in which it is active; Until 0: to the end.
	From, Until time.Duration
	Guests      []string // none: all
}

// Wrong describes what is invalid in a balancer, and in which key; "": nothing.
func (b Balancer) Wrong() (key, why string) {
	switch {
	case b.Rule != "sends_back" && b.Rule != "evens":
		return "rule", fmt.Sprintf("%q: give sends_back or evens", b.Rule)
	case b.Rule == "sends_back" && b.After <= 0:
		return "after", "give how long after its arrival a guest is sent back"
	case b.Rule == "evens" && b.Every < time.Second:
		return "every", "give how often the guests are counted, a second or more"
	case b.From < 0 || b.Until != 0 && b.Until < b.From:
		return "until", "the time begins at 0 or later, and ends after that"
	}
	return "", ""
}

func (s *migrations) planBalancers() error {
	for i, b := range s.o.Balancers {
		if key, why := b.Wrong(); why != "" {
			return fmt.Errorf("sim: balancer %d: %s: %s", i+1, key, why)
		}
		for _, name := range b.Guests {
			if s.named[hostagent.GuestID(name)] == nil {
				return fmt.Errorf("sim: balancer %d: there is no guest %q", i+1, name)
			}
		}
		if b.Rule == "evens" {
			s.plan(b.From, func() error { return s.evens(b) })
		}
	}
	return nil
}

func (b Balancer) minds(g *siteGuest, at time.Duration) bool {
	return at >= b.From && (b.Until == 0 || at <= b.Until) && (len(b.Guests) == 0 || slices.Contains(b.Guests, g.Name))
}

// sendBack lets the balancers with sends_back react to the arrival of a guest.
func (s *migrations) sendBack(g *siteGuest) {
	for _, b := range s.o.Balancers {
		if b.Rule != "sends_back" || g.at.Name == g.Host || !b.minds(g, s.since()) {
			continue
		}
		arrived := g.at
		s.plan(b.After, func() error {
			if g.at != arrived || !b.minds(g, s.since()) {
				return nil
			}
			return s.byHand(g, s.on(g.Host), "a second balancer")
		})
	}
}

// evens moves a guest from the host with the most guests to the one with the fewest.
func (s *migrations) evens(b Balancer) error {
	if b.Until > 0 && s.since() > b.Until {
		return nil
	}
	s.plan(b.Every, func() error { return s.evens(b) })
	most, fewest := s.hosts[0], s.hosts[0]
	for _, h := range s.hosts {
		if len(h.here) > len(most.here) {
			most = h
		}
		if len(h.here) < len(fewest.here) {
			fewest = h
		}
	}
	if len(most.here) < len(fewest.here)+2 {
		return nil
	}
	for _, g := range most.here {
		if g.move == nil && b.minds(g, s.since()) {
			return s.byHand(g, fewest, "a second balancer")
		}
	}
	return nil
}

// byHand moves a guest without a deal, if the target's hook admits it.
func (s *migrations) byHand(g *siteGuest, to *siteHost, who string) error {
	from := g.at
	no := func(at *siteHost, why string) error {
		s.chronicle.record(at, "by hand", g.Name, fmt.Sprintf("%s cannot move it to %s: %s", who, to.Name, why))
		return nil
	}
	switch {
	case from == nil:
		return no(to, "it runs nowhere")
	case from == to || g.move != nil:
		return no(from, "it is there, or is being moved")
	case to.Lacks(g.SiteGuest) != "":
		return no(from, to.Lacks(g.SiteGuest))
	case from.down || to.down || from.reach.island != to.reach.island || slices.Contains(to.behind, g):
		return no(from, "the hosts do not reach each other")
	}
	if !to.Unchecked {
		if to.node == nil {
			return no(from, "the target's hook finds no agent")
		}
		why, err := s.admit(g, to, hostagent.Migration{Guest: g.id})
		if err != nil || why.Is() {
			return firstError(err, no(from, why.Detail))
		}
	}
	s.chronicle.record(from, "by hand", g.Name, who+" moves it to "+to.Name)
	s.agents.changed(from)
	s.agents.changed(to)
	again := hostagent.Migration{MovedAt: g.trail.movedAt}
	if err := s.beginMove(g, to, hostagent.StartMove{Deadline: handDeadline, Move: again}); err != nil {
		return err
	}
	g.move.hand = true
	return nil
}

// handDeadline is the deadline of a migration by hand.
const handDeadline = time.Hour

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// arrivedByHand records that a guest arrived without a deal; its memory is a stranger's
// if the target has no hook.
func (s *migrations) arrivedByHand(m *move) {
	if m.to.Unchecked {
		m.guest.strange = strange{m.guest.Declared.MemoryBytes, s.now}
	}
	s.result.ByHand++
	s.agents.changed(m.to)
	from := m.from
	incarnation := from.agent.incarnation
	s.plan(overlap+lookLag, func() error {
		if from.agent.incarnation != incarnation {
			return nil
		}
		return s.agents.look(from)
	})
}
