package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/recall"
	"parley/hostagent/serve"
	"parley/hostagent/site"
	"parley/hostagent/spare"
	"parley/internal/version"
	"parley/lcc"
	"parley/models/publish/chain"
)

// view is what this host asks the others about the site, and what it answers them. It has
// locks, and any goroutine may use it.
type view struct {
	names   *directory
	see     func(context.Context) (seen, error)
	vacancy func(context.Context, site.Wanted) (site.Vacancy, error)
	spare   func(context.Context) (spare.Host, error)
	// spareTold is what another host told last, and when.
	spareTold func(ctx context.Context, host string) (spare.Host, time.Time, error)
	account   func(ctx context.Context, deal string) (site.Account, error)
	past      func(context.Context, site.PastQuestion) (site.PastAnswer, error)
	talk      func(ctx context.Context, with string) (site.Account, error)
	policies  policySurvey
	halter    halter
	hosts     site.Asker
	proxy     *site.Proxy
	sign      func(text []byte) []byte
	own       ownState
	latest    latestReport
}

func (v *view) open(s *Service) {
	v.names = s.names
	v.policies.network, v.policies.hosts = s.network, s.names
	v.halter.open(s)
	v.hosts.Network, v.hosts.Self, v.hosts.Verify = s.network, s.names.self, s.network.Verify
	v.proxy, v.sign = site.NewProxy(s.network, v.isOurs), s.network.Sign
	v.hosts.Name = func(id string) string { return s.names.name(hostagent.HostID(id)) }
	v.see = func(ctx context.Context) (seen, error) { return see(ctx, s) }
	v.account = func(ctx context.Context, deal string) (site.Account, error) { return account(ctx, s, deal) }
	v.past = func(ctx context.Context, q site.PastQuestion) (site.PastAnswer, error) { return pastOf(ctx, s, q) }
	v.talk = func(ctx context.Context, with string) (site.Account, error) { return talked(ctx, s, lcc.PeerID(with)) }
	v.spare = func(ctx context.Context) (spare.Host, error) { return spareOf(ctx, s) }
	v.spareTold = func(ctx context.Context, host string) (spare.Host, time.Time, error) {
		return spareToldOf(ctx, s, host)
	}
	v.vacancy = func(ctx context.Context, w site.Wanted) (site.Vacancy, error) { return vacancy(ctx, s, w) }
}

// seen is what this host knows of itself at one moment.
type seen struct {
	status  api.Status
	persons []hostagent.DealStatus // deals that need a person
	chains  []chain.Status
	past    *site.Past
	begins  recall.Begun // of the deals of status
	talk    []site.Talk
	waits   map[string]*site.Wait // by the digest of the model
}

func see(ctx context.Context, s *Service) (now seen, err error) {
	err = s.inLoop(ctx, func(lcc.Instant) error {
		now.status, now.persons = s.status(), s.node.Host().NeedPerson()
		now.past, now.begins = s.records.course.Past(), s.records.origins.All()
		now.talk = s.records.exchanges.since(time.Now())
		now.waits = s.records.waits(s.node.Host().Status().Guests, s.policies.policiesOf)
		return nil
	})
	if err != nil {
		return now, err
	}
	for i, d := range now.persons {
		now.persons[i].Reason = s.names.reason(d.Reason)
	}
	now.chains, err = s.publishers.status(ctx)
	return now, err
}

// answer tells another host of the same owner what this one sees and does, or whether it
// has room. A host of another owner learns from messages of models only.
func (v *view) answer(from lcc.PeerID, question []byte) ([]byte, error) {
	if !v.isOurs(from) {
		return nil, fmt.Errorf("this host belongs to another owner (%s) and answers its own hosts only", v.names.members().home)
	}
	ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
	defer cancel()
	q, err := site.DecodeQuestion(question)
	if err != nil {
		return nil, err
	}
	switch {
	case q.Proxy != nil && q.Proxy.Asker != from:
		return nil, errors.New("a proxy is to ask for another host than the one that asks it")
	case q.Proxy != nil:
		return v.proxy.Run(ctx, *q.Proxy)
	case q.Halt != nil:
		told, err := v.halter.obey(ctx, from, *q.Halt)
		if err != nil {
			return nil, err
		}
		return json.Marshal(told)
	case q.Signed == nil:
		return v.tells(ctx, q)
	}
	inner, err := q.Signed.Question()
	if err != nil {
		return nil, err
	}
	data, err := v.tells(ctx, inner)
	if err != nil {
		return nil, err
	}
	return q.Signed.Vouch(data, v.sign)
}

