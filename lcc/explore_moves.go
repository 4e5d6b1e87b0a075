package lcc

import (
	"fmt"
	"slices"
)

// happening is a possible next event of a thread.
type happening struct {
	n     *node
	frame *knows
	next  *goesOn
	roles []string
	spawn []walker // the other branches of a par that begins with it
	fork  int      // how many branches that par has

	chosen  []branching // on the way to it
	entered []*node     // changes of role on the way to it
}

// moves returns the successor states of a state. open says that an agent may also
// continue by something that the exploration does not follow.
func (x *explorer) moves(w *scene) (list []*scene, open bool) {
	for i := range w.agents {
		for k := range w.agents[i].threads {
			t := &w.agents[i].threads[k]
			events, unknown := x.look(t.at, t.frame, t.next, t.roles, &w.agents[i], 0, nil)
			open = open || unknown
			for _, h := range events {
				next, far := x.happen(w, i, k, h)
				open = open || far
				list = append(list, next...)
				if len(next) > 0 && h.sure() {
					break // the branches behind it are not looked at
				}
			}
		}
	}
	return list, open
}

// sure reports whether an event that is possible is the one that happens, whatever else its
// thread could do after it in the order of branches: it takes a message that it does not look
// into, or does nothing.
func (h happening) sure() bool {
	for _, n := range append([]*node{h.n}, h.entered...) {
		if n.guard != nil {
			return false
		}
	}
	if h.fork > 0 || h.n.kind != nodeReceive {
		return h.fork == 0 && h.n.kind == nodeNull
	}
	return (h.n.role.open != nil || len(h.n.role.args) == 0) && h.frame.clause.takesAny(h.n.message)
}

// takesAny reports whether a template of a clause fits each term with its functor and number
// of arguments.
func (c *clause) takesAny(t Term) bool {
	p, ok := t.(*pattern)
	if !ok {
		_, isVar := t.(slot)
		return !isVar
	}
	return !slices.ContainsFunc(p.args, func(arg Term) bool {
		s, isVar := arg.(slot)
		return !isVar || c.names[s] != "" // which is the name of _
	})
}

// look finds the possible first events of a node.
func (x *explorer) look(n *node, frame *knows, next *goesOn, roles []string, f *figure, depth int,
	path []*clause) (list []happening, unknown bool) {
	x.left--
	if n == nil || depth > exploreDepth || x.left < 0 {
		return nil, n != nil
	}
	switch n.kind {
	case nodeOr:
		for i, b := range n.branches {
			some, u := x.look(b, frame, next, roles, f, depth, path)
			for k := range some {
				some[k].chosen = append(some[k].chosen, branching{n, i})
			}
			list, unknown = append(list, some...), unknown || u
		}
		return list, unknown
	case nodePar:
		return x.lookPar(n, frame, next, roles, f, depth, path)
	case nodeEnter:
		c := n.role.clause
		if c == nil {
			return nil, true // the role is a variable
		}
		if !f.may(n.guard, frame) || slices.Contains(path, c) {
			return nil, false
		}
		if x.several.depends(n.guard, frame) {
			return nil, true
		}
		_, args, _ := templateName(n.role.term)
		frame = x.several.after(n, frame)
		inner := x.several.enter(args, frame, frame.enter(args, c))
		roles, next = x.enter(n, frame, next, roles, c)
		list, unknown = x.look(c.body, inner, next, roles, f, depth+1, append(path[:len(path):len(path)], c))
		for k := range list {
			list[k].entered = append(list[k].entered, n)
		}
		return list, unknown
	}
	if !f.may(n.guard, frame) {
		return nil, false
	}
	if x.several.depends(n.guard, frame) {
		return nil, true
	}
	return []happening{{n: n, frame: frame, next: next, roles: roles}}, false
}

func (x *explorer) lookPar(n *node, frame *knows, next *goesOn, roles []string, f *figure, depth int,
	path []*clause) (list []happening, unknown bool) {
	after := &goesOn{at: n.after, frame: frame, next: next, roles: roles, join: len(f.joins) + 1}
	for i, b := range n.branches {
		some, u := x.look(b, frame, after, roles, f, depth+1, path)
		unknown = unknown || u
		for _, h := range some {
			if h.fork > 0 {
				unknown = true // a par at the beginning of a par
				continue
			}
			h.fork = len(n.branches)
			for k, other := range n.branches {
				if k != i {
					h.spawn = append(h.spawn, walker{at: other, frame: frame, next: after, roles: roles})
				}
			}
			list = append(list, h)
		}
	}
	return list, unknown
}

// enter returns the roles that are played and the continuation after a role is entered;
// in tail position the role replaces the one before.
func (x *explorer) enter(n *node, frame *knows, next *goesOn, roles []string, c *clause) ([]string, *goesOn) {
	outer := roles
	to := &goesOn{at: n.after, frame: x.several.returned(n, frame), next: next, roles: roles}
	if n.after == nil {
		switch {
		case next == nil:
			return append(roles[:len(roles)-1:len(roles)-1], c.role), nil
		case next.join == 0:
			return append(next.roles[:len(next.roles):len(next.roles)], c.role), next
		}
		to.frame = nil
	}
	return append(outer[:len(outer):len(outer)], c.role), to
}

func templateName(t Term) (string, []Term, bool) {
	if p, ok := t.(*pattern); ok {
		return p.functor, p.args, true
	}
	return Name(t)
}

