package service

import (
	"context"
	"path"
	"slices"
	"strconv"
	"strings"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/lcc"
	"parley/peer"
)

// agentsMost bounds the agents, and the facts and the messages of one, in an explanation.
const agentsMost = 50

// ExplainAgent says what an agent of a policy waits for on this host, and why; with 0 it lists
// the agents of the policy. The policy is a model, or one of a release that has one model.
func (s *Service) ExplainAgent(ctx context.Context, policy string, agent uint64) (e api.Explanation, err error) {
	var unknown error
	err = s.inLoop(ctx, func(lcc.Instant) error {
		e, unknown = explainAgent(s.node.Peer().Views(), s.policies.policiesOf, policy, agent)
		return nil
	})
	if err == nil {
		err = unknown
	}
	return e, err
}

func explainAgent(
	views []peer.View, policiesOf func(lcc.Digest) []string, policy string, agent uint64,
) (e api.Explanation, err error) {
	e = api.Explanation{Kind: "policy", Name: policy, Facts: []api.Fact{}, Story: []api.Moment{}}
	views, other := viewsOf(views, policiesOf, policy)
	if models := namesOf(views); len(models) > 1 {
		return e, api.Refuse(hostagent.CodeNoOrder, "%s has several models: name one of %s", policy, someOf(models))
	}
	var named []string
	for _, v := range views {
		name := modelName(v.Model)
		for _, a := range v.Agents {
			if uint64(a.Agent) == agent {
				return api.Explanation{Kind: "agent", Name: name + " " + number(a), Facts: agentFacts(a), Story: []api.Moment{}}, nil
			}
			named = append(named, number(a))
			if len(e.Facts) < agentsMost {
				e.Facts = append(e.Facts, playsFact(a))
			}
		}
		if agent == 0 && len(v.Agents) == 0 {
			e.Facts = append(e.Facts, fact("agents_none"))
		}
	}
	switch {
	case len(e.Facts) > 0 && agent == 0:
		return e, nil
	case len(named) > 0:
		return e, api.Refuse(hostagent.CodeNoOrder, "%s has no agent %d here: it has %s", policy, agent, someOf(named))
	case len(other) > 0 && !slices.Contains(other, policy):
		return e, api.Refuse(hostagent.CodeNoOrder, "this host does not enact %s: it enacts %s", policy, someOf(other))
	case agent == 0:
		return e, api.Refuse(hostagent.CodeNoOrder, "this host does not enact %s: it enacts nothing", policy)
	}
	return e, api.Refuse(hostagent.CodeNoOrder, "%s has no agent here", policy)
}

// viewsOf returns the models of a name, else those of the policy of that name, and what others
// are called.
func viewsOf(views []peer.View, policiesOf func(lcc.Digest) []string, policy string) (list []peer.View, other []string) {
	var ofPolicy, rest []peer.View
	for _, v := range views {
		switch {
		case modelName(v.Model) == policy || v.Model.Name() == policy:
			list = append(list, v)
		case slices.Contains(policiesOf(v.Model.Digest()), policy):
			ofPolicy = append(ofPolicy, v)
		default:
			rest = append(rest, v)
		}
	}
	if len(list) == 0 {
		return ofPolicy, namesOf(rest)
	}
	return list, namesOf(append(rest, ofPolicy...))
}

func namesOf(views []peer.View) (names []string) {
	for _, v := range views {
		names = append(names, modelName(v.Model))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// modelName is the name by which people know a model: that of its file.
func modelName(m *lcc.Model) string { return strings.TrimSuffix(path.Base(m.Name()), ".lcc") }

func number(a lcc.View) string { return strconv.FormatUint(uint64(a.Agent), 10) }

// someOf joins names, the first of many.
func someOf(names []string) string {
	if len(names) > agentsMost {
		names = append(slices.Clone(names[:agentsMost]), "others")
	}
	return strings.Join(names, ", ")
}

func playsFact(a lcc.View) api.Fact {
	return fact("agent_plays", "agent", uint64(a.Agent), "started", a.Started.String(), "roles", a.Roles)
}

// agentFacts say what an agent plays, at which events it waits and why, and what it remembers.
func agentFacts(a lcc.View) []api.Fact {
	facts := []api.Fact{playsFact(a)}
	for _, w := range a.Waits {
		facts = append(facts, fact("agent_waits", "line", w.Pos.Line, "library", w.Pos.Library(), "event", w.Text, "with", w.With,
			"reason", w.Why))
	}
	for _, f := range a.Failed {
		facts = append(facts, fact("agent_failed", "action", f.Action.String(), "role", f.Role.String()))
	}
	for _, mail := range a.Mail[:min(len(a.Mail), agentsMost)] {
		facts = append(facts, fact("agent_mail", "message", mail))
	}
	for _, known := range a.Memory[:min(len(a.Memory), agentsMost)] {
		facts = append(facts, fact("agent_remembers", "fact", known.String()))
	}
	return facts
}
