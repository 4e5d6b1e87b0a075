package lcc

// population is the agents of an engine: those that run, and the memory of those that
// ended.
type population struct {
	byID    map[AgentID]*agent // that run
	order   []*agent           // by id; ended ones are swept now and then
	ended   int                // in order
	last    AgentID
	begunBy map[PeerID]int // running agents that a peer's messages began
	spares  []*space
}

func newPopulation(first AgentID) population {
	return population{byID: map[AgentID]*agent{}, last: max(first, 1) - 1, begunBy: map[PeerID]int{}}
}

// begin makes an agent of one thread, at the start of a clause; by is the peer whose
// message begins it, or "".
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

// space returns the memory for an agent.
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

// remove takes an agent that is over out of those that run.
func (p *population) remove(a *agent) {
	delete(p.byID, a.id)
	if a.by != "" {
		if p.begunBy[a.by]--; p.begunBy[a.by] == 0 {
			delete(p.begunBy, a.by)
		}
	}
	p.ended++
}

// reuse gives the number of the latest agent, of which nobody has heard, to the next.
func (p *population) reuse() { p.last-- }

// running yields the agents that run, by id.
func (p *population) running(yield func(*agent) bool) {
	for _, a := range p.order {
		if !a.over && !yield(a) {
			return
		}
	}
}

// sweep takes the agents that ended out of the list of all, now and then. No
// Step is under way, so nothing looks at them any more, but for an answer to an
// action that is still out.
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
