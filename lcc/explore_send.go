package lcc

import (
	"fmt"
	"slices"
)

// This file delivers the messages of the search.

// send applies a send to copies of a state: one for each partner that it may go to.
func (x *explorer) send(w *scene, i, k int, h happening) (list []*scene, far bool) {
	who := h.frame.whom(h.n.role.id)
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
	if len(w.agents) == 2 {
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
	if len(w.agents) == 2 {
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
	w.did = fmt.Sprintf("%s => %s: %s", role, h.n.role.name, x.texts[h.n.pos.Offset])
	if who == another || h.n.role.name == "" {
		x.letters.unsure[h.n] = true
		return true
	}
	to := &w.agents[who-seat(0)]
	if !to.plays(h.n.role.name) {
		name, args, _ := templateName(h.n.message)
		opens := to.home.role == h.n.role.name && (to.home.openings[key{name, len(args)}] || to.home.openings[key{}])
		if len(to.threads) > 0 || !opens || x.begins[to.home] || to.gone {
			if sought {
				return false
			}
			w.did += " (it comes back)"
			w.agents[i].failed = w.agents[i].failed.with(int(who - seat(0)))
			return true
		}
		*to = x.begin(to.home)
	}
	w.agents[i].failed = w.agents[i].failed.without(int(who - seat(0))) // it is forgotten with the next message
	to.mail = append(slices.Clone(to.mail), letter{h.n, h.n.message, role, h.n.role.name, i})
	x.letters.send(h.n, w)
	return true
}
