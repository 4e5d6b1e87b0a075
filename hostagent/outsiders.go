package hostagent

// This file keeps hosts of other owners away while nothing is agreed with them:
// deals between the two begin by a model that both accept, or for an operator
// while there is one. What has begun is finished.

// Outsider is a host of another owner with which no deal begins now.
type Outsider struct {
	Host HostID
	Why  string // what a refusal says
}

// setOutsiders replaces the list.
func (c *conduct) setOutsiders(list []Outsider) {
	c.outsiders = make(map[HostID]string, len(list))
	for _, o := range list {
		c.outsiders[o.Host] = o.Why
		if o.Why == "" {
			c.outsiders[o.Host] = "this host deals with hosts of its own owner only"
		}
	}
	c.emit(Changed{Names: loadNames()})
}

// outside refuses what an outsider says that would begin something, and says
// whether it has.
func (c *Core) outside(from HostID, p payload) bool {
	why := c.conduct.whyOutside(from)
	if !why.Is() || c.book.deals[p.Deal] != nil || c.book.endedDeal(p.Deal) != nil {
		return false
	}
	switch p.Kind {
	case kindAsk, kindQuote, kindPropose, kindCommit:
		c.wire.send(from, refuseOf(p.Deal, why))
	}
	return true
}

// whyOutside says why no deal begins with a host; nothing is refused to one that is none.
func (c *conduct) whyOutside(host HostID) Refusal {
	if c.outsiders[host] == "" {
		return Refusal{}
	}
	return Refusal{CodeOutsider, c.outsiders[host]}
}
