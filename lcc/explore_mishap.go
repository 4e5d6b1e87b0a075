package lcc

import "slices"

// This file lets one message be lost, or one partner fail, on each way. Who waits for the one
// that failed, or for what was lost, has no fault of its own: LCC014 says where nothing is done
// about it. A finding is an agent that waits for one who has: it gave its partner up, and told
// nobody. A partner that is late is one whose timeout passes.

// mishap is what went wrong on a way.
type mishap struct {
	gone int    // the agent that failed; -1 for none
	lost letter // the message that was lost
	to   int    // whom it was for; -1 for nobody
}

// asksFailed reports whether a text does anything about failures.
func (all together) asksFailed() (asks bool) {
	for _, c := range all.x.clausesInOrder() {
		c.body.walk(map[*node]bool{}, func(n *node) {
			asks = asks || n.guard != nil && n.guard.contains(func(c *cnode) bool { return c.builtin != nil && c.key.name == failedName })
		})
	}
	return asks
}

// lose is a send whose message does not arrive: its sender hears that it was not delivered.
func (x *explorer) lose(w *scene, i, k int, h happening, who byte) *scene {
	next := w.copied(i, k, h)
	to := int(who - seat(0))
	role := h.roles[len(h.roles)-1]
	next.mishap = &mishap{gone: -1, lost: letter{h.n, h.n.message, role, h.n.role.name, i}, to: to}
	next.did = x.several.name(i, role) + " => " + h.n.role.name + ": " + x.texts[h.n.pos.Offset] + " (it is lost)"
	next.agents[i].failed = next.agents[i].failed.with(to)
	return next
}

// failing returns the states in which one of the agents has failed, if nothing went wrong yet.
func (x *explorer) failing(w *scene) (list []*scene) {
	if !x.mishaps || w.mishap != nil {
		return nil
	}
	for i := range w.agents {
		f := w.agents[i]
		if len(f.threads) == 0 {
			continue
		}
		next := &scene{agents: slices.Clone(w.agents), from: w, mishap: &mishap{gone: i, to: -1}}
		roles := f.threads[0].roles
		next.did = x.several.name(i, roles[len(roles)-1]) + " fails"
		next.agents[i] = figure{home: f.home, gone: true}
		for j := range next.agents {
			if j != i {
				next.agents[j].failed = next.agents[j].failed.with(i)
			}
		}
		list = append(list, next)
	}
	return list
}

// excused returns the agents that wait for the one that failed or for the message that was lost,
// or for another that does.
func (x *explorer) excused(w *scene) (list seats) {
	if w.mishap == nil {
		return 0
	}
	if w.mishap.gone >= 0 {
		list = list.with(w.mishap.gone)
	}
	if to := w.mishap.to; to >= 0 && len(w.agents[to].threads) == 0 && !x.begins[w.agents[to].home] {
		list = list.with(to) // the message that was lost would have begun it
	}
	for grew := true; grew; {
		grew = false
		for i := range w.agents {
			if !list.has(i) && slices.ContainsFunc(w.agents[i].threads, func(t walker) bool { return x.waitsOn(w, i, t, list) }) {
				list, grew = list.with(i), true
			}
		}
	}
	return list
}

// waitsOn reports whether a thread waits for one of a set of agents, or for the lost message.
func (x *explorer) waitsOn(w *scene, i int, t walker, list seats) bool {
	events, _ := x.look(t.at, t.frame, t.next, t.roles, &w.agents[i], 0, nil)
	return slices.ContainsFunc(events, func(h happening) bool {
		if h.n.kind != nodeSend && h.n.kind != nodeReceive {
			return false
		}
		if h.n.kind == nodeReceive && w.mishap.to == i && w.mishap.lost.fits(h.n) {
			return true
		}
		if who := h.frame.whom(h.n.role.id); isSeat(who) {
			return list.has(int(who - seat(0)))
		}
		for j := range w.agents {
			if j != i && list.has(j) && (h.n.role.name == "" || x.rolesOf(w.agents[j].home)[h.n.role.name]) {
				return true
			}
		}
		return false
	})
}
