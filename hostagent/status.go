package hostagent

// Status is the host as an operator wants to see it. Guests are by id, deals
// in the order of their ids.
type Status struct {
	Known    bool   // the load could be measured
	LookErr  string // why the latest look failed; "" when it did not
	Capacity Resources
	Used     Resources
	Promised Resources // room that is held for guests that are not here yet
	Guests   []GuestStatus
	Deals    []DealStatus
}

// GuestStatus is a guest with its measured CPU use, in cores.
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
}

// Status returns the host as it stands between two Steps.
func (c *Core) Status() Status {
	s := Status{Known: c.known(), LookErr: c.lookErr, Capacity: c.platform.Capacity, Used: c.used(), Promised: c.promised()}
	for _, t := range c.sortedGuests() {
		s.Guests = append(s.Guests, GuestStatus{Guest: t.guest, CPU: t.use.value, Unmoved: c.whyNotMove(t)})
	}
	for _, d := range c.sortedDeals() {
		s.Deals = append(s.Deals, DealStatus{
			Deal: d.id, Guest: d.guest, Name: d.name, Side: d.side, State: d.state,
			Source: d.source, Target: d.target, Reason: d.reason, Need: d.need,
		})
	}
	return s
}

// Config returns the settings with their defaults filled in.
func (c *Core) Config() Config { return c.config }
