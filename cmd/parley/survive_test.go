package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/hostagent/api"
	"parley/hostagent/site"
	"parley/hostagent/spare"
)

const gibibyte = 1 << 30

func spared(name string, memory int64, guests ...spare.Guest) site.Spared {
	return site.Spared{Name: name, PeerID: "id-" + name, Host: spare.Host{
		ID: "id-" + name, Free: spare.Room{Cores: 4, MemoryBytes: memory * gibibyte}, Kinds: []string{"vm"}, Guests: guests,
	}}
}

func needy(name string, memory int64) spare.Guest {
	return spare.Guest{ID: "id " + name, Name: name, Kind: "vm", Need: spare.Room{Cores: 0.5, MemoryBytes: memory * gibibyte}}
}

func TestSurviveText(t *testing.T) {
	tied, apart := needy("tied", 1), needy("apart", 1)
	tied.Ineligible, tied.Need.DiskBytes = "a disk is on this host alone", 0
	apart.Labels, apart.Apart = []string{"app=web"}, []string{"app=web"}
	alone := apart
	alone.ID, alone.Name = "id alone", "alone"
	list := []site.Spared{
		spared("h1", 3, needy("large", 4), tied), spared("h2", 3, apart), spared("h3", 2, alone),
		{Name: "h4", PeerID: "id-h4", Silent: "no answer"},
	}
	for _, c := range []struct {
		form   string
		hosts  []string
		want   []string
		failed string
		said   string
	}{
		{"table", nil, []string{
			"HOST GUESTS CORES MEMORY FIT WITHOUT A PLACE",
			"h1 2 1.0 5.00 GiB NO large",
			"h2 1 0.5 1.00 GiB yes",
			"h3 1 0.5 1.00 GiB yes",
			"h4 NO ANSWER no answer",
		}, "room is missing if h1 fails: 1 guest has no place; 1 host did not answer and takes no guest: h4", ""},
		{"name", nil, []string{"h2", "h3"}, "room is missing", ""},
		{"table", []string{"h1"}, []string{
			"GUEST CORES MEMORY TAKEN BY NOTE",
			"large 0.5 4.00 GiB NO HOST 2 hosts have too little room",
			"tied 0.5 1.00 GiB h2 it may not start elsewhere: a disk is on this host alone",
			"nothing is started: be sure first that h1 is off, since a guest must not run twice",
		}, "room is missing if h1 fails: 1 guest has no place", "1 host did not answer and takes no guest: h4"},
		{"name", []string{"h1"}, []string{"h2 tied"}, "room is missing", "1 host did not answer"},
		{"table", []string{"h2", "h3"}, []string{
			"GUEST CORES MEMORY FROM TAKEN BY NOTE",
			"apart 0.5 1.00 GiB h2 NO HOST 1 host has a guest that it must be apart from",
			"alone 0.5 1.00 GiB h3 h1",
			"nothing is started: be sure first that h2 and h3 are off, since a guest must not run twice",
		}, "room is missing if h2 and h3 fail at one time: 1 guest has no place", "h4"},
		{"pacemaker", nil, []string{
			"<constraints>",
			`<rsc_location id="parley-here-id_tied" rsc="tied" node="h1" score="200"></rsc_location>`,
			`<rsc_location id="parley-next-id_tied" rsc="tied" node="h2" score="100"></rsc_location>`,
			`<rsc_location id="parley-here-id_apart" rsc="apart" node="h2" score="200"></rsc_location>`,
			`<rsc_location id="parley-next-id_apart" rsc="apart" node="h1" score="100"></rsc_location>`,
			`<rsc_location id="parley-here-id_alone" rsc="alone" node="h3" score="200"></rsc_location>`,
			`<rsc_location id="parley-next-id_alone" rsc="alone" node="h1" score="100"></rsc_location>`,
			"</constraints>",
		}, "room is missing", ""},
	} {
		s, err := site.Survive(list, c.hosts)
		if err != nil {
			t.Fatal(err)
		}
		p := surviveFlags{outputFlags: outputFlags{format: c.form}, asked: len(c.hosts) > 0}
		var out, errs bytes.Buffer
		err = p.print(&out, &errs, s)
		if got := squeezed(out.String()); !slices.Equal(got, c.want) {
			t.Errorf("%s %v: got\n%s", c.form, c.hosts, out.String())
		}
		if err == nil || !strings.Contains(err.Error(), c.failed) || !strings.Contains(errs.String(), c.said) {
			t.Errorf("%s %v: got the error %v and %q, want %s and %q", c.form, c.hosts, err, &errs, c.failed, c.said)
		}
	}
	for hosts, want := range map[string]string{
		"h4": "the guests of h4 are not known: no answer", "h11": "no host of this site is called \"h11\": `parley status --site` has all hosts",
	} {
		if _, err := site.Survive(list, []string{hosts}); err == nil || err.Error() != want {
			t.Errorf("%s fails: got %v, want %s", hosts, err, want)
		}
	}
}

