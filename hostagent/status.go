package hostagent

import (
	"slices"
	"time"
)

// Status is the host as an operator wants to see it. Guests are by id, deals
// in the order of their ids.
type Status struct {
	Known    bool    // the load could be measured
	LookErr  string  // why the latest look failed; "" when it did not
	Journal  string  // why no new deal is begun: the journal failed; "" when it did not
	Refused  Refusal // why this host last said no to a reserve, a release or a migrate
	Settings Settings
	Labels   []string // of this host
	Idle     Refusal  // why no deal of a model is begun now
	Capacity Resources
	Reserve  int64     // bytes of memory that the machine keeps, beside Capacity; 0: Capacity was declared
	Used     Resources // forecast CPU, declared memory
	Reserved Resources // room that is held for guests that are not here yet
	CPU      float64   // share of the capacity, forecast
	Memory   float64   // share of the capacity
	Guests   []GuestStatus
	Deals    []DealStatus
	Failing  []Failing // targets that are given time, since migrations to them failed
	Duels    []Duel    // guests that are left alone, since somebody moves them back
}

// GuestStatus is a guest with its forecast CPU use, in cores.
type GuestStatus struct {
	Guest
	CPU     float64
	Rules   Rules   // with those that the configuration adds
	Unmoved Refusal // why it may not be moved now
	Blocked Refusal // why a drain could not move it; none when it was not tried or is on its way
	// Foreseen is why a drain that has asked expects no room for it in its turn.
	Foreseen Refusal
}

// DealStatus is a deal that has not ended.
type DealStatus struct {
	Deal           DealID
	Guest          GuestID
	Name           string
	Side           Side
	State          DealState
	Source, Target HostID
	Reason         string
	Code           Code // of Reason
	Need           Resources
	Operator       bool          // begun by an operator
	Progress       Progress      // the platform's last report, at the source
	Age            time.Duration // since it began at this end, or since this run of the agent
}

// Status returns the host as it stands between two Steps.
func (c *Core) Status() Status {
	s := Status{
		Known: c.load.known(), LookErr: c.load.lookErr, Journal: c.ledger.journal.closed().Detail, Refused: c.ledger.refused,
		Settings: c.permits.settings, Labels: c.Labels(), Idle: c.permits.whyIdle(),
		Capacity: c.load.platform.Capacity, Reserve: c.load.platform.ReserveBytes, Used: c.load.used(), Reserved: c.room.reserved(),
		Failing: c.past.failing(), Duels: c.past.foreignMoves.fought(c.now, c.wall),
	}
	s.CPU = share(s.Used.CPU, s.Capacity.CPU)
	s.Memory = share(float64(s.Used.MemoryBytes), float64(s.Capacity.MemoryBytes))
	for _, t := range c.load.byID {
		s.Guests = append(s.Guests, GuestStatus{
			Guest: t.guest, CPU: c.load.need(t).CPU, Rules: c.load.rules(t),
			Unmoved: c.eligible.whyNotMove(t), Blocked: c.operator.whyBlocked(t), Foreseen: c.operator.whyForeseen(t),
		})
	}
	for _, d := range c.book.sortedDeals() {
		s.Deals = append(s.Deals, DealStatus{
			Deal: d.id, Guest: d.guest, Name: d.name, Side: d.side, State: d.state,
			Source: d.source, Target: d.target, Reason: d.reason.Detail, Code: d.reason.Code, Need: d.need, Operator: d.operator,
			Progress: d.src.progress, Age: time.Duration(c.now - d.began),
		})
	}
	return s
}

func (op *operator) whyBlocked(t *tracked) Refusal {
	if !op.drainWaits(t.guest.ID) {
		return Refusal{}
	}
	return op.emptying.blocked[t.guest.ID].why
}

// drainWaits says whether the drain of this host has not begun with a guest.
func (op *operator) drainWaits(guest GuestID) bool {
	return op.permits.settings.Drained && op.book.dealOf(guest) == nil && op.operatorMoves[guest] == nil
}

// Avoided is the part of the status that says what is left alone for a while.
func (c *Core) Avoided() ([]Failing, []Duel) {
	return c.past.failing(), c.past.foreignMoves.fought(c.now, c.wall)
}

// Config returns the settings with their defaults filled in.
func (c *Core) Config() Config { return c.config }

// Quiet says whether no deal of a model is under way at this host, as source or
// as target, from the first question about it to the last look. Deals of an
// operator do not count: no policy has a part in them.
func (c *Core) Quiet() bool {
	for _, d := range c.book.deals {
		if !d.operator {
			return false
		}
	}
	return !slices.ContainsFunc(c.ledger.revived, func(d *deal) bool { return !d.operator })
}
