package service

import (
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
	if !readInto(w, r, &l, "the order") {
		return
	}
	if err := serve.Within(w, 2*launchWithin); err != nil {
		h.log.Debug("an order is answered under a deadline", "event", "deadline_not_set", "error", err)
	}
	started, err := h.processes.start(r.Context(), l)
	h.writeDown(r.Context(), api.Order{Do: "run", Guest: l.Name}, err)
	answer(w, started, err)
}
