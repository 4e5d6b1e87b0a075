package hostagent

import (
	"cmp"
	"maps"
	"slices"

	"parley/lcc"
)

// This file answers an operator who wants to know what a move or a drain would do: it
// asks the other hosts as the order would, and moves nothing. Answers reserve nothing, so
// what follows from them is an expectation.

// Foresee asks what a MoveGuest would do or, without a Guest, what a drain would do. It is
// answered by an OrderDone with one Foreseen for each guest, in the order of leaving.
type Foresee struct {
	Guest  GuestID
	Target HostID // "": any host
	Force  bool
}

func (Foresee) isOrder() {}

// Foreseen is what is expected of a guest.
type Foreseen struct {
	Guest  GuestID
	Name   string
	Kind   Kind
	Target HostID  // to which host it would move; "": it would stay
	Load   float64 // share: expected of the target, with the guest
	Also   []HostID
	Why    Refusal       // why it would stay
	Noes   []HostRefusal // hosts that would not take it
}

// HostRefusal is a host that would not take a guest, and why.
type HostRefusal struct {
	Host HostID
	Why  Refusal
}

// dryRun is a Foresee that is being answered.
type dryRun struct {
	survey
	id    uint64
	what  Foresee
	order []GuestID
	about map[GuestID]*prospect
}

// prospect is what is known about the move of one guest.
type prospect struct {
	name  string
	kind  Kind
	need  Resources
	why   Refusal // why it stays, whatever the other hosts say
	rooms []roomAnswer
	noes  []HostRefusal
}

// foresee begins a dry run. Only one asks at a time, so that several orders do not ask
// other hosts more often than they accept.
func (op *operator) foresee(id uint64, o Foresee) {
	why := op.permits.whyNoDeal()
	if o.Guest != "" && !why.Is() && op.load.guests[o.Guest] == nil {
		why = Refusal{CodeAbsent, "the guest is not on this host"}
	}
	if why.Is() {
		op.emit(OrderDone{ID: id, Why: why})
		return
	}
	r := &dryRun{id: id, what: o, about: map[GuestID]*prospect{}}
	if o.Guest != "" {
		r.order = []GuestID{o.Guest}
	} else {
		for _, t := range op.drainOrder() {
			r.order = append(r.order, t.guest.ID)
		}
	}
	r.begin(slices.Clone(r.order), op.now)
	op.dryRuns = append(op.dryRuns, r)
	if len(op.dryRuns) == 1 {
		op.continueDryRuns()
	}
}

// continueDryRuns asks about further guests, and answers the dry runs that have asked
// about all.
func (op *operator) continueDryRuns() {
	for len(op.dryRuns) > 0 {
		r := op.dryRuns[0]
		for guest, more := r.pop(); more; guest, more = r.pop() {
			if t := op.load.guests[guest]; t != nil {
				op.askForDryRun(r, t)
			}
		}
		if len(r.open) > 0 || len(r.left) > 0 {
			return
		}
		op.dryRuns = op.dryRuns[1:]
		op.emit(OrderDone{ID: r.id, Moves: op.past.expect(r)})
	}
}

// askForDryRun asks hosts about one guest, unless it stays whatever they say.
func (op *operator) askForDryRun(r *dryRun, t *tracked) {
	p := &prospect{name: t.guest.Name, kind: t.guest.Kind, need: op.load.need(t)}
	r.about[t.guest.ID] = p
	drain := r.what.Guest == ""
	if drain {
		p.why = op.eligible.whyNeverLeaves(t, r.what.Force)
	} else {
		p.why = op.whyNoMove(MoveGuest{Guest: t.guest.ID, Target: r.what.Target, Force: r.what.Force})
	}
	if p.why.Is() {
		return
	}
	asked := []HostID{r.what.Target}
	if r.what.Target == "" {
		asked = op.someHosts(t)
		if len(asked) == 0 {
			p.why = op.whyNobody(t)
			return
		}
		p.noes = op.backedOff(t)
	}
	for _, host := range asked {
		if r.silent[host] {
			p.noes = append(p.noes, HostRefusal{host, noAnswer})
		}
	}
	asked = slices.DeleteFunc(asked, func(host HostID) bool { return r.silent[host] })
	if len(asked) == 0 {
		return
	}
	q := &operatorMove{id: DealID(op.random()), guest: t.guest.ID, asked: asked, until: op.after(op.config.RetryEvery)}
	r.open = append(r.open, q)
	for _, host := range asked {
		question := op.sources.description(kindQuote, q.id, t)
		question.Draining = question.Draining || drain
		op.wire.send(host, question)
	}
}

