package service

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/hostagent/recall"
	"parley/internal/spell"
	"parley/lcc"
	"parley/models/publish/chain"
	"parley/peer"
	"parley/peer/libp2p"
)

// momentsMax bounds each kind of moment in an explanation.
const momentsMax = 20

// Explain answers why a guest moved or stays, or describes the state of a host or a
// signed policy. The guest may have left this host.
func (s *Service) Explain(ctx context.Context, name string) (e api.Explanation, err error) {
	var unknown error
	chains, err := s.publishers.status(ctx)
	if err != nil {
		return e, err
	}
	ended := s.runs.ended()
	err = s.inLoop(ctx, func(lcc.Instant) error {
		x := s.explainer(chains)
		x.ended = ended
		e, unknown = x.explain(name)
		return nil
	})
	if err == nil {
		err = unknown
	}
	return e, err
}

// explainer describes the state of this host at one moment.
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
	ended      []api.Process
}

// explainer must be called in the loop.
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
	if one, found := lastEnded(x.ended, name); found {
		gone := fact("process_ended", "state", one.State, "at", one.EndedAt.Format(time.DateTime), "reason", one.Why)
		return api.Explanation{Kind: "guest", Name: one.Name, Facts: []api.Fact{gone}, Story: x.guestStory(one.ID, one.Name)}, nil
	}
	if story := x.guestStory(name, name); len(story) > 0 {
		return api.Explanation{Kind: "guest", Name: name, Facts: []api.Fact{x.gone(name)}, Story: story}, nil
	}
	_, noGuest := findGuest(x.host.Guests, name)
	_, noHost := x.names.target(name)
	return api.Explanation{}, api.Refuse(hostagent.CodeNoOrder, "%s; %s%s", detailOf(noGuest), detailOf(noHost), x.similar(name))
}

// gone says that a guest is not here, and where it went as far as this host knows.
func (x *explainer) gone(name string) api.Fact {
	if to, at, left := x.records.history.leftFor(name); left {
		return fact("guest_gone", "guest", name, "to", x.names.name(to), "at", at.Local().Format(time.DateTime))
	}
	return fact("guest_gone")
}

// similar suggests guests and hosts whose names are like the one that was given.
func (x *explainer) similar(name string) string {
	var guests, meant []string
	for _, g := range x.host.Guests {
		guests = append(guests, g.Name)
	}
	for _, one := range []string{spell.Nearest(name, guests), x.names.members().similar(name)} {
		if one != "" {
			meant = append(meant, strconv.Quote(one))
		}
	}
	if len(meant) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(meant, " or ") + "?"
}

// detailOf is the text of an error, of a refusal without the word that it is one.
func detailOf(err error) string {
	var refused *api.Refused
	if errors.As(err, &refused) {
		return refused.Why.Detail
	}
	return err.Error()
}

func (x *explainer) guestFacts(g hostagent.GuestStatus) []api.Fact {
	host := x.host
	facts := []api.Fact{
		fact("guest_here", "state", g.State, "host", x.config.Host, "cpu_cores", g.CPU, "memory_bytes", g.Declared.MemoryBytes,
			"kind", kindBeside(string(g.Kind)), "disk_bytes", g.Declared.DiskBytes, "needs", g.Needs),
	}
	if rules := rulesOf(g.Rules); len(rules) > 0 {
		facts = append(facts, fact("guest_rules", "rules", rules))
	}
	if g.Fault != "" {
		facts = append(facts, fact("guest_fault", "reason", g.Fault))
	}
	if g.Blocked.Is() {
		facts = append(facts, x.refused("drain_blocked", g.Blocked, "guest", g.Name))
	}
	if g.Foreseen.Is() {
		facts = append(facts, x.refused("drain_foreseen", g.Foreseen, "guest", g.Name))
	}
	switch {
	case g.Unmoved.Is():
		facts = append(facts, x.refused("guest_unmoved", g.Unmoved, "guest", g.Name))
	case host.Idle.Is():
		facts = append(facts, x.refused("no_guest_moved", host.Idle))
	default:
		facts = append(facts, x.loadFact("guest_movable", host))
	}
	return facts
}

// loadFact returns a fact with the load of this host.
func (x *explainer) loadFact(code string, h hostagent.Status) api.Fact {
	if !h.Known {
		return fact(code, "known", false)
	}
	return fact(code, "known", true, "load", max(h.CPU, h.Memory), "cpu", h.CPU, "memory", h.Memory, "high", x.config.High, "low",
		x.config.Low)
}

// refused returns a fact with the core's reason for a refusal, and more values.
func (x *explainer) refused(code string, why hostagent.Refusal, more ...any) api.Fact {
	said := x.names.refusal(why)
	return fact(code, append([]any{"code", said.Code, "reason", said.Detail}, more...)...)
}

