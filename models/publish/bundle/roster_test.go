package bundle

import (
	"fmt"
	"strings"
	"testing"
)

// TestPublishable: what a new roster may have, and what one that earlier versions
// published may have still.
func TestPublishable(t *testing.T) {
	const id = "12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN"
	labels := func(n int) (list []string) {
		for i := range n {
			list = append(list, fmt.Sprintf("n=%02d", i))
		}
		return list
	}
	for name, c := range map[string]struct {
		host             Host
		reads, publishes bool
	}{
		"the most labels":         {Host{Name: "h", Labels: labels(16)}, true, true},
		"one label more":          {Host{Name: "h", Labels: labels(17)}, true, false},
		"the longest label":       {Host{Name: "h", Labels: []string{"k=" + strings.Repeat("v", 62)}}, true, true},
		"a longer label":          {Host{Name: "h", Labels: []string{"k=" + strings.Repeat("v", 63)}}, true, false},
		"an escape in a label":    {Host{Name: "h", Labels: []string{"k=\x1b[2J"}}, true, false},
		"no label":                {Host{Name: "h", Labels: []string{"k"}}, false, false},
		"a peer id as a name":     {Host{Name: id}, true, false},
		"an option as a name":     {Host{Name: "--force"}, true, false},
		"another host's id":       {Host{Name: "other"}, true, false},
		"its own id as a name":    {Host{Name: "h1"}, true, true},
		"a slash in a name":       {Host{Name: "south/h2"}, false, false},
		"the longest name":        {Host{Name: strings.Repeat("h", 64)}, true, true},
		"a longer name":           {Host{Name: strings.Repeat("h", 65)}, false, false},
		"a control character":     {Host{Name: "h\x07"}, false, false},
		"an empty name":           {Host{}, false, false},
		"an address that is none": {Host{Name: "h", Addresses: []string{"10.0.0.1:4200"}}, false, false},
	} {
		c.host.ID = "h1"
		r := Roster{Hosts: []Host{c.host, {ID: "other", Name: "h0"}}}
		if err := r.Validate(); (err == nil) != c.reads || err != nil && CodeOf(err) != WrongRoster {
			t.Errorf("%s: got %v when it is read, want it taken: %v", name, err, c.reads)
		}
		if err := r.Publishable(); (err == nil) != c.publishes || err != nil && CodeOf(err) != WrongRoster {
			t.Errorf("%s: got %v when it is published, want it taken: %v", name, err, c.publishes)
		}
	}
}
