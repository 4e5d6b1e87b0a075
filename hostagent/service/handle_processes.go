package service

import (
	"encoding/json"
	"net/http"

	"parley/hostagent/api"
	"parley/hostagent/serve"
)

func (h *handlers) giveProcesses(w http.ResponseWriter, _ *http.Request) {
	list, err := h.processes.list()
	answer(w, list, err)
}

// takeLaunch starts a process on an operator's order.
func (h *handlers) takeLaunch(w http.ResponseWriter, r *http.Request) {
	var l api.Launch
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, api.RequestBytes))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&l); err != nil {
		http.Error(w, "the order cannot be read: "+err.Error(), http.StatusBadRequest)
		return
	}
	if err := serve.Within(w, 2*launchWithin); err != nil {
		h.log.Debug("an order is answered under a deadline", "event", "deadline_not_set", "error", err)
	}
	started, err := h.processes.start(r.Context(), l)
	o := api.Order{Do: "run", Guest: l.Name}
	h.noteOrder(r.Context(), o, err)
	h.logOrder(r.Context(), o, err)
	answer(w, started, err)
}
