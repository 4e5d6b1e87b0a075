package service

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"parley/hostagent"
)

// arriving is a migration to this host that is about to begin, as JSON.
type arriving struct {
	Guest  string          `json:"guest"`
	Deal   string          `json:"deal,omitempty"`
	Token  string          `json:"token,omitempty"`
	CPU    float64         `json:"cpu_cores"`
	Memory int64           `json:"memory_bytes"`
	Rules  hostagent.Rules `json:"rules"`
}

// arrivalTimeout bounds the question of a hypervisor: it holds a migration up.
const arrivalTimeout = 5 * time.Second

// takeArrival answers a hypervisor's hook.
func (s *Service) takeArrival(w http.ResponseWriter, r *http.Request) {
	var a arriving
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, orderBytes))
	if err := decoder.Decode(&a); err != nil {
		http.Error(w, "the question cannot be read: "+err.Error(), http.StatusBadRequest)
		return
	}
	asked := hostagent.Arriving{
		Guest: hostagent.GuestID(a.Guest), Deal: hostagent.DealID(a.Deal), Token: a.Token,
		Need: hostagent.Resources{CPU: a.CPU, MemoryBytes: a.Memory}, Rules: a.Rules,
	}
	if err := asked.Validate(); err != nil {
		http.Error(w, "the question makes no sense: "+err.Error(), http.StatusBadRequest)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), arrivalTimeout)
	defer cancel()
	ok, reason := s.Admit(ctx, asked)
	s.log.Info("a migration arrives", "trace_id", a.Deal, "guest", a.Guest, "admitted", ok, "reason", reason)
	if !ok {
		http.Error(w, reason, http.StatusConflict)
		return
	}
	answer(w, a, nil)
}

// Arriving asks whether a migration may begin; the error says why not.
func (c Client) Arriving(ctx context.Context, a hostagent.Arriving) error {
	ctx, cancel := context.WithTimeout(ctx, arrivalTimeout)
	defer cancel()
	var taken arriving
	err := c.ask(ctx, http.MethodPost, "/v1/arriving", arriving{
		Guest: string(a.Guest), Deal: string(a.Deal), Token: a.Token,
		CPU: a.Need.CPU, Memory: a.Need.MemoryBytes, Rules: a.Rules,
	}, &taken)
	if err != nil {
		return fmt.Errorf("migration of %s to this host: %w", a.Guest, err)
	}
	return nil
}
