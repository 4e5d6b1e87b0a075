package service

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/enact"
	"parley/lcc/check"
	"parley/models/publish/chain"
	"parley/models/publish/follow"
)

// explainPolicy describes the state of a signed policy on this host, and what its
// models could make the host disclose and do: an operator reads it before accepting.
func (x *explainer) explainPolicy(name string) (e api.Explanation, found bool) {
	if x.publishers.driver == nil {
		return e, false
	}
	e = api.Explanation{Kind: "policy", Name: name, Story: x.refusalStory("")}
	for _, c := range x.chains {
		for _, p := range c.Policies {
			if p.Name == name {
				found = true
				e.Facts = append(e.Facts, policyFacts(c, p)...)
			}
		}
	}
	texts, err := x.publishers.driver.Texts(name)
	if err != nil {
		e.Facts = append(e.Facts, fact("texts_unknown", "reason", err.Error()))
	}
	for _, text := range texts {
		found = true
		e.Facts = append(e.Facts, x.textFacts(text)...)
	}
	return e, found
}

func policyFacts(c chain.Status, p chain.PolicyStatus) []api.Fact {
	facts := []api.Fact{fact("policy_state", "release", c.Version, "publisher", c.Publisher, "state", p.State, "code", p.Code, "reason",
		p.Detail)}
	if p.ActiveVersion != 0 && p.Active != p.Digest {
		facts = append(facts, fact("policy_active_release", "release", p.ActiveVersion))
	}
	if p.Commit != "" {
		facts = append(facts, fact("policy_commit", "commit", p.Commit))
	}
	return facts
}

// textFacts lists, by the checker's result, what the models of a policy could make this
// host disclose and do, and whether this host accepts them.
func (x *explainer) textFacts(t follow.Text) (facts []api.Fact) {
	terms := x.publishers.acceptance().terms(t.Publisher)
	for _, f := range t.Policy.Files {
		text, ok := t.Files[f.Path]
		if !ok {
			facts = append(facts, fact("file_missing", "file", f.Path))
			continue
		}
		name := strings.TrimSuffix(f.Path, ".lcc")
		if !terms.Accepts(name) {
			facts = append(facts, fact("model_not_accepted", "model", name, "publisher", t.Publisher))
		}
		model := enact.Compile(f.Path, text, hostagent.Vocabulary()).Model
		if model == nil {
			facts = append(facts, fact("model_faulty", "file", f.Path))
			continue
		}
		for _, role := range model.Roles() {
			if slices.Contains(terms.RefuseRoles, role.Name) {
				facts = append(facts, fact("role_refused", "role", role.Name, "model", name))
			}
		}
		facts = append(facts, exposureFacts(f.Path, check.Disclose(model.File(), hostagent.Vocabulary()))...)
	}
	return facts
}

func exposureFacts(path string, e check.Disclosures) (facts []api.Fact) {
	for _, t := range e.Tells {
		facts = append(facts, fact("may_tell", "file", cmp.Or(t.Pos.Library(), path), "line", t.Pos.Line, "role", t.Role, "to", t.To,
			"message", t.Message, "measures", t.Carries, "because", t.Because))
	}
	for _, a := range e.Acts {
		facts = append(facts, fact("may_do", "file", cmp.Or(a.Pos.Library(), path), "line", a.Pos.Line, "role", a.Role, "action", a.Action))
	}
	if e.Partial {
		facts = append(facts, fact("may_be_more", "file", path))
	}
	return facts
}

// publisherFacts describe the state of this host's publishers.
func (x *explainer) publisherFacts() (facts []api.Fact) {
	if x.names.members().alone {
		facts = append(facts, fact("not_in_roster"))
	}
	for _, c := range x.chains {
		facts = append(facts, fact("follows", "publisher", c.Publisher, "release", c.Version, "reason", c.Alarm))
		if p := x.publishers.acceptance().publisher(c.Publisher); len(p.RefuseRoles) > 0 {
			facts = append(facts, fact("roles_refused", "publisher", c.Publisher, "roles", p.RefuseRoles))
		}
		for _, p := range c.Policies {
			facts = append(facts, fact("policy_of_publisher", "policy", p.Name, "publisher", c.Publisher, "state", p.State, "code", p.Code, "reason",
				p.Detail))
		}
	}
	return facts
}

// conductFacts list the violations of a peer.
func (x *explainer) conductFacts(id string) (facts []api.Fact) {
	for _, c := range x.conduct {
		if string(c.Peer) != id {
			continue
		}
		var kinds []map[string]any
		for _, k := range c.Kinds {
			kinds = append(kinds, map[string]any{"kind": k.Kind, "times": k.N})
		}
		if len(kinds) > 0 {
			facts = append(facts, fact("peer_misconduct", "kinds", kinds))
		}
		if c.BannedUntil.After(time.Now()) {
			facts = append(facts, fact("peer_banned", "until", c.BannedUntil))
		}
	}
	return facts
}

// refusalStory lists the refusals of publications that a peer sent; with "", all
// refusals.
func (x *explainer) refusalStory(from string) (story []api.Moment) {
	for _, r := range x.publishers.refusals {
		if from != "" && string(r.from) != from {
			continue
		}
		by := ""
		if r.from != "" {
			by = x.names.name(hostagent.HostID(r.from))
		}
		story = append(story, api.Moment{At: r.at, Fact: fact("publication_refused", "publisher", r.publisher, "from", by, "code", r.code,
			"reason", r.detail)})
	}
	return story
}
