package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
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

// errNoPublisher is what an agent says that follows nobody.
var errNoPublisher = errors.New("this host follows no publisher: name an anchor under `publishers` in its configuration (docs/operations.md)")

// Policies tells how it stands with the publishers here and, for the whole site, at
// every host of the rosters that answers.
func (s *Service) Policies(ctx context.Context, site bool) (api.PolicyReport, error) {
	if s.following.driver == nil {
		return api.PolicyReport{}, errNoPublisher
	}
	own := api.HostPolicies{Host: s.fixed.Host, PeerID: string(s.network.ID())}
	var err error
	if own.Chains, err = s.statusOfChains(ctx); err != nil {
		return api.PolicyReport{}, err
	}
	report := api.PolicyReport{Hosts: []api.HostPolicies{own}}
	if site {
		report.Hosts = append(report.Hosts, s.site.hosts(func() []api.HostPolicies { return s.askAll(context.WithoutCancel(ctx)) })...)
	}
	return report, nil
}

// site keeps what the other hosts answered for a moment: who looks every few
// milliseconds must not have this host ask them as often.
type site struct {
	mu   sync.Mutex
	at   time.Time
	list []api.HostPolicies
}

// siteFor is how long an answer of the other hosts counts.
const siteFor = time.Second

func (s *site) hosts(ask func() []api.HostPolicies) []api.HostPolicies {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.at) >= siteFor {
		s.list, s.at = ask(), time.Now()
	}
	return s.list
}

const (
	askAtOnce = 16 // hosts
	askWithin = 3 * time.Second
)

// askAll asks the other hosts.
func (s *Service) askAll(ctx context.Context) []api.HostPolicies {
	list := s.members.Load().list
	answers := make([]api.HostPolicies, len(list))
	var group errgroup.Group
	group.SetLimit(askAtOnce)
	for i, m := range list {
		group.Go(func() error {
			answers[i] = api.HostPolicies{Host: s.name(hostagent.HostID(m.id)), PeerID: string(m.id), Chains: []chain.Status{}}
			if err := s.askOne(ctx, m.id, &answers[i].Chains); err != nil {
				answers[i].Error = err.Error()
			}
			return nil
		})
	}
	_ = group.Wait() // no function of it fails
	slices.SortFunc(answers, func(a, b api.HostPolicies) int { return strings.Compare(a.Host, b.Host) })
	return answers
}

func (s *Service) askOne(ctx context.Context, id lcc.PeerID, into *[]chain.Status) error {
	bounded, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	data, err := s.network.Ask(bounded, id, bundle.Request{Status: true}.Encode())
	if err != nil {
		return err
	}
	answer, err := bundle.DecodeAnswer(data)
	if err != nil {
		return err
	}
	return json.Unmarshal(answer.Status, into)
}

// Publish takes a bundle from this host's operator.
func (s *Service) Publish(ctx context.Context, archive []byte) (api.Published, error) {
	if s.following.driver == nil {
		return api.Published{}, errNoPublisher
	}
	p, err := s.following.driver.Publish(ctx, archive)
	s.noteOrder(ctx, api.Order{Do: "publish"}, err)
	s.log.Info("a bundle was handed in", "by", serve.CallerOf(ctx), "error", err)
	if bundle.CodeOf(err) != "" {
		err = fmt.Errorf("%w: %w", api.ErrRefused, err)
	}
	return api.Published(p), err
}

// publishWithin bounds how long who publishes waits, uploadWithin how long the
// bundle itself takes on the socket while nobody else can publish.
const (
	publishWithin = 30 * time.Second
	uploadWithin  = 5 * time.Second
)

func (s *Service) takeBundle(w http.ResponseWriter, r *http.Request) {
	// It waits without a deadline of the connection's; its own are below.
	if err := serve.Within(w, 2*publishWithin); err != nil {
		s.log.Debug("a bundle is taken under the usual deadline", "error", err)
	}
	ctx, cancel := context.WithTimeout(r.Context(), publishWithin)
	defer cancel()
	if !s.bundles.take(ctx) {
		http.Error(w, "another bundle is being published here: try again", http.StatusServiceUnavailable)
		return
	}
	defer s.bundles.give()
	if err := serve.Within(w, uploadWithin); err != nil {
		s.log.Debug("a bundle is read under the usual deadline", "error", err)
	}
	archive, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bundle.ArchiveBytes))
	if err != nil {
		http.Error(w, "the bundle cannot be read: "+err.Error(), http.StatusBadRequest)
		return
	}
	if err := serve.Within(w, 2*publishWithin); err != nil {
		s.log.Debug("a bundle is taken under the usual deadline", "error", err)
	}
	p, err := s.Publish(ctx, archive)
	answer(w, p, err)
}

func (s *Service) takeNotice(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bundle.NoticeBytes))
	if err == nil && s.following.driver == nil {
		err = errNoPublisher
	}
	if err == nil {
		err = s.following.driver.Notify(r.Context(), data)
	}
	if bundle.CodeOf(err) != "" {
		err = fmt.Errorf("%w: %w", api.ErrRefused, err)
	}
	answer(w, struct{}{}, err)
}

func (s *Service) givePolicies(w http.ResponseWriter, r *http.Request) {
	// A site of thousands takes a while.
	if err := serve.Within(w, 10*time.Minute); err != nil {
		s.log.Debug("policies are told under the usual deadline", "error", err)
	}
	report, err := s.Policies(r.Context(), r.URL.Query().Get("site") != "")
	answer(w, report, err)
}
