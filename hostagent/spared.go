package hostagent

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"parley/hostagent/spare"
	"parley/internal/bytesize"
	"parley/lcc"
)

// This file keeps, together with the other hosts of the group, room for the guests of hosts
// that fail (Config.Moves.Survive). Each host tells the others what it has left and what its
// guests need (spared_wire.go). Both ends of a deal refuse what would leave room missing, or
// more of it than is missing now.

// spared is what this host knows of the room and the guests of its group.
type spared struct {
	*turn
	room   *room
	others map[HostID]toldSpare
	told   spare.Host // by this host
	tells  bool       // it has told something
}

// toldSpare is what another host has told.
type toldSpare struct {
	host   spare.Host
	at     lcc.Instant
	silent bool // since then: it takes no guest, and is absent
}

func newSpared(t *turn, rm *room) *spared {
	return &spared{turn: t, room: rm, others: map[HostID]toldSpare{}}
}

// sparedMost bounds how many other hosts are known: a group has fewer.
const sparedMost = 1024

// hear takes in what another host tells. One that is silent is absent, and what it told last
// stays known.
func (sp *spared) hear(ev Told) {
	was, known := sp.others[ev.From]
	host, err := decodeSpare(ev.Data)
	switch {
	case ev.From == sp.self || !known && len(sp.others) >= sparedMost:
	case len(ev.Data) == 0 || err != nil:
		if err != nil && len(ev.Data) > 0 {
			sp.blame(ev.From, blameMalformed)
		}
		if known {
			was.silent = true
			sp.others[ev.From] = was
		}
	default:
		host.ID = string(ev.From)
		sp.others[ev.From] = toldSpare{host: host, at: sp.now}
	}
}

// say tells the other hosts what has changed here in this Step. What the guests use changes
// all the time, and waits for the next advert.
func (sp *spared) say() {
	if sp.config.Moves.Survive == 0 {
		if sp.tells {
			sp.tells, sp.told = false, spare.Host{}
			sp.emit(Tell{Soon: true})
		}
		return
	}
	if !slices.ContainsFunc(sp.out, func(e Effect) bool {
		switch e.(type) {
		case Changed, DealChanged:
			return true
		}
		return false
	}) {
		return
	}
	now := sp.room.spare()
	data, ok := encodeSpare(now)
	if !ok {
		data = nil // too much for an advert: the others count this host as absent
	}
	before, _ := encodeSpare(sp.told)
	if sp.tells && slices.Equal(data, before) {
		return
	}
	soon := !sp.tells || !sameGuests(now, sp.told)
	sp.tells, sp.told = true, now
	sp.emit(Tell{Data: data, Soon: soon})
}

// sameGuests says whether two states of a host differ only in what its guests use of its
// processors.
func sameGuests(a, b spare.Host) bool {
	same := func(a, b spare.Guest) bool { return a.ID == b.ID && a.Need.MemoryBytes == b.Need.MemoryBytes }
	return a.Free.MemoryBytes == b.Free.MemoryBytes && a.Free.DiskBytes == b.Free.DiskBytes &&
		a.Drained == b.Drained && a.Closed == b.Closed &&
		slices.EqualFunc(a.Guests, b.Guests, same) && slices.EqualFunc(a.Coming, b.Coming, same)
}

// hosts are this host and those that it knows to be there.
func (sp *spared) hosts() []spare.Host {
	list := []spare.Host{sp.room.spare()}
	for _, id := range slices.Sorted(maps.Keys(sp.others)) {
		if told := sp.others[id]; !told.silent {
			list = append(list, sp.withLeaving(told.host))
		}
	}
	return list
}

// withLeaving adds what this host moves to another one, which may not have told of it yet.
func (sp *spared) withLeaving(h spare.Host) spare.Host {
	for _, d := range sp.room.book.sortedDeals() {
		t := sp.room.load.guests[d.guest]
		if d.side != SourceSide || string(d.target) != h.ID || t == nil || has(h.Guests, d.guest) || has(h.Coming, d.guest) {
			continue
		}
		g := spareGuest(sp.room.load, t)
		h.Coming, h.Free = append(slices.Clip(h.Coming), g), h.Free.Minus(g.Need)
	}
	return h
}

