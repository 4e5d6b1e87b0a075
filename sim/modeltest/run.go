package modeltest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"parley/lcc"
	"parley/sim"
)

// Result is the result of a test.
type Result struct {
	Test     string    `json:"test"`
	Model    string    `json:"model"`
	Seeds    int       `json:"seeds"`
	Messages int       `json:"messages"` // of all seeds
	Failures []Failure `json:"failures"` // of the first seed that failed
	Seed     uint64    `json:"seed"`     // the seed that failed; 0 if none did
	Story    []string  `json:"story"`    // of the last run
	Unused   []Unused  `json:"unused"`   // actions of the test that no agent asked for, with any seed
	Coverage *Coverage `json:"-"`
}

// Passed says whether the test passed with every seed.
func (r *Result) Passed() bool { return len(r.Failures) == 0 }

// Unused is a line of a section of actions that answered nothing.
type Unused struct {
	Line int    `json:"line"`
	Peer string `json:"peer"`
	Text string `json:"text"`
}

// Failure is one unmet expectation.
type Failure struct {
	Line    int    `json:"line"` // of the test; 0 if no line is about it
	Message string `json:"message"`
	// Rows are the expected messages beside those sent. It is empty if the failure is
	// not about their order.
	Rows []Row `json:"rows,omitempty"`
}

// Row is a line of a comparison. First marks the first difference.
type Row struct {
	Expected string `json:"expected"`
	Actual   string `json:"actual"`
	First    bool   `json:"first,omitempty"`
}

// sent is a message of a run.
type sent struct {
	at       time.Duration
	from, to string
	body     lcc.Term
}

func (m sent) String() string {
	return fmt.Sprintf("%.3fs %s => %s: %s", m.at.Seconds(), m.from, m.to, m.body)
}

func (m sent) between(from, to string) bool {
	return (from == "" || from == m.from) && (to == "" || to == m.to)
}

// SetSeeds replaces the seeds of the test.
func (t *Test) SetSeeds(first, last uint64) { t.run.first, t.run.last = first, last }

// Run runs the test with each of its seeds, and stops at the first that fails.
func (t *Test) Run() Result {
	r := Result{Test: t.Name, Model: t.Model, Coverage: newCoverage(t.compiled)}
	var unused map[string][]int
	for seed := t.run.first; ; seed++ {
		r.Seeds++
		o := t.once(seed)
		r.Messages += len(o.sent)
		r.Story = o.story
		r.Coverage.add(o.records)
		unused = both(unused, o.result.Unused)
		if r.Failures = t.judge(o); len(r.Failures) > 0 {
			r.Seed = seed
			return r
		}
		if seed == t.run.last {
			r.Unused = t.unused(unused)
			return r
		}
	}
}

// both are the unused actions of two runs; nil: there was no run before.
func both(before, now map[string][]int) map[string][]int {
	if before == nil {
		return now
	}
	for peer, list := range before {
		before[peer] = slices.DeleteFunc(list, func(i int) bool { return !slices.Contains(now[peer], i) })
	}
	return before
}

// unused lists the lines of actions that no agent asked for. A failed test has none: what
// it did not reach says nothing.
func (t *Test) unused(places map[string][]int) (list []Unused) {
	for peer, unused := range places {
		for _, i := range unused {
			l := t.actions[peer][i]
			list = append(list, Unused{Line: l.number, Peer: peer, Text: l.text})
		}
	}
	slices.SortFunc(list, func(a, b Unused) int { return a.Line - b.Line })
	return list
}

// outcome is the outcome of one run.
type outcome struct {
	err      error
	result   sim.PeerRunResult
	sent     []sent
	records  []sim.PeerRunEvent
	finished []sim.PeerRunEvent
	story    []string
}

// eventsMax bounds the events of one run: an endless model is reported soon, before its
// story fills the memory.
const eventsMax = 100_000

func (t *Test) once(seed uint64) *outcome {
	o := &outcome{}
	table := sim.PeerRun{
		Model: t.compiled, Peers: t.peers, Seed: seed, Network: t.run.network,
		Limit: t.run.limit, Quiet: t.run.quiet, Events: eventsMax, Script: t.script,
		OnEvent: o.keep,
	}
	o.result, o.err = table.Run()
	return o
}

func (o *outcome) keep(ev sim.PeerRunEvent) {
	o.story = append(o.story, Describe(ev))
	if ev.Finish != nil {
		o.finished = append(o.finished, ev)
		return
	}
	o.records = append(o.records, ev)
	if ev.Record.Kind == lcc.RecordSend {
		o.sent = append(o.sent, sent{ev.At, ev.Peer, string(ev.Record.Peer), ev.Record.Term})
	}
}

// Describe formats an event of a run as one line.
func Describe(ev sim.PeerRunEvent) string {
	line := fmt.Sprintf("%9.3fs  %s: ", ev.At.Seconds(), ev.Peer)
	if ev.Finish != nil {
		return line + fmt.Sprintf("%s ended: %s", ev.Finish.Role, ev.Finish.Reason)
	}
	r := ev.Record
	switch r.Kind {
	case lcc.RecordSend:
		return line + fmt.Sprintf("%s => %s", r.Term, r.Peer)
	case lcc.RecordReceive:
		return line + fmt.Sprintf("%s <= %s", r.Term, r.Peer)
	case lcc.RecordEnter:
		return line + fmt.Sprintf("enters %s", r.Role)
	case lcc.RecordPark:
		return line + fmt.Sprintf("returns to %s without having done anything, and waits", r.Role)
	case lcc.RecordNull:
		return line + "continues in " + r.Pos.Place()
	case lcc.RecordSolve:
		return line + fmt.Sprintf("asks for %s", r.Term)
	case lcc.RecordSolved:
		return line + fmt.Sprintf("achieved %s", r.Term)
	default:
		return line + fmt.Sprintf("%s %s", r.Kind, r.Term)
	}
}

