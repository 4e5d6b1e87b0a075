package service

import (
	"context"
	"encoding/json"
	"net/http"

	"parley/hostagent"
	"parley/hostagent/api"
)

// takeArrival answers the platform's migration hook.
func (h *handlers) takeArrival(w http.ResponseWriter, r *http.Request) {
	var a api.Admission
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, api.RequestBytes))
	if err := decoder.Decode(&a); err != nil {
		http.Error(w, "the request cannot be read: "+err.Error(), http.StatusBadRequest)
		return
	}
	asked := hostagent.AdmissionAsked{
		Guest: hostagent.GuestID(a.Guest), Kind: hostagent.Kind(a.Kind), Deal: hostagent.DealID(a.Deal), Token: a.Token,
		Need: hostagent.Resources{CPU: a.CPU, MemoryBytes: a.Memory, DiskBytes: a.Disk}, Rules: a.Rules,
	}
	if err := asked.Validate(); err != nil {
		answer(w, a, api.Refuse(hostagent.CodeBadQuestion, "the request is malformed: %v", err))
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), api.AdmissionTimeout)
	defer cancel()
	why := h.agent.Admit(ctx, asked)
	if why.Is() {
		answer(w, a, api.Refuse(why.Code, "%s", why.Detail))
		return
	}
	answer(w, a, nil)
}