// A silent host that told its guests before is planned for, too: it is the one that failed.
func TestSurviveSilent(t *testing.T) {
	at := time.Unix(1_700_000_000, 0)
	gone := spared("h1", 9, needy("a", 1), needy("large", 5))
	gone.Silent, gone.Told = "no answer", at.Add(-12*time.Second)
	for failed, want := range map[string][]string{
		"": {
			"HOST GUESTS CORES MEMORY FIT WITHOUT A PLACE",
			"h1 2 1.0 6.00 GiB NO ANSWER large of those that it told 12s ago",
			"h2 1 0.5 1.00 GiB NO b",
		},
		"h1": {
			"GUEST CORES MEMORY TAKEN BY NOTE",
			"large 0.5 5.00 GiB NO HOST 1 host has too little room",
			"a 0.5 1.00 GiB h2",
			"nothing is started: be sure first that h1 is off, since a guest must not run twice",
			"h1 does not answer: its guests are those that it told 12s ago",
		},
	} {
		s, err := site.Survive([]site.Spared{gone, spared("h2", 3, needy("b", 1))}, strings.Fields(failed))
		if err != nil {
			t.Fatal(err)
		}
		s.At = at
		p := surviveFlags{outputFlags: outputFlags{format: "table"}, asked: failed != ""}
		var out, errs bytes.Buffer
		_ = p.print(&out, &errs, s) // TestSurviveText has the errors
		if got := squeezed(out.String()); !slices.Equal(got, want) {
			t.Errorf("%q fails: got\n%s", failed, out.String())
		}
	}
}

// Where all guests have a place, the command ends without an error.
func TestSurviveFits(t *testing.T) {
	s, err := site.Survive([]site.Spared{spared("h1", 3, needy("a", 1)), spared("h2", 3)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	p := surviveFlags{outputFlags: outputFlags{format: "wide"}}
	var out, errs bytes.Buffer
	err = p.print(&out, &errs, s)
	want := []string{
		"HOST GUESTS CORES MEMORY CORES LEFT MEMORY LEFT FIT WITHOUT A PLACE",
		"h1 1 0.5 1.00 GiB 4.0 3.00 GiB yes",
		"h2 0 0.0 0.00 GiB 4.0 3.00 GiB yes",
	}
	if got := squeezed(out.String()); err != nil || errs.Len() > 0 || !slices.Equal(got, want) {
		t.Errorf("got %v, %q and\n%s", err, &errs, out.String())
	}
	if got := whyNoPlace(map[spare.Why]int{spare.WhyLabel: 2, spare.WhyClosed: 1, spare.WhyDrained: 2, spare.WhyKind: 3}); got !=
		"3 hosts take no guests of its kind, 2 hosts are drained, 2 hosts lack a label that it requires, 1 host takes no guests now" {
		t.Errorf("got %s", got)
	}
}

func TestSurviveFlags(t *testing.T) {
	refused(t, map[string]string{
		"survive -o xml":              "--output: ",
		"survive -o pacemaker h1":     "give no host",
		"survive -o pacemaker --json": "not both",
	})
}

func TestSpareText(t *testing.T) {
	for want, s := range map[string]api.SpareStatus{
		"": {},
		"if h1 fails, db has no place (1.00 GiB); 2 hosts are known":    {Survive: 1, Hosts: 2, Guests: 1, Text: "if h1 fails, db has no place (1.00 GiB)"},
		"no other host is known that would take guests of this one":     {Survive: 1, Hosts: 1},
		"if this host fails, its guests have places; 3 hosts are known": {Survive: 1, Hosts: 3},
	} {
		if got := spareText(s); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
