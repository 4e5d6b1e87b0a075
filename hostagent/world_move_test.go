package hostagent

import (
	"strings"
	"time"
)

// This file is the part of the modelled platform that moves guests.

func (w *world) startMove(h *testHost, e StartMove) {
	m := &testMove{spec: e.Move, deal: e.Deal, source: h, incarnation: h.incarnation,
		target: w.hosts[HostID(strings.TrimPrefix(e.Move.Endpoint, "at:"))]}
	w.moves = append(w.moves, m)
	w.after(w.beginTime, func() { w.beginMove(m) })
	w.after(e.Deadline, func() {
		if !m.over && m.source.incarnation == m.incarnation { // the driver gives up at the deadline
			w.endMove(m, "gave up")
		}
	})
}

// leaves says whether a platform is migrating a guest away.
func (w *world) leaves(h *testHost, guest GuestID) bool {
	for _, m := range w.moves {
		if m.source == h && m.spec.Guest == guest && !m.over {
			return true
		}
	}
	return false
}

// beginMove is the point at which the target's platform asks its agent.
func (w *world) beginMove(m *testMove) {
	if m.over {
		return
	}
	g := m.source.guests[m.spec.Guest]
	if g == nil || g.state != Running {
		w.endMove(m, "no such guest runs here")
		return
	}
	if !w.up(m.target) {
		w.endMove(m, "the target's agent does not answer")
		return
	}
	asked := AdmissionAsked{
		ID: 7, Guest: m.spec.Guest, Deal: m.spec.Deal, Token: m.spec.Token, Kind: g.kind, Need: g.declared(), Rules: g.rules,
	}
	if m.target.early {
		asked.Kind, asked.Need.DiskBytes = "", 0
	}
	effects, err := m.target.core.Step(w.clock(m.target), asked)
	if err != nil {
		w.t.Fatal(err)
	}
	w.carryOut(m.target, effects)
	for _, e := range effects {
		if admit, ok := e.(Admit); ok && admit.Why.Is() {
			w.endMove(m, "refused at the target: "+admit.Why.Detail)
			return
		}
	}
	if m.target.guests[g.id] != nil {
		w.t.Fatalf("guest %s was let in at host %s, where it is already", g.id, m.target.id)
	}
	m.begun = true
	m.target.guests[g.id] = &testGuest{
		id: g.id, state: Incoming, cores: g.cores, memory: g.memory, rules: g.rules, counted: w.now, kind: g.kind, needs: g.needs, disk: g.disk,
	}
	w.look(m.target)
	w.after(w.moveTime, func() { w.switchMove(m) })
}

func (w *world) switchMove(m *testMove) {
	switch {
	case m.over:
		return
	case m.target.failing:
		w.endMove(m, "the connection to the target broke")
		return
	}
	m.switched = true
	g := m.target.guests[m.spec.Guest]
	g.state, g.counted, g.movedAt = Running, w.now, m.spec.MovedAt
	w.look(m.target)
	w.after(w.overlap, func() {
		m.over = true
		delete(m.source.guests, m.spec.Guest)
		w.look(m.source)
		w.moved(m, "")
	})
}

func (w *world) abortMove(h *testHost, guest GuestID) {
	if w.lateAborts > 0 && w.chance.Float64() < w.lateAborts {
		return
	}
	for _, m := range w.moves {
		if m.source == h && m.spec.Guest == guest && !m.over && !m.switched {
			w.endMove(m, "it was aborted")
		}
	}
}

// endGuest ends a guest at a host, as its owner may at any time. A migration from there
// fails if it has not switched over; at the target nothing of it is undone.
func (w *world) endGuest(h *testHost, guest GuestID) {
	for _, m := range w.moves {
		if m.spec.Guest == guest && m.source == h && !m.over {
			w.endMove(m, "the guest was shut down")
		}
	}
	delete(h.guests, guest)
	w.ended[guest] = true
	w.look(h)
}

// endMove ends a migration that has not switched over: the guest stays.
func (w *world) endMove(m *testMove, why string) {
	if m.switched {
		return
	}
	m.over = true
	if m.begun {
		delete(m.target.guests, m.spec.Guest)
		w.look(m.target)
	}
	w.moved(m, why)
}

func (w *world) moved(m *testMove, why string) {
	incarnation := m.incarnation
	w.after(5*time.Millisecond, func() {
		if m.source.incarnation == incarnation {
			w.step(m.source, Moved{Deal: m.deal, Err: why, Migrated: Migrated{Total: w.moveTime, Downtime: 50 * time.Millisecond, Bytes: 1}})
		}
	})
}
