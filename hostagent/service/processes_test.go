package service

import (
	"errors"
	"testing"

	"parley/hostagent"
	"parley/hostagent/api"
)

func TestFindLaunched(t *testing.T) {
	list := []hostagent.Launched{
		{ID: "1", Name: "web", State: hostagent.LaunchRunning}, {ID: "2", Name: "web", State: hostagent.LaunchDone},
		{ID: "3", Name: "job", State: hostagent.LaunchFailed}, {ID: "4", Name: "two", State: hostagent.LaunchDone},
		{ID: "5", Name: "two", State: hostagent.LaunchStopped},
	}
	for _, c := range []struct {
		name string
		want hostagent.GuestID
		code hostagent.Code
	}{
		{"web", "1", ""},
		{"2", "2", ""},
		{"job", "3", ""},
		{"two", "", hostagent.CodeBadQuestion},
		{"none", "", hostagent.CodeAbsent},
	} {
		got, err := findLaunched(list, c.name)
		var refused *api.Refused
		code := ""
		if errors.As(err, &refused) {
			code = refused.Why.Code
		}
		if got != c.want || code != string(c.code) {
			t.Errorf("findLaunched(%q): got %q, %v, want %q with the code %q", c.name, got, err, c.want, c.code)
		}
	}
}
