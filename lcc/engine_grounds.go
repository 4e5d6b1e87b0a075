package lcc

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"parley/lcc/syntax"
)

// This file says on what a message depended when it was sent: the comparisons of its
// constraint and of the rules that this used, the facts of the text and the answers of the
// host that went into them, and the players that there were to choose from. It solves copies
// once more, so it changes nothing.

// Ground is something on which a message depended.
type Ground struct {
	Kind GroundKind
	// Text is a comparison or a calculation as the text has it, and Values the same with its values.
	// Of a fact or a rule Text is what the comment of the text says of it, and Values, as that of an
	// answer, the call as the text has it. Of the players that are left out Text is the number.
	Text, Values string
	Term         Term   // a fact, an answer or the role of a player; nil: a comparison
	Peer         PeerID // a player
}

// GroundKind is what a Ground is.
type GroundKind string

// The kinds of grounds.
const (
	GroundCompared GroundKind = "compared" // a comparison that holds
	GroundLacks    GroundKind = "lacks"    // a comparison that does not hold, and keeps an event from happening
	GroundTime     GroundKind = "time"     // a timeout that has passed
	GroundFact     GroundKind = "fact"     // a fact of the text
	GroundRule     GroundKind = "rule"     // a rule that gives a comparison a value, and has a comment
	GroundComputed GroundKind = "computed" // a calculation that gives a comparison a value
	GroundAnswer   GroundKind = "answer"   // an answer of the host
	GroundPlayer   GroundKind = "player"   // who played the role that the message went to
	GroundOthers   GroundKind = "others"   // how many more players there were
)

// Bounds of the grounds of one message.
const (
	groundsMost       = 24
	groundPlayersMost = 12
	groundRulesMost   = 64 // of one predicate
	groundProofsMost  = 16 // rules that are looked into
)

// grounds finds the grounds of a send that can happen. Its guard must have been solved in the
// frame, and nothing of it carried out.
func (e *Engine) grounds(a *agent, t *thread, at *attempt) []Ground {
	if !e.records || at.node.kind != nodeSend || at.grounds != nil {
		return at.grounds
	}
	v := viewer{look: &e.look}
	q := v.inquire(a, t, at.frame)
	defer q.close()
	q.seen()
	g := &grounding{list: []Ground{}} // not nil: they are found once
	g.chain(q, at.node.guard, nil)
	slices.SortStableFunc(g.list, func(x, y Ground) int { return cmp.Compare(x.Kind.rank(), y.Kind.rank()) })
	return append(g.list, q.choice(at)...)
}

// rank is the order in which kinds are told.
func (k GroundKind) rank() int {
	return slices.Index([]GroundKind{GroundLacks, GroundCompared, GroundTime, GroundComputed, GroundFact, GroundRule,
		GroundAnswer, GroundPlayer, GroundOthers}, k)
}

// grounding collects grounds.
type grounding struct {
	list   []Ground
	proofs int
}

func (g *grounding) add(one Ground) {
	same := func(other Ground) bool {
		return one.Kind == other.Kind && one.Text == other.Text && one.Values == other.Values &&
			(one.Term == nil || Equal(one.Term, other.Term))
	}
	if len(g.list) < groundsMost && !slices.ContainsFunc(g.list, same) {
		g.list = append(g.list, one)
	}
}

// chain looks through a constraint that holds in the frame of q. What gives its comparisons
// their values, or those in needs, is a ground as well.
func (g *grounding) chain(q inquiry, c *cnode, needs []slot) {
	parts := conjuncts(c, nil)
	for _, part := range parts {
		if ordering(part) {
			needs = part.slots(slices.Clone(needs))
		}
	}
	for _, part := range parts {
		if part.acts { // what comes after it is not solved yet
			return
		}
		g.part(q, part, needs)
	}
}

// part adds the grounds of a part of a constraint.
func (g *grounding) part(q inquiry, part *cnode, needs []slot) {
	needed := mentions(part, needs)
	switch {
	case ordering(part):
		g.add(Ground{Kind: GroundCompared, Text: q.written(part), Values: q.text(part)})
	case isTimeout(part):
		g.add(Ground{Kind: GroundTime, Text: q.written(part), Values: q.text(part)})
	case part.kind == consCompare && part.op == "is" && needed:
		g.add(Ground{Kind: GroundComputed, Text: q.written(part), Values: q.text(part)})
	case part.kind != consCall || part.builtin != nil:
	case part.defined:
		g.proof(q, part, needed)
	case part.answered:
		g.add(Ground{Kind: GroundAnswer, Term: q.term(part.key.name, part.args), Values: q.written(part)})
	}
}

