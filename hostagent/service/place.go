package service

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/serve"
	"parley/hostagent/site"
	"parley/lcc"
)

// vacancy says whether a wanted guest may be started on this host.
func vacancy(ctx context.Context, s *Service, w site.Wanted) (site.Vacancy, error) {
	want := hostagent.Wanted{
		Need: hostagent.Resources{CPU: w.Cores, MemoryBytes: w.Memory, DiskBytes: w.Disk}, Kind: hostagent.Kind(w.Kind), Needs: w.Needs,
		Networks: w.Networks, Beside: w.Beside,
		Rules: hostagent.Rules{Requires: w.Requires, Labels: w.Labels, Near: w.Near, Apart: w.Apart, Avoids: w.Avoids, AtMost: w.AtMost},
	}
	if err := want.Rules.Validate(); err != nil {
		return site.Vacancy{}, api.Refuse(hostagent.CodeBadQuestion, "%v", err)
	}
	if !slices.Contains(hostagent.Kinds(), want.Kind.Known()) {
		return site.Vacancy{}, api.Refuse(hostagent.CodeBadQuestion, "there is no kind %q of guests: give one of %v", w.Kind, hostagent.Kinds())
	}
	var found hostagent.Vacancy
	err := s.inLoop(ctx, func(lcc.Instant) error {
		found = s.node.Host().Vacancy(want)
		return nil
	})
	why := s.names.refusal(found.Why)
	return site.Vacancy{
		Load: found.Load, FreeCores: found.Free.CPU, FreeMemory: found.Free.MemoryBytes, FreeDisk: found.Free.DiskBytes,
		Code: why.Code, Why: why.Detail,
	}, err
}

// place asks all hosts of this owner whether a guest may be started there.
func (v *view) place(ctx context.Context, w site.Wanted, within time.Duration) (site.Offers, error) {
	if err := w.Validate(); err != nil {
		return site.Offers{}, api.Refuse(hostagent.CodeBadQuestion, "the guest: %v", err)
	}
	own, err := v.vacancy(ctx, w)
	if err != nil {
		return site.Offers{}, err
	}
	list, err := v.hosts.Place(ctx, v.ours(), within, w)
	if err != nil {
		return site.Offers{}, err
	}
	list = append(list, site.Offer{Host: v.names.host, PeerID: string(v.names.self), Vacancy: own})
	site.SortOffers(list)
	return site.Offers{At: time.Now(), From: v.names.host, Wanted: w, Hosts: list}, nil
}

// givePlaces answers who offers a place for a guest.
func (h *handlers) givePlaces(w http.ResponseWriter, r *http.Request) {
	var wanted site.Wanted
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, api.RequestBytes))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&wanted); err != nil {
		http.Error(w, "the guest cannot be read: "+err.Error(), http.StatusBadRequest)
		return
	}
	if err := serve.Within(w, siteWithinMost); err != nil {
		h.log.Debug("places are looked for under the usual deadline", "event", "deadline_not_set", "error", err)
	}
	offers, err := h.view.place(r.Context(), wanted, siteWithin)
	answer(w, offers, err)
}
