package lcc

// A server is written as a loop: a(s, S) :: ask <= a(c, C) then ok => a(c, C) then
// a(s, S). Each conversation begins an agent of an offered role, and a loop leaves it
// where a new one would begin. Such an agent ends, for a message begins another.

// again reports whether an agent that a message began is back at the beginning of its
// role, with nothing that an agent begun by the next message would not have.
func (e *Engine) again(a *agent) bool {
	if a.by == "" || !a.moved || len(a.mail) > 0 || len(a.memory.facts) > 0 || !a.begins() {
		return false
	}
	c := a.threads[0].scope.clause
	return c.served && e.subscribed[c.role]
}

// begins reports whether an agent is at the beginning of a role without arguments, with
// nothing to return to.
func (a *agent) begins() bool {
	if len(a.threads) != 1 {
		return false
	}
	t := a.threads[0]
	c := t.scope.clause
	return t.pending == nil && t.node == c.body && t.scope.outer == nil && t.next == &t.scope.end && t.scope.end.node == nil &&
		len(c.args) == 0
}

// served reports whether a definition begins with messages or with time alone: what an
// agent does of itself at its beginning, it does only if it runs.
func (n *node) served() bool {
	served := true
	n.first(func(e *node) {
		switch {
		case e.kind == nodeReceive:
		case e.kind == nodeNull && e.guard != nil && e.guard.contains(isTimeout):
		default:
			served = false
		}
	})
	return served
}

func isTimeout(c *cnode) bool { return c.kind == consCall && c.key.name == "timeout" }
