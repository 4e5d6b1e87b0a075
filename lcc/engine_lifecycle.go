package lcc

import (
	"fmt"
	"slices"
)

// This file implements the life cycle of an agent, from start to end.

// touch schedules a look at an agent in this Step. With news, a change may have enabled
// what was not possible before, so parked roles and failed actions are tried again.
func (e *Engine) touch(a *agent, news bool) {
	if news {
		for _, t := range a.threads {
			t.retryAll()
		}
	}
	if !a.dirty {
		a.dirty = true
		e.dirty = append(e.dirty, a)
	}
}

func (e *Engine) startGiven(ev Start) {
	if _, code, detail := e.meter.limits.refuse(ev.Role, false); code != "" {
		e.out = append(e.out, Finish{Role: ev.Role, Reason: Reason{code, "the role to start: " + detail}})
		return
	}
	for _, g := range ev.Given {
		if _, code, detail := e.meter.limits.refuse(g.Value, false); code != "" {
			e.out = append(e.out, Finish{Role: ev.Role, Reason: Reason{code, fmt.Sprintf("the value of %s: %s", g.Variable, detail)}})
			return
		}
	}
	e.start(ev.Role, "", "", ev.Given)
}

// start starts an agent; it returns nil when it could not.
func (e *Engine) start(role Term, by PeerID, conversation ConversationID, given []Given) *agent {
	name, args, _ := Name(role)
	c := e.model.clauses[key{name, len(args)}]
	if c == nil {
		e.out = append(e.out, Finish{Role: role, Reason: e.model.noRole(name, len(args))})
		return nil
	}
	if e.refused[name] {
		e.out = append(e.out, Finish{Role: role, Reason: refusedRole(name)})
		return nil
	}
	if len(e.agents.byID) >= e.meter.limits.Agents {
		e.out = append(e.out, Finish{Role: role, Reason: Reason{ReasonLimit, fmt.Sprintf("more than %d agents at this peer",
			e.meter.limits.Agents)}})
		return nil
	}
	a := e.agents.begin(role, c, by, conversation)
	a.causedBy(by, e.around.self)
	if conversation != "" {
		e.conversations.join(a, conversation)
	}
	if e.look.crowded(c) {
		e.finish(a, c.fullReason())
		return nil
	}
	if e.open(a, args, given); a.over {
		return nil
	}
	e.touch(a, false)
	return a
}

// open puts an agent at the beginning of its clause.
func (e *Engine) open(a *agent, args []Term, given []Given) {
	defer e.guard(a)
	e.meter.reset()
	t := a.threads[0]
	c := t.scope.clause
	e.look.solver.begin(a, t)
	e.look.fill(c, t.frame, args)
	e.look.give(c, t.frame, given)
	t.node, t.next, t.since = c.body, &t.scope.end, e.around.now
	t.entered = append(t.entered, entry{role: t.scope.role, after: t.scope.end.point, since: t.since})
	if a.unrecorded = true; a.by == "" {
		e.recordEntry(a)
	}
	e.charge(a)
}

// guard is deferred around all work for an agent: a fault ends that agent and nothing
// else.
func (e *Engine) guard(a *agent) {
	switch r := recover().(type) {
	case nil:
	case fault:
		e.finish(a, r.reason)
	default:
		panic(r)
	}
}

// run runs an agent until none of its events can happen.
func (e *Engine) run(a *agent) {
	e.runThreads(a)
	a.table.end()
	switch {
	case a.over:
	case len(a.threads) == 0 || e.again(a):
		e.finish(a, Reason{Code: ReasonDone})
	default:
		e.returnMail(a)
		e.waiting.index(a)
		e.alarms.set(a, a.wake)
	}
}

func (e *Engine) runThreads(a *agent) {
	defer e.guard(a)
	e.meter.reset()
	a.uses.clear()
	for moved := true; moved; {
		moved = false
		several := len(a.threads) > 1
		for i := 0; i < len(a.threads); i++ {
			t := a.threads[i]
			if e.advance(a, t) {
				moved = true
			}
			if t.node == nil && t.pending == nil {
				a.threads = slices.Delete(a.threads, i, i+1)
				i--
			}
		}
		// A single thread has run until nothing more could happen. An event of one of
		// several threads may have enabled one that looked earlier.
		moved = moved && (several || len(a.threads) > 1)
	}
	a.wake = 0
	for _, t := range a.threads {
		if t.wake != 0 && t.pending == nil && (a.wake == 0 || t.wake < a.wake) {
			a.wake = t.wake
		}
	}
	e.roles.update(&e.meter, a)
	e.charge(a)
}

// finish ends an agent and returns its mail. When it failed, it notifies the partners
// whose messages it took.
func (e *Engine) finish(a *agent, reason Reason) {
	if a.over {
		return
	}
	e.recordEntry(a)
	a.over = true
	for _, t := range a.threads {
		a.awaited = a.awaited || t.pending != nil
	}
	a.threads = nil
	e.returnMail(a)
	if reason.Code != ReasonDone {
		for _, l := range a.links {
			if l.taken.Seq != 0 {
				e.out = append(e.out, Bounce{Message: l.taken, Reason: Reason{ReasonFailed, reason.String()}})
			}
		}
	}
	e.forget(a)
	e.out = append(e.out, Finish{Agent: a.id, Role: a.started, Reason: reason, By: a.provoked(reason.Code)})
}

// forget removes an ended agent from the engine.
func (e *Engine) forget(a *agent) {
	e.roles.update(&e.meter, a)
	e.alarms.set(a, 0)
	a.uses.clear()
	e.waiting.index(a)
	e.conversations.leaveAll(a)
	e.agents.remove(a)
}

func (e *Engine) stop(id AgentID) {
	for a := range e.agents.running {
		if id == 0 || a.id == id {
			e.finish(a, Reason{Code: ReasonStopped})
		}
	}
}
