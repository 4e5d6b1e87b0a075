package service

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/serve"
	"parley/lcc"
	"parley/models/publish/bundle"
	"parley/models/publish/chain"
)

// errNoPublisher is the answer of an agent that follows no publisher.
var errNoPublisher = errors.New("this host follows no publisher: name an anchor under `publishers` in its configuration " +
	"(docs/own-site.md)")

// Policies returns the state of the publishers on this host and, with site, on every
// host of the rosters that answers.
func (s *Service) Policies(ctx context.Context, site bool) (api.PolicyReport, error) {
	if s.publishers.driver == nil {
		return api.PolicyReport{}, errNoPublisher
	}
	own := api.HostPolicies{Host: s.fixed.Host, PeerID: string(s.network.ID())}
	var err error
	if own.Chains, err = s.publishers.status(ctx); err != nil {
		return api.PolicyReport{}, err
	}
	report := api.PolicyReport{Hosts: []api.HostPolicies{own}}
	if site {
		report.Hosts = append(report.Hosts, s.view.policies.answers(context.WithoutCancel(ctx))...)
	}
	return report, nil
}

// policySurvey caches the answers of the other hosts for siteFor, so that a client that polls
// every few milliseconds does not make this host query them as often.
type policySurvey struct {
	network interface {
		Ask(ctx context.Context, id lcc.PeerID, request []byte) ([]byte, error)
	}
	hosts *directory

	mu   sync.Mutex
	at   time.Time
	list []api.HostPolicies
}

// siteFor is how long the cached answers are valid.
const siteFor = time.Second

func (s *policySurvey) answers(ctx context.Context) []api.HostPolicies {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.at) >= siteFor {
		s.list, s.at = s.askAll(ctx), time.Now()
	}
	return s.list
}

const (
	askAtOnce = 16 // hosts
	askWithin = 3 * time.Second
)

// askAll asks the other hosts concurrently.
func (s *policySurvey) askAll(ctx context.Context) []api.HostPolicies {
	list := s.hosts.members().list
	answers := make([]api.HostPolicies, len(list))
	var group errgroup.Group
	group.SetLimit(askAtOnce)
	for i, m := range list {
		group.Go(func() error {
			answers[i] = api.HostPolicies{Host: s.hosts.name(hostagent.HostID(m.id)), PeerID: string(m.id), Chains: []chain.Status{}}
			if err := s.askOne(ctx, m.id, &answers[i].Chains); err != nil {
				answers[i].Error = err.Error()
			}
			return nil
		})
	}
	_ = group.Wait() // the functions return no error
	slices.SortFunc(answers, func(a, b api.HostPolicies) int { return strings.Compare(a.Host, b.Host) })
	return answers
}

func (s *policySurvey) askOne(ctx context.Context, id lcc.PeerID, into *[]chain.Status) error {
	bounded, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	data, err := s.network.Ask(bounded, id, bundle.Request{Status: true}.Encode())
	if inner := errors.Unwrap(err); inner != nil {
		return inner // its row names the host
	}
	if err != nil {
		return err
	}
	answer, err := bundle.DecodeAnswer(data)
	if err != nil {
		return err
	}
	return json.Unmarshal(answer.Status, into)
}

// Publish accepts a bundle from this host's operator.
func (s *Service) Publish(ctx context.Context, archive []byte) (api.Published, error) {
	if s.publishers.driver == nil {
		return api.Published{}, errNoPublisher
	}
	p, err := s.publishers.driver.Publish(ctx, archive)
	s.audit.noteOrder(ctx, api.Order{Do: "publish"}, err)
	s.log.Info("a bundle was handed in", "event", "bundle_received", "by", serve.CallerOf(ctx), "error", err)
	return api.Published(p), refusedByChain(err)
}

// Notify accepts a publisher's notice from this host's operator.
func (s *Service) Notify(ctx context.Context, notice []byte) error {
	if s.publishers.driver == nil {
		return errNoPublisher
	}
	return refusedByChain(s.publishers.driver.Notify(ctx, notice))
}

// refusedByChain makes a refusal of what a publisher says an *api.Refused.
func refusedByChain(err error) error {
	if code := bundle.CodeOf(err); code != "" {
		return &api.Refused{Why: api.Refusal{Code: string(code), Detail: err.Error()}}
	}
	return err
}
