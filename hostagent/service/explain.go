package service

import (
	"context"
	"fmt"
	"strings"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/lcc"
	"parley/models/publish/chain"
	"parley/peer"
	"parley/peer/libp2p"
)

// momentsMax bounds each kind of moment that is told.
const momentsMax = 20

// Explain asks why a guest moved or stays, or how it stands with a host or a signed
// policy. The guest may have been here before and be gone.
func (s *Service) Explain(ctx context.Context, name string) (e api.Explanation, err error) {
	var unknown error
	chains, err := s.publishers.status(ctx)
	if err != nil {
		return e, err
	}
	err = s.do(ctx, func(lcc.Instant) error {
		e, unknown = s.explainer(chains).explain(name)
		return nil
	})
	if err == nil {
		err = unknown
	}
	return e, err
}

// explainer words how things stand at one moment, for who asks why.
type explainer struct {
	config     config.Config
	names      *directory
	records    *recorder
	host       hostagent.Status
	peers      []api.PeerStatus
	enacted    []peer.Enacted
	policyErr  string
	publishers *publishers
	chains     []chain.Status
	conduct    []libp2p.Conduct
}

// explainer is called in the loop.
func (s *Service) explainer(chains []chain.Status) *explainer {
	return &explainer{
		config: s.config, names: s.names, records: s.records, host: s.node.Host().Status(), peers: s.status().Peers,
		enacted: s.node.Peer().Enacted(), policyErr: s.policies.policy.err, publishers: s.publishers, chains: chains,
		conduct: s.network.Conduct(),
	}
}

func (x *explainer) explain(name string) (api.Explanation, error) {
	if g, err := findGuest(x.host.Guests, name); err == nil {
		e := api.Explanation{Kind: "guest", Name: g.Name, Facts: x.guestFacts(g)}
		e.Story = x.guestStory(string(g.ID), g.Name)
		return e, nil
	}
	id, unknown := x.names.target(name)
	if unknown == nil && id == hostagent.HostID(x.names.self) {
		e := api.Explanation{Kind: "host", Name: x.config.Host, Facts: append(x.hostFacts(), x.publisherFacts()...)}
		e.Story = append(x.dealsWith(""), x.refusalStory("")...)
		sortMoments(e.Story)
		return e, nil
	}
	if unknown == nil && id != "" {
		e := api.Explanation{Kind: "host", Name: x.names.name(id), Facts: append(x.peerFacts(string(id)), x.conductFacts(string(id))...)}
		e.Story = append(x.dealsWith(string(id)), x.refusalStory(string(id))...)
		sortMoments(e.Story)
		return e, nil
	}
	if e, found := x.explainPolicy(name); found {
		return e, nil
	}
	if story := x.guestStory(name, name); len(story) > 0 {
		return api.Explanation{Kind: "guest", Name: name, Facts: []string{"it is not on this host"}, Story: story}, nil
	}
	_, noGuest := findGuest(x.host.Guests, name)
	_, noHost := x.names.target(name)
	return api.Explanation{}, fmt.Errorf("%w; %w", noGuest, noHost)
}

func (x *explainer) guestFacts(g hostagent.GuestStatus) []string {
	host := x.host
	facts := []string{
		fmt.Sprintf("it is %s on %s and takes %.2f cores and %d MiB", g.State, x.config.Host, g.CPU, g.Declared.MemoryBytes>>20),
	}
	if rules := rulesText(g.Rules); rules != "" {
		facts = append(facts, "its rules: "+rules)
	}
	if g.Fault != "" {
		facts = append(facts, g.Fault)
	}
	if g.Blocked.Is() {
		facts = append(facts, "the drain of this host could not move it: "+x.names.reason(g.Blocked.Detail))
	}
	if g.Foreseen.Is() {
		facts = append(facts, "the drain of this host has asked about it: "+x.names.reason(g.Foreseen.Detail))
	}
	switch {
	case g.Unmoved.Is():
		facts = append(facts, "it is not moved now: "+x.names.reason(g.Unmoved.Detail))
	case host.Idle.Is():
		facts = append(facts, "no guest is moved now: "+host.Idle.Detail)
	default:
		facts = append(facts, fmt.Sprintf("it may be moved; whether it is, is for the policy: %s", x.loadFact(host)))
	}
	return facts
}

