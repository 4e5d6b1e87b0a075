package hostagent

// This file refuses deals with hosts of other owners without an agreement. Deals
// between two owners begin by a model that both accept, or for an operator while there
// is such a model. Deals in flight are finished.

// Outsider is a host of another owner with which no deal begins now.
type Outsider struct {
	Host HostID
	Why  string // text of the refusal
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

// outside refuses payloads of an outsider that would begin something, and says whether
// the payload was dropped.
func (c *Core) outside(from HostID, p payload) bool {
	why := c.conduct.whyOutside(from)
	if !why.Is() || c.book.deals[p.Deal] != nil || c.book.endedDeal(p.Deal) != nil {
		return false
	}
	switch p.Kind {
	case kindAsk, kindQuote, kindPropose, kindHome, kindCommit:
		c.wire.send(from, refuseOf(p.Deal, why))
	}
	return true
}

// whyOutside says why no deal begins with a host; the zero Refusal if it is no
// outsider.
func (c *conduct) whyOutside(host HostID) Refusal {
	if c.outsiders[host] == "" {
		return Refusal{}
	}
	return Refusal{CodeOutsider, c.outsiders[host]}
}