// proof finds the first rule or fact by which a call holds.
func (g *grounding) proof(q inquiry, call *cnode, needed bool) {
	goal := q.term(call.key.name, call.args)
	_, asked, _ := Name(goal)
	about := q.look.model.remarks[call.key]
	for _, r := range call.rules[:min(len(call.rules), groundRulesMost)] {
		inner, fits := q.entered(r, asked)
		switch {
		case !fits:
		case r.body == nil:
			g.add(Ground{Kind: GroundFact, Term: goal, Text: about, Values: q.written(call)})
			return
		case inner.depth > whyDepth || g.proofs == groundProofsMost:
			return
		default:
			g.proofs++
			if came, _ := inner.holds(conjuncts(r.body, nil)); came == solved {
				inner.seen()
				var needs []slot // without a comment, what the rule calculates says what it gives
				switch {
				case needed && about != "":
					g.add(Ground{Kind: GroundRule, Term: goal, Text: about, Values: q.written(call)})
				case needed:
					for _, arg := range r.args {
						needs = appendSlots(needs, arg)
					}
				}
				g.chain(inner, r.body, needs)
				return
			}
		}
	}
}

// written is a part of a constraint as the text has it, with the names of its variables.
func (q inquiry) written(c *cnode) string {
	q.frame = &frame{vars: make([]Term, len(q.frame.names)), names: q.frame.names}
	return q.text(c)
}

// choice lists the players of the role that a message goes to, where its constraint, or the
// engine, chose one of them: those with the least arguments, and the chosen one.
func (q inquiry) choice(at *attempt) (list []Ground) {
	n := at.node
	id, named := n.role.id.(slot)
	chooses := q.look.chose || n.guard != nil && n.guard.contains(func(c *cnode) bool {
		return c.kind == consCall && !c.acts && slices.Contains(c.args, Term(id))
	})
	if !named || n.role.any || !chooses || n.role.name == "" {
		return nil
	}
	open := make([]Term, len(n.role.args))
	for i := range open {
		open[i] = &Var{Name: "_"}
	}
	players, _ := q.look.around.world.Players(q.look.model.digest, NewTerm(n.role.name, open...))
	players = slices.Clone(players)
	slices.SortStableFunc(players, func(x, y Player) int { return cmp.Or(Compare(x.Role, y.Role), cmp.Compare(x.Peer, y.Peer)) })
	chosen, _ := peerOf(q.value(n.role.id))
	if i := slices.IndexFunc(players, func(p Player) bool { return p.Peer == chosen }); i >= groundPlayersMost {
		players[groundPlayersMost-1], players[i] = players[i], players[groundPlayersMost-1]
	}
	for _, p := range players[:min(len(players), groundPlayersMost)] {
		list = append(list, Ground{Kind: GroundPlayer, Term: p.Role, Peer: p.Peer})
	}
	if more := len(players) - len(list); more > 0 {
		list = append(list, Ground{Kind: GroundOthers, Text: strconv.Itoa(more)})
	}
	return list
}

// remark is the text of a comment.
func remark(comment string) string {
	for _, mark := range []string{"//", "%", "/*"} {
		if rest, is := strings.CutPrefix(comment, mark); is {
			comment = rest
			break
		}
	}
	return strings.TrimSpace(strings.TrimSuffix(comment, "*/"))
}

// remarks are what the comments of a text say of its predicates: the one behind the fact, where
// there is one of a predicate, on its line; else the ones right above its first rule, up to
// their first sentence.
func remarks(file *syntax.File) map[key]string {
	type line struct {
		file string
		row  int
	}
	behind, above, facts, found := map[line]string{}, map[line]string{}, map[key]int{}, map[key]string{}
	for _, c := range file.Comments {
		if c.Trailing {
			behind[line{c.File, c.Line}] = remark(c.Text)
			continue
		}
		before := above[line{c.File, c.Line - 1}]
		above[line{c.File, c.Line}] = strings.TrimSpace(before + " " + remark(c.Text))
	}
	for _, item := range file.Items {
		r, ok := item.(*syntax.Rule)
		if !ok {
			continue
		}
		k, pos := key{r.Head.Name, len(r.Head.Args)}, r.Pos()
		switch facts[k]++; {
		case r.Body == nil && facts[k] == 1:
			found[k] = behind[line{pos.File, pos.Line}]
		case r.Body == nil:
			delete(found, k)
		case facts[k] == 1:
			found[k], _, _ = strings.Cut(above[line{pos.File, pos.Line - 1}], ". ")
		}
	}
	return found
}
