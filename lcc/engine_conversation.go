package lcc

import (
	"cmp"
	"slices"
)

// talk is an entry of the conversation index: the running agents of this engine that
// take part, by id. There are several only when agents of one peer talk to each other.
type talk struct {
	first *agent
	more  []*agent
}

// agents yields the agents by id.
func (t talk) agents(yield func(*agent) bool) {
	if t.first == nil || !yield(t.first) {
		return
	}
	for _, a := range t.more {
		if !yield(a) {
			return
		}
	}
}

func (t talk) with(a *agent) talk {
	switch {
	case t.first == nil:
		t.first = a
		return t
	case a == t.first:
		return t
	case a.id < t.first.id:
		a, t.first = t.first, a
	}
	at, found := slices.BinarySearchFunc(t.more, a.id, func(b *agent, id AgentID) int { return cmp.Compare(b.id, id) })
	if !found {
		t.more = slices.Insert(t.more, at, a)
	}
	return t
}

func (t talk) without(a *agent) talk {
	if a != t.first {
		t.more = slices.DeleteFunc(t.more, func(b *agent) bool { return b == a })
		return t
	}
	t.first = nil
	if len(t.more) > 0 {
		t.first, t.more = t.more[0], slices.Delete(t.more, 0, 1)
	}
	return t
}

// conversations indexes the running agents by conversation.
type conversations map[ConversationID]talk

func (c conversations) join(a *agent, id ConversationID) { c[id] = c[id].with(a) }

func (c conversations) leave(a *agent, id ConversationID) {
	if !a.over && a.inConversation(id) {
		return
	}
	t := c[id].without(a)
	if t.first == nil {
		delete(c, id)
		return
	}
	c[id] = t
}
