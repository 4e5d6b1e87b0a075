package service

import (
	"net/http"
	"time"

	"parley/hostagent/serve"
)

// giveAudit answers with the result of verifying the audit.
func (h *handlers) giveAudit(w http.ResponseWriter, r *http.Request) {
	// The whole audit is read.
	if err := serve.Within(w, time.Minute); err != nil {
		h.log.Debug("the audit is verified under the usual deadline", "event", "deadline_not_set", "error", err)
	}
	if !h.verifying.take(r.Context()) {
		return
	}
	defer h.verifying.give()
	report, err := h.agent.VerifyAudit()
	answer(w, report, err)
}
