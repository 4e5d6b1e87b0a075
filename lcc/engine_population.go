package lcc

// population holds the running agents of an engine, and the memory of ended ones for
// reuse.
type population struct {
	byID    map[AgentID]*agent // running agents
	order   []*agent           // by id; swept of ended agents now and then
	ended   int                // ended agents in order
	last    AgentID
	begunBy map[PeerID]int // running agents started by messages of a peer
	spares  []*space
}

func newPopulation(first AgentID) population {
	return population{byID: map[AgentID]*agent{}, last: max(first, 1) - 1, begunBy: map[PeerID]int{}}
}

// begin creates an agent with one thread at the start of a clause. by is the peer whose
// message started it, or "".
func (p *population) begin(role Term, c *clause, by PeerID, conversation ConversationID) *agent {
	p.last++
	a := p.space().furnish(role, c)
	a.id, a.by, a.joined = p.last, by, conversation
	p.byID[a.id] = a
	p.order = append(p.order, a)
	if by != "" {
		p.begunBy[by]++
	}
	return a
}

// space returns memory for an agent.
func (p *population) space() *space {
	last := len(p.spares) - 1
	if last < 0 {
		return &space{}
	}
	sp := p.spares[last]
	p.spares[last] = nil
	p.spares = p.spares[:last]
	return sp
}

// remove removes an ended agent from the running ones.
func (p *population) remove(a *agent) {
	delete(p.byID, a.id)
	if a.by != "" {
		if p.begunBy[a.by]--; p.begunBy[a.by] == 0 {
			delete(p.begunBy, a.by)
		}
	}
	p.ended++
}

// reuse gives the number of the latest agent, which nothing outside has seen, to the
// next.
func (p *population) reuse() { p.last-- }

// running yields the running agents by id.
func (p *population) running(yield func(*agent) bool) {
	for _, a := range p.order {
		if !a.over && !yield(a) {
			return
		}
	}
}

// sweep removes ended agents from order now and then. It runs between Steps, so only
// the answer to an action in flight can still refer to them.
func (p *population) sweep() {
	if p.ended <= 64 || p.ended <= len(p.order)/2 {
		return
	}
	kept := p.order[:0]
	for _, a := range p.order {
		switch {
		case !a.over:
			kept = append(kept, a)
		case !a.awaited && len(p.spares) < sparesMax:
			sp := a.space
			*sp = space{}
			p.spares = append(p.spares, sp)
		}
	}
	clear(p.order[len(kept):])
	p.order, p.ended = kept, 0
}
