package hostagent

import (
	"slices"
	"time"
)

// Status is the state of the host for an operator. Guests and deals are sorted by id.
type Status struct {
	Known    bool    // the load could be measured
	LookErr  string  // why the latest look failed; "" when it did not
	Journal  string  // why no new deal begins: the journal failed or is full; "": neither
	Refused  Refusal // why this host last refused an action of a model
	Settings Settings
	// DrainWaits says why a drain moves nothing now; zero if it does.
	DrainWaits Refusal
	Labels     []string // of this host
	Idle       Refusal  // why no deal of a model begins now
	Capacity   Resources
	// Endpoints is where other hosts' platforms reach this one, for each kind of guest
	// that can come.
	Endpoints map[Kind]string
	Offers    []string        // what guests may need here
	Unseen    map[Kind]string // kinds of guests that cannot be looked at now, and why
	Reserve   int64           // bytes of memory that the machine keeps for itself; 0: Capacity was declared
	Used      Resources       // forecast CPU, declared memory
	Reserved  Resources       // reservations for guests that are not here yet
	CPU       float64         // share of the capacity, forecast
	Memory    float64         // share of the capacity
	Guests    []GuestStatus
	Deals     []DealStatus
	Failing   []Failing // targets in back-off, because migrations to them failed
	Away      []Away    // guests that drains of this host have moved away
	Duels     []Duel    // guests that are left alone, because someone moves them back
}

// GuestStatus is a guest with its forecast CPU use, in cores.
type GuestStatus struct {
	Guest
	CPU     float64
	Rules   Rules   // with the rules that the configuration adds
	Unmoved Refusal // why it may not be moved now
	// Recommended says that a move of it was recommended a short time ago and not carried
	// out.
	Recommended bool
	Blocked     Refusal // why a drain could not move it; zero if it was not tried or is moving
	// Foreseen is why a drain's survey expects no room for it.
	Foreseen Refusal
}

// DealStatus is a deal.
type DealStatus struct {
	Deal           DealID
	Guest          GuestID
	Name           string
	Kind           Kind
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

// Status returns the state of the host between two Steps.
func (c *Core) Status() Status {
	s := Status{
		Known: c.load.known(), LookErr: c.load.lookErr, Journal: c.ledger.journal.closed().Detail, Refused: c.ledger.refused,
		Settings: c.permits.settings, Labels: c.Labels(), Idle: c.permits.whyIdle(), DrainWaits: c.permits.whyDrainWaits(),
		Capacity: c.load.platform.Capacity, Endpoints: c.load.platform.Endpoints, Offers: c.load.platform.Offers,
		Unseen: c.load.platform.Unseen, Reserve: c.load.platform.ReserveBytes,
		Used: c.load.used(), Reserved: c.room.reserved(),
		Failing: c.past.failing(), Duels: c.past.foreignMoves.fought(c.now, c.wall),
	}
	s.Away = c.operator.home.away()
	s.CPU = share(s.Used.CPU, s.Capacity.CPU)
	s.Memory = share(float64(s.Used.MemoryBytes), float64(s.Capacity.MemoryBytes))
	for _, t := range c.load.byID {
		s.Guests = append(s.Guests, GuestStatus{
			Guest: t.guest, CPU: c.load.need(t).CPU, Rules: c.load.rules(t), Recommended: c.recommended.away[t.guest.ID].at != 0,
			Unmoved: c.eligible.whyNotMove(t), Blocked: c.operator.whyBlocked(t), Foreseen: c.operator.whyForeseen(t),
		})
	}
	for _, d := range c.book.sortedDeals() {
		s.Deals = append(s.Deals, c.dealStatus(d))
	}
	return s
}

// NeedPerson returns the deals that have ended, and whose outcome only a person can find
// out.
func (c *Core) NeedPerson() (list []DealStatus) {
	for _, d := range c.ledger.needsPerson.sorted() {
		list = append(list, c.dealStatus(d))
	}
	return list
}

func (c *Core) dealStatus(d *deal) DealStatus {
	return DealStatus{
		Deal: d.id, Guest: d.guest, Name: d.name, Kind: d.kind(), Side: d.side, State: d.state,
		Source: d.source, Target: d.target, Reason: d.reason.Detail, Code: d.reason.Code, Need: d.need, Operator: d.operator,
		Progress: d.src.progress, Age: time.Duration(c.now - d.began),
	}
}

func (op *operator) whyBlocked(t *tracked) Refusal {
	if !op.drainWaits(t.guest.ID) {
		return Refusal{}
	}
	return op.emptying.blocked[t.guest.ID].why
}

// drainWaits says whether the drain of this host has not started to move a guest.
func (op *operator) drainWaits(guest GuestID) bool {
	return op.permits.settings.Drained && op.book.dealOf(guest) == nil && op.operatorMoves[guest] == nil
}

// Avoided returns the part of the status about targets in back-off and duels.
func (c *Core) Avoided() ([]Failing, []Duel) {
	return c.past.failing(), c.past.foreignMoves.fought(c.now, c.wall)
}

// Config returns the configuration with its defaults filled in.
func (c *Core) Config() Config { return c.config }

// Quiet says whether no deal of a model is in flight at this host, as source or as
// target, from the first question about it to the last look. Deals of an operator do
// not count: no policy takes part in them.
func (c *Core) Quiet() bool {
	for _, d := range c.book.deals {
		if !d.operator {
			return false
		}
	}
	return !slices.ContainsFunc(c.ledger.revived, func(d *deal) bool { return !d.operator })
}
