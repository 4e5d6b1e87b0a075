package service

import (
	"context"
	"io"
	"net/http"
	"time"

	"parley/hostagent/api"
	"parley/hostagent/serve"
	"parley/models/publish/bundle"
)

// publishWithin bounds how long a publisher's request waits; uploadWithin bounds the
// upload of the bundle, during which nobody else can publish.
const (
	publishWithin = 30 * time.Second
	uploadWithin  = 5 * time.Second
)

func (h *handlers) takeBundle(w http.ResponseWriter, r *http.Request) {
	// The connection has no deadline here; the two limits below apply.
	if err := serve.Within(w, 2*publishWithin); err != nil {
		h.log.Debug("a bundle is taken under the usual deadline", "event", "deadline_not_set", "error", err)
	}
	ctx, cancel := context.WithTimeout(r.Context(), publishWithin)
	defer cancel()
	if !h.bundles.take(ctx) {
		http.Error(w, "another bundle is being published here: try again", http.StatusServiceUnavailable)
		return
	}
	defer h.bundles.give()
	if err := serve.Within(w, uploadWithin); err != nil {
		h.log.Debug("a bundle is read under the usual deadline", "event", "deadline_not_set", "error", err)
	}
	archive, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bundle.ArchiveBytes))
	if err != nil {
		http.Error(w, "the bundle cannot be read: "+err.Error(), http.StatusBadRequest)
		return
	}
	if err := serve.Within(w, 2*publishWithin); err != nil {
		h.log.Debug("a bundle is taken under the usual deadline", "event", "deadline_not_set", "error", err)
	}
	p, err := h.agent.Publish(ctx, archive)
	answer(w, p, err)
}

func (h *handlers) takeNotice(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bundle.NoticeBytes))
	if err == nil {
		err = h.agent.Notify(r.Context(), data)
	}
	answer(w, api.Nothing{}, err)
}

func (h *handlers) givePolicies(w http.ResponseWriter, r *http.Request) {
	// A site with thousands of hosts takes minutes.
	if err := serve.Within(w, 10*time.Minute); err != nil {
		h.log.Debug("policies are listed under the usual deadline", "event", "deadline_not_set", "error", err)
	}
	report, err := h.agent.Policies(r.Context(), r.URL.Query().Get("site") != "")
	answer(w, report, err)
}
