package service

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/audit"
	"parley/hostagent/serve"
	"parley/hostagent/site"
	"parley/lcc"
)

// halter pauses and resumes the policies of this host for the whole site.
type halter struct {
	names *directory
	audit *auditor
	// set changes the setting and says what it was before; by is "" to resume.
	set func(ctx context.Context, by string) (was hostagent.Settings, err error)

	mu    sync.Mutex
	limit *rate.Limiter // of the changes that other hosts ask for
}

// Changes that other hosts ask for are written to the journal and to the audit: haltsAtOnce,
// so that somebody can pause the site, resume it, and change their mind, and then one in
// haltEvery.
const (
	haltEvery   = 5 * time.Second
	haltsAtOnce = 4
)

func (h *halter) open(s *Service) {
	h.limit = rate.NewLimiter(rate.Every(haltEvery), haltsAtOnce)
	h.names, h.audit = s.names, s.audit
	h.set = func(ctx context.Context, by string) (was hostagent.Settings, err error) {
		_, err = s.instruct(ctx, func() (hostagent.Order, error) {
			was = s.node.Host().Settings()
			settings := was
			settings.Halted = by
			return hostagent.Set{Settings: settings}, nil
		})
		return was, err
	}
}

// obey does what another host of this owner asks for, and writes into the audit who did.
func (h *halter) obey(ctx context.Context, from lcc.PeerID, ask site.Halt) (site.Halted, error) {
	by := ask.By + " at " + h.names.name(hostagent.HostID(from))
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.limit.Tokens() < 1 {
		why := fmt.Sprintf("it was paused and resumed %d times within a short time: try again in %s", haltsAtOnce, haltEvery)
		return site.Halted{Code: string(hostagent.CodeRate), Why: why}, nil
	}
	told, err := h.halt(ctx, by, ask)
	if err == nil && told.Code == "" && !told.Was {
		h.limit.Allow()
		h.audit.Add(audit.Entry{
			At: time.Now(), Kind: "order", State: orderOf(ask), Target: h.names.name(hostagent.HostID(from)), Operator: true, By: by,
			Reason: ask.Why,
		})
	}
	return told, err
}

func orderOf(ask site.Halt) string {
	if ask.Resume {
		return "resume"
	}
	return "pause"
}

// halt changes the setting of this host. by is shown as the reason of the pause.
func (h *halter) halt(ctx context.Context, by string, ask site.Halt) (site.Halted, error) {
	want := by
	if ask.Why != "" {
		want += ": " + ask.Why
	}
	if ask.Resume {
		want = ""
	}
	was, err := h.set(ctx, want)
	var refused *api.Refused
	switch {
	case errors.As(err, &refused):
		return site.Halted{Code: refused.Why.Code, Why: refused.Why.Detail}, nil
	case err != nil:
		return site.Halted{}, err
	}
	return site.Halted{Was: (was.Halted == "") == ask.Resume, Own: was.Paused}, nil
}

// haltSite pauses or resumes all hosts of this owner, this one last: it is where somebody
// sees what did not follow.
func (v *view) haltSite(ctx context.Context, ask site.Halt) (site.Halts, error) {
	ask.By = cmp.Or(ask.By, "unknown")
	if err := ask.Validate(); err != nil {
		return site.Halts{}, api.Refuse(hostagent.CodeBadQuestion, "the pause: %v", err)
	}
	list, err := v.hosts.Halt(ctx, v.ours(), siteWithin, ask)
	if err != nil {
		return site.Halts{}, err
	}
	own, err := v.halter.halt(ctx, ask.By+" at "+v.names.host, ask)
	if err != nil {
		return site.Halts{}, err
	}
	list = append(list, site.HostHalted{Host: v.names.host, PeerID: string(v.names.self), Halted: own})
	slices.SortFunc(list, func(a, b site.HostHalted) int { return strings.Compare(a.Host, b.Host) })
	return site.Halts{At: time.Now(), From: v.names.host, Resume: ask.Resume, Hosts: list}, nil
}

// takeHalt pauses or resumes the site by an operator's order.
func (h *handlers) takeHalt(w http.ResponseWriter, r *http.Request) {
	var ask site.Halt
	if !readInto(w, r, &ask, "the pause") {
		return
	}
	if err := serve.Within(w, siteWithinMost); err != nil {
		h.log.Debug("a site is paused under the usual deadline", "event", "deadline_not_set", "error", err)
	}
	ask.By = serve.CallerOf(r.Context()).Name()
	halts, err := h.view.haltSite(r.Context(), ask)
	h.writeDown(r.Context(), api.Order{Do: orderOf(ask), Host: "the site"}, err)
	answer(w, halts, err)
}
