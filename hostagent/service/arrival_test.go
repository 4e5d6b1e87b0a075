package service

import (
	"errors"
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
		if code := codeOf(err); code != hostagent.CodeBadQuestion || !strings.Contains(err.Error(), "malformed") {
			t.Errorf("%s: got %q, %v, want the agent's refusal", name, code, err)
		}
	}
	if err := ask.Arriving(t.Context(), hostagent.AdmissionAsked{Guest: "g",
		Need: hostagent.Resources{CPU: 1, MemoryBytes: 1 << 20}}); err != nil {
		t.Errorf("a small one: %v", err)
	}
}

// codeOf returns the code of a refusal that an agent answered.
func codeOf(err error) hostagent.Code {
	var refused *api.Refused
	if !api.IsAnswer(err) || !errors.As(err, &refused) {
		return ""
	}
	return hostagent.Code(refused.Why.Code)
}

// A refused arrival has one code in the answer, in the log and in the metrics.
func TestRefusedArrivalHasItsCode(t *testing.T) {
	p := newPair(t, alone, func([]*memory.Platform) {})
	d := p.daemons[0]
	ask := api.Client{Socket: d.config.Socket}
	err := ask.Arriving(t.Context(), hostagent.AdmissionAsked{Guest: "g", Need: hostagent.Resources{CPU: 1, MemoryBytes: 1 << 20}})
	if code := codeOf(err); code != hostagent.CodeNoDeal {
		t.Errorf("without a deal: got %q, %v, want the code %q", code, err, hostagent.CodeNoDeal)
	}
	if text, want := metricsOf(t, d.config.Socket), `parley_arrivals_total{admitted="false",code="no_deal"} 1`; !strings.Contains(text, want) {
		t.Errorf("the metrics do not have %s", want)
	}
	if log := d.log.String(); !strings.Contains(log, "admitted=false code=no_deal") {
		t.Errorf("the log does not have the code:\n%s", log)
	}
}
