package hostagent

import (
	"strings"
	"testing"
)

func TestRosterLacks(t *testing.T) {
	secure := Rules{Requires: []string{"disk=ssd", "zone=secure"}}
	r := newRoster(Rostered{Known: true, Hosts: []HostLabels{
		{Host: "a", Labels: []string{"disk=ssd", "zone=secure"}}, {Host: "b", Labels: []string{"disk=ssd"}}, {Host: "c"},
	}})
	for host, want := range map[HostID]string{"a": "", "b": "zone=secure", "c": "disk=ssd", "nobody": "disk=ssd"} {
		if got := r.lacks(secure, host); (!got.Is()) != (want == "") || !strings.Contains(got.Detail, want) {
			t.Errorf("%s: got %q, want %q in it", host, got, want)
		}
		if got := r.lacks(Rules{Near: []string{"x=y"}}, host); got.Is() {
			t.Errorf("%s: a guest that requires nothing is kept away: %s", host, got)
		}
	}
	if got := (roster{}).lacks(secure, "a"); got.Is() {
		t.Errorf("without a roster: got %q", got)
	}
	if got := newRoster(Rostered{}).lacks(secure, "a"); got.Is() {
		t.Errorf("after the roster is gone: got %q", got)
	}
}
