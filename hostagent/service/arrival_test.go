package service

import (
	"strings"
	"testing"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/hostagent/memory"
)

// An arrival on the socket is validated before the agent considers it.
func TestArrivalOnTheSocket(t *testing.T) {
	p := newPair(t, func(_ int, c *config.Config) { c.Arrival.Foreign = "allow" }, func([]*memory.Platform) {})
	ask := api.Client{Socket: p.daemons[0].config.Socket}
	for name, need := range map[string]hostagent.Resources{
		"less than nothing": {CPU: 1, MemoryBytes: -1 << 40}, "no processors": {CPU: -1, MemoryBytes: 1},
		"no host has it": {CPU: 1, MemoryBytes: 1 << 60},
	} {
		err := ask.Arriving(t.Context(), hostagent.AdmissionAsked{Guest: "g", Need: need})
		if err == nil || !api.IsAnswer(err) || !strings.Contains(err.Error(), "makes no sense") {
			t.Errorf("%s: got %v, want the agent's refusal", name, err)
		}
	}
	if err := ask.Arriving(t.Context(), hostagent.AdmissionAsked{Guest: "g", Need: hostagent.Resources{CPU: 1, MemoryBytes: 1 << 20}}); err != nil {
		t.Errorf("a small one: %v", err)
	}
}
