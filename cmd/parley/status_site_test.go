package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/hostagent/site"
)

// threeHosts is a site in which one host is silent and one has a problem.
func threeHosts() site.Report {
	known := site.Load{Known: true, CPU: 0.5, Memory: 0.25, CapacityCPU: 8, CapacityMemory: 1 << 30}
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.Local)
	return site.Report{At: at, From: "h1", Hosts: []site.Host{
		{Host: "h1", State: site.State{Mode: "auto", Load: known, Labels: []string{"rack=a"},
			Guests: []site.Guest{{ID: "1", Name: "web", Kind: "vm", State: "running", CPU: 1, Memory: 1 << 30}},
			Models: []site.Model{{Name: "m", Roles: []string{"overloaded(0.9)"}}}, Releases: []site.Release{{Publisher: "north", Version: 7}},
			Deals: []site.Deal{{Deal: "0123456789abcdef", Guest: "1", Name: "web", Source: "h1", Target: "h2", Side: "source", State: "moving",
				At: at, Transferred: 3 << 20, Remaining: 1 << 20, Operator: true}}}},
		{Host: "h2", State: site.State{Mode: "recommend", Drained: true, Load: site.Load{}, Problems: []site.Problem{
			{Kind: site.Duel, About: "db", Text: "was moved back"}, {Kind: site.Audit, Text: "two entries were lost"}},
			Guests: []site.Guest{{ID: "2", Name: "db", Kind: "vm", State: "running"}}}},
		{Host: "h3", Silent: "no answer within 1s"},
	}}
}

// squeezed is a text with single spaces, by lines.
func squeezed(text string) (lines []string) {
	for line := range strings.Lines(text) {
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	return lines
}

func TestStatusSite(t *testing.T) {
	for format, want := range map[string][]string{
		"table": {
			"3 hosts; 2 guests; cpu 50 %; memory 25 %; 1 deal in flight; 2 problems; 1 host did not answer: h3",
			"HOST STATE CPU MEMORY GUESTS DEALS NOTE",
			"h3 NO ANSWER no answer within 1s",
			"h2 PROBLEM ? ? 1 0 db: was moved back; two entries were lost; 1 guest to leave",
			"h1 auto 50 % 25 % 1 1",
			"",
			"deals in flight:",
			"GUEST FROM TO STATE SINCE MOVED DEAL BY",
			"web h1 h2 moving 12:00:00 75 % 01234567 operator",
		},
		"wide": {
			"HOST STATE CPU MEMORY GUESTS DEALS MODE RELEASES PLAYS LABELS AGENT NOTE",
			"h1 auto 50 % 25 % 1 1 auto north 7 overloaded rack=a",
		},
		"name": {"h3", "h2", "h1"},
		"yaml": {"from: h1", "hosts:", "- host: h3", `peer_id: ""`, "silent: no answer within 1s"},
		"json": {`"from": "h1",`, `"silent": "no answer within 1s"`},
	} {
		s := siteStatus{siteFlags: siteFlags{outputFlags: outputFlags{format: format}, sort: "urgency", limit: 40}}
		var out bytes.Buffer
		if err := s.render(&out, threeHosts()); err != nil {
			t.Fatal(err)
		}
		got := squeezed(out.String())
		for _, line := range want {
			if !slices.Contains(got, line) {
				t.Errorf("-o %s: no line is %q in\n%s", format, line, out.String())
			}
		}
		if format == "table" && !slices.Equal(got, want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	s := siteStatus{siteFlags: siteFlags{outputFlags: outputFlags{format: "table", noHeaders: true}, sort: "name", limit: 1}}
	var out bytes.Buffer
	if err := s.render(&out, threeHosts()); err != nil {
		t.Fatal(err)
	}
	want := []string{"h1 auto 50 % 25 % 1 1", "1 of 3 hosts shown: --limit 0 shows all, --sort says which come first"}
	if got := squeezed(out.String()); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestWhereText(t *testing.T) {
	s := siteFlags{outputFlags: outputFlags{format: "table"}}
	var out bytes.Buffer
	if err := s.printWhere(&out, threeHosts(), "web"); err != nil {
		t.Fatal(err)
	}
	shown := []string{"HOST STATE CPU MEMORY DEAL NOTE", "h1 running 1.00 1.00 GiB moving from h1 to h2, 75 %"}
	if got := squeezed(out.String()); !slices.Equal(got, shown) {
		t.Errorf("got %q", got)
	}
	err := s.printWhere(&out, threeHosts(), "wbe")
	if want := `no host that answered has a guest "wbe": did you mean "web"?; 1 host did not answer: h3`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	twice := threeHosts()
	twice.Hosts[2].Silent, twice.Hosts[2].Guests, twice.Hosts[0].Deals = "", twice.Hosts[0].Guests, nil
	out.Reset()
	if err := s.printWhere(&out, twice, "web"); err != nil || strings.Count(out.String(), "runs on two hosts") != 2 {
		t.Errorf("got %v and\n%s", err, out.String())
	}
}

// Flags that make no sense together, or that say something else, are refused.
func TestSiteFlags(t *testing.T) {
	refused(t, map[string]string{
		"status --sort name":                    "--sort is about all hosts: give --site as well",
		"status --site --dump":                  "--dump writes this host alone",
		"status --site --sort nmae":             `did you mean "name"?`,
		"status --site -o xml":                  "--output: ",
		"status --site --limit -1":              "--limit is -1: give a number of rows, or 0 for all",
		"status --site --within 2m":             "--within is 2m0s: from 1s to 1m",
		"status --site --watch --wait empty=h1": "--watch and --wait: give one of them",
		"status --site --wait emtpy=h1":         "did you mean empty=HOST?",
		"status --site --timeout -1s":           "--timeout is -1s: give a time",
		"where":                                 "GUEST",
	})
}
