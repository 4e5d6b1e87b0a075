package wording

import (
	"testing"
	"time"

	"parley/hostagent/api"
	"parley/hostagent/audit"
)

func TestSequel(t *testing.T) {
	at := func(after time.Duration, relief float64) audit.Outcome {
		return audit.Outcome{After: after, Source: &audit.OutcomeEnd{Load: 0.5, Relief: relief}}
	}
	expected, unknown := at(0, 0.25), audit.Outcome{CPU: 2}
	for want, c := range map[[2]string]*audit.Sequel{
		{"", ""}: nil,
		{"", "it was expected to take 25 % off the load of h1"}: {Expected: &expected},
		{"12 of 25 %", "it was expected to take 25 % off the load of h1; 5 minutes later it took off 12 %"}: {
			Expected: &expected, Measured: []audit.Outcome{at(5*time.Minute, 0.12)}},
		{"11 of 25 %", "it was expected to take 25 % off the load of h1; 5 minutes later it took off 12 %, and an hour later 11 %"}: {
			Expected: &expected, Measured: []audit.Outcome{at(5*time.Minute, 0.12), at(time.Hour, 0.11)}},
		{"12 %", "5 minutes later it took 12 % off the load of h1"}: {
			Expected: &unknown, Measured: []audit.Outcome{at(5*time.Minute, 0.12)}},
	} {
		if got := [2]string{Relief(c), Sequel(c, "h1")}; got != want {
			t.Errorf("got %q\nwant %q", got, want)
		}
	}
	fact := api.Fact{Code: "deal", Values: map[string]any{
		"guest": "web", "source": "h1", "target": "h2", "state": "done", "code": "", "reason": "", "outcome": &audit.Sequel{Expected: &expected},
	}}
	if got, want := Fact(fact), "deal of the policy: web from h1 to h2: done; it was expected to take 25 % off the load of h1"; got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