// isOurs says whether a host is listed and belongs to the owner of this one.
func (v *view) isOurs(id lcc.PeerID) bool {
	m := v.names.members()
	one, listed := m.byID(id)
	return listed && !m.foreign(one)
}

// tells answers a question that changes nothing.
func (v *view) tells(ctx context.Context, q site.Question) ([]byte, error) {
	switch {
	case q.Deal != "":
		told, err := v.account(ctx, q.Deal)
		if err != nil {
			return nil, err
		}
		return told.Encode()
	case q.Wanted != nil:
		found, err := v.vacancy(ctx, *q.Wanted)
		if err != nil {
			return nil, err
		}
		return found.Encode()
	case q.Spare:
		found, err := v.spare(ctx)
		if err != nil {
			return nil, err
		}
		return site.EncodeSpare(found)
	case q.Talk != nil:
		found, err := v.talk(ctx, q.Talk.With)
		if err != nil {
			return nil, err
		}
		return found.Encode()
	case q.Past != nil:
		found, err := v.past(ctx, *q.Past)
		if err != nil {
			return nil, err
		}
		return json.Marshal(found)
	}
	return v.own.encoded(func() (site.State, error) {
		now, err := v.see(ctx)
		return now.state(), err
	})
}

// ownState caches this host's answer for siteFor, so that the number of hosts that look
// costs the loop nothing.
type ownState struct {
	mu   sync.Mutex
	at   time.Time
	data []byte
}

func (o *ownState) encoded(look func() (site.State, error)) ([]byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if time.Since(o.at) < siteFor {
		return o.data, nil
	}
	state, err := look()
	if err != nil {
		return nil, err
	}
	data, err := state.Encode()
	if err == nil {
		o.at, o.data = time.Now(), data
	}
	return data, err
}

// latestReport caches the answers of the other hosts for siteFor.
type latestReport struct {
	mu   sync.Mutex
	at   time.Time
	list []site.Host
}

// site returns what all hosts of this owner see and do. It waits for their answers, and
// names the hosts that have not answered by then.
func (v *view) site(ctx context.Context, within time.Duration) (site.Report, error) {
	now, err := v.see(ctx)
	if err != nil {
		return site.Report{}, err
	}
	here := site.Host{Host: v.names.host, PeerID: string(v.names.self), State: now.state()}
	here.Rename(v.hosts.Name)
	hosts := append(v.others(context.WithoutCancel(ctx), within), here)
	slices.SortFunc(hosts, func(a, b site.Host) int { return strings.Compare(a.Host, b.Host) })
	return site.Report{At: time.Now(), From: here.Host, Hosts: hosts}, nil
}

// others asks the other hosts, unless they have just answered.
func (v *view) others(ctx context.Context, within time.Duration) []site.Host {
	l := &v.latest
	l.mu.Lock()
	defer l.mu.Unlock()
	if time.Since(l.at) < siteFor {
		return slices.Clone(l.list)
	}
	l.list = v.hosts.Ask(ctx, v.ours(), within)
	l.at = time.Now()
	return slices.Clone(l.list)
}

// ours are the other hosts of this owner.
func (v *view) ours() (list []site.Member) {
	m := v.names.members()
	for _, one := range m.list {
		if !m.foreign(one) {
			list = append(list, site.Member{ID: one.id, Name: v.names.name(hostagent.HostID(one.id))})
		}
	}
	return list
}

// endedShown is how many ended deals a host tells the others.
const endedShown = 20