// judge checks a run against the expectations.
func (t *Test) judge(o *outcome) (failures []Failure) {
	if o.err != nil {
		failure := Failure{Message: o.err.Error()}
		var act *sim.ActError
		if errors.As(o.err, &act) {
			failure.Line = t.acts[act.Act]
		}
		return []Failure{failure}
	}
	if o.result.Ended == sim.EndedEvents {
		failures = append(failures, Failure{Message: fmt.Sprintf(
			"it does not end: %d events until %v of virtual time; if that is intended, write a shorter limit in -- run --",
			eventsMax, round(o.result.Took))})
	}
	s := search{want: t.expect.messages, sent: o.sent, others: t.run.others}
	if a, ok := s.match(); !ok {
		failures = append(failures, s.compare(a))
	}
	for _, a := range t.expect.assertions {
		if message := a.judge(o); message != "" {
			failures = append(failures, Failure{Line: a.number, Message: message})
		}
	}
	return append(failures, t.unspoken(o)...)
}

// unspoken returns the failed and waiting agents that no line of the test expects.
func (t *Test) unspoken(o *outcome) (failures []Failure) {
	spoken := func(kind, peer string, fits func(a *assertion) bool) bool {
		return slices.ContainsFunc(t.expect.assertions, func(a assertion) bool {
			return a.kind == kind && !a.never && (a.peer == "" || a.peer == peer) && fits(&a)
		})
	}
	for _, ev := range o.finished {
		reason := ev.Finish.Reason
		if reason.Code == lcc.ReasonDone || spoken("fails", ev.Peer, func(a *assertion) bool {
			return a.reason == "" || a.reason == string(reason.Code)
		}) {
			continue
		}
		failures = append(failures, Failure{Message: fmt.Sprintf("%s fails in %s: %s (write `%s fails %s` if that is intended)",
			ev.Peer, ev.Finish.Role, reason, ev.Peer, reason.Code)})
	}
	for _, p := range t.peers {
		for _, role := range o.result.Waiting[p.Name] {
			if spoken("waits", p.Name, func(a *assertion) bool { return a.fits(role) }) {
				continue
			}
			failures = append(failures, Failure{Message: fmt.Sprintf(
				"%s still plays %s at the end, %s (write `%s waits in %s` if that is intended)%s",
				p.Name, role, t.ending(o), p.Name, role, reasons(o, p.Name, role))})
		}
	}
	return failures
}

// reasons says on lines of their own what the agents of a peer in a role wait for.
func reasons(o *outcome, peer string, role lcc.Term) (text string) {
	for _, line := range o.result.Why(peer, role) {
		text += "\n    " + line
	}
	return text
}

// ending describes when and why a run ended.
func (t *Test) ending(o *outcome) string {
	switch o.result.Ended {
	case sim.EndedLimit:
		return fmt.Sprintf("at the limit of %v", t.run.limit)
	case sim.EndedEvents:
		return fmt.Sprintf("stopped at %v", round(o.result.Took))
	}
	return fmt.Sprintf("after %v, when nothing had happened for %v", round(o.result.Took), t.run.quiet)
}

// round is a time of a run as a story shows it. Events that follow each other at once are
// a billionth of a second apart.
func round(d time.Duration) time.Duration { return d.Round(time.Millisecond) }

func (a *assertion) fits(role lcc.Term) bool {
	return a.role == nil || a.role.Match(role, lcc.Bindings{})
}

// judge returns why an assertion is not met by a run; "" if it is.
func (a *assertion) judge(o *outcome) string {
	var found string
	mine := func(peer string) bool { return a.peer == "" || a.peer == peer }
	switch a.kind {
	case "ends", "fails":
		for _, ev := range o.finished {
			ended := ev.Finish.Reason.Code == lcc.ReasonDone
			fits := a.kind == "ends" && ended && a.fits(ev.Finish.Role) ||
				a.kind == "fails" && !ended && (a.reason == "" || a.reason == string(ev.Finish.Reason.Code))
			if mine(ev.Peer) && fits {
				found = Describe(ev)
			}
		}
	case "waits":
		for _, waiting := range []map[string][]lcc.Term{o.result.Waiting, o.result.Offered} {
			for _, peer := range slices.Sorted(maps.Keys(waiting)) {
				for _, role := range waiting[peer] {
					if mine(peer) && a.fits(role) {
						found = fmt.Sprintf("%s plays %s at the end", peer, role)
					}
				}
			}
		}
	case achieves, failsTo:
		kind := lcc.RecordSolved
		if a.kind == failsTo {
			kind = lcc.RecordFailed
		}
		for _, ev := range o.records {
			if ev.Record.Kind == kind && mine(ev.Peer) && a.what.Match(ev.Record.Term, lcc.Bindings{}) {
				found = Describe(ev)
			}
		}
	case "enters":
		for _, ev := range o.records {
			if ev.Record.Kind == lcc.RecordEnter && mine(ev.Peer) && a.fits(ev.Record.Role) {
				found = Describe(ev)
			}
		}
	default:
		for _, m := range o.sent {
			if m.between(a.from, a.to) && a.what.Match(m.body, lcc.Bindings{}) {
				found = m.String()
			}
		}
	}
	switch {
	case a.never && found != "":
		return fmt.Sprintf("%s, but: %s", a.text, found)
	case !a.never && found == "":
		return fmt.Sprintf("%s: it did not happen", a.text)
	}
	return ""
}
