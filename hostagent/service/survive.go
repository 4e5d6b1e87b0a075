package service

import (
	"context"
	"net/http"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/serve"
	"parley/hostagent/site"
	"parley/hostagent/spare"
	"parley/lcc"
)

// spareOf returns what this host has left, and what its guests need.
func spareOf(ctx context.Context, s *Service) (found spare.Host, err error) {
	err = s.inLoop(ctx, func(lcc.Instant) error {
		found = s.node.Host().Spare()
		return nil
	})
	return found, err
}

// spareToldOf returns what another host told this one last of its room and its guests, and when;
// the zero time if it told nothing.
func spareToldOf(ctx context.Context, s *Service, host string) (told spare.Host, at time.Time, err error) {
	err = s.inLoop(ctx, func(now lcc.Instant) error {
		var when lcc.Instant
		var known bool
		if told, when, known = s.node.Host().SpareOf(hostagent.HostID(host)); known {
			at = time.Now().Add(-time.Duration(now - when))
		}
		return nil
	})
	return told, at, err
}

// spareStatus is what the status says of room for guests of hosts that fail.
func spareStatus(s hostagent.SpareStatus, names *directory) api.SpareStatus {
	return api.SpareStatus{
		Survive: s.Survive, Hosts: s.Hosts, Guests: s.Guests, MissingCPU: s.Missing.Cores, MissingMemory: s.Missing.MemoryBytes,
		Text: names.reason(s.Text),
	}
}

// survive asks all hosts of this owner what they have left and what their guests need, and
// plans for the failure of some of them.
func (v *view) survive(ctx context.Context, failed []string, within time.Duration) (site.Survival, error) {
	own, err := v.spare(ctx)
	if err != nil {
		return site.Survival{}, err
	}
	list, err := v.hosts.Spare(ctx, v.ours(), within)
	if err != nil {
		return site.Survival{}, err
	}
	for i, h := range list {
		if h.Silent != "" {
			list[i].Host, list[i].Told, err = v.spareTold(ctx, h.PeerID)
			if err != nil {
				return site.Survival{}, err
			}
		}
	}
	list = append(list, site.Spared{Name: v.names.host, PeerID: string(v.names.self), Host: own})
	s, err := site.Survive(list, failed)
	if err != nil {
		return site.Survival{}, api.Refuse(hostagent.CodeNoHost, "%v", err)
	}
	s.At, s.From = time.Now(), v.names.host
	return s, nil
}

// giveSurvival answers who would take whose guests.
func (h *handlers) giveSurvival(w http.ResponseWriter, r *http.Request) {
	if err := serve.Within(w, siteWithinMost); err != nil {
		h.log.Debug("a failure is planned for under the usual deadline", "event", "deadline_not_set", "error", err)
	}
	s, err := h.view.survive(r.Context(), r.URL.Query()["host"], siteWithin)
	answer(w, s, err)
}