// state is what this host says of itself. Hosts in deals are named by their peer ids.
func (n seen) state() site.State {
	s := n.status
	state := site.State{
		Version: version.Current(), Since: s.Since, Mode: s.Mode, Paused: s.Paused, Drained: s.Drained, Labels: s.Labels,
		Platform: s.Platform.Kind, Problems: n.problems(),
		Load: siteLoad(s.Load), Past: n.past,
	}
	state.Talk, state.TalkOmitted = site.Loudest(n.talk)
	for _, g := range s.Guests {
		state.Guests = append(state.Guests, site.Guest{
			ID: g.ID, Name: g.Name, Kind: g.Kind, State: g.State, CPU: g.CPU, Memory: g.Memory, Processors: g.Processors,
			Pin: g.Rules.Pin, Priority: g.Rules.Priority, Labels: g.Rules.Labels, Stays: g.Unmoved.Detail,
		})
	}
	for _, d := range s.Deals {
		state.Deals = append(state.Deals, siteDeal(d, n.begins.Of(d.Deal, d.Side)))
	}
	for _, d := range slices.Backward(s.History) {
		if d.State != string(hostagent.Withdrawn) && len(state.Ended) < endedShown {
			state.Ended = append(state.Ended, siteDeal(d, n.begins.Of(d.Deal, d.Side)))
		}
	}
	slices.Reverse(state.Ended)
	for _, d := range s.Plan() {
		state.Plan = append(state.Plan, siteDeal(d, n.begins.Of(d.Deal, d.Side)))
	}
	state.Drain = siteDrain(s)
	for _, m := range s.Policy.Models {
		state.Models = append(state.Models, site.Model{Name: m.Name, Digest: m.Digest, Roles: m.Roles, Wait: n.waits[m.Digest]})
	}
	for _, c := range n.chains {
		state.Releases = append(state.Releases, site.Release{Publisher: c.Publisher, Version: c.Version, Announced: c.Lagging})
		for _, p := range c.Policies {
			state.Policies = append(state.Policies, site.Policy{
				Publisher: c.Publisher, Name: p.Name, State: string(p.State), Digest: p.Digest.String(), Detail: p.Detail,
				Stage: p.Stage, Until: p.Until,
			})
		}
	}
	return state
}

func siteLoad(l api.LoadStatus) site.Load {
	return site.Load{
		Known: l.Known, CPU: l.CPU, Memory: l.Memory, CapacityCPU: l.CapacityCPU, CapacityMemory: l.CapacityMemory,
		ReservedCPU: l.ReservedCPU, ReservedMemory: l.ReservedMemory,
	}
}

// siteDrain is the drain of this host; nil: there is none, and nobody is away.
func siteDrain(s api.Status) *site.Drain {
	d := s.Drain
	if !s.Drained && d.Ended.Detail == "" && len(d.Away) == 0 {
		return nil
	}
	drain := &site.Drain{Force: d.Force, Until: d.Until, Ended: d.Ended.Detail, Home: d.Home}
	for _, g := range d.Away {
		drain.Away = append(drain.Away, site.Away{Guest: g.ID, Name: g.Name, Host: g.Host, Why: g.Why.Detail, Stays: g.Stays})
	}
	return drain
}

func siteDeal(d api.DealStatus, begin recall.Origin) site.Deal {
	return site.Deal{
		Deal: d.Deal, Guest: d.Guest, Name: d.Name, Kind: d.Kind, Source: d.Source, Target: d.Target, Side: d.Side, State: d.State,
		Stage: d.Stage, Reason: d.Reason, Code: d.Code, Operator: d.Operator, Drain: d.Drain, At: d.At, Total: d.Total, Downtime: d.Downtime,
		Transferred: d.Transferred, Remaining: d.Remaining, Prospect: d.Prospect, NeedCPU: d.NeedCPU, NeedMemory: d.NeedMemory,
		Begin: begin.Begin(), Load: d.Load,
	}
}

// Bounds of the time that a client may have the hosts of the site asked for.
const (
	siteWithin     = 2 * time.Second
	siteWithinMost = time.Minute
)

// giveSite answers what the hosts of the site see and do.
func (h *handlers) giveSite(w http.ResponseWriter, r *http.Request) {
	within := siteWithin
	if text := r.URL.Query().Get("within"); text != "" {
		seconds, err := strconv.Atoi(text)
		if err != nil || seconds < 1 || time.Duration(seconds)*time.Second > siteWithinMost {
			http.Error(w, fmt.Sprintf("within is %q: give seconds from 1 to %.0f", text, siteWithinMost.Seconds()), http.StatusBadRequest)
			return
		}
		within = time.Duration(seconds) * time.Second
	}
	if err := serve.Within(w, within+siteWithinMost); err != nil {
		h.log.Debug("the site is looked at under the usual deadline", "event", "deadline_not_set", "error", err)
	}
	report, err := h.view.site(r.Context(), within)
	answer(w, report, err)
}