// happen applies an event to copies of a state, one for each way in which it can happen. far says
// that something which is not followed may enable it.
func (x *explorer) happen(w *scene, i, k int, h happening) (list []*scene, far bool) {
	if h.n.kind == nodeSend {
		return x.send(w, i, k, h)
	}
	next := w.copied(i, k, h)
	f := &next.agents[i]
	role := h.roles[len(h.roles)-1]
	if h.n.kind != nodeReceive {
		if text := x.texts[h.n.pos.Offset]; text != "" && h.n.kind == nodeNull && h.n.guard != nil {
			next.did = fmt.Sprintf("%s: %s", x.several.name(i, role), text)
		}
		return x.concluded(next, i, k, h)
	}
	whom := h.frame.whom(h.n.role.id)
	if whom != nobodyYet && !isSeat(whom) {
		return nil, true
	}
	at := slices.IndexFunc(f.mail, func(l letter) bool {
		return l.to == role && (whom == nobodyYet || whom == seat(l.sender)) && l.fits(h.n)
	})
	if at < 0 {
		return nil, false
	}
	next.did = fmt.Sprintf("%s takes: %s", x.several.name(i, role), x.texts[h.n.pos.Offset])
	x.letters.taken[f.mail[at].node] = true
	h.frame = h.frame.met(h.n.role.id, seat(f.mail[at].sender))
	f.mail = slices.Delete(f.mail, at, at+1)
	return x.concluded(next, i, k, h)
}

// fits reports whether a receive asks for a message like this one.
func (l *letter) fits(n *node) bool {
	return (n.role.name == "" || n.role.name == l.from) && mayUnify(n.message, l.message)
}

// copied returns a copy of a state in which an event of an agent is to happen.
func (w *scene) copied(i, k int, h happening) *scene {
	next := &scene{
		agents: slices.Clone(w.agents), from: w, mishap: w.mishap,
		by: hop{agent: i, thread: k, node: h.n, chosen: h.chosen, entered: h.entered},
	}
	f := &next.agents[i]
	f.threads, f.mail, f.joins = slices.Clone(f.threads), slices.Clone(f.mail), slices.Clone(f.joins)
	return next
}

// concluded moves the agent on behind its event.
func (x *explorer) concluded(next *scene, i, k int, h happening) (list []*scene, far bool) {
	h.frame = x.several.after(h.n, h.frame)
	next.by.entered = append(next.by.entered[:len(h.entered):len(h.entered)], x.proceed(&next.agents[i], k, h)...)
	x.settle(next)
	if slices.ContainsFunc(next.agents, func(f figure) bool { return len(f.mail) > exploreMail }) {
		return nil, true
	}
	return []*scene{next}, false
}

// proceed moves a thread to what follows its event. It returns the changes of role that it
// makes.
func (x *explorer) proceed(f *figure, k int, h happening) (entered []*node) {
	if h.fork > 0 {
		f.joins = append(f.joins, h.fork)
		for i := range h.spawn {
			if h.spawn[i].frame.clause == h.frame.clause { // else a role was entered on the way
				h.spawn[i].frame = h.frame
			}
		}
		f.threads = append(f.threads, h.spawn...)
	}
	t := walker{at: h.n.after, frame: h.frame, next: h.next, roles: h.roles}
	for t.at == nil && t.next != nil {
		to := t.next
		if to.join > 0 {
			f.joins[to.join-1]--
			if f.joins[to.join-1] > 0 {
				t.next = nil
				break
			}
		}
		frame := to.frame
		if frame == nil {
			frame = t.frame
		}
		t = walker{at: to.at, frame: frame, next: to.next, roles: to.roles}
	}
	// A change of role that stands alone is made at once.
	for range exploreDepth {
		n := t.at
		if n == nil || n.kind != nodeEnter || n.guard != nil || n.role.clause == nil {
			break
		}
		_, args, _ := templateName(n.role.term)
		c := n.role.clause
		inner := x.several.enter(args, t.frame, t.frame.enter(args, c))
		t.roles, t.next = x.enter(n, t.frame, t.next, t.roles, c)
		t.at, t.frame = c.body, inner
		entered = append(entered, n)
	}
	f.threads[k] = t
	if t.at == nil {
		f.threads = slices.Delete(f.threads, k, k+1)
	}
	return entered
}

// settle bounces messages for roles that are no longer played.
func (x *explorer) settle(w *scene) {
	for i := range w.agents {
		f := &w.agents[i]
		var kept []letter
		for _, l := range f.mail {
			if f.plays(l.to) || x.inFlight(f, l.sender, kept) {
				kept = append(kept, l)
			} else {
				w.agents[l.sender].failed = w.agents[l.sender].failed.with(i)
			}
		}
		f.mail = kept
	}
}

// mayUnify reports whether two templates of different clauses may unify.
func mayUnify(a, b Term) bool {
	if _, ok := a.(slot); ok {
		return true
	}
	if _, ok := b.(slot); ok {
		return true
	}
	if operators[functorOf(a)] || operators[functorOf(b)] {
		return true // an expression may evaluate to any number
	}
	x, xs, okx := templateName(a)
	y, ys, oky := templateName(b)
	if !okx || !oky {
		return okx == oky && Equal(a, b)
	}
	if x != y || len(xs) != len(ys) {
		return false
	}
	for i := range xs {
		if !mayUnify(xs[i], ys[i]) {
			return false
		}
	}
	return true
}

var operators = map[string]bool{"+": true, "-": true, "*": true, "/": true, "mod": true}

func functorOf(t Term) string {
	name, args, _ := templateName(t)
	if len(args) == 0 {
		return ""
	}
	return name
}
