package hostagent

import "time"

// Status is the host as an operator wants to see it. Guests are by id, deals
// in the order of their ids.
type Status struct {
	Known    bool   // the load could be measured
	LookErr  string // why the latest look failed; "" when it did not
	Journal  string // why no new deal is begun: the journal failed; "" when it did not
	Refused  string // why this host last said no to a reserve, a release or a migrate
	Capacity Resources
	Used     Resources // forecast CPU, declared memory
	Promised Resources // room that is held for guests that are not here yet
	CPU      float64   // share of the capacity, forecast
	Memory   float64   // share of the capacity
	Guests   []GuestStatus
	Deals    []DealStatus
}

// GuestStatus is a guest with its forecast CPU use, in cores.
type GuestStatus struct {
	Guest
	CPU     float64
	Unmoved string // why it may not be moved now; "" when it may
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
	Need           Resources
	Progress       Progress      // the platform's last report, at the source
	Age            time.Duration // since it began at this end, or since this run of the agent
}

// Status returns the host as it stands between two Steps.
func (c *Core) Status() Status {
	s := Status{
		Known: c.known(), LookErr: c.lookErr, Journal: c.journal.err, Refused: c.refused,
		Capacity: c.platform.Capacity, Used: c.used(), Promised: c.promised(),
	}
	s.CPU = share(s.Used.CPU, s.Capacity.CPU)
	s.Memory = share(float64(s.Used.MemoryBytes), float64(s.Capacity.MemoryBytes))
	for _, t := range c.byID {
		s.Guests = append(s.Guests, GuestStatus{Guest: t.guest, CPU: c.need(t).CPU, Unmoved: c.whyNotMove(t)})
	}
	for _, d := range c.sortedDeals() {
		s.Deals = append(s.Deals, DealStatus{
			Deal: d.id, Guest: d.guest, Name: d.name, Side: d.side, State: d.state,
			Source: d.source, Target: d.target, Reason: d.reason, Need: d.need,
			Progress: d.progress, Age: time.Duration(c.now - d.began),
		})
	}
	return s
}

// Config returns the settings with their defaults filled in.
func (c *Core) Config() Config { return c.config }