func (x *explainer) loadFact(h hostagent.Status) string {
	if !h.Known {
		return "this host's load is not known"
	}
	return fmt.Sprintf("this host's load is %.0f %% (cpu %.0f %%, memory %.0f %%); the configuration calls above %.0f %% high and below %.0f %% low",
		100*max(h.CPU, h.Memory), 100*h.CPU, 100*h.Memory, 100*x.config.High, 100*x.config.Low)
}

func rulesText(r hostagent.Rules) string {
	var parts []string
	if r.Pinned {
		parts = append(parts, "pinned")
	}
	if r.Ignored {
		parts = append(parts, "ignored")
	}
	if r.Priority != 0 {
		parts = append(parts, fmt.Sprintf("priority %d", r.Priority))
	}
	for _, list := range []struct {
		name   string
		labels []string
	}{{"labels", r.Labels}, {"requires", r.Requires}, {"near", r.Near}, {"apart from", r.Apart}} {
		if len(list.labels) > 0 {
			parts = append(parts, list.name+" "+strings.Join(list.labels, " "))
		}
	}
	return strings.Join(parts, ", ")
}

func (x *explainer) hostFacts() []string {
	host := x.host
	facts := []string{x.loadFact(host), "the mode is " + x.config.Mode}
	if host.Reserved != (hostagent.Resources{}) {
		facts = append(facts, fmt.Sprintf("%.2f cores and %d MiB are held for guests that are not here yet", host.Reserved.CPU, host.Reserved.MemoryBytes>>20))
	}
	if host.Idle.Is() {
		facts = append(facts, "no deal is begun: "+host.Idle.Detail)
	}
	if x.policyErr != "" {
		facts = append(facts, "the policy: "+x.policyErr)
	}
	for _, m := range x.enacted {
		facts = append(facts, fmt.Sprintf("it enacts %s and plays %s", m.Model.Name(), strings.Join(texts(m.Roles), ", ")))
	}
	if host.Refused.Is() {
		facts = append(facts, "it last said no: "+x.names.reason(host.Refused.Detail))
	}
	for _, g := range host.Guests {
		if g.Unmoved.Is() {
			facts = append(facts, fmt.Sprintf("guest %s is not moved: %s", g.Name, x.names.reason(g.Unmoved.Detail)))
		}
	}
	return facts
}

func (x *explainer) peerFacts(id string) []string {
	for _, p := range x.peers {
		if p.ID != id {
			continue
		}
		facts := []string{"no connection to it stands: one is made when there is something to say; where that fails, look at the agent there, and at the network"}
		if p.Connected {
			facts = []string{"it is connected"}
		}
		if p.Suspected {
			facts = append(facts, "it is suspected: it has missed its adverts, and no model chooses it")
		}
		switch p.Incarnations {
		case api.Doubled:
			facts = append(facts, "two agents run with its key: no policy chooses it and no deal begins with it until one of them is stopped")
		case api.Older:
			facts = append(facts, "a lower incarnation of it is heard of than the one that counts: its clock was ahead, or somebody publishes "+
				"again what it said")
		}
		if len(p.Roles) > 0 {
			facts = append(facts, "it plays "+strings.Join(p.Roles, ", "))
		}
		return facts
	}
	return []string{"nothing is known of it"}
}

// guestStory is what the deals about a guest came to, and what the models said.
func (x *explainer) guestStory(id, name string) []api.Moment {
	story := x.records.deals(func(d api.DealStatus) bool { return d.Guest == id || d.Name == name })
	for _, m := range x.records.mentions.about(hostagent.GuestID(id), momentsMax) {
		story = append(story, api.Moment{At: m.at, Text: x.mentionText(m)})
	}
	sortMoments(story)
	return story
}

func (x *explainer) dealsWith(host string) []api.Moment {
	story := x.records.deals(func(d api.DealStatus) bool { return host == "" || d.Source == host || d.Target == host })
	sortMoments(story)
	return story
}

func (x *explainer) mentionText(m mention) string {
	with := ""
	switch m.kind {
	case lcc.RecordSend:
		with = " to " + x.names.name(hostagent.HostID(m.peer))
	case lcc.RecordReceive:
		with = " from " + x.names.name(hostagent.HostID(m.peer))
	}
	return fmt.Sprintf("the policy, as %s, line %d: %s %s%s", m.role, m.line, m.kind, m.term, with)
}
