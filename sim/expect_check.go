package sim

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/hostagent"
	"parley/lcc"
)

// chronicle reports the entries of a run, and checks the expectations.
type chronicle struct {
	looked  func(*SiteHost, time.Time, hostagent.Status) // see Running.OnLook
	witness Witness                                      // see Running.Tell; nil: none
	*scene
	expected []*expected
	settled  time.Duration // no expectation is about a later time
}

// expected is the state of an expectation during a run.
type expected struct {
	Expectation
	seen    bool    // By: it held
	broken  string  // At, From and Until: why it does not hold
	counted float64 // events so far
	last    string  // the last observation, for the message
}

// planExpectations checks the expectations, and plans a check of states each second if
// there are any.
func (s *chronicle) planExpectations() error {
	for i, e := range s.o.Expect {
		if key, why := e.Wrong(); why != "" {
			return fmt.Errorf("sim: expectation %d: %s: %s", i+1, key, why)
		}
		for _, name := range append(slices.Clone(e.On), e.Host) {
			if name != "" && s.on(name) == nil {
				return fmt.Errorf("sim: expectation %d: there is no host %q", i+1, name)
			}
		}
		if e.Guest != "" && s.named[hostagent.GuestID(e.Guest)] == nil {
			return fmt.Errorf("sim: expectation %d: there is no guest %q", i+1, e.Guest)
		}
		s.expected = append(s.expected, &expected{Expectation: e})
		s.settled = max(s.settled, e.By, e.At, e.Until)
	}
	if len(s.expected) > 0 {
		s.planAt(1, s.lookAtExpected)
	}
	return nil
}

// lookAtExpected checks the expectations with a time against the present state.
func (s *chronicle) lookAtExpected() error {
	s.plan(time.Second, s.lookAtExpected)
	at := s.since()
	for _, e := range s.expected {
		if e.events() || e.By == 0 && e.At == 0 && e.From == 0 && e.Until == 0 {
			continue
		}
		if e.By > 0 {
			e.seen = e.seen || at <= e.By && s.holds(e)
			continue
		}
		due := e.At > 0 && at >= e.At && !e.seen || e.At == 0 && at >= e.From && (e.Until == 0 || at <= e.Until)
		if due && e.broken == "" {
			e.seen = true
			if !s.holds(e) {
				e.broken = fmt.Sprintf("%s at %v", e.last, at.Round(time.Second))
			}
		}
	}
	return nil
}

// events says whether the expectation is about counted events.
func (e *expected) events() bool { return e.Told != "" || e.Number != "" && !numbers[e.Number].state }

// holds says whether an expectation of a state holds now.
func (s *chronicle) holds(e *expected) bool {
	g, h := s.named[hostagent.GuestID(e.Guest)], s.byName[lcc.PeerID(e.Host)]
	switch {
	case len(e.On) > 0:
		e.last = "it is nowhere"
		if g.at != nil {
			e.last = "it is on " + g.at.Name
		}
		return g.at != nil && slices.Contains(e.On, g.at.Name)
	case e.Gone:
		e.last = "it runs"
		return g.at == nil
	case e.Empty:
		e.last = "there are " + names(h.here, h.coming)
		return len(h.here)+len(h.coming) == 0
	case e.Says != "":
		text := s.says(h)
		e.last = "it says: " + text
		return strings.Contains(text, e.Says)
	}
	n := s.number(e, h)
	e.last = fmt.Sprintf("it is %.4g", n)
	return e.within(n)
}

func names(lists ...[]*siteGuest) string {
	var all []string
	for _, g := range slices.Concat(lists...) {
		all = append(all, g.Name)
	}
	return strings.Join(all, " ")
}

// number is the present value of a state that is a number.
func (s *chronicle) number(e *expected, h *siteHost) (n float64) {
	switch e.Number {
	case "load":
		return s.loads()[h.index]
	case "blocked":
		if h.node != nil {
			for _, g := range h.node.Host().Status().Guests {
				if g.Blocked.Is() {
					n++
				}
			}
		}
		return n
	}
	for _, one := range s.hosts {
		switch {
		case h != nil && one != h:
		case e.Number == "messages":
			n += float64(one.used.messages)
		case e.Number == "guests":
			n += float64(len(one.here))
		case one.node != nil: // deals
			n += float64(len(one.node.Host().Status().Deals))
		}
	}
	return n
}

// says is the text of an agent's status.
func (s *chronicle) says(h *siteHost) string {
	if h.node == nil {
		return "the agent is down"
	}
	return fmt.Sprintf("%+v", h.node.Host().Status())
}

// countEntry counts an entry for the expectations that it matches.
func (s *chronicle) countEntry(t Entry) {
	for _, e := range s.expected {
		if !e.events() || t.At < e.From || e.Until > 0 && t.At > e.Until {
			continue
		}
		if e.Guest != "" && t.Guest != e.Guest || e.Host != "" && t.Host != e.Host {
			continue
		}
		if e.Told != "" && strings.Contains(t.Text, e.Told) || e.Number != "" && t.counts(e.Number) {
			e.counted++
			e.last = "the last: " + t.String()
		}
	}
}

// counts says whether an entry is one that a number counts.
func (t Entry) counts(number string) bool {
	source := t.Kind == "deal" && strings.HasPrefix(t.Text, "as source: ")
	is := func(states ...hostagent.DealState) bool {
		_, rest, _ := strings.Cut(t.Text, ": ")
		state, _, _ := strings.Cut(rest, ",")
		return t.Kind == "deal" && slices.Contains(states, hostagent.DealState(state))
	}
	switch number {
	case "moves":
		return t.Kind == "moved"
	case "by_hand":
		return t.Kind == "by hand" && strings.Contains(t.Text, " moves it to ")
	case "failed":
		return source && is(hostagent.Aborted, hostagent.Stuck)
	case "refused":
		return is(hostagent.Refused)
	case "stuck":
		return is(hostagent.Stuck)
	case "not_emptied":
		return t.Kind == "fault" && strings.Contains(t.Text, "is not empty")
	}
	return t.Kind == "ping-pong"
}

// unmet lists the expectations that failed, and those known to fail that held.
func (s *chronicle) unmet() (list []string) {
	for _, e := range s.expected {
		ok, why := s.met(e)
		switch {
		case e.Known != "" && ok:
			list = append(list, fmt.Sprintf("%s: it holds, and is said to be known to fail (%s)", e, e.Known))
		case e.Known == "" && !ok:
			list = append(list, fmt.Sprintf("%s: %s", e, why))
		}
	}
	return list
}

// met says whether an expectation is met at the end of a run.
func (s *chronicle) met(e *expected) (ok bool, why string) {
	switch {
	case e.events():
		why = fmt.Sprintf("%g were counted", e.counted)
		if e.last != "" {
			why += "; " + e.last
		}
		return e.within(e.counted), why
	case e.By > 0:
		return e.seen, "until then it was not; " + e.last
	case e.At > 0 || e.From > 0 || e.Until > 0:
		if !e.seen {
			return false, fmt.Sprintf("the run ended before, at %v", s.since())
		}
		return e.broken == "", e.broken
	}
	ok = s.holds(e)
	return ok, e.last
}