func has(list []spare.Guest, guest GuestID) bool {
	return slices.ContainsFunc(list, func(g spare.Guest) bool { return g.ID == string(guest) })
}

// forbids says why a guest may not move from a host to another one, because room for guests of
// hosts that fail would be missing. A host that is not known, or not
// to have the guest, is one outside the group: a guest that comes from it is one more, and one
// that goes there is one less.
func (sp *spared) forbids(g spare.Guest, from, to HostID) Refusal {
	survive := sp.config.Moves.Survive
	if survive == 0 {
		return Refusal{}
	}
	hosts := sp.hosts()
	if !slices.ContainsFunc(hosts, func(h spare.Host) bool { return h.ID == string(from) && has(h.Guests, GuestID(g.ID)) }) {
		from = ""
	}
	if !slices.ContainsFunc(hosts, func(h spare.Host) bool { return h.ID == string(to) }) {
		to = ""
	}
	if from == to {
		return Refusal{}
	}
	plan, forbidden, err := spare.Forbids(hosts, survive, g, string(from), string(to))
	if err != nil || !forbidden {
		return Refusal{} // both hosts are known, and so is the guest: there is no error
	}
	return refusal(CodeSpareRoom, "room for guests of hosts that fail would be missing: %s", lackText(plan))
}

// lackText says which guests have no place if the hosts of a plan fail.
func lackText(p spare.Plan) string {
	if len(p.Missing) == 0 {
		return "none"
	}
	text := "if " + strings.Join(p.Failed, " and ") + " fails, "
	if len(p.Failed) > 1 {
		text = "if " + strings.Join(p.Failed, " and ") + " fail, "
	}
	first := cmp.Or(p.Missing[0].Name, p.Missing[0].Guest)
	if n := len(p.Missing); n > 1 {
		return text + fmt.Sprintf("%s and %d more have no place (%s)", first, n-1, bytesize.GiB(p.Lacks.MemoryBytes))
	}
	return text + fmt.Sprintf("%s has no place (%s)", first, bytesize.GiB(p.Lacks.MemoryBytes))
}

// asSpare is a guest that another host describes.
func (p payload) asSpare(guest GuestID) spare.Guest {
	return spare.Guest{
		ID: string(guest), Name: p.Name, Need: spareRoom(p.need()), Kind: string(p.Nature.Kind.Known()), Needs: p.Nature.Needs,
		Networks: p.Networks, Labels: p.Rules.Labels, Requires: p.Rules.Requires, Apart: p.Rules.Apart,
		Avoids: p.Rules.Avoids, AtMost: p.Rules.limits(),
	}
}

// SpareStatus says whether the guests of this host have places on those that it hears.
type SpareStatus struct {
	Survive int        // of the configuration; 0: no room is kept
	Hosts   int        // that it knows of, itself among them
	Guests  int        // that have no place if it fails
	Missing spare.Room // what these need
	Text    string     // which guests these are
}

// SpareStatus returns what becomes of this host's guests if it fails, with as many others as
// room is kept for.
func (c *Core) SpareStatus() SpareStatus {
	s := SpareStatus{Survive: c.config.Moves.Survive}
	if s.Survive == 0 {
		return s
	}
	hosts := spare.Settled(c.spared.hosts())
	s.Hosts = len(hosts)
	plan, err := spare.With(hosts, s.Survive, string(c.self))
	if err != nil {
		return s // nothing invalid is taken in
	}
	s.Guests, s.Missing = len(plan.Missing), plan.Lacks
	if s.Guests > 0 {
		s.Text = lackText(plan)
	}
	return s
}

// SpareOf returns what another host told last, and when; false if it told nothing.
func (c *Core) SpareOf(host HostID) (told spare.Host, at lcc.Instant, known bool) {
	t, known := c.spared.others[host]
	return t.host, t.at, known
}
