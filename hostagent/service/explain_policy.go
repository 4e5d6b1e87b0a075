package service

import (
	"fmt"
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

// explainPolicy says how it stands with a signed policy here, and what its models
// could make this host tell and do: to be read before it is accepted.
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
		e.Facts = append(e.Facts, err.Error())
	}
	for _, text := range texts {
		found = true
		e.Facts = append(e.Facts, x.textFacts(text)...)
	}
	return e, found
}

func policyFacts(c chain.Status, p chain.PolicyStatus) []string {
	facts := []string{fmt.Sprintf("release %d of %s: it is %s here%s", c.Version, c.Publisher, p.State, also(string(p.Code)+" "+p.Detail))}
	if p.ActiveVersion != 0 && p.Active != p.Digest {
		facts = append(facts, fmt.Sprintf("what is in force of it here came with release %d", p.ActiveVersion))
	}
	if p.Commit != "" {
		facts = append(facts, "its publisher made it from the commit "+p.Commit)
	}
	return facts
}

func also(text string) string {
	if text = strings.TrimSpace(text); text == "" {
		return ""
	}
	return ": " + text
}

// textFacts are what the models of a policy could make this host tell and do, as the
// checker sees it, and whether this host accepts them.
func (x *explainer) textFacts(t follow.Text) (facts []string) {
	terms := x.publishers.acceptance().terms(t.Publisher)
	for _, f := range t.Policy.Files {
		text, ok := t.Files[f.Path]
		if !ok {
			facts = append(facts, f.Path+" is not here yet")
			continue
		}
		name := strings.TrimSuffix(f.Path, ".lcc")
		if !terms.Accepts(name) {
			facts = append(facts, fmt.Sprintf("this host does not accept the model %s from %s (publishers.models)", name, t.Publisher))
		}
		model := enact.Compile(f.Path, text, hostagent.Vocabulary()).Model
		if model == nil {
			facts = append(facts, f.Path+" has faults: it can tell nothing")
			continue
		}
		for _, role := range model.Roles() {
			if slices.Contains(terms.RefuseRoles, role.Name) {
				facts = append(facts, fmt.Sprintf("this host never plays the role %s of %s (publishers.refuse_roles)", role.Name, name))
			}
		}
		facts = append(facts, exposureFacts(f.Path, check.Disclose(model.File(), hostagent.Vocabulary()))...)
	}
	return facts
}

func exposureFacts(path string, e check.Disclosures) (facts []string) {
	for _, t := range e.Tells {
		fact := fmt.Sprintf("%s:%d: as %s it may tell %s: %s", path, t.Pos.Line, t.Role, orSomebody(t.To), t.Message)
		if len(t.Carries) > 0 {
			fact += ", with what it measures: " + strings.Join(t.Carries, ", ")
		}
		if len(t.Because) > 0 {
			fact += ", because of " + strings.Join(t.Because, ", ")
		}
		facts = append(facts, fact)
	}
	for _, a := range e.Acts {
		facts = append(facts, fmt.Sprintf("%s:%d: as %s it may do %s", path, a.Pos.Line, a.Role, a.Action))
	}
	if e.Partial {
		facts = append(facts, path+": there may be more: values are handed on through too many roles and rules")
	}
	return facts
}

func orSomebody(role string) string {
	if role == "" {
		return "a role that the run decides"
	}
	return role
}

// publisherFacts say how this host stands with its publishers.
func (x *explainer) publisherFacts() (facts []string) {
	if x.names.members().alone {
		facts = append(facts, "it is not in the roster of its publisher: no other host talks to it (`parley cluster add`)")
	}
	for _, c := range x.chains {
		facts = append(facts, fmt.Sprintf("it follows %s and has release %d%s", c.Publisher, c.Version, also(c.Alarm)))
		if p := x.publishers.acceptance().publisher(c.Publisher); len(p.RefuseRoles) > 0 {
			facts = append(facts, fmt.Sprintf("of %s it refuses the roles %s", c.Publisher, strings.Join(p.RefuseRoles, ", ")))
		}
		for _, p := range c.Policies {
			facts = append(facts, fmt.Sprintf("policy %s of %s is %s%s", p.Name, c.Publisher, p.State, also(string(p.Code)+" "+p.Detail)))
		}
	}
	return facts
}

// conductFacts say what a peer did wrong.
func (x *explainer) conductFacts(id string) (facts []string) {
	for _, c := range x.conduct {
		if string(c.Peer) != id {
			continue
		}
		var kinds []string
		for _, k := range c.Kinds {
			kinds = append(kinds, fmt.Sprintf("%s %d times", k.Kind, k.N))
		}
		if len(kinds) > 0 {
			facts = append(facts, "what it sent was refused: "+strings.Join(kinds, ", "))
		}
		if c.BannedUntil.After(time.Now()) {
			facts = append(facts, "it is not let in until "+c.BannedUntil.Format(time.TimeOnly))
		}
	}
	return facts
}

// refusalStory is what was refused of publishers, of what a peer sent or, with "",
// of all.
func (x *explainer) refusalStory(from string) (story []api.Moment) {
	for _, r := range x.publishers.refusals {
		if from != "" && string(r.from) != from {
			continue
		}
		by := "its operator"
		if r.from != "" {
			by = x.names.name(hostagent.HostID(r.from))
		}
		story = append(story, api.Moment{At: r.at, Text: fmt.Sprintf("refused of publisher %s, from %s: %s: %s", r.publisher, by, r.code, r.detail)})
	}
	return story
}
