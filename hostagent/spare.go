package hostagent

import "parley/hostagent/spare"

// Spare returns what this host has left and what its guests need, for plans of who takes
// whose guests if hosts fail. A pause does not count: a guest that is started after a failure
// comes by no deal.
func (c *Core) Spare() spare.Host { return c.room.spare() }

func (rm *room) spare() spare.Host {
	h := spare.Host{
		ID: string(rm.self), Drained: rm.permits.settings.Drained, Closed: !rm.load.seen,
		Free:   spareRoom(rm.load.platform.Capacity).Minus(spareRoom(rm.taken(false))),
		Labels: rm.config.Labels, Offers: rm.load.platform.Offers, Networks: rm.load.platform.Networks,
	}
	h.Free.Cores = round(h.Free.Cores)
	for _, kind := range Kinds() {
		if !rm.load.lacks(nature{Kind: kind}).Is() {
			h.Kinds = append(h.Kinds, string(kind))
		}
	}
	for t := range rm.load.running() {
		h.Guests = append(h.Guests, spareGuest(rm.load, t))
	}
	for _, d := range rm.book.sortedDeals() {
		if d.side == TargetSide && !rm.load.isHere(d.guest) {
			h.Coming = append(h.Coming, spare.Guest{
				ID: string(d.guest), Name: d.name, Need: spareRoom(d.need), Kind: string(d.kind()), Needs: d.about.nature.Needs,
				Labels: d.rules.Labels, Requires: d.rules.Requires, Apart: d.rules.Apart,
			})
		}
	}
	return h
}

// spareGuest is a guest of this host.
func spareGuest(l *loads, t *tracked) spare.Guest {
	rules := l.rules(t)
	return spare.Guest{
		ID: string(t.guest.ID), Name: t.guest.Name, Need: spareRoom(l.need(t)), Kind: string(t.guest.Kind.Known()),
		Needs: t.guest.Needs, Networks: t.guest.Networks, Labels: rules.Labels, Requires: rules.Requires, Apart: rules.Apart,
		Avoids: rules.Avoids, AtMost: rules.limits(),
		Ineligible: t.guest.Ineligible,
	}
}

func spareRoom(r Resources) spare.Room {
	return spare.Room{Cores: r.CPU, MemoryBytes: r.MemoryBytes, DiskBytes: r.DiskBytes}
}
