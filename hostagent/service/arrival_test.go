package service

import (
	"strings"
	"testing"

	"parley/hostagent"
)

// What asks the socket for an arrival is held to what makes sense before the agent
// counts with it.
func TestArrivalOnTheSocket(t *testing.T) {
	c := play(t, roles{daemons: []string{"h1"}, config: func(_ string, c *Config) { c.Arrival.Foreign = "allow" }})
	ask := Client{Socket: c.daemons[0].config.Socket}
	for name, need := range map[string]hostagent.Resources{
		"less than nothing": {CPU: 1, MemoryBytes: -1 << 40}, "no processors": {CPU: -1, MemoryBytes: 1}, "no host has it": {CPU: 1, MemoryBytes: 1 << 60},
	} {
		err := ask.Arriving(t.Context(), hostagent.Arriving{Guest: "g", Need: need})
		if err == nil || !IsAnswer(err) || !strings.Contains(err.Error(), "makes no sense") {
			t.Errorf("%s: got %v, want the agent's refusal", name, err)
		}
	}
	if err := ask.Arriving(t.Context(), hostagent.Arriving{Guest: "g", Need: hostagent.Resources{CPU: 1, MemoryBytes: 1 << 20}}); err != nil {
		t.Errorf("a small one: %v", err)
	}
}
