package lcc

import (
	"fmt"

	"parley/lcc/check"
)

// This file finds messages that their receiver takes on no way. A message may stay unread
// on one way, as a late answer does; on all ways it is a fault.

// unread is what the pairs do with the message of each send.
type unread struct {
	sent   map[*node]*scene // to a partner that plays its role; the first scene after it
	taken  map[*node]bool
	unsure map[*node]bool // another agent may take it, or something that is not followed
	order  []*node        // of sent
}

func newUnread() unread {
	return unread{sent: map[*node]*scene{}, taken: map[*node]bool{}, unsure: map[*node]bool{}}
}

func (u *unread) send(n *node, after *scene) {
	if u.sent[n] == nil {
		u.sent[n] = after
		u.order = append(u.order, n)
	}
}

// doubt marks the messages that wait in a state from which not all is followed: open says
// so, or an agent waits for a third one.
func (x *explorer) doubt(w *scene, open bool) {
	if len(w.agents[0].mail)+len(w.agents[1].mail) == 0 {
		return
	}
	open = open || w.tooFew()
	for i := range w.agents {
		open = open || x.waitsElsewhere(w, i)
	}
	if !open {
		return
	}
	for i := range w.agents {
		for _, l := range w.agents[i].mail {
			x.letters.unsure[l.node] = true
		}
	}
}

// unread reports the messages that no agent of any pair takes. It needs all that the
// pairs do.
func (x *explorer) unread() {
	if x.bounded {
		return
	}
	for _, n := range x.letters.order {
		if x.letters.taken[n] || x.letters.unsure[n] || !x.received(n) {
			continue
		}
		x.list = append(x.list, check.Diagnostic{
			Code: check.CodeUnread, Severity: check.Warning, Pos: n.pos, Trace: x.trace(x.letters.sent[n]),
			Message: fmt.Sprintf("role %s takes this message on no way: %s stays unread", n.role.name, x.texts[n.pos.Offset]),
			Hint:    "receive it as often as it is sent, or take the send out",
		})
	}
}

// received reports whether the text has a receive for a message anywhere; LCC017 says
// where it has none.
func (x *explorer) received(send *node) (found bool) {
	from := ""
	for _, c := range x.clausesInOrder() {
		c.body.walk(map[*node]bool{}, func(n *node) {
			if n == send {
				from = c.role
			}
		})
	}
	for _, c := range x.clausesInOrder() {
		if c.role != send.role.name {
			continue
		}
		c.body.walk(map[*node]bool{}, func(n *node) {
			found = found || n.kind == nodeReceive && (n.role.name == "" || n.role.name == from) && mayUnify(n.message, send.message)
		})
	}
	return found
}
