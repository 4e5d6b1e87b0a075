package lcc

import (
	"fmt"
	"slices"
)

// This file delivers the messages of the search.

// send applies a send to copies of a state: one for each partner that it may go to.
func (x *explorer) send(w *scene, i, k int, h happening) (list []*scene, far bool) {
	h.frame = x.several.found(h.n, h.frame)
	who := h.frame.whom(h.n.role.id)
	if x.several.played() {
		switch {
		case who == everybody || h.n.role.any:
			return x.broadcast(w, i, k, h, who)
		case who == unclear || x.several.vague(&h):
			return nil, true
		}
	}
	sought := who == nobodyYet && h.n.role.name != ""
	ways := []byte{who}
	if sought {
		if ways = x.seek(w, i, &h); len(ways) == 0 {
			return nil, x.mayCome(w, i, h.n.role.name) // no partner yet: it waits for one
		}
	}
	for _, who := range ways {
		h := h
		h.frame = h.frame.met(h.n.role.id, who)
		next := w.copied(i, k, h)
		if !x.deliver(next, i, &h, who, sought) {
			far = far || x.mayCome(w, i, h.n.role.name)
			continue
		}
		some, open := x.concluded(next, i, k, h)
		list, far = append(list, some...), far || open
		if x.mishaps && w.mishap == nil && who != another && h.n.role.name != "" {
			some, _ = x.concluded(x.lose(w, i, k, h, who), i, k, h)
			list = append(list, some...)
		}
	}
	return list, far
}

// seek returns the peers that a message without a known one may go to. With two agents it is
// the other one; with more, those that play the role or begin in it.
func (x *explorer) seek(w *scene, i int, h *happening) (ways []byte) {
	_, isVar := h.n.role.id.(slot)
	isVar = isVar && !h.n.role.any // a message to all goes to those that are known as well
	if len(w.agents) == 2 && !x.several.played() {
		if who := seat(1 - i); !isVar || !slices.Contains([]byte(h.frame.who), who) {
			return []byte{who}
		}
		return []byte{another} // there is a partner already, so this is a second one
	}
	second := false
	for j := range w.agents {
		switch f := &w.agents[j]; {
		case j == i || f.gone:
		case !f.plays(h.n.role.name) && (f.home.role != h.n.role.name || x.begins[f.home] || len(f.threads) > 0):
		case isVar && slices.Contains([]byte(h.frame.who), seat(j)):
			second = true
		default:
			ways = append(ways, seat(j))
		}
	}
	if len(ways) == 0 && second {
		return []byte{another}
	}
	return ways
}

// mayCome reports whether a partner may come that plays a role. Where all roles are played,
// one each, it is one of the agents.
func (x *explorer) mayCome(w *scene, i int, role string) bool {
	if len(w.agents) == 2 && !x.several.played() {
		return true
	}
	for j := range w.agents {
		f := &w.agents[j]
		if j != i && !f.gone && (len(f.threads) > 0 || !x.begins[f.home]) && x.rolesOf(f.home)[role] {
			return true
		}
	}
	return false
}

// deliver puts a message into the mailbox of a partner, or loses it to another peer. It is false
// where a partner that was sought cannot take it.
func (x *explorer) deliver(w *scene, i int, h *happening, who byte, sought bool) bool {
	role := h.roles[len(h.roles)-1]
	to := h.n.role.name
	if isSeat(who) {
		to = x.several.name(int(who-seat(0)), to)
	}
	w.did = fmt.Sprintf("%s => %s: %s", x.several.name(i, role), to, x.texts[h.n.pos.Offset])
	if who == another || h.n.role.name == "" {
		x.letters.unsure[h.n] = true
		return true
	}
	partner := &w.agents[who-seat(0)]
	if !partner.plays(h.n.role.name) {
		name, args, _ := templateName(h.n.message)
		opens := partner.home.role == h.n.role.name && (partner.home.openings[key{name, len(args)}] || partner.home.openings[key{}])
		if len(partner.threads) > 0 || !opens || x.begins[partner.home] || partner.gone {
			// A role that is offered is found before it is known which messages it begins with.
			if offered := partner.home.role == h.n.role.name && len(partner.threads) == 0 && !x.begins[partner.home]; sought &&
				(!offered || partner.gone) {
				return false
			}
			if !x.inFlight(partner, i, partner.mail) {
				w.did += " (it comes back)"
				w.agents[i].failed = w.agents[i].failed.with(int(who - seat(0)))
				return true
			}
		} else {
			*partner = x.begin(partner.home)
		}
	}
	w.agents[i].failed = w.agents[i].failed.without(int(who - seat(0))) // it is forgotten with the next message
	partner.mail = append(slices.Clone(partner.mail), letter{h.n, h.n.message, role, h.n.role.name, i})
	x.letters.send(h.n, w)
	return true
}

// broadcast applies a send to all who play a role, or to all of a list of peers.
func (x *explorer) broadcast(w *scene, i, k int, h happening, who byte) (list []*scene, far bool) {
	next := w.copied(i, k, h)
	sent := 0
	for j := range w.agents {
		if j == i || !x.rolesOf(w.agents[j].home)[h.n.role.name] {
			continue
		}
		if x.deliver(next, i, &h, seat(j), who != everybody) {
			sent++
		}
	}
	switch most := h.n.role.cardinality.max; {
	case sent == 0 && who != everybody:
		return nil, x.mayCome(w, i, h.n.role.name)
	case most >= 0 && sent > most, h.n.role.name == "":
		return nil, true
	}
	role := h.roles[len(h.roles)-1]
	next.did = fmt.Sprintf("%s => each %s: %s", x.several.name(i, role), h.n.role.name, x.texts[h.n.pos.Offset])
	return x.concluded(next, i, k, h)
}
