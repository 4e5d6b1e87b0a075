package main

import (
	"bytes"
	"fmt"
	"regexp"
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
	view := policyView{limit: policyRowsMost}
	if err := view.print(&out, api.PolicyReport{Hosts: []api.HostPolicies{
		{Host: "h1", Chains: []chain.Status{good}},
		{Host: "h2", Chains: []chain.Status{ill}},
		{Host: "h3", Chains: []chain.Status{{Publisher: "north"}}},
		{Host: "h5", Chains: []chain.Status{{Publisher: "north", Version: 9, Hosts: 3, RosterMissing: true}}},
		{Host: "h4", Error: "it is down"},
	}}); err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(out.String()) {
		got = append(got, strings.Join(strings.Fields(line), " "))
	}
	want := []string{
		"5 hosts; 1 without an answer; north 9 on 1; north 7 on 1; north 6 on 1; north 0 on 1",
		"HOST PUBLISHER RELEASE POLICY STATE DETAIL",
		"h1 north 7 a active",
		"h1 north 7 b REFUSED not_accepted: the role x (release 3 stays in force)",
		"h1 north 7 c trial stage 2; the trial, with all its stages, ends at 2026-03-01 12:00:00",
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

// A long reason is not cut.
func TestNoAnswerIsNotCut(t *testing.T) {
	var out bytes.Buffer
	view := policyView{limit: policyRowsMost}
	why := strings.Repeat("/ip4/10.0.0.1/tcp/4200: ", 14) + "connection refused"
	if err := view.print(&out, api.PolicyReport{Hosts: []api.HostPolicies{{Host: "h4", Error: why}}}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), why) {
		t.Errorf("got %q, want the whole reason", out.String())
	}
}

// thousandHosts is a site in which three hosts are not as the others.
func thousandHosts() api.PolicyReport {
	var report api.PolicyReport
	for i := range 1000 {
		s := chain.Status{Publisher: "north", Version: 7, Hosts: 1000, Listed: true,
			Policies: []chain.PolicyStatus{{Name: "balance", State: chain.StateActive}}}
		h := api.HostPolicies{Host: fmt.Sprintf("h%04d", i+1), Chains: []chain.Status{s}}
		switch i {
		case 300:
			h.Chains[0].Version = 6
		case 500:
			h.Chains[0].Policies[0].State, h.Chains[0].Policies[0].Code = chain.StateRefused, bundle.NotAccepted
		case 700:
			h = api.HostPolicies{Host: h.Host, Error: "it is down"}
		}
		report.Hosts = append(report.Hosts, h)
	}
	return report
}

// Of a thousand hosts those are shown that lag behind or differ, and what is left out is
// said.
func TestPolicyViewOfAThousandHosts(t *testing.T) {
	const summary = "1,000 hosts; 1 without an answer; north 7 on 998; north 6 on 1\nnorth balance: active on 998, REFUSED on 1\n"
	for name, c := range map[string]struct {
		view  policyView
		hosts []string
		last  string
	}{
		"all":       {policyView{limit: 40}, []string{"h0301", "h0501", "h0701"}, "3 of 1,000 rows shown"},
		"two":       {policyView{limit: 2}, []string{"h0501", "h0701"}, "2 of 1,000 rows shown"},
		"a state":   {policyView{limit: 40, states: []string{"no_answer"}}, []string{"h0701"}, "it is down"},
		"two hosts": {policyView{limit: 40, hosts: []string{"h0002", "h0301"}}, []string{"h0002", "h0301"}, "active"},
		"both":      {policyView{limit: 40, hosts: []string{"h0501"}, states: []string{"REFUSED"}}, []string{"h0501"}, "not_accepted"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := c.view.check(); err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if err := c.view.print(&out, thousandHosts()); err != nil {
				t.Fatal(err)
			}
			got, ok := strings.CutPrefix(out.String(), summary)
			if !ok {
				t.Errorf("got\n%s\nwant the summary first:\n%s", out.String(), summary)
			}
			var hosts []string
			for _, found := range regexp.MustCompile(`(?m)^ (h[0-9]+) `).FindAllStringSubmatch(got, -1) {
				hosts = append(hosts, found[1])
			}
			lines := strings.Split(strings.TrimSpace(got), "\n")
			if !slices.Equal(hosts, c.hosts) || !strings.Contains(lines[len(lines)-1], c.last) {
				t.Errorf("got\n%s\nwant the hosts %v, and %q at last", got, c.hosts, c.last)
			}
		})
	}
	var out bytes.Buffer
	if err := (&policyView{}).print(&out, thousandHosts()); err != nil || strings.Count(out.String(), "\n") != 1003 {
		t.Errorf("without a limit: got %d lines (%v), want 1003", strings.Count(out.String(), "\n"), err)
	}
	for _, view := range []policyView{{states: []string{"refuse"}}, {limit: -1}} {
		if err := view.check(); err == nil {
			t.Errorf("%+v is taken", view)
		}
	}
	err := (&policyView{hosts: []string{"h1001x"}}).print(&out, thousandHosts())
	if err == nil || !strings.Contains(err.Error(), "did you mean") {
		t.Errorf("got %v, want the nearest host", err)
	}
}

// --state takes each state that a row can have.
func TestPolicyStatesAreAll(t *testing.T) {
	var matters []string
	for _, m := range mattersKnown {
		matters = append(matters, flagState(m))
	}
	states := append(constants(t, "../../models/publish/chain/policy.go", "PolicyState"), matters...)
	slices.Sort(states)
	if got := slices.Sorted(slices.Values(policyStates())); !slices.Equal(got, states) {
		t.Errorf("got %v, want %v", got, states)
	}
}
