package service

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"parley/hostagent/api"
	"parley/hostagent/audit"
	"parley/hostagent/serve"
)

// routes are what the socket answers.
func (s *Service) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+api.PathStatus, func(w http.ResponseWriter, r *http.Request) {
		status, err := s.Status(r.Context())
		answer(w, status, err)
	})
	mux.HandleFunc("GET "+api.PathExplain, func(w http.ResponseWriter, r *http.Request) {
		why, err := s.Explain(r.Context(), r.URL.Query().Get("name"))
		answer(w, why, err)
	})
	mux.HandleFunc("GET "+api.PathMetrics, s.scrape)
	mux.HandleFunc("GET "+api.PathHistory, s.giveHistory)
	mux.HandleFunc("GET "+api.PathAudit, s.giveAudit)
	mux.HandleFunc("GET "+api.PathPolicies, s.givePolicies)
	mux.HandleFunc("POST "+api.PathPublish, s.takeBundle)
	mux.HandleFunc("POST "+api.PathNotice, s.takeNotice)
	mux.HandleFunc("POST "+api.PathAdmission, s.takeArrival)
	mux.HandleFunc("POST "+api.PathOrders, s.takeOrder)
	return mux
}

// giveHistory answers from the audit: guest, host, deal, state, kind, since,
// until (RFC 3339), limit.
func (s *Service) giveHistory(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	f := audit.Filter{Guest: q.Get("guest"), Host: q.Get("host"), Deal: q.Get("deal"), State: q.Get("state"), Kind: q.Get("kind"), Ended: q.Get("ended") != ""}
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
	list, err := s.History(r.Context(), f)
	answer(w, list, err)
}

func (s *Service) takeOrder(w http.ResponseWriter, r *http.Request) {
	var o api.Order
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, api.RequestBytes))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&o); err != nil {
		http.Error(w, "the order cannot be read: "+err.Error(), http.StatusBadRequest)
		return
	}
	// A migration takes as long as it takes; who asked may go away.
	if err := serve.Within(w, 0); err != nil {
		s.log.Debug("an order is answered under a deadline", "error", err)
	}
	err := s.Order(r.Context(), o)
	s.noteOrder(r.Context(), o, err)
	s.log.Info("order", "do", o.Do, "guest", o.Guest, "host", o.Host, "force", o.Force, "by", serve.CallerOf(r.Context()), "error", err)
	answer(w, o, err)
}

// answer writes JSON, or the error as text: 409 for what the host refuses.
func answer(w http.ResponseWriter, value any, err error) {
	switch {
	case errors.Is(err, api.ErrRefused):
		http.Error(w, err.Error(), http.StatusConflict)
	case err != nil:
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	default:
		w.Header().Set("Content-Type", "application/json")
		// A client that went away is its own affair.
		_ = json.NewEncoder(w).Encode(value)
	}
}