// backedOff returns the hosts that the order would not ask about a guest, because
// migrations to them have failed.
func (op *operator) backedOff(t *tracked) (list []HostRefusal) {
	rules := op.load.rules(t)
	for _, host := range slices.Sorted(maps.Keys(op.reach)) {
		if op.conduct.outsiders[host] != "" || op.conduct.roster.lacks(rules, host).Is() {
			continue
		}
		if why := op.past.whyAvoidedHost(host, true); why.Is() {
			list = append(list, HostRefusal{host, why})
		}
	}
	return list
}

var (
	noAnswer  = Refusal{CodeSilent, "it does not answer"}
	roomTaken = Refusal{CodeNoRoom, "the guests that leave before it will have taken the room"}
)

// dryRunHears handles an answer to a question of a dry run, and says whether it was one.
func (op *operator) dryRunHears(from HostID, p payload) bool {
	if len(op.dryRuns) == 0 {
		return false
	}
	r := op.dryRuns[0]
	q := r.find(p.Deal, from)
	if q == nil {
		return false
	}
	about := r.about[q.guest]
	if p.Kind != kindRoom {
		about.noes = append(about.noes, HostRefusal{from, said(p)})
	}
	t := op.load.guests[q.guest]
	q.hears(from, p, t != nil && len(op.load.rules(t).Near) > 0)
	r.noteFree(from, p)
	if len(q.asked) == 0 {
		about.rooms = q.rooms
		r.close(q)
		op.continueDryRuns()
	}
	return true
}

// dryRunLate continues without the answers that are overdue.
func (op *operator) dryRunLate() {
	if len(op.dryRuns) == 0 {
		return
	}
	r := op.dryRuns[0]
	for _, q := range r.late(op.now) {
		about := r.about[q.guest]
		about.rooms = q.rooms
		for _, host := range q.asked {
			about.noes = append(about.noes, HostRefusal{host, noAnswer})
		}
	}
	op.continueDryRuns()
}

// dryRunNext returns when the next question's time is over; 0 for none.
func (op *operator) dryRunNext() lcc.Instant {
	if len(op.dryRuns) == 0 {
		return 0
	}
	return op.dryRuns[0].next()
}

// expect follows the guests as they leave, one after the other.
func (p *past) expect(r *dryRun) (list []Foreseen) {
	come := map[HostID]Resources{} // that have gone there before
	for _, guest := range r.order {
		about := r.about[guest]
		if about == nil {
			continue // it has left since
		}
		one := Foreseen{Guest: guest, Name: about.name, Kind: about.kind, Why: about.why, Noes: about.noes}
		fitting := slices.Clone(about.rooms)
		for i := range fitting {
			fitting[i].load = r.loadThere(fitting[i], about.need, come[fitting[i].host])
		}
		fitting = slices.DeleteFunc(fitting, func(room roomAnswer) bool {
			if r.fits(room.host, about.need, come[room.host]) {
				return false
			}
			one.Noes = append(one.Noes, HostRefusal{room.host, roomTaken})
			return true
		})
		for p.best(guest, fitting); len(fitting) > 0; fitting = fitting[1:] { // it sorts them
			first := fitting[0]
			switch why := p.whyNotThere(guest, first.host, true); {
			case why.Is() && r.what.Target == "":
				one.Noes = append(one.Noes, HostRefusal{first.host, why})
			case one.Target == "":
				one.Target, one.Load = first.host, first.load
			default:
				one.Also = append(one.Also, first.host)
			}
		}
		if one.Target == "" && !one.Why.Is() {
			one.Why = Refusal{CodeNoHost, "no host takes it"}
		}
		if one.Target != "" {
			come[one.Target] = plus(come[one.Target], about.need)
		}
		slices.SortFunc(one.Noes, func(a, b HostRefusal) int { return cmp.Compare(a.Host, b.Host) })
		list = append(list, one)
	}
	return list
}

// fits says whether a host has room for a guest after others have come.
func (r *dryRun) fits(host HostID, need, come Resources) bool {
	free, known := r.free[host]
	with := plus(come, need)
	return !known || with.in(free)
}

// loadThere estimates the load of a host with a guest after others have come. A host says
// what it has left and its load with the guest, not its capacity: what would be left then
// is the rest of the fuller resource.
func (r *dryRun) loadThere(room roomAnswer, need, come Resources) float64 {
	left := minus(r.free[room.host], need)
	if room.load >= 1 || come == (Resources{}) {
		return room.load
	}
	rest := 1 - room.load
	more := max(rest*share(come.CPU, left.CPU), rest*share(float64(come.MemoryBytes), float64(left.MemoryBytes)))
	return round(room.load + more)
}