// fact makes a fact from alternating keys and values.
func fact(code string, values ...any) api.Fact {
	f := api.Fact{Code: code}
	for i := 0; i+1 < len(values); i += 2 {
		if f.Values == nil {
			f.Values = map[string]any{}
		}
		f.Values[values[i].(string)] = values[i+1]
	}
	return f
}

// rulesOf describes the rules of a guest.
func rulesOf(r hostagent.Rules) (parts []string) {
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
	}{{"labels", r.Labels}, {"requires", r.Requires}, {"near", r.Near}, {"apart from", r.Apart},
		{"not on", r.Avoids}, {"at most", r.AtMost}} {
		if len(list.labels) > 0 {
			parts = append(parts, list.name+" "+strings.Join(list.labels, " "))
		}
	}
	return parts
}

func (x *explainer) hostFacts() []api.Fact {
	host := x.host
	facts := []api.Fact{x.loadFact("load", host), fact("mode", "mode", x.config.Mode)}
	if host.Reserved != (hostagent.Resources{}) {
		facts = append(facts, fact("reserved", "cpu_cores", host.Reserved.CPU, "memory_bytes", host.Reserved.MemoryBytes))
	}
	facts = append(facts, kindFacts(host)...)
	if host.Idle.Is() {
		facts = append(facts, x.refused("no_deal_begun", host.Idle))
	}
	if x.policyErr != "" {
		facts = append(facts, fact("policy_error", "reason", x.policyErr))
	}
	for _, m := range x.enacted {
		facts = append(facts, fact("enacts", "model", m.Model.Name(), "roles", texts(m.Roles)))
	}
	if host.Refused.Is() {
		facts = append(facts, x.refused("last_refusal", host.Refused))
	}
	for _, g := range host.Guests {
		if g.Unmoved.Is() {
			unmoved := x.refused("guest_of_host_unmoved", g.Unmoved)
			unmoved.Values["guest"] = g.Name
			facts = append(facts, unmoved)
		}
	}
	return facts
}

// kindFacts say which guests can come if they are not virtual machines alone, and which
// cannot be looked at.
func kindFacts(host hostagent.Status) (facts []api.Fact) {
	seen := platformStatus("", host)
	if len(seen.Kinds) > 0 {
		facts = append(facts, fact("takes_kinds", "kinds", seen.Kinds, "offers", seen.Offers))
	}
	for _, kind := range hostagent.Kinds() {
		if why, unseen := seen.Unseen[string(kind)]; unseen {
			facts = append(facts, fact("kind_unseen", "kind", kind, "reason", why))
		}
	}
	return facts
}

func (x *explainer) peerFacts(id string) []api.Fact {
	for _, p := range x.peers {
		if p.ID != id {
			continue
		}
		facts := []api.Fact{fact("peer_away")}
		if p.Connected {
			facts = []api.Fact{fact("peer_connected")}
		}
		if p.Suspected {
			facts = append(facts, fact("peer_suspected"))
		}
		switch p.Incarnations {
		case api.Doubled:
			facts = append(facts, fact("peer_doubled"))
		case api.Older:
			facts = append(facts, fact("peer_older"))
		}
		if len(p.Roles) > 0 {
			facts = append(facts, fact("peer_plays", "roles", p.Roles))
		}
		return facts
	}
	return []api.Fact{fact("peer_unknown")}
}

// guestStory returns the deals about a guest and what the models did about it.
func (x *explainer) guestStory(id, name string) []api.Moment {
	story := x.records.deals(func(d api.DealStatus) bool { return d.Guest == id || d.Name == name })
	for _, m := range x.records.mentions.About(hostagent.GuestID(id), momentsMax) {
		story = append(story, api.Moment{At: m.At, Fact: x.recordFact(m)})
	}
	sortMoments(story)
	return story
}

func (x *explainer) dealsWith(host string) []api.Moment {
	story := x.records.deals(func(d api.DealStatus) bool { return host == "" || d.Source == host || d.Target == host })
	sortMoments(story)
	return story
}

// recordFact describes one action or message of a model.
func (x *explainer) recordFact(m recall.Mention) api.Fact {
	f := fact("model_record", "role", m.Role, "line", m.Row, "library", m.Library, "kind", m.Kind, "term", m.Term)
	switch m.Kind {
	case lcc.RecordSend:
		f.Values["to"] = x.names.name(hostagent.HostID(m.Peer))
	case lcc.RecordReceive:
		f.Values["from"] = x.names.name(hostagent.HostID(m.Peer))
	}
	return f
}
