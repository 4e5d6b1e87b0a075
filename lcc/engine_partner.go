package lcc

import (
	"slices"
	"strconv"
)

// link is the state of an agent's conversation with a partner; there is one for each
// peer and role name.
type link struct {
	peer  PeerID
	role  string
	conv  ConversationID
	agent AgentID   // 0 until the agent was heard from
	first uint64    // the agent's next message number when the link was made
	taken MessageID // the last message taken from it
}

// linksMax bounds the partners that an agent tracks. Over the years a host meets more;
// the oldest are dropped.
const linksMax = 256

func (a *agent) link(peer PeerID, role string) *link {
	for i := range a.links {
		if l := &a.links[i]; l.peer == peer && l.role == role {
			return l
		}
	}
	return nil
}

func (a *agent) inConversation(id ConversationID) bool {
	return a.joined == id || slices.ContainsFunc(a.links, func(l link) bool { return l.conv == id })
}

// meet continues the agent's conversation with a peer in another of the peer's roles,
// or starts a conversation.
func (c conversations) meet(a *agent, self, peer PeerID, role string) *link {
	for i := len(a.links) - 1; i >= 0; i-- {
		if l := a.links[i]; l.peer == peer {
			return c.add(a, link{peer: peer, role: role, conv: l.conv})
		}
	}
	a.convs++
	return c.add(a, link{peer: peer, role: role, conv: a.conversation(self)})
}

// conversation returns a new conversation id of an agent.
func (a *agent) conversation(self PeerID) ConversationID {
	var space [64]byte
	id := append(append(space[:0], self...), '/')
	id = append(strconv.AppendUint(id, uint64(a.id), 10), '/')
	return ConversationID(strconv.AppendUint(id, a.convs, 10))
}

func (c conversations) add(a *agent, l link) *link {
	if len(a.links) >= linksMax {
		old := a.links[0].conv
		a.links = slices.Delete(a.links, 0, 1)
		c.leave(a, old)
	}
	l.first = a.seq + 1
	if !a.inConversation(l.conv) {
		c.join(a, l.conv)
	}
	a.links = append(a.links, l)
	return &a.links[len(a.links)-1]
}

// heard records that an agent took a message of a partner.
func (c conversations) heard(a *agent, m *mail) {
	l := a.link(m.message.From.Peer, m.from)
	switch {
	case l == nil:
		l = c.add(a, link{peer: m.message.From.Peer, role: m.from, conv: m.message.Conversation})
	case l.conv != m.message.Conversation:
		old := l.conv
		l.conv = m.message.Conversation
		c.leave(a, old)
		c.join(a, l.conv)
	}
	l.agent, l.taken = m.message.From.Agent, m.message.ID
	a.talked(l)
}

// talked records that an agent and a partner have just talked: the links are in the order
// in which their agents talked last. Pointers to links are not valid after it.
func (a *agent) talked(l *link) {
	last := *l
	at := slices.IndexFunc(a.links, func(o link) bool { return o.peer == last.peer && o.role == last.role })
	a.links = append(slices.Delete(a.links, at, at+1), last)
}

// talkedTo returns when an agent talked to a peer last, in the order of all that it
// talked to; 0: never, or long ago.
func (a *agent) talkedTo(peer PeerID) (last int) {
	for i := range a.links {
		if a.links[i].peer == peer {
			last = i + 1
		}
	}
	return last
}

// drop removes the conversations with a peer and reports whether there were any.
func (c conversations) drop(a *agent, peer PeerID) bool {
	dropped := false
	for i := len(a.links) - 1; i >= 0; i-- {
		if l := a.links[i]; l.peer == peer {
			a.links = slices.Delete(a.links, i, i+1)
			c.leave(a, l.conv)
			dropped = true
		}
	}
	return dropped
}

// leaveAll removes an ended agent from the index.
func (c conversations) leaveAll(a *agent) {
	last := a.joined
	if last != "" {
		c.leave(a, last)
	}
	for _, l := range a.links {
		if l.conv != last { // mostly there is only one
			last = l.conv
			c.leave(a, last)
		}
	}
}
