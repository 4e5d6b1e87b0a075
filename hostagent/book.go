package hostagent

import (
	"slices"
	"strings"
)

// book is the list of this host's deals.
type book struct {
	deals map[DealID]*deal
	ended []*deal // oldest first
	// done are the deals that are done since the last look, and unmeasured those of an earlier
	// run whose outcomes are not measured.
	done, unmeasured []*deal
}

// comingUse returns the CPU use that the deal of an incoming guest declared.
func (b *book) comingUse(guest GuestID) forecast {
	if d := b.dealOf(guest); d != nil && d.side == TargetSide {
		return forecast{mean: d.need.CPU, known: true}
	}
	return forecast{}
}

func (b *book) remember(d *deal) {
	b.ended = append(b.ended, d)
	if len(b.ended) > endedMax {
		b.ended = slices.Delete(b.ended, 0, 1)
	}
}

func (b *book) dealOf(guest GuestID) *deal {
	for _, d := range b.deals {
		if d.guest == guest {
			return d // a guest has at most one deal
		}
	}
	return nil
}

func (b *book) endedDeal(id DealID) *deal {
	for i := len(b.ended) - 1; i >= 0; i-- {
		if b.ended[i].id == id {
			return b.ended[i]
		}
	}
	return nil
}

func (b *book) count(side Side) (n int) {
	for _, d := range b.deals {
		if d.side == side {
			n++
		}
	}
	return n
}

func (b *book) sortedDeals() []*deal {
	list := make([]*deal, 0, len(b.deals))
	for _, d := range b.deals {
		list = append(list, d)
	}
	slices.SortFunc(list, func(a, b *deal) int { return strings.Compare(string(a.id), string(b.id)) })
	return list
}

// unusedOf counts a source's reservations whose guest has not arrived; for an operator,
// only those that would not give way.
func (b *book) unusedOf(source HostID, operator bool) (n int) {
	for _, d := range b.deals {
		open := d.side == TargetSide && d.source == source && (d.state == Asking || d.state == Offered || d.state == Armed && !d.tgt.admitted)
		if open && !(operator && d.givesWay()) {
			n++
		}
	}
	return n
}

// coming counts the deals of incoming guests; for an operator, only those that would
// not give way.
func (b *book) coming(operator bool) (n int) {
	for _, d := range b.deals {
		if d.side == TargetSide && !(operator && d.givesWay()) {
			n++
		}
	}
	return n
}
