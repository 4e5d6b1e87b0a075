package lcc

// space is the memory of one agent. Most agents have one thread, one scope and so on,
// so the first of each is allocated in one struct, which is reused when the agent has
// ended. A host that answers many short conversations therefore creates little garbage.
type space struct {
	agent     agent
	thread    thread
	scope     scope
	frame     frame
	vars      [6]Term
	threads   [1]*thread
	entered   [1]entry
	mail      [1]*mail
	links     [1]link
	announced [1]*played
	uses      [2]string
	indexed   [2]string
}

// sparesMax bounds the size of each pool of an engine.
const sparesMax = 64

// furnish returns an agent with one thread at the start of a clause.
func (sp *space) furnish(role Term, c *clause) *agent {
	a, t, sc := &sp.agent, &sp.thread, &sp.scope
	a.started, a.space = role, sp
	a.threads, a.mail, a.links, a.announced.roles = append(sp.threads[:0], t), sp.mail[:0], sp.links[:0], sp.announced[:0]
	a.uses.names, a.uses.indexed = sp.uses[:0], sp.indexed[:0]
	sc.role, sc.clause, sc.pos, sc.ground = role, c, &c.pos, true
	sc.end.leave = sc
	t.scope, t.entered = sc, sp.entered[:0]
	if n := len(c.names); n <= len(sp.vars) {
		sp.frame.vars, sp.frame.names = sp.vars[:n:n], c.names
		t.frame = &sp.frame
	} else {
		t.frame = newFrame(c.names)
	}
	return a
}
