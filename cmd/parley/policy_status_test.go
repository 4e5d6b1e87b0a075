package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/hostagent/api"
	"parley/models/publish/bundle"
	"parley/models/publish/chain"
)

// Each problem that needs a person has a row; a policy without problems on a host has
// one row.
func TestPolicyRows(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.Local)
	digest := bundle.DigestOf([]byte("x"))
	good := chain.Status{Publisher: "north", Version: 7, Hosts: 3, Listed: true}
	ill := chain.Status{
		Publisher: "north", Version: 6, Hosts: 3, Alarm: "two releases 6", Error: "the disk is full", Expired: true, Expires: at,
		Stale: true, Beat: at, Lagging: 7,
	}
	good.Policies = []chain.PolicyStatus{
		{Name: "a", State: chain.StateActive},
		{Name: "b", State: chain.StateRefused, Code: bundle.NotAccepted, Detail: "the role x", Active: digest, ActiveVersion: 3},
		{Name: "c", State: chain.StateTrial, Stage: 2, Until: at},
		{Name: "d", State: chain.StateHalted, Code: bundle.Halted, Detail: "9 migrations"},
		{Name: "e", State: chain.StateNotTargeted},
	}
	var out bytes.Buffer
	printPolicies(&out, api.PolicyReport{Hosts: []api.HostPolicies{
		{Host: "h1", Chains: []chain.Status{good}},
		{Host: "h2", Chains: []chain.Status{ill}},
		{Host: "h3", Chains: []chain.Status{{Publisher: "north"}}},
		{Host: "h5", Chains: []chain.Status{{Publisher: "north", Version: 9, Hosts: 3, RosterMissing: true}}},
		{Host: "h4", Error: "it is down"},
	}})
	var got []string
	for line := range strings.Lines(out.String()) {
		got = append(got, strings.Join(strings.Fields(line), " "))
	}
	want := []string{
		"HOST PUBLISHER RELEASE POLICY STATE DETAIL",
		"h1 north 7 a active",
		"h1 north 7 b REFUSED not_accepted: the role x (release 3 stays in force)",
		"h1 north 7 c trial stage 2 of its trial until 2026-03-01 12:00:00",
		"h1 north 7 d HALTED halted: 9 migrations",
		"h1 north 7 e not_targeted",
		"h2 north 6 ALARM two releases 6",
		"h2 north 6 ERROR the disk is full",
		"h2 north 6 NOT LISTED the roster in force does not list this host",
		"h2 north 6 EXPIRED since 2026-03-01 12:00:00: nothing new is begun",
		"h2 north 6 STALE the latest heartbeat is of 2026-03-01 12:00:00",
		"h2 north 6 LAGGING release 7 is announced and has not arrived here yet",
		"h2 north 6 no policy",
		"h3 north 0 NO RELEASE no release of this publisher has arrived here yet",
		"h3 north 0 no policy",
		"h5 north 9 NOT LISTED release 9 has another roster, and no host hands it out to this one: it no longer lists this host, or no listed " +
			"host can be reached",
		"h5 north 9 no policy",
		"h4 NO ANSWER it is down",
		"5 hosts; 1 without an answer; north 9 on 1; north 7 on 1; north 6 on 1; north 0 on 1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, state := range mattersKnown {
		shown := strings.ToUpper(state)
		if state == "no policy" {
			shown = state
		}
		if !strings.Contains(out.String(), shown) {
			t.Errorf("docs/operations.md tells of %s, and no row does", shown)
		}
	}
}
