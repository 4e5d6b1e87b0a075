package service

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/audit"
	"parley/hostagent/serve"
)

// operations are the calls that the socket and the network may make to an agent.
type operations interface {
	Status(context.Context) (api.Status, error)
	Explain(ctx context.Context, name string) (api.Explanation, error)
	ExplainAgent(ctx context.Context, policy string, agent uint64) (api.Explanation, error)
	History(context.Context, audit.Filter) ([]audit.Entry, error)
	Order(context.Context, api.Order) error
	DryRun(context.Context, api.Order) (api.DryRun, error)
	Admit(context.Context, hostagent.AdmissionAsked) hostagent.Refusal
	Publish(ctx context.Context, archive []byte) (api.Published, error)
	Notify(ctx context.Context, notice []byte) error
	Policies(ctx context.Context, site bool) (api.PolicyReport, error)
	VerifyAudit() (audit.Report, error)
	Metrics(context.Context) (*prometheus.Registry, error)
}

// handlers answer HTTP: they parse and bound the request and encode the answer.
type handlers struct {
	agent     operations
	log       *slog.Logger
	noteOrder func(context.Context, api.Order, error)
	processes processes
	view      *view
	bundles   turn // of uploads
	verifying turn // of audit verifications
}

// routes serves api.Routes. A route without a door is a fault of this package, and the
// mux panics at the start of the agent.
func (h *handlers) routes() http.Handler {
	doors := map[string]http.HandlerFunc{
		api.PathStatus:    h.giveStatus,
		api.PathSite:      h.giveSite,
		api.PathPlace:     h.givePlaces,
		api.PathSurvive:   h.giveSurvival,
		api.PathHalt:      h.takeHalt,
		api.PathDeal:      h.giveStory,
		api.PathTalk:      h.giveTalk,
		api.PathPast:      h.givePast,
		api.PathExplain:   h.giveExplanation,
		api.PathMetrics:   h.scrape,
		api.PathHistory:   h.giveHistory,
		api.PathAudit:     h.giveAudit,
		api.PathPolicies:  h.givePolicies,
		api.PathPublish:   h.takeBundle,
		api.PathNotice:    h.takeNotice,
		api.PathAdmission: h.takeArrival,
		api.PathOrders:    h.takeOrder,
		api.PathDryRun:    h.giveDryRun,
		api.PathProcesses: h.giveProcesses,
	}
	mux := http.NewServeMux()
	for _, r := range api.Routes() {
		door := doors[r.Path]
		if r.Path == api.PathProcesses && r.Method == http.MethodPost {
			door = h.takeLaunch
		}
		mux.HandleFunc(r.Method+" "+r.Path, door)
	}
	return mux
}

func (h *handlers) giveStatus(w http.ResponseWriter, r *http.Request) {
	status, err := h.agent.Status(r.Context())
	answer(w, status, err)
}

func (h *handlers) giveExplanation(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if !q.Has("agent") {
		why, err := h.agent.Explain(r.Context(), q.Get("name"))
		answer(w, why, err)
		return
	}
	agent, err := strconv.ParseUint(q.Get("agent"), 10, 64)
	if err != nil {
		http.Error(w, "agent: give the number of an agent, or 0 for a list", http.StatusBadRequest)
		return
	}
	why, err := h.agent.ExplainAgent(r.Context(), q.Get("name"), agent)
	answer(w, why, err)
}

// giveHistory answers from the audit.
func (h *handlers) giveHistory(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	f := audit.Filter{Guest: q.Get("guest"), Host: q.Get("host"), Deal: q.Get("deal"), State: q.Get("state"), Kind: q.Get("kind"),
		Ended: q.Get("ended") != ""}
	var errs [3]error
	if text := q.Get("since"); text != "" {
		f.Since, errs[0] = time.Parse(time.RFC3339, text)
	}
	if text := q.Get("until"); text != "" {
		f.Until, errs[1] = time.Parse(time.RFC3339, text)
	}
	if text := q.Get("limit"); text != "" {
		f.Limit, errs[2] = strconv.Atoi(text)
	}
	if err := errors.Join(errs[:]...); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	list, err := h.agent.History(r.Context(), f)
	answer(w, list, err)
}

// readOrder reads the order of a request; when it cannot, it answers why.
func readOrder(w http.ResponseWriter, r *http.Request) (o api.Order, ok bool) {
	ok = readInto(w, r, &o, "the order")
	return o, ok
}

// readInto reads the body of a request, which is named by what; when it cannot, it answers why.
func readInto(w http.ResponseWriter, r *http.Request, into any, what string) bool {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, api.RequestBytes))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		http.Error(w, what+" cannot be read: "+err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}

func (h *handlers) takeOrder(w http.ResponseWriter, r *http.Request) {
	o, ok := readOrder(w, r)
	if !ok {
		return
	}
	// A migration has no time limit here; the client may disconnect.
	if err := serve.Within(w, 0); err != nil {
		h.log.Debug("an order is answered under a deadline", "event", "deadline_not_set", "error", err)
	}
	answer(w, o, h.ordered(r.Context(), o))
}

// ordered has an order carried out, and writes down who gave it and what came of it.
func (h *handlers) ordered(ctx context.Context, o api.Order) error {
	err := h.agent.Order(ctx, o)
	h.writeDown(ctx, o, err)
	return err
}

// writeDown notes an order in the audit and logs it.
func (h *handlers) writeDown(ctx context.Context, o api.Order, err error) {
	h.noteOrder(ctx, o, err)
	h.logOrder(ctx, o, err)
}

// logOrder logs an order: who gave it, what it says, and whether it was carried out.
func (h *handlers) logOrder(ctx context.Context, o api.Order, err error) {
	attrs := []slog.Attr{
		slog.String("event", "order"), slog.String("do", o.Do), slog.Any("by", serve.CallerOf(ctx)), slog.Bool("done", err == nil),
	}
	for _, a := range []slog.Attr{slog.String("guest", o.Guest), slog.String("host", o.Host)} {
		if a.Value.String() != "" {
			attrs = append(attrs, a)
		}
	}
	if o.Force {
		attrs = append(attrs, slog.Bool("force", true))
	}
	if err != nil {
		attrs = append(attrs, slog.Any("error", err))
	}
	h.log.LogAttrs(ctx, slog.LevelInfo, "an order of an operator", attrs...)
}

// answer writes JSON: the value, or a refusal of the host with the status 409. Another
// error is written as text.
func answer(w http.ResponseWriter, value any, err error) {
	var refused *api.Refused
	switch {
	case errors.As(err, &refused):
		writeJSON(w, http.StatusConflict, refused.Why)
	case err != nil:
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	default:
		writeJSON(w, http.StatusOK, value)
	}
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// An error here means that the client disconnected.
	_ = json.NewEncoder(w).Encode(value)
}
