package lcc

import (
	"fmt"
	"slices"

	"parley/lcc/check"
)

// This file finds roles that exchange messages for ever without a pause: each message
// enables the next, and nothing on the way takes time. Each agent is ended after
// Limits.ActionsAtOnce actions in a row. The search follows only events that certainly
// happen again on the next round, so it misses exchanges with a comparison on the way.

// branching is the branch of an or through which an event is reached.
type branching struct {
	or     *node
	branch int
}

// hop is an event that leads from a scene to the next one and happens again, at once,
// where its scene is reached again.
type hop struct {
	to      *scene
	did     string
	agent   int
	thread  int
	node    *node
	chosen  []branching
	entered []*node // changes of role on the way to it
	guarded bool    // it has a constraint
	asks    bool    // its constraint asks the host
}

// hops are the hops from each scene of a pair.
type hops map[*scene][]hop

// add records an event, unless it may not happen again at once.
func (l hops) add(from, made, to *scene) {
	h := made.by
	h.to, h.did = to, made.did
	if preempted(h.chosen) {
		return
	}
	for _, n := range append([]*node{h.node}, h.entered...) {
		steady, asks := steadiness(n.guard, map[key]bool{})
		if !steady || n.role.clause != nil && !plain(n.role.clause.args) {
			return
		}
		h.guarded, h.asks = h.guarded || n.guard != nil, h.asks || asks
	}
	l[from] = append(l[from], h)
}

// plain reports whether all arguments of a clause are variables: other arguments may admit
// some values only.
func plain(args []Term) bool {
	return !slices.ContainsFunc(args, func(t Term) bool {
		_, variable := t.(slot)
		return !variable
	})
}

// preempted reports whether a branch before the chosen one can always happen.
func preempted(chosen []branching) bool {
	for _, c := range chosen {
		for _, before := range c.or.branches[:c.branch] {
			if before.guard == nil && (before.kind == nodeNull || before.kind == nodeSend) {
				return true
			}
		}
	}
	return false
}

// steadyBuiltins are the built-ins that hold again whatever was said and done meanwhile.
var steadyBuiltins = []string{"true", "me", "player", "leastPlayer"}

// steadiness reports whether a constraint that held holds again while only messages come and
// go, and whether it asks the host. A predicate of the text may depend on values that change
// from round to round; one without arguments, or a parameter, does not.
func steadiness(c *cnode, seen map[key]bool) (steady, asks bool) {
	if c == nil {
		return true, false
	}
	all := func(parts []*cnode) (steady, asks bool) {
		for _, p := range parts {
			s, a := steadiness(p, seen)
			if asks = asks || a; !s {
				return false, asks
			}
		}
		return true, asks
	}
	switch {
	case c.kind == consAnd:
		return all(c.parts)
	case c.kind == consCompare:
		return c.op == "is", false
	case c.kind != consCall || c.acts || c.memorable || c.key == (key{"noted", 3}):
		return false, false
	case c.builtin != nil:
		return slices.Contains(steadyBuiltins, c.key.name), c.key.name == "player" || c.key.name == "leastPlayer"
	case !c.defined:
		return c.answered, true
	case seen[c.key]:
		return true, false
	case c.key.arity > 0:
		return c.key.arity == 1 && len(c.rules) == 1 && c.rules[0].body == nil, false
	}
	seen[c.key] = true
	var bodies []*cnode
	for _, r := range c.rules {
		if r.body != nil {
			bodies = append(bodies, r.body)
		}
	}
	return all(bodies)
}

// endless reports the first message of a pair that is sent for ever without a pause.
func (x *explorer) endless(queue []*scene, list hops) {
	for _, from := range queue {
		for _, h := range list[from] {
			id := fmt.Sprint("endless ", x.id(h.node))
			if h.node.kind != nodeSend || x.found[id] {
				continue
			}
			round := x.back(from, h, list)
			if round == nil || !consistent(round) {
				continue
			}
			for _, on := range round {
				x.found[fmt.Sprint("endless ", x.id(on.node))] = true
			}
			trace := x.trace(from)
			steps := len(from.steps())
			for _, on := range round {
				if on.did != "" {
					steps++
					trace += fmt.Sprintf("\n%d. %s", steps, on.did)
				}
			}
			if len(from.steps()) == 0 {
				trace = trace[len("at once\n"):]
			}
			x.list = append(x.list, check.Diagnostic{
				Code: check.CodeEndless, Severity: check.Warning, Pos: h.node.pos,
				Trace:   trace + fmt.Sprintf("\nand again from %d", len(from.steps())+1),
				Message: "messages follow each other without a pause, again and again: the agents are ended",
				Hint:    "wait on the way, as after a refusal: null <- timeout(5)",
			})
			return
		}
	}
}

// back returns a shortest round that begins with a hop from a scene, or nil.
func (x *explorer) back(home *scene, first hop, list hops) []hop {
	type step struct {
		hop
		before *step
	}
	queue := []*step{{hop: first}}
	seen := map[*scene]bool{first.to: true}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		if s.to == home {
			var round []hop
			for ; s != nil; s = s.before {
				round = append(round, s.hop)
			}
			slices.Reverse(round)
			return round
		}
		if x.rounds++; x.rounds > exploreRounds {
			return nil
		}
		for _, h := range list[s.to] {
			if !seen[h.to] {
				seen[h.to] = true
				queue = append(queue, &step{h, s})
			}
		}
	}
	return nil
}

// consistent reports whether all events of a round can happen while the answers of the
// hosts stay as they are. Two answers may exclude each other, as those in two branches of
// one choice do: so an agent asks for one state of its host (null <- overloaded(_)) on a
// round, and beside it for one message (ask(G) => ... <- guest(G, _)).
func consistent(round []hop) bool {
	var asked [2]map[nodeKind]*node
	var taken [2]map[*node]int
	var guarded, changes [2]bool
	for i := range asked {
		asked[i], taken[i] = map[nodeKind]*node{}, map[*node]int{}
	}
	for _, h := range round {
		guarded[h.agent] = guarded[h.agent] || h.guarded
		for _, n := range h.entered {
			changes[h.agent] = changes[h.agent] || len(n.role.clause.args) > 0
		}
		if before := asked[h.agent][h.node.kind]; h.asks && before != nil && before != h.node {
			return false
		} else if h.asks {
			asked[h.agent][h.node.kind] = h.node
		}
		if h.node.kind == nodeReceive {
			continue
		}
		for _, c := range h.chosen {
			if before, ok := taken[h.agent][c.or]; ok && before != c.branch {
				return false
			}
			taken[h.agent][c.or] = c.branch
		}
	}
	// The arguments of a role may count the rounds.
	return !(guarded[0] && changes[0]) && !(guarded[1] && changes[1])
}
