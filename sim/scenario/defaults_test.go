package scenario

import (
	"strings"
	"testing"
)

// One default of each policy serves all shipped scenarios: none sets a parameter.
func TestDefaultsServe(t *testing.T) {
	shippedScenarios(t, func(t *testing.T, s *Scenario) {
		for _, p := range s.Policies {
			if strings.Contains(p, "[") {
				t.Errorf("got the policy %s, want its defaults", p)
			}
		}
	})
}
