package main

import (
	"bytes"
	"slices"
	"testing"

	"parley/hostagent/site"
)

func TestPlaceText(t *testing.T) {
	offers := site.Offers{Hosts: []site.Offer{
		{Host: "h4", Silent: "no answer within 1s"},
		{Host: "h1", Vacancy: site.Vacancy{Load: 0.7, FreeCores: 4, FreeMemory: 8 << 30}},
		{Host: "h3", Vacancy: site.Vacancy{Load: 1.2, FreeCores: 1, FreeMemory: 1 << 30, Code: "no_room", Why: "there is no room for it"}},
		{Host: "h2", Vacancy: site.Vacancy{Load: 0.3, FreeCores: 6, FreeMemory: 16 << 30}},
	}}
	site.SortOffers(offers.Hosts)
	p := placeFlags{outputFlags: outputFlags{format: "table"}}
	var out bytes.Buffer
	if err := p.print(&out, offers); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"HOST TAKES IT LOAD WITH IT CORES LEFT MEMORY LEFT WHY NOT",
		"h2 yes 30 % 6.0 16.0 GiB",
		"h1 yes 70 % 4.0 8.00 GiB",
		"h3 no 1.0 1.00 GiB there is no room for it",
		"h4 NO ANSWER no answer within 1s",
	}
	if got := squeezed(out.String()); !slices.Equal(got, want) {
		t.Errorf("got\n%s", out.String())
	}
	out.Reset()
	p.format = "name"
	if err := p.print(&out, offers); err != nil || out.String() != "h2\nh1\n" {
		t.Errorf("got %q and %v", out.String(), err)
	}
	offers.Hosts = offers.Hosts[2:]
	if err := p.print(&out, offers); err == nil || err.Error() != "no host takes the guest: no_room on 1, 1 host did not answer" {
		t.Errorf("got %v", err)
	}
}

func TestPlaceFlags(t *testing.T) {
	refused(t, map[string]string{
		"place --cores 2":                                   "--memory is missing: give how much the guest has",
		"place --memory 2GiB":                               "--cores is missing: give how many processors",
		"place --memory 4":                                  `as --cores 2; --memory: "4" has no unit: write one, such as 4 GiB`,
		"place --cores -2 --memory 2GiB":                    "it has -2 cores: give more than 0",
		"place --cores 2 --memory much":                     "--memory: ",
		"place --cores 2 --memory 2GiB --disk x":            "--disk: ",
		"place --cores 2 --memory 2GiB --kind vn":           `did you mean "vm"?`,
		"place --cores 2 --memory 2GiB --near a --near b":   "--near: a and b: give one guest, or labels",
		"place --cores 2 --memory 2GiB --label rack":        "--label: ",
		"place --cores 2 --memory 2GiB --apart rack -o xml": "--output: ",
	})
}

// A guest or a label to be near of that runs nowhere is said to be unknown, with the one that
// was probably meant.
func TestPlaceNearNobody(t *testing.T) {
	report := site.Report{Hosts: []site.Host{
		{Host: "h1", State: site.State{Guests: []site.Guest{{ID: "1", Name: "orders", Labels: []string{"app=db", "tier=2"}}}}},
		{Host: "h2", State: site.State{Guests: []site.Guest{{ID: "2", Name: "mail"}}}},
	}}
	for _, c := range []struct {
		beside string
		labels []string
		want   string
	}{
		{"orders", nil, ""}, {"1", nil, ""}, {"", []string{"app=db"}, ""}, {"", []string{"app=web", "tier=2"}, ""}, {"", nil, ""},
		{"order", nil, `--near: no host that answered has a guest "order": did you mean "orders"?`},
		{"nope", nil, `--near: no host that answered has a guest "nope": ` + "`parley status --site -o json` has all guests"},
		{"", []string{"app=dv"}, `--near: no host that answered has a guest with the label app=dv: did you mean "app=db"?`},
		{"", []string{"rack=z", "row=z"}, `--near: no host that answered has a guest with the label rack=z or row=z`},
	} {
		p := placeFlags{want: site.Wanted{Beside: c.beside, Near: c.labels}}
		got := ""
		if err := p.unknownIn(report); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
