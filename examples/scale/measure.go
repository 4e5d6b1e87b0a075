package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"parley/hostagent/api"
	"parley/lcc"
	"parley/models/publish/chain"
)

// spread is the time until a condition held at half of the agents and at all, and the
// CPU time in seconds that all of them used.
type spread struct {
	half, all time.Duration
	cpu       float64
}

// until waits until a condition holds at each of some agents. It does not ask an agent
// again for which the condition held: asking costs some of what is measured.
func (s *site) until(ctx context.Context, what string, agents []*agent, holds func(context.Context, *agent) (bool, error)) (spread, error) {
	began, usedBefore := time.Now(), cpuTime()
	ctx, cancel := context.WithTimeout(ctx, s.within)
	defer cancel()
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	var took spread
	left := slices.Clone(agents)
	for {
		var still []*agent
		for _, a := range left {
			ok, err := holds(ctx, a)
			if err != nil && ctx.Err() == nil {
				return took, err
			}
			if !ok {
				still = append(still, a)
			}
		}
		left = still
		took.all = time.Since(began)
		if took.half == 0 && 2*len(left) <= len(agents) {
			took.half = took.all
		}
		if len(left) == 0 {
			took.cpu = cpuTime() - usedBefore
			return took, nil
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return took, fmt.Errorf("after %v there are %d of %d agents of which it is not so that each %s, such as %s", took.all.Round(time.Second),
				len(left), len(agents), what, left[0].config.Host)
		}
	}
}

// trade publishes the first roster and policy at one agent, and waits until every agent
// knows all players of its group: from then on it can trade with each.
func (s *site) trade(ctx context.Context, f *figures) (err error) {
	f.trade, err = s.hand(ctx, s.agents[0], "knows all players of its group", s.agents, knowsPlayers)
	return err
}

// hand gives the next release to an agent, and waits until a condition holds at others.
func (s *site) hand(ctx context.Context, at *agent, what string, agents []*agent,
	holds func(context.Context, *agent) (bool, error)) (spread, error) {
	archive, err := s.publisher.release(s.policy)
	if err != nil {
		return spread{}, err
	}
	failed := make(chan error, 1)
	go func() {
		_, err := at.Publish(ctx, archive)
		failed <- err
	}()
	took, err := s.until(ctx, what, agents, holds)
	if err != nil {
		return took, err
	}
	return took, <-failed
}

func knowsPlayers(ctx context.Context, a *agent) (bool, error) {
	status, err := a.Status(ctx)
	if err != nil {
		return false, err
	}
	plays := map[lcc.PeerID]bool{}
	for _, p := range status.Peers {
		plays[lcc.PeerID(p.ID)] = len(p.Roles) > 0 && !p.Suspected
	}
	return !slices.ContainsFunc(a.near, func(id lcc.PeerID) bool { return !plays[id] }), nil
}

// publishAll publishes policies of 100 kB one after the other, each at another agent,
// and waits until each is active everywhere.
func (s *site) publishAll(ctx context.Context, f *figures, releases int) (err error) {
	for i := range releases {
		if s.policy, err = s.publisher.policy(i+1, policyBytes/2); err != nil {
			return err
		}
		at := s.agents[(i*len(s.agents)/releases+1)%len(s.agents)]
		took, err := s.publish(ctx, at, "has the policy active", s.agents, func(status chain.Status) bool {
			return slices.ContainsFunc(status.Policies, func(p chain.PolicyStatus) bool {
				return p.Name == policyName && p.State == chain.StateActive
			})
		})
		if err != nil {
			return err
		}
		f.policy = append(f.policy, took)
	}
	return nil
}

// policyBytes is the size of the published policy: two files of half of it.
const policyBytes = 100_000

// publish gives the next release to an agent, and waits until others have it and a
// condition holds there.
func (s *site) publish(ctx context.Context, at *agent, what string, agents []*agent, holds func(chain.Status) bool) (spread, error) {
	return s.hand(ctx, at, what, agents, func(ctx context.Context, a *agent) (bool, error) {
		report, err := a.Policies(ctx, false)
		if err != nil {
			return false, err
		}
		status := report.Hosts[0].Chains[0]
		return status.Version == s.publisher.at.Version && holds(status), nil
	})
}

// remove takes the last host off the roster, and waits until no other host has a
// connection to it.
func (s *site) remove(ctx context.Context, f *figures) (err error) {
	gone, left := s.agents[len(s.agents)-1], s.agents[:len(s.agents)-1]
	hosts := &s.publisher.roster.Hosts
	*hosts = (*hosts)[:len(*hosts)-1]
	f.cutOff, err = s.hand(ctx, s.agents[0], "has no connection to the host that was removed", left,
		func(ctx context.Context, a *agent) (bool, error) {
			status, err := a.Status(ctx)
			// A peer leaves the list once its connections are closed.
			return !slices.ContainsFunc(status.Peers, func(p api.PeerStatus) bool { return lcc.PeerID(p.ID) == gone.id }), err
		})
	return err
}
